// Non-maximum suppression under the hand: the twin of `playground/functional/suppression.py`, where it is written down.
//
// Numbers are rounded to 32 bits at each step, as there, so that both say the same of every box.

export const [KEPT, BELOW, OTHER_CLASS, TOO_MANY] = [-1, -2, -3, -4];

const f = Math.fround;

/**
 * @typedef {object} Rule
 * @property {number} confidence
 * @property {number} iou
 * @property {number[]} classes  Empty is all.
 * @property {boolean} agnostic
 * @property {number} most
 */

/** The part that two boxes share and the area of both together, in square pixels. */
export function areas(/** @type {ArrayLike<number>} */ boxes, /** @type {number} */ i, /** @type {number} */ j) {
  const side = (/** @type {number} */ k, /** @type {number} */ at) => f(boxes[4 * k + 2 + at] - boxes[4 * k + at]);
  const common = (/** @type {number} */ at) => Math.max(0, f(Math.min(boxes[4 * i + 2 + at], boxes[4 * j + 2 + at]) - Math.max(boxes[4 * i + at], boxes[4 * j + at])));
  const shared = f(common(0) * common(1));
  return { shared, both: f(f(f(side(i, 0) * side(i, 1)) + f(side(j, 0) * side(j, 1))) - shared) };
}

/** Intersection over union of two boxes: 0 apart, 1 the same. */
export function overlap(/** @type {ArrayLike<number>} */ boxes, /** @type {number} */ i, /** @type {number} */ j) {
  const { shared, both } = areas(boxes, i, j);
  return both > 0 ? f(shared / both) : 0;
}

/**
 * What becomes of each box: the number of the box that suppressed it, or one of the words above.
 *
 * @param {ArrayLike<number>} boxes   Left, top, right, bottom of each.
 * @param {ArrayLike<number>} scores  The surest first.
 * @param {ArrayLike<number>} labels
 * @param {Rule} rule
 */
export function suppress(boxes, scores, labels, { confidence, iou, classes, agnostic, most }) {
  const fate = new Int32Array(scores.length).fill(TOO_MANY);
  let waiting = [];
  for (let k = 0; k < scores.length; k += 1) {
    if (scores[k] < f(confidence)) fate[k] = BELOW;
    else if (classes.length && !classes.includes(labels[k])) fate[k] = OTHER_CLASS;
    else waiting.push(k);
  }
  for (let kept = 0; waiting.length && kept < most; kept += 1) {
    const best = waiting[0];
    fate[best] = KEPT;
    waiting = waiting.slice(1).filter((k) => {
      const rival = iou < 1 && (agnostic || labels[k] === labels[best]) && overlap(boxes, best, k) > f(iou);
      if (rival) fate[k] = best;
      return !rival;
    });
  }
  return fate;
}
