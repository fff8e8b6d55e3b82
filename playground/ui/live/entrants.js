// Who races, in a row: mark, name, loss now, and how it ended once it has. The one that is pressed is looked at closely.

import { element, mark, say, Sheet } from "./dom.js";
import { walker } from "./heights.js";
import { decimal, whole } from "./numbers.js";
import { near } from "./walk.js";

export class Entrants {
  /** @param {(index: number) => void} choose Called with the one that was pressed. */
  constructor(choose) {
    this.choose = choose;
    this.root = element("div", { class: "entrants", role: "radiogroup", "aria-label": "Optimizer looked at closely", onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event) });
    /** @type {{button: any, sheet: Sheet, loss: any, state: any}[]} */
    this.made = [];
    this.shown = "";
  }

  /** The arrow keys go from one to the next, as among radio buttons. */
  key(/** @type {KeyboardEvent} */ event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const from = this.made.findIndex(({ button }) => button === event.target);
    if (!by || from < 0) return;
    event.preventDefault();
    const to = (from + by + this.made.length) % this.made.length;
    this.choose(to);
    this.made[to].button.focus();
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {import("./walk.js").Walk} walk
   * @param {number} index   The position that is shown.
   * @param {number} looked  Who is looked at.
   */
  draw(theme, walk, index, looked) {
    const titles = walk.racers.map(({ title }) => title).join("|");
    if (titles !== this.shown) {
      this.shown = titles;
      this.made = walk.racers.map((racer, i) => {
        const sheet = new Sheet({ class: "dot", "aria-hidden": "true" });
        const [loss, state] = [element("span", { class: "loss", "data-testid": `loss-${i}` }), element("span", { class: "state", "data-testid": `state-${i}` })];
        const button = element("button", { type: "button", role: "radio", "data-arrows": true, "data-testid": `entrant-${i}`, onclick: () => this.choose(i) }, sheet.canvas, element("strong", {}, racer.title), loss, state);
        return { button, sheet, loss, state };
      });
      this.root.replaceChildren(...this.made.map(({ button }) => button));
    }
    walk.racers.forEach((racer, i) => {
      const { button, sheet, loss, state } = this.made[i];
      const over = racer.ended(index);
      mark(button, "aria-checked", String(i === looked));
      mark(button, "tabindex", i === looked ? "0" : "-1");
      mark(button, "data-kind", over?.kind ?? null);
      say(loss, `loss ${decimal(racer.loss[racer.at(index)])}`);
      const last = over && over.kind === "still moving";
      say(state, over ? (last ? "still moving" : `${near(over.kind)}, step ${whole(over.step)}`) : "on its way");
      sheet.fit();
      const context = sheet.blank();
      walker(context, theme, { x: [0], y: [0], colour: theme.classes[racer.hue], marker: racer.hue }, sheet.width / 2, sheet.height / 2, 5.5);
    });
  }
}
