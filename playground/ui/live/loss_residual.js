// Losses of a number: what a miss costs, and which constant each loss puts in place of points that the hand moves.

import { element, mark, say } from "./dom.js";
import { Grip } from "./grip.js";
import { Host, hosted } from "./host.js";
import { LossCurves, Samples, look } from "./loss_curves.js";
import { decimal, short } from "./numbers.js";
import { Plot } from "./plot.js";
import { Shared, snap } from "./shared.js";
import { ValueTable } from "./value_table.js";

const RESIDUAL = { low: -4, high: 4, label: "residual: output less target" };
const PLACE = { low: -2, high: 10, label: "the points, and the constant" };
const STEP = 0.05;
const POINT_STEP = 0.1;
const MOST = 9;
const NAMES = ["mean", "median", "in between"];

class Residual extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "loss-residual", ["visual.css", "losses.css"]);
    this.root.dataset.layout = "halves";
    this.shared = new Shared();
    const again = () => this.again();
    const put = (/** @type {number} */ x, /** @type {boolean} */ settled) => this.change({ residual: snap(x, STEP, RESIDUAL.low, RESIDUAL.high) }, settled);
    this.curves = new LossCurves(again, { label: "Residual", set: put, step: (steps, settled) => put(this.shared.values.residual + steps * STEP, settled) });
    this.table = new ValueTable("at-residual");
    this.plot = new Plot("outlier", "Mean loss over the constant", again);
    this.grips = Array.from({ length: MOST }, (_, k) => new Grip({
      name: `point-${k}`, label: `Point ${k + 1}`, along: "x",
      move: (x, _y, settled) => this.point(k, this.plot.xAt(x), settled),
      step: (steps, settled) => this.point(k, this.shared.values.points[k] + steps * POINT_STEP, settled),
    }));
    for (const grip of this.grips) grip.root.classList.add("point");
    this.words = element("p", { class: "words" });
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(
      element("div", { class: "stage" }, this.curves.root),
      element("div", { class: "panel" },
        this.table.root,
        element("div", { class: "figure" }, element("h3", {}, "One number for all the points"),
          element("div", { class: "over" }, this.plot.sheet.canvas, ...this.grips.map((grip) => grip.root))),
        this.words),
      this.alt);
  }

  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    const rows = header.losses.length;
    this.values = new Samples(header.low, header.step, blocks.values.data, rows);
    this.slopes = new Samples(header.low, header.step, blocks.slopes.data, rows);
    /** @type {{name: string, title: string}[]} */
    this.losses = header.losses;
    this.page = header;
  }

  update(/** @type {Record<string, any>} */ data) {
    this.shared.hear({ residual: data.residual, points: data.points });
  }

  change(/** @type {Record<string, any>} */ changes, /** @type {boolean} */ settled) {
    this.shared.put(this, changes, settled);
  }

  point(/** @type {number} */ k, /** @type {number} */ x, /** @type {boolean} */ settled) {
    const points = [...this.shared.values.points];
    points[k] = snap(x, POINT_STEP, PLACE.low, PLACE.high);
    this.change({ points }, settled);
  }

  /** The constant that a loss chooses: the page's own where it has heard of these points, else found in its samples. */
  pick(/** @type {number} */ row) {
    const { points } = this.shared.values;
    if (JSON.stringify(points) === JSON.stringify(this.page.points)) return this.page.picks[row];
    const pull = (/** @type {number} */ at) => points.reduce((/** @type {number} */ sum, /** @type {number} */ y) => sum + this.slopes.at(row, at - y), 0);
    const [low, high] = [Math.min(...points), Math.max(...points)];
    const turn = (/** @type {(at: number) => boolean} */ reached) => {
      let [a, b] = [low, high];
      if (reached(a)) return a;
      for (let i = 0; i < 40; i += 1) {
        const middle = (a + b) / 2;
        if (reached(middle)) b = middle;
        else a = middle;
      }
      return b;
    };
    return [turn((at) => pull(at) >= -1e-4), turn((at) => pull(at) > 1e-4)];
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    if (!this.page) return;
    const { residual, points } = this.shared.values;
    const { losses, size } = this;
    const picks = losses.map((_, row) => this.pick(row));
    const middles = picks.map(([low, high]) => (low + high) / 2);
    const cost = (/** @type {number} */ row, /** @type {number} */ at) => points.reduce((/** @type {number} */ sum, /** @type {number} */ y) => sum + this.values.at(row, at - y), 0) / points.length;
    const facts = losses.map(({ title }, row) => `${title}: loss ${decimal(this.values.at(row, residual))}, slope ${decimal(this.slopes.at(row, residual))}`);
    this.curves.draw(theme, {
      size, x: RESIDUAL, above: { low: 0, high: 8, label: "loss" }, below: { low: -6, high: 6, label: "its slope in the output" },
      losses, values: this.values, slopes: this.slopes, at: residual, held: this.may("residual"),
      text: `residual ${decimal(residual)}: ${facts.join("; ")}`,
    });
    this.table.update(`At a residual of ${decimal(residual)}`, ["", "loss", "slope", "chooses"], losses.map(({ name, title }, row) => ({
      title, look: look(theme, name), cells: [this.values.at(row, residual), this.slopes.at(row, residual), middles[row]].map(decimal),
    })));
    const grid = Array.from({ length: 121 }, (_, i) => PLACE.low + (i * (PLACE.high - PLACE.low)) / 120);
    this.plot.draw(theme, {
      size, x: PLACE, y: { low: 0, high: 16, label: "mean loss of one constant for all" }, reading: false, names: 0.6,
      lines: losses.map(({ name }, row) => ({ x: grid, y: grid.map((at) => cost(row, at)), ...look(theme, name), width: 2.25 })),
      guides: middles.map((x, row) => ({ x, colour: look(theme, losses[row].name).colour, dash: look(theme, losses[row].name).dash })),
      points: middles.map((x, row) => ({ x, y: cost(row, x), colour: look(theme, losses[row].name).colour, radius: size * 0.42 })),
    });
    this.grips.forEach((grip, k) => {
      const x = points[k] ?? 0;
      grip.place(this.plot.px(x), this.plot.py(0), { now: x, low: PLACE.low, high: PLACE.high, text: `point ${k + 1} at ${decimal(x)}`, shown: k < points.length });
      mark(grip.root, "aria-disabled", this.may("points") ? null : "true");
    });
    this.say(points, losses, picks, middles, facts);
  }

  say(points, losses, picks, middles, facts) {
    const centre = median(points);
    const far = points.reduce((/** @type {number} */ a, /** @type {number} */ b) => (Math.abs(b - centre) > Math.abs(a - centre) ? b : a));
    const words = losses.map(({ name, title }, row) => {
      const which = name === "mse" ? NAMES[0] : name === "mae" ? NAMES[1] : NAMES[2];
      const [low, high] = picks[row];
      return `${title} chooses ${decimal(middles[row])} (${which}${high - low > 0.05 ? `, or any number from ${short(low)} to ${short(high)}` : ""})`;
    });
    const [mean, middle] = ["mse", "mae"].map((name) => losses.findIndex((/** @type {{name: string}} */ one) => one.name === name));
    say(this.words, mean >= 0 && middle >= 0
      ? `The farthest point, ${decimal(far)}, draws the mean to ${decimal(middles[mean])}. The median stays at ${decimal(middles[middle])}: there only the side counts, not how far.`
      : `Drag a point: the farthest one is at ${decimal(far)}.`);
    const text = `${facts.join(". ")}. For the points ${points.map(decimal).join(", ")}: ${words.join("; ")}.`;
    say(this.alt, text);
    mark(this.curves.above.sheet.canvas, "aria-label", `Losses over the residual. ${facts.join(". ")}.`);
    mark(this.curves.below.sheet.canvas, "aria-label", `Their slopes over the residual. ${facts.join(". ")}.`);
    mark(this.plot.sheet.canvas, "aria-label", `Mean loss over the constant. ${words.join("; ")}.`);
    mark(this.root, "data-residual", String(this.shared.values.residual));
    mark(this.root, "data-points", points.join(","));
    mark(this.root, "data-picks", middles.map((/** @type {number} */ x) => x.toFixed(2)).join(","));
    mark(this.root, "data-from", JSON.stringify(points) === JSON.stringify(this.page.points) ? "page" : "hand");
  }
}

function median(/** @type {number[]} */ points) {
  const sorted = [...points].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.floor(half - 0.5)] + sorted[Math.floor(half)]) / 2;
}

export default hosted(Residual);
