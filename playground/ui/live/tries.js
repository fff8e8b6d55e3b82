// Things to try: a row of experiments, each one press away.

import { element } from "./dom.js";

/**
 * @typedef {object} Try
 * @property {string} label
 * @property {Record<string, any>} changes Fields of the experiment and what they become.
 */

export class Tries {
  /** @param {(changes: Record<string, any>) => void} take Called with what one of them changes. */
  constructor(take) {
    this.take = take;
    this.shown = "";
    this.root = element("div", { class: "tries", role: "group", "aria-label": "Things to try" });
  }

  /** Shows them; one that would change what must stay as it is cannot be pressed. */
  update(/** @type {Try[]} */ list, /** @type {(field: string) => boolean} */ may) {
    const allowed = list.map(({ changes }) => Object.keys(changes).every(may));
    const shown = JSON.stringify([list, allowed]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.root.replaceChildren(...list.map(({ label, changes }, i) => element("button", {
      type: "button", disabled: !allowed[i], "data-testid": `try-${i}`, onclick: () => this.take(changes),
    }, label)));
  }
}
