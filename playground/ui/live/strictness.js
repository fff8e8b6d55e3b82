// Average precision at each of the ten overlaps that COCO asks for; pressing one asks for it.

import { element, mark, say } from "./dom.js";
import { two } from "./verdicts.js";

const MOVES = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

export class Strictness {
  constructor(/** @type {(at: number) => void} */ choose) {
    this.choose = choose;
    this.title = element("h3", {});
    this.bars = element("div", { class: "bars", role: "radiogroup", "aria-label": "IoU that a true positive is asked for", "data-testid": "strictness", onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event) });
    this.root = element("div", { class: "strictness" }, this.title, this.bars);
    /** @type {number[]} */
    this.thresholds = [];
  }

  /** @param {number[]} thresholds @param {number[]} scores @param {number} at @param {boolean} may @param {string} what */
  draw(thresholds, scores, at, may, what) {
    if (this.bars.children.length !== thresholds.length) {
      this.thresholds = thresholds;
      this.bars.replaceChildren(...thresholds.map((one) => element("button", { type: "button", role: "radio", "data-testid": `iou-${one}`, onclick: () => this.choose(one) },
        element("span", { class: "value" }), element("span", { class: "room" }, element("span", { class: "bar" })), element("span", { class: "at" }, one.toFixed(2)))));
    }
    [...this.bars.children].forEach((button, k) => {
      const chosen = thresholds[k] === at;
      mark(button, "aria-checked", String(chosen));
      mark(button, "aria-label", `IoU ${thresholds[k].toFixed(2)}: ${what} ${two(scores[k])}`);
      button.tabIndex = chosen ? 0 : -1;
      button.disabled = !may;
      say(button.children[0], scores.length ? two(scores[k]) : "");
      /** @type {HTMLElement} */ (button.querySelector(".bar")).style.height = `${100 * (scores[k] ?? 0)}%`;
    });
    const mean = scores.reduce((sum, one) => sum + one, 0) / scores.length;
    say(this.title, scores.length ? `${what} at each IoU asked for; ${what}50-95 (mean): ${two(mean)}` : "IoU that a true positive is asked for");
  }

  key(/** @type {KeyboardEvent} */ event) {
    const step = MOVES[/** @type {keyof typeof MOVES} */ (event.key)];
    const buttons = [...this.bars.children];
    const at = buttons.indexOf(/** @type {any} */ (event.target));
    if (!step || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const to = Math.min(buttons.length - 1, Math.max(0, at + step));
    buttons[to].focus();
    this.choose(this.thresholds[to]);
  }
}
