// An activation above its slope, over one axis: a place on both that the hand drags, and what is left there of a gradient.

import { hue } from "./colours.js";
import { dashed, element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { decimal, tick } from "./numbers.js";
import { Plot } from "./plot.js";
import { Shared, snap } from "./shared.js";
import { word } from "./word.js";

/** The axes never change: curves can be compared by eye, and a slope of 1 climbs at about 45 degrees. */
const VALUE = { low: -2, high: 3, label: "" };
const SLOPE = { low: -0.6, high: 2, label: "" };
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
/** The gradient is followed back through this many such units. */
const DEPTHS = [0, 1, 2, 5, 10];
/** A jump of this size between two neighbouring samples is a break, not a steep line. */
const JUMP = 0.25;
/** Keys move the place by this much; with shift by one step. */
const KEY = 0.1;
const STEP = 0.01;

const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

class Curve extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "activations", ["visual.css", "activations.css"]);
    this.shared = new Shared();
    this.dragging = false;
    this.value = new Plot("curve", "", () => {});
    this.slope = new Plot("slope", "", () => {});
    this.slider = element("input", { type: "range", step: STEP, "aria-label": "Input x", "data-testid": "x" });
    this.slider.addEventListener("input", () => this.move(Number(this.slider.value), true));
    this.slider.addEventListener("change", () => this.move(Number(this.slider.value), true));
    this.slider.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.key(event));
    this.curves = element("div", { class: "curves" },
      element("div", { class: "figure value" }, element("h3", {}, "Function f(x): what the unit says"), this.value.sheet.canvas),
      element("div", { class: "figure slope" }, element("h3", {}, "Derivative f\u2032(x): what it lets through of a gradient"), this.slope.sheet.canvas));
    this.curves.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => this.press(event));
    this.body = element("tbody");
    this.here = element("h3", { "data-testid": "here" });
    this.bars = DEPTHS.map((depth) => ({ depth, bar: element("i"), number: element("b", { "data-testid": `after-${depth}` }) }));
    const passes = element("div", { class: "passes" }, ...this.bars.flatMap(({ depth, bar, number }) => [
      element("span", {}, depth === 0 ? "comes in" : depth === 1 ? "after 1 unit" : `after ${depth}`), bar, number]));
    this.words = element("p", { class: "words", "data-testid": "words" });
    this.alt = element("div", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(
      element("div", { class: "stage" }, this.curves, element("div", { class: "along" }, this.slider)),
      element("div", { class: "panel" }, this.here,
        element("table", { class: "readings" },
          element("thead", {}, element("tr", {}, element("th"), element("th", {}, "f(x)"), element("th", {}, "f\u2032(x)"))), this.body),
        element("h3", {}, "A gradient of 1, back through units that all stand here"), passes, this.words, this.alt));
  }

  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    const { names, reach, per_unit: per } = header;
    const count = 2 * reach * per + 1;
    const x = Float32Array.from({ length: count }, (_, i) => i / per - reach);
    const row = (/** @type {number} */ which, /** @type {number} */ k) => {
      const start = (which * names.length + k) * count;
      return /** @type {Float32Array} */ (blocks.curves.data.subarray(start, start + count));
    };
    this.reach = reach;
    this.per = per;
    this.lines = names.map((/** @type {string} */ name, /** @type {number} */ k) => ({
      name, x, value: row(0, k), slope: row(1, k), drawn: [broken(row(0, k)), broken(row(1, k))],
    }));
    this.flat = stretches(this.lines[0].slope, x, header.flat);
    this.share = header.share;
    Object.assign(this.slider, { min: -reach, max: reach });
    this.rows = this.lines.map((/** @type {any} */ line, /** @type {number} */ k) => {
      const cells = [element("td", { "data-testid": `value-${k}` }), element("td", { "data-testid": `slope-${k}` })];
      const swatch = dashed(DASHES[k]);
      return { cells, swatch, row: element("tr", {}, element("th", { scope: "row" }, swatch, line.name), ...cells) };
    });
    this.body.replaceChildren(...this.rows.map((/** @type {any} */ one) => one.row));
  }

  update(/** @type {Record<string, any>} */ data) {
    this.shared.hear({ x: data.x });
    this.slider.disabled = !this.may("x");
    mark(this.curves, "data-fixed", this.may("x") ? null : "");
  }

  /** Where the place is. */
  get x() {
    return this.shared.values.x;
  }

  /** Which sample that is. */
  get index() {
    return Math.round((this.x + this.reach) * this.per);
  }

  /** Whether a flat stretch goes on to an end of the axis: a dip is level for a moment, a saturated unit stays so. */
  ends(/** @type {{from: number, to: number}} */ { from, to }) {
    return from <= -this.reach + STEP || to >= this.reach - STEP;
  }

  /** Moves it, and lets the page know when the hand rests. */
  move(/** @type {number} */ to, settled = false) {
    const x = snap(to, STEP, -this.reach, this.reach);
    if (x !== this.x) {
      this.shared.set({ x });
      this.moved = true;
    }
    if (settled && this.moved) {
      this.moved = false;
      this.edit({ x }, false);
    }
    this.again();
  }

  key(/** @type {KeyboardEvent} */ event) {
    const by = KEYS[/** @type {keyof typeof KEYS} */ (event.key)];
    if (!by || this.slider.disabled) return;
    event.preventDefault();
    event.stopPropagation();
    this.move(this.x + by * (event.shiftKey ? STEP : KEY), true);
  }

  /** A press anywhere on the curves takes the place along. */
  press(/** @type {PointerEvent} */ event) {
    if (!this.may("x") || event.button !== 0) return;
    const plot = event.target === this.slope.sheet.canvas ? this.slope : this.value;
    const canvas = plot.sheet.canvas;
    if (event.target !== canvas) return;
    const go = (/** @type {PointerEvent} */ now) => this.move(plot.xAt(now.clientX - canvas.getBoundingClientRect().left));
    const finger = event.pointerType === "touch"; // it may have come to scroll: then nothing moves
    let going = !finger;
    const follow = (/** @type {PointerEvent} */ now) => {
      going ||= Math.abs(now.clientX - event.clientX) > 6;
      if (going) go(now);
    };
    const stop = (/** @type {PointerEvent} */ last) => {
      if (finger && last.type === "pointerup") go(last);
      canvas.removeEventListener("pointermove", follow);
      for (const end of ["pointerup", "pointercancel"]) canvas.removeEventListener(end, stop);
      this.move(this.x, true);
    };
    canvas.setPointerCapture(event.pointerId);
    canvas.addEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, stop);
    if (finger) return;
    event.preventDefault();
    this.slider.focus({ preventScroll: true });
    go(event);
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    if (!this.lines) return;
    const i = this.index;
    const [value, slope] = [this.lines[0].value[i], this.lines[0].slope[i]];
    const names = Math.max(...this.lines.map((/** @type {any} */ { name }) => name.length)) * 0.62 + 1.4;
    const shared = { size: this.size, reading: false, numbers: 2, names: this.narrow ? Math.min(names, 7) : names, shades: this.flat };
    const guides = [{ x: this.x, colour: theme.muted, dash: [3, 3] }];
    const chart = (/** @type {number} */ which) => this.lines.map((/** @type {any} */ { name, x, drawn }, /** @type {number} */ k) => ({
      x, y: drawn[which], name, colour: hue(theme, k), dash: DASHES[k], width: k ? 1.75 : 3, alpha: k ? 0.9 : 1,
    })).reverse();
    const axis = { low: -this.reach, high: this.reach, label: "" };
    const shades = this.flat.map((/** @type {any} */ one) => ({ ...one, label: this.share > 0.98 ? "saturated everywhere" : this.ends(one) ? "saturated" : "level" }));
    const top = this.value.draw(theme, { ...shared, shades, guides, x: axis, y: VALUE, lines: [...chart(0), this.tangent(theme, value, slope)] });
    const below = this.slope.draw(theme, { ...shared, guides, x: { ...axis, label: "input x: the weighted sum that comes in" }, y: SLOPE, lines: chart(1) });
    this.point(top, theme, this.value, value, `${tick(this.x, STEP)} \u2192 ${decimal(value)}`);
    this.point(below, theme, this.slope, slope, `slope ${decimal(slope)}`);
    this.place();
    this.read(theme, i, value, slope);
  }

  /** A piece of the tangent, of the same length whatever its slope. */
  tangent(theme, /** @type {number} */ value, /** @type {number} */ slope) {
    const { box } = this.value;
    const [across, up] = [box.w / (2 * this.reach), box.h / (VALUE.high - VALUE.low)];
    const reach = (this.narrow ? 60 : 105) / Math.hypot(across, slope * up);
    return { x: [this.x - reach, this.x + reach], y: [value - slope * reach, value + slope * reach], colour: theme.ink, width: 2 };
  }

  /** The place on one of the curves; where that is outside the picture, at its edge and hollow. */
  point(context, theme, /** @type {Plot} */ plot, /** @type {number} */ y, /** @type {string} */ label) {
    const { low, high } = plot.y;
    const inside = y >= low && y <= high;
    const [px, py] = [plot.px(this.x), plot.py(Math.min(high, Math.max(low, y)))];
    context.beginPath();
    context.arc(px, py, 7, 0, 2 * Math.PI);
    Object.assign(context, { fillStyle: inside ? hue(theme, 0) : theme.paper, strokeStyle: inside ? theme.paper : hue(theme, 0), lineWidth: 2 });
    context.fill();
    context.stroke();
    const words = inside ? label : `${label} ${y > high ? "\u2191" : "\u2193"}`;
    context.font = `600 ${this.size + 1}px ${theme.font}`;
    const wide = context.measureText(words).width;
    const right = px + 14 + wide < plot.box.x + plot.box.w;
    // Beside the curve, not on it: below where it climbs, above where it does not.
    const climbs = plot === this.value && Math.abs(this.lines[0].slope[this.index]) > 0.3;
    const lower = py - this.size * 1.8 < plot.box.y || (climbs && this.lines[0].slope[this.index] > 0 === right && py + this.size * 2 < plot.box.y + plot.box.h);
    Object.assign(context, { textAlign: right ? "left" : "right", textBaseline: "middle" });
    word(context, theme, words, px + (right ? 12 : -12), py + (lower ? 1 : -1) * this.size * 1.15);
  }

  /** The slider stands exactly below the curves: its knob below the place. */
  place() {
    const { box } = this.value;
    const knob = 8;
    this.slider.style.marginLeft = `${box.x - knob}px`;
    this.slider.style.width = `${box.w + 2 * knob}px`;
    if (Number(this.slider.value) !== this.x) this.slider.value = String(this.x);
    mark(this.slider, "aria-valuetext", `x = ${tick(this.x, STEP)}`);
  }

  /** The numbers beside the curves, and all of it in words. */
  read(theme, /** @type {number} */ i, /** @type {number} */ value, /** @type {number} */ slope) {
    const x = tick(this.x, STEP);
    say(this.here, `At x = ${x}`);
    this.rows.forEach((/** @type {any} */ { cells, swatch }, /** @type {number} */ k) => {
      say(cells[0], decimal(this.lines[k].value[i]));
      say(cells[1], decimal(this.lines[k].slope[i]));
      swatch.style.stroke = hue(theme, k);
    });
    for (const { depth, bar, number } of this.bars) {
      const left = slope ** depth;
      say(number, depth ? decimal(left) : "1");
      bar.style.setProperty("--left", String(Math.min(1, Math.abs(left))));
    }
    const { name } = this.lines[0];
    const flat = this.share > 0.005 ? `${name} is flat on ${Math.round(100 * this.share)} % of this axis.` : `${name} is flat nowhere on this axis.`;
    say(this.words, `${verdict(slope, this.flat.find(({ from, to }) => this.x >= from && this.x <= to), (one) => this.ends(one))} ${flat}`);
    const said = `${name} at x = ${x}: value ${decimal(value)}, slope ${decimal(slope)}. ${this.words.textContent}`;
    say(this.alt, said);
    mark(this.value.sheet.canvas, "aria-label", `${this.lines.map((/** @type {any} */ line) => line.name).join(", ")} over x from ${-this.reach} to ${this.reach}. ${said}`);
    mark(this.slope.sheet.canvas, "aria-label", `Derivatives over the same axis. ${this.lines.map((/** @type {any} */ line) => `${line.name} ${decimal(line.slope[i])}`).join(", ")} at x = ${x}.`);
    for (const [key, number] of Object.entries({ x: this.x, value, slope, flat: this.share })) mark(this.root, `data-${key}`, String(Number(number.toFixed(4))));
  }
}

