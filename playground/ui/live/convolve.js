// The arithmetic of a sliding window, as `playground/functional/convolution.py` has it: what the hand changes is drawn at once.

/**
 * @typedef {object} Sliding
 * @property {number} rows      Of the picture.
 * @property {number} columns
 * @property {number} size      Height and width of the window.
 * @property {number} stride
 * @property {number} padding
 * @property {number} dilation
 */

/** Over how many pixels one window stretches. */
export function reach(/** @type {Sliding} */ { size, dilation }) {
  return dilation * (size - 1) + 1;
}

/** How many windows there are, downwards and across; less than 1 where none fits. */
export function windows(/** @type {Sliding} */ how) {
  const count = (/** @type {number} */ side) => Math.floor((side + 2 * how.padding - reach(how)) / how.stride) + 1;
  return [count(how.rows), count(how.columns)];
}

/** Which rows (or columns) of the padded picture some window reads. */
export function read(/** @type {Sliding} */ how, /** @type {number} */ side) {
  const found = new Array(side + 2 * how.padding).fill(false);
  const count = Math.floor((found.length - reach(how)) / how.stride) + 1;
  for (let k = 0; k < count; k += 1) for (let t = 0; t < how.size; t += 1) found[k * how.stride + t * how.dilation] = true;
  return found;
}

/**
 * What lies under one window, row by row; `outside` where it reads the padding.
 *
 * @param {ArrayLike<number>} values
 * @param {Sliding} how
 */
export function patch(values, how, /** @type {number} */ row, /** @type {number} */ column, outside = 0) {
  const found = new Float64Array(how.size * how.size);
  for (let i = 0; i < how.size; i += 1) {
    for (let j = 0; j < how.size; j += 1) {
      const [y, x] = [row * how.stride - how.padding + i * how.dilation, column * how.stride - how.padding + j * how.dilation];
      const inside = y >= 0 && x >= 0 && y < how.rows && x < how.columns;
      found[i * how.size + j] = inside ? values[y * how.columns + x] : outside;
    }
  }
  return found;
}

/**
 * Every window's weighted sum.
 *
 * @param {ArrayLike<number>} values
 * @param {ArrayLike<number>} kernel
 * @param {Sliding} how
 */
export function correlate(values, kernel, how) {
  return each(values, how, 0, (under) => under.reduce((sum, value, k) => sum + value * kernel[k], 0));
}

/** The largest value, or the mean, of every window. */
export function pool(/** @type {ArrayLike<number>} */ values, /** @type {Sliding} */ how, /** @type {"max" | "avg"} */ kind) {
  if (kind === "max") return each(values, how, -Infinity, (under) => Math.max(...under));
  return each(values, how, 0, (under) => under.reduce((sum, value) => sum + value, 0) / under.length);
}

function each(values, how, outside, /** @type {(under: Float64Array) => number} */ make) {
  const [down, across] = windows(how);
  const found = new Float64Array(Math.max(0, down) * Math.max(0, across));
  for (let row = 0; row < down; row += 1) for (let column = 0; column < across; column += 1) found[row * across + column] = make(patch(values, how, row, column, outside));
  return found;
}

/**
 * Which rows (or columns) of what comes before are seen by a range of them.
 *
 * @param {number[]} range First, and the one behind the last.
 * @param {{kernel: number, stride: number, padding: number, dilation?: number}} layer
 * @returns {number[]}
 */
export function seen([from, to], { kernel, stride, padding, dilation = 1 }) {
  return [from * stride - padding, (to - 1) * stride - padding + dilation * (kernel - 1) + 1];
}
