// What the first convolution looks for, and how its gradients pull; how long weights and gradients of each block are.

import { brief } from "./cnn_stage.js";
import { strip } from "./cnn_paint.js";
import { element, mark, say, Sheet } from "./dom.js";
import { decimal } from "./numbers.js";
import { Raster } from "./raster.js";

/** One set of small signed pictures with its scale. */
class Row {
  constructor(/** @type {string} */ name, /** @type {string} */ label) {
    this.words = element("span", { class: "label" }, label);
    this.tiles = element("div", { class: "cnn-filter-row", role: "img", "aria-label": label, "data-testid": name });
    this.scale = element("div", { class: "cnn-scale" });
    this.zero = element("span", { class: "cnn-scale", hidden: true });
    this.root = element("div", { class: "cnn-filters" }, element("div", { class: "cnn-filter-head" }, this.words, this.zero, this.scale), this.tiles);
    /** @type {Raster[]} */
    this.rasters = [];
  }

  /** `zero`: what is said in place of the scale where all of it is 0. */
  draw(theme, block, /** @type {number} */ top, /** @type {string} */ none, zero = "") {
    if (theme.key !== this.theme) {
      this.theme = theme.key;
      this.ends = [element("span", {}), element("span", {})];
      this.scale.replaceChildren(this.ends[0], strip(theme.diverging), this.ends[1]);
    }
    const n = block?.data.length ? block.shape[0] : 0;
    this.scale.hidden = !n || Boolean(zero);
    this.zero.hidden = !n || !zero;
    say(this.zero, zero);
    while (this.rasters.length < n) {
      const raster = new Raster();
      this.rasters.push(raster);
      this.tiles.append(raster.canvas);
    }
    this.rasters.forEach((raster, i) => { raster.canvas.hidden = i >= n; });
    if (!n) {
      if (!this.empty) this.tiles.append(this.empty = element("span", { class: "quiet" }));
      say(this.empty, none);
      this.empty.hidden = false;
      return;
    }
    if (this.empty) this.empty.hidden = true;
    const [, h, w, c] = [...block.shape, 1];
    const colours = theme.diverging;
    this.rasters.slice(0, n).forEach((raster, i) => {
      const data = block.data.subarray(i * h * w * c, (i + 1) * h * w * c);
      if (c !== 3) return raster.paint(data, w, h, colours);
      raster.size(w, h); // red, green and blue weights as a colour: grey is zero
      for (let p = 0; p < h * w; p += 1) raster.pixels[p] = ((255 << 24) | (data[3 * p + 2] << 16) | (data[3 * p + 1] << 8) | data[3 * p]) >>> 0;
      raster.show();
    });
    say(/** @type {any} */ (this.ends)[0], `\u2212${decimal(top)}`);
    say(/** @type {any} */ (this.ends)[1], `+${decimal(top)}`);
  }
}

export class Filters {
  constructor() {
    this.filters = new Row("filters", "Filters that look at the picture");
    this.gradients = new Row("filter-gradients", "Their gradients, last batch");
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "norms" });
    this.root = element("div", { class: "cnn-view-filters" }, element("div", { class: "cnn-filter-rows" }, this.filters.root, this.gradients.root), element("div", { class: "cnn-norms" }, this.sheet.canvas));
  }

  draw(theme, scene, tick, /** @type {number} */ size) {
    const { header, blocks } = tick;
    this.filters.draw(theme, blocks.filters, header.filter_scale, "No block of this network looks at neighbouring pixels: it begins with another one.");
    this.gradients.draw(theme, blocks.filter_gradients, header.filter_gradient_scale, "There is none before the first step.", header.gradient_norms?.[header.filter_stage] === 0 ? "all 0: nothing pulls at them" : "");
    this.norms(theme, scene.header.stages, header, size);
  }

  /** Two bars for each block that learns: how long its weights are, how long its gradient, each on a scale of its own. */
  norms(theme, stages, header, /** @type {number} */ size) {
    this.sheet.fit();
    const context = this.sheet.blank();
    const rows = stages.map((/** @type {any} */ stage, /** @type {number} */ s) => ({ name: brief(stage.word, s === stages.length - 1), weight: header.weight_norms?.[s] ?? 0, gradient: header.gradient_norms?.[s] ?? 0, learns: stage.params > 0 })).filter((/** @type {any} */ row) => row.learns);
    const { width, height } = this.sheet;
    const line = Math.min(size * 1.7, (height - size * 1.6) / Math.max(1, rows.length));
    const left = size * 5.6;
    const half = (width - left - size * 0.5) / 2;
    const most = { weight: Math.max(1e-12, ...rows.map((/** @type {any} */ row) => row.weight)), gradient: Math.max(1e-12, ...rows.map((/** @type {any} */ row) => row.gradient)) };
    context.font = `${size}px ${theme.font}`;
    context.textBaseline = "middle";
    context.fillStyle = theme.muted;
    context.fillText("length of weights", left, size * 0.7);
    context.fillText("of gradients", left + half, size * 0.7);
    rows.forEach((/** @type {any} */ row, /** @type {number} */ i) => {
      const y = size * 1.6 + line * (i + 0.5);
      context.fillStyle = theme.muted;
      context.textAlign = "left";
      context.fillText(row.name, 0, y);
      ["weight", "gradient"].forEach((what, k) => {
        const room = half - size * 4.2;
        const long = (row[what] / most[/** @type {"weight"} */ (what)]) * room;
        context.fillStyle = theme.ink;
        context.globalAlpha = 0.75;
        context.fillRect(left + k * half, y - line * 0.28, Math.max(0, long), line * 0.56);
        context.globalAlpha = 1;
        context.fillText(decimal(row[what]), left + k * half + long + 5, y);
      });
    });
    mark(this.sheet.canvas, "aria-label", rows.map((/** @type {any} */ row) => `${row.name}: weights ${decimal(row.weight)}, gradient ${decimal(row.gradient)}`).join("; "));
  }
}
