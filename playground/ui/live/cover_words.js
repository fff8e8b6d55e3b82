// What the patches of an answer did to the object that is followed, in words: grey hides it, a copy is looked for itself.

import { share } from "./bars.js";
import { iou } from "./cover_copy.js";
import { whole } from "./numbers.js";

/** What is covered of an object is measured on a grid of so many points a side. */
const FINE = 40;
/** A box stands for a copy from this overlap on. */
const STANDS = 0.45;
/** A copy that lies on so much of the object takes its place. */
const INSTEAD = 0.5;

/** The grey patches and the copies among what lies on a picture. */
export const greys = (/** @type {number[][]} */ covers) => covers.filter(({ length }) => length === 4);
export const copies = (/** @type {number[][]} */ covers) => covers.filter(({ length }) => length === 8);

/** How much of an object lies under patches: 0 to 1. */
export function hidden(/** @type {number[]} */ object, /** @type {number[][]} */ covers, /** @type {number[]} */ [wide, high]) {
  let count = 0;
  for (let i = 0; i < FINE * FINE; i += 1) {
    const x = (object[0] + ((i % FINE) + 0.5) / FINE * (object[2] - object[0])) / wide;
    const y = (object[1] + (Math.floor(i / FINE) + 0.5) / FINE * (object[3] - object[1])) / high;
    if (covers.some(([l, t, r, b]) => x >= l && x <= r && y >= t && y <= b)) count += 1;
  }
  return count / (FINE * FINE);
}

/** The box that stands for a copy, if one does. */
function stands(/** @type {number[]} */ [l, t, r, b], /** @type {any[][]} */ boxes, /** @type {number[]} */ [wide, high]) {
  const place = [l * wide, t * high, r * wide, b * high];
  const fits = boxes.filter((one) => iou(place, one) >= STANDS);
  return fits.sort((one, two) => iou(place, two) - iou(place, one))[0];
}

/**
 * The sentence under the picture.
 *
 * @param {any[]} object  The one that is followed: four sides, class, confidence before.
 * @param {string} name   Of its class.
 * @param {{covers: number[][], boxes: any[][], classes: Record<string, string[]>}} answer
 * @param {{score: number, confidence: number, shape: number[]}} now  Its confidence now, the threshold, width and height of the photo.
 */
export function told(object, name, { covers, boxes, classes }, { score, confidence, shape }) {
  const gone = score < confidence ? ": its box is gone." : ".";
  const now = score < 0.001 ? "nothing" : share(score);
  const part = (/** @type {number[][]} */ some) => `${whole(100 * hidden(object, some, shape))} %`;
  const pasted = copies(covers);
  if (!pasted.length) return `With ${part(covers)} of its box covered, the confidence of this ${name} goes from ${share(object[5])} to ${now}${gone}`;
  if (hidden(object, pasted, shape) >= INSTEAD) return `The copy lies on ${part(pasted)} of the original, so there is still a ${name} to see in its place: this is no occlusion. Drag the copy aside.`;
  const found = pasted.map((one) => stands(one, boxes, shape));
  const [one] = found;
  const same = one && one[4] === object[4];
  const first = pasted.length > 1 ? `${found.filter(Boolean).length} of ${pasted.length} copies are found.`
    : !one ? "The copy is not found." : `The copy is ${same ? "found, too:" : "taken for another class:"} ${classes[one[4]]?.[0] ?? "?"} ${share(one[5])}.`;
  const under = hidden(object, covers, shape) > 0.005 ? `, with ${part(covers)} of its box covered` : "";
  return `${first} The confidence of the original goes from ${share(object[5])} to ${now}${under}${gone}`;
}