/** What a slope means for learning; `flat` is the flat stretch that it lies in, if any. */
function verdict(/** @type {number} */ slope, /** @type {any} */ flat, /** @type {(one: any) => boolean} */ ends) {
  if (slope === 0) return "The curve is level here: no gradient comes through, and the weights before this unit learn nothing.";
  const through = `a gradient that comes in as 1 leaves as ${decimal(slope)}.`;
  if (flat) return `${ends(flat) ? "Saturated" : "Nearly level"}: ${through}`;
  if (slope < 0) return `The curve falls here: ${through} Its sign turns.`;
  return `${through[0].toUpperCase()}${through.slice(1)}`;
}

/** The same line with a gap where it jumps. */
function broken(/** @type {Float32Array} */ values) {
  const drawn = values.slice();
  for (let i = 1; i < values.length; i += 1) if (Math.abs(values[i] - values[i - 1]) > JUMP) drawn[i - 1] = NaN;
  return drawn;
}

/** Where a slope is next to 0: stretches of the axis. */
function stretches(/** @type {Float32Array} */ slope, /** @type {Float32Array} */ x, /** @type {number} */ flat) {
  /** @type {{from: number, to: number}[]} */
  const found = [];
  for (let i = 0; i < slope.length; i += 1) {
    if (Math.abs(slope[i]) >= flat) continue;
    const last = found[found.length - 1];
    if (last && i > 0 && Math.abs(slope[i - 1]) < flat) last.to = x[i];
    else found.push({ from: x[i], to: x[i] });
  }
  return found.filter(({ from, to }) => to - from > 0.02);
}

export default hosted(Curve);
