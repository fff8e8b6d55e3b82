// Pictures and maps as pixels: grey or coloured pictures as they are, maps through an even scale in which black is zero.

import { pixel } from "./colours.js";
import { Raster } from "./raster.js";

/** @typedef {import("./colours.js").Rgb} Rgb */

/** Cividis, begun at black: even in lightness, and the same to those who see few colours. */
const STOPS = /** @type {Rgb[]} */ ([[0, 0, 0], [9, 28, 66], [50, 68, 108], [97, 101, 113], [141, 136, 119], [190, 173, 104], [238, 212, 79], [255, 246, 190]]);

/** 256 pixels through evenly spaced colours. */
function through(/** @type {Rgb[]} */ stops) {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const place = (i / 255) * (stops.length - 1);
    const at = Math.min(stops.length - 2, Math.floor(place));
    return pixel(/** @type {Rgb} */ (stops[at].map((from, c) => Math.round(from + (stops[at + 1][c] - from) * (place - at)))));
  });
}

export const GLOW = through(STOPS);
export const GREY = through([[0, 0, 0], [255, 255, 255]]);

/** The table for a stage's maps: black is zero, or where both signs occur, the neutral middle. */
export function table(/** @type {import("./colours.js").Theme} */ theme, /** @type {boolean} */ signed) {
  return signed ? theme.diverging : GLOW;
}

/**
 * One picture of a block `(n, h, w, c)`, or of `(h, w, c)`, as it is.
 *
 * @param {Raster} raster
 * @param {import("./frame.js").Block} block
 * @param {ArrayLike<number> | null} [over] `(h, w)`: laid over it in the colour of strong maps; the picture is dimmed.
 */
export function picture(raster, block, index = 0, over = null) {
  const [h, w, c] = block.shape.slice(-3);
  const data = block.data.subarray(index * h * w * c, (index + 1) * h * w * c);
  raster.size(w, h);
  const { pixels } = raster;
  const [red, green, blue] = STOPS[6];
  for (let i = 0; i < pixels.length; i += 1) {
    let [r, g, b] = c === 1 ? [data[i], data[i], data[i]] : [data[3 * i], data[3 * i + 1], data[3 * i + 2]];
    if (over) {
      const share = (0.8 * over[i]) / 255;
      [r, g, b] = [0.6 * r * (1 - share) + red * share, 0.6 * g * (1 - share) + green * share, 0.6 * b * (1 - share) + blue * share];
    }
    pixels[i] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  }
  raster.show();
  return raster.canvas;
}

/** A picture, and to its right the same one below what is laid over it: so neither hides the other. */
export function beside(raster, /** @type {import("./frame.js").Block} */ block, /** @type {number} */ index, /** @type {ArrayLike<number>} */ over) {
  const [h, w] = block.shape.slice(-3);
  const halves = [null, over].map((one) => {
    picture(raster, block, index, one);
    return raster.pixels.slice();
  });
  raster.size(2 * w, h);
  for (let y = 0; y < h; y += 1) halves.forEach((half, k) => raster.pixels.set(half.subarray(y * w, (y + 1) * w), (2 * y + k) * w));
  raster.show();
}

/** A number that changes with the bytes: what has not changed is not painted again. */
export function sum(/** @type {ArrayLike<number>} */ bytes) {
  let hash = 2166136261;
  for (let i = 0; i < bytes.length; i += 1) hash = Math.imul(hash ^ bytes[i], 16777619);
  return hash >>> 0;
}

/** The scale of maps as a legend: a strip from black to its other end. */
export function strip(/** @type {Uint32Array} */ colours) {
  const raster = new Raster();
  raster.paint(Uint8Array.from({ length: 256 }, (_, i) => i), 256, 1, colours);
  return raster.canvas;
}
