// A line over the picture that a hand moves: left of it the original, right of it the result.

import { element, mark } from "./dom.js";

const STEP = 0.04;

export class Wipe {
  /** @param {SVGElement} over  What is seen only to the right of the line. */
  constructor(over) {
    this.over = over;
    this.on = false;
    this.share = 0.5;
    this.width = 0;
    this.handle = element("div", {
      class: "wipe-line", role: "slider", tabindex: "0", "aria-label": "Original to the left, result to the right", "aria-valuemin": 0, "aria-valuemax": 100,
      "data-testid": "wipe", onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
      onpointerdown: (/** @type {PointerEvent} */ event) => { this.handle.setPointerCapture(event.pointerId); event.stopPropagation(); },
      onpointermove: (/** @type {PointerEvent} */ event) => { if (this.handle.hasPointerCapture(event.pointerId)) this.drag(event); },
    });
    this.root = element("div", { class: "wipe", hidden: true }, element("span", { class: "wipe-word before" }, "Original"), element("span", { class: "wipe-word after" }, "Result"), this.handle);
  }

  toggle() {
    this.on = !this.on;
    this.draw(this.width);
    if (this.on) this.handle.focus({ preventScroll: true });
  }

  drag(/** @type {PointerEvent} */ event) {
    const { left, width } = this.root.getBoundingClientRect();
    this.set((event.clientX - left) / width);
  }

  key(/** @type {KeyboardEvent} */ event) {
    const to = { ArrowLeft: this.share - STEP, ArrowRight: this.share + STEP, Home: 0, End: 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.set(to);
  }

  set(/** @type {number} */ share) {
    this.share = Math.min(1, Math.max(0, share));
    this.draw(this.width);
  }

  draw(/** @type {number} */ width) {
    this.width = width;
    this.root.hidden = !this.on;
    this.over.style.clipPath = this.on ? `inset(0 0 0 ${Math.round(this.share * width)}px)` : "";
    this.handle.style.left = `${100 * this.share}%`;
    mark(this.handle, "aria-valuenow", String(Math.round(100 * this.share)));
  }
}
