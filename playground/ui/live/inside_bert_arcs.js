// One head as lines from each piece that attends (left) to the pieces it attends to (right), and as a matrix.

import { css } from "./colours.js";
import { strength } from "./inside_bert_pen.js";

/**
 * @typedef {object} View
 * @property {number} width
 * @property {number} height
 * @property {number} layer
 * @property {number} head
 * @property {number} piece       The one that is followed.
 * @property {boolean} asked      It is looked at as one that is attended to.
 * @property {boolean} narrow
 * @property {{i: number, j: number} | null} cell  A cell of the matrix that is pointed at.
 */
/** @typedef {{box: import("./convolution_pen.js").Box, piece: number, asked?: boolean, other?: number}} Spot */

/**
 * @param {import("./inside_bert_scene.js").InsideScene} scene
 * @param {import("./inside_bert_pen.js").InsidePen} pen
 * @param {View} view
 * @returns {Spot[]}
 */
export function drawArcs(scene, pen, { width, height, layer, head, piece, asked }) {
  const { size, theme, context } = pen;
  const { count, pieces } = scene;
  const top = size * 2.1;
  const step = Math.min((height - top - size * 0.6) / count, size * 2.6);
  const first = top + step / 2;
  const middle = (/** @type {number} */ k) => first + k * step;
  pen.font(true);
  const wide = Math.max(...pieces.map(({ name }) => context.measureText(name).width)) + size * 1.4;
  const column = Math.min(wide, width * 0.27);
  const figure = size * 3.2;
  const block = Math.min(width, size * 62);
  const from = (width - block) / 2;
  const [left, right] = [from + column + (asked ? figure : 0), from + block - column - (asked ? 0 : figure)];
  const share = (/** @type {number} */ k) => (asked ? scene.weight(layer, head, k, piece) : scene.weight(layer, head, piece, k));
  pen.text("attends to", Math.max(left - size * 0.5, context.measureText("attends to").width + 2), size * 0.8, { quiet: asked, bold: !asked, align: "right" });
  pen.text("is attended to", right + size * 0.5, size * 0.8, { align: "left", quiet: !asked, bold: asked });

  const line = (/** @type {number} */ i, /** @type {number} */ j, /** @type {number} */ weight, /** @type {number} */ alpha) => {
    if (weight < 0.004) return;
    context.globalAlpha = alpha;
    pen.wire(left, middle(i), right, middle(j), css(pen.deep), 0.6 + 7 * weight);
  };
  for (let i = 0; i < count; i += 1) {
    for (let j = 0; j < count; j += 1) {
      if (asked ? j === piece : i === piece) continue;
      const weight = scene.weight(layer, head, i, j);
      if (weight > 0.02) line(i, j, weight, 0.1 * strength(weight));
    }
  }
  for (let k = 0; k < count; k += 1) line(asked ? k : piece, asked ? piece : k, share(k), 0.25 + 0.75 * strength(share(k)));
  context.globalAlpha = 1;

  const ranked = pieces.map((_, k) => k).sort((a, b) => share(b) - share(a));
  const plate = Math.max(1, Math.min(step - 2, size * 1.75));
  /** The side on which shares are shown. */
  const many = asked ? { x: left - column, to: left } : { x: right, to: right + column };
  for (let k = 0; k < count; k += 1) {
    const weight = share(k);
    pen.plate({ x: many.x, y: middle(k) - plate / 2, w: column, h: plate }, css(pen.shade(weight)));
  }
  const lone = asked ? { x: right, y: middle(piece) } : { x: left - column, y: middle(piece) };
  pen.plate({ x: lone.x, y: lone.y - Math.max(plate, size * 1.5) / 2, w: column, h: Math.max(plate, size * 1.5) }, theme.paper, theme.accent, 2.5);
  const names = pieces.map(({ name }) => name);
  const told = (/** @type {boolean} */ onLeft) => {
    const shares = onLeft === asked;
    const crowded = step < size * 1.12;
    const importance = shares ? [piece, ...ranked.slice(0, 6)] : [piece];
    const apart = size * 1.12;
    /** @type {number[]} */
    const taken = [];
    for (const k of crowded ? [...new Set([...importance, ...names.keys()])] : names.keys()) {
      const y = middle(k);
      if (crowded && taken.some((one) => Math.abs(one - y) < apart)) continue;
      taken.push(y);
      const weight = shares ? share(k) : 0;
      const inked = shares && plate >= size * 1.1;
      pen.font(k === piece && !shares);
      context.fillStyle = inked ? pen.on(weight) : theme.ink;
      context.globalAlpha = !shares && k !== piece ? 0.62 : 1;
      Object.assign(context, { textAlign: onLeft ? "right" : "left", textBaseline: "middle" });
      context.fillText(cut(context, names[k], column - size * 0.9), onLeft ? left - size * 0.5 : right + size * 0.5, y + 0.5);
      context.globalAlpha = 1;
      if (shares && weight >= 0.005) {
        const number = `${Math.round(100 * weight)} %`;
        const x = onLeft ? left - column - size * 0.5 : right + column + size * 0.5;
        pen.text(number, x, y, { align: onLeft ? "right" : "left", bold: k === ranked[0], quiet: k !== ranked[0] });
      }
    }
  };
  told(true);
  told(false);
  return pieces.flatMap((_, k) => [
    { box: { x: left - column - figure, y: middle(k) - step / 2, w: column + figure, h: step }, piece: k, asked: false },
    { box: { x: right, y: middle(k) - step / 2, w: column + figure, h: step }, piece: k, asked: true },
  ]);
}

