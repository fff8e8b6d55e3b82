// A place on a picture that the hand can take hold of: by mouse, by finger, by arrow keys.
//
// It is an element over the canvas, so that it has a focus, a name and a value of its own, and on a phone 44 px.

import { element, mark } from "./dom.js";

/** What one key does, in steps; a shift makes it ten. */
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity };

/**
 * @typedef {object} Taken
 * @property {string} name                                            What tests find it by.
 * @property {string} label
 * @property {"x" | "y"} along                                        Where it goes: the other direction scrolls a phone.
 * @property {(x: number, y: number, settled: boolean) => void} move  To a place in its parent, in CSS pixels.
 * @property {(steps: number, settled: boolean) => void} step         By so many steps; infinite: as far as it goes.
 */

export class Grip {
  constructor(/** @type {Taken} */ taken) {
    this.taken = taken;
    this.held = false;
    this.at = { x: 0, y: 0 };
    this.root = element("div", {
      class: `handle grip along-${taken.along}`, role: "slider", tabindex: 0, "data-testid": taken.name, "aria-label": taken.label,
      "aria-orientation": taken.along === "y" ? "vertical" : "horizontal",
      onpointerdown: (/** @type {PointerEvent} */ event) => this.take(event, this.root, true),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
    });
  }

  /** Also whoever presses there takes hold of it, and it comes to that place. */
  also(/** @type {HTMLElement} */ node) {
    node.addEventListener("pointerdown", (event) => { if (!this.root.hidden) this.take(event, node, false); });
    node.style.touchAction = this.taken.along === "x" ? "pan-y" : "pan-x";
  }

  take(/** @type {PointerEvent} */ event, /** @type {HTMLElement} */ node, /** @type {boolean} */ itself) {
    if (event.button !== 0) return;
    if (event.pointerType !== "touch") event.preventDefault(); // no text is marked; a finger's press stays a scroll's beginning
    const box = /** @type {HTMLElement} */ (this.root.parentElement).getBoundingClientRect();
    const place = (/** @type {PointerEvent} */ one) => ({ x: one.clientX - box.left, y: one.clientY - box.top });
    const first = place(event);
    const off = itself ? { x: this.at.x - first.x, y: this.at.y - first.y } : { x: 0, y: 0 };
    let moved = !itself;
    this.held = true;
    this.root.focus({ preventScroll: true });
    node.setPointerCapture(event.pointerId);
    const go = (/** @type {PointerEvent} */ one, /** @type {boolean} */ settled) => {
      const now = place(one);
      if (moved) this.taken.move(now.x + off.x, now.y + off.y, settled);
    };
    const on = (/** @type {PointerEvent} */ one) => { moved = true; go(one, false); };
    const done = (/** @type {PointerEvent} */ one) => {
      this.held = false;
      for (const [kind, f] of /** @type {const} */ ([["pointermove", on], ["pointerup", done], ["pointercancel", done]])) node.removeEventListener(kind, f);
      if (one.type === "pointerup") go(one, true);
      else if (moved) this.taken.move(this.at.x, this.at.y, true); // the browser took it for a scroll: it stays where it was
    };
    node.addEventListener("pointermove", on);
    node.addEventListener("pointerup", done);
    node.addEventListener("pointercancel", done);
    if (!itself) go(event, false);
  }

  key(/** @type {KeyboardEvent} */ event) {
    const steps = KEYS[/** @type {keyof typeof KEYS} */ (event.key)];
    if (steps === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.taken.step(steps * (event.shiftKey ? 10 : 1), !event.repeat);
  }

  /**
   * Where it is now and what that means.
   *
   * @param {number} x
   * @param {number} y
   * @param {{now: number, low: number, high: number, text: string, shown: boolean}} value
   */
  place(x, y, { now, low, high, text, shown }) {
    this.at = { x, y };
    this.root.hidden = !shown;
    this.root.style.left = `${x}px`;
    this.root.style.top = `${y}px`;
    mark(this.root, "aria-valuemin", String(low));
    mark(this.root, "aria-valuemax", String(high));
    mark(this.root, "aria-valuenow", String(now));
    mark(this.root, "aria-valuetext", text);
  }
}
