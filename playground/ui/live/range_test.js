// The range test: loss against a rate that rises with every step, and three runs that try what it suggests.

import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { Plot } from "./plot.js";

const MARKS = [["begins", "begins to fall"], ["steepest", "falls most"], ["best", "least"]];
/** What an arrow key multiplies the rate with. */
const KEY = 1.1;
/** So long the line stays where it was put while the page answers, in milliseconds. */
const PATIENCE = 3000;
const SHARES = ["a tenth", "the rate", "ten times"];
const DASHES = [[7, 4], [], [2, 3]];

class RangeTest extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "range-test", ["visual.css", "momentum.css"]);
    this.again = this.again.bind(this);
    this.test = new Plot("test", "Loss against the learning rate", this.again);
    this.trial = new Plot("trial", "Loss of the runs that try it", this.again);
    this.handle = element("div", { class: "handle grip", "data-testid": "rate", role: "slider", tabindex: 0, "aria-label": "Rate to try" });
    this.use = element("button", { type: "button", "data-testid": "use", onclick: () => { this.sent = null; this.edit({ lr: 0 }); } });
    this.words = element("p", { class: "words", "data-testid": "words" });
    this.ends = element("ul", { class: "ends", "data-testid": "ends" });
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.classList.add("halves", "bare");
    this.root.append(
      element("div", { class: "stage" },
        element("figure", { class: "figure handled" }, element("h3", {}, "The test: the rate rises with every step"), this.test.sheet.canvas, this.handle),
        this.words, this.alt),
      element("div", { class: "panel" },
        element("figure", { class: "figure" }, element("h3", {}, "Runs that try it"), this.trial.sheet.canvas),
        this.ends, element("div", { class: "presets" }, this.use)),
    );
    this.listen();
  }

  listen() {
    const { handle, test: { sheet: { canvas } } } = this;
    const go = (/** @type {PointerEvent} */ event, /** @type {boolean} */ settled) =>
      this.move(this.test.xAt(event.clientX - canvas.getBoundingClientRect().left), settled);
    handle.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (!this.may("lr") || event.button !== 0) return;
      handle.setPointerCapture(event.pointerId);
      this.held = true;
    });
    handle.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => { if (this.held) go(event, false); });
    handle.addEventListener("pointerup", (/** @type {PointerEvent} */ event) => {
      if (this.held) go(event, true);
      this.held = false;
    });
    handle.addEventListener("pointercancel", () => { this.held = false; });
    canvas.addEventListener("click", (/** @type {PointerEvent} */ event) => { if (this.may("lr")) go(event, true); });
    handle.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      if (!way || !this.may("lr") || !this.rate) return;
      event.preventDefault();
      this.move(this.rate * (event.shiftKey ? KEY ** 5 : KEY) ** way, true);
    });
  }

  move(/** @type {number} */ rate, /** @type {boolean} */ settled) {
    const { low, high } = this.frame?.header ?? { low: 1e-5, high: 10 };
    this.rate = Number(Math.min(10, high, Math.max(low, 1e-6, rate)).toPrecision(2));
    this.sent = settled ? { rate: this.rate, until: performance.now() + PATIENCE } : null;
    this.edit({ lr: this.rate }, settled);
    this.again();
  }

  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    // An answer to where the line was on its way must not pull it back.
    const answered = !this.sent || performance.now() > this.sent.until || this.sent.rate === header.rate;
    if (answered) this.sent = null;
    if (answered && !this.held) this.rate = header.rate;
    const count = header.steps + 1;
    this.steps = Float32Array.from({ length: count }, (_, i) => i);
    this.runs = header.titles.map((/** @type {string} */ _, /** @type {number} */ k) => blocks.runs.data.subarray(k * count, (k + 1) * count));
    const top = 10 ** Math.ceil(Math.log10(30 * header.begin));
    const low = (/** @type {ArrayLike<number>} */ values, /** @type {number} */ least) => {
      let found = header.begin / 10;
      for (let i = 0; i < values.length; i += 1) if (values[i] > 0 && values[i] < found) found = values[i];
      return 10 ** Math.max(least, Math.floor(Math.log10(found)));
    };
    this.axes = { top, test: low(blocks.losses.data, -8), trial: low(blocks.runs.data, -10) };
  }

  update() {
    const { header } = this.frame ?? {};
    if (!header) return;
    say(this.words, header.words);
    say(this.alt, header.alt);
    mark(this.root, "data-rate", String(header.rate));
    mark(this.root, "data-suggested", String(header.suggested));
    this.handle.hidden = !this.may("lr");
    mark(this.handle, "aria-valuenow", String(header.rate));
    mark(this.handle, "aria-valuetext", String(header.rate));
    this.use.hidden = !this.may("lr");
    this.use.disabled = !header.own;
    say(this.use, header.own ? `Use the suggested rate, ${header.suggested}` : `The suggested rate, ${header.suggested}, is used`);
    this.ends.replaceChildren(...header.ends.map((/** @type {string} */ end, /** @type {number} */ k) => element("li", {}, `${header.titles[k]}, ${SHARES[k]}: ${end}`)));
    mark(this.test.sheet.canvas, "aria-label", header.words);
    mark(this.trial.sheet.canvas, "aria-label", `Loss over ${header.steps} steps. ${header.alt.slice(header.words.length)}`);
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    if (!this.frame || !this.axes) return;
    const { header, blocks } = this.frame;
    const { size } = this;
    const { marks } = header;
    const places = MARKS.filter(([name]) => marks[name] !== null).map(([name, label]) => ({
      x: marks[name], y: this.near(blocks, marks[name]), colour: theme.classes[0], radius: 5, hollow: name !== "steepest", label,
    }));
    const shades = marks.limit === null ? [] : [{ from: marks.limit, to: header.high, label: "blows up" }];
    const guides = [{ x: this.rate, label: `try ${this.rate}`, colour: theme.accent, dash: [] }];
    if (header.truth !== null && header.truth > header.low && header.truth < header.high) guides.push({ x: header.truth, label: `${header.exact ? "true limit" : "limit at the minimum"} ${Number(header.truth.toPrecision(2))}`, colour: theme.ink, dash: [5, 4] });
    this.test.draw(theme, {
      size, x: { low: header.low, high: header.high, log: true, label: "learning rate" },
      y: { low: this.axes.test, high: this.axes.top, log: true, label: "loss above the lowest" },
      lines: [{ x: blocks.rates.data, y: blocks.losses.data, colour: theme.classes[0], width: 2.5 }],
      shades, guides: guides.slice(0, 1), points: places, reading: false,
    });
    this.truth(theme, guides[1]);
    const { box } = this.test;
    const top = this.test.sheet.canvas.offsetTop;
    this.handle.style.transform = `translate(${Math.round(this.test.px(/** @type {number} */ (this.rate)))}px, ${Math.round(top + box.y + box.h - 26)}px)`;
    this.knob(theme);
    this.trial.draw(theme, {
      size, x: { low: 0, high: header.steps, label: "step" }, y: { low: this.axes.trial, high: this.axes.top, log: true, label: "loss above the lowest" },
      lines: this.runs.map((/** @type {Float32Array} */ y, /** @type {number} */ k) => ({ x: this.steps, y, colour: theme.classes[k], dash: DASHES[k], name: header.titles[k], width: k === 1 ? 3 : 2 })),
      names: 5,
    });
  }

  /** The loss at the rate of the test that is nearest. */
  near(blocks, /** @type {number} */ rate) {
    const { rates, losses } = blocks;
    let best = 0;
    for (let i = 1; i < rates.data.length; i += 1) if (Math.abs(Math.log(rates.data[i] / rate)) < Math.abs(Math.log(rates.data[best] / rate))) best = i;
    return losses.data[best];
  }

  /** The limit that the curvature tells, a line below the other's words so that both can be read. */
  truth(theme, guide) {
    if (!guide) return;
    const { context } = this.test.sheet;
    const { x, y, w, h } = this.test.box;
    const at = Math.round(this.test.px(guide.x)) + 0.5;
    Object.assign(context, { strokeStyle: theme.ink, lineWidth: 1.5 });
    context.setLineDash(guide.dash);
    context.beginPath();
    context.moveTo(at, y + this.size * 1.6);
    context.lineTo(at, y + h);
    context.stroke();
    context.setLineDash([]);
    const wide = context.measureText(guide.label).width;
    Object.assign(context, { fillStyle: theme.ink, textAlign: "left", textBaseline: "top" });
    context.fillText(guide.label, Math.max(x + 4, Math.min(at + 5, x + w - wide)), y + this.size * 1.6);
  }

  knob(theme) {
    if (!this.may("lr")) return;
    const { context } = this.test.sheet;
    const { y, h } = this.test.box;
    const [px, py] = [this.test.px(/** @type {number} */ (this.rate)), y + h - 26];
    Object.assign(context, { fillStyle: theme.accent, strokeStyle: theme.paper, lineWidth: 3 });
    context.beginPath();
    context.arc(px, py, 8, 0, 2 * Math.PI);
    context.stroke();
    context.fill();
  }
}

export default hosted(RangeTest);
