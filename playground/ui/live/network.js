// The network: units with their surfaces inside, links as wide as their weights are large.

import { hue } from "./colours.js";
import { Sheet } from "./dom.js";
import { arrange, between, heightAt } from "./layout.js";
import { doubled } from "./numbers.js";
import { shape } from "./points.js";
import { Raster } from "./raster.js";

/** Links drawn between two layers: beyond this the strongest, for more than that is grey mist. */
const MOST_LINKS = 400;
/** Up to this many are drawn one by one in their exact width; more share strokes of like width. */
const SINGLE_LINKS = 96;
const LEVELS = 12;
const FULL = 32767;
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
    this.largestBias = 1;
    /** @type {{layer: number, to: number, from: number}[]} */
    this.drawn = [];
  }

  /**
   * Takes new numbers of units, or a new size; the units glide to their places where a choice moved them.
   *
   * @param {number[]} counts
   * @param {{names: string[], labels: string[], present: boolean, narrow: boolean, calm: boolean, font: string}} look
   */
  place(counts, look) {
    const resized = this.sheet.fit();
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
      largest: look.present ? 60 : 50,
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
    if (fits) this.links(context, theme, layout, tick, view.marked);
    else this.skeletonLinks(context, theme, layout);
    if (fits) {
      const { data, shape: [count, rows, columns] } = tick.blocks.units;
      this.atlas.paint(data, columns, count * rows, theme.diverging);
    }
    let tile = 0;
    let bias = 0;
    const last = this.counts.length - 1;
    const side = fits ? tick.blocks.units.shape[1] : 0;
    if (fits) this.largestBias = Math.max(this.largestBias, doubled(largest(tick.blocks.biases.data), 1));
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

  /** Links of all layers, weakest first, negative ones dashed. */
  links(context, theme, layout, tick, /** @type {Ref | null} */ marked) {
    const weights = tick.blocks.weights.data;
    const width = Math.min(7, Math.max(2.4, layout.size * 0.15));
    this.drawn = [];
    let start = 0;
    for (let layer = 0; layer < this.counts.length - 1; layer += 1) {
      const [sources, targets] = [layout.spots[layer], layout.spots[layer + 1]];
      const size = sources.length * targets.length;
      const least = threshold(weights, start, size, MOST_LINKS);
      /** @type {Map<number, number[]>} */
      const strokes = new Map();
      const single = size <= SINGLE_LINKS;
      for (let k = 0; k < size; k += 1) {
        const w = weights[start + k];
        if (w === 0 || Math.abs(w) < least) continue;
        const [to, from] = [Math.floor(k / sources.length), k % sources.length];
        this.drawn.push({ layer, to, from });
        const level = single ? w : Math.sign(w) * Math.max(1, Math.ceil((Math.abs(w) / FULL) * LEVELS)) * (FULL / LEVELS);
        const faint = marked !== null && !touches(marked, layer, to, from);
        const key = Math.round(level) * 2 + (faint ? 1 : 0);
        const group = strokes.get(key);
        if (group) group.push(k);
        else strokes.set(key, [k]);
      }
      const order = [...strokes.keys()].sort((a, b) => (b & 1) - (a & 1) || Math.abs(a) - Math.abs(b));
      for (const key of order) {
        const share = Math.min(1, Math.abs(key >> 1) / FULL);
        context.lineWidth = 0.6 + (width - 0.6) * share;
        context.globalAlpha = (0.3 + 0.7 * share) * (key & 1 ? 0.16 : 1);
        context.strokeStyle = key < 0 ? theme.negative : theme.positive;
        context.setLineDash(key < 0 ? [4 + context.lineWidth, 3 + context.lineWidth * 0.6] : []);
        context.beginPath();
        for (const k of /** @type {number[]} */ (strokes.get(key))) {
          curve(context, sources[k % sources.length], targets[Math.floor(k / sources.length)], layout.size / 2);
        }
        context.stroke();
      }
      if (marked?.kind === "link" && marked.layer === layer) {
        this.halo(context, theme, sources[marked.from], targets[marked.to], layout.size / 2);
      }
      start += size;
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  /** The chosen link between two thin lines of selection. */
  halo(context, theme, from, to, half) {
    context.globalAlpha = 1;
    context.setLineDash([]);
    context.strokeStyle = theme.accent;
    context.lineWidth = 1.5;
    for (const aside of [-5, 5]) {
      context.beginPath();
      curve(context, { x: from.x, y: from.y + aside }, { x: to.x, y: to.y + aside }, half);
      context.stroke();
    }
  }

  /** Before there are weights: the threads of a network to come. */
  skeletonLinks(context, theme, layout) {
    this.drawn = [];
    context.strokeStyle = theme.grid;
    context.lineWidth = 1;
    context.beginPath();
    for (let c = 1; c < layout.spots.length; c += 1) {
      if (layout.spots[c].length * layout.spots[c - 1].length > MOST_LINKS) continue;
      for (const to of layout.spots[c]) for (const from of layout.spots[c - 1]) curve(context, from, to, layout.size / 2);
    }
    context.stroke();
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
      context.imageSmoothingQuality = "high";
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
    let [best, found] = [reach, /** @type {Ref | null} */ (null)];
    for (const { layer, to, from } of this.drawn) {
      const [a, b] = [layout.spots[layer]?.[from], layout.spots[layer + 1]?.[to]];
      if (!a || !b || x < a.x + half || x > b.x - half) continue;
      const [start, end] = [{ x: a.x + half - 2, y: a.y }, { x: b.x - half + 2, y: b.y }];
      const distance = Math.abs(heightAt(start, end, x) - y);
      if (distance < best) [best, found] = [distance, { kind: "link", layer, to, from }];
    }
    return found;
  }
}

function curve(context, from, to, half) {
  const [x0, x1] = [from.x + half, to.x - half];
  const middle = (x0 + x1) / 2;
  context.moveTo(x0, from.y);
  context.bezierCurveTo(middle, from.y, middle, to.y, x1, to.y);
}

/** The size a weight must have to be among the `most` strongest of its layer. */
function threshold(weights, start, size, most) {
  if (size <= most) return 0;
  const bins = new Uint32Array(256);
  for (let k = start; k < start + size; k += 1) bins[Math.min(255, Math.abs(weights[k]) >> 7)] += 1;
  let [kept, bin] = [0, 256];
  while (bin > 0 && kept + bins[bin - 1] <= most) kept += bins[--bin];
  return bin << 7;
}

function touches(/** @type {Ref} */ marked, layer, to, from) {
  if (marked.kind === "link") return marked.layer === layer && marked.to === to && marked.from === from;
  return (marked.column === layer && marked.index === from) || (marked.column === layer + 1 && marked.index === to);
}

function same(/** @type {Ref | null} */ marked, column, index) {
  return marked?.kind === "unit" && marked.column === column && marked.index === index;
}

function largest(/** @type {ArrayLike<number>} */ values) {
  let most = 0;
  for (let i = 0; i < values.length; i += 1) if (Math.abs(values[i]) > most) most = Math.abs(values[i]);
  return Number.isFinite(most) ? most : 1;
}
