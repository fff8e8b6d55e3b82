// The confidence as one slider over the very boxes that it sorts: each dot is a box, standing where it is as sure as that.

import { Sheet, element, mark, say } from "./dom.js";
import { counted } from "./numbers.js";

/** Dots stand in so many columns, and so high at most. */
const COLUMNS = 50;
const ROWS = 8;
/** The slider's handle is so wide, in pixels: the scale ends half of it before the edges. */
const HANDLE = 14;

export class Dial {
  /** @param {(value: number) => void} moving  @param {(value: number) => void} moved */
  constructor(moving, moved) {
    this.value = element("output", { class: "dial-value", "data-testid": "confidence-value" });
    this.sheet = new Sheet({ class: "sheet dots", "aria-hidden": "true" });
    this.input = element("input", {
      type: "range", max: 1, step: 0.01, "aria-label": "Confidence", "data-testid": "confidence",
      oninput: () => moving(Number(this.input.value)),
      onchange: () => moved(Number(this.input.value)),
    });
    this.hint = element("span", { class: "dial-hint" }, "each dot is a box");
    this.root = element("div", { class: "dial" },
      element("div", { class: "dial-head" }, element("span", { class: "dial-name" }, "Confidence"), this.hint, this.value),
      element("div", { class: "dial-plot" }, this.sheet.canvas, this.input),
      element("div", { class: "dial-ends", "aria-hidden": "true" }, element("span", {}, "1 %"), element("span", {}, "50 %"), element("span", {}, "100 %")));
    /** @type {import("./boxes_scene.js").Thing[]} */
    this.things = [];
    this.low = 0.01;
  }

  /** What the slider sorts, and from where to where it goes. */
  take(/** @type {import("./boxes_scene.js").Thing[]} */ things, /** @type {number} */ low) {
    this.things = things;
    this.low = low;
    mark(this.input, "min", String(low));
    this.columns = Array.from({ length: COLUMNS }, () => /** @type {import("./boxes_scene.js").Thing[]} */ ([]));
    for (const thing of things) this.columns[Math.min(COLUMNS - 1, Math.floor(thing.score * COLUMNS))].push(thing);
  }

  set(/** @type {number} */ value, /** @type {number} */ count) {
    if (Number(this.input.value) !== value) this.input.value = String(value);
    const words = `${(100 * value).toFixed(0)} %`;
    say(this.value, words);
    mark(this.input, "aria-valuetext", `${words}, ${counted(count, "detection")}`);
  }

  /** The dots of the `count` boxes that are shown in their colours: the surest come first. */
  draw(/** @type {import("./colours.js").Theme} */ theme, /** @type {number} */ value, /** @type {number} */ count) {
    this.sheet.fit();
    const context = this.sheet.blank();
    const { width, height } = this.sheet;
    const room = width - HANDLE;
    const at = (/** @type {number} */ share) => 0.5 * HANDLE + room * Math.max(0, (share - this.low) / (1 - this.low));
    const size = Math.min(room / COLUMNS, (height - 6) / ROWS);
    const line = at(value);
    context.fillStyle = theme.grid;
    context.fillRect(0.5 * HANDLE, height - 2, room, 2);
    context.fillStyle = theme.accent;
    context.fillRect(line, height - 2, 0.5 * HANDLE + room - line, 2);
    const shown = new Set(this.things.slice(0, count));
    (this.columns ?? []).forEach((column, k) => {
      column.slice(0, ROWS).forEach((thing, row) => {
        const on = shown.has(thing);
        context.globalAlpha = on ? 1 : 0.4;
        context.fillStyle = on ? thing.colour : theme.muted;
        context.beginPath();
        context.arc(at((k + 0.5) / COLUMNS), height - 4 - size * (row + 0.5), 0.5 * size - 0.4, 0, 7);
        context.fill();
      });
    });
    context.globalAlpha = 1;
  }
}
