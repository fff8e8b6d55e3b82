// Precision and recall as fractions of counts, and the average precision of each class that has true boxes.

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
    this.precision = ratio("Precision", "precision");
    this.recall = ratio("Recall", "recall");
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
    for (const [node, value, other, term] of /** @type {const} */ ([[this.precision, precision, now?.false, "FP"], [this.recall, recall, now?.misses, "FN"]])) {
      say(node.of, !now ? "" : view ? `“${view}”` : "all classes");
      say(node.value, two(value));
      say(node.top, now ? `${now.hits} TP` : "TP");
      say(node.below, now ? `${now.hits} TP + ${other} ${term}` : `TP + ${term}`);
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
    const all = classes.length ? [["", `All: mAP${per}`, scored.scores[column], classes.reduce((sum, one) => sum + one.total, 0)]] : [];
    const rows = [...all, ...classes.map((one) => [one.name, `${one.name}: AP${per}`, one.scores[column], one.total])];
    const key = JSON.stringify(rows);
    if (key !== this.chipped) {
      this.chipped = key;
      if (!rows.length) this.views.replaceChildren(element("p", { class: "quiet" }, "Here the average precision (AP) of each class will stand."));
      else this.views.replaceChildren(...rows.map(([name, words, value, total], k) => element("button", { type: "button", role: "radio", class: "chip", "data-name": name, "data-testid": `view-${name || "all"}`, onclick: () => this.look(name) },
        element("i", { class: "swatch", "data-k": String(k - all.length) }), `${words} `, element("b", {}, two(value)), element("span", { class: "n" }, `n = ${total}`))));
    }
    for (const chip of rows.length ? this.views.children : []) {
      const name = /** @type {HTMLElement} */ (chip).dataset.name ?? "";
      mark(chip, "aria-checked", String(name === view));
      const swatch = /** @type {HTMLElement} */ (chip.querySelector(".swatch"));
      const k = Number(swatch.dataset.k);
      swatch.hidden = k < 0;
      if (k >= 0) swatch.style.background = classes[k].colour || theme.muted;
    }
  }
}

function ratio(/** @type {string} */ name, /** @type {string} */ testid) {
  const [value, top, below] = [element("b", { "data-testid": testid }), element("span", { class: "top" }), element("span", { class: "below" })];
  const of = element("span", { class: "quiet", "data-testid": `${testid}-of` });
  const sum = element("span", { class: "sum" }, "=", element("span", { class: "fraction" }, top, below));
  return { of, value, top, below, root: element("div", { class: "ratio" }, element("h3", {}, `${name}, `, of), value, sum) };
}
