// The pictures in words: for who listens instead of looking, changed seldom enough to be listened to.

import { mark, say } from "./dom.js";
import { counted, decimal, whole } from "./numbers.js";

/** The text alternative changes at most this often, in milliseconds. */
const SPOKEN = 3000;

/** `a network with 2 inputs, hidden layers of 4 and 2 units, 1 output`. */
function network(/** @type {Record<string, any>} */ scene) {
  const sizes = scene.hidden.map(whole);
  const last = sizes.pop();
  const layers = last === undefined ? "no hidden layer" : sizes.length
    ? `hidden layers of ${sizes.join(", ")} and ${last} units`
    : `one hidden layer of ${counted(scene.hidden[0], "unit")}`;
  return `A network with ${counted(scene.features.length, "input")}, ${layers}, ${counted(scene.outputs, "output")}.`;
}

export class Voice {
  /**
   * @param {Element} live  What is read out.
   * @param {{output: Element, curves: Element, network: Element}} pictures
   */
  constructor(live, pictures) {
    this.live = live;
    this.pictures = pictures;
    this.text = "";
    this.at = -Infinity; // the first words come at once
  }

  /**
   * Says what a tick shows, unless something was said a moment ago.
   *
   * @returns {number} How long until there may be more to say, in milliseconds; 0 when nothing was said.
   */
  speak(/** @type {Record<string, any>} */ tick, /** @type {Record<string, any>} */ scene) {
    const now = performance.now();
    if (now - this.at < SPOKEN || tick.alt === this.text) return 0;
    this.at = now;
    this.text = tick.alt;
    say(this.live, tick.alt);
    const { train_loss: train, val_loss: validation } = tick.metrics;
    mark(this.pictures.output, "aria-label", tick.alt);
    mark(this.pictures.curves, "aria-label", `After epoch ${whole(tick.epoch)}: training loss ${decimal(train)}, validation loss ${decimal(validation)}.`);
    mark(this.pictures.network, "aria-label", network(scene));
    return SPOKEN;
  }
}
