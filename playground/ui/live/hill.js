// A hill and the box it stands in, as they look from somewhere: painted from a grid of its heights, the far parts first.

import { css, mix } from "./colours.js";
import { scale } from "./heights.js";
import { tick as tickText, ticks } from "./numbers.js";
import { HEIGHT } from "./view.js";

/**
 * @typedef {import("./heights.js").Relief} Relief
 * @typedef {import("./view.js").View} View
 * @typedef {import("./colours.js").Theme} Theme
 *
 * @typedef {object} Grid
 * @property {number} side
 * @property {Float32Array} heights    0 to 1, the lowest y first.
 * @property {number[][]} lines        Contour lines in each cell, as u0, v0, u1, v1, level of each piece.
 */

/** How much light falls on what faces away. */
const [SHADE, LIGHT] = [0.62, 0.52];

/** A relief on a grid of so many samples a side. */
export function sample(/** @type {Relief} */ relief, /** @type {number} */ side) {
  const heights = new Float32Array(side * side);
  const { side: given, shares } = relief;
  const thin = (given - 1) / (side - 1);
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const [x, y] = [column * thin, row * thin];
      const [a, b] = [Math.min(given - 2, Math.floor(x)), Math.min(given - 2, Math.floor(y))];
      const [p, q] = [x - a, y - b];
      const at = b * given + a;
      const below = shares[at] * (1 - p) + shares[at + 1] * p;
      const above = shares[at + given] * (1 - p) + shares[at + given + 1] * p;
      heights[row * side + column] = (below * (1 - q) + above * q) / 65535;
    }
  }
  const levels = Array.from(relief.levels);
  const lines = Array.from({ length: (side - 1) * (side - 1) }, (_, cell) => through(heights, side, cell, levels));
  return { side, heights, lines };
}

/** Contour lines through a cell, as u0, v0, u1, v1, level of each piece. */
function through(/** @type {Float32Array} */ h, /** @type {number} */ side, /** @type {number} */ cell, /** @type {number[]} */ levels) {
  const [column, row] = [cell % (side - 1), Math.floor(cell / (side - 1))];
  const at = row * side + column;
  const corners = [[0, 0, h[at]], [1, 0, h[at + 1]], [1, 1, h[at + side + 1]], [0, 1, h[at + side]]];
  const found = [];
  for (const level of levels) {
    const ends = [];
    for (let k = 0; k < 4; k += 1) {
      const [[x0, y0, a], [x1, y1, b]] = [corners[k], corners[(k + 1) % 4]];
      if (a > level === b > level) continue;
      const part = (level - a) / (b - a);
      ends.push([(column + x0 + part * (x1 - x0)) / (side - 1) - 0.5, (row + y0 + part * (y1 - y0)) / (side - 1) - 0.5]);
    }
    for (let i = 0; i + 1 < ends.length; i += 2) found.push(ends[i][0], ends[i][1], ends[i + 1][0], ends[i + 1][1], level);
  }
  return found;
}

/** The hill, cell by cell from the farthest to the nearest. */
export function drawHill(context, /** @type {Theme} */ theme, /** @type {Grid} */ { side, heights: h, lines }, /** @type {View} */ view) {
  const colours = scale(theme);
  const shade = /** @type {import("./colours.js").Rgb} */ (theme.dark ? [0, 0, 0] : [28, 34, 46]);
  const ink = theme.dark ? theme.ink : "#1b2430";
  const spots = Array.from(h, (height, i) => view.project((i % side) / (side - 1) - 0.5, Math.floor(i / side) / (side - 1) - 0.5, height));
  const order = Array.from({ length: side - 1 }, (_, i) => i);
  const rows = view.cos > 0 ? [...order].reverse() : order; // far is where u sin + v cos is large
  const columns = view.sin > 0 ? [...order].reverse() : order;
  context.lineJoin = context.lineCap = "round";
  /** @type {number[]} Cells that were filled last: their lines come when the cells before them can cut them no more. */
  let before = [];
  for (let front = 0; front < 2 * order.length - 1; front += 1) { // cells that do not hide each other, from far to near
    const filled = [];
    for (let k = Math.max(0, front - order.length + 1); k <= Math.min(front, order.length - 1); k += 1) {
      const [row, column] = [rows[k], columns[front - k]];
      const a = row * side + column;
      const [b, c, d] = [a + 1, a + side + 1, a + side];
      const light = lit(view, ((h[b] - h[a] + h[c] - h[d]) / 2) * (side - 1), ((h[d] - h[a] + h[c] - h[b]) / 2) * (side - 1));
      const colour = css(mix(colours[Math.round(63.75 * (h[a] + h[b] + h[c] + h[d]))], shade, 1 - light));
      context.beginPath();
      context.moveTo(...spots[a]);
      for (const corner of [b, c, d]) context.lineTo(...spots[corner]);
      context.closePath();
      Object.assign(context, { fillStyle: colour, strokeStyle: colour, lineWidth: 0.8 });
      context.fill();
      context.stroke(); // closes the hair between two cells
      filled.push(row * (side - 1) + column);
    }
    cuts(context, view, before.map((cell) => lines[cell]), ink);
    before = filled;
  }
  cuts(context, view, before.map((cell) => lines[cell]), ink);
}

