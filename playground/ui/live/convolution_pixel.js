// The third depth: one pixel's arithmetic. What lies under the window, times the kernel, added up, with every number.

import { patch } from "./convolve.js";
import { brief, fitted, largest } from "./convolution_pen.js";
import { decimal } from "./numbers.js";

/**
 * @param {import("./convolution_scene.js").NetworkScene} scene
 * @param {any} room
 */
export function drawPixel(scene, { pen, width, height, narrow, spot, source, apart, known }) {
  const { theme, size } = pen;
  const layer = scene.layers[spot.stage];
  const before = scene.before(spot.stage);
  const convolves = layer.kind === "conv";
  const [, rows, columns] = layer.shape;
  const k = layer.kernel;
  const how = scene.sliding(spot.stage);
  const from = convolves ? source : spot.channel;
  const under = patch(before.maps[from], how, spot.row, spot.column, convolves ? 0 : -Infinity);
  const reach = [spot.row * layer.stride - layer.padding, spot.row * layer.stride - layer.padding + k, spot.column * layer.stride - layer.padding, spot.column * layer.stride - layer.padding + k];
  const spots = [];
  const many = convolves && apart.parts.length > 1;
  const strip = many ? Math.min(height * 0.3, size * 11) : 0;
  const head = size * 2.2;
  const tall = height - strip - head - size * 2;
  // Map before, three tables, the map: in one row; on a phone the tables under the maps.
  const gap = narrow ? 22 : Math.max(30, width * 0.045);
  const edge = narrow ? Math.min(76, width * 0.22) : Math.min(width * 0.135, 120, tall * 0.7);
  const table = narrow ? Math.min((width - 2 * gap) / 3, tall - edge - 40) : Math.min((width - 2 * edge - 4 * gap) / 3, tall, size * (k > 3 ? 17 : 14));
  const all = narrow ? width : 2 * edge + 3 * table + 4 * gap;
  const left = (width - all) / 2;
  const middle = narrow ? head + edge + 34 + table / 2 : head + tall / 2;
  const first = narrow ? 0 : left + edge + gap;
  const at = (/** @type {number} */ n) => ({ x: Math.round(first + n * (table + gap)), y: Math.round(middle - table / 2), w: table, h: table });
  const place = narrow
    ? [{ x: 0, y: head, w: edge, h: edge }, { x: width - edge, y: head, w: edge, h: edge }]
    : [{ x: left, y: middle - edge / 2, w: edge, h: edge }, { x: left + all - edge, y: middle - edge / 2, w: edge, h: edge }];

  const [input, output] = place;
  const one = pen.part(input, before.rows, before.columns, reach);
  const tables = convolves ? [at(0), at(1), at(2)] : [at(0.5), at(1.5)];
  const fan = (/** @type {any} */ small, /** @type {any} */ large) => {
    for (const [y0, y1] of [[small.y, large.y], [small.y + small.h, large.y + large.h]]) pen.wire(small.x + small.w, y0, large.x, y1, theme.accent, 1);
  };
  if (!narrow) fan(one, tables[0]);
  pen.pixels({ values: before.maps[from], rows: before.rows, columns: before.columns }, input, "grey", before.high, before.low);
  pen.ring(one, 2);
  pen.text(spot.stage === 0 ? "picture" : `map ${from + 1} before`, input.x + input.w / 2, input.y - size * 0.9, { quiet: true });

  const shown = { values: under, rows: k, columns: k };
  grid(pen, shown, tables[0], "grey", before.high, before.low);
  pen.text("under the window", tables[0].x + table / 2, tables[0].y - size * 0.9, { quiet: true, room: table + gap });
  let value;
  if (convolves) {
    const weights = scene.kernel(spot.stage, spot.channel, source);
    const products = under.map((one_, n) => one_ * weights[n]);
    const strong = Math.max(largest(weights), 1e-3);
    grid(pen, { values: weights, rows: k, columns: k }, tables[1], "signed", strong);
    grid(pen, { values: products, rows: k, columns: k }, tables[2], "signed", Math.max(largest(products), 0.2));
    pen.text("kernel", tables[1].x + table / 2, tables[1].y - size * 0.9, { quiet: true });
    pen.text("products", tables[2].x + table / 2, tables[2].y - size * 0.9, { quiet: true });
    pen.text("\u00d7", (tables[0].x + table + tables[1].x) / 2, middle, { bold: true, share: 1.6 });
    pen.text("=", (tables[1].x + table + tables[2].x) / 2, middle, { bold: true, share: 1.6 });
    value = products.reduce((sum, term) => sum + term, 0);
    pen.text(`sum ${decimal(value)}`, tables[2].x + table / 2, tables[2].y + table + size * 1.2, { bold: true, share: narrow ? 1 : 1.2 });
  } else {
    value = layer.kind === "max" ? Math.max(...under) : under.reduce((sum, term) => sum + term, 0) / under.length;
    grid(pen, { values: [value], rows: 1, columns: 1 }, tables[1], "grey", before.high, before.low);
    pen.text(layer.kind === "max" ? "max" : "mean", (tables[0].x + table + tables[1].x) / 2, middle - size * 1.2, { bold: true });
    pen.text("\u2192", (tables[0].x + table + tables[1].x) / 2, middle + size * 0.4, { bold: true, share: 1.6 });
    pen.text(decimal(value), tables[1].x + table / 2, tables[1].y + table + size * 1.2, { bold: true, share: 1.2 });
    const best = under.indexOf(value);
    if (layer.kind === "max") pen.ring(pen.part(tables[0], k, k, [Math.floor(best / k), Math.floor(best / k) + 1, best % k, (best % k) + 1]), 2.5);
  }
  const dot = pen.part(output, rows, columns, [spot.row, spot.row + 1, spot.column, spot.column + 1]);
  pen.pixels({ values: layer.maps[spot.channel], rows, columns }, output, "grey", layer.high, 0, known);
  if (!narrow) {
    const last = tables[tables.length - 1];
    pen.wire(last.x + table + 4, middle, dot.x, dot.y + dot.h / 2, theme.accent, 1);
  }
  pen.ring(dot, 1.5);
  pen.text(`map ${spot.channel + 1}`, output.x + output.w / 2, output.y - size * 0.9, { quiet: true });
  spots.push({ box: output, rows, columns, spot: { stage: spot.stage, channel: spot.channel } });
  spots.push({ box: input, rows: before.rows, columns: before.columns, source: from });
  if (many) parts(pen, { x: 0, y: height - strip, w: width, h: strip }, { apart, source, at: spot.row * columns + spot.column }, spots);
  return spots;
}

