// A photo with a sheet over it to draw on in the photo's own pixels: boxes, cells, words, and what lies under the pointer.

import { Sheet, mark } from "./dom.js";
import { Shot } from "./shot.js";

/** @typedef {import("./decided_boxes.js").Box} Box */
/**
 * @typedef {object} Line
 * @property {string} colour
 * @property {string} [rim]     Around it, so that it can be seen on anything.
 * @property {number} [width]   In CSS pixels.
 * @property {number[]} [dash]
 * @property {number} [alpha]
 * @property {string} [fill]
 */

/** The panel beside a picture is so wide at least, and at most where the picture is upright, in CSS pixels. */
const PANEL = [350, 480];
/** Between both. */
const GAP = 22;

/** Gives the panel what an upright picture of a height leaves over. */
export function share(/** @type {import("./opened.js").Opened} */ host, /** @type {number} */ height) {
  const [least, most] = host.present ? PANEL.map((one) => 1.3 * one) : PANEL;
  const rest = host.root.clientWidth - GAP - height * host.ratio;
  host.root.style.setProperty("--panel", `${Math.round(Math.max(least, Math.min(most, rest)))}px`);
}

/** How near to an edge the pointer takes hold of a box, in CSS pixels. */
const NEAR = 7;

export class Boxed {
  /**
   * @param {string} name
   * @param {string} label
   * @param {object} told
   * @param {(x: number, y: number) => void} [told.point]  Where the mouse is, or a finger pressed, in pixels of the photo; not-a-number where it left.
   * @param {(x: number, y: number) => void} [told.press]
   * @param {(by: number) => void} [told.walk]              An arrow key.
   */
  constructor(name, label, { point, press, walk } = {}) {
    this.shot = new Shot(name, label);
    this.root = this.shot.root;
    this.over = new Sheet({ class: "over", "data-testid": `${name}-over`, "aria-hidden": walk ? null : "true", role: walk ? "group" : null, tabindex: walk ? 0 : null, "data-arrows": Boolean(walk) });
    this.canvas = this.over.canvas;
    this.shot.frame.insertBefore(this.canvas, this.shot.said.root);
    this.width = 1;
    this.height = 1;
    /** Where words stand already. @type {{x: number, y: number, wide: number, high: number}[]} */
    this.words = [];
    const at = (/** @type {PointerEvent} */ event) => /** @type {[number, number]} */ ([(event.offsetX / this.canvas.clientWidth) * this.width, (event.offsetY / this.canvas.clientHeight) * this.height]);
    if (point) {
      this.canvas.addEventListener("pointermove", (event) => { if (event.pointerType === "mouse") point(...at(event)); });
      this.canvas.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") point(NaN, NaN); });
    }
    if (press) this.canvas.addEventListener("click", (event) => press(...at(/** @type {PointerEvent} */ (event))));
    if (walk) {
      this.canvas.addEventListener("keydown", (event) => {
        const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        walk(by);
      });
    }
  }

  /**
   * Begins a drawing: the photo at a size, a veil that holds it back, an empty sheet.
   *
   * @param {import("./opened.js").Opened} host
   * @param {{width: number, height: number, veil?: number, title: string, label: string}} wanted The room there is.
   */
  begin(host, { width, height, veil = 0.35, title, label }) {
    this.shot.show(host.photo, title, label);
    this.shot.fit(width, height, host.ratio);
    this.shot.said.show(host.words, host.status);
    this.shot.frame.toggleAttribute("data-stale", host.stale);
    mark(this.canvas, "aria-label", label);
    [this.width, this.height] = host.shape;
    this.size = host.size;
    this.words = [];
    this.over.fit();
    const context = this.over.blank();
    this.context = context;
    context.fillStyle = `rgb(12 14 18 / ${veil})`;
    if (veil) context.fillRect(0, 0, this.over.width, this.over.height);
    return context;
  }

  x(/** @type {number} */ px) { return (px / this.width) * this.over.width; }
  y(/** @type {number} */ px) { return (px / this.height) * this.over.height; }

  /** Lets the photo through the veil inside a box. */
  clear(/** @type {Box} */ [left, top, right, bottom]) {
    this.context.clearRect(this.x(left), this.y(top), this.x(right) - this.x(left), this.y(bottom) - this.y(top));
  }

