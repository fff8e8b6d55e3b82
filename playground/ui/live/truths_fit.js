// How well a true box under the hand fits what the model found: intersection over union, with its areas. The counts are
// Python's; this follows a hand that has not let go.

/** @typedef {import("./true_boxes.js").Edges} Edges */

/**
 * @typedef {{one: import("./verdicts.js").Found, shared: number, both: number, iou: number, box: Edges, same: boolean}} Fit
 *   The model's box, the areas of intersection and union as shares of the picture, their ratio, the intersection itself, and
 *   whether the two are of one class.
 */

/** The model's box that fits best: of the same class where one of them overlaps at all, else of any. @returns {Fit | null} */
export function best(/** @type {Edges} */ box, /** @type {string} */ name, /** @type {import("./verdicts.js").Found[]} */ found) {
  const fits = found.map((one) => ({ one, ...overlap(one.box, box), same: one.name === name })).filter(({ shared }) => shared > 0);
  fits.sort((a, b) => Number(b.same) - Number(a.same) || b.iou - a.iou);
  return fits[0] ?? null;
}

/** Intersection and union of two boxes; their ratio is 0 apart and 1 for the same. */
export function overlap(/** @type {Edges} */ a, /** @type {Edges} */ b) {
  const box = /** @type {Edges} */ ([Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])]);
  const shared = Math.max(0, box[2] - box[0]) * Math.max(0, box[3] - box[1]);
  const both = area(a) + area(b) - shared;
  return { box, shared, both, iou: both > 0 ? shared / both : 0 };
}

export function area(/** @type {Edges} */ [left, top, right, bottom]) {
  return (right - left) * (bottom - top);
}
