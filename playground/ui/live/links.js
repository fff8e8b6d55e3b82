// The links: as wide as their weights are large, blue where positive, orange and dashed where negative.

import { Sheet } from "./dom.js";
import { heightAt } from "./layout.js";

/** Links drawn between two layers: beyond this the strongest, for more than that is grey mist. */
const MOST = 400;
/** Up to this many are drawn one by one in their exact width; more share strokes of like width. */
const SINGLE = 96;
const LEVELS = 12;
const FULL = 32767;
/** Drawing rests this long after each link of a picture (milliseconds): a thousand links are drawn five times a second. */
const REST = 0.16;

/**
 * @typedef {import("./network.js").Ref} Ref
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("./layout.js").Spot} Spot
 */

export class LinksPicture {
  constructor() {
    this.sheet = new Sheet({ class: "sheet", "aria-hidden": "true" });
    /** @type {{layer: number, to: number, from: number}[]} */
    this.drawn = [];
    this.done = "";
    this.when = 0;
    /** @type {object | null} */
    this.tick = null;
    /** How long until the newest weights may be drawn, in milliseconds; 0 when they are. */
    this.late = 0;
  }

  /**
   * Draws the links of a tick; in a network of very many, not of every tick.
   *
   * @param {import("./colours.js").Theme} theme
   * @param {Layout} layout
   * @param {number[]} counts Units of each column.
   * @param {import("./frame.js").Frame | null} tick
   * @param {Ref | null} marked
   */
  draw(theme, layout, counts, tick, marked) {
    const { width, height, ratio } = this.sheet;
    const ends = layout.spots.map((column) => column[0].x + column[0].y);
    const view = [theme.key, ends, layout.size, counts, JSON.stringify(marked), width, height, ratio].join("|");
    const now = performance.now();
    this.late = 0;
    if (view === this.done) {
      if (tick === this.tick) return;
      this.late = tick ? Math.max(0, this.when + this.drawn.length * REST - now) : 0;
      if (this.late > 0) return;
    }
    Object.assign(this, { done: view, tick, when: now, drawn: [] });
    const context = this.sheet.blank();
    if (tick) this.weights(context, theme, layout, counts, tick, marked);
    else this.threads(context, theme, layout);
  }

  /** All layers, faint before strong. */
  weights(context, theme, layout, counts, tick, /** @type {Ref | null} */ marked) {
    const weights = tick.blocks.weights.data;
    let start = 0;
    for (let layer = 0; layer < counts.length - 1; layer += 1) {
      const [sources, targets] = [layout.spots[layer], layout.spots[layer + 1]];
      const size = sources.length * targets.length;
      const least = threshold(weights, start, size, MOST);
      const single = size <= SINGLE;
      // Where many links cross, thinner and paler ones still show which are strong.
      const crowd = size <= 32 ? 1 : single ? 0.8 : 0.6;
      const width = Math.min(7, Math.max(2.4, layout.size * 0.15)) * crowd;
      /** @type {Map<number, number[]>} Links that look alike: twice their weight, plus one if they step back. */
      const strokes = new Map();
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
        context.globalAlpha = (0.3 + 0.7 * share) * (key & 1 ? 0.16 : crowd < 0.8 ? 0.75 : 1);
        context.strokeStyle = key < 0 ? theme.negative : theme.positive;
        context.setLineDash(key < 0 ? [4 + context.lineWidth, 3 + context.lineWidth * 0.6] : []);
        context.beginPath();
        for (const k of /** @type {number[]} */ (strokes.get(key))) {
          curve(context, sources[k % sources.length], targets[Math.floor(k / sources.length)], layout.size / 2);
        }
        context.stroke();
      }
      if (marked?.kind === "link" && marked.layer === layer) {
        halo(context, theme, sources[marked.from], targets[marked.to], layout.size / 2);
      }
      start += size;
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  /** Before there are weights: the threads of a network to come. */
  threads(context, theme, layout) {
    context.strokeStyle = theme.grid;
    context.lineWidth = 1;
    context.beginPath();
    for (let c = 1; c < layout.spots.length; c += 1) {
      if (layout.spots[c].length * layout.spots[c - 1].length > MOST) continue;
      for (const to of layout.spots[c]) for (const from of layout.spots[c - 1]) curve(context, from, to, layout.size / 2);
    }
    context.stroke();
  }

  /** The drawn link nearest to a place, if one is within reach. */
  at(/** @type {Layout} */ layout, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ reach) {
    const half = layout.size / 2;
    let [best, found] = [reach, /** @type {Ref | null} */ (null)];
    for (const { layer, to, from } of this.drawn) {
      const [a, b] = [layout.spots[layer]?.[from], layout.spots[layer + 1]?.[to]];
      if (!a || !b || x < a.x + half || x > b.x - half) continue;
      const distance = Math.abs(heightAt({ x: a.x + half, y: a.y }, { x: b.x - half, y: b.y }, x) - y);
      if (distance < best) [best, found] = [distance, { kind: "link", layer, to, from }];
    }
    return found;
  }
}

/** The chosen link between two thin lines of selection. */
function halo(context, theme, /** @type {Spot} */ from, /** @type {Spot} */ to, /** @type {number} */ half) {
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

/** Leaves and arrives level; `heightAt` (layout.js) is this curve read backwards. */
function curve(context, /** @type {Spot} */ from, /** @type {Spot} */ to, /** @type {number} */ half) {
  const [x0, x1] = [from.x + half, to.x - half];
  const middle = (x0 + x1) / 2;
  context.moveTo(x0, from.y);
  context.bezierCurveTo(middle, from.y, middle, to.y, x1, to.y);
}

/** The size a weight must have to be among the `most` strongest of its layer. */
function threshold(/** @type {Int16Array} */ weights, /** @type {number} */ start, /** @type {number} */ size, /** @type {number} */ most) {
  if (size <= most) return 0;
  const bins = new Uint32Array(256);
  for (let k = start; k < start + size; k += 1) bins[Math.min(255, Math.abs(weights[k]) >> 7)] += 1;
  let [kept, bin] = [0, 256];
  while (bin > 0 && kept + bins[bin - 1] <= most) kept += bins[--bin];
  return bin << 7;
}

function touches(/** @type {Ref} */ marked, /** @type {number} */ layer, /** @type {number} */ to, /** @type {number} */ from) {
  if (marked.kind === "link") return marked.layer === layer && marked.to === to && marked.from === from;
  return (marked.column === layer && marked.index === from) || (marked.column === layer + 1 && marked.index === to);
}
