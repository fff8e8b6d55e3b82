// One piece followed through the layers: in each of them it keeps what it was and adds something of every piece it attends to.

import { css } from "./colours.js";
import { strength } from "./inside_bert_pen.js";

/** So many of the sources of a layer are named by a line at least this strong. */
const SEEN = 0.015;

/**
 * @param {import("./inside_bert_scene.js").InsideScene} scene
 * @param {import("./inside_bert_pen.js").InsidePen} pen
 * @param {import("./inside_bert_arcs.js").View} view
 * @returns {import("./inside_bert_arcs.js").Spot[]}
 */
export function drawLayers(scene, pen, { width, height, piece, layer }) {
  const { size, theme, context } = pen;
  const { count, pieces, layers } = scene;
  const [top, bottom] = [size * 2.1, size * 0.8];
  const step = Math.min((height - top - bottom) / count, size * 2.6);
  const middle = (/** @type {number} */ k) => top + (k + 0.5) * step;
  pen.font(true);
  const wide = Math.max(...pieces.map(({ name }) => context.measureText(name).width)) + size * 1.2;
  const column = Math.min(wide, width * 0.25);
  const figure = size * 3.4;
  const [left, right] = [column + figure, width - size * 1.2];
  const across = (right - left) / layers;
  const at = (/** @type {number} */ k) => left + k * across;
  const every = Math.ceil((size * 5) / across);

  pen.text("came from", left - size * 0.2, size * 0.8, { align: "right", quiet: true });
  for (let k = 1; k <= layers; k += 1) {
    const named = k === layer + 1;
    if (k % every === 0 || k === layers || named || every === 1) {
      const word = across > size * 5 || k === layers ? `layer ${k}` : String(k);
      pen.text(word, Math.min(at(k), width - size * 2.2), size * 0.8, { quiet: !named, bold: named });
    }
  }
  // Every piece goes its way: what it was is kept at each layer.
  const radius = Math.min(4, step * 0.28);
  for (let k = 0; k < count; k += 1) {
    Object.assign(context, { strokeStyle: k === piece ? theme.ink : theme.grid, lineWidth: k === piece ? 2 : 1 });
    context.beginPath();
    context.moveTo(left, middle(k));
    context.lineTo(right, middle(k));
    context.stroke();
  }
  for (let l = 0; l < layers; l += 1) {
    const mean = scene.mean(l);
    const order = pieces.map((_, j) => j).sort((a, b) => mean[piece * count + a] - mean[piece * count + b]);
    for (const j of order) {
      const weight = mean[piece * count + j];
      if (j === piece || weight < SEEN) continue;
      context.globalAlpha = 0.25 + 0.75 * strength(weight);
      pen.wire(at(l), middle(j), at(l + 1), middle(piece), css(pen.deep), 0.6 + 8 * weight);
    }
    context.globalAlpha = 1;
    const best = order.at(-1) === piece ? order.at(-2) : order.at(-1);
    if (across > size * 4.2 && best !== undefined && step > size * 0.9) {
      const y = middle(best) + (best === piece ? 0 : best < piece ? -size * 0.62 : size * 0.72);
      const text = `${Math.round(100 * mean[piece * count + best])} %`;
      pen.font(true);
      const w = context.measureText(text).width + 6;
      const x = at(l) + size * 1.9;
      context.globalAlpha = 0.85;
      pen.plate({ x: x - w / 2, y: y - size * 0.62, w, h: size * 1.24 }, theme.paper);
      context.globalAlpha = 1;
      pen.text(text, x, y, { bold: true });
    }
  }
  for (let k = 0; k <= layers; k += 1) {
    for (let j = 0; j < count; j += 1) {
      const mine = j === piece;
      context.beginPath();
      context.arc(at(k), middle(j), mine ? Math.max(3, radius * 1.25) : radius * 0.7, 0, 2 * Math.PI);
      context.fillStyle = mine ? theme.accent : theme.border;
      context.fill();
    }
  }
  // On the left: what it is made of in the end, if each layer kept half and mixed half.
  const ranked = pieces.map((_, k) => k).sort((a, b) => scene.came(piece, b) - scene.came(piece, a));
  const plate = Math.max(1, Math.min(step - 2, size * 1.6));
  for (let k = 0; k < count; k += 1) pen.plate({ x: 0, y: middle(k) - plate / 2, w: column, h: plate }, css(pen.shade(scene.came(piece, k))));
  pen.plate({ x: 0, y: middle(piece) - Math.max(plate, size * 1.4) / 2, w: column, h: Math.max(plate, size * 1.4) }, "", theme.accent, 2.5);
  /** @type {number[]} */
  const taken = [];
  for (const k of [...new Set([piece, ...ranked])]) {
    const y = middle(k);
    if (taken.some((one) => Math.abs(one - y) < Math.min(step, size * 1.12) - 0.5)) continue;
    if (taken.some((one) => Math.abs(one - y) < size * 1.05) && step < size * 1.05) continue;
    taken.push(y);
    const share = scene.came(piece, k);
    pen.font(k === piece);
    context.fillStyle = plate >= size * 1.05 ? pen.on(share) : theme.ink;
    Object.assign(context, { textAlign: "right", textBaseline: "middle" });
    let name = pieces[k].name;
    while (name.length > 2 && context.measureText(name).width > column - size * 0.8) name = `${name.slice(0, -2)}\u2026`;
    context.fillText(name, column - size * 0.4, y + 0.5);
    if (share >= 0.005) pen.text(`${Math.round(100 * share)} %`, column + size * 0.35, y, { align: "left", quiet: k !== piece && k !== ranked[0], bold: k === ranked[0] });
  }
  return pieces.map((_, k) => ({ box: { x: 0, y: middle(k) - step / 2, w: width, h: step }, piece: k }));
}
