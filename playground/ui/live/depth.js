// What depth does to a gradient: its size in each layer on the way back, and the two factors that each layer multiplies it by.
//
// Everything is measured in Python on a real random network. While the gain is dragged, the weights' factor is scaled here,
// which it is proportional to, and the slopes' factor follows with the next measurement.

import { Host, hosted } from "./host.js";
import { drawing, element, mark, say, Sheet } from "./dom.js";
import { decimal } from "./numbers.js";
import { Tries } from "./tries.js";
import { WayBack } from "./way_back.js";
import { word } from "./word.js";

/** The grip's sign: it goes up and down. */
const ARROWS = "M12 2l5 6h-4v8h4l-5 6-5-6h4V8H7z";
/** The axes, fixed for every experiment. */
const SIZES = { low: 1e-12, high: 1e12 };
const FACTORS = { low: 0.05, high: 10 };
const STEP = 0.05;

class Depth extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "depth", ["visual.css", "tries.css", "depth.css"]);
    this.plot = new WayBack("depth-sizes", "Size of the gradient in each layer", () => this.again());
    this.bars = new Sheet({ class: "sheet", role: "img", "data-testid": "depth-factors", "aria-label": "Two factors at each layer" });
    this.grip = element("button", {
      type: "button", class: "grip", role: "slider", "data-testid": "depth-gain", "aria-label": "Gain of the weights", "aria-valuemin": 0.1, "aria-valuemax": 5,
      title: "Drag: stronger or weaker weights", onpointerdown: (/** @type {PointerEvent} */ event) => this.grab(event), onpointermove: (/** @type {PointerEvent} */ event) => this.drag(event),
      onpointerup: () => this.drop(), onpointercancel: () => this.drop(), onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
    }, drawing({ viewBox: "0 0 24 24" }, { d: ARROWS }));
    this.factors = element("div", { class: "figure factors" }, element("h3", {}, "What each layer multiplies it by"), this.bars.canvas, this.grip);
    this.words = element("p", { class: "words", "data-testid": "words" });
    this.facts = element("dl", { class: "facts" });
    this.values = ["factor", "passed", "stretch", "arrives", "distinct"].map((name) => {
      const value = element("dd", { "data-testid": `depth-${name}` });
      const label = element("dt");
      this.facts.append(element("div", { class: "fact" }, label, value));
      return { label, value };
    });
    this.tries = new Tries((changes) => {
      this.sent = []; // whatever was on its way, this is what is wished now
      this.edit(changes);
    });
    this.alt = element("div", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(
      element("div", { class: "stage" }, element("div", { class: "figure" }, element("h3", {}, "Gradient in each layer (in the last: 1)"), this.plot.sheet.canvas), this.factors),
      element("div", { class: "panel" }, this.facts, this.words, element("h3", { class: "try" }, "Try"), this.tries.root), this.alt,
    );
    /** @type {{y: number, gain: number} | null} Where a drag began. */
    this.held = null;
    this.gain = 1;
    /** Gains that were told to the page and have not come back yet. @type {number[]} */
    this.sent = [];
  }

  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    const known = this.sent.lastIndexOf(header.gain);
    if (known >= 0) this.sent.splice(0, known + 1); // our own, come back: the hand may be further on by now
    else if (!this.held) [this.gain, this.sent] = [header.gain, []];
    this.header = header;
    this.logs = blocks; // to base 10
  }

  update() {
    const { header } = this;
    if (!header) return;
    this.tries.update(header.tries, (field) => this.may(field));
    say(this.words, header.words);
    say(this.alt, header.alt);
    for (const [i, [label, value]] of header.facts.entries()) {
      say(this.values[i].label, label);
      say(this.values[i].value, value);
    }
    this.grip.hidden = !this.may("gain") || header.layers < 2;
    mark(this.root, "data-factor", String(header.factor));
    mark(this.root, "data-gain", String(header.gain));
    mark(this.root, "data-layers", String(header.layers));
  }

  /** The factors and sizes as they are drawn: with the weights scaled to the gain under the hand. */
  now() {
    const { passed, stretch, signal, gradient } = this.logs;
    const more = Math.log10(this.gain / this.header.gain);
    const n = this.header.layers;
    const weights = Array.from(stretch.data, (value) => 10 ** (value + more));
    const slopes = Array.from(passed.data, (value) => 10 ** value);
    const sizes = Array.from(gradient.data, (value, i) => 10 ** (value + more * (n - 1 - i)));
    return { weights, slopes, sizes, signal: Array.from(signal.data, (value) => 10 ** value) };
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    if (!this.header) return;
    const { header, size, plot } = this;
    const n = header.layers;
    const { weights, slopes, sizes, signal } = this.now();
    const wide = plot.sheet.canvas.clientWidth;
    const room = Math.min(wide * 0.3, size * 11.5); // for the names on the left
    const along = Array.from({ length: n }, (_, i) => i + 1);
    const low = 0.5 - (n * room) / Math.max(60, wide - room - 60);
    plot.layers = n;
    const { compared } = this.logs;
    const faint = header.compared.map((/** @type {string} */ name, /** @type {number} */ k) => ({
      x: along, y: Array.from(compared.data.slice(k * n, (k + 1) * n), (value) => 10 ** value), name, colour: theme.muted, width: 1.5, alpha: 0.75, dash: DASHES[k % DASHES.length],
    }));
    const [mine, forwards] = [theme.classes[0], theme.classes[5]];
    const context = plot.draw(theme, {
      size, names: 0.6, x: { low, high: n + 0.5, label: "layer" }, y: { ...SIZES, label: "", log: true },
      lines: [
        ...faint, { x: along, y: signal, name: "signal", colour: forwards, width: 2, dash: [2, 3] },
        { x: along, y: sizes, name: "gradient", colour: mine, width: 3.5 },
      ],
      guides: [{ y: 1, colour: theme.border }],
      points: n <= 30 ? along.map((x, i) => ({ x, y: sizes[i], colour: mine, radius: 3.5 })).filter(({ y }) => y >= SIZES.low && y <= SIZES.high) : [],
    });
    plot.way(context, theme, mine, size);
    this.off(context, theme, sizes);
    this.drawFactors(theme, slopes, weights);
    mark(plot.sheet.canvas, "aria-label", header.alt);
    mark(this.bars.canvas, "aria-label", header.altFactors);
  }

  /** Where the curve leaves the axis, and where it ends. */
  off(context, theme, /** @type {number[]} */ sizes) {
    const first = sizes[0];
    if ((first >= SIZES.low && first <= SIZES.high) || sizes[sizes.length - 1] === 0) return;
    let i = sizes.findIndex((value) => value >= SIZES.low && value <= SIZES.high);
    if (i < 0) i = sizes.length - 1;
    const { x, y, w, h } = this.plot.box;
    const under = first < SIZES.low;
    const where = this.held ? (under ? "below" : "above") : this.header.arrives;
    const text = first === 0 ? "nothing reaches layer 1" : `${under ? "\u2193" : "\u2191"} ${where} at layer 1`;
    const at = this.plot.px(i + 1);
    const rise = i + 1 < sizes.length ? Math.abs(this.plot.py(sizes[i]) - this.plot.py(sizes[i + 1])) : this.size;
    const clear = 8 + (this.size * (under ? 1.6 : 3) * (this.plot.px(2) - this.plot.px(1))) / Math.max(1, rise); // of the curve itself
    const fits = at + clear + context.measureText(text).width < x + w;
    Object.assign(context, { fillStyle: theme.ink, textAlign: fits ? "left" : "right", textBaseline: under ? "bottom" : "top" });
    context.fillText(text, at + (fits ? clear : -12), under ? y + h - 5 : y + 5 + this.size * 1.4);
  }

  drawFactors(theme, /** @type {number[]} */ slopes, /** @type {number[]} */ weights) {
    const { bars, plot, size } = this;
    const n = this.header.layers;
    bars.fit();
    const context = bars.blank();
    context.font = `${size}px ${theme.font}`;
    const [top, bottom] = [size * 0.6, bars.height - size * 0.8];
    const py = (/** @type {number} */ value) => top + (bottom - top) * (1 - Math.log(Math.min(FACTORS.high, Math.max(FACTORS.low, value)) / FACTORS.low) / Math.log(FACTORS.high / FACTORS.low));
    const { x, w } = plot.box;
    Object.assign(context, { lineWidth: 1, textAlign: "right", textBaseline: "middle" });
    for (const value of [0.1, 1, 10]) {
      const level = Math.round(py(value)) + 0.5;
      context.strokeStyle = value === 1 ? theme.border : theme.grid;
      line(context, x, level, x + w, level);
      context.fillStyle = theme.muted;
      context.fillText(`×${value}`, x - 6, level);
    }
    const slot = Math.abs(plot.px(2) - plot.px(1));
    const half = Math.min(26, slot * 0.4);
    const [slopeHue, weightHue] = [theme.classes[1], theme.classes[2]];
    for (let i = 0; i < n - 1; i += 1) {
      const at = plot.px(i + 1);
      const both = slopes[i] * weights[i + 1];
      bar(context, slopeHue, at - half, half * 0.94, py(1), py(slopes[i]), false);
      bar(context, weightHue, at + half * 0.06, half * 0.94, py(1), py(weights[i + 1]), true);
      context.strokeStyle = theme.ink;
      context.lineWidth = 2.5;
      line(context, at - half, py(both), at + half, py(both));
    }
    this.legend(context, theme, slopeHue, weightHue, (top + bottom) / 2);
    if (n < 2) return;
    const mean = 10 ** (weights.slice(1).reduce((sum, value) => sum + Math.log10(Math.max(1e-6, value)), 0) / (n - 1));
    this.level = { py, mean };
    this.grip.style.left = `${Math.min(plot.px(n), bars.width - 14)}px`;
    this.grip.style.top = `${bars.canvas.offsetTop + py(mean)}px`;
    this.grip.style.setProperty("--hue", weightHue);
    mark(this.grip, "aria-valuenow", this.gain.toFixed(2));
    mark(this.grip, "aria-valuetext", `gain ${this.gain.toFixed(2)}, weights multiply by ${decimal(mean)}`);
    if (this.grip.hidden) return;
    const text = `gain ${this.gain.toFixed(2)}`;
    Object.assign(context, { textAlign: "right", textBaseline: "middle" });
    const level = py(mean) < top + size * 2.6 ? py(mean) + size * 2 : py(mean) - size * 2;
    const left = Math.min(bars.width, plot.px(n) + context.measureText(text).width / 2);
    word(context, theme, text, left, level);
  }

  /** What the bars are, in the room on the left. */
  legend(context, theme, /** @type {string} */ slopeHue, /** @type {string} */ weightHue, /** @type {number} */ middle) {
    const { size } = this;
    const right = this.plot.px(1) - Math.min(26, Math.abs(this.plot.px(2) - this.plot.px(1)) * 0.4) - 6;
    const words = ["slopes", "weights", "both"];
    context.textAlign = "right";
    context.textBaseline = "middle";
    words.forEach((text, i) => {
      const at = middle + (i - 1) * size * 1.5;
      word(context, theme, text, right - size * 1.4, at);
      if (i < 2) bar(context, i ? weightHue : slopeHue, right - size * 1.1, size, at - size * 0.4, at + size * 0.4, i === 1);
      else {
        Object.assign(context, { strokeStyle: theme.ink, lineWidth: 2.5 });
        line(context, right - size * 1.1, at, right - size * 0.1, at);
      }
    });
  }

  grab(/** @type {PointerEvent} */ event) {
    if (!this.level) return;
    event.preventDefault();
    this.grip.setPointerCapture(event.pointerId);
    this.grip.focus();
    this.held = { y: event.clientY, gain: this.gain };
  }

  drag(/** @type {PointerEvent} */ event) {
    if (!this.held || !this.level) return;
    const perPixel = Math.log(FACTORS.high / FACTORS.low) / (this.bars.height - this.size * 1.4);
    this.set(this.held.gain * Math.exp((this.held.y - event.clientY) * perPixel));
  }

  drop() {
    if (!this.held) return;
    this.held = null;
    this.sent.push(this.gain);
    this.edit({ gain: this.gain });
  }

  key(/** @type {KeyboardEvent} */ event) {
    const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    this.set(this.gain + by * STEP);
  }

  /** Takes a gain from the hand; the page hears of it now and then, and of the last one. */
  set(/** @type {number} */ gain) {
    const rounded = Math.min(5, Math.max(0.1, Math.round(gain / STEP) * STEP));
    if (Math.abs(rounded - this.gain) < 1e-9) return;
    this.gain = Number(rounded.toFixed(2));
    this.sent.push(this.gain);
    this.edit({ gain: this.gain }, false);
    this.again();
  }
}

/** What is compared is grey, told apart by dashes and its name. */
const DASHES = [[6, 4], [10, 4, 2, 4], [2, 3], [14, 5], [4, 2, 1, 2], [8, 2]];

function line(context, /** @type {number} */ x0, /** @type {number} */ y0, /** @type {number} */ x1, /** @type {number} */ y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/** A bar from one level to another; the weights' are hollow, so that they differ without their colour too. */
function bar(context, /** @type {string} */ colour, /** @type {number} */ x, /** @type {number} */ w, /** @type {number} */ from, /** @type {number} */ to, /** @type {boolean} */ hollow) {
  const [y, h] = [Math.min(from, to), Math.max(1.5, Math.abs(to - from))];
  context.fillStyle = colour;
  if (!hollow) {
    context.fillRect(x, y, w, h);
    return;
  }
  context.save();
  context.globalAlpha = 0.22;
  context.fillRect(x, y, w, h);
  context.restore();
  Object.assign(context, { strokeStyle: colour, lineWidth: 1.5 });
  context.strokeRect(x + 0.75, y + 0.75, Math.max(0.5, w - 1.5), Math.max(0.5, h - 1.5));
}

export default hosted(Depth);
