// What happens in the step that comes next, sentence by sentence; once a run has ended, how, and what would help.

import { element, mark, say } from "./dom.js";
import { line } from "./glyphs.js";
import { whole } from "./numbers.js";

export class Telling {
  /**
   * @param {(changes: Record<string, any>) => void} take  Called with what a press on the helping button changes.
   * @param {() => void} again                             Asks for a drawing.
   */
  constructor(take, again) {
    this.lines = element("ol", { class: "lines", "data-testid": "lines" });
    this.words = element("p", { "data-testid": "outcome" });
    this.help = element("button", { type: "button", class: "help", "data-testid": "fix", onclick: () => take(this.fix.changes) });
    this.end = element("div", { class: "end" }, this.words, this.help);
    this.turn = element("button", { type: "button", class: "turn", "data-testid": "turn", onclick: () => { this.inside = !this.inside; again(); } });
    this.root = element("section", { class: "telling", "aria-label": "Inside this step", "data-testid": "telling" }, this.lines, this.end, this.turn);
    this.inside = false;
    this.shown = "";
    /** @type {{label: string, changes: Record<string, any>}} */
    this.fix = { label: "", changes: {} };
  }

  /**
   * @param {import("./walk.js").Racer} racer
   * @param {number} index
   * @param {number} step                        The number of that position among all.
   * @param {(field: string) => boolean} may     Whether the hand may change a field.
   */
  update(racer, index, step, may) {
    const over = racer.ended(index);
    const lines = racer.lines(index, step);
    if (!over) this.inside = false;
    const ending = Boolean(over) && !(this.inside && lines.length);
    this.lines.hidden = ending;
    this.end.hidden = !ending;
    this.turn.hidden = !over || !lines.length;
    say(this.turn, ending ? "Inside this step" : "How it ended");
    mark(this.root, "data-tone", ending && over?.kind === "diverged" ? "alarm" : null);
    const text = JSON.stringify(lines);
    if (text !== this.shown) {
      this.shown = text;
      this.lines.replaceChildren(...lines.map(line));
    }
    if (!over) return;
    say(this.words, [over.words, over.more, over.advice].filter(Boolean).join(" "));
    this.fix = over.fix ?? { label: "", changes: {} };
    const fields = Object.keys(this.fix.changes);
    this.help.hidden = !fields.length || !fields.every(may);
    say(this.help, this.fix.label);
    mark(this.help, "title", this.help.hidden ? null : `${racer.title}: ${this.fix.label.toLowerCase()}, and walk again`);
  }

  /** The same as one text, for who listens. */
  text(/** @type {import("./walk.js").Racer} */ racer, /** @type {number} */ index, /** @type {number} */ step) {
    const over = racer.ended(index);
    if (over) return `${racer.title}: ${over.words} ${over.advice}`;
    return `${racer.title}, step ${whole(step + 1)}. ${racer.lines(index, step).map(({ text }) => text).join(" ")}`;
  }
}