/** Cells with their numbers. */
function grid(pen, values, /** @type {import("./convolution_pen.js").Box} */ box, /** @type {"grey" | "signed"} */ look, /** @type {number} */ high, low = 0) {
  const fit = fitted(box, values.rows, values.columns);
  pen.pixels(values, fit, look, high, low);
  pen.mesh(fit, values.rows, values.columns);
  pen.numbers(values, fit, look, high, low);
}

/** How every map before adds to the pixel: a bar for each, the bias, and the way to the value. */
function parts(pen, /** @type {import("./convolution_pen.js").Box} */ box, { apart, source, at }, spots) {
  const { context, theme, size } = pen;
  const bars = [...apart.parts.map((/** @type {Float64Array} */ part) => part[at]), apart.bias];
  const high = Math.max(0.2, ...bars.map(Math.abs));
  const head = size * 1.9;
  const zero = box.y + head + (box.h - head) / 2;
  const half = (box.h - head) / 2 - size * 0.2;
  const wide = box.w / bars.length;
  const total = bars.reduce((sum, one) => sum + one, 0);
  pen.text(`What each of the ${bars.length - 1} maps before adds, and the bias (last): together ${decimal(total)}, after ReLU ${decimal(Math.max(0, total))}`, box.x, box.y + size * 0.6, { align: "left", room: box.w });
  Object.assign(context, { strokeStyle: theme.border, lineWidth: 1 });
  context.beginPath();
  context.moveTo(box.x, zero + 0.5);
  context.lineTo(box.x + box.w, zero + 0.5);
  context.stroke();
  bars.forEach((value, k) => {
    const x = box.x + k * wide;
    const tall = (Math.abs(value) / high) * half;
    context.fillStyle = pen.sign(value);
    const last = k === bars.length - 1;
    context.fillRect(x + wide * 0.14, value < 0 ? zero : zero - tall, wide * 0.72, Math.max(1, tall));
    if (last) pen.frame({ x: x + wide * 0.14, y: value < 0 ? zero : zero - tall, w: wide * 0.72, h: Math.max(1, tall) }, theme.ink, 1);
    if (k === source) pen.ring({ x: x + wide * 0.06, y: zero - half, w: wide * 0.88, h: 2 * half }, 1.5);
    if (wide > size * 2.6) pen.text(brief(value), x + wide / 2, value < 0 ? zero - size * 0.7 : zero + size * 0.8, { quiet: true });
    if (!last) spots.push({ box: { x, y: box.y + head, w: wide, h: box.h - head }, rows: 1, columns: 1, source: k });
  });
}
