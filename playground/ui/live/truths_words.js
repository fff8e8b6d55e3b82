// What is said about the boxes of a picture: in the line below it, to who listens, and of the file that came last.

import { element, icon, mark, say } from "./dom.js";
import { whole } from "./numbers.js";
import { some, two } from "./verdicts.js";

/** Whose the true boxes are. */
export const ORIGIN = { given: "comes with the example", own: "drawn here" };

/** What became of a true box. */
export function verdict(/** @type {import("./verdicts.js").Scored} */ scored, /** @type {number} */ id, /** @type {number} */ confidence) {
  const by = scored.found.find(({ hit }) => hit === id);
  if (!by) return scored.missed[id] ?? "";
  if (by.score < confidence) return `False negative at this confidence: a box with ${two(by.score)} would match it.`;
  return `Found: the model's box with ${two(by.score)} is a true positive.`;
}

/**
 * The line below the picture: what is pointed at or held, or what to do.
 *
 * @param {{open: boolean, words: string, most: number, box?: import("./verdicts.js").Found, held?: {name: string}, of: string, any: boolean, origin: string}} now
 *   `words` say why nothing can be drawn; `most` is the limit where it is reached; `of` is what became of the box that is held.
 */
export function line({ open, words, most, box, held, of, any, origin }) {
  if (most) return `${most} true boxes are the most.`;
  if (box && any) return `${box.name}, confidence ${two(box.score)}. ${box.why}`;
  if (held) return `True box: ${held.name}. ${of}`;
  if (!open) return words || "The model is waking up.";
  if (!any) return "Drag on the picture, from corner to corner, around each object you see.";
  const start = origin === ORIGIN.given ? "These true boxes come with the example. " : "";
  return `${start}Drag to draw another box; click a true box to move, resize, rename or delete it.`;
}

/** Intersection over union with its areas in pixels of the photo. */
export function sum(/** @type {import("./truths_fit.js").Fit} */ { one, shared, both, iou, same }, /** @type {number[]} */ [wide, high]) {
  const pixels = (/** @type {number} */ share) => `${whole(Math.round(share * wide * high))} px`;
  return `IoU with “${one.name}” ${two(one.score)}${same ? "" : " (another class)"}: intersection ${pixels(shared)} / union ${pixels(both)} = ${two(iou)}`;
}

/** All counts and both ratios in a sentence; nothing where there is no true box. */
export function summary(/** @type {import("./verdicts.js").Counts | null} */ now, /** @type {string} */ precision, /** @type {string} */ recall) {
  if (!now) return "";
  const counts = [some(now.hits, "true positive"), some(now.false, "false positive"), some(now.misses, "false negative")];
  return `${some(now.hits + now.misses, "true box", "true boxes")}: ${counts.join(", ")}; precision ${precision}, recall ${recall}.`;
}

/** What became of a file of boxes: beside the button that took it, until it is put away or the hand goes on. */
export class Filed {
  constructor() {
    this.words = element("span", {});
    this.close = element("button", { type: "button", class: "close", "aria-label": "Close", title: "Close", onclick: () => this.away() }, icon("close"));
    this.root = element("div", { class: "filed", hidden: true, "data-testid": "filed" }, this.words, this.close);
    this.file = 0;
    this.gone = 0;
  }

  away() {
    this.gone = this.file;
    this.root.hidden = true;
  }

  /** @param {[string, boolean, number]} said  The words, whether the file was refused, and which file it was. */
  show([words, wrong, file]) {
    this.file = file;
    mark(this.root, "role", wrong ? "alert" : "status");
    mark(this.root, "data-wrong", wrong ? "" : null);
    this.root.hidden = !words || file === this.gone;
    say(this.words, this.root.hidden ? "" : words);
  }
}
