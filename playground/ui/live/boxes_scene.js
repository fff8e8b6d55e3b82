// A picture with boxes over it: one drawing a device pixel sharp at any size, since boxes are lines, not pixels.
//
// Every object is drawn once, when it is first wanted; moving the confidence only shows and hides.

import { element, mark } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
/** A key point that is less sure of being seen is not drawn. */
const VISIBLE = 0.5;
/** Of a box that is smaller on the screen, in pixels, there is no room to write the name. */
const CRUMB = 14;
const CLOSEST = 8;
/** A name may be wider than its box by so much: up to so many times the size of its type. */
const WIDEST = 9;
let scenes = 0;

/**
 * @typedef {object} Thing
 * @property {number} at       Its place among all, the surest first.
 * @property {number} index    Number of its class.
 * @property {string} label
 * @property {string} colour
 * @property {string} ink
 * @property {number} score
 * @property {number[]} box    Left, top, right, bottom in pixels of the original.
 * @property {number[]} mask   x, y, x, y ... around it; may be empty.
 * @property {number[]} points x, y, visible of each key point; may be empty.
 */

/** A class as it stands beside a number: one that is a number itself is quoted. */
export function named(/** @type {string} */ label) {
  return /^\d+$/.test(label) ? `\u201c${label}\u201d` : label;
}

