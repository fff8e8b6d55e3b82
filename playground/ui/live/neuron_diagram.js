// A neuron as a drawing, from left to right: inputs, products, sum, activation, output. Links are as wide as their weights.

import { css, mix, rgb } from "./colours.js";
import { Sheet } from "./dom.js";
import { decimal, tick } from "./numbers.js";
import { word } from "./word.js";

/** The small curve of the activation shows sums from minus this to plus this. */
const REACH = 5;
/** Below this width names move closer and the extra words go. */
const TIGHT = 430;

export class Diagram {
  constructor() {
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "diagram", "aria-label": "" });
  }

  draw(/** @type {import("./colours.js").Theme} */ theme, view) {
    this.sheet.fit();
    const context = this.sheet.blank();
    const { width, height } = this.sheet;
    const { w1, w2, bias, x1, x2, z, y, header } = view;
    const tight = width < TIGHT * (view.size / 12);
    const size = tight ? view.size : view.size * Math.min(1.25, height / (view.size * 24));
    const r = size * (tight ? 1.55 : 1.75);
    const middle = height * 0.46;
    const rise = Math.min(height * 0.31, size * 9, middle - r - size * 1.6);
    const [left, products, sum, bend, right] = (tight ? [0.075, 0.36, 0.565, 0.765, 0.93] : [0.07, 0.37, 0.565, 0.765, 0.94]).map((part) => part * width);
    const pen = { context, theme, size };
    const rows = [[x1, w1, middle - rise, "\u2081"], [x2, w2, middle + rise, "\u2082"]];
    for (const [x, w, at] of rows) {
      link(pen, [left + r, at], [products - size * 2, at], w);
      link(pen, [products + size * 2, at], [sum - r * 0.75, middle + Math.sign(at - middle) * r * 0.75], w * x);
    }
    const low = Math.min(height - size * 1.6, middle + rise * 1.25 + size * 1.5);
    link(pen, [sum, low - size * 1.1], [sum, middle + r], bias);
    link(pen, [sum + r, middle], [bend - size * 2.6, middle], z);
    link(pen, [bend + size * 2.6, middle], [right - r, middle], y);
    for (const [x, w, at, index] of rows) {
      disc(pen, left, at, r, theme.paper);
      text(pen, fixed(x), left, at, { bold: true });
      text(pen, `x${index}`, left, at - r - size * 0.85, {});
      const from = (left + r + products - size * 2) / 2;
      text(pen, `w${index} = ${fixed(w)}`, from, at - size * 1.05, { halo: true });
      box(pen, products, at, size * 4, size * 2.1);
      text(pen, fixed(w * x, 3), products, at, { bold: true });
    }
    box(pen, sum, low, size * 4.4, size * 2);
    text(pen, `b = ${fixed(bias)}`, sum, low, {});
    disc(pen, sum, middle, r, theme.paper);
    text(pen, "\u03a3", sum, middle, { scale: 1.5 });
    text(pen, `z = ${fixed(z, 2)}`, sum + size * 0.5, middle - r - size, { bold: true, halo: true });
    this.curve(pen, bend, middle, size * 2.6, view);
    text(pen, header.name, bend, middle - size * 3.4, {});
    disc(pen, right, middle, r * 1.08, tint(theme, header.scale, y));
    text(pen, short(y), right, middle, { bold: true });
    text(pen, "y", right, middle - r - size * 1.0, {});
    if (tight) return;
    const foot = height - size * 0.7;
    for (const [word, at] of [["inputs", left], ["products", products], ["activation", bend], ["output", right]]) {
      text(pen, word, at, foot, { quiet: true });
    }
  }

  /** The activation in a small frame, with the sum on it. */
  curve({ context, theme }, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ half, { activate, z, header }) {
    const [low, high] = header.bounded ? [header.scale[0] - 0.25, header.scale[1] + 0.25] : [-2, 5];
    const place = (/** @type {number} */ at, /** @type {number} */ value) => [x + (at / REACH) * half, y + half - ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * 2 * half];
    context.save();
    context.beginPath();
    context.roundRect(x - half, y - half, 2 * half, 2 * half, 6);
    Object.assign(context, { fillStyle: theme.paper, strokeStyle: theme.border, lineWidth: 1.5 });
    context.fill();
    context.stroke();
    context.clip();
    context.beginPath();
    context.moveTo(...place(-REACH, 0));
    context.lineTo(...place(REACH, 0));
    context.moveTo(x, y - half);
    context.lineTo(x, y + half);
    Object.assign(context, { strokeStyle: theme.grid, lineWidth: 1 });
    context.stroke();
    context.beginPath();
    for (let i = 0; i <= 80; i += 1) context.lineTo(...place((i / 40 - 1) * REACH, activate((i / 40 - 1) * REACH)));
    Object.assign(context, { strokeStyle: theme.ink, lineWidth: 2, lineJoin: "round" });
    context.stroke();
    context.restore();
    const seen = Math.min(REACH, Math.max(-REACH, z));
    context.beginPath();
    context.arc(...place(seen, activate(z)), 4.5, 0, 2 * Math.PI);
    Object.assign(context, { fillStyle: theme.ink, strokeStyle: theme.paper, lineWidth: 1.5 });
    context.fill();
    context.stroke();
  }
}

