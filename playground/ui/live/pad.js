// A pad to draw on with mouse, pen, finger or keys: smooth strokes, undo, and the ink as a small grey picture.

import { element, mark, say, Sheet } from "./dom.js";

/** The ink is handed out as so many pixels squared: 0 untouched, 255 full ink. */
export const SIDE = 56;
/** While a stroke goes on, the ink is handed out at most this often, in milliseconds. */
const OFTEN = 50;
/** Width of the pen unless said otherwise, as a share of the pad's side: about that of MNIST's digits. */
const PEN = 0.075;
/** Points closer than this share of the side are one point: a hand that rests adds none. */
const NEAR = 0.004;
/** A key moves the pen by this share of the side. */
const PACE = 1 / 28;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const NOTE = "Draw with mouse, pen or finger. With keys: arrows move the pen, Space puts it down and lifts it, Ctrl + Z takes back, Delete clears.";

/**
 * A line of the pen: `x, y, x, y, ...` as shares of the pad's side, and its width as such a share.
 *
 * @typedef {{points: number[], pen: number}} Stroke
 */

/**
 * Place `root` where the pad is to be (it is square and takes the width it is given), call `draw(theme)` with every drawing.
 * Its sheet is `pad.css`.
 */
export class Pad {
  /**
   * @param {object} told
   * @param {(ink: Uint8Array, settled: boolean) => void} told.changed What was drawn so far, now and then while the hand moves, and
   *   once more (`settled`) when it lets go. The ink is `SIDE` x `SIDE`, row by row; all 0 where nothing is drawn.
   * @param {() => void} told.again   It wants to be drawn soon.
   * @param {string} [told.name]      Its name for who listens.
   * @param {string} [told.hint]      What stands on it while it is empty.
   */
  constructor({ changed, again, name = "Pad to draw a digit on", hint = "Draw a digit here" }) {
    this.changed = changed;
    this.again = again;
    /** @type {Stroke[]} */
    this.strokes = [];
    /** What lies there was not drawn by the hand: its first stroke takes the place of it. */
    this.example = false;
    /** @type {{strokes: Stroke[], example: boolean}[]} What undo goes back to. */
    this.before = [];
    this.pen = PEN;
    /** @type {Stroke | null} The one being drawn. */
    this.stroke = null;
    this.pointer = -1;
    /** Where the keyboard's pen is, and whether it is down. */
    this.cursor = { x: 0.5, y: 0.25, seen: false };
    this.told = -OFTEN;
    this.timer = 0;
    this.sheet = new Sheet({ class: "pad-sheet", role: "application", tabindex: 0, "aria-label": name, "aria-description": NOTE, "data-testid": "pad" });
    this.hint = element("p", { class: "pad-hint", "aria-hidden": "true" }, hint);
    this.square = element("div", { class: "pad-square" }, this.sheet.canvas, this.hint);
    this.back = element("button", { type: "button", class: "act", "data-testid": "pad-undo", onclick: () => this.undo() }, "Undo");
    this.wipe = element("button", { type: "button", class: "act", "data-testid": "pad-clear", onclick: () => this.clear() }, "Clear");
    this.width = element("input", {
      type: "range", min: 2, max: 16, step: 0.5, value: 100 * PEN, "aria-label": "Width of the pen", "data-testid": "pad-pen",
      oninput: () => { this.pen = Number(this.width.value) / 100; },
    });
    this.tools = element("div", { class: "pad-tools" }, this.back, this.wipe, element("label", { class: "pad-pen" }, element("span", { class: "label" }, "Pen"), this.width));
    this.note = element("p", { class: "pad-note" }, NOTE);
    this.root = element("div", { class: "pad" }, this.square, this.tools, this.note);
    this.small = element("canvas", { width: SIDE, height: SIDE });
    this.pixels = /** @type {CanvasRenderingContext2D} */ (this.small.getContext("2d", { willReadFrequently: true }));
    const canvas = this.sheet.canvas;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(end, (event) => this.#up(/** @type {PointerEvent} */ (event)));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("focus", again);
    canvas.addEventListener("blur", () => this.#lift());
  }

  /** Whether nothing is drawn. */
  get empty() {
    return this.strokes.length === 0;
  }

  /** What is drawn, small: `SIDE` x `SIDE` bytes, 0 untouched, 255 full ink. */
  ink() {
    this.pixels.setTransform(1, 0, 0, 1, 0, 0);
    this.pixels.clearRect(0, 0, SIDE, SIDE);
    this.pixels.setTransform(SIDE, 0, 0, SIDE, 0, 0);
    trace(this.pixels, this.strokes, "#000");
    const { data } = this.pixels.getImageData(0, 0, SIDE, SIDE);
    return Uint8Array.from({ length: SIDE * SIDE }, (_, at) => data[4 * at + 3]);
  }

  /** Puts an example on the pad, which the first stroke clears; undo goes back to what is there now. */
  set(/** @type {Stroke[]} */ strokes) {
    this.#keep();
    this.#lift();
    this.strokes = strokes.map(({ points, pen }) => ({ points: [...points], pen }));
    this.example = strokes.length > 0;
    this.#tell(true);
  }

  /** Lets what was drawn before the page came back stand, without a word about it; `example` where it is one. */
  restore(/** @type {Stroke[]} */ strokes, example = false) {
    this.strokes = strokes.map(({ points, pen }) => ({ points: [...points], pen }));
    this.example = example;
    this.again();
  }

  clear() {
    if (!this.empty) this.set([]);
  }

  undo() {
    const before = this.before.pop();
    if (!before) return;
    this.#lift();
    this.strokes = before.strokes;
    this.example = before.example;
    this.#tell(true);
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    this.sheet.fit();
    const { context, width } = { context: this.sheet.blank(), width: this.sheet.width };
    context.save();
    context.strokeStyle = theme.grid;
    context.lineWidth = 1;
    context.beginPath();
    for (const share of [0.25, 0.5, 0.75]) {
      const at = Math.round(share * width) + 0.5;
      context.moveTo(at, 0);
      context.lineTo(at, width);
      context.moveTo(0, at);
      context.lineTo(width, at);
    }
    context.stroke();
    context.scale(width, width);
    trace(context, this.strokes, theme.ink);
    context.restore();
    if (this.cursor.seen && this.sheet.canvas.matches(":focus")) {
      context.beginPath();
      context.arc(this.cursor.x * width, this.cursor.y * width, Math.max(4, (this.pen * width) / 2), 0, 2 * Math.PI);
      context.strokeStyle = theme.accent;
      context.lineWidth = this.stroke ? 4 : 2;
      context.stroke();
    }
    this.hint.hidden = !this.empty;
    mark(this.back, "aria-disabled", this.before.length ? null : "true");
    mark(this.wipe, "aria-disabled", this.empty ? "true" : null);
    mark(this.sheet.canvas, "data-strokes", String(this.strokes.length));
  }

  /** Other words while it is empty. */
  invite(/** @type {string} */ words) {
    say(this.hint, words);
  }

  #keep() {
    this.before.push({ strokes: this.strokes.map(({ points, pen }) => ({ points: [...points], pen })), example: this.example });
    if (this.before.length > 40) this.before.shift();
  }

  #begin(/** @type {number} */ x, /** @type {number} */ y) {
    this.#keep();
    if (this.example) this.strokes = [];
    this.example = false;
    this.stroke = { points: [x, y], pen: this.pen };
    this.strokes.push(this.stroke);
    this.#tell(false);
  }

