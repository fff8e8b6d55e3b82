// Samples that were pinned: small, in a row, whatever else is drawn.

import { element, icon, mark, say } from "./dom.js";
import { more } from "./more.js";
import { paint } from "./gan_sampler_sheet.js";

export class Pins {
  /**
   * @param {object} told
   * @param {(pin: string) => void} told.back    The sheet is to be as it was when this was pinned.
   * @param {(pin: string) => void} told.drop
   */
  constructor({ back, drop }) {
    this.back = back;
    this.drop = drop;
    this.list = element("ol", { class: "gs-pins", "data-testid": "pins" });
    this.hint = element("p", { class: "gs-note" }, "Pin a sample and it stays here, whatever else is drawn. Between two pins you can walk, below.");
    this.count = element("p", { class: "gs-note gs-count", role: "status", "data-testid": "pin-count" });
    this.root = element("section", { class: "gs-pinned", "aria-label": "Pinned samples" }, this.list, this.count, this.hint);
    this.look = more(this.list);
    this.laid = "";
  }

  /** One more was wanted than there is room for. */
  refuse() {
    this.refused = true;
  }

  /** @param {string[]} pins @param {(pin: string) => string} named @param {boolean} may @param {number} most */
  lay(pins, named, may, most) {
    const before = this.list.childElementCount;
    if (pins.length < most) this.refused = false;
    say(this.count, this.refused ? `There is room for ${most} pins. Let go of one first.` : pins.length ? `${pins.length} of ${most}` : "");
    mark(this.count, "data-tone", this.refused ? "alarm" : null);
    mark(this.root, "data-empty", pins.length ? null : "true");
    this.hint.hidden = pins.length > 0;
    this.list.hidden = !pins.length;
    const key = `${may} ${pins.join(",")}`;
    if (key === this.laid) return;
    this.laid = key;
    this.list.replaceChildren(...pins.map((pin, at) => {
      const words = `Pin ${at + 1}: ${named(pin)}`;
      return element("li", { "data-pin": pin },
        element("button", { type: "button", class: "gs-pin", title: `${words}. Back to its sheet`, "aria-label": words, disabled: !may, onclick: () => this.back(pin) }, element("canvas", { width: 8, height: 8 }), element("span", {}, String(at + 1))),
        element("button", { type: "button", class: "gs-drop", "aria-label": `Let go of pin ${at + 1}`, title: "Let go", disabled: !may, onclick: () => this.drop(pin) }, icon("close")));
    }));
    if (pins.length > before) this.list.scrollLeft = this.list.scrollWidth; // the newest is seen
  }

  /** @param {Map<string, {many: import("./gan_sampler_sheet.js").Pictures, index: number}>} known */
  draw(known) {
    for (const one of this.list.children) {
      const found = known.get(/** @type {any} */ (one).dataset.pin);
      const canvas = one.querySelector("canvas");
      mark(one, "data-empty", found ? null : "true");
      if (found && canvas && one.shown !== found.many) paint(canvas, found.many, found.index);
      /** @type {any} */ (one).shown = found?.many;
    }
    this.look();
  }
}
