// Lines over one axis, drawn on our own canvas so that they follow a hand: axes with words, names at the lines' ends, a
// reading under the pointer. Axes are given by the caller, never taken from the data of the moment: they stay put.

import { Sheet } from "./dom.js";
import { decimal, tick as tickText, ticks } from "./numbers.js";

/**
 * @typedef {object} Axis
 * @property {number} low
 * @property {number} high
 * @property {string} label
 * @property {boolean} [log]
 *
 * @typedef {object} Line
 * @property {ArrayLike<number>} x
 * @property {ArrayLike<number>} y       Not-a-number breaks it.
 * @property {string} colour
 * @property {string} [name]             Stands at its end, and in the reading.
 * @property {number[]} [dash]
 * @property {number} [width]
 * @property {number} [alpha]
 * @property {number} [last]             Draw only up to this index (a run under way).
 *
 * @typedef {object} Shade               A stretch of the horizontal axis with a word about it.
 * @property {number} from
 * @property {number} to
 * @property {string} [label]
 *
 * @typedef {object} Guide               A line across, upright at `x` or level at `y`.
 * @property {number} [x]
 * @property {number} [y]
 * @property {string} [label]
 * @property {string} [colour]
 * @property {number[]} [dash]
 *
 * @typedef {object} Point
 * @property {number} x
 * @property {number} y
 * @property {string} colour
 * @property {number} [radius]
 * @property {boolean} [hollow]
 * @property {string} [label]
 *
 * @typedef {object} Chart
 * @property {number} size               Of the type, in CSS pixels.
 * @property {Axis} x
 * @property {Axis} y
 * @property {Line[]} lines
 * @property {Shade[]} [shades]
 * @property {Guide[]} [guides]
 * @property {Point[]} [points]
 * @property {boolean} [ordered]         Names stay in the order of the lines, though the lines cross.
 * @property {boolean} [reading]         Numbers under the pointer; true unless told otherwise.
 * @property {number} [numbers]          Least room for the numbers on the left, in multiples of `size`: so charts line up.
 * @property {number} [names]            Room for names on the right, in multiples of `size`; fitted where not given.
 */

