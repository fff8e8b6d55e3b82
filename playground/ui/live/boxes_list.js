// Every object as a row: what it looks like, what it is called, how large it is and how sure the network is of it.

import { named } from "./boxes_scene.js";
import { element, mark } from "./dom.js";
import { percent, whole } from "./numbers.js";

/** Side of a row's piece of the picture, in CSS pixels. */
const PIECE = 40;
const MOVES = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

export class List {
  /** @param {HTMLImageElement} image  @param {(at: number) => void} hover  @param {(at: number) => void} press */
  constructor(image, hover, press) {
    this.image = image;
    this.hover = hover;
    this.press = press;
    this.root = element("div", { class: "things", role: "listbox", "aria-label": "Detections", "data-testid": "things", onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event) });
    /** @type {import("./boxes_scene.js").Thing[]} */
    this.things = [];
    /** @type {HTMLElement[]} */
    this.rows = [];
    this.count = 0;
    this.scale = 1;
  }

  take(/** @type {import("./boxes_scene.js").Thing[]} */ things) {
    this.things = things;
    this.rows = [];
    this.count = 0;
    this.root.replaceChildren();
    this.root.scrollTop = 0;
  }

  /** Shows so many of the surest; rows are made when they are first wanted. */
  filter(/** @type {number} */ count) {
    while (this.rows.length < count) {
      const row = this.row(this.rows.length);
      this.rows.push(row);
      this.root.append(row);
    }
    for (let at = Math.min(count, this.count); at < Math.max(count, this.count); at += 1) this.rows[at].hidden = at >= count;
    this.count = count;
    this.stop(this.rows.findIndex((row) => row.tabIndex === 0 && !row.hidden));
  }

  light(/** @type {number[]} */ lit, /** @type {boolean} */ firm) {
    const some = new Set(lit);
    this.rows.forEach((row, at) => {
      row.toggleAttribute("data-lit", some.has(at));
      mark(row, "aria-selected", String(firm && some.has(at)));
    });
  }

  /** Brings a row into sight without moving the page. */
  reach(/** @type {number} */ at) {
    const row = this.rows[at];
    if (!row || this.root.scrollHeight <= this.root.clientHeight) return;
    const top = row.offsetTop - this.root.offsetTop;
    if (top < this.root.scrollTop || top + row.offsetHeight > this.root.scrollTop + this.root.clientHeight) this.root.scrollTop = top - 0.4 * this.root.clientHeight;
  }

  /** Draws the pieces once the picture is there. */
  cut(/** @type {number} */ scale) {
    this.scale = scale;
    this.rows.forEach((row, at) => this.piece(row, at));
  }

  row(/** @type {number} */ at) {
    const thing = this.things[at];
    const [left, top, right, bottom] = thing.box;
    const size = `${whole(right - left)} × ${whole(bottom - top)} px`;
    const row = element(
      "div",
      {
        class: "thing-row", role: "option", tabindex: "-1", "aria-selected": "false", "data-testid": `thing-${at}`, style: `--tint:${thing.colour}`,
        "aria-label": `${thing.label}, ${percent(thing.score)}, ${size.replace("px", "pixels")}`,
        onclick: () => this.press(at),
        onpointerenter: (/** @type {PointerEvent} */ event) => { if (event.pointerType === "mouse") this.hover(at); },
        onpointerleave: () => this.hover(-1),
        onfocus: () => { this.stop(at); this.hover(at); },
        onblur: () => this.hover(-1),
      },
      element("canvas", { class: "piece", "aria-hidden": "true" }),
      element("span", { class: "name" }, named(thing.label)),
      element("span", { class: "size" }, size),
      element("span", { class: "number" }, percent(thing.score)),
    );
    this.piece(row, at);
    return row;
  }

  piece(/** @type {HTMLElement} */ row, /** @type {number} */ at) {
    const { image } = this;
    const canvas = /** @type {HTMLCanvasElement} */ (row.firstChild);
    if (!image.complete || !image.naturalWidth) return;
    const dots = Math.round(PIECE * (window.devicePixelRatio || 1));
    canvas.width = canvas.height = dots;
    const [left, top, right, bottom] = this.things[at].box.map((value) => value * this.scale);
    const [wide, high] = [Math.max(1, right - left), Math.max(1, bottom - top)];
    const fits = Math.min(dots / wide, dots / high); // all of it: what is cut off could be the head
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.imageSmoothingQuality = "high";
    context.drawImage(image, left, top, wide, high, 0.5 * (dots - fits * wide), 0.5 * (dots - fits * high), fits * wide, fits * high);
  }

  /** One row can be reached with Tab; arrow keys go on from there. */
  stop(/** @type {number} */ at) {
    const to = Math.max(0, at);
    this.rows.forEach((row, i) => { row.tabIndex = i === to ? 0 : -1; });
  }

  key(/** @type {KeyboardEvent} */ event) {
    const at = this.rows.indexOf(/** @type {any} */ (event.target));
    if (at < 0) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.press(at);
      return;
    }
    const step = MOVES[/** @type {keyof typeof MOVES} */ (event.key)];
    if (!step) return;
    event.preventDefault();
    this.rows[Math.max(0, Math.min(this.count - 1, at + step))].focus();
  }
}
