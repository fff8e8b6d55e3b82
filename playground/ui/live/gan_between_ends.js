// Which samples are gone between: the pins in their order, and the sheet to pin others from.

import { Atlas } from "./atlas.js";
import { element, mark, say } from "./dom.js";

export class Ends {
  constructor(/** @type {(pins: string) => void} */ tell) {
    this.tell = tell;
    this.atlas = new Atlas();
    this.row = element("ol", { class: "ends-row", "data-testid": "ends" });
    this.grid = element("div", { class: "picks", role: "group", "aria-label": "Samples of the sheet", "data-testid": "picks", onkeydown: (/** @type {KeyboardEvent} */ event) => this.walk(event) });
    this.hint = element("p", { class: "quiet" });
    this.root = element("div", { class: "ends" }, element("h3", {}, "Between"), this.row, this.hint, this.grid);
    this.shown = "";
  }

  /** The pictures: those of the ends first, then the sheet's. */
  take(/** @type {import("./frame.js").Block} */ block) {
    this.atlas.take(block);
    this.shown = "";
  }

  update(/** @type {Record<string, any>} */ { ends, pinned, pins, texts, room }, /** @type {boolean} */ free) {
    const shown = JSON.stringify([ends, pinned, pins, texts, free]);
    if (shown === this.shown) return;
    this.shown = shown;
    const focused = this.grid.getRootNode().activeElement?.dataset?.index;
    this.row.replaceChildren(...ends.map((/** @type {any} */ end, /** @type {number} */ k) => {
      const picture = element("canvas", { class: "crisp", "aria-hidden": "true" });
      this.atlas.show(picture, k);
      const number = element("span", { class: "number" }, String(k + 1));
      const words = `Stop ${k + 1}: ${end.name}`;
      return element("li", { title: words }, end.pin && free
        ? element("button", { type: "button", "aria-label": `${words}. Take it out`, title: `${words}. Press to take it out`, onclick: () => this.tell(without(pins, end.pin)) }, picture, number)
        : element("span", { role: "img", "aria-label": words }, picture, number));
    }));
    say(this.hint, free ? (room ? "Press samples to pin them; a pin is a stop." : "No room for more pins: take one out first.") : "");
    this.grid.replaceChildren(...pinned.map((/** @type {number} */ pin, /** @type {number} */ index) => {
      const picture = element("canvas", { class: "crisp", "aria-hidden": "true" });
      this.atlas.show(picture, ends.length + index);
      const button = element("button", {
        type: "button", "data-index": index, "data-arrows": true, "aria-pressed": String(pin > 0), "aria-label": `Sample ${index + 1}${pin > 0 ? `, pin ${pin}` : ""}`, tabindex: index ? -1 : 0,
        disabled: !free || (!room && pin <= 0), onclick: () => this.tell(pin > 0 ? without(pins, texts[index]) : [...pins, texts[index]].join(",")),
      }, picture, pin > 0 && element("span", { class: "number" }, String(pin)));
      return button;
    }));
    if (focused !== undefined) this.go(Number(focused));
    mark(this.root, "data-ends", String(ends.length));
  }

  go(/** @type {number} */ index) {
    const buttons = [...this.grid.querySelectorAll("button")];
    const at = Math.min(buttons.length - 1, Math.max(0, index));
    buttons.forEach((button, k) => mark(button, "tabindex", k === at ? "0" : "-1"));
    buttons[at]?.focus({ preventScroll: true });
  }

  /** Arrow keys go from sample to sample. */
  walk(/** @type {KeyboardEvent} */ event) {
    const across = getComputedStyle(this.grid).gridTemplateColumns.split(" ").length;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    this.go(Number(/** @type {HTMLElement} */ (event.target).dataset.index) + step);
  }
}

/** The other pins, as a link holds them. */
function without(/** @type {string[]} */ pins, /** @type {string} */ one) {
  return pins.filter((pin) => pin !== one).join(",");
}
