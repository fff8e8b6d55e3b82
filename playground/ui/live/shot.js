// A photo in a place that keeps its proportions; a map may lie over the part of it that the network saw.
//
// The map is a canvas of its own over the photo's, so that its strength is a matter of style: nothing is drawn anew. The
// same is done in Python for the download (`viz/heat.py`): there and here the photo is grey at half strength and beyond.

import { element, mark, say } from "./dom.js";
import { Raster } from "./raster.js";

export class Shot {
  /**
   * @param {string} name   What tests find it by.
   * @param {string} label  Its text alternative, until `show` has a better one.
   */
  constructor(name, label) {
    this.title = element("h3", {});
    this.base = element("canvas", { role: "img", "aria-label": label });
    this.map = new Raster();
    this.veil = this.map.canvas;
    this.veil.className = "veil";
    this.veil.hidden = true;
    this.edge = element("div", { class: "edge", hidden: true });
    this.said = new Said();
    this.frame = element("div", { class: "shot", "data-testid": name }, this.base, this.veil, this.edge, this.said.root);
    this.root = element("div", { class: "figure" }, this.title, this.frame);
    /** @type {ImageBitmap | null} */
    this.shown = null;
  }

  /** The photo, or nothing, and how it is called. */
  show(/** @type {ImageBitmap | null} */ photo, /** @type {string} */ title, /** @type {string} */ label) {
    say(this.title, title);
    mark(this.title, "title", title);
    mark(this.base, "aria-label", label);
    if (photo === this.shown) return;
    this.shown = photo;
    this.base.width = photo?.width ?? 1;
    this.base.height = photo?.height ?? 1;
    if (photo) this.base.getContext("2d")?.drawImage(photo, 0, 0);
  }

  /** Where the network looked at all, in shares of the photo: left, top, right, bottom. */
  outline(/** @type {number[] | null} */ seen) {
    const whole = !seen || (seen[0] <= 0.002 && seen[1] <= 0.002 && seen[2] >= 0.998 && seen[3] >= 0.998);
    this.edge.hidden = whole;
    const [left, top, right, bottom] = seen ?? [0, 0, 1, 1];
    for (const node of [this.edge, this.veil]) {
      Object.assign(node.style, { left: `${100 * left}%`, top: `${100 * top}%`, width: `${100 * (right - left)}%`, height: `${100 * (bottom - top)}%` });
    }
  }

  /** A map of numbers 0 to 255 over it, through a table of colours; none where there is none. */
  cover(/** @type {import("./frame.js").Block | null} */ levels, /** @type {Uint32Array} */ table) {
    this.veil.hidden = !levels;
    if (levels) this.map.paint(levels.data, levels.shape[1], levels.shape[0], table);
  }

  /** How strong the map is: 0 is the photo alone, 1 the map alone. */
  mix(/** @type {number} */ opacity) {
    this.veil.style.opacity = String(opacity);
    this.base.style.filter = this.veil.hidden ? "" : `grayscale(${Math.min(1, 2 * opacity)})`;
  }

  /** The largest size of these proportions that fits. */
  fit(/** @type {number} */ width, /** @type {number} */ height, /** @type {number} */ ratio) {
    fit(this.frame, width, height, ratio);
  }
}

/** Gives a place the largest size of these proportions that fits. */
export function fit(/** @type {HTMLElement} */ frame, /** @type {number} */ width, /** @type {number} */ height, /** @type {number} */ ratio) {
  const wide = Math.max(40, Math.floor(Math.min(width, height * ratio)));
  frame.style.width = `${wide}px`;
  frame.style.height = `${Math.round(wide / ratio)}px`;
}

/** Words over a picture: what is under way, or why there is none. */
export class Said {
  constructor() {
    this.text = element("span", { "data-testid": "said" });
    this.root = element("div", { class: "notice", role: "status", hidden: true }, this.text);
  }

  /** @param {string} words @param {string} status */
  show(words, status) {
    this.root.hidden = status === "there" || !words;
    mark(this.root, "data-tone", status === "refused" ? "alarm" : "calm");
    say(this.text, words);
  }
}
