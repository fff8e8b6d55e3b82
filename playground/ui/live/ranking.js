// The model's boxes in a row, the surest first, each a true or a false positive; the confidence cuts the row in two.

import { element, mark, say } from "./dom.js";
import { two } from "./verdicts.js";

/** Further ones are only counted. */
const MOST = 120;

export class Ranking {
  /**
   * @param {(score: number) => void} cut    A box was pressed: the confidence is to go down to it.
   * @param {(index: number) => void} light  The pointer is on a box; -1: on none.
   */
  constructor(cut, light) {
    this.cut = cut;
    this.light = light;
    this.title = element("h3", {});
    this.cells = element("ol", { class: "cells", "data-testid": "ranking" });
    this.root = element("section", { class: "ranking", "aria-label": "The model's boxes, the surest first" }, this.title, this.cells);
    this.drawn = "";
    this.kept = [];
  }

  /**
   * @param {import("./verdicts.js").Scored | null} scored
   * @param {{view: string, confidence: number, lit: number, may: boolean}} shown
   */
  draw(scored, { view, confidence, lit, may }) {
    const total = (scored?.classes ?? []).reduce((sum, one) => sum + (!view || one.name === view ? one.total : 0), 0);
    const all = (scored?.found ?? []).map((found, index) => ({ ...found, index })).filter(({ name }) => !view || name === view);
    this.cells.hidden = !all.length || !total; // the place is held: the picture above stays as large as it is
    if (this.cells.hidden) {
      say(this.title, scored && total ? "The model finds nothing here." : "Here the model's boxes will stand in a row, each judged by your true boxes.");
      return;
    }
    const key = JSON.stringify([all.map(({ index, score, hit, why }) => [index, score, hit, why]), total]);
    if (key !== this.drawn) {
      this.drawn = key;
      let hits = 0;
      this.kept = all.slice(0, MOST).map((one, place) => {
        hits += one.hit >= 0 ? 1 : 0;
        const [precision, recall] = [two(hits / (place + 1)), two(hits / total)];
        const button = element("button", {
          type: "button", class: "cell", "data-hit": String(one.hit >= 0), title: `${one.name} ${two(one.score)}. ${one.why}`,
          "aria-label": `${place + 1}: ${one.name} ${two(one.score)}, ${one.hit >= 0 ? "true positive" : "false positive"}; precision ${precision}, recall ${recall}`,
          onclick: () => this.cut(one.score), onpointerenter: () => this.light(one.index), onpointerleave: () => this.light(-1),
          onfocus: () => this.light(one.index), onblur: () => this.light(-1),
        }, element("span", { class: "name" }, one.name), element("span", { class: "score" }, two(one.score)), element("b", { class: "letter" }, one.hit >= 0 ? "TP" : "FP"),
        element("span", { class: "after" }, `P ${precision}`), element("span", { class: "after" }, `R ${recall}`));
        return { button, one };
      });
      this.cells.replaceChildren(...this.kept.map(({ button }) => element("li", {}, button)));
    }
    for (const { button, one } of this.kept) {
      mark(button, "data-shown", String(one.score >= confidence));
      mark(button, "data-lit", String(one.index === lit));
      button.disabled = !may;
    }
    const more = all.length - this.kept.length;
    say(this.title, `${view ? `Boxes for “${view}”` : "The model's boxes"}, the surest first: precision (P) and recall (R) after each, n = ${total}${more > 0 ? `; ${more} still less sure` : ""}`);
  }
}
