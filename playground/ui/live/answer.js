// One picture, one answer: the photo large, beside it what a model says it is and how sure it is of that.

import { Bars } from "./bars.js";
import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";

/** Pictures with fewer pixels a side are shown as the squares they are. */
const COARSE = 100;
/** An answer that comes within this time needs no word about waiting, in milliseconds. */
const PATIENCE = 250;

class Answer extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "answer", ["answer.css"]);
    this.root.classList.add("answer");
    this.photo = element("img", { class: "photo", alt: "", draggable: "false", "data-testid": "photo" });
    this.empty = element("p", { class: "empty", "data-testid": "empty" });
    this.credit = element("p", { class: "credit" });
    this.model = element("p", { class: "model" });
    this.label = element("p", { class: "answer-label", "data-testid": "label" });
    this.also = element("p", { class: "also", "data-testid": "also" });
    this.bars = new Bars("bars");
    this.notes = element("p", { class: "notes", "data-testid": "notes" });
    this.facts = element("p", { class: "facts", "data-testid": "facts" });
    this.root.append(
      element("figure", { class: "stage" }, element("div", { class: "frame" }, this.photo, this.empty), this.credit),
      element("section", { class: "panel", "aria-label": "Answer", "aria-live": "polite" }, this.model, element("div", { class: "headline" }, this.label, this.also), this.bars.root, this.notes, this.facts),
    );
    this.shown = "";
    this.timer = 0;
  }

  update(/** @type {Record<string, any>} */ data) {
    const { picture, rows, wanted, waiting, grey } = data;
    if (picture.src) mark(this.photo, "src", picture.src);
    this.photo.toggleAttribute("hidden", !picture.src);
    mark(this.photo, "alt", picture.alt);
    this.photo.toggleAttribute("data-coarse", Boolean(picture.width) && Math.max(picture.width, picture.height) < COARSE);
    this.empty.toggleAttribute("hidden", Boolean(picture.src));
    say(this.empty, picture.words);
    say(this.credit, picture.credit);
    say(this.model, data.model);
    say(this.also, data.also);
    this.bars.show(rows, wanted, grey);
    say(this.notes, data.notes);
    say(this.facts, data.facts);
    mark(this.root, "data-state", data.state);
    mark(this.root, "data-model", data.name);
    mark(this.root, "data-picture", picture.name);
    window.clearTimeout(this.timer);
    const before = this.shown;
    this.shown = picture.name;
    if (waiting && before && before !== picture.name) {
      say(this.label, "\u00a0");
      this.timer = window.setTimeout(() => say(this.label, data.label), PATIENCE);
    } else say(this.label, data.label);
  }

  draw() {
    const long = (this.label.textContent ?? "").length;
    mark(this.label, "data-length", long > 34 ? "long" : "short");
  }

  end() {
    window.clearTimeout(this.timer);
    super.end();
  }
}

export default hosted(Answer);
