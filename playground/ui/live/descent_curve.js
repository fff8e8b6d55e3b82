// A surface of one dimension: the curve itself, those who roll on it, and where they have been.

import { mark } from "./dom.js";
import { drawState } from "./glyphs.js";
import { walker } from "./heights.js";
import { Plot } from "./plot.js";
import { word } from "./word.js";

/** So many places before the present one leave a trace. */
const TRACE = 60;

export class Curve extends Plot {
  /** From a place and a height to CSS pixels. */
  where(/** @type {number} */ x, /** @type {number} */ height) {
    return /** @type {[number, number]} */ ([this.px(x), Math.min(1e5, Math.max(-1e5, this.py(height)))]);
  }

  /** From CSS pixels to a place, the nearest one of the axis. */
  at(/** @type {number} */ px) {
    const { low, high } = this.x;
    return [Math.min(high, Math.max(low, this.xAt(px)))];
  }

  /** The curve's height at a place. */
  height(/** @type {number} */ at) {
    const { x, y } = /** @type {{x: ArrayLike<number>, y: ArrayLike<number>}} */ (this.curve);
    const place = Math.min(x.length - 1.001, Math.max(0, ((at - x[0]) / (x[x.length - 1] - x[0])) * (x.length - 1)));
    const i = Math.floor(place);
    return y[i] + (place - i) * (y[i + 1] - y[i]);
  }

  say(/** @type {string} */ words) {
    mark(this.sheet.canvas, "aria-label", words);
  }

  /** Draws the curve and everyone on it at a position; `looked` is drawn with what it has in mind. */
  show(theme, /** @type {import("./walk.js").Walk} */ walk, { index, looked, size, start, held, places, waiting }) {
    const { header } = walk;
    this.curve = walk.curve;
    const context = super.draw(theme, {
      size, x: { low: header.domain[0][0], high: header.domain[0][1], label: "x" }, y: { low: header.heights[0], high: header.heights[1], label: "loss" },
      lines: [{ x: walk.curve.x, y: walk.curve.y, colour: theme.ink, width: 2 }], reading: false, names: 1,
    });
    const { x, y, w, h } = this.box;
    context.save();
    context.beginPath();
    context.rect(x, y - 2, w, h + 4);
    context.clip();
    for (const place of places) {
      const [px, py] = this.where(place.x, this.height(place.x));
      Object.assign(context, { textAlign: "center", textBaseline: "top" });
      word(context, theme, place.label, px, py + size * 0.8);
    }
    const [sx, sy] = this.where(start.x, this.height(start.x));
    Object.assign(context, { strokeStyle: theme.accent, fillStyle: theme.paper, lineWidth: 2.5 });
    context.beginPath();
    context.arc(sx, sy, held ? 11 : 9, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
    if (!waiting) for (const racer of walk.racers) this.ball(context, theme, racer, racer.at(index));
    if (!waiting) {
      const i = looked.at(index);
      context.font = `${size}px ${theme.font}`;
      drawState({ context, theme, scale: size / 12 }, { racer: looked, index: i, colour: theme.classes[looked.hue], here: this.where(looked.x[i], looked.loss[i]), pixels: [w / (header.domain[0][1] - header.domain[0][0]), 0] });
    }
    context.restore();
  }

  ball(context, theme, /** @type {import("./walk.js").Racer} */ racer, /** @type {number} */ last) {
    const colour = theme.classes[racer.hue];
    for (let i = Math.max(0, last - TRACE); i < last; i += 1) {
      const [px, py] = this.where(racer.x[i], racer.loss[i]);
      context.globalAlpha = 0.15 + (0.5 * (i - last + TRACE)) / TRACE;
      context.fillStyle = colour;
      context.beginPath();
      context.arc(px, py, 3, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
    const [px, py] = this.where(racer.x[last], racer.loss[last]);
    walker(context, theme, { x: [0], y: [0], colour, marker: racer.hue }, px, py, 7);
    Object.assign(context, { textAlign: "left", textBaseline: "middle" });
    if (last > 0) word(context, theme, racer.title, px + 12, py - 12);
  }
}