/** The contour lines of some cells. */
function cuts(context, /** @type {View} */ view, /** @type {number[][]} */ cells, /** @type {string} */ ink) {
  context.beginPath();
  for (const pieces of cells) {
    for (let i = 0; i < pieces.length; i += 5) {
      context.moveTo(...view.project(pieces[i], pieces[i + 1], pieces[i + 4]));
      context.lineTo(...view.project(pieces[i + 2], pieces[i + 3], pieces[i + 4]));
    }
  }
  Object.assign(context, { strokeStyle: ink, lineWidth: 1, globalAlpha: 0.3 });
  context.stroke();
  context.globalAlpha = 1;
}

/** How bright a slope is: the light stands to the left of who looks, and turns with them. */
function lit(/** @type {View} */ view, /** @type {number} */ du, /** @type {number} */ dv) {
  const [a, b] = [-du * HEIGHT, -dv * HEIGHT];
  const long = Math.hypot(a, b, 1);
  const [across, deep] = [a * view.cos - b * view.sin, a * view.sin + b * view.cos];
  const facing = (-0.55 * across - 0.35 * deep + 0.76) / long;
  return Math.min(1, SHADE + LIGHT * Math.max(0, facing));
}

/** The edges of the box behind the hill. */
export function drawBox(context, /** @type {Theme} */ theme, /** @type {View} */ view) {
  Object.assign(context, { strokeStyle: theme.border, lineWidth: 1 });
  const far = [-0.5, 0.5].flatMap((u) => [-0.5, 0.5].map((v) => ({ u, v, deep: u * view.sin + v * view.cos }))).sort((p, q) => q.deep - p.deep);
  context.beginPath();
  for (const { u, v } of far.slice(0, 3)) {
    context.moveTo(...view.project(u, v, 0));
    context.lineTo(...view.project(u, v, 1));
  }
  const [back, one, other] = far;
  for (const h of [0, 1]) {
    context.moveTo(...view.project(one.u, one.v, h));
    context.lineTo(...view.project(back.u, back.v, h));
    context.lineTo(...view.project(other.u, other.v, h));
  }
  context.stroke();
}

/** Numbers and names along the two edges of the floor that are nearest, and what the height says. */
export function drawEdges(context, /** @type {Theme} */ theme, /** @type {View} */ view, /** @type {import("./terrain.js").Scene} */ { size, domain: [[x0, x1], [y0, y1]], names = ["x", "y"], scale: height = "loss" }) {
  const near = { u: view.sin > 0 ? -0.5 : 0.5, v: view.cos > 0 ? -0.5 : 0.5 };
  Object.assign(context, { strokeStyle: theme.border, lineWidth: 1, textBaseline: "middle" });
  context.beginPath();
  context.moveTo(...view.project(-near.u, near.v, 0));
  context.lineTo(...view.project(near.u, near.v, 0));
  context.lineTo(...view.project(near.u, -near.v, 0));
  context.stroke();
  const edge = (/** @type {string} */ name, low, high, /** @type {(part: number, out: number) => [number, number]} */ at) => {
    const { values, step } = ticks(low, high, 3);
    const [from, to] = [at(0.5, 0), at(0.5, 0.1)];
    const side = to[0] - from[0];
    context.textAlign = Math.abs(side) < 3 ? "center" : side > 0 ? "left" : "right";
    context.fillStyle = theme.muted;
    for (const value of values) {
      const part = (value - low) / (high - low);
      if (part < 0.04 || part > 0.96) continue; // two numbers would meet at the corner
      const [px, py] = at(part, 0.045);
      context.fillText(tickText(value, step), px, py + size * 0.3);
    }
    context.fillStyle = theme.ink;
    const [px, py] = at(0.5, 0.045 + (size * 1.7) / Math.max(1, Math.hypot(to[0] - from[0], to[1] - from[1]) * 10));
    context.fillText(name, px, py + size * 0.5);
  };
  edge(names[0], x0, x1, (part, out) => view.project(part - 0.5, near.v * (1 + 2 * out), 0));
  edge(names[1], y0, y1, (part, out) => view.project(near.u * (1 + 2 * out), part - 0.5, 0));
  // Height: at the corner that stands furthest to the left.
  const left = [[-0.5, -0.5], [-0.5, 0.5], [0.5, -0.5], [0.5, 0.5]].map(([u, v]) => view.project(u, v, 1)).sort((p, q) => p[0] - q[0])[0];
  context.textAlign = "left";
  context.fillText(height, Math.max(0, left[0] - size), Math.max(size * 0.6, left[1] - size * 1.1));
}
