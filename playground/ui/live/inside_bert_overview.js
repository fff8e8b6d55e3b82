// All heads of all layers as small squares: what each of them does at a glance, and the one to look at.

import { percent, short } from "./numbers.js";

/** What a head mostly does, in words. */
export const HABITS = {
  before: "attends to the piece before", after: "attends to the piece after", itself: "attends to the piece itself",
  first: "attends to the first special token", last: "attends to the last special token", same: "attends to pieces of the same word",
};

export function habit(/** @type {{pattern: string, share: number, spread: number}} */ { pattern, share, spread }) {
  return pattern ? `${HABITS[/** @type {keyof typeof HABITS} */ (pattern)]}, ${percent(share)} of it` : `spreads its attention over ${short(Math.round(spread * 10) / 10)} pieces`;
}

/**
 * @param {import("./inside_bert_scene.js").InsideScene} scene
 * @param {import("./inside_bert_pen.js").InsidePen} pen
 * @param {{width: number, height: number, layer: number, head: number, piece: number, legend: boolean}} view
 * @returns {{box: import("./convolution_pen.js").Box, layer: number, head: number}[]} Where each is.
 */
export function drawOverview(scene, pen, { width, height, layer, head, piece, legend }) {
  const { size } = pen;
  const [left, top] = [size * 1.9, size * 2.5];
  const gap = scene.heads > 8 || scene.layers > 8 ? 3 : 7;
  const foot = legend ? size * 5.9 : 4;
  const side = Math.max(5, Math.min((width - left - 4) / scene.heads - gap, (height - top - foot) / scene.layers - gap, 104));
  const step = side + gap;
  pen.text("head", left + (scene.heads * step - gap) / 2, size * 0.6, { quiet: true });
  const every = Math.ceil((size * 1.5) / step);
  const found = [];
  for (let h = 0; h < scene.heads; h += 1) {
    if (h % every === 0 || h === head) pen.text(String(h + 1), left + h * step + side / 2, size * 1.8, { quiet: h !== head, bold: h === head });
  }
  const { context } = pen;
  context.save();
  context.translate(size * 0.55, top + (scene.layers * step - gap) / 2);
  context.rotate(-Math.PI / 2);
  pen.text("layer", 0, 0, { quiet: true });
  context.restore();
  for (let l = 0; l < scene.layers; l += 1) {
    // The first layer is the lowest: what it makes goes up.
    const y = top + (scene.layers - 1 - l) * step;
    if (l % every === 0 || l === layer) pen.text(String(l + 1), left - size * 0.35, y + side / 2, { align: "right", quiet: l !== layer, bold: l === layer });
    for (let h = 0; h < scene.heads; h += 1) {
      const box = { x: left + h * step, y, w: side, h: side };
      pen.square(scene, l, h, box, piece);
      if (l === layer && h === head) pen.ring(box, 2.5);
      else pen.frame(box, pen.theme.border, 0.75);
      found.push({ box, layer: l, head: h });
    }
  }
  if (legend) {
    const low = top + scene.layers * step + size * 0.9;
    pen.text("each square is a head:", left, low, { align: "left", quiet: true, room: width - left });
    pen.text("rows attend to columns", left, low + size * 1.3, { align: "left", quiet: true, room: width - left });
    pen.scale({ x: left, y: low + size * 2.2, w: Math.min(width - left - size, size * 17), h: size * 0.7 });
  }
  return found;
}
