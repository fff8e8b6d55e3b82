// How the run went so far: training solid, validation dashed, each named at its end.

import { Sheet } from "./dom.js";
import { decimal, doubled, percent, short, tick as tickText, ticks, whole } from "./numbers.js";

/** From this many decades on the loss is drawn on a log axis. */
const DECADES = 2;

export class CurvesPicture {
  constructor() {
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "canvas-curves", "aria-label": "Loss curves" });
    /** @type {"loss" | "metric"} */
    this.kind = "loss";
    this.log = false;
    this.latest = -1;
    this.highest = 0;
    /** @type {0 | 1} */
    this.above = 0;
    /** @type {number | null} Where the pointer is, in CSS pixels from the left. */
    this.pointer = null;
  }

  /** Shows another quantity, on an axis of its own. */
  turn(/** @type {"loss" | "metric"} */ kind) {
    Object.assign(this, { kind, log: false, highest: 0 });
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {import("./frame.js").Frame | null} tick
   * @param {{task: string, size: number, guides?: {value: number, name: string}[]}} view `guides`: accuracies to compare with.
   */
  draw(theme, tick, { task, size, guides = [] }) {
    this.sheet.fit();
    const context = this.sheet.blank();
    context.font = `${size}px ${theme.font}`;
    const top = Math.round(size * 0.7);
    const box = { x: Math.round(size * 3.1), y: top, w: 0, h: Math.max(20, this.sheet.height - top - 2 - Math.round(size * 1.5)) };
    box.w = Math.max(40, this.sheet.width - box.x - Math.round(size * 5.1));
    const curve = tick?.blocks.curve;
    const n = curve?.shape[1] ?? 0;
    const row = (/** @type {number} */ k) => /** @type {Float32Array} */ (curve?.data).subarray(k * n, k * n + n);
    const epochs = n ? row(0) : new Float32Array([0]);
    const last = epochs[epochs.length - 1];
    if (last < this.latest) [this.log, this.highest] = [false, 0]; // begun again
    this.latest = last;
    const lines = n ? (this.kind === "loss" ? [row(1), row(2)] : [row(3), row(4)]) : [];
    const compared = this.kind === "metric" ? guides.filter(({ value }) => Number.isFinite(value)) : [];
    const scale = this.vertical([...lines, compared.map(({ value }) => value)], task);
    const right = doubled(last, 10);
    const px = (/** @type {number} */ epoch) => box.x + (epoch / right) * box.w;
    const py = (/** @type {number} */ v) => box.y + (1 - Math.min(1.02, Math.max(0, scale.share(v)))) * box.h;
    this.grid(context, theme, box, n ? scale : { ...scale, marks: [] }, right, px, py, size);
    this.guides(context, theme, compared, box, py, size, n ? px(last) : box.x);
    lines.forEach((line, k) => this.line(context, theme, epochs, line, px, py, k === 1));
    if (n) this.names(context, theme, lines, box, px(last), py, size);
    if (n && this.pointer !== null) this.reading(context, theme, epochs, lines, box, px, py, size, task);
  }

  /** The vertical axis: fixed ends in doublings (or decades), so that it changes seldom and never shrinks back. */
  vertical(lines, task) {
    const values = lines.flatMap((line) => [...line]).filter((v) => Number.isFinite(v));
    const most = Math.max(1e-6, ...values);
    if (this.kind === "metric" && task !== "regression") {
      const least = Math.min(1, ...values);
      const low = least >= 0.5 ? 0.5 : 0;
      return { share: (/** @type {number} */ v) => (v - low) / (1 - low), marks: low ? [0.5, 0.75, 1] : [0, 0.5, 1], text: (/** @type {number} */ v) => `${Math.round(100 * v)} %` };
    }
    const positive = values.filter((v) => v > 0);
    const least = positive.length ? Math.min(...positive) : most;
    if (Math.log10(most / least) > DECADES) this.log = true;
    if (this.log) {
      const [low, high] = [Math.floor(Math.log10(Math.max(least, most * 1e-9))), Math.ceil(Math.log10(most) - 1e-9)];
      const step = Math.max(1, Math.ceil((high - low) / 4));
      const marks = [];
      for (let k = low; k <= high; k += step) marks.push(10 ** k);
      return { share: (/** @type {number} */ v) => (Math.log10(Math.max(v, 10 ** low)) - low) / (high - low), marks, text: (/** @type {number} */ v) => (v < 1e-3 ? v.toExponential(0).replace("-", "\u2212") : v < 1000 ? String(+v.toPrecision(1)) : short(v)) };
    }
    this.highest = Math.max(this.highest, doubled(most, 2 ** -20));
    const high = this.highest;
    const { values: marks, step } = ticks(0, high, 2);
    return { share: (/** @type {number} */ v) => v / high, marks, text: (/** @type {number} */ v) => tickText(v, step) };
  }

  grid(context, theme, box, scale, right, px, py, size) {
    context.lineWidth = 1;
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const value of scale.marks) {
      const y = Math.round(py(value)) + 0.5;
      context.strokeStyle = theme.grid;
      context.beginPath();
      context.moveTo(box.x, y);
      context.lineTo(box.x + box.w, y);
      context.stroke();
      context.fillStyle = theme.muted;
      context.fillText(scale.text(value), box.x - 5, Math.max(size * 0.5, Math.min(y, box.y + box.h - size * 0.2)));
    }
    context.textBaseline = "top";
    context.textAlign = "center";
    for (const value of [0, right / 2, right]) context.fillText(whole(value), px(value), box.y + box.h + 4);
    context.textAlign = "left";
    context.fillText("epoch", px(right) + size * 1.6, box.y + box.h + 4);
  }

  /** Level lines to compare with, each with its name below it, or above where another one is too close. */
  guides(context, theme, guides, box, py, size, /** @type {number} */ last) {
    const order = [...guides].sort((a, b) => b.value - a.value);
    const left = last > box.x + box.w * 0.15; // the right belongs to the names of the lines
    Object.assign(context, { strokeStyle: theme.accent, fillStyle: theme.muted, lineWidth: 1.2, textAlign: left ? "left" : "right" });
    order.forEach(({ value, name }, k) => {
      const y = Math.round(py(value)) + 0.5;
      context.setLineDash([1.5, 3.5]);
      context.beginPath();
      context.moveTo(box.x, y);
      context.lineTo(box.x + box.w, y);
      context.stroke();
      context.setLineDash([]);
      const next = order[k + 1];
      const above = Boolean(next) && py(next.value) - y < size * 1.5;
      context.textBaseline = above ? "bottom" : "top";
      const [from, at] = [left ? box.x + 3 : box.x + box.w - 2, above ? y - 1 : Math.min(y + 3, box.y + box.h - size)];
      halo(context, theme, name, from, at);
      context.fillText(name, from, at);
    });
  }

  line(context, theme, epochs, values, px, py, /** @type {boolean} */ dashed) {
    context.beginPath();
    let pen = false;
    for (let i = 0; i < values.length; i += 1) {
      if (!Number.isFinite(values[i])) pen = false;
      else if (pen) context.lineTo(px(epochs[i]), py(values[i]));
      else {
        context.moveTo(px(epochs[i]), py(values[i]));
        pen = true;
      }
    }
    if (values.length === 1 && pen) context.arc(px(epochs[0]), py(values[0]), 1.5, 0, 2 * Math.PI);
    context.strokeStyle = theme.ink;
    context.lineWidth = dashed ? 1.8 : 1.6;
    context.lineJoin = "round";
    context.setLineDash(dashed ? [5, 4] : []);
    context.stroke();
    context.setLineDash([]);
  }

  /** Each line's name at its end; pushed apart where the lines meet. */
  names(context, theme, lines, box, end, py, size) {
    const at = lines.map((line) => py(line[line.length - 1]));
    if (at.some((y) => !Number.isFinite(y))) return;
    const apart = size * 1.15;
    if (Math.abs(at[0] - at[1]) < apart) {
      const middle = (at[0] + at[1]) / 2;
      // Which stands above changes only once the lines are clearly apart: names must not swap at each crossing.
      if (Math.abs(at[0] - at[1]) > apart / 3) this.above = at[0] <= at[1] ? 0 : 1;
      const { above } = this;
      at[above] = middle - apart / 2;
      at[1 - above] = middle + apart / 2;
    }
    const lift = Math.min(0, box.y + box.h - size * 0.4 - Math.max(...at)) + Math.max(0, size * 0.6 - Math.min(...at));
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillStyle = theme.ink;
    ["training", "validation"].forEach((name, k) => {
      halo(context, theme, name, Math.min(end, box.x + box.w) + 5, at[k] + lift);
      context.fillText(name, Math.min(end, box.x + box.w) + 5, at[k] + lift);
    });
  }

  /** The numbers under the pointer. */
  reading(context, theme, epochs, lines, box, px, py, size, task) {
    let i = 0;
    const pointer = /** @type {number} */ (this.pointer);
    epochs.forEach((epoch, k) => {
      if (Math.abs(px(epoch) - pointer) < Math.abs(px(epochs[i]) - pointer)) i = k;
    });
    const x = Math.round(px(epochs[i])) + 0.5;
    context.strokeStyle = theme.muted;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, box.y);
    context.lineTo(x, box.y + box.h);
    context.stroke();
    const text = (/** @type {number} */ v) => (this.kind === "metric" && task !== "regression" ? percent(v) : decimal(v));
    const words = [`epoch ${Number.isInteger(epochs[i]) ? whole(epochs[i]) : epochs[i].toFixed(2)}`, `training ${text(lines[0][i])}`, `validation ${text(lines[1][i])}`];
    const wide = Math.max(...words.map((word) => context.measureText(word).width)) + 12;
    const left = x + 8 + wide > this.sheet.width ? x - 8 - wide : x + 8;
    context.fillStyle = theme.paper;
    context.strokeStyle = theme.border;
    context.beginPath();
    context.roundRect(left, box.y, wide, size * 3.9, 4);
    context.fill();
    context.stroke();
    context.fillStyle = theme.ink;
    context.textAlign = "left";
    context.textBaseline = "top";
    words.forEach((word, k) => context.fillText(word, left + 6, box.y + 5 + k * size * 1.2));
    lines.forEach((line) => {
      context.beginPath();
      context.arc(x, py(line[i]), 3, 0, 2 * Math.PI);
      context.fill();
    });
  }
}

/** Paper around a word that stands on lines. */
function halo(context, theme, /** @type {string} */ word, /** @type {number} */ x, /** @type {number} */ y) {
  context.save();
  Object.assign(context, { strokeStyle: theme.paper, lineWidth: 4, lineJoin: "round" });
  context.setLineDash([]);
  context.strokeText(word, x, y);
  context.restore();
}
