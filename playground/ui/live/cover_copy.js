// Where a copy of an object is laid: beside it where there is room, and on as little else as can be.

/** @typedef {import("./cover_patch.js").Place} Place */

/** It is made smaller in these steps until it finds room beside the object. */
const SCALES = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4];
/** So many places are tried across and down. */
const TRIED = 24;
/** Between the object and its copy, as a share of the photo. */
const GAP = 0.01;

const area = (/** @type {ArrayLike<number>} */ [l, t, r, b]) => Math.max(0, r - l) * Math.max(0, b - t);

/** The area that two places share. */
const shared = (/** @type {number[]} */ a, /** @type {number[]} */ b) => area([Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])]);

/** Intersection over union of two boxes. */
export function iou(/** @type {number[]} */ a, /** @type {number[]} */ b) {
  const both = area(a) + area(b) - shared(a, b);
  return both > 0 ? shared(a, b) / both : 0;
}

/**
 * A place for a copy, in shares of the photo.
 *
 * @param {number[]} object    What is copied.
 * @param {number[][]} others  What had better stay in sight, too.
 * @returns {Place}
 */
export function beside(object, others) {
  const [left, top, right, bottom] = object;
  const starts = (/** @type {number} */ size, /** @type {number} */ low, /** @type {number} */ high) => [low, low - size - GAP, high + GAP, ...Array.from({ length: TRIED + 1 }, (_, k) => (k / TRIED) * (1 - size))].filter((at) => at >= 0 && at + size <= 1);
  /** @type {Place} */
  let best = [0, 0, right - left, bottom - top];
  for (const scale of SCALES) {
    const [wide, high] = [scale * (right - left), scale * (bottom - top)];
    let least = Infinity;
    for (const x of starts(wide, left, right)) {
      for (const y of starts(high, top, bottom)) {
        const place = /** @type {Place} */ ([x, y, x + wide, y + high]);
        const far = Math.hypot(x + wide / 2 - (left + right) / 2, y + high / 2 - (top + bottom) / 2);
        const hides = (/** @type {number} */ all, /** @type {number[]} */ one) => all + shared(place, one);
        const cost = 1000 * shared(place, object) + others.reduce(hides, 0) / (wide * high) + 0.2 * far;
        if (cost < least) [least, best] = [cost, place];
      }
    }
    if (shared(best, object) === 0) break;
  }
  return best;
}
