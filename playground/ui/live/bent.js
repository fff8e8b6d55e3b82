// A few neurons on one input and what they add up to, computed in the browser while a hand moves them.
//
// The activation comes as a table that Python sampled; between two places it is a straight line, outside it goes on as it ends.

/**
 * @typedef {object} Neuron `output * act(slope * (x - place))`
 * @property {number} place
 * @property {number} slope
 * @property {number} output
 */

/** One press of an arrow key, in units of either axis. */
const NUDGE = 0.05;
const MINUS = "\u2212";

/** From `[place, slope, output, place, ...]`, as the experiment keeps them. */
export function neurons(/** @type {number[]} */ flat) {
  return Array.from({ length: flat.length / 3 }, (_, i) => ({ place: flat[3 * i], slope: flat[3 * i + 1], output: flat[3 * i + 2] }));
}

/** And back. */
export function flattened(/** @type {Neuron[]} */ list) {
  return list.flatMap(({ place, slope, output }) => [place, slope, output]);
}

/** A function that was sampled evenly from `-reach` to `reach`. */
export class Table {
  constructor(/** @type {Float32Array} */ values, /** @type {number} */ reach) {
    this.values = values;
    this.reach = reach;
    this.step = (2 * reach) / (values.length - 1);
  }

  at(/** @type {number} */ z) {
    const last = this.values.length - 2;
    const place = (z + this.reach) / this.step;
    const i = Math.min(last, Math.max(0, Math.floor(place)));
    return this.values[i] + (place - i) * (this.values[i + 1] - this.values[i]);
  }
}

/** What a neuron adds at each place. */
export function contribution(/** @type {Table} */ table, /** @type {Neuron} */ { place, slope, output }, /** @type {ArrayLike<number>} */ x) {
  return Float64Array.from(x, (at) => output * table.at(slope * (at - place)));
}

/** The rows of a table of one length, added up. */
export function total(/** @type {Float64Array[]} */ rows, /** @type {number} */ length) {
  const sum = new Float64Array(length);
  for (const row of rows) for (let i = 0; i < length; i += 1) sum[i] += row[i];
  return sum;
}

/** Mean of the squared distance. */
export function meanSquared(/** @type {ArrayLike<number>} */ a, /** @type {ArrayLike<number>} */ b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] - b[i]) ** 2;
  return sum / a.length;
}

/**
 * The two handles by which a neuron is bent, and how far they may be taken. The first stands at its place. The second lies on
 * its curve, `bend` into its activation: its height is the output weight, its distance the slope, across the place the sign.
 */
export class Handles {
  /**
   * @param {Table} table
   * @param {{bend: number, steepest: number, largest: number, extent: number}} limits
   */
  constructor(table, { bend, steepest, largest, extent }) {
    Object.assign(this, { bend, steepest, largest, extent });
    this.full = table.at(bend);
  }

  /** Where the second handle lies. */
  tip(/** @type {Neuron} */ { place, slope, output }) {
    return { x: place + this.bend / (Math.abs(slope) < 0.01 ? 0.01 : slope), y: output * this.full };
  }

  /** The neuron with its place there. */
  moved(/** @type {Neuron} */ one, /** @type {number} */ x) {
    return { ...one, place: within(x, this.extent) };
  }

  /** The neuron whose second handle lies so far from its place and so high. */
  bent(/** @type {Neuron} */ one, /** @type {number} */ far, /** @type {number} */ high) {
    const apart = Math.max(this.bend / this.steepest, Math.abs(far));
    return { ...one, slope: within((far < 0 ? -1 : 1) * (this.bend / apart), this.steepest), output: within(high / this.full, this.largest) };
  }

  /**
   * The neuron after an arrow key on one of its handles.
   *
   * @param {Neuron} one
   * @param {"kink" | "tip"} kind
   * @param {number} right Presses to the right.
   * @param {number} up
   */
  nudged(one, kind, right, up) {
    const [dx, dy] = [right * NUDGE, up * NUDGE];
    if (kind === "kink") return this.moved(one, one.place + dx);
    const { x, y } = this.tip(one);
    const from = x - one.place;
    if (!right) return { ...this.bent(one, from, y + dy), slope: one.slope };
    const least = this.bend / this.steepest;
    const across = Math.abs(from + dx) < least - 1e-9; // from the steepest on, a further press turns it round
    return { ...this.bent(one, across ? -Math.sign(from) * least : from + dx, y), output: one.output };
  }
}

/** A new neuron that adds nothing yet, where the sum misses most. */
export function fresh(/** @type {ArrayLike<number>} */ x, /** @type {ArrayLike<number>} */ sum, /** @type {ArrayLike<number>} */ wanted, /** @type {number} */ slope) {
  let worst = 0;
  for (let i = 0; i < sum.length; i += 1) if (Math.abs(sum[i] - wanted[i]) > Math.abs(sum[worst] - wanted[worst])) worst = i;
  return { place: thousandths(x[worst]), slope, output: 0 };
}

/** A neuron on its way from one to another; `share` is how far. */
export function between(/** @type {Neuron} */ from, /** @type {Neuron} */ to, /** @type {number} */ share) {
  const part = (/** @type {keyof Neuron} */ name) => from[name] + (to[name] - from[name]) * share;
  return { place: part("place"), slope: part("slope"), output: part("output") };
}

/** `0.50` or `−2.00`. */
export function signed(/** @type {number} */ x) {
  const text = Math.abs(x).toFixed(2);
  return (x < 0 && Number(text) ? MINUS : "") + text;
}

/** `+ 1.00` or `− 2.00`: how a sum goes on. */
export function added(/** @type {number} */ x, gap = " ") {
  const text = Math.abs(x).toFixed(2);
  return `${x < 0 && Number(text) ? MINUS : "+"}${gap}${text}`;
}

/** `+1.00 · tanh(4.00x − 2.00)`: the neuron as textbooks write it, with a bias. */
export function written(/** @type {Neuron} */ { place, slope, output }, /** @type {string} */ symbol) {
  return `${added(output, "")} \u00b7 ${symbol}(${signed(slope)}x ${added(-slope * place)})`;
}

function within(/** @type {number} */ value, /** @type {number} */ limit) {
  return thousandths(Math.min(limit, Math.max(-limit, value)));
}

function thousandths(/** @type {number} */ x) {
  return Math.round(x * 1000) / 1000 + 0;
}
