// How weights and gradients are spread, layer by layer: what vanishes, what explodes, what never moves.

import { Sheet } from "./dom.js";
import { decimal } from "./numbers.js";

export class HistogramsPicture {
  constructor() {
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "canvas-histograms", "aria-label": "Weights and gradients of each layer" });
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {import("./frame.js").Frame | null} tick
   * @param {{size: number, narrow: boolean}} view
   */
  draw(theme, tick, { size, narrow }) {
    this.sheet.fit();
    const context = this.sheet.blank();
    context.font = `${size}px ${theme.font}`;
    if (!tick) return;
    const { weight_hist: weights, gradient_hist: gradients } = tick.blocks;
    const [layers, bins] = weights.shape;
    const side = narrow ? 0 : Math.round(size * 5.4);
    const gap = 14;
    const wide = (this.sheet.width - side - gap * (layers - 1)) / layers;
    const rows = [
      { name: "weights", block: weights, ranges: tick.header.hist.weights },
      { name: "gradients", block: gradients, ranges: tick.header.hist.gradients },
    ];
    const title = size * 1.45;
    const high = (this.sheet.height - title) / rows.length;
    context.textBaseline = "top";
    for (let layer = 0; layer < layers; layer += 1) {
      const x = side + layer * (wide + gap);
      context.fillStyle = theme.ink;
      context.textAlign = "center";
      const long = layer === layers - 1 ? "Output" : `Layer ${layer + 1}`;
      context.fillText(context.measureText(long).width > wide ? long.slice(-1) : long, x + wide / 2, 0);
      rows.forEach(({ block, ranges }, r) => {
        const box = { x, y: title + r * high, w: wide, h: high - size * 1.5 };
        this.bars(context, theme, block.data.subarray(layer * bins, (layer + 1) * bins), ranges[layer], box, size);
      });
    }
    if (!side) return;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillStyle = theme.ink;
    rows.forEach(({ name }, r) => context.fillText(name, 0, title + r * high + (high - size * 1.5) / 2));
  }

  bars(context, theme, counts, range, box, size) {
    const [low, high] = range ?? [null, null];
    context.fillStyle = theme.border;
    context.fillRect(box.x, box.y + box.h, box.w, 1);
    if (!Number.isFinite(low) || !Number.isFinite(high)) return;
    const most = Math.max(1, ...counts);
    const step = box.w / counts.length;
    counts.forEach((/** @type {number} */ count, /** @type {number} */ k) => {
      if (!count) return;
      const middle = low + ((k + 0.5) / counts.length) * (high - low);
      const tall = Math.max(1.5, (count / most) * (box.h - 2));
      context.fillStyle = middle < 0 ? theme.negative : theme.positive;
      context.fillRect(box.x + k * step + 0.3, box.y + box.h - tall, Math.max(0.8, step - 0.6), tall);
    });
    if (low < 0 && high > 0) {
      context.fillStyle = theme.ink;
      context.globalAlpha = 0.55;
      context.fillRect(box.x + (-low / (high - low)) * box.w - 0.5, box.y, 1, box.h + 3);
      context.globalAlpha = 1;
    }
    context.fillStyle = theme.muted;
    const [left, right] = [decimal(low), decimal(high)];
    const both = context.measureText(left + right).width + 8 < box.w;
    context.textAlign = "left";
    if (both) context.fillText(left, box.x, box.y + box.h + 3);
    context.textAlign = both ? "right" : "center";
    const ends = Math.abs(low + high) < 1e-9 * Math.abs(high);
    context.fillText(both ? right : ends ? `\u00b1${right}` : right, both ? box.x + box.w : box.x + box.w / 2, box.y + box.h + 3);
  }
}
