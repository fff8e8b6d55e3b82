// Words on boxes, none over another: each stands where there is room beside its box, and is left out where there is none.

import { element } from "./dom.js";

/** Between a box and its words, in CSS pixels. */
const GAP = 2;
/** More words than this are not even tried: nobody reads them. */
const MOST = 120;

export class Tags {
  constructor() {
    this.root = element("div", { class: "tags", "aria-hidden": "true" });
  }

  /** @param {import("./true_boxes.js").Line[]} lines  Those that matter most come last, as they lie on top. */
  draw(lines, /** @type {number} */ wide, /** @type {number} */ tall) {
    const named = lines.filter(({ tag }) => tag).reverse();
    named.sort((a, b) => Number(Boolean(b.lit)) - Number(Boolean(a.lit)));
    const tags = named.slice(0, MOST).map(({ kind, tag }) => element("span", { class: `tag ${kind}` }, tag));
    this.root.replaceChildren(...tags);
    const sizes = tags.map((tag) => ({ w: tag.offsetWidth, h: tag.offsetHeight })); // all are measured at once
    /** @type {Place[]} */
    const taken = [];
    tags.forEach((tag, k) => {
      const { box, lit } = named[k];
      const places = around(box.map((edge, i) => edge * (i % 2 ? tall : wide)), sizes[k], wide, tall);
      const place = places.find((one) => !taken.some((other) => meet(one, other))) ?? (lit ? places[0] : null);
      tag.hidden = !place;
      if (!place) return;
      taken.push(place);
      Object.assign(tag.style, { left: `${place.x}px`, top: `${place.y}px` });
    });
  }
}

/** @typedef {{x: number, y: number, w: number, h: number}} Place */

/** Where words may stand, the best first: above a box, below it, in its upper or lower edge; at its left or right side. @returns {Place[]} */
function around(/** @type {number[]} */ [left, top, right, bottom], /** @type {{w: number, h: number}} */ { w, h }, /** @type {number} */ wide, /** @type {number} */ tall) {
  const across = [left, right - w].map((x) => Math.max(0, Math.min(wide - w, x)));
  const down = [top - h - GAP, bottom + GAP, top + GAP, bottom - h - GAP].filter((y) => y >= 0 && y + h <= tall);
  return (down.length ? down : [0]).flatMap((y) => across.map((x) => ({ x, y, w, h })));
}

function meet(/** @type {Place} */ a, /** @type {Place} */ b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
