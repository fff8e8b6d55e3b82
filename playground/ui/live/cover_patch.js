// A patch on a photo: the hand drags it, takes it by its corner to change its size, and arrow keys do both.

import { element, mark } from "./dom.js";

const LEAST = 0.02;
const KEYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

/** Left, top, right, bottom in shares of the photo. @typedef {[number, number, number, number]} Place */

export class Patch {
  /**
   * @param {string} kind  `patch` or `source`.
   * @param {Place} at
   * @param {object} told
   * @param {(settled: boolean) => void} told.moved
   * @param {() => void} told.taken   It was chosen.
   * @param {(() => void) | null} told.gone  Delete was pressed.
   * @param {boolean} told.sized      Whether it has a corner to pull.
   */
  constructor(kind, at, { moved, taken, gone, sized }) {
    this.at = at;
    this.told = { moved, taken, gone };
    this.picture = element("canvas", { class: "piece", "aria-hidden": "true" });
    this.corner = element("span", { class: "corner", "data-testid": `${kind}-corner`, hidden: !sized });
    this.root = element("div", {
      class: kind, tabindex: 0, role: "group", "data-arrows": true, "data-testid": kind,
      onpointerdown: (/** @type {PointerEvent} */ event) => this.take(event), onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event), onfocus: () => taken(),
    }, this.picture, this.corner);
    this.sized = sized;
    this.place(at);
  }

  place(/** @type {Place} */ at) {
    this.at = at;
    const [left, top, right, bottom] = at;
    Object.assign(this.root.style, { left: `${100 * left}%`, top: `${100 * top}%`, width: `${100 * (right - left)}%`, height: `${100 * (bottom - top)}%` });
    this.root.toggleAttribute("data-edge", right > 0.95 || bottom > 0.95); // there the corner would be cut off
    mark(this.root, "data-at", at.map((one) => one.toFixed(3)).join(" "));
  }

  /** Moves it, inside the photo. */
  shift(/** @type {Place} */ from, /** @type {number} */ dx, /** @type {number} */ dy) {
    const [left, top, right, bottom] = from;
    const x = Math.max(-left, Math.min(1 - right, dx));
    const y = Math.max(-top, Math.min(1 - bottom, dy));
    this.place([left + x, top + y, right + x, bottom + y]);
  }

  /** Pulls its lower right corner. */
  stretch(/** @type {Place} */ from, /** @type {number} */ dx, /** @type {number} */ dy) {
    const [left, top, right, bottom] = from;
    this.place([left, top, Math.max(left + LEAST, Math.min(1, right + dx)), Math.max(top + LEAST, Math.min(1, bottom + dy))]);
  }

  take(/** @type {PointerEvent} */ event) {
    if (event.button > 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.root.focus({ preventScroll: true });
    this.told.taken();
    const pulls = this.sized && event.composedPath().includes(this.corner);
    const box = /** @type {HTMLElement} */ (this.root.parentElement).getBoundingClientRect();
    const from = this.at;
    this.root.setPointerCapture(event.pointerId);
    this.root.toggleAttribute("data-held", true);
    const go = (/** @type {PointerEvent} */ one) => {
      const [dx, dy] = [(one.clientX - event.clientX) / box.width, (one.clientY - event.clientY) / box.height];
      if (pulls) this.stretch(from, dx, dy);
      else this.shift(from, dx, dy);
      this.told.moved(false);
    };
    const done = () => {
      this.root.removeEventListener("pointermove", go);
      for (const kind of ["pointerup", "pointercancel"]) this.root.removeEventListener(kind, done);
      this.root.toggleAttribute("data-held", false);
      this.told.moved(true);
    };
    this.root.addEventListener("pointermove", go);
    for (const kind of ["pointerup", "pointercancel"]) this.root.addEventListener(kind, done);
  }

  key(/** @type {KeyboardEvent} */ event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const gone = (event.key === "Delete" || event.key === "Backspace") && this.told.gone;
    const step = KEYS[/** @type {keyof typeof KEYS} */ (event.key)];
    if (!gone && !step) return;
    event.preventDefault();
    event.stopPropagation();
    if (gone) return gone();
    const [dx, dy] = step.map((one) => one / 50);
    if (event.shiftKey && this.sized) this.stretch(this.at, dx, dy);
    else this.shift(this.at, dx, dy);
    this.told.moved(!event.repeat);
  }
}
