// The bar of a GAN's run: two losses that pull against each other, and how far the made pictures are from the real ones.

import { mark, say } from "./dom.js";
import { decimal } from "./numbers.js";
import { Transport } from "./transport.js";

const DISTANCE = "Fr\u00e9chet distance between features of real and of made pictures: the smaller, the more alike; compare only runs on the same pictures";

export class GanBar extends Transport {
  /** @param {(cmd: string, more?: Record<string, any>) => boolean} send */
  constructor(send) {
    super(send);
    const [, step, , reset] = this.buttons;
    this.titles.set(step, "One batch: an update of the discriminator, and once it had its turns, one of the generator (arrow right)");
    this.titles.set(reset, "Back to the same first weights (R)");
    step.setAttribute("aria-label", "Step: one batch, from which the discriminator learns, and in its turn the generator");
  }

  /** See `Transport.numbers`. */
  numbers(/** @type {Record<string, any>} */ { metrics, look_at: next }, /** @type {Record<string, any>} */ { judge }) {
    const critic = judge?.kind === "critic";
    const { train, loss, metric } = this.values;
    for (const [value, label, title, number] of /** @type {const} */ ([
      [train, "G loss", "The generator's loss: low while its pictures are taken for real", metrics.g_loss],
      [loss, critic ? "critic loss" : "D loss", critic ? "The critic's loss: low while its scores set real and made pictures apart" : "The discriminator's loss: low while it tells real from made", metrics.d_loss],
      [metric, "distance", Number.isFinite(metrics.frechet) || !next ? DISTANCE : `${DISTANCE}. Measured first at step ${next}`, metrics.frechet],
    ])) {
      say(value.previousSibling, label);
      mark(value.parentElement, "title", title);
      say(value, decimal(number));
    }
  }
}
