// The second depth: one map as the sum of its kernel maps, plus a bias, through the activation.

import { fitted, largest } from "./convolution_pen.js";
import { decimal } from "./numbers.js";

/** So many maps before are drawn one by one; the rest is added up in one line. */
const ROWS = 7;

/** The rows of the picture: each map before that adds most, then the others together. */
export function lines(apart, /** @type {number} */ most = ROWS) {
  const { parts, order } = apart;
  if (parts.length <= most + 1) return { single: parts.map((_, k) => k), others: [] };
  return { single: order.slice(0, most).sort((/** @type {number} */ a, /** @type {number} */ b) => a - b), others: order.slice(most) };
}

/**
 * @param {import("./convolution_scene.js").NetworkScene} scene
 * @param {any} room
 */
export function drawChannel(scene, { pen, width, height, narrow, spot, source, apart, known }) {
  const { theme, size } = pen;
  const layer = scene.layers[spot.stage];
  const before = scene.before(spot.stage);
  const [, rows, columns] = layer.shape;
  const at = spot.row * columns + spot.column;
  if (layer.kind !== "conv") return pooled(scene, { pen, width, height, spot, known });
  const { single, others } = lines(apart, narrow ? 4 : ROWS);
  const count = single.length + (others.length ? 1 : 0);
  const head = size * 2;
  const tall = Math.min((height - head) / count, 190);
  const top = head + (height - head - tall * count) / 2;
  const right = Math.min(width * (narrow ? 0.165 : count > 2 ? 0.2 : 0.175), 150, (height - head) * 0.42);
  const cell = Math.min(tall - 8, (width - size * 1.2 - 2 * right - (narrow ? 96 : count > 2 ? 210 : 150)) / 3, 170);
  const spare = width - size * 1.2 - 3 * cell - 2 * right;
  const step = Math.min(spare / 7.5, 62);
  const edge = size * 1.2;
  const x = [edge, edge + cell + step, edge + 2 * (cell + step), 0, 0];
  x[3] = x[2] + cell + 2.6 * step; // the sum
  x[4] = Math.min(width - right, x[3] + right + 2.4 * step);
  const middle = top + (tall * count) / 2;
  const reach = [spot.row * layer.stride - layer.padding, spot.row * layer.stride - layer.padding + layer.kernel, spot.column * layer.stride - layer.padding, spot.column * layer.stride - layer.padding + layer.kernel];
  const spots = [];

  const sum = { x: x[3], y: middle - right / 2, w: right, h: right };
  const result = { x: x[4], y: middle - right / 2, w: right, h: right };
  const round = size * (narrow ? 0.8 : 1.15);
  const node = { x: sum.x - Math.max(step * 0.55 + 2, round + 4), y: middle };
  const scale = apart.high;
  single.concat(others.length ? [-1] : []).forEach((k, line) => {
    const y = top + line * tall + (tall - cell) / 2;
    const boxes = [0, 1, 2].map((column) => ({ x: x[column], y, w: cell, h: cell }));
    const centre = y + cell / 2;
    const map = k < 0 ? together(apart.parts, others) : apart.parts[k];
    if (k === source && count > 1) {
      Object.assign(pen.context, { fillStyle: theme.accent, globalAlpha: 0.13 });
      pen.context.fillRect(0, y - 4, x[2] + cell + 8, cell + 8);
      pen.context.globalAlpha = 1;
    }
    pen.wire(boxes[2].x + cell + 3, centre, node.x - round, node.y, map[at] < 0 ? theme.negative : theme.positive, 1 + 2 * Math.min(1, Math.abs(map[at]) / scale), map[at] < 0 ? [4, 3] : []);
    if (k < 0) {
      pen.text(`${others.length} more maps`, boxes[0].x + (boxes[1].x + cell) / 2, centre - size * 0.2, { quiet: true });
    } else {
      const values = before.maps[k];
      pen.pixels({ values, rows: before.rows, columns: before.columns }, boxes[0], "grey", before.high, before.low);
      pen.ring(pen.part(boxes[0], before.rows, before.columns, reach), cell > 60 ? 2 : 1.25);
      const kernel = { values: scene.kernel(spot.stage, spot.channel, k), rows: layer.kernel, columns: layer.kernel };
      const box = fitted({ x: boxes[1].x + cell * 0.12, y: y + cell * 0.12, w: cell * 0.76, h: cell * 0.76 });
      const strong = largest(kernelsOf(scene, spot));
      pen.pixels(kernel, box, "signed", strong);
      pen.mesh(box, layer.kernel, layer.kernel);
      pen.numbers(kernel, box, "signed", strong);
      pen.text("*", (boxes[0].x + cell + box.x) / 2, centre, { bold: true, share: 1.3 });
      pen.text("=", (box.x + box.w + boxes[2].x) / 2, centre, { bold: true, share: 1.3 });
      spots.push({ box: { x: boxes[0].x, y: top + line * tall, w: x[2] - boxes[0].x, h: tall }, rows: 1, columns: 1, source: k });
    }
    pen.pixels({ values: map, rows, columns }, boxes[2], "signed", scale, 0, known);
    pen.ring(pen.part(boxes[2], rows, columns, [spot.row, spot.row + 1, spot.column, spot.column + 1]), 1.25);
    spots.push({ box: boxes[2], rows, columns, spot: { stage: spot.stage, channel: spot.channel }, source: k < 0 ? undefined : k });
  });

  const whole = apart.sum.map((/** @type {number} */ one) => one + apart.bias);
  const strong = largest(whole);
  pen.node("\u03a3", node.x, node.y, round);
  pen.pixels({ values: whole, rows, columns }, sum, "signed", strong, 0, known);
  pen.ring(pen.part(sum, rows, columns, [spot.row, spot.row + 1, spot.column, spot.column + 1]), 1.5);
  pen.text(narrow ? "+ bias" : `sum + bias ${decimal(apart.bias)}`, sum.x + sum.w / 2, sum.y + sum.h + size * 1.1);
  bend(pen, { x: sum.x + sum.w + 6, y: middle, w: result.x - sum.x - sum.w - 12 });
  spots.push({ box: sum, rows, columns, spot: { stage: spot.stage, channel: spot.channel } });
  pen.legend({ x: sum.x + size * 2.6, y: sum.y + sum.h + size * 2.4, w: sum.w - size * 5.2, h: size * 0.6 }, "signed", strong);
  pen.pixels({ values: layer.maps[spot.channel], rows, columns }, result, "grey", layer.high, 0, known);
  pen.ring(pen.part(result, rows, columns, [spot.row, spot.row + 1, spot.column, spot.column + 1]), 1.5);
  pen.text(`Map ${spot.channel + 1}`, result.x + result.w / 2, result.y + result.h + size * 1.1);
  pen.legend({ x: result.x + size * 2.2, y: result.y + result.h + size * 2.4, w: result.w - size * 4.8, h: size * 0.6 }, "grey", layer.high, 0, "+");
  spots.push({ box: result, rows, columns, spot: { stage: spot.stage, channel: spot.channel } });

  const titles = [spot.stage === 0 ? "picture" : "map before", "kernel", "kernel map"];
  titles.forEach((words, k) => pen.text(words, x[k] + cell / 2, Math.max(size * 0.8, top - size * 0.9), { quiet: true, room: cell + step }));
  return spots;
}

