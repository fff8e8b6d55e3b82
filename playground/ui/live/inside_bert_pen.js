// What the views of Inside BERT draw with: attention as one hue, names of pieces, numbers with a sign as strips.

import { css, lightness, mix, pixel, rgb } from "./colours.js";
import { GridPen } from "./convolution_pen.js";
import { Raster } from "./raster.js";

/** @typedef {import("./convolution_pen.js").Box} Box */

/** Shares that the scale is marked at. */
export const MARKS = [0.01, 0.1, 0.25, 0.5, 1];

/** Small numbers with a sign likewise. */
const SIGNED = 0.75;
/** Small shares are drawn stronger than they are, since most are small; the scale says by how much. */
const POWER = 0.62;

/** How strong a share is drawn, 0 to 1. */
export const strength = (/** @type {number} */ share) => Math.min(1, Math.max(0, share)) ** POWER;

export class InsidePen extends GridPen {
  constructor(context, theme, size) {
    super(context, theme, size);
    /** The hue of attention: no sign's and no class's that is shown here. */
    this.hue = theme.classes[0];
    this.deep = theme.dark ? mix(rgb(this.hue), [255, 255, 255], 0.25) : mix(rgb(this.hue), [0, 0, 0], 0.2);
    this.blank = mix(rgb(theme.paper), rgb(theme.ink), theme.dark ? 0.07 : 0.04);
  }

  /** The colour of a share. */
  shade(/** @type {number} */ share) {
    return mix(this.blank, this.deep, strength(share));
  }

  /** Ink that is read on that colour. */
  on(/** @type {number} */ share) {
    return lightness(this.shade(share)) > 0.5 ? "#111418" : "#ffffff";
  }

  /** A picture that is made once for a scene and a theme. */
  kept(/** @type {Map<string, any>} */ cache, /** @type {string} */ name, /** @type {() => Raster} */ make) {
    const key = `${name}|${this.theme.key}`;
    let found = cache.get(key);
    if (!found) cache.set(key, found = make());
    return found.canvas;
  }

  /** The weights of a head (all heads of the layer where it is -1) as a square with sharp edges; all rows but `only` step back. */
  square(/** @type {import("./inside_bert_scene.js").InsideScene} */ scene, /** @type {number} */ layer, /** @type {number} */ head, /** @type {Box} */ box, only = -1) {
    const { context, theme } = this;
    const { count } = scene;
    const picture = this.kept(scene.cache, `${layer}.${head}`, () => {
      const raster = new Raster();
      raster.size(count, count);
      for (let i = 0; i < count; i += 1) {
        for (let j = 0; j < count; j += 1) raster.pixels[i * count + j] = pixel(this.shade(scene.weight(layer, head, i, j)));
      }
      raster.show();
      return raster;
    });
    context.imageSmoothingEnabled = box.w < count; // smaller than a pixel each: smoothed, not skipped
    context.drawImage(picture, box.x, box.y, box.w, box.h);
    context.imageSmoothingEnabled = true;
    if (only < 0) return;
    const [from, to] = [(only * box.h) / count, ((only + 1) * box.h) / count];
    context.save();
    context.globalAlpha = 0.5;
    context.fillStyle = theme.paper;
    context.fillRect(box.x, box.y, box.w, from);
    context.fillRect(box.x, box.y + to, box.w, box.h - to);
    context.restore();
  }

  /** Numbers with a sign as a strip of cells. */
  strip(/** @type {Map<string, any>} */ cache, /** @type {string} */ name, /** @type {ArrayLike<number>} */ values, /** @type {Box} */ box, /** @type {number} */ high, alpha = 1) {
    const { context } = this;
    const picture = this.kept(cache, name, () => {
      const raster = new Raster();
      raster.size(values.length, 1);
      for (let k = 0; k < values.length; k += 1) {
        const strong = Math.sign(values[k]) * (Math.min(high, Math.abs(values[k])) / high) ** SIGNED;
        raster.pixels[k] = this.theme.diverging[Math.round(127.5 + 127.5 * strong)];
      }
      raster.show();
      return raster;
    });
    context.save();
    context.globalAlpha *= alpha;
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, box.x, box.y, box.w, box.h);
    context.restore();
  }

  /**
   * Names of pieces below one another, as many as have room; those that matter come first.
   *
   * @param {string[]} names
   * @param {(k: number) => number} middle   Where each belongs.
   * @param {object} how
   * @param {number} how.x
   * @param {"left" | "right"} how.align
   * @param {number} how.room                Width there is.
   * @param {number[]} [how.first]           Numbers of those that matter, the first most.
   * @param {(k: number) => {alpha?: number, bold?: boolean}} [how.look]
   */
  names(names, middle, { x, align, room, first = [], look = () => ({}) }) {
    const apart = this.size * 1.12;
    const order = [...new Set([...first, ...names.keys()])];
    /** @type {number[]} */
    const taken = [];
    for (const k of order) {
      const y = middle(k);
      if (taken.some((one) => Math.abs(one - y) < apart)) continue;
      taken.push(y);
      const { alpha = 1, bold = false } = look(k);
      this.context.globalAlpha = alpha;
      this.text(names[k], x, y, { align, room, bold });
      this.context.globalAlpha = 1;
    }
  }

  /** The scale of attention, with its marks. */
  scale(/** @type {Box} */ box) {
    const { context } = this;
    for (let k = 0; k < box.w; k += 1) {
      context.fillStyle = css(this.shade((k / box.w) ** (1 / POWER)));
      context.fillRect(box.x + k, box.y, 1.5, box.h);
    }
    this.frame(box, this.theme.border, 1);
    let last = -Infinity;
    for (const share of MARKS) {
      const x = box.x + strength(share) * box.w;
      if (x - last < this.size * 2.6) continue;
      last = x;
      this.text(`${100 * share} %`, x, box.y + box.h + this.size * 0.8, { quiet: true, align: share === 1 ? "right" : "center" });
    }
  }

  /** A rounded plate behind a name. */
  plate(/** @type {Box} */ box, /** @type {string} */ fill, /** @type {string} */ line = "", width = 1) {
    const { context } = this;
    context.beginPath();
    context.roundRect(box.x, box.y, box.w, box.h, Math.min(5, box.h / 2));
    context.fillStyle = fill;
    if (fill) context.fill();
    if (line) {
      Object.assign(context, { strokeStyle: line, lineWidth: width });
      context.stroke();
    }
  }
}
