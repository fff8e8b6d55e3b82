// Losses over what they are a function of, and their slopes below on the same axis; a marker that the hand moves along both.

import { element } from "./dom.js";
import { Grip } from "./grip.js";
import { Plot } from "./plot.js";

/** A fixed hue and dash for each, the same on every picture of the page. */
const LOOKS = {
  mse: [0, []], brier: [0, [9, 4]], mae: [1, [9, 4]], huber: [2, [2, 3.5]],
  cross_entropy: [1, []], hinge: [3, [9, 4]], focal: [2, [2, 3.5]], zero_one: [4, [10, 3, 2, 3]],
};

/** @returns {{colour: string, dash: number[]}} */
export function look(/** @type {import("./colours.js").Theme} */ theme, /** @type {string} */ name) {
  const [k, dash] = /** @type {[number, number[]]} */ (LOOKS[/** @type {keyof typeof LOOKS} */ (name)] ?? [5, []]);
  return { colour: theme.classes[k], dash };
}

/** Curves sampled by the page at equal distances; between two samples they are straight. */
export class Samples {
  /**
   * @param {number} low
   * @param {number} step
   * @param {Float32Array} values  One row after the other.
   * @param {number} rows
   */
  constructor(low, step, values, rows) {
    Object.assign(this, { low, step });
    this.low = low;
    this.step = step;
    this.count = values.length / rows;
    this.rows = Array.from({ length: rows }, (_, r) => values.subarray(r * this.count, (r + 1) * this.count));
    this.x = Float64Array.from({ length: this.count }, (_, i) => low + i * step);
  }

  at(/** @type {number} */ row, /** @type {number} */ x) {
    const place = Math.min(this.count - 1, Math.max(0, (x - this.low) / this.step));
    const i = Math.min(this.count - 2, Math.floor(place + 1e-6));
    const share = Math.max(0, place - i);
    const line = this.rows[row];
    return share < 1e-4 ? line[i] : share > 1 - 1e-4 ? line[i + 1] : line[i] + (line[i + 1] - line[i]) * share;
  }
}

/**
 * @typedef {object} Scene
 * @property {number} size
 * @property {import("./plot.js").Axis} x
 * @property {import("./plot.js").Axis} above
 * @property {import("./plot.js").Axis} below
 * @property {{name: string, title: string}[]} losses
 * @property {Samples} values
 * @property {Samples} slopes
 * @property {number} at                 The marker.
 * @property {string} text               What it says.
 * @property {boolean} held              Whether the hand may move it.
 * @property {import("./plot.js").Shade[]} [shades]
 * @property {import("./plot.js").Guide[]} [guides]
 * @property {number} [names]            Room for the names, in multiples of the type's size.
 */

export class LossCurves {
  /**
   * @param {() => void} again
   * @param {{label: string, set(x: number, settled: boolean): void, step(steps: number, settled: boolean): void}} marker
   */
  constructor(again, { label, set, step }) {
    this.above = new Plot("losses-above", "Losses", again);
    this.below = new Plot("losses-below", "Their slopes", again);
    this.root = element("div", { class: "pair" }, this.above.sheet.canvas, this.below.sheet.canvas);
    this.grip = new Grip({ name: "marker", label, along: "x", move: (x, _, settled) => set(this.above.xAt(x), settled), step });
    for (const plot of [this.above, this.below]) this.grip.also(plot.sheet.canvas);
    this.root.append(this.grip.root);
  }

  /** The level of the axis between the two, in pixels of `root`. */
  get base() {
    return this.above.box.y + this.above.box.h;
  }

  draw(/** @type {import("./colours.js").Theme} */ theme, /** @type {Scene} */ scene) {
    const { size, x, at, losses } = scene;
    const shared = { size, reading: false, names: scene.names ?? 9.5, numbers: 2.2 };
    const guide = { x: at, colour: theme.accent, dash: [] };
    for (const [plot, samples, y] of /** @type {const} */ ([[this.above, scene.values, scene.above], [this.below, scene.slopes, scene.below]])) {
      const upper = plot === this.above;
      plot.draw(theme, {
        ...shared, shades: (scene.shades ?? []).map((one) => (upper ? one : { ...one, label: undefined })), x: upper ? { ...x, label: "" } : x, y,
        lines: losses.map(({ name, title }, row) => ({ x: samples.x, y: samples.rows[row], name: upper ? title : "", ...look(theme, name), width: 2.5 })),
        guides: [guide, ...(scene.guides ?? []).map((one) => (upper ? one : { ...one, label: undefined }))],
        points: losses.map(({ name }, row) => ({ x: at, y: samples.at(row, at), colour: look(theme, name).colour, radius: size * 0.4 }))
          .filter((point) => point.y <= y.high && point.y >= y.low),
      });
    }
    this.grip.place(this.above.px(at), this.base, { now: at, low: x.low, high: x.high, text: scene.text, shown: scene.held });
  }
}
