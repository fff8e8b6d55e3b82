// Learning-rate schedules, drawn and raced: the factor at every step, the mean loss it leads to, and one run from above.

import { Contour } from "./contour.js";
import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { decimal } from "./numbers.js";
import { Plot } from "./plot.js";
import { Scrubber } from "./scrubber.js";

class Schedules extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "schedules", ["visual.css", "scrubber.css", "momentum.css"]);
    this.again = this.again.bind(this);
    this.rates = new Plot("rates", "The factor of every schedule", this.again);
    this.race = new Plot("race", "Mean loss under every schedule", this.again);
    this.contour = new Contour("contour", "One run from above", this.again);
    this.scrubber = new Scrubber({ onmove: () => {}, again: this.again, label: "Race" });
    this.names = element("div", { class: "presets", role: "group", "aria-label": "Schedules" });
    this.words = element("p", { class: "words", "data-testid": "words" });
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.below = element("h3", {});
    this.root.classList.add("halves", "left");
    this.root.append(
      this.scrubber.root,
      element("div", { class: "stage" },
        element("figure", { class: "figure low" }, this.rates.sheet.canvas),
        element("figure", { class: "figure" }, this.race.sheet.canvas)),
      element("div", { class: "panel" }, this.names, element("figure", { class: "figure" }, this.below, this.contour.sheet.canvas), this.words, this.alt),
    );
    for (const plot of [this.rates, this.race]) plot.sheet.canvas.addEventListener("click", (/** @type {PointerEvent} */ event) => this.nearest(plot, event));
  }

  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    const [count, steps] = blocks.factors.shape;
    const row = (/** @type {string} */ name, /** @type {number} */ k, /** @type {number} */ length) => blocks[name].data.subarray(k * length, (k + 1) * length);
    this.lines = Array.from({ length: count }, (_, k) => ({
      factor: row("factors", k, steps), loss: row("losses", k, steps + 1),
      x: row("paths", 2 * k, steps + 1), y: row("paths", 2 * k + 1, steps + 1),
    }));
    this.steps = Float32Array.from({ length: steps + 1 }, (_, i) => i);
    this.relief = { side: header.side, shares: blocks.shares.data, levels: blocks.levels.data, values: header.values };
    const ended = this.scrubber.at >= this.scrubber.length;
    this.scrubber.length = steps;
    if (ended) this.scrubber.at = steps;
    let low = Infinity;
    for (const value of blocks.losses.data) if (value > 0 && value < low) low = value;
    this.deepest = 10 ** Math.max(-10, Math.floor(Math.log10(Math.min(low, header.begin / 10))));
    this.tallest = 10 ** Math.ceil(Math.log10(header.begin * 3));
  }

  update() {
    const { header } = this.frame ?? {};
    if (!header) return;
    say(this.words, header.words);
    say(this.alt, header.alt);
    mark(this.root, "data-schedule", header.names[header.chosen]);
    this.buttons = header.titles.map((/** @type {string} */ title, /** @type {number} */ k) =>
      element("button", {
        type: "button", "data-testid": `schedule-${header.names[k]}`, "aria-pressed": String(k === header.chosen), disabled: !this.may("schedule"),
        onclick: () => this.edit({ schedule: header.names[k] }),
      }, element("i", { class: "hue" }), title));
    this.names.replaceChildren(...this.buttons);
    mark(this.race.sheet.canvas, "aria-label", header.alt);
    mark(this.rates.sheet.canvas, "aria-label", `Factor on the learning rate of ${header.rate} over ${this.scrubber.length} steps, one line for each schedule; thick: ${header.titles[header.chosen]}.`);
  }

  /** A click on a line chooses it. */
  nearest(/** @type {Plot} */ plot, /** @type {PointerEvent} */ event) {
    if (!this.may("schedule") || !this.lines || !this.frame) return;
    const step = Math.round(plot.xAt(event.offsetX));
    const far = this.lines.map((line) => {
      const value = (plot === this.rates ? line.factor : line.loss)[Math.min(this.scrubber.length - 1, Math.max(0, step))];
      return Math.abs(plot.py(value) - event.offsetY);
    });
    const found = far.indexOf(Math.min(...far.filter(Number.isFinite)));
    if (found >= 0 && far[found] < 24) this.edit({ schedule: this.frame.header.names[found] });
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    if (!this.frame || !this.lines) return;
    const { header } = this.frame;
    const { size, scrubber: { at, length } } = this;
    mark(this.root, "data-step", String(at));
    this.buttons?.forEach((/** @type {HTMLElement} */ button, /** @type {number} */ k) => button.style.setProperty("--hue", theme.classes[k]));
    const order = this.lines.map((_, k) => k).filter((k) => k !== header.chosen).concat(header.chosen);
    const look = (/** @type {number} */ k) => ({ colour: theme.classes[k], width: k === header.chosen ? 3.5 : 1.5, alpha: k === header.chosen ? 1 : 0.8 });
    const named = (/** @type {number} */ k) => (this.narrow && k !== header.chosen ? "" : header.titles[k]);
    this.rates.draw(theme, {
      size, x: { low: 0, high: length, label: "" }, y: { low: 0, high: 1.05, label: `learning rate, in units of ${decimal(header.rate)}` },
      lines: order.map((k) => ({ x: this.steps, y: this.lines[k].factor, ...look(k) })),
      guides: at < length ? [{ x: at, dash: [] }] : [], names: this.narrow ? 6.5 : 8, reading: false,
    });
    this.race.draw(theme, {
      size, x: { low: 0, high: length, label: "step" },
      y: { low: this.deepest ?? 1e-3, high: this.tallest ?? 10, log: true, label: header.runs > 1 ? `loss above the lowest, mean of ${header.runs} runs` : "loss above the lowest" },
      lines: order.map((k) => ({ x: this.steps, y: this.lines[k].loss, last: at, name: named(k), ...look(k) })), names: this.narrow ? 6.5 : 8,
    });
    const shown = header.chosen === 0 ? [0] : [0, header.chosen];
    say(this.below, header.runs > 1 ? "One of the runs, from above" : "The run, from above");
    this.contour.draw(theme, {
      size, relief: /** @type {any} */ (this.relief), domain: header.domain, legend: false,
      paths: shown.map((k) => ({ x: this.lines[k].x, y: this.lines[k].y, last: at, colour: theme.classes[k], name: header.titles[k], marker: k })),
      places: header.minima.map(([x, y]) => ({ x, y, kind: "minimum" })),
    });
    this.contour.say(`Paths of one run with ${shown.map((k) => header.titles[k]).join(" and ")}.`);
  }

  end() {
    this.scrubber.end();
    super.end();
  }
}

export default hosted(Schedules);
