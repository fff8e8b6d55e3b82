// One step of learning as numbers: what the frame of `ui/parts/one_step.py` holds, by unit, by link and by sample.

import { decimal } from "./numbers.js";

/**
 * @typedef {{layer: number, to: number, from: number | null}} Ref  A weight from unit `from` of column `layer` to unit `to`
 *   of the next one; the bias of that unit where `from` is null. Numbers count what is drawn.
 */

const BIAS = { weights: "biases", gradients: "bias_gradients", new_weights: "new_biases", checked: "checked_biases" };

export class Scene {
  /** @param {import("./frame.js").Frame} frame */
  constructor({ header, blocks }) {
    this.header = header;
    this.blocks = blocks;
    /** @type {number[]} Units drawn of each column: inputs, hidden layers, outputs. */
    this.columns = header.shown.map((/** @type {number[]} */ units) => units.length);
    this.last = this.columns.length - 1;
    let [units, links, biases] = [0, 0, 0];
    this.unitStart = this.columns.map((count) => (units += count) - count);
    this.linkStart = this.columns.slice(1).map((count, layer) => (links += count * this.columns[layer]) - count * this.columns[layer]);
    this.biasStart = this.columns.slice(1).map((count) => (biases += count) - count);
    this.units = units;
    /** The row of the whole batch, behind those of the samples. */
    this.batch = header.samples.length;
  }

  /**
   * A unit's number: `values`, `sums`, `slopes`, `output_gradients` or `sum_gradients`.
   *
   * @param {string} name
   * @param {number} row A sample, or `batch`.
   */
  unit(name, row, /** @type {number} */ column, /** @type {number} */ index) {
    return this.blocks[name].data[row * this.units + this.unitStart[column] + index];
  }

  /** A weight's or bias's number: `weights`, `gradients`, `new_weights` or `checked` (what autograd says). */
  link(/** @type {keyof typeof BIAS} */ name, /** @type {Ref} */ { layer, to, from }) {
    if (from === null) return this.blocks[BIAS[name]].data[this.biasStart[layer] + to];
    return this.blocks[name].data[this.linkStart[layer] + to * this.columns[layer] + from];
  }

  /** What a weight's product is made of on the way forward: its input, 1 for a bias. */
  input(/** @type {Ref} */ { layer, from }, /** @type {number} */ row) {
    return from === null ? 1 : this.unit("values", row, layer, from);
  }

  /** What one sample adds to a weight's gradient; of the whole batch the gradient itself. */
  share(/** @type {Ref} */ ref, /** @type {number} */ row) {
    if (row === this.batch) return this.link("gradients", ref);
    return this.unit("sum_gradients", row, ref.layer + 1, ref.to) * this.input(ref, row);
  }

  /** Every weight (and bias), layer by layer, each layer's weights first: the order in which they are edited. */
  *refs(biases = true) {
    for (let layer = 0; layer < this.last; layer += 1) {
      for (let to = 0; to < this.columns[layer + 1]; to += 1) {
        for (let from = 0; from < this.columns[layer]; from += 1) yield { layer, to, from };
      }
      if (biases) for (let to = 0; to < this.columns[layer + 1]; to += 1) yield { layer, to, from: null };
    }
  }

  /** All weights and biases as they are edited: before the step, after it, or with one of them set. */
  parameters(/** @type {keyof typeof BIAS} */ name, /** @type {Ref | null} */ ref = null, value = 0) {
    return [...this.refs()].map((one) => rounded(same(one, ref) ? value : this.link(name, one)));
  }

  /** The weight with the steepest gradient: an example where nobody pointed at one. */
  steepest() {
    let [best, found] = [-1, /** @type {Ref} */ ({ layer: 0, to: 0, from: 0 })];
    for (const ref of this.refs(false)) {
      const size = Math.abs(this.link("gradients", ref));
      if (ref.layer === 0 && size > best) [best, found] = [size, ref];
    }
    return found;
  }

  /** Whether a weight is still there, after a change of the network. */
  has(/** @type {Ref} */ { layer, to, from }) {
    return layer < this.last && to < this.columns[layer + 1] && (from === null || from < this.columns[layer]);
  }

  unitName(/** @type {number} */ column, /** @type {number} */ index) {
    return this.header.names[column][index];
  }

  linkName(/** @type {Ref} */ { layer, to, from }) {
    const into = this.unitName(layer + 1, to);
    return from === null ? `bias of ${into}` : `${this.unitName(layer, from)} \u2192 ${into}`;
  }

  /**
   * Whether a product is reached by a weight on its way to the loss (`TrainingStep.reached`): in its own layer those of its
   * unit, in the next those from its unit, behind that all.
   */
  reaches(/** @type {Ref} */ ref, /** @type {{layer: number, to: number, from: number | null}} */ link) {
    if (link.layer < ref.layer) return false;
    if (link.layer === ref.layer) return link.to === ref.to;
    return link.layer > ref.layer + 1 || link.from === ref.to;
  }

  /** The largest size among all of a kind: what widths are measured by. */
  largest(/** @type {keyof typeof BIAS} */ name) {
    let most = 0;
    for (const x of this.blocks[name].data) if (Number.isFinite(x)) most = Math.max(most, Math.abs(x));
    return most;
  }
}

export function same(/** @type {Ref | null} */ a, /** @type {Ref | null} */ b) {
  return a !== null && b !== null && a.layer === b.layer && a.to === b.to && a.from === b.from;
}

/** Six digits: what a frame's numbers are good for, and what a link has room for. */
export function rounded(/** @type {number} */ x) {
  return Number(x.toPrecision(6));
}

/** A gradient or factor of one: with a digit more where it is small, because what follows is made of it. */
export function fine(/** @type {number} */ x) {
  const size = Math.abs(x);
  return size >= 0.0005 && size < 0.1 ? `${x < 0 ? "\u2212" : ""}${size.toFixed(4)}` : decimal(x);
}
