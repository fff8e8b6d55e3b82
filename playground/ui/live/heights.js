// Heights of a surface as colours, and the marks of those who walk on it: the same on the map and on the hill.

import { css, lightness, mix, pixel, rgb } from "./colours.js";
import { shape } from "./points.js";
import { word } from "./word.js";

/**
 * @typedef {object} Relief
 * @property {number} side
 * @property {Uint16Array} shares          Heights, 0..65535, `side` x `side`, the lowest y first.
 * @property {ArrayLike<number>} levels    Where contour lines lie, 0..1.
 * @property {ArrayLike<number>} [values]  The heights of these lines; without them the scale has no numbers.
 *
 * @typedef {object} Path
 * @property {ArrayLike<number>} x         Not-a-number ends it.
 * @property {ArrayLike<number>} y
 * @property {ArrayLike<number>} [share]   Heights, 0..1, a little above 1 where it is higher than the map (terrain).
 * @property {number} [last]               Draw only up to this step.
 * @property {string} colour
 * @property {string} [name]
 * @property {number | string} [marker]    `circle`, `square`, `triangle`, `diamond`, `cross`, `star` or their number.
 */

/** Cividis at ten even places: as even for the colour-blind as for others. */
const CIVIDIS = ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838"];
const SHAPES = ["circle", "square", "triangle", "diamond", "cross", "star"];

/** @type {Map<string, import("./colours.js").Rgb[]>} */
const made = new Map();

/**
 * 256 colours from low (dark) to high (light), drawn back towards the paper so that paths and words stand out on them.
 *
 * @returns {import("./colours.js").Rgb[]}
 */
export function scale(/** @type {import("./colours.js").Theme} */ theme) {
  const found = made.get(theme.key);
  if (found) return found;
  const stops = CIVIDIS.map(rgb);
  const paper = rgb(theme.paper);
  const table = Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (stops.length - 1);
    const k = Math.min(stops.length - 2, Math.floor(at));
    const even = mix(stops[k], stops[k + 1], at - k);
    const grey = 255 * lightness(even);
    const calm = mix(even, [grey, grey, grey], 0.4); // not so blue and yellow that it could be taken for a sign
    return theme.dark ? mix(calm, paper, 0.35 + 0.2 * (i / 255)) : mix(calm, paper, 0.38);
  });
  if (made.size > 8) made.clear();
  made.set(theme.key, table);
  return table;
}

/** The same as canvas pixels. */
export function pixels(/** @type {import("./colours.js").Theme} */ theme) {
  return Uint32Array.from(scale(theme), (colour) => pixel(colour));
}

/** One of them, for a height from 0 to 1. */
export function colourAt(/** @type {import("./colours.js").Theme} */ theme, /** @type {number} */ share) {
  return css(scale(theme)[Math.round(255 * Math.min(1, Math.max(0, share)))]);
}

/** The number of a marker's shape. */
function form(/** @type {number | string | undefined} */ marker) {
  return typeof marker === "number" ? marker : Math.max(0, SHAPES.indexOf(marker ?? ""));
}

/** A walker: filled with its hue, cased in the paper's colour and in ink, so that it reads on any ground. */
export function walker(context, theme, /** @type {Path} */ path, /** @type {number} */ x, /** @type {number} */ y, radius = 6, hollow = false) {
  context.setLineDash([]);
  shape(context, form(path.marker), x, y, radius);
  Object.assign(context, { lineJoin: "round", strokeStyle: theme.paper, lineWidth: 5, fillStyle: hollow ? theme.paper : path.colour });
  context.stroke();
  context.fill();
  Object.assign(context, { strokeStyle: hollow ? path.colour : theme.ink, lineWidth: hollow ? 2.5 : 1.25 });
  context.stroke();
}

/** Room that a walker's name takes, with a small mark before it where it is `marked`. */
export function signed(context, /** @type {string} */ name, /** @type {number} */ size, /** @type {boolean} */ marked) {
  return context.measureText(name).width + (marked ? size * 1.15 : 0);
}

/** A walker's name; `marked` where several meet on one spot and could not be told apart. */
export function sign(context, theme, /** @type {Path} */ path, /** @type {{x: number, y: number, h: number}} */ spot, /** @type {number} */ size, /** @type {boolean} */ marked) {
  const middle = spot.y + spot.h / 2;
  Object.assign(context, { textAlign: "left", textBaseline: "middle" });
  if (marked) {
    shape(context, form(path.marker), spot.x + size * 0.45, middle, size * 0.34);
    Object.assign(context, { lineJoin: "round", strokeStyle: theme.paper, lineWidth: 4, fillStyle: path.colour });
    context.stroke();
    context.fill();
  }
  word(context, theme, path.name ?? "", spot.x + (marked ? size * 1.15 : 0), middle);
}

/** Whether two reliefs show the same, so that what was painted is still good: each run of the page brings a new one. */
export function same(/** @type {Relief | null} */ a, /** @type {Relief | null} */ b) {
  if (a === b || !a || !b) return a === b;
  const equal = (/** @type {ArrayLike<number>} */ p, /** @type {ArrayLike<number>} */ q) => {
    if (p.length !== q.length) return false;
    for (let i = 0; i < p.length; i += 1) if (p[i] !== q[i]) return false;
    return true;
  };
  return equal(a.shares, b.shares) && equal(a.levels, b.levels) && equal(a.values ?? [], b.values ?? []);
}

/** @typedef {({x: number, y: number} | null)[]} Spots */

/** How large each walker is drawn: those that stand on one spot are drawn inside one another, the last one on top. */
export function sizes(/** @type {Spots} */ spots, /** @type {number} */ radius) {
  return spots.map((_, i) => radius + 2 * spots.filter((__, k) => k > i && apart(spots, i, k) < 5).length);
}

/** Whether another one stands so near to it that their names alone would not tell them apart. */
export function meets(/** @type {Spots} */ spots, /** @type {number} */ i) {
  return spots.some((_, k) => k !== i && apart(spots, i, k) < 14);
}

function apart(/** @type {Spots} */ spots, /** @type {number} */ i, /** @type {number} */ k) {
  const [a, b] = [spots[i], spots[k]];
  return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : Infinity;
}

/** The last step up to `last` at which a path still has a place; -1 where it has none. */
export function lastOf(/** @type {Path} */ path) {
  let i = Math.min(Math.floor(path.last ?? path.x.length - 1), path.x.length - 1);
  while (i >= 0 && !(Number.isFinite(path.x[i]) && Number.isFinite(path.y[i]))) i -= 1;
  return i;
}
