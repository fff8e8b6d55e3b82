// A picture to draw boxes on: by mouse, finger or keyboard. A drag on the picture draws; a click takes hold of a box, which
// can then be moved, and resized by its corners. Places are shares of the picture's width and height.

import { element, mark } from "./dom.js";
import { Said, fit } from "./shot.js";
import { Tags } from "./truths_tags.js";
import { area } from "./truths_fit.js";

/**
 * @typedef {[number, number, number, number]} Edges Left, top, right, bottom.
 * @typedef {{id: number, name: string, box: Edges}} Truth
 * @typedef {{box: Edges, kind: string, lit?: boolean, tag?: string}} Line
 *
 * @typedef {object} Hand
 * @property {(id: number, box: Edges, settled: boolean) => void} move  A box of one's own was moved or resized.
 * @property {(box: Edges) => void} add                                 A new one was drawn.
 * @property {(id: number) => void} remove
 * @property {(id: number) => void} hold                                One was taken hold of; -1 for none.
 * @property {(at: {x: number, y: number} | null) => void} point          Where the pointer is, while nothing is dragged.
 */

/** A press that moves less than this is a click, in CSS pixels: a mouse, a finger. */
const STILL = { mouse: 4, touch: 9 };
/** A corner is caught from so far away. */
const NEAR = { mouse: 9, touch: 24 };
/** A box has at least this size, in CSS pixels. */
const SMALLEST = 6;
/** What an arrow key moves, as a share of the picture. */
const KEY = 0.005;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class TrueBoxes {
  constructor(/** @type {Hand} */ hand) {
    this.hand = hand;
    /** @type {Truth[]} */
    this.truths = [];
    this.held = -1;
    this.open = false;
    /** @type {{kind: string, id: number, from: {x: number, y: number}, box: Edges, corner: number, moved: boolean, pointer: number} | null} */
    this.gesture = null;
    this.picture = element("canvas", { class: "base", role: "img", "data-testid": "truths-picture" });
    this.lines = svg("svg", { class: "lines", "aria-hidden": "true" });
    this.tags = new Tags();
    this.holds = element("div", { class: "holds" });
    this.said = new Said();
    this.root = element("div", { class: "shot surface", "data-testid": "surface" }, this.picture, this.lines, this.tags.root, this.holds, this.said.root);
    this.root.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => this.down(event));
    this.root.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => this.along(event));
    for (const kind of ["pointerup", "pointercancel"]) this.root.addEventListener(kind, (/** @type {PointerEvent} */ event) => this.up(event));
    this.root.addEventListener("pointerleave", () => { if (!this.gesture) hand.point(null); });
    /** @type {ImageBitmap | null} */
    this.shown = null;
    /** @type {Map<number, HTMLElement>} */
    this.places = new Map();
  }

  /** The photo, in a place of its proportions that is as large as fits. */
  show(/** @type {ImageBitmap | null} */ photo, /** @type {number} */ width, /** @type {number} */ height, /** @type {number} */ ratio) {
    fit(this.root, width, height, ratio);
    if (photo === this.shown) return;
    this.shown = photo;
    this.picture.width = photo?.width ?? 1;
    this.picture.height = photo?.height ?? 1;
    if (photo) this.picture.getContext("2d")?.drawImage(photo, 0, 0);
  }

  /** A place in shares, kept on the picture. */
  place(/** @type {PointerEvent} */ event) {
    const box = this.root.getBoundingClientRect();
    return { x: clamp((event.clientX - box.left) / box.width), y: clamp((event.clientY - box.top) / box.height) };
  }

  /** So many CSS pixels as shares of width and height. */
  share(/** @type {number} */ pixels) {
    return { x: pixels / Math.max(1, this.root.clientWidth), y: pixels / Math.max(1, this.root.clientHeight) };
  }

  down(/** @type {PointerEvent} */ event) {
    if (event.button !== 0 || !this.open) return;
    if (this.gesture) { // a second finger: no drawing
      this.gesture = null;
      this.hand.point(null);
      return;
    }
    if (event.pointerType !== "touch") event.preventDefault();
    const from = this.place(event);
    const held = this.truths.find(({ id }) => id === this.held);
    const corner = held ? this.corner(held.box, from, event.pointerType === "touch" ? NEAR.touch : NEAR.mouse) : -1;
    const kind = corner >= 0 ? "resize" : held && inside(held.box, from) ? "move" : "draw";
    this.gesture = { kind, id: held?.id ?? -1, from, box: held?.box ?? [from.x, from.y, from.x, from.y], corner, moved: false, pointer: event.pointerId };
    this.root.setPointerCapture(event.pointerId);
    this.hand.point(null);
  }

  along(/** @type {PointerEvent} */ event) {
    const at = this.place(event);
    const { gesture } = this;
    if (!gesture || gesture.pointer !== event.pointerId) {
      if (!gesture) {
        this.cursor(at);
        if (event.pointerType === "mouse") this.hand.point(at);
      }
      return;
    }
    const still = this.share(event.pointerType === "touch" ? STILL.touch : STILL.mouse);
    if (!gesture.moved && Math.abs(at.x - gesture.from.x) < still.x && Math.abs(at.y - gesture.from.y) < still.y) return;
    gesture.moved = true;
    const box = dragged(gesture, at);
    if (gesture.kind === "draw") gesture.box = box;
    else this.hand.move(gesture.id, this.grown(box), false);
    this.hand.point(null);
  }

  up(/** @type {PointerEvent} */ event) {
    const { gesture } = this;
    if (!gesture || gesture.pointer !== event.pointerId) return;
    this.gesture = null;
    if (event.type === "pointercancel") {
      if (gesture.kind !== "draw" && gesture.moved) this.hand.move(gesture.id, gesture.box, true);
      this.hand.point(null);
      return;
    }
    const at = this.place(event);
    if (!gesture.moved) this.click(at);
    else if (gesture.kind !== "draw") this.hand.move(gesture.id, this.grown(dragged(gesture, at)), true);
    else {
      const box = dragged(gesture, at);
      const least = this.share(SMALLEST);
      if (box[2] - box[0] >= least.x && box[3] - box[1] >= least.y) this.hand.add(box);
      else this.hand.point(null);
    }
  }

  /** A click takes hold of the smallest box there; again, of the next larger one; beside all, it lets go. */
  click(/** @type {{x: number, y: number}} */ at) {
    const there = this.truths.filter(({ box }) => inside(box, at)).sort((a, b) => area(a.box) - area(b.box));
    const now = there.findIndex(({ id }) => id === this.held);
    const next = there.length ? there[(now + 1) % there.length].id : -1;
    this.hand.hold(next);
    if (next >= 0) this.focus(next);
    this.hand.point(at);
  }

  focus(/** @type {number} */ id) {
    this.places.get(id)?.focus({ preventScroll: true });
  }

  /** Which corner of a box is near: 0 to 3 from the upper left by rows, or -1. */
  corner(/** @type {Edges} */ box, /** @type {{x: number, y: number}} */ at, /** @type {number} */ pixels) {
    const reach = this.share(pixels);
    const corners = [[0, 1], [2, 1], [0, 3], [2, 3]].map(([i, j]) => Math.hypot((box[i] - at.x) / reach.x, (box[j] - at.y) / reach.y));
    const best = corners.indexOf(Math.min(...corners));
    return corners[best] <= 1 ? best : -1;
  }

  /** At least the smallest size, and inside the picture. */
  grown(/** @type {Edges} */ [left, top, right, bottom]) {
    const least = this.share(SMALLEST);
    const [wide, tall] = [Math.max(right - left, least.x), Math.max(bottom - top, least.y)];
    const [x, y] = [Math.min(left, 1 - wide), Math.min(top, 1 - tall)];
    return /** @type {Edges} */ ([x, y, Math.min(1, x + wide), Math.min(1, y + tall)].map(rounded));
  }

  cursor(/** @type {{x: number, y: number}} */ at) {
    const held = this.truths.find(({ id }) => id === this.held);
    const corner = held ? this.corner(held.box, at, NEAR.mouse) : -1;
    this.root.style.cursor = !this.open ? "" : corner === 0 || corner === 3 ? "nwse-resize" : corner > 0 ? "nesw-resize" : held && inside(held.box, at) ? "move" : "crosshair";
  }

  key(/** @type {KeyboardEvent} */ event, /** @type {number} */ id) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.open) return;
    const truth = this.truths.find((one) => one.id === id);
    const way = ARROWS[/** @type {keyof typeof ARROWS} */ (event.key)];
    if (!truth || (!way && !["Delete", "Backspace", "Escape"].includes(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") this.hand.hold(-1);
    else if (!way) this.hand.remove(id);
    else {
      const [left, top, right, bottom] = truth.box;
      const [x, y] = [way[0] * KEY, way[1] * KEY];
      const box = event.shiftKey
        ? [left, top, clamp(right + x), clamp(bottom + y)]
        : [left + bounded(x, left, right), top + bounded(y, top, bottom), right + bounded(x, left, right), bottom + bounded(y, top, bottom)];
      this.hand.move(id, this.grown(/** @type {Edges} */ (box)), false);
    }
  }

  /**
   * Everything on the photo.
   *
   * @param {Line[]} lines                                  In the order they are drawn.
   * @param {Truth[]} truths
   * @param {(truth: Truth) => string} name                 Words for who listens.
   * @param {boolean} open                                  Whether it may be drawn on.
   */
  draw(lines, truths, name, open) {
    Object.assign(this, { truths, open });
    mark(this.root, "data-open", String(open));
    const { clientWidth: wide, clientHeight: tall } = this.root;
    mark(this.lines, "viewBox", `0 0 ${Math.max(1, wide)} ${Math.max(1, tall)}`);
    const parts = [];
    for (const line of lines) {
      const [x, y, right, bottom] = [line.box[0] * wide, line.box[1] * tall, line.box[2] * wide, line.box[3] * tall];
      const at = { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y), rx: 2 };
      parts.push(svg("rect", { ...at, class: `case ${line.kind}` }), svg("rect", { ...at, class: `line ${line.kind}${line.lit ? " lit" : ""}` }));
    }
    const held = truths.find(({ id }) => id === this.held);
    if (held && open) {
      for (const [i, j] of [[0, 1], [2, 1], [0, 3], [2, 3]]) parts.push(svg("rect", { x: held.box[i] * wide - 5, y: held.box[j] * tall - 5, width: 10, height: 10, class: "corner" }));
    }
    this.lines.replaceChildren(...parts);
    this.tags.draw(lines, wide, tall);
    this.reach(truths, name, open);
  }

  /** A place for the keyboard on each box of one's own. */
  reach(/** @type {Truth[]} */ truths, /** @type {(truth: Truth) => string} */ name, /** @type {boolean} */ open) {
    for (const [id, node] of this.places) {
      if (truths.some((one) => one.id === id)) continue;
      node.remove();
      this.places.delete(id);
    }
    for (const truth of truths) {
      let node = this.places.get(truth.id);
      if (!node) {
        const id = truth.id;
        node = /** @type {HTMLElement} */ (element("div", {
          class: "hold", tabindex: 0, role: "button", "data-testid": "true-box", "data-arrows": true,
          onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event, id),
          onfocus: () => this.hand.hold(id),
        }));
        this.places.set(id, node);
        this.holds.append(node);
      }
      const [left, top, right, bottom] = truth.box;
      Object.assign(node.style, { left: `${100 * left}%`, top: `${100 * top}%`, width: `${100 * (right - left)}%`, height: `${100 * (bottom - top)}%` });
      mark(node, "aria-label", name(truth));
      mark(node, "aria-pressed", String(truth.id === this.held));
      node.tabIndex = open ? 0 : -1;
    }
  }

  /** The box that is being drawn just now. */
  get draft() {
    return this.gesture?.kind === "draw" && this.gesture.moved ? this.gesture.box : null;
  }
}

