// What was found inside the model for one sentence, as the canvas asks for it.

/**
 * @typedef {object} Piece
 * @property {string} text      As the vocabulary writes it.
 * @property {string} name      As it is shown on the canvas: never empty, not too long.
 * @property {number} number    In the vocabulary.
 * @property {number} start     Its first character, -1 for a mark.
 * @property {number} end
 * @property {boolean} unknown
 * @property {number} word      Which word it belongs to, -1 for none.
 * @property {boolean} mark     Whether it stands for nothing in the text.
 */

const LONGEST = 16;

export class InsideScene {
  constructor(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    this.header = header;
    this.letters = [...header.text];
    /** @type {Piece[]} */
    this.pieces = header.pieces.map(([text, number, start, end, unknown, word]) => ({
      text, name: shown(text), number, start, end, unknown: Boolean(unknown), word, mark: start < 0,
    }));
    this.count = this.pieces.length;
    [this.layers, this.heads] = blocks.attention.shape;
    this.size = blocks.query.shape[1];
    this.raw = blocks.attention.data;
    this.one = blocks.attention.data instanceof Uint16Array ? 65535 : 255;
    this.rolled = blocks.rollout.data;
    this.rolledOne = blocks.rollout.data instanceof Uint16Array ? 65535 : 255;
    this.query = rows(blocks.query);
    this.key = rows(blocks.key);
    this.value = rows(blocks.value);
    this.mixed = rows(blocks.mixed);
    this.lengths = rows(blocks.changed);
    /** The largest size of any query or key, and of any value: the ends of their colours. */
    this.highest = { key: most(blocks.query.data, blocks.key.data), value: most(blocks.value.data) };
    /** @type {Map<string, any>} Pictures that were made of it. */
    this.cache = new Map();
    this.means = /** @type {Float32Array[]} */ ([]);
  }

  /** Share of piece `j` in what a head of a layer makes for piece `i`. */
  weight(/** @type {number} */ layer, /** @type {number} */ head, /** @type {number} */ i, /** @type {number} */ j) {
    const { count } = this;
    return this.raw[((layer * this.heads + head) * count + i) * count + j] / this.one;
  }

  /** The same as a mean over the layer's heads, row by row. */
  mean(/** @type {number} */ layer) {
    if (!this.means[layer]) {
      const area = this.count * this.count;
      const found = new Float32Array(area);
      for (let head = 0; head < this.heads; head += 1) {
        const from = (layer * this.heads + head) * area;
        for (let k = 0; k < area; k += 1) found[k] += this.raw[from + k] / this.one / this.heads;
      }
      this.means[layer] = found;
    }
    return this.means[layer];
  }

  /** Share of piece `j` below in piece `i` on top, followed down through all layers. */
  came(/** @type {number} */ i, /** @type {number} */ j) {
    return this.rolled[i * this.count + j] / this.rolledOne;
  }

  /** A row of weights of one head, largest first. */
  ranked(/** @type {number} */ layer, /** @type {number} */ head, /** @type {number} */ i) {
    return this.pieces.map((_, j) => ({ j, weight: this.weight(layer, head, i, j) })).sort((a, b) => b.weight - a.weight);
  }

  /** Who takes most from a piece. */
  takers(/** @type {number} */ layer, /** @type {number} */ head, /** @type {number} */ j) {
    return this.pieces.map((_, i) => ({ j: i, weight: this.weight(layer, head, i, j) })).sort((a, b) => b.weight - a.weight);
  }

  /** What a head mostly does: pattern, share, spread. */
  said(/** @type {number} */ layer, /** @type {number} */ head) {
    const [pattern, share, spread] = this.header.said[layer][head];
    return { pattern, share, spread };
  }

  /** Scores of one query with all keys, their exponentials and shares: the arithmetic, done here with the model's numbers. */
  row(/** @type {number} */ i) {
    const scale = Math.sqrt(this.size);
    const products = this.key.map((key) => key.map((x, k) => x * this.query[i][k]));
    const dots = products.map((one) => one.reduce((sum, x) => sum + x, 0));
    const scores = dots.map((x) => x / scale);
    const top = Math.max(...scores);
    const powers = scores.map((x) => Math.exp(x - top));
    const total = powers.reduce((sum, x) => sum + x, 0);
    return { products, dots, scores, top, powers, total, weights: powers.map((x) => x / total), scale };
  }

  /** The part of the text that a piece stands for. */
  part(/** @type {{start: number, end: number}} */ { start, end }) {
    return this.letters.slice(start, end).join("");
  }

  /** The likeliest class in words and how sure the model is of it. */
  get verdict() {
    const { scores, labels } = this.header;
    const best = scores.indexOf(Math.max(...scores));
    return { label: labels[best], score: scores[best] };
  }
}

/** Pieces of every vocabulary as a person reads them: BERT's ## stays, others' signs for a space go. */
function shown(/** @type {string} */ text) {
  const name = text.replace(/^[\u0120\u2581]/, "") || "\u2423";
  return [...name].length > LONGEST ? `${[...name].slice(0, LONGEST - 1).join("")}\u2026` : name;
}

function rows(/** @type {import("./frame.js").Block} */ { data, shape }) {
  return Array.from({ length: shape[0] }, (_, k) => /** @type {Float32Array} */ (data.subarray(k * shape[1], (k + 1) * shape[1])));
}

function most(/** @type {...ArrayLike<number>} */ ...lists) {
  let found = 1e-6;
  for (const list of lists) for (let k = 0; k < list.length; k += 1) found = Math.max(found, Math.abs(list[k]));
  return found;
}