/** All kernels of one map of a layer. */
function kernelsOf(scene, spot) {
  const { kernels, kernel, given } = scene.layers[spot.stage];
  const one = kernel * kernel * given[0];
  return kernels.subarray(spot.channel * one, (spot.channel + 1) * one);
}

/** Several kernel maps as one. */
function together(/** @type {Float64Array[]} */ parts, /** @type {number[]} */ which) {
  const sum = new Float64Array(parts[0].length);
  for (const k of which) parts[k].forEach((value, i) => { sum[i] += value; });
  return sum;
}

/** The activation as its own curve, between the sum and the map. */
function bend(pen, { x, y, w }) {
  const { context, theme, size } = pen;
  if (w < 24) return;
  const side = Math.min(w * 0.62, size * 3.2);
  const left = x + (w - side) / 2;
  pen.wire(x, y, left - 4, y + 0.01, theme.muted, 1.5);
  pen.wire(left + side + 4, y, x + w, y + 0.01, theme.muted, 1.5);
  pen.frame({ x: left, y: y - side / 2, w: side, h: side }, theme.border, 1);
  Object.assign(context, { strokeStyle: theme.ink, lineWidth: 2 });
  context.beginPath();
  context.moveTo(left + 3, y + side * 0.2);
  context.lineTo(left + side / 2, y + side * 0.2);
  context.lineTo(left + side - 4, y - side * 0.34);
  context.stroke();
  pen.text("ReLU", left + side / 2, y + side / 2 + size * 0.9);
}

/** A pooling layer has no sum: the map before, its window, the map. */
function pooled(scene, { pen, width, height, spot, known }) {
  const { theme, size } = pen;
  const layer = scene.layers[spot.stage];
  const before = scene.before(spot.stage);
  const [, rows, columns] = layer.shape;
  const side = Math.min(height - size * 6, width * 0.38);
  const top = (height - side) / 2;
  const from = { x: size, y: top, w: side, h: side };
  const to = { x: width - side * 0.8 - size, y: top + side * 0.1, w: side * 0.8, h: side * 0.8 };
  const window_ = pen.part(from, before.rows, before.columns, [spot.row * layer.stride, spot.row * layer.stride + layer.kernel, spot.column * layer.stride, spot.column * layer.stride + layer.kernel]);
  const pixel = pen.part(to, rows, columns, [spot.row, spot.row + 1, spot.column, spot.column + 1]);
  pen.pixels({ values: before.maps[spot.channel], rows: before.rows, columns: before.columns }, from, "grey", before.high);
  pen.pixels({ values: layer.maps[spot.channel], rows, columns }, to, "grey", layer.high, 0, known);
  for (const [y0, y1] of [[window_.y, pixel.y], [window_.y + window_.h, pixel.y + pixel.h]]) pen.wire(window_.x + window_.w, y0, pixel.x, y1, theme.accent, 1);
  pen.ring(window_, 2.5);
  pen.ring(pixel, 2);
  pen.text(`map ${spot.channel + 1} before`, from.x + side / 2, from.y - size, { quiet: true });
  pen.text(`Map ${spot.channel + 1}`, to.x + to.w / 2, to.y - size);
  pen.text(layer.kind === "max" ? "max" : "mean", (from.x + side + to.x) / 2, from.y - size, { bold: true });
  pen.legend({ x: to.x + size * 2.4, y: to.y + to.h + size, w: to.w - size * 5.4, h: size * 0.6 }, "grey", layer.high, 0, "+");
  return [{ box: to, rows, columns, spot: { stage: spot.stage, channel: spot.channel } }];
}
