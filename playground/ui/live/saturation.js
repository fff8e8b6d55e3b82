// One sigmoid unit that begins sure and wrong: what two losses say there, and how far each gets from the same start.

import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { LossCurves, Samples, look } from "./loss_curves.js";
import { decimal, whole } from "./numbers.js";
import { Plot } from "./plot.js";
import { Shared, snap } from "./shared.js";
import { ValueTable } from "./value_table.js";

const LOGIT = { low: -10, high: 10, label: "logit" };
const STEP = 0.1;

class Saturation extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "saturation", ["visual.css", "losses.css"]);
    this.root.dataset.layout = "halves";
    this.shared = new Shared();
    const put = (/** @type {number} */ x, /** @type {boolean} */ settled) => this.change({ logit: snap(x, STEP, LOGIT.low, LOGIT.high) }, settled);
    this.curves = new LossCurves(() => this.again(), { label: "First logit", set: put, step: (steps, settled) => put(this.shared.values.logit + steps * STEP, settled) });
    this.table = new ValueTable("at-start");
    this.plot = new Plot("paths", "Probability over steps", () => this.again());
    this.words = element("p", { class: "words" });
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(
      element("div", { class: "stage" }, this.curves.root),
      element("div", { class: "panel" }, this.table.root,
        element("div", { class: "figure" }, element("h3", {}, "The same start, trained with each"), this.plot.sheet.canvas), this.words),
      this.alt);
  }

  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    const rows = header.losses.length;
    this.values = new Samples(header.low, header.step, blocks.values.data, rows);
    this.slopes = new Samples(header.low, header.step, blocks.slopes.data, rows);
    const length = blocks.paths.data.length / rows;
    this.paths = Array.from({ length: rows }, (_, r) => blocks.paths.data.subarray(r * length, (r + 1) * length));
    this.steps = Array.from({ length }, (_, i) => i);
    /** @type {{name: string, title: string}[]} */
    this.losses = header.losses;
    this.page = header;
  }

  update(/** @type {Record<string, any>} */ data) {
    this.shared.hear({ logit: data.logit });
  }

  change(/** @type {Record<string, any>} */ changes, /** @type {boolean} */ settled) {
    if (!Object.keys(changes).every((field) => this.may(field))) return;
    this.shared.set(changes);
    this.edit(changes, settled); // the page walks the paths, also while the hand is on its way
    this.again();
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    if (!this.page) return;
    const { logit } = this.shared.values;
    const { losses, size, page } = this;
    const last = this.steps.length - 1;
    const numbers = losses.map((_, row) => [this.values.at(row, logit), this.slopes.at(row, logit)]);
    const facts = losses.map(({ title }, row) => `${title}: loss ${decimal(numbers[row][0])}, slope ${decimal(numbers[row][1])}`);
    this.curves.draw(theme, {
      size, x: LOGIT, above: { low: 0, high: 10, label: "loss (target 1)" }, below: { low: -1.15, high: 0.15, label: "its slope in the logit" },
      losses, values: this.values, slopes: this.slopes, at: logit, held: this.may("logit"), names: 9.5,
      text: `first logit ${decimal(logit)}: ${facts.join("; ")}`,
    });
    const ends = losses.map((_, row) => this.paths[row][last]);
    this.table.update(`At the start: logit ${decimal(logit)}`, ["", "loss", "slope", `p after ${whole(last)}`], losses.map(({ name, title }, row) => ({
      title, look: look(theme, name), cells: [...numbers[row], ends[row]].map(decimal),
    })));
    this.plot.draw(theme, {
      size, x: { low: 0, high: last, label: "step" }, y: { low: 0, high: 1, label: "probability of the right class" }, numbers: 2.2,
      lines: losses.map(({ name, title }, row) => ({ x: this.steps, y: this.paths[row], name: title, ...look(theme, name), width: 2.5 })),
      guides: [{ y: 0.5 }],
      points: ends.map((y, row) => ({ x: last, y, colour: look(theme, losses[row].name).colour })),
      reading: true,
    });
    const half = page.halfway.map((/** @type {number | null} */ step) => (step === null ? `does not pass one half within ${whole(last)} steps` : step === 0 ? "is past one half from the start" : `passes one half after ${whole(step)} step${step === 1 ? "" : "s"}`));
    say(this.words, losses.map(({ title }, row) => `${title} ${half[row]}.`).join(" "));
    const text = `${facts.join(". ")}. ${losses.map(({ title }, row) => `${title}: probability ${decimal(ends[row])} after ${whole(last)} steps; it ${half[row]}`).join(". ")}.`;
    say(this.alt, text);
    mark(this.curves.above.sheet.canvas, "aria-label", `Losses over the logit. ${facts.join(". ")}.`);
    mark(this.curves.below.sheet.canvas, "aria-label", `Their slopes over the logit. ${facts.join(". ")}.`);
    mark(this.plot.sheet.canvas, "aria-label", text);
    mark(this.root, "data-logit", String(logit));
    mark(this.root, "data-ends", ends.map((p) => p.toFixed(3)).join());
    mark(this.root, "data-from", page.logit === logit ? "page" : "hand");
  }
}

export default hosted(Saturation);
