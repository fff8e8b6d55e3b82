// Small arrays of bytes as pictures: coloured through a table, then enlarged smoothly by the canvas.

import { hue, mix, pixel, rgb } from "./colours.js";

export class Raster {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    /** @type {ImageData | null} */
    this.image = null;
    this.pixels = new Uint32Array(0);
  }

  /** Makes room for `width` x `height` pixels. */
  size(/** @type {number} */ width, /** @type {number} */ height) {
    if (this.image?.width === width && this.image.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.image = this.context.createImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  show() {
    if (this.image) this.context.putImageData(this.image, 0, 0);
  }

  /**
   * Values 0..255 through a table of 256 pixels.
   *
   * @param {ArrayLike<number>} values Row by row.
   * @param {Uint32Array} table
   */
  paint(values, /** @type {number} */ width, /** @type {number} */ height, table) {
    this.size(width, height);
    for (let i = 0; i < this.pixels.length; i += 1) this.pixels[i] = table[values[i]];
    this.show();
  }

  /**
   * The likeliest class as a hue, its probability as strength: faint where the network is unsure.
   *
   * @param {ArrayLike<number>} winner Class numbers.
   * @param {ArrayLike<number>} sure   Probability of that class, 0..255.
   * @param {number} count             How many classes there are.
   * @param {import("./colours.js").Theme} theme
   * @param {boolean} flat             Full strength everywhere.
   */
  paintClasses(winner, sure, /** @type {number} */ width, /** @type {number} */ height, count, theme, flat) {
    this.size(width, height);
    const neutral = rgb(theme.neutral);
    const tables = Array.from({ length: count }, (_, k) => {
      const colour = rgb(hue(theme, k));
      return Uint32Array.from({ length: 32 }, (_, level) => {
        const share = level / 31; // of the way from a guess (1 / count) to certainty
        return pixel(mix(neutral, colour, flat ? 0.75 : 0.08 + 0.72 * share));
      });
    });
    const guess = 255 / count;
    for (let i = 0; i < this.pixels.length; i += 1) {
      const share = Math.max(0, (sure[i] - guess) / (255 - guess));
      this.pixels[i] = tables[winner[i] % count][Math.round(31 * share)];
    }
    this.show();
  }

  /** Lets the picture vanish where `fade` (0..255) is low: nothing was ever seen there. */
  fade(/** @type {ArrayLike<number>} */ fade) {
    for (let i = 0; i < this.pixels.length; i += 1) {
      const alpha = 26 + ((fade[i] * 229) >> 8);
      this.pixels[i] = ((alpha << 24) | (this.pixels[i] & 0xffffff)) >>> 0;
    }
    this.show();
  }
}

/**
 * The same values on a finer grid, between the samples by straight lines: edges cut from it are smooth.
 *
 * @param {ArrayLike<number>} values Square, `side` x `side`.
 * @param {number} times
 */
export function refine(values, /** @type {number} */ side, times) {
  const wide = side * times;
  const fine = new Uint8Array(wide * wide);
  const place = (/** @type {number} */ k) => Math.min(side - 1, Math.max(0, (k + 0.5) / times - 0.5));
  for (let y = 0; y < wide; y += 1) {
    const row = Math.min(side - 2, Math.floor(place(y)));
    const v = place(y) - row;
    for (let x = 0; x < wide; x += 1) {
      const column = Math.min(side - 2, Math.floor(place(x)));
      const u = place(x) - column;
      const at = row * side + column;
      const top = values[at] * (1 - u) + values[at + 1] * u;
      const bottom = values[at + side] * (1 - u) + values[at + side + 1] * u;
      fine[y * wide + x] = top * (1 - v) + bottom * v + 0.5;
    }
  }
  return fine;
}

/**
 * The line where values on a square grid cross a level (marching squares), as x0, y0, x1, y1 of each piece, in samples.
 *
 * @param {ArrayLike<number>} values
 * @returns {number[]}
 */
export function contour(values, /** @type {number} */ side, /** @type {number} */ level) {
  const pieces = [];
  const cross = (/** @type {number} */ a, /** @type {number} */ b) => (level - a) / (b - a);
  for (let y = 0; y < side - 1; y += 1) {
    for (let x = 0; x < side - 1; x += 1) {
      const at = y * side + x;
      const [a, b, c, d] = [values[at], values[at + 1], values[at + side + 1], values[at + side]];
      const [ua, ub, uc, ud] = [a > level, b > level, c > level, d > level];
      if (ua === ub && ub === uc && uc === ud) continue;
      const ends = [];
      if (ua !== ub) ends.push(x + cross(a, b), y);
      if (ub !== uc) ends.push(x + 1, y + cross(b, c));
      if (ud !== uc) ends.push(x + cross(d, c), y + 1);
      if (ua !== ud) ends.push(x, y + cross(a, d));
      for (let i = 0; i + 3 < ends.length; i += 4) pieces.push(ends[i], ends[i + 1], ends[i + 2], ends[i + 3]);
    }
  }
  return pieces;
}
