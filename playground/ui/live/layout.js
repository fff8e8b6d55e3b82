// Where the network's units stand: the largest that fit, in several columns a layer where one is not enough.

/**
 * @typedef {{x: number, y: number}} Spot  Middle of a unit, in CSS pixels.
 * @typedef {object} Layout
 * @property {number} size         Side of a unit.
 * @property {Spot[][]} spots      By column (inputs, hidden layers, outputs) and unit.
 * @property {{left: number, right: number, middle: number}[]} columns
 * @property {boolean} named       Whether there is room for names beside the inputs.
 */

/** How far units stand apart, as a share of their side: airy where there is room, close where there is not. */
const GAPS = [0.5, 0.36, 0.26, 0.18];
const SMALLEST = 6;
/** What each further column of a layer costs, as a share of what the size of a unit is worth. */
const FOLDING = 0.6;
/** What the size of a unit is still worth where the inputs cannot be named. */
const NAMELESS = 0.6;

/**
 * @param {object} room
 * @param {number} room.width
 * @param {number} room.height
 * @param {number[]} room.counts   Units of each column.
 * @param {number} room.names      Room wanted for the names left of the inputs.
 * @param {number} room.labels     Room wanted for the labels right of the outputs.
 * @param {number} room.largest    Largest side of a unit.
 * @param {number} room.passage    Least room for the links between two columns.
 * @param {number} room.heads      Least distance between the middles of two hidden layers, for what stands above them.
 * @returns {Layout}
 */
export function arrange({ width, height, counts, names, labels, largest, passage, heads }) {
  let [best, worth] = [attempt(SMALLEST, GAPS[GAPS.length - 1], true), 0];
  for (let size = largest; size >= SMALLEST; size -= 1) {
    for (const gap of GAPS) {
      const fitted = attempt(size, gap);
      if (!fitted) continue;
      // One column a layer reads best: units may shrink a good deal before a layer is folded into several.
      const value = (size * (1 + 0.15 * gap) * (fitted.named ? 1 : NAMELESS)) / (1 + FOLDING * fitted.folds);
      if (value > worth) [best, worth] = [fitted, value];
    }
  }
  return /** @type {Layout} */ (best);

  /** @returns {Layout & {folds: number} | null} */
  function attempt(/** @type {number} */ size, /** @type {number} */ gap, anyway = false) {
    const between = Math.max(3, size * gap);
    const pitch = size + between;
    const below = Math.max(4, size * 0.16); // the mark of the bias hangs under each unit
    const most = Math.max(1, Math.floor((height - below + between) / pitch));
    const folds = counts.map((count) => Math.ceil(count / most));
    // Names stand in one column only, and only where the lines of text do not touch.
    const named = folds[0] === 1 && pitch >= 15;
    const left = named ? names : 4;
    const tight = size + Math.max(3, size * 0.14);
    const widths = folds.map((fold) => (fold - 1) * tight + size);
    const taken = widths.reduce((sum, w) => sum + w, 0);
    const space = (width - left - labels - taken - 4) / Math.max(1, counts.length - 1);
    if (!anyway && (space < passage || (counts.length > 3 && space + size < heads))) return null;
    let edge = left;
    const columns = widths.map((w) => {
      const column = { left: edge, right: edge + w, middle: edge + w / 2 };
      edge += w + space;
      return column;
    });
    const spots = counts.map((count, c) => {
      const rows = Math.ceil(count / folds[c]);
      const top = (height - below - (rows * pitch - between)) / 2 + size / 2;
      return Array.from({ length: count }, (_, i) => ({
        x: columns[c].left + size / 2 + Math.floor(i / rows) * tight,
        y: top + (i % rows) * pitch,
      }));
    });
    return { size, spots, columns, named, folds: folds.reduce((sum, fold) => sum + fold - 1, 0) };
  }
}

/** A layout on the way from one to another; units that were not there before stand where they will be. */
export function between(/** @type {Layout} */ from, /** @type {Layout} */ to, /** @type {number} */ share) {
  const slide = (/** @type {number} */ a, /** @type {number} */ b) => a + (b - a) * share;
  const last = to.spots.length - 1;
  const spots = to.spots.map((column, c) => {
    // The outputs stay the outputs, however many layers come or go before them.
    const old = c === last ? from.spots[from.spots.length - 1] : from.spots[c];
    return column.map((spot, i) => {
      const was = old?.[i];
      return was ? { x: slide(was.x, spot.x), y: slide(was.y, spot.y) } : spot;
    });
  });
  return { ...to, size: slide(from.size, to.size), spots };
}

/** How far along (0..1) a link is where it has come `share` of its way to the right: its curve, read backwards. */
const ALONG = Array.from({ length: 65 }, (_, k) => {
  let [low, high] = [0, 1];
  for (let i = 0; i < 30; i += 1) {
    const t = (low + high) / 2;
    if (1.5 * t * (1 - t) + t ** 3 < k / 64) low = t;
    else high = t;
  }
  return low;
});

/** Height of the link from one spot to another at `x`; it leaves and arrives level. */
export function heightAt(/** @type {Spot} */ from, /** @type {Spot} */ to, /** @type {number} */ x) {
  const share = Math.min(1, Math.max(0, (x - from.x) / (to.x - from.x)));
  const t = ALONG[Math.round(share * 64)];
  return from.y + (to.y - from.y) * (3 * t * t - 2 * t ** 3);
}
