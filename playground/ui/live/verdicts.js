// What a threshold makes of judged boxes: which are shown, and how many true positives, false positives and false negatives
// that makes. Counting only; what matches what was decided for all confidences at once, as the surest box chooses first.

/**
 * @typedef {import("./true_boxes.js").Edges} Edges
 * @typedef {{box: Edges, name: string, score: number, hit: number, why: string}} Found
 * @typedef {{name: string, colour: string, total: number, precision: number[], recall: number[], envelope: number[], scores: number[]}} ClassScore
 * @typedef {{at: number, found: Found[], missed: Record<string, string>, classes: ClassScore[], scores: number[]}} Scored
 * @typedef {{hits: number, misses: number, false: number, shown: number}} Counts
 */

/** True positives (`hits`), false negatives (`misses`) and false positives (`false`) of one class, or of all where `view` is empty. @returns {Counts} */
export function counts(/** @type {Scored} */ scored, /** @type {number} */ confidence, /** @type {string} */ view) {
  const shown = scored.found.filter(({ name, score }) => score >= confidence && (!view || name === view));
  const hits = shown.filter(({ hit }) => hit >= 0).length;
  const total = scored.classes.reduce((sum, one) => sum + (!view || one.name === view ? one.total : 0), 0);
  return { hits, misses: total - hits, false: shown.length - hits, shown: shown.length };
}

/** Precision and recall; not a number where there is nothing to take a part of. */
export function ratios(/** @type {Counts} */ { hits, misses, false: wrong }) {
  return { precision: hits / (hits + wrong), recall: hits / (hits + misses) };
}

/** One class's own boxes in order, with their curve. */
export function ranked(/** @type {Scored} */ scored, /** @type {ClassScore} */ one) {
  return scored.found.filter(({ name }) => name === one.name).map((found, i) => ({ ...found, precision: one.precision[i], recall: one.recall[i] }));
}

/** `0.80`; an en dash where there is no number. */
export function two(/** @type {number | null | undefined} */ x) {
  return x === null || x === undefined || !Number.isFinite(x) ? "\u2013" : x.toFixed(2);
}

/** `1 true box`, `2 true boxes`. */
export function some(/** @type {number} */ n, /** @type {string} */ one, many = `${one}s`) {
  return `${n} ${n === 1 ? one : many}`;
}