  box(/** @type {Box} */ [left, top, right, bottom], /** @type {Line} */ { colour, rim = "", width = 2, dash = [], alpha = 1, fill = "" }) {
    const { context } = this;
    const inset = width / 2; // an edge at the photo's own edge stays in sight
    const [x0, y0, x1, y1] = [Math.max(inset, this.x(left)), Math.max(inset, this.y(top)), Math.min(this.over.width - inset, this.x(right)), Math.min(this.over.height - inset, this.y(bottom))];
    context.save();
    context.globalAlpha = alpha;
    if (fill) {
      context.fillStyle = fill;
      context.fillRect(x0, y0, x1 - x0, y1 - y0);
    }
    context.lineJoin = "miter";
    if (rim) {
      context.strokeStyle = rim;
      context.lineWidth = width + 2;
      context.strokeRect(x0, y0, x1 - x0, y1 - y0);
    }
    context.setLineDash(dash);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(x0, y0, x1 - x0, y1 - y0);
    context.restore();
  }

  /**
   * Words on a patch of a colour at a box: where no other words stand, above it, inside at its top, below or inside at its bottom.
   *
   * @param {Box} box
   * @param {string | string[]} texts  The words; where there are several, the later ones are shorter and taken where the former find no room.
   * @param {{colour: string, ink: string}} look
   * @param {{side?: "above" | "below", always?: boolean}} [told] `always`: they stand there even where they cover others.
   */
  tag(box, texts, { colour, ink }, { side = "above", always = false } = {}) {
    const { context, size } = this;
    const type = Math.max(12, size);
    const high = type + 5;
    const [left, top, right, bottom] = [this.x(box[0]), this.y(box[1]), this.x(box[2]), this.y(box[3])];
    const lines = side === "above" ? [top - high, top, bottom, bottom - high] : [bottom, bottom - high, top - high, top];
    context.save();
    context.font = `600 ${type}px ${getComputedStyle(this.canvas).fontFamily}`;
    const places = [texts].flat().flatMap((text) => {
      const wide = context.measureText(text).width + 8;
      const x = (/** @type {number} */ wanted) => Math.max(0, Math.min(this.over.width - wide, wanted));
      const inside = (/** @type {number} */ y) => y >= 0 && y <= this.over.height - high;
      return [left - 1, right + 1 - wide].flatMap((wanted) => lines.map((y) => ({ text, wide, high, x: x(wanted), y, fits: inside(y) })));
    });
    const clash = (/** @type {typeof places[0]} */ one) => this.words.some((other) => one.x < other.x + other.wide && other.x < one.x + one.wide && one.y < other.y + other.high && other.y < one.y + one.high);
    const free = places.find((one) => one.fits && !clash(one));
    const place = free ?? (always ? { ...places[0], y: Math.max(0, Math.min(this.over.height - high, places[0].y)) } : null);
    if (place) {
      this.words.push(place);
      context.fillStyle = colour;
      context.fillRect(place.x, place.y, place.wide, high);
      context.fillStyle = ink;
      context.textBaseline = "middle";
      context.fillText(place.text, place.x + 4, place.y + high / 2 + 0.5);
    }
    context.restore();
  }

  /** The box under a place: the one whose edge is near, else the smallest around it; -1 where there is none. */
  hit(/** @type {import("./decided_boxes.js").Proposals} */ proposals, /** @type {number[]} */ numbers, /** @type {number} */ px, /** @type {number} */ py) {
    const [x, y] = [this.x(px), this.y(py)];
    let best = { number: -1, edge: NEAR, area: Infinity };
    for (const number of numbers) {
      const [l, t, r, b] = proposals.box(number);
      const [left, top, right, bottom] = [this.x(l), this.y(t), this.x(r), this.y(b)];
      if (x < left - NEAR || x > right + NEAR || y < top - NEAR || y > bottom + NEAR) continue;
      const edge = Math.min(Math.abs(x - left), Math.abs(x - right), Math.abs(y - top), Math.abs(y - bottom));
      const area = (right - left) * (bottom - top);
      const inside = x >= left && x <= right && y >= top && y <= bottom;
      if (edge < best.edge || (inside && best.edge >= NEAR && area < best.area)) best = { number, edge: Math.min(edge, NEAR), area };
    }
    return best.number;
  }
}
