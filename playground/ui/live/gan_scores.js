// What the discriminator says of real and of made pictures: two histograms, back to back over one axis.

import { mark, Sheet, element } from "./dom.js";
import { decimal, doubled, percent, short, ticks } from "./numbers.js";

export class GanScores {
  constructor() {
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "canvas-scores" });
    this.root = element("div", { class: "gan-opinions", "data-testid": "scores" }, this.sheet.canvas);
    this.most = 0;
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {import("./frame.js").Frame} scene
   * @param {import("./frame.js").Frame} tick
   * @param {number} size Of the type.
   */
  draw(theme, scene, tick, size) {
    const { judge: said } = tick.header;
    const { judge } = scene.header;
    this.sheet.fit();
    const context = this.sheet.blank();
    const { width, height } = this.sheet;
    const line = Math.round(size * 1.35);
    const box = { x: 4, y: line, w: width - 8, h: Math.max(20, height - line - Math.round(size * 2.7)) };
    const middle = box.y + box.h / 2;
    const [low, high] = said.range;
    const px = (/** @type {number} */ value) => box.x + ((value - low) / (high - low || 1)) * box.w;
    Object.assign(context, { font: `${size}px ${theme.font}`, textBaseline: "middle" });
    this.axis(context, theme, judge, box, px, low, high, size);
    const { data, shape: [, bins] } = tick.blocks.opinions;
    const sides = /** @type {const} */ ([["real", theme.real, -1, said.real, said.right_real], ["made", theme.fake, 1, said.fake, said.right_fake]]);
    const shares = sides.map((_, k) => Array.from(data.subarray(k * bins, (k + 1) * bins), (count) => count / Math.max(1, said.n[k])));
    const peak = Math.max(...shares.flat(), 1e-6);
    if (peak > this.most || peak < this.most / 4) this.most = Math.min(1, doubled(peak, 0.125));
    const known = said.n[0] > 0 || said.n[1] > 0;
    sides.forEach(([name, colour, way, mean, right], k) => {
      context.fillStyle = colour;
      shares[k].forEach((share, bin) => {
        const long = (share / this.most) * (box.h / 2 - 1);
        if (long > 0) context.fillRect(box.x + (bin / bins) * box.w + 0.5, way < 0 ? middle - long : middle + 1, Math.max(1, box.w / bins - 1), long);
      });
      if (Number.isFinite(mean)) this.mean(context, theme, Math.min(box.x + box.w, Math.max(box.x, px(mean))), middle, way * box.h * 0.5);
      this.words(context, theme, { name, colour, way, mean, right, known }, judge, box, size);
    });
    context.fillStyle = theme.ink;
    context.fillRect(box.x, middle - 0.5, box.w, 1);
    mark(this.sheet.canvas, "aria-label", known
      ? `${judge.title}: ${sides.map(([name, , , mean, right]) => `${name} ${decimal(mean)} on average${Number.isFinite(right) ? `, ${percent(right)} told right` : ""}`).join("; ")}`
      : `${judge.title}: nothing is judged before the first step`);
    mark(this.root, "data-real", String(said.real ?? ""));
    mark(this.root, "data-fake", String(said.fake ?? ""));
  }

  axis(context, theme, judge, box, px, /** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ size) {
    const bottom = box.y + box.h;
    const { values } = ticks(low, high, 4);
    context.textAlign = "center";
    for (const value of values) {
      context.fillStyle = theme.grid;
      context.fillRect(Math.round(px(value)), box.y, 1, box.h);
      context.fillStyle = theme.muted;
      const words = short(value);
      const half = context.measureText(words).width / 2;
      context.fillText(words, Math.max(box.x + half, Math.min(box.x + box.w - half, px(value))), bottom + size * 0.75);
    }
    if (judge.middle !== null) { // where it changes its mind
      context.fillStyle = theme.muted;
      for (let y = box.y; y < bottom; y += 6) context.fillRect(Math.round(px(judge.middle)), y, 1, 3);
    }
    context.fillStyle = theme.muted;
    const y = bottom + size * 2;
    const title = judge.kind === "probability" ? "taken for made \u2190 \u2192 taken for real" : judge.kind === "score" ? "score: made \u2190 \u2192 real" : "critic\u2019s score, no probability: higher is more like real";
    context.fillText(context.measureText(title).width > box.w ? judge.title : title, box.x + box.w / 2, y, box.w);
  }

  /** Where the mean lies: a line over the whole half with a gap of paper around it. */
  mean(context, theme, /** @type {number} */ x, /** @type {number} */ middle, /** @type {number} */ long) {
    for (const [colour, wide] of /** @type {const} */ ([[theme.paper, 4], [theme.ink, 2]])) {
      context.fillStyle = colour;
      context.fillRect(x - wide / 2, Math.min(middle, middle + long), wide, Math.abs(long));
    }
  }

  /** Which half is which, and how many of them are told right. */
  words(context, theme, { name, colour, way, mean, right, known }, judge, box, /** @type {number} */ size) {
    const y = way < 0 ? box.y - size * 0.7 : box.y + box.h - size * 0.7;
    const told = !known ? "" : Number.isFinite(right) ? `${Math.round(100 * right)} % told right` : Number.isFinite(mean) ? `mean ${decimal(mean)}` : "";
    const text = [name, told].filter(Boolean).join(": ");
    context.textAlign = "left";
    const wide = context.measureText(text).width + size * 0.7 + 4;
    const x = way < 0 ? box.x : box.x + box.w - wide; // made pictures lie on the left as a rule: their words stand on the right
    if (way > 0) {
      context.globalAlpha = 0.82;
      context.fillStyle = theme.paper;
      context.fillRect(x - 4, y - size * 0.65, wide + 4, size * 1.3);
      context.globalAlpha = 1;
    }
    context.fillStyle = colour;
    context.fillRect(x, y - size * 0.35, size * 0.7, size * 0.7);
    context.fillStyle = theme.ink;
    context.fillText(text, x + size * 0.7 + 4, y);
  }
}
