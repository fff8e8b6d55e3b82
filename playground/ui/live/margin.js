// What stands around a map of a surface: numbers and names along its edges, and the scale of its colours.

import { colourAt } from "./heights.js";
import { shorten } from "./legend.js";
import { short, tick as tickText, ticks } from "./numbers.js";

/** @typedef {import("./names.js").Box} Box */

/** Round numbers for the upright axis. */
function upwards(/** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ tall, /** @type {number} */ size) {
  return ticks(low, high, Math.max(2, Math.round(tall / (size * 5))));
}

/** Width that the numbers of the upright axis take. */
export function widest(context, /** @type {number[]} */ [low, high], /** @type {number} */ tall, /** @type {number} */ size) {
  const { values, step } = upwards(low, high, tall, size);
  return Math.max(...values.map((value) => context.measureText(tickText(value, step)).width));
}

/**
 * Numbers along the map's lower and left edge, and the axes' names.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./colours.js").Theme} theme
 * @param {Box} box
 * @param {import("./contour.js").Scene} scene
 */
export function drawAxes(context, theme, box, { size, domain: [[x0, x1], [y0, y1]], names = ["x", "y"] }) {
  const { x, y, w, h } = box;
  Object.assign(context, { strokeStyle: theme.border, fillStyle: theme.muted, lineWidth: 1, textAlign: "center", textBaseline: "top" });
  context.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
  const across = ticks(x0, x1, Math.max(2, Math.round(w / (size * 6))));
  context.beginPath();
  for (const value of across.values) {
    const px = x + (w * (value - x0)) / (x1 - x0);
    context.moveTo(Math.round(px) + 0.5, y + h);
    context.lineTo(Math.round(px) + 0.5, y + h + 4);
    context.fillText(tickText(value, across.step), px, y + h + 6);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  const up = upwards(y0, y1, h, size);
  for (const value of up.values) {
    const py = y + h * (1 - (value - y0) / (y1 - y0));
    context.moveTo(x - 4, Math.round(py) + 0.5);
    context.lineTo(x, Math.round(py) + 0.5);
    context.fillText(tickText(value, up.step), x - 7, py);
  }
  context.stroke();
  context.fillStyle = theme.ink;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.fillText(names[0], x + w / 2, y + h + 6 + size * 1.35);
  context.textAlign = "left";
  context.fillText(names[1], 0, 0);
}

/**
 * What the colours mean: the scale with the heights of the contour lines on it.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./colours.js").Theme} theme
 * @param {Box} box
 * @param {import("./contour.js").Scene} scene
 * @param {boolean} upright            Beside the map instead of below it.
 */
export function drawScale(context, theme, box, { size, relief, scale = "loss" }, upright) {
  const { x, y, w, h } = box;
  const bar = upright
    ? { x: x + w + size * 1.2, y, w: Math.round(size * 1.1), h }
    : { x, y: y + h + size * 3.7, w, h: Math.round(size * 0.9) };
  const ramp = upright ? context.createLinearGradient(0, bar.y + bar.h, 0, bar.y) : context.createLinearGradient(bar.x, 0, bar.x + bar.w, 0);
  for (let i = 0; i <= 32; i += 1) ramp.addColorStop(i / 32, colourAt(theme, i / 32));
  context.fillStyle = ramp;
  context.fillRect(bar.x, bar.y, bar.w, bar.h);
  context.strokeStyle = theme.border;
  context.strokeRect(bar.x - 0.5, bar.y - 0.5, bar.w + 1, bar.h + 1);
  context.fillStyle = theme.ink;
  Object.assign(context, { textAlign: "left", textBaseline: upright ? "top" : "middle" });
  if (upright) context.fillText(scale, bar.x, 0);
  let from = -Infinity;
  if (!upright) { // its name stands before its numbers
    from = bar.x + context.measureText(scale).width + size * 0.6;
    context.fillText(scale, bar.x, bar.y + bar.h + size * 0.9);
  }
  Object.assign(context, { fillStyle: theme.muted, strokeStyle: theme.dark ? theme.ink : "#1b2430", textBaseline: "middle", textAlign: upright ? "left" : "center" });
  const { levels, values } = relief;
  for (let i = 0; i < levels.length; i += 1) {
    const at = Math.round(upright ? bar.y + bar.h * (1 - levels[i]) : bar.x + bar.w * levels[i]) + 0.5;
    context.globalAlpha = 0.5;
    context.beginPath();
    context.moveTo(upright ? bar.x : at, upright ? at : bar.y);
    context.lineTo(upright ? bar.x + bar.w : at, upright ? at : bar.y + bar.h);
    context.stroke();
    context.globalAlpha = 1;
    if (!values) continue;
    const text = short(values[i]);
    const half = upright ? size * 0.62 : context.measureText(text).width / 2;
    const place = upright ? -at : at; // along the direction in which the levels rise
    if (place - half < from || (!upright && at + half > x + w)) continue;
    from = place + half + size * (upright ? 0.1 : 0.5);
    if (upright) context.fillText(shorten(context, text, size * 3.6), bar.x + bar.w + 5, at);
    else context.fillText(text, at, bar.y + bar.h + size * 0.9);
  }
}