function make(/** @type {string} */ tag, /** @type {Record<string, any>} */ attributes = {}, /** @type {Node[]} */ ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

export class Scene {
  /** @param {(hovered: number) => void} hover  @param {(pressed: number) => void} press  Place of the object, or -1. */
  constructor(hover, press) {
    this.image = element("img", { class: "photo", alt: "", draggable: "false", "data-testid": "photo" });
    const mask = `lit-${scenes += 1}`;
    this.holes = make("g", { fill: "#000" });
    this.whole = make("rect", { fill: "#fff" });
    this.veil = make("rect", { class: "veil", mask: `url(#${mask})` });
    this.shapes = make("g");
    this.labels = make("g", { class: "labels" });
    this.svg = make("svg", { class: "overlay", "aria-hidden": "true" }, make("mask", { id: mask, maskUnits: "userSpaceOnUse" }, this.whole, this.holes), this.veil, this.shapes, this.labels);
    this.root = element("div", { class: "scene", "data-testid": "scene" }, this.image, this.svg);
    /** @type {Thing[]} */
    this.things = [];
    /** What was drawn of each. @type {Map<number, {shape: SVGElement, label: SVGElement}>} */
    this.made = new Map();
    /** Where names stand already. @type {number[][]} */
    this.places = [];
    this.count = 0;
    /** @type {number[]} */
    this.lit = [];
    this.skeleton = [];
    this.wide = this.high = 0;
    this.zoom = 1;
    this.middle = [0.5, 0.5];
    this.size = 12;
    this.wordy = true;
    this.k = this.left = this.top = 0;
    this.ruler = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
    this.listen(hover, press);
  }

  /** The objects of a picture; those of another one are forgotten. */
  take(/** @type {Thing[]} */ things, /** @type {number[][]} */ skeleton) {
    this.things = things;
    this.skeleton = skeleton;
    this.made.clear();
    this.places = [];
    this.shapes.replaceChildren();
    this.labels.replaceChildren();
    this.count = 0;
    this.lit = [];
  }

  /** Shows so many of the surest. */
  filter(/** @type {number} */ count) {
    for (let at = 0; at < Math.max(count, this.count); at += 1) {
      if (at < count && this.k) this.drawn(at);
      const made = this.made.get(at);
      if (!made) continue;
      made.shape.toggleAttribute("data-off", at >= count);
      made.label.toggleAttribute("data-off", at >= count);
    }
    this.count = count;
  }

  /** Lights some of them up; the rest of the picture steps back. */
  light(/** @type {number[]} */ lit, /** @type {boolean} */ firm) {
    this.lit = lit;
    const some = new Set(lit);
    for (const [at, { shape, label }] of this.made) {
      shape.toggleAttribute("data-lit", some.has(at));
      label.toggleAttribute("data-lit", some.has(at));
      shape.toggleAttribute("data-dim", some.size > 0 && !some.has(at));
      label.toggleAttribute("data-dim", some.size > 0 && !some.has(at));
    }
    mark(this.root, "data-lit", lit.length ? (firm ? "firm" : "soft") : null);
    if (firm) this.cut();
  }

  cut() {
    this.holes.replaceChildren(...this.lit.map((at) => {
      const { x, y, width, height } = this.rect(at);
      return make("rect", { x, y, width, height, rx: 3 });
    }));
  }

  /** Where an object is on the screen. */
  rect(/** @type {number} */ at) {
    const [left, top, right, bottom] = this.things[at].box;
    return { x: this.left + this.k * left, y: this.top + this.k * top, width: this.k * (right - left), height: this.k * (bottom - top) };
  }

  /** The size of the original, and of the type on it. */
  fit(/** @type {number} */ wide, /** @type {number} */ high, /** @type {number} */ size, /** @type {boolean} */ wordy) {
    const { clientWidth: width, clientHeight: height } = this.root;
    const key = [wide, high, size, wordy, width, height, this.zoom, ...this.middle].join();
    if (!wide || !width || !height || key === this.key) return;
    this.key = key;
    Object.assign(this, { wide, high, size, wordy });
    this.k = this.zoom * Math.min(width / wide, height / high);
    const [x, y] = this.middle.map((share, i) => {
      const half = 0.5 * [width, height][i] / (this.k * [wide, high][i]);
      return half >= 0.5 ? 0.5 : Math.min(1 - half, Math.max(half, share));
    });
    this.middle = [x, y];
    this.left = 0.5 * width - this.k * wide * x;
    this.top = 0.5 * height - this.k * high * y;
    const place = { left: `${this.left}px`, top: `${this.top}px`, width: `${this.k * wide}px`, height: `${this.k * high}px` };
    Object.assign(this.image.style, place);
    for (const node of [this.veil, this.whole]) {
      for (const [name, value] of [["x", this.left], ["y", this.top], ["width", this.k * wide], ["height", this.k * high]]) mark(node, String(name), String(value));
    }
    mark(this.root, "data-zoomed", this.zoom > 1 ? "" : null);
    this.ruler.font = `600 ${size}px ${getComputedStyle(this.root).fontFamily}`;
    const { count, lit } = this;
    const firm = this.root.getAttribute("data-lit") === "firm";
    this.made.clear();
    this.places = [];
    this.shapes.replaceChildren();
    this.labels.replaceChildren();
    this.count = 0;
    this.filter(count);
    this.light(lit, firm);
  }

  /** Closer or farther, towards a point of the frame. */
  closer(/** @type {number} */ factor, /** @type {number[]} */ at = []) {
    const zoom = Math.min(CLOSEST, Math.max(1, this.zoom * factor));
    const [x, y] = at.length ? at : [0.5 * this.root.clientWidth, 0.5 * this.root.clientHeight];
    const held = [(x - this.left) / (this.k * this.wide), (y - this.top) / (this.k * this.high)];
    const k = this.k * zoom / this.zoom;
    this.middle = [held[0] - (x - 0.5 * this.root.clientWidth) / (k * this.wide), held[1] - (y - 0.5 * this.root.clientHeight) / (k * this.high)];
    this.zoom = zoom;
    this.fit(this.wide, this.high, this.size, this.wordy);
  }

  /** The whole picture again. */
  reset() {
    this.zoom = 1;
    this.middle = [0.5, 0.5];
  }

  drawn(/** @type {number} */ at) {
    if (this.made.has(at)) return;
    const thing = this.things[at];
    const { x, y, width, height } = this.rect(at);
    const shape = make("g", { class: "thing", style: `--tint:${thing.colour}`, "data-index": thing.index });
    if (thing.mask.length) {
      const points = [];
      for (let i = 0; i < thing.mask.length; i += 2) points.push(`${(this.left + this.k * thing.mask[i]).toFixed(1)},${(this.top + this.k * thing.mask[i + 1]).toFixed(1)}`);
      shape.append(make("polygon", { class: "mask", points: points.join(" ") }));
      mark(shape, "data-masked", "");
    }
    const box = { x, y, width, height, rx: 2 };
    shape.append(make("rect", { class: "halo", ...box }), make("rect", { class: "box", ...box }), ...this.body(thing));
    this.shapes.prepend(shape); // the surer ones lie on top
    const label = this.label(thing, x, y, width, height);
    this.labels.prepend(label);
    this.made.set(at, { shape, label });
  }

  /** A body's key points and what joins them. */
  body(/** @type {Thing} */ { points }) {
    const at = (/** @type {number} */ i) => [this.left + this.k * points[3 * i], this.top + this.k * points[3 * i + 1]];
    const seen = (/** @type {number} */ i) => points[3 * i + 2] >= VISIBLE;
    const made = [];
    for (const [from, to] of points.length ? this.skeleton : []) {
      if (!seen(from) || !seen(to)) continue;
      const [[x1, y1], [x2, y2]] = [at(from), at(to)];
      made.push(make("line", { class: "bone halo", x1, y1, x2, y2 }), make("line", { class: "bone", x1, y1, x2, y2 }));
    }
    for (let i = 0; 3 * i < points.length; i += 1) if (seen(i)) made.push(make("circle", { class: "joint", cx: at(i)[0], cy: at(i)[1], r: 3 }));
    return made;
  }

  /** Name and confidence above the box, else inside it, else below: where no surer object's stand; the name alone where both are too wide. */
  label(/** @type {Thing} */ thing, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ width, /** @type {number} */ height) {
    const group = make("g", { class: "label", "data-index": thing.index });
    if (!this.wordy || Math.min(width, height) < CRUMB) return group;
    const name = named(thing.label);
    const both = `${name} ${(100 * thing.score).toFixed(0)} %`;
    const { clientWidth, clientHeight } = this.root;
    const high = Math.round(1.5 * this.size);
    const outside = x > clientWidth || x + width < 0 || y > clientHeight || y + height < 0;
    const above = y - high >= Math.max(0, this.top - high + 2) ? [y - high] : [];
    const below = y + height + high <= clientHeight ? [y + height] : [];
    const tops = [...above, Math.max(0, y), Math.min(y + height, clientHeight) - high, ...below];
    const tries = (this.room(both) <= Math.max(width, WIDEST * this.size) ? [both, name] : [name]).flatMap((text) => {
      const wide = this.room(text);
      const left = Math.max(0, Math.min(x - 1, clientWidth - wide));
      return tops.map((top) => ({ text, wide, left, top }));
    });
    const free = tries.find(({ wide, left, top }) => !this.places.some(([l, t, r, b]) => left < r && left + wide > l && top < b && top + high > t));
    const { text, wide, left, top } = free ?? tries[0]; // where none is free, it is read once it is lit
    if (outside || !free) mark(group, "data-hidden", "");
    else this.places.push([left, top, left + wide, top + high]);
    const words = make("text", { x: left + 5, y: top + 0.72 * high, "font-size": this.size, fill: thing.ink });
    words.textContent = text;
    group.append(make("rect", { x: left, y: top, width: wide, height: high, rx: 2, fill: thing.colour }), words);
    return group;
  }

  /** Width of a name with its margins, in pixels. */
  room(/** @type {string} */ text) {
    return Math.ceil(this.ruler.measureText(text).width) + 10;
  }

  /** The smallest shown object under a point of the frame; -1 where there is none. */
  under(/** @type {number} */ x, /** @type {number} */ y) {
    let [best, least] = [-1, Infinity];
    for (let at = 0; at < this.count; at += 1) {
      const box = this.rect(at);
      const inside = x >= box.x - 2 && y >= box.y - 2 && x <= box.x + box.width + 2 && y <= box.y + box.height + 2;
      if (inside && box.width * box.height < least) [best, least] = [at, box.width * box.height];
    }
    return best;
  }

  /** Hover and press; while it is enlarged, a drag moves the picture. */
  listen(/** @type {(at: number) => void} */ hover, /** @type {(at: number) => void} */ press) {
    /** @type {number[] | null} */
    let from = null;
    let moved = false;
    const place = (/** @type {PointerEvent | WheelEvent} */ event) => {
      const { left, top } = this.root.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    };
    const on = (/** @type {string} */ name, /** @type {(event: any) => void} */ act, /** @type {AddEventListenerOptions} */ options = {}) => this.root.addEventListener(name, act, options);
    on("pointermove", (event) => {
      const [x, y] = place(event);
      if (from && this.zoom > 1) {
        const [dx, dy] = [x - from[0], y - from[1]];
        if (!moved && Math.hypot(dx, dy) < 4) return;
        moved = true;
        this.middle = [this.middle[0] - dx / (this.k * this.wide), this.middle[1] - dy / (this.k * this.high)];
        from = [x, y];
        this.fit(this.wide, this.high, this.size, this.wordy);
      } else if (event.pointerType === "mouse") hover(this.under(x, y));
    });
    on("pointerdown", (event) => {
      from = place(event);
      moved = false;
      if (this.zoom > 1) this.root.setPointerCapture(event.pointerId);
    });
    on("pointerup", (event) => {
      if (from && !moved) press(this.under(...place(event)));
      from = null;
    });
    on("pointercancel", () => { from = null; });
    on("pointerleave", () => hover(-1));
    on("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.closer(Math.exp(-0.004 * event.deltaY), place(event));
    }, { passive: false });
  }
}
