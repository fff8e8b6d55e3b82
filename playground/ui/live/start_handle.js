// The start of a walk under the hand: pressed or dragged on the picture, or moved with the arrow keys.

import { element, mark } from "./dom.js";

/** One arrow key moves it by this share of the picture's width; with shift by ten times as much. */
const NUDGE = 0.01;
/** A press that moves less than this, in CSS pixels, is a click. */
const STILL = 4;

export class StartHandle {
  /**
   * @param {object} told
   * @param {(px: number, py: number) => number[]} told.place    From CSS pixels on the picture to a place.
   * @param {(px: number, py: number) => boolean} told.pick      Whether a press there means something else.
   * @param {(place: number[], held: boolean) => void} told.move It was moved there; `held`: the hand has not let go.
   * @param {(dragged: boolean) => void} told.drop               The hand has let go.
   */
  constructor({ place, pick, move, drop }) {
    Object.assign(this, { place, pick, move, drop });
    /** @type {{x: number, y: number, dragged: boolean} | null} */
    this.grip = null;
    this.at = [0, 0];
    this.able = true;
    this.flat = false;
    this.root = element("button", {
      type: "button", class: "spot handle start", "data-testid": "start", title: "The start: drag it, or use the arrow keys",
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
    });
    this.hold(this.root, true);
  }

  /** Listens on a picture: a press there is the new start. */
  listen(/** @type {HTMLCanvasElement} */ canvas) {
    this.hold(canvas, false);
  }

  hold(/** @type {HTMLElement} */ node, /** @type {boolean} */ own) {
    node.addEventListener("pointerdown", (event) => {
      if (event.button || !this.able) return;
      const [x, y] = this.inside(event);
      if (!own && this.pick(x, y)) return;
      this.grip = { x: event.clientX, y: event.clientY, dragged: false };
      // A finger on the picture may be about to scroll the page: there only a tap counts. The handle itself can be dragged.
      this.tap = !own && event.pointerType === "touch";
      if (this.tap) return;
      node.setPointerCapture(event.pointerId);
      if (!own) this.move(this.place(x, y), true);
    });
    node.addEventListener("pointermove", (event) => {
      if (!this.grip || this.tap) return;
      this.grip.dragged ||= Math.hypot(event.clientX - this.grip.x, event.clientY - this.grip.y) > STILL;
      if (this.grip.dragged) this.move(this.place(...this.inside(event)), true);
    });
    node.addEventListener("pointerup", (event) => {
      if (!this.grip) return;
      const { dragged } = this.grip;
      this.grip = null;
      if (this.tap) this.move(this.place(...this.inside(event)), true);
      if (this.tap || !own || dragged) this.drop(dragged);
    });
    node.addEventListener("pointercancel", () => {
      const { dragged } = this.grip ?? { dragged: false };
      this.grip = null;
      if (dragged) this.drop(true);
    });
  }

  /** Where on the picture an event is, in CSS pixels. */
  inside(/** @type {PointerEvent} */ event) {
    const box = /** @type {HTMLElement} */ (this.root.parentElement).getBoundingClientRect();
    return /** @type {[number, number]} */ ([event.clientX - box.left, event.clientY - box.top]);
  }

  key(/** @type {KeyboardEvent} */ event) {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey || !this.able) return;
    event.preventDefault();
    const { width, height } = /** @type {HTMLElement} */ (this.root.parentElement).getBoundingClientRect();
    const [origin, corner] = [this.place(0, height), this.place(width, 0)];
    const stride = NUDGE * (event.shiftKey ? 10 : 1);
    this.move(this.at.map((value, i) => value + by[i] * stride * ((corner[i] ?? 0) - (origin[i] ?? 0))), true);
    this.drop(true);
  }

  /** Stands where the start is drawn. */
  show(/** @type {number[]} */ [px, py], /** @type {number[]} */ at, /** @type {boolean} */ able, /** @type {boolean} */ flat) {
    Object.assign(this, { at: [...at], able });
    mark(this.root, "hidden", able ? null : "");
    this.root.style.left = `${px}px`;
    this.root.style.top = `${py}px`;
    mark(this.root, "aria-label", `Start at x ${at[0]}${flat ? "" : `, y ${at[1]}`}; the arrow keys move it`);
  }
}
