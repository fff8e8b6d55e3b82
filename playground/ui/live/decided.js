// How a detector came to its boxes: everything it proposed, how most of that was dropped, and which cells saw what.
//
// One component, one picture, four views; which of them is open is said by the page. All of it is drawn from what the network
// said once: no view and no threshold asks the server for anything.

import { Candidates } from "./decided_candidates.js";
import { Grids } from "./decided_grids.js";
import { Heat } from "./decided_heat.js";
import { Steps } from "./decided_steps.js";
import { Proposals } from "./decided_boxes.js";
import { element, mark, say } from "./dom.js";
import { hosted } from "./host.js";
import { Opened } from "./opened.js";
import { Shared, snap } from "./shared.js";

/** The page hears of another threshold once its slider has rested for so long, in milliseconds. */
const REST = 400;
const LOWEST = 0.01;

class Decided extends Opened {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "decided", ["scrubber.css", "decided.css"]);
    this.shared = new Shared();
    this.again = this.again.bind(this);
    /** @type {Proposals | null} */
    this.proposals = null;
    this.views = { candidates: new Candidates(this), steps: new Steps(this), grids: new Grids(this), heat: new Heat(this) };
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(...Object.values(this.views).flatMap(({ parts }) => parts), this.alt);
    this.rest = 0;
    /** The view that was drawn last. */
    this.drawnView = "";
  }

  /** The view that is open. */
  get view() {
    return this.views[/** @type {keyof typeof this.views} */ (this.data?.view)] ?? this.views.candidates;
  }

  /** Which boxes are shown, as the sliders stand. */
  get rule() {
    const { classes, agnostic, most } = /** @type {Record<string, any>} */ (this.data);
    return { ...this.shared.values, classes, agnostic, most };
  }

  update(/** @type {Record<string, any>} */ data) {
    this.shared.hear({ confidence: data.confidence, iou: data.iou });
  }

  accept(/** @type {import("./opened.js").Answer} */ answer) {
    this.proposals = new Proposals(answer);
    for (const view of Object.values(this.views)) view.renew();
  }

  /** A slider for one of the thresholds; every view has its own, all of them show the same value. */
  dial(/** @type {"confidence" | "iou"} */ field, /** @type {string} */ title, /** @type {string} */ name) {
    const value = element("output", {});
    const range = element("input", {
      type: "range", min: field === "iou" ? 0 : LOWEST, max: 1, step: 0.01, "data-testid": name, "aria-label": title,
      oninput: () => this.turn(field, Number(range.value)), onchange: () => this.settle(),
    });
    const root = element("div", { class: "slide" }, element("label", {}, element("span", {}, title), value), range);
    return { root, show: () => {
      const now = this.shared.values[field] ?? 0;
      const words = field === "iou" ? now.toFixed(2) : `${Math.round(100 * now)} %`;
      if (Number(range.value) !== now) range.value = String(now);
      range.disabled = !this.may(field);
      mark(range, "aria-valuetext", words);
      say(value, words);
    } };
  }

  /** Another threshold: drawn at once; the page hears of it when the hand rests. */
  turn(/** @type {string} */ field, /** @type {number} */ wanted) {
    if (!this.may(field)) return;
    this.shared.values[field] = snap(wanted, 0.01, field === "iou" ? 0 : LOWEST, 1);
    window.clearTimeout(this.rest);
    this.rest = window.setTimeout(() => this.settle(), REST);
    this.again();
  }

  settle() {
    window.clearTimeout(this.rest);
    const { confidence, iou } = this.shared.values;
    if (confidence !== this.data?.confidence || iou !== this.data?.iou) this.edit(this.shared.set({ confidence, iou }));
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    this.state();
    const { view } = this;
    const name = this.data?.view ?? "candidates";
    if (name !== this.drawnView) {
      this.drawnView = name;
      for (const one of Object.values(this.views)) {
        for (const part of one.parts) part.hidden = one !== view;
        if (one !== view) one.leave();
      }
      mark(this.root, "data-view", name);
    }
    for (const part of view.parts.slice(1)) part.style.visibility = this.page ? "" : "hidden";
    view.draw(theme, this.page ? this.proposals : null);
    const kept = this.page && this.proposals ? this.proposals.kept(this.rule) : [];
    mark(this.root, "data-kept", this.page ? String(kept.length) : "");
    mark(this.root, "data-confidence", String(this.shared.values.confidence));
    mark(this.root, "data-iou", String(this.shared.values.iou));
  }

  end() {
    window.clearTimeout(this.rest);
    for (const view of Object.values(this.views)) view.end();
    super.end();
  }
}

export default hosted(Decided);
