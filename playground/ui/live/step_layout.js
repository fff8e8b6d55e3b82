// Where the units of one step stand, how much each has room to say, and where the labels of the links do not touch.

/**
 * @typedef {"wide" | "narrow" | "line" | "dot"} Look
 * @typedef {{x: number, y: number, w: number, h: number}} Box  Middle and size, in CSS pixels.
 * @typedef {object} StepLayout
 * @property {Box[][]} boxes      By column and unit.
 * @property {Box[]} targets      One beside each output.
 * @property {Look} look          How much a unit says.
 * @property {Look[]} looks       The same by column: names stand beside the numbers of inputs and outputs as long as can be.
 * @property {number} gap         Room for the links between two columns.
 * @property {number} top         Height of the row of headings.
 */

/**
 * @param {object} room
 * @param {number} room.width
 * @param {number} room.height
 * @param {number} room.size       Of the type.
 * @param {number[]} room.counts   Units of each column.
 * @returns {StepLayout}
 */
export function arrange({ width, height, size, counts }) {
  const [top, foot] = [size * 1.9, size * 2];
  const gaps = counts.length - 1;
  const pitch = (height - top - foot) / Math.max(...counts);
  const beside = size * 1.5; // between an output and its target
  const last = counts.length - 1;
  const looks = /** @type {const} */ ([
    ["wide", [5.2, 9, 5.4], 4.2, 8.4], ["narrow", [4.2, 5.8, 4.6], 4.2, 3.8], ["line", [7.4, 4.6, 4.6], 2, 3], ["line", [4.6, 4.6, 4.6], 2, 3],
    ["dot", [7.4, 0, 4], 0, 4], ["dot", [0, 0, 4], 0, 0],
  ]);
  for (const [look, [input, unit, target], lines, least] of looks) {
    const dot = Math.max(4, Math.min(size * 1.4, pitch * 0.7));
    const ends = counts[last] > 1 && look !== "wide" && look !== "narrow" ? input : unit;
    const wide = counts.map((_, c) => size * (c === 0 ? input : c === last ? ends : unit) || dot);
    const named = counts.map((_, c) => (look === "dot" && wide[c] > dot ? "line" : look));
    if (look === "dot" && input > 0 && pitch < size * 1.7) continue;
    const taken = wide.reduce((sum, w) => sum + w, 0) + beside + size * target + 4;
    const gap = (width - taken) / gaps;
    const tall = look === "dot" ? dot : size * lines;
    const tag = look === "wide" || look === "narrow" ? size * 1.5 : 0; // the bias under each unit
    if (least > 0 && (gap < size * least || pitch < tall + tag + (look === "dot" ? 0 : size * 0.4))) continue;
    let left = 2;
    const boxes = counts.map((count, c) => {
      const x = left + wide[c] / 2;
      left += wide[c] + gap;
      const apart = Math.min(pitch, (height - top - foot) / count, tall * 2.6 + tag);
      const first = top + (height - top - foot - apart * count) / 2 + apart / 2 - tag / 2;
      const h = c === 0 && tall > size * 2 ? size * 2.8 : named[c] === "line" && look === "dot" ? size * 1.5 : tall;
      return Array.from({ length: count }, (_, i) => ({ x, y: first + i * apart, w: wide[c], h }));
    });
    const outputs = boxes[boxes.length - 1];
    const targets = outputs.map(({ x, y, w, h }) => ({
      x: x + w / 2 + beside + (size * target) / 2, y, w: size * target, h: Math.max(size * 1.6, Math.min(h, size * 2.8)),
    }));
    return { boxes, targets, look, looks: /** @type {Look[]} */ (named), gap, top };
  }
  throw new RangeError("dots always fit");
}

/**
 * How far along (0..1) the labels of some links between two columns stand, all at one place so that they line up, where they
 * are far enough apart; `null` where they would touch anyway.
 *
 * @param {{from: Box, to: Box}[]} links
 * @param {number} wide   Width of a label.
 * @param {number} tall   Its height.
 */
export function labelled(links, wide, tall) {
  if (!links.length) return null;
  const gap = links[0].to.x - links[0].to.w / 2 - (links[0].from.x + links[0].from.w / 2);
  const margin = (wide / 2 + 3) / gap;
  let [best, found] = [links.length > 1 ? tall : 0, /** @type {number | null} */ (null)];
  for (let t = 0.5, k = 0; k < 60; k += 1, t = 0.5 + (k % 2 ? 1 : -1) * Math.ceil(k / 2) * 0.0125) {
    if (t < margin || t > 1 - margin) continue;
    const heights = links.map(({ from, to }) => from.y + (to.y - from.y) * t).sort((a, b) => a - b);
    let least = links.length > 1 ? Infinity : 1;
    for (let i = 1; i < heights.length; i += 1) least = Math.min(least, heights[i] - heights[i - 1]);
    if (least >= tall * 2.2) return t; // enough: as near to the middle as can be
    if (least > best + 0.5) [best, found] = [least, t];
  }
  return found;
}
