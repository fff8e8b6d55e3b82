// What the output's colours mean: a bar with numbers or two class names, or one mark for each of several classes.

import { hue, ramp, rgb } from "./colours.js";
import { short } from "./numbers.js";
import { shape } from "./points.js";

/** Bands of a discretized number; a probability has two. */
export const BANDS = 8;
/** Lines that the names of classes may take. */
const LINES = 2;
/** Least width of the bar, as a multiple of the type's size. */
const BAR = 5;

/** A word shortened to the room there is. */
export function shorten(context, /** @type {string} */ word, /** @type {number} */ room) {
  let shown = word;
  while (shown.length > 1 && context.measureText(shown).width > room) shown = `${shown.slice(0, -2)}\u2026`;
  return shown;
}

/**
 * Several classes in one line, or in two where their names are long.
 *
 * @param {string[]} names
 * @param {number} room   Width there is.
 * @param {number} size   Of the type.
 * @param {(word: string) => number} wide  Width of a word.
 * @returns {string[][]}
 */
export function lines(names, room, size, wide) {
  const rows = [/** @type {string[]} */ ([])];
  let taken = 0;
  for (const name of names) {
    const width = wide(name) + size * 2;
    if (taken > 0 && taken + width > room + size) {
      rows.push([]);
      taken = 0;
    }
    rows[rows.length - 1].push(name);
    taken += width;
  }
  if (rows.length === 1) return rows;
  const each = Math.ceil(names.length / LINES); // evenly: then classes stand below one another
  return [names.slice(0, each), names.slice(each)];
}

/**
 * @typedef {object} Place
 * @property {{x: number, y: number, side: number}} plot
 * @property {number} room   Width of the whole sheet: names may need more than the square above them.
 * @property {number} top
 * @property {number} size   Of the type.
 */

/** One mark and name a class, evenly spread. */
export function drawClasses(context, theme, /** @type {string[]} */ names, /** @type {Place} */ { room, top, size }) {
  const rows = lines(names, room, size, (word) => context.measureText(word).width);
  const share = room / rows[0].length;
  context.textBaseline = "top";
  context.textAlign = "left";
  rows.forEach((row, r) => row.forEach((name, i) => {
    const k = r * rows[0].length + i;
    const [x, y] = [i * share, top + r * size * 1.35];
    context.fillStyle = hue(theme, k);
    shape(context, k, x + size * 0.45, y + size * 0.5, size * 0.36);
    context.fill();
    context.fillStyle = theme.ink;
    if (share > size * 2) context.fillText(shorten(context, name, share - size * 1.5), x + size * 1.05, y);
  }));
}

/**
 * The colour scale with its two ends in words, and its middle written on it.
 *
 * @param {{low: string, middle: string, high: string, marks: boolean, bands: number}} scale  `marks`: the ends are classes.
 */
export function drawBar(context, theme, scale, /** @type {Place} */ { plot, room, top, size }) {
  const { marks, bands } = scale;
  const pad = marks ? size * 1.1 : 0;
  const wide = (/** @type {string} */ word) => context.measureText(word).width;
  // Below the square, or wider than it where the names would not fit.
  const natural = wide(scale.low) + wide(scale.high) + 2 * pad + 14 + size * BAR;
  const across = Math.min(room - 8, Math.max(plot.side, natural));
  const x = Math.max(4, Math.min(room - 4 - across, plot.x + (plot.side - across) / 2));
  const free = across - 2 * pad - 14 - size * BAR;
  const [left, right] = [[scale.low, scale.high], [scale.high, scale.low]].map(([word, other]) =>
    shorten(context, word, Math.max(free / 2, free - wide(other))));
  const from = x + wide(left) + pad + 7;
  const to = x + across - wide(right) - pad - 7;
  context.fillStyle = paint(context, theme, from, to, bands);
  context.beginPath();
  context.roundRect(from, top + size * 0.2, Math.max(10, to - from), size * 0.72, 3);
  context.fill();
  context.textBaseline = "top";
  context.fillStyle = theme.ink;
  context.textAlign = "left";
  context.fillText(left, x + pad, top);
  context.textAlign = "right";
  context.fillText(right, x + across - pad, top);
  if (marks) {
    [[0, x + size * 0.4], [1, x + across - size * 0.4]].forEach(([k, at]) => {
      context.fillStyle = theme.marks[k];
      shape(context, k, at, top + size * 0.55, size * 0.34);
      context.fill();
    });
  }
  // The middle of the scale, written on the bar: it is neutral there, and dark ink can be read on it.
  context.fillStyle = theme.ink;
  context.textAlign = "center";
  if (to - from > size * 4 && bands !== 2) context.fillText(scale.middle, (from + to) / 2, top - size * 0.02);
}

function paint(context, theme, /** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ bands) {
  const bar = context.createLinearGradient(from, 0, to, 0);
  const colours = [theme.negative, theme.neutral, theme.positive];
  if (!bands) colours.forEach((colour, i) => bar.addColorStop(i / 2, colour));
  const table = bands ? ramp(rgb(colours[0]), rgb(colours[1]), rgb(colours[2]), bands) : [];
  for (let k = 0; k < bands; k += 1) {
    const p = table[Math.floor(((k + 0.5) / bands) * 255)];
    const colour = `rgb(${p & 255},${(p >> 8) & 255},${(p >> 16) & 255})`;
    bar.addColorStop(k / bands, colour);
    bar.addColorStop((k + 1) / bands, colour);
  }
  return bar;
}

/** Both ends and the middle of the scale in words, for a unit (`scale`), a number or a probability. */
export function scaleWords(/** @type {number | null} */ unit, scene, /** @type {boolean} */ value, /** @type {boolean} */ discretize) {
  const [low, high] = unit !== null ? [-unit, unit] : value ? scene.value_range : [0, 1];
  const marks = unit === null && !value;
  return {
    low: marks ? String(scene.classes[0] ?? "0") : short(low),
    middle: unit !== null ? "0" : value ? short((low + high) / 2) : "0.5",
    high: marks ? String(scene.classes[1] ?? "1") : short(high),
    marks,
    bands: unit !== null || !discretize ? 0 : marks ? 2 : BANDS,
  };
}
