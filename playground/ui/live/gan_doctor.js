// What the doctor says of a run: nothing wrong, or one finding with its evidence, its remedy, and a button that applies it.

import { element, mark, say } from "./dom.js";

const LOOKS = "The doctor looks for samples that are all alike, a discriminator that wins too early, and swings without end.";
const OF_CRITIC = "The doctor looks for samples that are all alike, and for swings without end."; // a critic is meant to be ahead
const WELL = "The doctor finds nothing wrong so far.";

export class Doctor {
  /** @param {(change: Record<string, any>) => void} onapply The remedy is to be taken. */
  constructor(onapply) {
    this.change = /** @type {Record<string, any>} */ ({});
    this.title = element("b", { "data-testid": "finding" });
    this.words = element("span", { "data-testid": "finding-words" });
    this.button = element("button", { type: "button", "data-testid": "remedy", onclick: () => onapply(this.change) });
    this.root = element("div", { class: "gan-doctor", role: "status", "aria-label": "Doctor" }, element("p", {}, this.title, this.words), this.button);
  }

  /**
   * @param {Record<string, any>} tick
   * @param {string[]} fixed  Settings that a lesson hides or locks.
   * @param {boolean} critic  What judges is a critic.
   */
  report({ finding, metrics, step }, fixed, critic = false) {
    const looks = critic ? OF_CRITIC : LOOKS;
    const found = Boolean(finding);
    mark(this.root, "data-finding", found ? finding.name : null);
    say(this.title, found ? `${finding.title}.` : "");
    const measured = step > 0 && Number.isFinite(metrics.frechet);
    const words = found ? [finding.words, finding.remedy].filter(Boolean).join(" ") : measured ? WELL : looks;
    say(this.words, found ? ` ${words}` : words);
    mark(this.root, "title", found ? `${finding.title}. ${words}` : looks);
    this.change = finding?.change ?? {};
    const fields = Object.keys(this.change);
    this.button.hidden = !fields.length || fields.some((field) => fixed.includes(field));
    say(this.button, finding?.live === false ? "Apply and start again" : "Apply");
  }
}