/**
 * The same head as a matrix: rows attend, columns are attended to.
 *
 * @param {import("./inside_bert_scene.js").InsideScene} scene
 * @param {import("./inside_bert_pen.js").InsidePen} pen
 * @param {View} view
 * @returns {Spot[]}
 */
export function drawMatrix(scene, pen, { width, height, layer, head, piece, asked, cell }) {
  const { size, theme, context } = pen;
  const { count, pieces } = scene;
  pen.font(true);
  const longest = Math.max(...pieces.map(({ name }) => context.measureText(name).width));
  const column = Math.min(longest + size, width * 0.24);
  const top = Math.min(longest, size * 7) * 0.78 + size * 1.6;
  const side = Math.min(width - column - size * 3.5, height - top - size * 2.2);
  const x0 = Math.max(column, (width - side - column) / 2 + column * 0.75);
  const box = { x: x0, y: top, w: side, h: side };
  const step = side / count;
  pen.square(scene, layer, head, box);
  if (step > 7) pen.mesh(box, count, count);
  const row = cell?.i ?? piece;
  const middle = (/** @type {number} */ k) => top + (k + 0.5) * step;
  const look = (/** @type {number} */ k) => ({ bold: k === row });
  pen.names(pieces.map(({ name }) => name), middle, { x: x0 - size * 0.5, align: "right", room: column - size * 0.5, first: [row], look });
  const names = pieces.map(({ name }) => name);
  /** @type {number[]} */
  const taken = [];
  const best = scene.ranked(layer, head, row)[0].j;
  for (const k of [...new Set([cell?.j ?? best, ...names.keys()])]) {
    const x = x0 + (k + 0.5) * step;
    if (taken.some((one) => Math.abs(one - x) < size * 1.12)) continue;
    taken.push(x);
    context.save();
    context.translate(x, top - size * 0.5);
    context.rotate(-0.9);
    pen.text(names[k], 0, 0, { align: "left", bold: k === (cell?.j ?? best), room: size * 7 });
    context.restore();
  }
  if (step >= size * 2.1) {
    pen.font();
    Object.assign(context, { textAlign: "center", textBaseline: "middle" });
    for (let i = 0; i < count; i += 1) {
      for (let j = 0; j < count; j += 1) {
        const weight = scene.weight(layer, head, i, j);
        if (weight < 0.01) continue;
        context.fillStyle = pen.on(weight);
        context.fillText(String(Math.round(100 * weight)), x0 + (j + 0.5) * step, middle(i) + 0.5);
      }
    }
  }
  const marked = asked && !cell ? { x: x0 + piece * step, y: top, w: step, h: side } : { x: x0, y: top + row * step, w: side, h: step };
  pen.ring(marked, 2);
  if (cell) pen.ring({ x: x0 + cell.j * step, y: top + cell.i * step, w: step, h: step }, 2.5);
  context.save();
  context.translate(Math.max(size * 0.6, x0 - column - size * 0.3), top + side / 2);
  context.rotate(-Math.PI / 2);
  pen.text("attends to", 0, 0, { quiet: true });
  context.restore();
  pen.text(`is attended to${step >= size * 2.1 ? ", in %" : ""}`, x0 + side / 2, top + side + size * 0.9, { quiet: true });
  void theme;
  return pieces.flatMap((_, i) => pieces.map((__, j) => ({ box: { x: x0 + j * step, y: top + i * step, w: step, h: step }, piece: i, other: j })))
    .concat(pieces.map((_, i) => ({ box: { x: 0, y: top + i * step, w: x0, h: step }, piece: i, other: undefined })));
}

function cut(/** @type {CanvasRenderingContext2D} */ context, /** @type {string} */ text, /** @type {number} */ room) {
  let shown = text;
  while (shown.length > 2 && context.measureText(shown).width > room) shown = `${shown.slice(0, -2)}\u2026`;
  return shown;
}
