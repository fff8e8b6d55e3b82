// Sizes in each layer of a network, followed from the last layer, on the right, to the first.

import { Plot } from "./plot.js";
import { word } from "./word.js";

/** A plot whose lines are named at their left ends, where a gradient arrives. */
export class WayBack extends Plot {
  /** How many layers there are; the axis has room for names left of the first. */
  layers = 1;

  marks(axis, wanted) {
    const found = super.marks(axis, wanted);
    return axis.log ? found : found.filter(({ at }) => at >= 1 && at <= this.layers && Number.isInteger(at));
  }

  names(context, theme, lines, size) {
    const { y: top, h } = this.box;
    const inside = (/** @type {number} */ level) => Math.min(top + h - size * 0.6, Math.max(top + size * 0.6, level));
    const spots = lines.filter(({ name }) => name).map(({ name, y, colour }) => ({ name, colour, true: this.py(y[0]), at: inside(this.py(y[0])) }));
    spots.sort((a, b) => a.true - b.true);
    const apart = size * 1.2;
    for (let pass = 0; pass < 40; pass += 1) {
      for (let i = 1; i < spots.length; i += 1) {
        const missing = apart - (spots[i].at - spots[i - 1].at);
        if (missing > 0) [spots[i - 1].at, spots[i].at] = [spots[i - 1].at - missing / 2, spots[i].at + missing / 2];
      }
      for (const spot of spots) spot.at = inside(spot.at);
    }
    const right = this.px(1) - 8 - size; // a leader of this length joins the name to its line
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const spot of spots) {
      const { name, at, colour } = spot;
      Object.assign(context, { fillStyle: colour, strokeStyle: colour, lineWidth: 1 });
      context.fillRect(right + 2, at - size * 0.42, 3, size * 0.84);
      context.beginPath();
      context.moveTo(right + 5, at);
      context.lineTo(this.px(1) - 3, inside(spot.true));
      context.stroke();
      word(context, theme, name, right - 2, at);
    }
  }

  /** An arrow that says which way the gradient goes. */
  way(context, theme, /** @type {string} */ colour, /** @type {number} */ size) {
    const { x, y, w } = this.box;
    const text = "the gradient's way back";
    const [right, level] = [x + w - 6, y + size * 1.1];
    const wide = context.measureText(text).width;
    const [from, to] = [right - wide - 8, right - wide - 8 - size * 4];
    if (to < this.px(1)) return;
    Object.assign(context, { fillStyle: theme.muted, textAlign: "right", textBaseline: "middle", strokeStyle: colour, lineWidth: 2 });
    context.fillText(text, right, level);
    context.beginPath();
    context.moveTo(from, level);
    context.lineTo(to, level);
    context.moveTo(to + size * 0.5, level - size * 0.4);
    context.lineTo(to, level);
    context.lineTo(to + size * 0.5, level + size * 0.4);
    context.stroke();
  }
}
