// What was set by hand and what was pinned, as the link writes it (`playground/specs/gan_sampler.py`).

/** @typedef {Map<number, Map<number, number>>} Edits Number of the sample, number of the latent, its value. */

/** Moves and latents are what the link says of them: two decimals. */
export function rounded(/** @type {number} */ value) {
  return Math.round(value * 100) / 100 + 0;
}

/** @returns {Edits} */
export function readEdits(/** @type {string} */ text) {
  const rows = new Map();
  for (const part of text.split(",").filter(Boolean)) {
    const [index, row = ""] = part.split("~");
    rows.set(Number(index), readRow(row));
  }
  return rows;
}

export function writeEdits(/** @type {Edits} */ edits) {
  return [...edits].filter(([, row]) => row.size).sort(([a], [b]) => a - b).map(([index, row]) => `${index}~${writeRow(row)}`).join(",");
}

/**
 * A pin: everything that its picture comes of.
 *
 * @typedef {{seed: number, index: number, label: number, moves: number[], row: Map<number, number>}} Pin
 */

export function writePin(/** @type {Pin} */ { seed, index, label, moves, row }) {
  return [seed, index, label >= 0 ? label : "", moves.join("_"), writeRow(row)].join("~").replace(/~+$/, "");
}

/** @returns {Pin} */
export function readPin(/** @type {string} */ text) {
  const [seed, index, label = "", moves = "", row = ""] = text.split("~");
  return { seed: Number(seed), index: Number(index), label: label === "" ? -1 : Number(label), moves: moves ? moves.split("_").map(Number) : [], row: readRow(row) };
}

export function readPins(/** @type {string} */ text) {
  return text.split(",").filter(Boolean);
}

function writeRow(/** @type {Map<number, number>} */ row) {
  return [...row].sort(([a], [b]) => a - b).map(([number, value]) => `${number}_${value}`).join("_");
}

function readRow(/** @type {string} */ text) {
  const words = text ? text.split("_") : [];
  const row = new Map();
  for (let at = 0; at + 1 < words.length; at += 2) row.set(Number(words[at]), Number(words[at + 1]));
  return row;
}
