// A trained network and what it makes of one picture, unpacked: maps, kernels, and where each pixel of each map came from.

import { pool, seen, correlate } from "./convolve.js";

/**
 * @typedef {{stage: number, channel: number, row: number, column: number}} Spot
 * @typedef {object} Layer
 * @property {string} kind
 * @property {string} title
 * @property {string} short
 * @property {number[]} shape
 * @property {number[]} given
 * @property {number} kernel
 * @property {number} stride
 * @property {number} padding
 * @property {boolean} norm
 * @property {number} parameters
 * @property {Float32Array[]} maps     None where it is flat.
 * @property {Float32Array} flat
 * @property {number} high             What is drawn white: all but the very largest values of its maps lie below.
 * @property {Float32Array} kernels
 * @property {Float32Array} biases
 */

export class NetworkScene {
  constructor(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    this.header = header;
    this.input = /** @type {Float32Array} */ (blocks.input.data);
    this.side = blocks.input.shape[0];
    let [map, wire, bias, flat] = [0, 0, 0, 0];
    /** @type {Layer[]} */
    this.layers = header.stages.map((/** @type {any} */ said) => {
      const [channels, rows, columns] = said.shape;
      const layer = { ...said, maps: [], flat: new Float32Array(0), kernels: new Float32Array(0), biases: new Float32Array(0), high: 1e-6 };
      if (said.shape.length === 3) {
        for (let k = 0; k < channels; k += 1) {
          layer.maps.push(Float32Array.from(blocks.maps.data.subarray(map, map + rows * columns), (one) => one * said.scale));
          map += rows * columns;
        }
        layer.high = bright(layer.maps);
      } else {
        layer.flat = /** @type {Float32Array} */ (blocks.flat.data).slice(flat, flat + channels);
        flat += channels;
      }
      if (said.kind === "conv") {
        const count = channels * said.given[0] * said.kernel ** 2;
        layer.kernels = Float32Array.from(blocks.kernels.data.subarray(wire, wire + count), (one) => one * said.kernelScale);
        layer.biases = /** @type {Float32Array} */ (blocks.biases.data).slice(bias, bias + channels);
        wire += count;
        bias += channels;
      }
      return layer;
    });
    /** Layers whose pixels can be traced. */
    this.mapped = this.layers.map((layer, at) => (layer.maps.length ? at : -1)).filter((at) => at >= 0);
    this.kept = new Map();
  }

  /** A place that there is, nearest to the one that is wished for. */
  inside(/** @type {Spot} */ { stage, channel, row, column }) {
    const at = this.mapped.includes(stage) ? stage : this.mapped[Math.min(this.mapped.length - 1, Math.max(0, stage))];
    const [channels, rows, columns] = this.layers[at].shape;
    return { stage: at, channel: Math.min(channel, channels - 1), row: Math.min(row, rows - 1), column: Math.min(column, columns - 1) };
  }

  /** What comes into a layer: as many maps as it is given, and their largest value. */
  before(/** @type {number} */ stage) {
    if (stage === 0) return { maps: [this.input], rows: this.side, columns: this.side, high: Math.max(...this.input), low: Math.min(...this.input) };
    const layer = this.layers[stage - 1];
    return { maps: layer.maps, rows: layer.shape[1], columns: layer.shape[2], high: layer.high, low: 0 };
  }

  /** The kernel from a map before to a map of a layer. */
  kernel(/** @type {number} */ stage, /** @type {number} */ channel, /** @type {number} */ source) {
    const { kernels, kernel, given } = this.layers[stage];
    const one = kernel * kernel;
    const at = (channel * given[0] + source) * one;
    return kernels.subarray(at, at + one);
  }

  /** How a layer's window slides over what comes before. */
  sliding(/** @type {number} */ stage) {
    const { kernel, stride, padding } = this.layers[stage];
    const { rows, columns } = this.before(stage);
    return { rows, columns, size: kernel, stride, padding, dilation: 1 };
  }

  /**
   * A map of a layer taken apart: what each map before adds to it.
   *
   * @returns {{parts: Float64Array[], sum: Float64Array, bias: number, order: number[], high: number}}
   */
  apart(/** @type {number} */ stage, /** @type {number} */ channel) {
    const key = `${stage}.${channel}`;
    if (this.kept.has(key)) return this.kept.get(key);
    const layer = this.layers[stage];
    const how = this.sliding(stage);
    const { maps } = this.before(stage);
    const parts = layer.kind === "conv" ? maps.map((one, source) => correlate(one, this.kernel(stage, channel, source), how)) : [pool(maps[channel], how, layer.kind === "max" ? "max" : "avg")];
    const sum = new Float64Array(parts[0].length);
    for (const part of parts) part.forEach((value, k) => { sum[k] += value; });
    const weight = parts.map((part) => part.reduce((all, value) => all + Math.abs(value), 0));
    const order = parts.map((_, k) => k).sort((a, b) => weight[b] - weight[a]);
    let high = 1e-6;
    for (const part of parts) for (const value of part) high = Math.max(high, Math.abs(value));
    const found = { parts, sum, bias: layer.biases[channel] ?? 0, order, high };
    if (this.kept.size > 12) this.kept.clear();
    this.kept.set(key, found);
    return found;
  }

  /**
   * What one pixel saw, layer by layer back to the picture: first the picture's rows and columns, last its own.
   *
   * @returns {{rows: number[], columns: number[]}[]}
   */
  trace(/** @type {Spot} */ { stage, row, column }) {
    const found = [{ rows: [row, row + 1], columns: [column, column + 1] }];
    for (let at = stage; at >= 0; at -= 1) found.unshift({ rows: seen(found[0].rows, this.layers[at]), columns: seen(found[0].columns, this.layers[at]) });
    return found;
  }
}

/** A value that nearly all of some maps stay below. */
function bright(/** @type {Float32Array[]} */ maps) {
  const all = Float32Array.from(maps.flatMap((one) => [...one]).filter((value) => value > 0)).sort();
  return Math.max(1e-6, all[Math.floor(0.97 * (all.length - 1))] ?? 0);
}
