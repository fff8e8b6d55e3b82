// The network: units with their surfaces inside, and which of them (or of the links below) is at a place.

import { hue } from "./colours.js";
import { Sheet } from "./dom.js";
import { arrange, between } from "./layout.js";
import { LinksPicture } from "./links.js";
import { doubled } from "./numbers.js";
import { shape } from "./points.js";
import { Raster } from "./raster.js";

/** How long units take to glide to other places, in milliseconds. */
const EASE = 150;

/**
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("./layout.js").Spot} Spot
 * @typedef {{kind: "unit", column: number, index: number}} UnitRef   Column 0 holds the inputs.
 * @typedef {{kind: "link", layer: number, to: number, from: number}} LinkRef  From column `layer` to the next.
 * @typedef {UnitRef | LinkRef} Ref
 */

export class NetworkPicture {
  constructor() {
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "canvas-network", "aria-label": "The network" });
    this.atlas = new Raster();
    /** @type {number[]} */
    this.counts = [];
    /** @type {Layout | null} */
    this.layout = null;
    /** @type {Layout | null} */
    this.before = null;
    this.moved = 0;
    this.links = new LinksPicture();
    this.largestBias = 1;
    this.step = 0;
  }

  /**
   * Takes new numbers of units, or a new size; the units glide to their places where a choice moved them.
   *
   * @param {number[]} counts
   * @param {{names: string[], labels: string[], present: boolean, narrow: boolean, calm: boolean, font: string}} look
   */
  place(counts, look) {
    const resized = this.sheet.fit();
    this.links.sheet.fit();
    const changed = counts.join() !== this.counts.join();
    if (!resized && !changed && this.layout && this.look === JSON.stringify(look)) return;
    const { context } = this.sheet;
    context.font = look.font;
    const wide = (/** @type {string[]} */ words) => Math.max(0, ...words.map((word) => context.measureText(word).width));
    const cap = look.narrow ? 48 : 110;
    const after = arrange({
      width: this.sheet.width,
      height: this.sheet.height,
      counts,
      names: Math.min(cap, wide(look.names)) + 12,
      labels: look.labels.length ? Math.min(cap, wide(look.labels)) + 12 : 4,
      largest: Math.round(Math.min(look.present ? 84 : 72, Math.max(50, this.sheet.height * 0.135))),
      passage: look.narrow ? 16 : 36,
      heads: look.narrow ? 0 : look.present ? 104 : 84,
    });
    if (changed) this.largestBias = 1;
    this.before = changed && this.layout && !resized && !look.calm ? this.current(performance.now()) : null;
    this.moved = performance.now();
    this.layout = after;
    this.counts = [...counts];
    this.look = JSON.stringify(look);
  }

  /** Where the units are at a moment: on their way for 150 ms after a change. */
  current(/** @type {number} */ now) {
    const share = (now - this.moved) / EASE;
    if (!this.layout || !this.before || share >= 1) {
      this.before = null;
      return this.layout;
    }
    return between(this.before, this.layout, share * (2 - share));
  }

  /** Whether it still moves, and wants to be drawn again. */
  get moving() {
    return this.before !== null;
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {import("./frame.js").Frame | null} scene
   * @param {import("./frame.js").Frame | null} tick
   * @param {{marked: Ref | null, output: CanvasImageSource | null, font: string, names: string[], labels: string[]}} view
   */
  draw(theme, scene, tick, view) {
    const context = this.sheet.blank();
    const layout = this.current(performance.now());
    if (!layout) return;
    context.font = view.font;
    const fits = tick && scene && tick.header.unit_scales.length === this.counts.length - 1;
    this.links.draw(theme, layout, this.counts, fits ? tick : null, view.marked);
    if (fits) {
      const { data, shape: [count, rows, columns] } = tick.blocks.units;
      this.atlas.paint(data, columns, count * rows, theme.diverging);
    }
    let tile = 0;
    let bias = 0;
    const last = this.counts.length - 1;
    const side = fits ? tick.blocks.units.shape[1] : 0;
    if (fits) this.scaleBiases(tick);
    layout.spots.forEach((column, c) => {
      column.forEach((spot, i) => {
        const picture = c === last ? view.output : this.atlas.canvas;
        const from = c === last ? null : { y: tile * side, side };
        if (c < last) tile += 1;
        this.unit(context, theme, layout, spot, fits && (c < last || view.output) ? picture : null, from);
        if (c === last && fits && !view.output) this.classUnit(context, theme, layout, spot, i);
        if (c > 0 && fits) this.bias(context, theme, layout, spot, tick.blocks.biases.data[bias++]);
        if (same(view.marked, c, i)) this.ring(context, theme, layout, spot);
        if (c === 0 && layout.named) this.name(context, theme, view.names[i] ?? "", spot.x - layout.size / 2 - 8, spot.y, true);
        if (c === last && view.labels[i]) this.name(context, theme, view.labels[i], spot.x + layout.size / 2 + 8, spot.y, false);
      });
    });
  }

  /** The biases' scale grows in doublings; it begins anew where the run does, or where it went back. */
  scaleBiases(/** @type {import("./frame.js").Frame} */ tick) {
    const { step } = tick.header;
    if (step === 0 || step < this.step) this.largestBias = 1;
    this.step = step;
    this.largestBias = Math.max(this.largestBias, doubled(largest(tick.blocks.biases.data), 1));
  }

  unit(context, theme, layout, spot, picture, from) {
    const { size } = layout;
    const [x, y] = [spot.x - size / 2, spot.y - size / 2];
    context.beginPath();
    context.roundRect(x, y, size, size, Math.min(6, size * 0.16));
    context.fillStyle = theme.neutral;
    context.fill();
    if (picture) {
      context.save();
      context.clip();
      if (from) context.drawImage(picture, 0, from.y, from.side, from.side, x, y, size, size);
      else context.drawImage(picture, x, y, size, size);
      context.restore();
    }
    context.strokeStyle = theme.border;
    context.lineWidth = 1;
    context.stroke();
  }

  /** An output that stands for one class among several: its hue and its shape. */
  classUnit(context, theme, layout, spot, index) {
    context.fillStyle = hue(theme, index);
    shape(context, index, spot.x, spot.y, Math.max(2, layout.size * 0.24));
    context.fill();
  }

  /** The bias as a bar under the unit: to the right where it is positive, to the left where negative. */
  bias(context, theme, layout, spot, value) {
    if (!Number.isFinite(value)) return;
    const { size } = layout;
    const y = spot.y + size / 2 + Math.max(1.5, size * 0.07);
    const long = Math.max(-1, Math.min(1, value / this.largestBias)) * (size / 2 - 1);
    context.fillStyle = theme.border;
    context.fillRect(spot.x - 0.5, y - 0.5, 1, Math.max(2, size * 0.07) + 1);
    context.fillStyle = value < 0 ? theme.negative : theme.positive;
    context.fillRect(Math.min(spot.x, spot.x + long), y, Math.abs(long), Math.max(2, size * 0.07));
  }

  ring(context, theme, layout, spot) {
    const side = layout.size + 6;
    context.beginPath();
    context.roundRect(spot.x - side / 2, spot.y - side / 2, side, side, Math.min(9, side * 0.18));
    context.strokeStyle = theme.accent;
    context.lineWidth = 2.5;
    context.stroke();
  }

  /** A name beside a unit, shortened to the room there is. */
  name(context, theme, word, x, y, left) {
    const room = left ? x - 2 : this.sheet.width - x;
    let shown = word;
    while (shown.length > 1 && context.measureText(shown).width > room) shown = `${shown.slice(0, -2)}\u2026`;
    context.textAlign = left ? "right" : "left";
    context.textBaseline = "middle";
    context.fillStyle = theme.ink;
    context.fillText(shown, x, y);
  }

  /** The unit or the link at a place, if any; links only where the pointer is finer than a finger. */
  at(/** @type {number} */ x, /** @type {number} */ y, reach = 7) {
    const { layout } = this;
    if (!layout) return null;
    const half = layout.size / 2 + 2;
    for (let c = 0; c < layout.spots.length; c += 1) {
      const index = layout.spots[c].findIndex((spot) => Math.abs(spot.x - x) <= half && Math.abs(spot.y - y) <= half);
      if (index >= 0) return /** @type {Ref} */ ({ kind: "unit", column: c, index });
    }
    return this.links.at(layout, x, y, reach);
  }
}

function same(/** @type {Ref | null} */ marked, column, index) {
  return marked?.kind === "unit" && marked.column === column && marked.index === index;
}

function largest(/** @type {ArrayLike<number>} */ values) {
  let most = 0;
  for (let i = 0; i < values.length; i += 1) if (Math.abs(values[i]) > most) most = Math.abs(values[i]);
  return Number.isFinite(most) ? most : 1;
}
