// Precision and recall as fractions of counts, and the average precision of each class that has true boxes.

import { hue } from "./colours.js";
import { element, mark, say } from "./dom.js";
import { counts, ratios, two } from "./verdicts.js";

export class Scores {
  /**
   * @param {(view: string) => void} look        Another class, or all.
   * @param {(confidence: number) => void} turn
   */
  constructor(look, turn) {
    this.look = look;
    this.views = element("div", { class: "views", role: "radiogroup", "aria-label": "Class whose numbers are shown" });
    this.precision = ratio("Precision", "precision", "F", "of the boxes shown");
    this.recall = ratio("Recall", "recall", "M", "of the true boxes");
    this.ratios = element("div", { class: "ratios" }, this.precision.root, this.recall.root);
    this.range = element("input", { type: "range", min: 0.01, max: 1, step: 0.01, "data-testid": "confidence", "aria-label": "Confidence", oninput: () => turn(Number(this.range.value)) });
    this.value = element("output", {});
    this.slide = element("div", { class: "slide" }, element("label", {}, "Confidence: boxes that are less sure are not shown", this.value), this.range);
    this.chipped = "";
  }

  /**
   * @param {import("./verdicts.js").Scored | null} scored
   * @param {{view: string, confidence: number, at: number, column: number, may: boolean, theme: import("./colours.js").Theme}} state
   * @returns {import("./verdicts.js").Counts | null}
   */
  draw(scored, { view, confidence, at, column, may, theme }) {
    const now = scored?.classes.length ? counts(scored, confidence, view) : null;
    const { precision, recall } = now ? ratios(now) : { precision: NaN, recall: NaN };
    for (const [node, value, other] of /** @type {const} */ ([[this.precision, precision, now?.false], [this.recall, recall, now?.misses]])) {
      say(node.value, two(value));
      say(node.top, now ? String(now.hits) : "\u2013");
      say(node.below, now ? `${now.hits} + ${other}` : "\u2013");
    }
    this.range.disabled = !may;
    if (Number(this.range.value) !== confidence) this.range.value = String(confidence);
    say(this.value, two(confidence));
    mark(this.range, "aria-valuetext", two(confidence));
    this.chips(scored, view, at, column, theme);
    return now;
  }

  chips(scored, /** @type {string} */ view, /** @type {number} */ at, /** @type {number} */ column, theme) {
    const classes = /** @type {import("./verdicts.js").ClassScore[]} */ (scored?.classes ?? []);
    const per = Math.round(100 * at);
    const many = classes.length > 1;
    const all = many ? [["", `All: mAP${per}`, scored.scores[column], classes.reduce((sum, one) => sum + one.total, 0)]] : [];
    const rows = [...all, ...classes.map((one) => [one.name, `${one.name}: AP${per}`, one.scores[column], one.total])];
    const key = JSON.stringify(rows);
    if (key !== this.chipped) {
      this.chipped = key;
      this.views.replaceChildren(...rows.map(([name, words, value, total], k) => element("button", { type: "button", role: "radio", class: "chip", "data-name": name, "data-testid": `view-${name || "all"}`, onclick: () => this.look(name) },
        element("i", { class: "swatch", "data-k": String(k - all.length) }), `${words} `, element("b", {}, two(value)), element("span", { class: "n" }, `n = ${total}`))));
    }
    for (const chip of this.views.children) {
      const name = /** @type {HTMLElement} */ (chip).dataset.name ?? "";
      mark(chip, "aria-checked", String(name === view || (!many && !view)));
      const swatch = /** @type {HTMLElement} */ (chip.querySelector(".swatch"));
      const k = Number(swatch.dataset.k);
      swatch.hidden = k < 0 || k > 5 || Boolean(view) || !many;
      if (k >= 0) swatch.style.background = hue(theme, k);
    }
  }
}

function ratio(/** @type {string} */ name, /** @type {string} */ testid, /** @type {string} */ other, /** @type {string} */ words) {
  const [value, top, below] = [element("b", { "data-testid": testid }), element("span", { class: "top" }), element("span", { class: "below" })];
  const sum = element("span", { class: "sum" }, `= H / (H + ${other}) =`, element("span", { class: "fraction" }, top, below));
  return { value, top, below, root: element("div", { class: "ratio" }, element("h3", {}, `${name} `, element("span", { class: "quiet" }, words)), value, sum) };
}
