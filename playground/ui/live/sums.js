// How a few neurons of one hidden layer bend a line into a curve: each is dragged, the sum and its error follow at once.
//
// A neuron has two handles. The square one stands below its kink and moves it. The round one lies on its curve, a fixed way
// into its bend: up and down is its output weight, nearer to the kink or further away is its slope, across it the sign.

import { added, between, contribution, flattened, fresh, Handles, meanSquared, neurons, signed, Table, total, written } from "./bent.js";
import { element, icon, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { decimal } from "./numbers.js";
import { Plot } from "./plot.js";
import { Tries } from "./tries.js";

const HEIGHTS = { low: -1.5, high: 2 };
const LINE = 401;
/** How long it takes to pass over to neurons that were fitted or chosen, in milliseconds. */
const PASSAGE = 450;

class Sums extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "sums", ["visual.css", "tries.css", "sums.css"]);
    /** @type {import("./bent.js").Neuron[]} What is drawn; a hand or a passage may be ahead of the page. */
    this.list = [];
    /** What was told to the page and has not come back yet, the oldest first. @type {string[]} */
    this.sent = [];
    this.best = { of: "", error: Infinity, flat: /** @type {number[]} */ ([]) };
    /** @type {{grip: HTMLElement, i: number, kind: string} | null} */
    this.held = null;
    /** @type {{from: import("./bent.js").Neuron[], to: import("./bent.js").Neuron[], since: number} | null} */
    this.passage = null;
    this.title = element("h3");
    this.plot = new Plot("sums-plot", "Sum of neurons and target", () => this.again());
    this.bench = element("div", { class: "bench" }, this.plot.sheet.canvas);
    /** @type {{kink: HTMLElement, tip: HTMLElement}[]} */
    this.grips = [];
    this.error = element("b", { "data-testid": "sums-error" });
    this.bestText = element("span", { "data-testid": "sums-best" });
    this.back = element("button", { type: "button", "data-testid": "sums-back", onclick: () => this.change(neurons(this.best.flat), true) }, "Back to it");
    this.terms = element("ul", { class: "terms", "data-testid": "sums-terms" });
    this.count = element("span", { class: "count" });
    const press = (/** @type {"plus" | "minus"} */ name, /** @type {string} */ label, /** @type {() => void} */ act) => element("button", { type: "button", "data-testid": `sums-${name}`, "aria-label": label, onclick: act }, icon(name));
    this.fewer = press("minus", "One neuron fewer", () => this.change(this.list.slice(0, -1)));
    this.more = press("plus", "One more neuron, where the error is largest", () => this.grow());
    this.words = element("p", { class: "words", "data-testid": "words" });
    this.tries = new Tries((changes) => {
      this.sent = []; // whatever was on its way, this is what is wished now
      this.edit(changes);
    });
    this.alt = element("div", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.stepper = element("span", { class: "stepper count-row" }, this.fewer, this.count, this.more);
    this.root.append(
      element("div", { class: "stage" }, element("div", { class: "figure" }, this.title, this.bench)),
      element("div", { class: "panel" }, element("h3", {}, "Mean squared error"), element("div", { class: "error" }, this.error, element("div", { class: "best" }, this.bestText, this.back)),
        this.stepper, this.terms, this.words, element("h3", { class: "try" }, "Try"), this.tries.root), this.alt,
    );
  }

  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    this.header = header;
    this.table = new Table(/** @type {Float32Array} */ (blocks.table.data), header.reach);
    this.handles = new Handles(this.table, header);
    this.wanted = blocks.target.data;
    const spread = (/** @type {number} */ n) => Float64Array.from({ length: n }, (_, i) => -header.extent + (2 * header.extent * i) / (n - 1));
    this.x = spread(LINE);
    this.samples = spread(this.wanted.length);
    const known = this.sent.lastIndexOf(JSON.stringify(header.neurons));
    if (known >= 0) this.sent.splice(0, known + 1); // our own, come back: the hand may be further on by now
    else if (!this.held) {
      this.sent = [];
      this.pass(neurons(header.neurons));
    }
  }

  update() {
    if (!this.header) return;
    this.tries.update(this.header.tries, (field) => this.may(field));
    const may = this.may("neurons");
    this.bench.toggleAttribute("data-fixed", !may);
    this.stepper.hidden = !may;
  }

  /** Goes over to other neurons: smoothly where they are as many. */
  pass(/** @type {import("./bent.js").Neuron[]} */ to) {
    const same = JSON.stringify(to) === JSON.stringify(this.list);
    this.passage = same || this.calm || to.length !== this.list.length ? null : { from: this.list, to, since: performance.now() };
    if (!this.passage) this.list = to;
  }

  /** Takes neurons that the hand made, and tells the page. */
  change(/** @type {import("./bent.js").Neuron[]} */ list, smooth = false, settled = true) {
    const flat = flattened(list);
    if (smooth) this.pass(list);
    else [this.list, this.passage] = [list, null];
    this.sent.push(JSON.stringify(flat));
    this.edit({ neurons: flat }, settled);
    this.again();
  }

  /** One neuron more. */
  grow() {
    const sum = total(this.list.map((one) => contribution(this.table, one, this.samples)), this.samples.length);
    this.change([...this.list, fresh(this.samples, sum, this.wanted, this.header.bend)]);
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    if (!this.header) return;
    this.move();
    const { header, list, size, plot } = this;
    const rows = list.map((one) => contribution(this.table, one, this.x));
    const sum = total(rows, LINE);
    const error = meanSquared(total(list.map((one) => contribution(this.table, one, this.samples)), this.samples.length), this.wanted);
    plot.draw(theme, {
      size, x: { low: -header.extent, high: header.extent, label: "x" }, y: { ...HEIGHTS, label: "" }, names: this.present ? 3.6 : 4,
      lines: [
        ...rows.map((y, i) => ({ x: this.x, y, colour: theme.classes[i], width: 1.75 })),
        { x: this.samples, y: this.wanted, name: "target", colour: theme.muted, width: 2.5, dash: [7, 5] },
        { x: this.x, y: sum, name: "sum", colour: theme.ink, width: 4 },
      ],
    });
    this.place(theme);
    this.tell(theme, error, sum);
  }

  /** The passage to other neurons, one picture further. */
  move() {
    if (!this.passage) return;
    const { from, to, since } = this.passage;
    const share = Math.min(1, (performance.now() - since) / PASSAGE);
    const eased = share * share * (3 - 2 * share);
    this.list = to.map((one, i) => between(from[i], one, eased));
    if (share < 1) this.again();
    else [this.list, this.passage] = [to, null];
  }

  /** Puts the handles where the neurons are. */
  place(theme) {
    const may = this.may("neurons");
    while (this.grips.length > this.list.length) for (const grip of Object.values(this.grips.pop() ?? {})) grip.remove();
    while (this.grips.length < this.list.length) this.grips.push(this.pair(this.grips.length));
    const { x, y, w, h } = this.plot.box;
    const context = this.plot.sheet.context;
    const edge = this.present ? 16 : 12;
    for (const [i, { kink, tip: round }] of this.grips.entries()) {
      const one = this.list[i];
      const [at, floor] = [this.plot.px(one.place), y + h - edge - 2];
      const tip = this.handles.tip(one);
      const inside = [Math.min(x + w - edge, Math.max(x + edge, this.plot.px(tip.x))), Math.min(y + h - edge, Math.max(y + edge, this.plot.py(tip.y)))];
      context.save();
      Object.assign(context, { strokeStyle: theme.classes[i], lineWidth: 1, globalAlpha: 0.8 });
      context.setLineDash([2, 3]);
      context.beginPath();
      context.moveTo(at, floor - edge);
      context.lineTo(at, Math.min(floor - edge, Math.max(y, this.plot.py(one.output * this.table.at(0)))));
      context.stroke();
      context.restore();
      for (const [grip, [left, top], what] of /** @type {[HTMLElement, number[], string][]} */ ([
        [kink, [at, floor], `kink at ${signed(one.place)}`], [round, inside, `output weight ${signed(one.output)}, slope ${signed(one.slope)}`],
      ])) {
        grip.hidden = !may;
        grip.style.left = `${left}px`;
        grip.style.top = `${top}px`;
        grip.style.setProperty("--hue", theme.classes[i]);
        mark(grip, "aria-label", `Neuron ${i + 1}: ${what}. ${grip === kink ? "Arrows left and right move it." : "Arrows up and down change the weight, left and right the slope."}`);
      }
    }
  }

  pair(/** @type {number} */ i) {
    const make = (/** @type {"kink" | "tip"} */ kind) => {
      const grip = element("button", {
        type: "button", class: `grip ${kind}`, "data-testid": `${kind}-${i}`,
        onpointerdown: (/** @type {PointerEvent} */ event) => this.grab(event), onpointermove: (/** @type {PointerEvent} */ event) => this.drag(event),
        onpointerup: () => this.drop(), onpointercancel: () => this.drop(), onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event, i, kind),
      }, String(i + 1));
      this.bench.append(grip);
      return grip;
    };
    return { kink: make("kink"), tip: make("tip") };
  }

  /** Takes the handle that is nearest to the finger, also where several lie under it. */
  grab(/** @type {PointerEvent} */ event) {
    event.preventDefault();
    let nearest = Infinity;
    for (const [i, pair] of this.grips.entries()) {
      for (const [kind, grip] of Object.entries(pair)) {
        const { left, top, width, height } = grip.getBoundingClientRect();
        const far = Math.hypot(event.clientX - left - width / 2, event.clientY - top - height / 2);
        if (far < nearest) [nearest, this.held] = [far, { grip, i, kind }];
      }
    }
    if (!this.held) return;
    const { grip } = this.held;
    grip.setPointerCapture(event.pointerId);
    grip.focus({ preventScroll: true });
    mark(grip, "data-held", "");
    this.passage = null;
    this.moved = false;
    this.from = { x: event.clientX, y: event.clientY };
  }

  drag(/** @type {PointerEvent} */ event) {
    if (!this.held || !this.from) return;
    if (!this.moved && Math.hypot(event.clientX - this.from.x, event.clientY - this.from.y) < 3) return;
    this.moved = true;
    const { left, top } = this.bench.getBoundingClientRect();
    const at = { x: this.plot.xAt(event.clientX - left), y: this.plot.yAt(event.clientY - top) };
    const { i, kind } = this.held;
    const one = this.list[i];
    const to = kind === "kink" ? this.handles.moved(one, at.x) : this.handles.bent(one, at.x - one.place, at.y);
    this.list = this.list.map((other, k) => (k === i ? to : other));
    this.again();
  }

  drop() {
    if (!this.held) return;
    mark(this.held.grip, "data-held", null);
    this.held = null;
    if (this.moved) this.change(this.list);
    this.again();
  }

  key(/** @type {KeyboardEvent} */ event, /** @type {number} */ i, /** @type {"kink" | "tip"} */ kind) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way || (kind === "kink" && way[1])) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? 5 : 1;
    const to = this.handles.nudged(this.list[i], kind, way[0] * far, way[1] * far);
    this.change(this.list.map((other, k) => (k === i ? to : other)), false, false);
  }

  /** Numbers and words beside the picture. */
  tell(theme, /** @type {number} */ error, /** @type {Float64Array} */ sum) {
    const { header, list } = this;
    const n = list.length;
    say(this.title, n === 1 ? "One neuron and the target" : `The sum of ${n} neurons and the target`);
    say(this.error, decimal(error));
    const of = [header.target, header.activation, n].join();
    if (this.best.of !== of) this.best = { of, error: Infinity, flat: [] };
    if (!this.passage && error < this.best.error - 1e-9) this.best = { of, error, flat: flattened(list) };
    say(this.bestText, Number.isFinite(this.best.error) ? `best so far ${decimal(this.best.error)}` : "");
    this.back.hidden = !(error > this.best.error + 5e-4) || !this.may("neurons");
    say(this.count, n === 1 ? "1 neuron" : `${n} neurons`);
    this.fewer.disabled = n <= 1;
    this.more.disabled = n >= header.most;
    while (this.terms.children.length > n) this.terms.lastChild.remove();
    while (this.terms.children.length < n) this.terms.append(element("li", {}, element("span", { class: "swatch" }), element("span", { class: "number" }), element("span", { class: "term" })));
    for (const [i, one] of list.entries()) {
      const [swatch, number, term] = this.terms.children[i].children;
      swatch.style.setProperty("--hue", theme.classes[i]);
      say(number, String(i + 1));
      say(term, written(one, header.symbol));
    }
    say(this.words, this.sentence(error, sum));
    mark(this.root, "data-error", error.toPrecision(4));
    mark(this.root, "data-neurons", String(n));
    mark(this.root, "data-moving", this.held || this.passage ? "" : null);
    const seen = `${n === 1 ? `One neuron with ${header.title} makes` : `${n} neurons with ${header.title} add up to`} a curve whose mean squared distance from the target, ${header.targetTitle}, is ${decimal(error)}. ${list.map((one, i) => `${i + 1}: ${written(one, header.symbol)}`).join("; ")}.`;
    mark(this.plot.sheet.canvas, "aria-label", seen);
    if (!this.held && !this.passage) say(this.alt, seen);
  }

  sentence(/** @type {number} */ error, /** @type {Float64Array} */ sum) {
    const { header, list } = this;
    if (header.activation === "identity") {
      const slope = (sum[LINE - 1] - sum[0]) / (2 * header.extent);
      const high = (sum[LINE - 1] + sum[0]) / 2;
      return `Without an activation every neuron is a line, and a weighted sum of lines is a line: ${signed(slope)}x ${added(high)}. No straight line gets below ${decimal(header.line)}.`;
    }
    if (error < 0.0005) return `The sum lies on the target: ${list.length === 1 ? "one neuron is" : `${list.length} neurons are`} enough for it. Can fewer do it?`;
    if (error < 0.01) return "Close. What is left is where the target bends faster than the neurons there do.";
    if (error > header.line) return `Worse than the best straight line, which misses by ${decimal(header.line)}. Drag a square to move a kink, a round handle to bend.`;
    return `Better than any straight line (${decimal(header.line)}). Put the kinks where the target bends.`;
  }
}

export default hosted(Sums);
