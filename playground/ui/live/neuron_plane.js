// The plane of a neuron's two inputs: its output as colour, the line where its sum is 0, the weights as an arrow that stands
// upright on that line, the input as a point, and four corners to be told apart.

import { Sheet } from "./dom.js";
import { drawBar } from "./legend.js";
import { decimal, short, tick, ticks } from "./numbers.js";
import { shape } from "./points.js";
import { Raster } from "./raster.js";

/** Samples along each side of the picture. */
const SIDE = 120;

export class Plane {
  constructor() {
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "plane", "aria-label": "" });
    this.raster = new Raster();
    this.shares = new Uint8Array(SIDE * SIDE);
    this.plot = { x: 0, y: 0, side: 1 };
    this.reach = 1;
    /** @type {{point: number[] | null, tip: number[] | null, line: number[] | null}} Where the hand takes hold, in CSS pixels. */
    this.spots = { point: null, tip: null, line: null };
  }

  /** From inputs to CSS pixels. */
  where = (/** @type {number} */ a, /** @type {number} */ b) => {
    const { x, y, side } = this.plot;
    return /** @type {[number, number]} */ ([x + (0.5 + a / this.reach / 2) * side, y + (0.5 - b / this.reach / 2) * side]);
  };

  /** And back. */
  at(/** @type {number} */ px, /** @type {number} */ py) {
    const { x, y, side } = this.plot;
    return /** @type {[number, number]} */ ([((px - x) / side - 0.5) * 2 * this.reach, (0.5 - (py - y) / side) * 2 * this.reach]);
  }

  draw(/** @type {import("./colours.js").Theme} */ theme, view) {
    this.sheet.fit();
    const context = this.sheet.blank();
    const { size, header } = view;
    const { width, height } = this.sheet;
    context.font = `${size}px ${theme.font}`;
    this.reach = header.plane;
    const [left, below] = [Math.round(size * 2.6), Math.round(size * 3.9)];
    const side = Math.max(40, Math.min(width - left - 6, height - below - 6));
    this.plot = { x: Math.round((width - side - left - 6) / 2 + left), y: 4, side };
    this.surface(context, theme, view);
    this.axes(context, theme, size);
    context.save();
    context.beginPath();
    context.rect(this.plot.x, this.plot.y, side, side);
    context.clip();
    this.line(context, theme, view);
    this.arrow(context, theme, view);
    this.foot(context, theme, view);
    for (const corner of view.corners) this.corner(context, theme, corner, size);
    context.restore();
    this.input(context, theme, view);
    const [low, high] = header.scale;
    const ends = header.bounded ? [short(low), short(high)] : [`\u2264 ${short(low)}`, `\u2265 ${short(high)}`];
    const words = { low: ends[0], middle: short((low + high) / 2), high: ends[1], marks: false, bands: 0 };
    drawBar(context, theme, words, { plot: this.plot, room: width, top: Math.round(this.plot.y + side + size * 2.3), size });
  }

  /** The output at every place, as colour. */
  surface(context, theme, { w1, w2, bias, activate, header }) {
    const [low, high] = header.scale;
    const step = (2 * this.reach) / SIDE;
    for (let row = 0; row < SIDE; row += 1) {
      const base = w2 * (this.reach - (row + 0.5) * step) + bias;
      for (let column = 0; column < SIDE; column += 1) {
        const y = activate(w1 * ((column + 0.5) * step - this.reach) + base);
        this.shares[row * SIDE + column] = Math.min(255, Math.max(0, Math.round(((y - low) / (high - low)) * 255)));
      }
    }
    this.raster.paint(this.shares, SIDE, SIDE, theme.diverging);
    const { x, y, side } = this.plot;
    context.imageSmoothingEnabled = true;
    context.drawImage(this.raster.canvas, x, y, side, side);
    context.globalAlpha = 0.16; // the colours step back, so that what lies on them is read first
    context.fillStyle = theme.paper;
    context.fillRect(x, y, side, side);
    context.globalAlpha = 1;
  }

  axes(context, theme, /** @type {number} */ size) {
    const { x, y, side } = this.plot;
    Object.assign(context, { strokeStyle: theme.border, lineWidth: 1, fillStyle: theme.muted });
    context.strokeRect(x - 0.5, y - 0.5, side + 1, side + 1);
    const { values, step } = ticks(-this.reach, this.reach, 4);
    for (const value of values) {
      const [px, py] = this.where(value, value);
      Object.assign(context, { textAlign: "center", textBaseline: "top" });
      if (value < this.reach) context.fillText(tick(value, step), px, y + side + 4);
      Object.assign(context, { textAlign: "right", textBaseline: "middle" });
      if (value < this.reach) context.fillText(tick(value, step), x - 5, Math.min(py, y + side - size / 2));
    }
    context.globalAlpha = 0.3;
    rule(context, theme.ink, this.where(-this.reach, 0), this.where(this.reach, 0));
    rule(context, theme.ink, this.where(0, -this.reach), this.where(0, this.reach));
    context.globalAlpha = 1;
    context.fillStyle = theme.ink;
    Object.assign(context, { textAlign: "right", textBaseline: "top" });
    context.fillText("x\u2081", x + side, y + side + 4);
    context.fillText("x\u2082", x - 5, y);
  }

  /** Where the sum is 0, and the place on it that is nearest to 0. */
  line(context, theme, { w1, w2, bias, x1, x2, size }) {
    const input = this.where(x1, x2);
    this.spots.line = null;
    const steep = w1 * w1 + w2 * w2;
    if (steep === 0) return;
    const foot = [(-bias * w1) / steep, (-bias * w2) / steep];
    const along = [-w2 / Math.sqrt(steep), w1 / Math.sqrt(steep)];
    const far = 4 * this.reach;
    const [from, to] = [-far, far].map((part) => this.where(foot[0] + part * along[0], foot[1] + part * along[1]));
    context.lineWidth = 5;
    rule(context, theme.paper, from, to);
    context.lineWidth = 2.5;
    rule(context, theme.ink, from, to);
    if (Math.max(Math.abs(foot[0]), Math.abs(foot[1])) > this.reach) return;
    this.spots.line = this.where(foot[0], foot[1]);
    const ends = [1, -1].map((turn) => this.where(foot[0] + along[0] * turn * this.reach * 0.6, foot[1] + along[1] * turn * this.reach * 0.6));
    const upper = along[1] > 0 ? 0 : 1; // the words stand on the line's upper part, unless the input is there
    const near = Math.hypot(ends[upper][0] - input[0], ends[upper][1] - input[1]) < size * 7;
    const spot = ends[near ? 1 - upper : upper];
    label(context, theme, size, "sum = 0", spot[0], spot[1]);
  }

  /** The weights, from 0 towards where the sum grows; drawn at the scale that lets the largest ones fit. */
  arrow(context, theme, { w1, w2, header, size }) {
    const scale = this.reach / header.heaviest;
    const [from, to] = [this.where(0, 0), this.where(w1 * scale, w2 * scale)];
    this.spots.tip = [...to];
    const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
    const long = Math.hypot(to[0] - from[0], to[1] - from[1]);
    for (const [colour, width] of [[theme.paper, 7], [theme.ink, 3]]) {
      context.lineWidth = Number(width);
      if (long > 10) rule(context, String(colour), from, [to[0] - 8 * Math.cos(angle), to[1] - 8 * Math.sin(angle)]);
    }
    context.beginPath();
    if (long > 4) {
      context.moveTo(to[0] + 3 * Math.cos(angle), to[1] + 3 * Math.sin(angle));
      for (const turn of [2.6, -2.6]) context.lineTo(to[0] + 14 * Math.cos(angle + turn), to[1] + 14 * Math.sin(angle + turn));
      context.closePath();
    } else context.arc(to[0], to[1], 5, 0, 2 * Math.PI);
    Object.assign(context, { fillStyle: theme.ink, strokeStyle: theme.paper, lineWidth: 1.5 });
    context.fill();
    context.stroke();
    const { x, y, side } = this.plot;
    const spot = [to[0] + 20 * Math.cos(angle), to[1] + 20 * Math.sin(angle)];
    label(context, theme, size, "w", Math.min(x + side - 10, Math.max(x + 10, spot[0])), Math.min(y + side - 10, Math.max(y + 10, spot[1])));
  }

  /** The square by which the line is moved. */
  foot(context, theme, { w1, w2 }) {
    if (!this.spots.line) return;
    context.save();
    context.translate(this.spots.line[0], this.spots.line[1]);
    context.rotate(-Math.atan2(w2, w1));
    context.beginPath();
    context.roundRect(-5.5, -5.5, 11, 11, 2);
    Object.assign(context, { fillStyle: theme.paper, strokeStyle: theme.ink, lineWidth: 2 });
    context.fill();
    context.stroke();
    context.restore();
  }

  /** The input, and its number. */
  input(context, theme, { x1, x2, y, size }) {
    const [px, py] = this.where(x1, x2);
    this.spots.point = [px, py];
    context.beginPath();
    context.arc(px, py, 8, 0, 2 * Math.PI);
    Object.assign(context, { fillStyle: theme.paper, strokeStyle: theme.ink, lineWidth: 3 });
    context.fill();
    context.stroke();
    const { x: left, y: top, side } = this.plot;
    const inside = Math.min(left + side - size * 2.6, Math.max(left + size * 2.6, px));
    label(context, theme, size, `y = ${decimal(y)}`, inside, py + (py < top + 3 * size ? 1 : -1) * (size * 0.8 + 12));
  }

  /** A corner: a square where the output should be high, a circle where not; crossed out where it is on the wrong side. */
  corner(context, theme, { a, b, above, y, right }, /** @type {number} */ size) {
    const [px, py] = this.where(a, b);
    context.fillStyle = theme.marks[above ? 1 : 0];
    shape(context, above ? 1 : 0, px, py, 8);
    context.fill();
    Object.assign(context, { strokeStyle: theme.paper, lineWidth: 2 });
    context.stroke();
    label(context, theme, size, `${right ? "\u2713" : "\u2717"} ${decimal(y)}`, px, py + size * 1.55);
  }
}

function rule(context, /** @type {string} */ colour, /** @type {number[]} */ from, /** @type {number[]} */ to) {
  context.strokeStyle = colour;
  context.beginPath();
  context.moveTo(from[0], from[1]);
  context.lineTo(to[0], to[1]);
  context.stroke();
}

/** Words on the picture: ink over a plate of paper. */
function label(context, theme, /** @type {number} */ size, /** @type {string} */ words, /** @type {number} */ x, /** @type {number} */ y) {
  context.font = `600 ${size}px ${theme.font}`;
  const wide = context.measureText(words).width + 8;
  context.globalAlpha = 0.82;
  context.fillStyle = theme.paper;
  context.beginPath();
  context.roundRect(x - wide / 2, y - size * 0.7, wide, size * 1.4, 4);
  context.fill();
  context.globalAlpha = 1;
  Object.assign(context, { fillStyle: theme.ink, textAlign: "center", textBaseline: "middle" });
  context.fillText(words, x, y + 0.5);
  context.font = `${size}px ${theme.font}`;
}
