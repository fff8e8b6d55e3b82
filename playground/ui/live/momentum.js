// The phase diagram and the run of one of its cells: the mark is moved by hand, the run follows.

import { Contour } from "./contour.js";
import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { PhaseMap, rounded } from "./phase_map.js";
import { Plot } from "./plot.js";
import { Scrubber } from "./scrubber.js";

/** What an arrow key moves the mark by; shift does ten times as much. */
const KEYS = { ArrowLeft: [-0.02, 0], ArrowRight: [0.02, 0], ArrowUp: [0, 0.01], ArrowDown: [0, -0.01] };
const PRESETS = [["plain", "Without momentum"], ["optimum", "Optimum"], ["beyond", "Past the limit"]];
/** So long the mark stays where it was put while the page answers, in milliseconds. */
const PATIENCE = 3000;
/** Losses that are shown. */
const [DEEPEST, TALLEST] = [1e-10, 1e3];

class Momentum extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "momentum", ["visual.css", "scrubber.css", "momentum.css"]);
    this.again = this.again.bind(this);
    this.diagram = new PhaseMap("Phase diagram", this.again);
    this.contour = new Contour("contour", "The valley from above, with the run's path", this.again);
    this.plot = new Plot("losses", "Loss at every step", this.again);
    this.scrubber = new Scrubber({ onmove: () => {}, again: this.again, label: "Run" });
    this.words = element("p", { class: "words", "data-testid": "words" });
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.buttons = PRESETS.map(([name, text]) =>
      element("button", { type: "button", "data-testid": name, onclick: () => this.move(rounded(this.frame?.header[name]), true) }, text));
    this.presets = element("div", { class: "presets", role: "group", "aria-label": "Places of the theory" }, ...this.buttons);
    this.root.classList.add("halves");
    this.root.append(
      this.scrubber.root,
      element("div", { class: "stage" }, element("figure", { class: "figure handled" }, this.diagram.sheet.canvas, this.diagram.handle), this.presets, this.words, this.alt),
      element("div", { class: "panel" },
        element("figure", { class: "figure wide" }, element("h3", {}, "The run of this cell"), this.contour.sheet.canvas),
        element("figure", { class: "figure" }, this.plot.sheet.canvas)),
    );
    this.held = false;
    /** @type {{pair: {lr: number, momentum: number}, until: number} | null} What was told last and is not answered yet. */
    this.sent = null;
    this.listen();
  }

  listen() {
    const { sheet: { canvas }, handle } = this.diagram;
    const go = (/** @type {PointerEvent} */ event, /** @type {boolean} */ settled) => {
      const { left, top } = canvas.getBoundingClientRect();
      this.move(this.diagram.at(event.clientX - left, event.clientY - top), settled);
    };
    const hold = (/** @type {HTMLElement} */ node) => {
      node.addEventListener("pointerdown", (event) => {
        // A finger on the diagram may want to scroll: there it taps, and drags only the mark itself.
        if (!this.free || event.button !== 0 || (node === canvas && (event.pointerType !== "mouse" || !this.diagram.on(event.offsetX, event.offsetY)))) return;
        node.setPointerCapture(event.pointerId);
        this.held = true;
        go(event, false);
      });
      node.addEventListener("pointermove", (event) => { if (this.held) go(event, false); });
      node.addEventListener("pointerup", (event) => {
        if (!this.held) return;
        this.held = false;
        go(event, true);
      });
      node.addEventListener("pointercancel", () => { this.held = false; this.again(); });
    };
    hold(canvas);
    hold(handle);
    canvas.addEventListener("click", (/** @type {PointerEvent} */ event) => {
      if (event.pointerType !== "mouse" && this.diagram.on(event.offsetX, event.offsetY)) go(event, true);
    });
    handle.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const by = KEYS[/** @type {keyof typeof KEYS} */ (event.key)];
      if (!by || !this.free || !this.chosen) return;
      event.preventDefault();
      const times = event.shiftKey ? 10 : 1;
      const highest = this.frame?.header.highest ?? 4;
      this.move({
        lr: Math.min(highest, Math.max(0.01, Math.round(100 * (this.chosen.lr + times * by[0])) / 100)),
        momentum: Math.min(0.99, Math.max(0, Math.round(100 * (this.chosen.momentum + times * by[1])) / 100)),
      }, true);
    });
  }

  /** Whether the mark may be moved. */
  get free() {
    return this.may("lr") && this.may("momentum");
  }

  /** The mark goes at once; the run comes from the page's script. */
  move(/** @type {{lr: number, momentum: number}} */ pair, /** @type {boolean} */ settled) {
    if (!this.free) return;
    this.chosen = pair;
    this.sent = settled ? { pair, until: performance.now() + PATIENCE } : null;
    this.edit(pair, settled);
    this.again();
  }

  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    const [rows, columns] = blocks.table.shape;
    this.diagram.show(/** @type {any} */ ({ ...header, rows, columns, table: blocks.table.data, swings: blocks.swings.data }));
    if (this.condition !== header.values.join() || !this.relief) {
      this.condition = header.values.join();
      this.relief = { side: header.side, shares: blocks.shares.data, levels: blocks.levels.data, values: header.values };
    }
    // An answer to where the mark was on its way must not pull it back.
    const answered = !this.sent || performance.now() > this.sent.until || (this.sent.pair.lr === header.lr && this.sent.pair.momentum === header.momentum);
    if (answered) this.sent = null;
    if (answered && !this.held) this.chosen = { lr: header.lr, momentum: header.momentum };
    this.scrubber.length = blocks.x.data.length - 1;
    this.scrubber.at = this.scrubber.playing ? this.scrubber.at : this.scrubber.length;
    const { length } = this.scrubber;
    this.steps = Float32Array.from({ length: length + 1 }, (_, i) => i);
  }

  update() {
    const { header } = this.frame ?? {};
    if (!header) return;
    say(this.words, header.words);
    say(this.alt, header.alt);
    this.diagram.say(header.alt);
    this.contour.say(`Path of the run on the valley. ${header.words}`);
    mark(this.root, "data-lr", String(header.lr));
    mark(this.root, "data-momentum", String(header.momentum));
    mark(this.root, "data-regime", header.regime);
    this.presets.hidden = !this.free || this.present; // its room goes to the diagram
    mark(this.diagram.sheet.canvas, "data-free", this.free ? "true" : null);
    this.diagram.handle.hidden = !this.free;
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    if (!this.frame || !this.chosen) return;
    const { header, blocks } = this.frame;
    const { size } = this;
    mark(this.root, "data-step", String(this.scrubber.at));
    this.diagram.draw(theme, { size, chosen: this.chosen, held: this.held, brief: this.present });
    this.contour.draw(theme, {
      size, relief: /** @type {any} */ (this.relief), domain: header.domain, names: ["x: flat axis", "y: steep axis"], legend: false,
      paths: [{ x: blocks.x.data, y: blocks.y.data, last: this.scrubber.at, colour: theme.classes[0], marker: "circle" }],
      places: [{ x: 0, y: 0, kind: "minimum" }],
    });
    const slope = header.factor < 1 ? `theory: ${(2 * Math.log10(Math.max(header.factor, 1e-99))).toFixed(3).replace("-", "\u2212")} digits a step` : "theory";
    this.plot.draw(theme, {
      size,
      x: { low: 0, high: this.scrubber.length, label: "step" },
      y: { low: DEEPEST, high: TALLEST, label: `loss; dashed: ${slope}`, log: true },
      lines: [
        { x: this.steps, y: blocks.expected.data, colour: theme.muted, dash: [6, 4], width: 1.5 },
        { x: this.steps, y: blocks.loss.data, colour: theme.classes[0], last: this.scrubber.at, name: "" },
      ],
      reading: false,
    });
    mark(this.plot.sheet.canvas, "aria-label", `Loss over ${this.scrubber.length} steps on a log axis. Each step leaves ${header.factor.toFixed(4)} of the distance by theory, ${header.found?.toFixed(4) ?? "not measurable"} as measured over the second half.`);
  }

  end() {
    this.scrubber.end();
    super.end();
  }
}

export default hosted(Momentum);