  #extend(/** @type {number} */ x, /** @type {number} */ y) {
    if (!this.stroke) return;
    const { points } = this.stroke;
    if (Math.hypot(x - points[points.length - 2], y - points[points.length - 1]) < NEAR) return;
    points.push(x, y);
    this.#tell(false);
  }

  #lift() {
    this.pointer = -1;
    if (!this.stroke) return;
    this.stroke = null;
    this.#tell(true);
  }

  #down(/** @type {PointerEvent} */ event) {
    if (event.button !== 0 || this.pointer >= 0) return; // a second finger or the palm draws nothing
    event.preventDefault();
    this.sheet.canvas.focus({ preventScroll: true });
    this.cursor.seen = false;
    this.#lift();
    this.pointer = event.pointerId;
    this.sheet.canvas.setPointerCapture(event.pointerId);
    this.#begin(...this.#place(event));
  }

  #move(/** @type {PointerEvent} */ event) {
    if (event.pointerId !== this.pointer) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const one of passed.length ? passed : [event]) this.#extend(...this.#place(one));
  }

  #up(/** @type {PointerEvent} */ event) {
    if (event.pointerId === this.pointer) this.#lift();
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") this.undo();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else if (event.key === " ") {
      this.cursor.seen = true;
      if (this.stroke) this.#lift();
      else this.#begin(this.cursor.x, this.cursor.y);
    } else if (step) {
      const far = event.shiftKey ? 3 : 1;
      this.cursor = { x: inside(this.cursor.x + far * PACE * step[0]), y: inside(this.cursor.y + far * PACE * step[1]), seen: true };
      this.#extend(this.cursor.x, this.cursor.y);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    this.again();
  }

  /** @returns {[number, number]} */
  #place(/** @type {PointerEvent} */ event) {
    const box = this.sheet.canvas.getBoundingClientRect();
    return [inside((event.clientX - box.left) / box.width), inside((event.clientY - box.top) / box.height)];
  }

  #tell(/** @type {boolean} */ settled) {
    this.again();
    window.clearTimeout(this.timer);
    const tell = () => {
      this.told = performance.now();
      this.changed(this.ink(), settled);
    };
    const wait = settled ? 0 : OFTEN - (performance.now() - this.told);
    if (wait <= 0) tell();
    else this.timer = window.setTimeout(tell, wait);
  }

  /** Called once it is gone. */
  end() {
    window.clearTimeout(this.timer);
  }
}

/** Draws strokes where one unit is the pad's side: curves through the middles between the hand's points. */
export function trace(/** @type {CanvasRenderingContext2D} */ context, /** @type {Stroke[]} */ strokes, /** @type {string} */ colour) {
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = colour;
  for (const { points, pen } of strokes) {
    context.lineWidth = pen;
    context.beginPath();
    context.moveTo(points[0], points[1]);
    for (let at = 2; at + 3 < points.length; at += 2) {
      context.quadraticCurveTo(points[at], points[at + 1], (points[at] + points[at + 2]) / 2, (points[at + 1] + points[at + 3]) / 2);
    }
    const last = points.length - 2;
    context.lineTo(points[last] + (last ? 0 : 1e-4), points[last + 1]); // a point alone is a dot
    context.stroke();
  }
}

function inside(/** @type {number} */ share) {
  return Math.min(1, Math.max(0, share));
}