/** A link as wide as its number is large, blue and solid above 0, orange and dashed below. */
function link({ context, theme }, /** @type {number[]} */ from, /** @type {number[]} */ to, /** @type {number} */ value) {
  context.beginPath();
  context.moveTo(from[0], from[1]);
  context.lineTo(to[0], to[1]);
  Object.assign(context, { strokeStyle: value === 0 ? theme.border : value > 0 ? theme.positive : theme.negative, lineWidth: 1 + Math.min(7, 1.5 * Math.abs(value)) });
  context.setLineDash(value < 0 ? [7, 4] : []);
  context.stroke();
  context.setLineDash([]);
}

function disc({ context, theme }, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ r, /** @type {string} */ fill) {
  context.beginPath();
  context.arc(x, y, r, 0, 2 * Math.PI);
  Object.assign(context, { fillStyle: fill, strokeStyle: theme.ink, lineWidth: 1.5 });
  context.fill();
  context.stroke();
}

function box({ context, theme }, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ w, /** @type {number} */ h) {
  context.beginPath();
  context.roundRect(x - w / 2, y - h / 2, w, h, 5);
  Object.assign(context, { fillStyle: theme.paper, strokeStyle: theme.border, lineWidth: 1.5 });
  context.fill();
  context.stroke();
}

function text({ context, theme, size }, /** @type {string} */ words, /** @type {number} */ x, /** @type {number} */ y, { bold = false, halo = false, quiet = false, scale = 1 }) {
  context.font = `${bold ? 600 : 400} ${Math.round((size + 1) * scale)}px ${theme.font}`;
  Object.assign(context, { textAlign: "center", textBaseline: "middle", fillStyle: quiet ? theme.muted : theme.ink });
  if (halo) word(context, theme, words, x, y);
  else context.fillText(words, x, y);
}

/** The output's colour on the plane, light enough for ink to be read on it. */
function tint(theme, /** @type {number[]} */ [low, high], /** @type {number} */ y) {
  const share = Math.min(1, Math.max(0, (y - low) / (high - low))) * 2 - 1;
  return css(mix(rgb(theme.neutral), rgb(share < 0 ? theme.negative : theme.positive), Math.abs(share) * 0.45));
}

/** A number with so many decimals. */
export function fixed(/** @type {number} */ x, digits = 2) {
  return tick(Math.abs(x) < 5e-7 ? 0 : x, 10 ** -digits);
}

function short(/** @type {number} */ y) {
  return Math.abs(y) < 10 && Math.abs(y) >= 0.005 ? fixed(y) : y === 0 ? "0.00" : Math.abs(y) < 0.005 ? "\u2248 0" : decimal(y);
}