export class Plot {
  /**
   * @param {string} name                  What tests find it by.
   * @param {string} label                 Its text alternative, until `say` tells a better one.
   * @param {() => void} again             Asks for a drawing.
   */
  constructor(name, label, again) {
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": name, "aria-label": label });
    this.box = { x: 0, y: 0, w: 1, h: 1 };
    /** @type {Axis} */
    this.x = { low: 0, high: 1, label: "" };
    /** @type {Axis} */
    this.y = { low: 0, high: 1, label: "" };
    /** @type {number | null} Where the pointer is, in CSS pixels from the left. */
    this.pointer = null;
    const { canvas } = this.sheet;
    canvas.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => { this.pointer = event.offsetX; again(); });
    canvas.addEventListener("pointerleave", () => { this.pointer = null; again(); });
  }

  /** From a value to CSS pixels. */
  px = (/** @type {number} */ value) => this.box.x + share(this.x, value) * this.box.w;
  py = (/** @type {number} */ value) => this.box.y + (1 - share(this.y, value)) * this.box.h;
  /** And back. */
  xAt = (/** @type {number} */ pixel) => value(this.x, (pixel - this.box.x) / this.box.w);
  yAt = (/** @type {number} */ pixel) => value(this.y, 1 - (pixel - this.box.y) / this.box.h);

  draw(/** @type {import("./colours.js").Theme} */ theme, /** @type {Chart} */ chart) {
    this.sheet.fit();
    const context = this.sheet.blank();
    const { size } = chart;
    context.font = `${size}px ${theme.font}`;
    Object.assign(this, { x: chart.x, y: chart.y });
    const named = chart.lines.filter((line) => line.name);
    const widest = Math.max(0, ...named.map((line) => context.measureText(/** @type {string} */ (line.name)).width));
    const room = chart.names === undefined ? Math.min(widest + 10, this.sheet.width * 0.36) : chart.names * size;
    const marks = this.marks(chart.y, Math.max(2, Math.round(this.sheet.height / (size * 4))));
    const left = Math.max(...marks.map(({ text }) => context.measureText(text).width), size, size * (chart.numbers ?? 0)) + 8;
    const top = Math.round(size * (chart.y.label ? 1.9 : 0.7));
    this.box = { x: left, y: top, w: Math.max(30, this.sheet.width - left - Math.max(room, size)), h: Math.max(20, this.sheet.height - top - Math.round(size * (chart.x.label ? 2.9 : 1.6))) };
    this.shades(context, theme, chart);
    this.axes(context, theme, chart, marks);
    context.save();
    context.beginPath();
    context.rect(this.box.x - 1, this.box.y - 2, this.box.w + 3, this.box.h + 4);
    context.clip();
    for (const line of chart.lines) this.line(context, line);
    context.restore();
    this.guides(context, theme, chart);
    for (const point of chart.points ?? []) this.point(context, theme, point, size);
    this.names(context, theme, chart.lines, size, chart.ordered);
    if (chart.reading !== false && this.pointer !== null) this.reading(context, theme, chart);
    return context;
  }

  /** Round values of an axis and how they are written. */
  marks(/** @type {Axis} */ axis, /** @type {number} */ wanted) {
    if (!axis.log) {
      const { values, step } = ticks(axis.low, axis.high, wanted);
      return values.map((at) => ({ at, text: tickText(Math.abs(at) < step * 1e-6 ? 0 : at, step) }));
    }
    const [low, high] = [Math.ceil(Math.log10(axis.low) - 1e-9), Math.floor(Math.log10(axis.high) + 1e-9)];
    const step = Math.max(1, Math.ceil((high - low) / Math.max(1, wanted)));
    const found = [];
    for (let k = low; k <= high; k += step) found.push({ at: 10 ** k, text: power(k) });
    return found;
  }

  shades(context, theme, chart) {
    for (const { from, to, label } of chart.shades ?? []) {
      const [x0, x1] = [from, to].map((at) => Math.min(this.box.x + this.box.w, Math.max(this.box.x, this.px(at))));
      if (x1 - x0 < 1) continue;
      context.fillStyle = theme.grid;
      context.fillRect(x0, this.box.y, x1 - x0, this.box.h);
      if (!label || context.measureText(label).width > x1 - x0 - 6) continue;
      context.fillStyle = theme.muted;
      context.textAlign = "center";
      context.textBaseline = "bottom";
      context.fillText(label, (x0 + x1) / 2, this.box.y + this.box.h - 4);
    }
  }

  axes(context, theme, chart, marks) {
    const { x, y, w, h } = this.box;
    const { size } = chart;
    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const { at, text } of marks) {
      const level = Math.round(this.py(at)) + 0.5;
      if (level < y - 1 || level > y + h + 2) continue;
      rule(context, at === 0 && !chart.y.log ? theme.border : theme.grid, x, level, x + w, level);
      context.fillStyle = theme.muted;
      context.fillText(text, x - 6, level);
    }
    context.textBaseline = "top";
    context.textAlign = "center";
    for (const { at, text } of this.marks(chart.x, Math.max(2, Math.round(w / (size * 5))))) {
      const upright = Math.round(this.px(at)) + 0.5;
      if (upright < x - 1 || upright > x + w + 2) continue;
      rule(context, at === 0 && !chart.x.log ? theme.border : theme.grid, upright, y, upright, y + h);
      context.fillStyle = theme.muted;
      context.fillText(text, upright, y + h + 4);
    }
    context.fillStyle = theme.ink;
    if (chart.x.label) context.fillText(chart.x.label, x + w / 2, y + h + 4 + size * 1.35);
    context.textAlign = "left";
    if (chart.y.label) context.fillText(chart.y.label, 0, 0);
  }

  line(context, /** @type {Line} */ { x, y, colour, dash = [], width = 2, alpha = 1, last = y.length - 1 }) {
    context.beginPath();
    let pen = false;
    for (let i = 0; i <= Math.min(last, y.length - 1); i += 1) {
      const level = this.py(y[i]);
      if (!Number.isFinite(level)) pen = false;
      else if (pen) context.lineTo(this.px(x[i]), clamp(level));
      else {
        context.moveTo(this.px(x[i]), clamp(level));
        pen = true;
      }
    }
    Object.assign(context, { strokeStyle: colour, lineWidth: width, lineJoin: "round", globalAlpha: alpha });
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  guides(context, theme, chart) {
    const { x, y, w, h } = this.box;
    context.lineWidth = 1.25;
    for (const guide of chart.guides ?? []) {
      const upright = guide.x !== undefined;
      const at = Math.round(upright ? this.px(/** @type {number} */ (guide.x)) : this.py(/** @type {number} */ (guide.y))) + 0.5;
      if (!(upright ? at >= x - 1 && at <= x + w + 1 : at >= y - 1 && at <= y + h + 1)) continue;
      context.setLineDash(guide.dash ?? [4, 4]);
      rule(context, guide.colour ?? theme.muted, upright ? at : x, upright ? y : at, upright ? at : x + w, upright ? y + h : at);
      context.setLineDash([]);
      if (!guide.label) continue;
      const wide = context.measureText(guide.label).width;
      const right = upright && at + wide + 6 > x + w;
      context.fillStyle = theme.ink;
      context.textAlign = right ? "right" : "left";
      context.textBaseline = upright ? "top" : "bottom";
      context.fillText(guide.label, upright ? at + (right ? -5 : 5) : x + 5, upright ? y + 3 : at - 3);
    }
  }

  point(context, theme, /** @type {Point} */ { x, y, colour, radius = 5, hollow, label }, size) {
    const [px, py] = [this.px(x), clamp(this.py(y))];
    if (!Number.isFinite(px) || !Number.isFinite(py)) return;
    context.beginPath();
    context.arc(px, py, radius, 0, 2 * Math.PI);
    Object.assign(context, { fillStyle: hollow ? theme.paper : colour, strokeStyle: hollow ? colour : theme.paper, lineWidth: hollow ? 2.5 : 1.5 });
    context.fill();
    context.stroke();
    if (!label) return;
    const right = px + radius + 6 + context.measureText(label).width > this.sheet.width;
    Object.assign(context, { fillStyle: theme.ink, textAlign: right ? "right" : "left", textBaseline: "middle" });
    context.fillText(label, px + (right ? -1 : 1) * (radius + 5), py - size * 0.1);
  }

  /** Each line's name at its end, pushed apart where the lines meet. */
  names(context, theme, /** @type {Line[]} */ lines, /** @type {number} */ size, ordered = false) {
    const spots = [];
    for (const { name, y, last = y.length - 1, colour } of lines) {
      let i = Math.min(last, y.length - 1);
      while (i >= 0 && !Number.isFinite(this.py(y[i]))) i -= 1;
      if (name && i >= 0) spots.push({ name, colour, at: Math.min(this.box.y + this.box.h, Math.max(this.box.y, this.py(y[i]))) });
    }
    if (!ordered) spots.sort((a, b) => a.at - b.at);
    const apart = size * 1.2;
    for (let pass = 0; pass < 20 && spots.length; pass += 1) {
      for (let i = 1; i < spots.length; i += 1) {
        const missing = apart - (spots[i].at - spots[i - 1].at);
        if (missing > 0) [spots[i - 1].at, spots[i].at] = [spots[i - 1].at - missing / 2, spots[i].at + missing / 2];
      }
      const last = spots[spots.length - 1];
      spots[0].at = Math.max(this.box.y, spots[0].at);
      last.at = Math.min(this.box.y + this.box.h, last.at);
    }
    context.textAlign = "left";
    context.textBaseline = "middle";
    const left = this.box.x + this.box.w + 6;
    for (const { name, at, colour } of spots) {
      context.fillStyle = colour; // a tick of the line's colour, the word itself in ink
      context.fillRect(left - 3, at - size * 0.42, 3, size * 0.84);
      context.fillStyle = theme.ink;
      context.fillText(name, left + 4, at);
    }
  }

  /** The numbers under the pointer. */
  reading(context, theme, chart) {
    const { x, y, w, h } = this.box;
    const pointer = Math.min(x + w, Math.max(x, /** @type {number} */ (this.pointer)));
    const at = this.xAt(pointer);
    rule(context, theme.muted, pointer, y, pointer, y + h);
    const words = [`${chart.x.label || "x"} ${decimal(at)}`];
    for (const { name, x: along, y: up, last = up.length - 1 } of chart.lines) {
      if (!name || last < 0) continue;
      let i = 0;
      for (let k = 1; k <= last; k += 1) if (Math.abs(along[k] - at) < Math.abs(along[i] - at)) i = k;
      words.push(`${name} ${decimal(up[i])}`);
    }
    const wide = Math.max(...words.map((word) => context.measureText(word).width)) + 14;
    const tall = words.length * chart.size * 1.35 + 8;
    const from = pointer + 10 + wide > this.sheet.width ? pointer - 10 - wide : pointer + 10;
    Object.assign(context, { fillStyle: theme.paper, strokeStyle: theme.border, lineWidth: 1, textAlign: "left", textBaseline: "top" });
    context.beginPath();
    context.roundRect(from, y + 4, wide, tall, 5);
    context.fill();
    context.stroke();
    context.fillStyle = theme.ink;
    words.forEach((word, i) => context.fillText(word, from + 7, y + 9 + i * chart.size * 1.35));
  }
}

/** Where a value lies between the ends of an axis: 0 to 1. */
function share(/** @type {Axis} */ { low, high, log }, /** @type {number} */ x) {
  if (!log) return (x - low) / (high - low);
  return x > 0 ? Math.log(x / low) / Math.log(high / low) : Number.isNaN(x) ? NaN : -1e6;
}

function value(/** @type {Axis} */ { low, high, log }, /** @type {number} */ part) {
  return log ? low * (high / low) ** part : low + part * (high - low);
}

/** Canvas paths far outside cost time and break in some browsers. */
function clamp(/** @type {number} */ pixel) {
  return Math.min(1e5, Math.max(-1e5, pixel));
}

/** `0.01`, `10`, and from there on `10⁵`. */
function power(/** @type {number} */ k) {
  if (k >= -2 && k <= 3) return tickText(10 ** k, 10 ** k);
  return `10${String(k).replace(/./g, (digit) => (digit === "-" ? "\u207b" : "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[Number(digit)]))}`;
}

function rule(context, /** @type {string} */ colour, /** @type {number} */ x0, /** @type {number} */ y0, /** @type {number} */ x1, /** @type {number} */ y1) {
  context.strokeStyle = colour;
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
