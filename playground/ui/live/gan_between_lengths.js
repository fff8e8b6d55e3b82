// How long the latent is along both ways, against the lengths that latents drawn by chance have.

import { hue } from "./colours.js";
import { mark } from "./dom.js";
import { decimal } from "./numbers.js";
import { Plot } from "./plot.js";

/** Of the plot's width, what the density takes where it is densest. */
const DENSE = 0.24;

export class LengthPlot extends Plot {
  constructor(/** @type {() => void} */ again) {
    super("lengths", "Length of the latent along both ways", again);
    /** @type {{low: number, high: number, density: ArrayLike<number>, top: number} | null} */
    this.shell = null;
  }

  show(/** @type {import("./colours.js").Theme} */ theme, /** @type {import("./frame.js").Frame} */ { header, blocks }, /** @type {number} */ at, /** @type {number} */ size) {
    const count = blocks.lengths.shape[1];
    const x = Float32Array.from({ length: count }, (_, k) => (100 * k) / Math.max(1, count - 1));
    const both = [0, 1].map((k) => blocks.lengths.data.subarray(k * count, (k + 1) * count));
    const [low, , high] = header.shell;
    this.shell = { low, high, density: blocks.density.data, top: header.top };
    const brief = ["line", "arc"];
    const two = header.stops.length === 2;
    this.draw(theme, {
      size,
      x: { low: 0, high: 100, label: "share of the way, %" },
      y: { low: 0, high: header.top, label: "length" },
      lines: both.map((y, k) => ({ x, y, colour: hue(theme, k), name: brief[k], dash: k === 0 ? [6, 4] : [], width: 2.5 })),
      guides: [
        ...(two ? [] : header.stops.map((/** @type {number} */ stop, /** @type {number} */ k) => ({ x: x[stop], label: String((k % header.ends.length) + 1), dash: [2, 4] }))),
        { x: x[at], colour: theme.ink, dash: [] },
      ],
      points: both.map((y, k) => ({ x: x[at], y: y[at], colour: hue(theme, k), radius: 4 })),
      reading: false,
    });
    const middle = Math.round(count / 2 / Math.max(1, header.stops.length - 1));
    mark(this.sheet.canvas, "aria-label", `Length of the latent: halfway ${decimal(both[0][middle])} on the straight line, ${decimal(both[1][middle])} on the arc; 98 of 100 latents drawn by chance are between ${decimal(low)} and ${decimal(high)} long.`);
  }

  /** The band of usual lengths, and how densely chance fills it, at the right. */
  shades(context, theme, chart) {
    const { x, y, w, h } = this.box;
    if (!this.shell) return;
    const { low, high, density, top } = this.shell;
    const [upper, lower] = [Math.max(y, this.py(high)), Math.min(y + h, this.py(low))];
    context.fillStyle = theme.grid;
    context.fillRect(x, upper, w, lower - upper);
    const most = Math.max(1e-12, ...density);
    context.beginPath();
    context.moveTo(x + w, this.py(0));
    for (let k = 0; k < density.length; k += 1) context.lineTo(x + w - (DENSE * w * density[k]) / most, this.py((top * (k + 0.5)) / density.length));
    context.lineTo(x + w, this.py(top));
    context.closePath();
    context.fillStyle = theme.border;
    context.fill();
  }
}
