// A predicted distribution against a target: cross-entropy as the target's own entropy and what the prediction adds to it.

import { Sheet, element, mark, say } from "./dom.js";
import { Grip } from "./grip.js";
import { Host, hosted } from "./host.js";
import { decimal } from "./numbers.js";
import { Plot } from "./plot.js";
import { Shared, snap } from "./shared.js";
import { ValueTable } from "./value_table.js";

const MOST = 5;
const LEAST = 0.01;
/** The bar of the cross-entropy is drawn up to here, in nats; what is more has an arrow. */
const REACH = 3;

/** A plot whose upright axis alone has numbers: along the other one stand classes. */
class Bars extends Plot {
  marks(/** @type {import("./plot.js").Axis} */ axis, /** @type {number} */ wanted) {
    return axis === this.x ? [] : super.marks(axis, wanted);
  }
}

class Distribution extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "loss-distribution", ["visual.css", "losses.css"]);
    this.root.dataset.layout = "halves";
    this.shared = new Shared();
    const again = () => this.again();
    this.plot = new Bars("distributions", "Predicted and target probabilities", again);
    this.pull = new Bars("gradient", "Gradient in each logit", again);
    const grips = (/** @type {"predicted" | "own"} */ field, /** @type {string} */ title) => Array.from({ length: MOST }, (_, k) => new Grip({
      name: `${field}-${k}`, label: `${title}, class ${k + 1}`, along: "y",
      move: (_x, y, settled) => this.put(field, k, this.plot.yAt(y), settled),
      step: (steps, settled) => this.put(field, k, this.shares(field)[k] + steps * 0.01, settled),
    }));
    this.predicted = grips("predicted", "Predicted");
    this.own = grips("own", "Target");
    for (const grip of [...this.predicted, ...this.own]) grip.root.classList.add("bar");
    for (const grip of this.own) grip.root.classList.add("second");
    this.names = Array.from({ length: MOST }, (_, k) => element("button", {
      type: "button", class: "class-name", "data-testid": `class-${k}`, onclick: () => this.change({ truth: k + 1 }, true),
    }, `Class ${k + 1}`));
    this.sum = new Sheet({ class: "sheet", role: "img", "data-testid": "sum", "aria-label": "Cross-entropy" });
    this.table = new ValueTable("terms");
    this.words = element("p", { class: "words" });
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(
      element("div", { class: "stage" },
        element("div", { class: "over" }, this.plot.sheet.canvas, ...[...this.predicted, ...this.own].map((grip) => grip.root), ...this.names),
        element("div", { class: "over low" }, this.pull.sheet.canvas)),
      element("div", { class: "panel" }, element("h3", {}, "Cross-entropy = entropy of the target + KL divergence"),
        element("div", { class: "sum" }, this.sum.canvas), this.words, this.table.root),
      this.alt);
  }

  take(/** @type {import("./frame.js").Frame} */ { header }) {
    this.page = header;
  }

  update(/** @type {Record<string, any>} */ data) {
    this.shared.hear({ predicted: data.predicted, truth: data.truth, own: data.own });
  }

  change(/** @type {Record<string, any>} */ changes, /** @type {boolean} */ settled) {
    this.shared.put(this, changes, settled);
  }

  /** What sums to 1 of what was set. */
  shares(/** @type {"predicted" | "own"} */ field) {
    /** @type {number[]} */
    const given = this.shared.values[field];
    const sum = given.reduce((a, b) => a + b, 0);
    return given.map((value) => value / sum);
  }

  /** One class gets so much; the others share the rest in their old proportions. */
  put(/** @type {"predicted" | "own"} */ field, /** @type {number} */ k, /** @type {number} */ wished, /** @type {boolean} */ settled) {
    const old = this.shares(field);
    const least = field === "predicted" ? LEAST : 0;
    const most = 1 - least * (old.length - 1);
    const value = snap(wished, 0.005, least, most);
    const rest = 1 - old[k];
    let others = old.map((one, j) => (j === k ? 0 : rest > 1e-6 ? (one / rest) * (1 - value) : (1 - value) / (old.length - 1)));
    for (let pass = 0; pass < old.length; pass += 1) { // whoever would fall below the least gets it, at the others' cost
      const low = others.map((one, j) => j !== k && one <= least);
      const free = others.reduce((sum, one, j) => sum + (j === k || low[j] ? 0 : one), 0);
      const left = 1 - value - least * low.filter(Boolean).length;
      others = others.map((one, j) => (j === k ? 0 : low[j] ? least : free > 0 ? (one / free) * left : 0));
    }
    this.change({ [field]: others.map((one, j) => Number((j === k ? value : one).toFixed(4))) }, settled);
  }

  /** The target as the page's mode makes it. */
  target() {
    const { mode, smoothing } = this.page;
    const count = this.shared.values.predicted.length;
    if (mode === "own") return this.shares("own");
    const even = mode === "smoothed" ? smoothing : 0;
    return Array.from({ length: count }, (_, k) => (k === this.shared.values.truth - 1 ? 1 - even : 0) + even / count);
  }

  /** All numbers of this state: the page's own where it has heard of it, else the same few lines of arithmetic. */
  numbers() {
    if (this.same()) return { ...this.page, from: "page" };
    const [p, t] = [this.shares("predicted"), this.target()];
    const surprise = p.map((one) => -Math.log(one));
    const entropy = t.reduce((sum, one) => sum - (one > 0 ? one * Math.log(one) : 0), 0);
    const cross = t.reduce((sum, one, k) => sum + one * surprise[k], 0);
    const slope = p.map((one, k) => one - t[k]);
    return { p, t, surprise, entropy, cross, kl: cross - entropy, cross_slope: slope, kl_slope: slope, from: "hand" };
  }

  same() {
    const { predicted, truth, own } = this.shared.values;
    return JSON.stringify([predicted, truth, own]) === JSON.stringify([this.page.predicted, this.page.truth, this.page.own]);
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    if (!this.page || this.shared.values.predicted.length < 2) return;
    const n = this.numbers();
    this.bars(theme, n);
    this.slopes(theme, n);
    this.stack(theme, n);
    const free = this.page.mode === "own";
    this.table.update("Class by class", ["", "target t", "predicted p", "\u2212ln p", "\u2212t ln p", "slope of CE", "slope of KL"].filter((_, c) => c !== 3 || !(this.present || this.narrow)), n.p.map((/** @type {number} */ p, /** @type {number} */ k) => ({
      title: `${k + 1}`, chosen: !free && k === this.shared.values.truth - 1,
      cells: [n.t[k], p, ...(this.present || this.narrow ? [] : [n.surprise[k]]), n.t[k] * n.surprise[k], n.cross_slope[k], n.kl_slope[k]].map(decimal),
    })));
    const hot = n.entropy < 1e-9;
    say(this.words, hot
      ? "A one-hot target leaves nothing open: its entropy is 0, so cross-entropy and KL divergence are the same number."
      : "A soft target has an entropy of its own that no prediction can remove. The two losses differ by it; their slopes do not: both are p \u2212 t.");
    const alt = `Cross-entropy ${decimal(n.cross)} = entropy ${decimal(n.entropy)} + KL divergence ${decimal(n.kl)}. ` +
      n.p.map((/** @type {number} */ p, /** @type {number} */ k) => `Class ${k + 1}: predicted ${decimal(p)}, target ${decimal(n.t[k])}, slope ${decimal(n.cross_slope[k])}`).join(". ");
    say(this.alt, alt);
    mark(this.plot.sheet.canvas, "aria-label", alt);
    mark(this.pull.sheet.canvas, "aria-label", `Slope in each logit: ${n.cross_slope.map(decimal).join(", ")}.`);
    mark(this.sum.canvas, "aria-label", `Cross-entropy ${decimal(n.cross)} = entropy ${decimal(n.entropy)} + KL divergence ${decimal(n.kl)}.`);
    mark(this.root, "data-from", n.from);
    mark(this.root, "data-cross", n.cross.toFixed(3));
    mark(this.root, "data-entropy", n.entropy.toFixed(3));
    mark(this.root, "data-kl", Math.abs(n.kl).toFixed(3));
    mark(this.root, "data-p", n.p.map((/** @type {number} */ one) => one.toFixed(3)).join());
    mark(this.root, "data-truth", String(this.shared.values.truth));
  }

  /** Pairs of bars: the target hatched, the prediction full. */
  bars(theme, n) {
    const count = n.p.length;
    const { size, plot } = this;
    const context = plot.draw(theme, { size, x: { low: 0, high: count, label: "" }, y: { low: 0, high: 1.1, label: "probability" }, lines: [], reading: false, names: 0.5, numbers: 2.4 });
    const { box } = plot;
    const wide = Math.min(64, (box.w / count) * 0.3);
    const free = this.page.mode === "own";
    for (let k = 0; k < count; k += 1) {
      const middle = plot.px(k + 0.5);
      const [left, right] = [middle - wide - 3, middle + 3];
      hatched(context, theme, left, plot.py(n.t[k]), wide, box.y + box.h - plot.py(n.t[k]));
      context.fillStyle = theme.classes[0];
      context.fillRect(right, plot.py(n.p[k]), wide, box.y + box.h - plot.py(n.p[k]));
      Object.assign(context, { fillStyle: theme.ink, textAlign: "center", textBaseline: "bottom" });
      const lift = (/** @type {boolean} */ gripped) => (gripped ? 9 : 3);
      context.fillText(n.t[k].toFixed(2), left + wide / 2, plot.py(n.t[k]) - lift(free && this.may("own")));
      context.fillText(n.p[k].toFixed(2), right + wide / 2, plot.py(n.p[k]) - lift(this.may("predicted")));
      this.predicted[k].place(right + wide / 2, plot.py(n.p[k]), { now: n.p[k], low: LEAST, high: 1, text: `predicted ${decimal(n.p[k])}`, shown: this.may("predicted") });
      this.own[k].place(left + wide / 2, plot.py(n.t[k]), { now: n.t[k], low: 0, high: 1, text: `target ${decimal(n.t[k])}`, shown: free && this.may("own") });
      const name = this.names[k];
      Object.assign(name.style, { left: `${middle}px`, top: `${box.y + box.h + 2}px` });
      name.disabled = free || !this.may("truth");
      mark(name, "aria-pressed", String(!free && k === this.shared.values.truth - 1));
    }
    this.names.forEach((name, k) => { name.hidden = k >= count; });
    for (const grip of [...this.predicted.slice(count), ...this.own.slice(count)]) grip.root.hidden = true;
    // The legend stands at the top, where the axis is named.
    Object.assign(context, { textAlign: "left", textBaseline: "top" });
    let x = box.x + size * 7;
    for (const [word, target] of /** @type {const} */ ([["target", true], ["predicted", false]])) {
      if (target) hatched(context, theme, x, 1, size, size);
      else {
        context.fillStyle = theme.classes[0];
        context.fillRect(x, 1, size, size);
      }
      context.fillStyle = theme.ink;
      context.fillText(word, x + size * 1.4, 0);
      x += size * 2.9 + context.measureText(word).width;
    }
  }

  /** What each logit feels: predicted less target, with its sign. */
  slopes(theme, n) {
    const { size, pull } = this;
    const count = n.p.length;
    const context = pull.draw(theme, { size, x: { low: 0, high: count, label: "" }, y: { low: -1, high: 1, label: "slope in each logit: predicted less target" }, lines: [], reading: false, names: 0.5, numbers: 2.4 });
    const wide = Math.min(64, (pull.box.w / count) * 0.3);
    n.cross_slope.forEach((/** @type {number} */ slope, /** @type {number} */ k) => {
      const middle = pull.px(k + 0.5);
      const [zero, end] = [pull.py(0), pull.py(slope)];
      context.fillStyle = slope < 0 ? theme.negative : theme.positive;
      context.fillRect(middle - wide / 2, Math.min(zero, end), wide, Math.max(1, Math.abs(end - zero)));
      // Beside the zero line, not on it: on the bar's other side, where there is always room.
      Object.assign(context, { fillStyle: theme.ink, textAlign: "center", textBaseline: slope < 0 ? "bottom" : "top" });
      context.fillText(`${slope > 0 ? "+" : ""}${slope.toFixed(2).replace("-", "\u2212")}`, middle, zero + (slope < 0 ? -3 : 4));
    });
  }

  /** Cross-entropy as one bar of two parts. */
  stack(theme, n) {
    this.sum.fit();
    const context = this.sum.blank();
    const { size } = this;
    context.font = `${size}px ${theme.font}`;
    const { width } = this.sum;
    const scale = (/** @type {number} */ nats) => 1 + (Math.min(REACH, nats) / REACH) * (width - 14);
    const top = size * 2.4;
    const tall = size * 2.8;
    const [begin, seam, end] = [scale(0), scale(n.entropy), scale(n.cross)];
    hatched(context, theme, begin, top, seam - begin, tall);
    context.fillStyle = theme.classes[0];
    context.fillRect(seam, top, Math.max(end - seam, 0), tall);
    if (n.cross > REACH) {
      context.beginPath();
      context.moveTo(end, top);
      context.lineTo(end + 9, top + tall / 2);
      context.lineTo(end, top + tall);
      context.fill();
    }
    Object.assign(context, { strokeStyle: theme.ink, lineWidth: 1.25 });
    context.beginPath();
    context.moveTo(begin, top - 2);
    context.lineTo(begin, top - size * 0.6);
    context.lineTo(end, top - size * 0.6);
    context.lineTo(end, top - 2);
    context.stroke();
    Object.assign(context, { fillStyle: theme.ink, textAlign: "left", textBaseline: "alphabetic" });
    context.fillText(`cross-entropy ${decimal(n.cross)}`, begin, top - size);
    Object.assign(context, { textBaseline: "top" });
    const below = top + tall + size * 0.35;
    const first = `entropy of the target ${decimal(n.entropy)}`;
    context.fillText(first, begin, below);
    context.fillText(`KL divergence ${decimal(Math.abs(n.kl))}`, Math.min(width - context.measureText(`KL divergence ${decimal(n.kl)}`).width - 2, Math.max(seam, begin + context.measureText(first).width + size * 1.6)), below);
    Object.assign(context, { fillStyle: theme.muted, strokeStyle: theme.border });
    const axis = below + size * 2.1;
    context.beginPath();
    context.moveTo(scale(0), axis);
    context.lineTo(scale(REACH), axis);
    for (let k = 0; k <= REACH; k += 1) {
      context.moveTo(scale(k), axis);
      context.lineTo(scale(k), axis + 4);
    }
    context.stroke();
    for (let k = 0; k <= REACH; k += 1) {
      context.textAlign = k === 0 ? "left" : k === REACH ? "right" : "center";
      context.fillText(k === REACH ? `${k} nats` : String(k), scale(k) + (k === REACH ? 12 : 0), axis + 6);
    }
  }
}

/** A box of slanting lines. */
function hatched(context, theme, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ w, /** @type {number} */ h) {
  if (w <= 0 || h <= 0) return;
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  Object.assign(context, { strokeStyle: theme.muted, lineWidth: 2 });
  context.beginPath();
  for (let at = x - h; at < x + w; at += 7) {
    context.moveTo(at, y + h);
    context.lineTo(at + h, y);
  }
  context.stroke();
  context.restore();
  Object.assign(context, { strokeStyle: theme.ink, lineWidth: 1.5 });
  context.strokeRect(x + 0.75, y + 0.75, Math.max(0, w - 1.5), Math.max(0, h - 1.5));
}

export default hosted(Distribution);
