// Many small pictures on one canvas, each painted enlarged with its pixels as they are.

import { Raster } from "./raster.js";

/** No canvas is wider, in pixels. */
const WIDEST = 4096;

export class Atlas {
  constructor() {
    this.raster = new Raster();
    this.count = 0;
    this.wide = 1;
    this.high = 1;
    this.across = 1;
  }

  /** Width over height of a picture. */
  get ratio() {
    return this.wide / this.high;
  }

  /** Takes pictures `(n, height, width, 1 or 3)` from 0 to 255. */
  take(/** @type {import("./frame.js").Block} */ { data, shape }) {
    const [count, high, wide, channels] = shape;
    const across = Math.max(1, Math.min(count, Math.floor(WIDEST / wide)));
    Object.assign(this, { count, wide, high, across });
    this.raster.size(across * wide, Math.max(1, Math.ceil(count / across)) * high);
    const { pixels } = this.raster;
    pixels.fill(0);
    const [green, blue] = channels === 3 ? [1, 2] : [0, 0];
    let from = 0;
    for (let k = 0; k < count; k += 1) {
      const left = (k % across) * wide;
      const top = Math.floor(k / across) * high;
      for (let y = 0; y < high; y += 1) {
        let to = (top + y) * across * wide + left;
        for (let x = 0; x < wide; x += 1, from += channels, to += 1) {
          pixels[to] = ((255 << 24) | (data[from + blue] << 16) | (data[from + green] << 8) | data[from]) >>> 0;
        }
      }
    }
    this.raster.show();
  }

  /** Paints one of them into a box of a canvas. */
  paint(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ k, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ wide, /** @type {number} */ high) {
    if (k < 0 || k >= this.count) return;
    context.imageSmoothingEnabled = false;
    const left = (k % this.across) * this.wide;
    const top = Math.floor(k / this.across) * this.high;
    context.drawImage(this.raster.canvas, left, top, this.wide, this.high, x, y, wide, high);
  }

  /** Makes a small canvas show how far one of them is from one of another atlas at each pixel: black where they are the same. */
  subtract(/** @type {HTMLCanvasElement} */ canvas, /** @type {number} */ k, /** @type {Atlas} */ other) {
    const { wide, high, across, raster } = this;
    const from = other.raster.image;
    canvas.width = wide;
    canvas.height = high;
    const context = canvas.getContext("2d");
    if (!context || !raster.image || !from) return;
    const made = context.createImageData(wide, high);
    for (let y = 0; y < high; y += 1) {
      const start = 4 * ((Math.floor(k / across) * high + y) * across * wide + (k % across) * wide);
      for (let i = 0; i < 4 * wide; i += 1) made.data[4 * y * wide + i] = i % 4 === 3 ? 255 : Math.abs(raster.image.data[start + i] - from.data[start + i]);
    }
    context.putImageData(made, 0, 0);
  }

  /** Makes a small canvas show one of them alone, pixel for pixel; CSS enlarges it. */
  show(/** @type {HTMLCanvasElement} */ canvas, /** @type {number} */ k) {
    canvas.width = this.wide;
    canvas.height = this.high;
    const context = canvas.getContext("2d");
    if (context) this.paint(context, k, 0, 0, this.wide, this.high);
  }
}
