// Classes with how sure a model is of each: a name, a number and a bar, all on the one scale from 0 to 100 %.

import { element, mark, say } from "./dom.js";
import { percent } from "./numbers.js";

/** More classes than this stand closer together. */
const FEW = 10;

/**
 * One model's likeliest classes as a list. Rows are kept: what changes moves, what stays does not blink.
 *
 * The text of a row is all there is to know of it, so that nothing has to be said twice to who listens.
 */
export class Bars {
  constructor(/** @type {string} */ testid) {
    this.root = element("ol", { class: "bars", "data-testid": testid });
  }

  /**
   * @param {{label: string, full?: string, score: number, shared?: boolean}[]} rows
   * @param {number} wanted  So many places are held, also while there is no answer.
   * @param {boolean} grey   The model has refused: the bars are there to be seen, not to be believed.
   */
  show(rows, wanted, grey = false) {
    const places = Math.max(rows.length, Math.min(wanted, 20));
    while (this.root.children.length < places) this.root.append(row());
    while (this.root.children.length > places) this.root.lastChild?.remove();
    this.root.toggleAttribute("data-many", places > FEW);
    this.root.toggleAttribute("data-grey", grey);
    this.root.toggleAttribute("data-empty", rows.length === 0);
    [...this.root.children].forEach((line, at) => {
      const one = rows[at];
      const [name, number, bar] = /** @type {any} */ (line.children);
      say(name, one ? one.label : "\u00a0");
      mark(name, "title", one?.full && one.full !== one.label ? one.full : null);
      say(number, one ? share(one.score) : "");
      bar.style.setProperty("--share", String(one ? one.score : 0));
      line.toggleAttribute("data-shared", Boolean(one?.shared));
      line.toggleAttribute("data-none", !one);
    });
  }
}

/** What is not nothing is not called nothing, and what is not all is not called all. */
export function share(/** @type {number} */ score) {
  if (score > 0 && score < 0.0005) return "< 0.1 %";
  if (score < 1 && score >= 0.9995) return "> 99.9 %";
  return percent(score);
}

function row() {
  return element("li", {}, element("span", { class: "name" }), element("span", { class: "number" }), element("span", { class: "bar", "aria-hidden": "true" }));
}