export function inside(/** @type {Edges} */ [left, top, right, bottom], /** @type {{x: number, y: number}} */ { x, y }) {
  return x >= left && x <= right && y >= top && y <= bottom;
}

/** What a drag makes of a box. */
function dragged(gesture, /** @type {{x: number, y: number}} */ at) {
  const { kind, from, corner } = gesture;
  if (kind === "draw") return sorted([from.x, from.y, at.x, at.y]);
  const [left, top, right, bottom] = gesture.box;
  const [dx, dy] = [at.x - from.x, at.y - from.y];
  if (kind === "move") return sorted([left + bounded(dx, left, right), top + bounded(dy, top, bottom), right + bounded(dx, left, right), bottom + bounded(dy, top, bottom)]);
  const box = [left, top, right, bottom];
  box[corner % 2 ? 2 : 0] = clamp(box[corner % 2 ? 2 : 0] + dx);
  box[corner > 1 ? 3 : 1] = clamp(box[corner > 1 ? 3 : 1] + dy);
  return sorted(box);
}

function sorted(/** @type {number[]} */ [a, b, c, d]) {
  return /** @type {Edges} */ ([Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)].map(rounded));
}

/** A way that keeps both ends between 0 and 1. */
function bounded(/** @type {number} */ way, /** @type {number} */ low, /** @type {number} */ high) {
  return Math.min(1 - high, Math.max(-low, way));
}

function clamp(/** @type {number} */ x) {
  return Math.min(1, Math.max(0, x));
}

function rounded(/** @type {number} */ x) {
  return Math.round(clamp(x) * 1e5) / 1e5;
}

function svg(/** @type {string} */ tag, /** @type {Record<string, any>} */ attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}
