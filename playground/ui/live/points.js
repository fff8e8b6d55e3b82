// Data points: a shape and a colour for each class, so that neither is needed to tell them apart.

import { css, hue, mix, rgb } from "./colours.js";

/** Traces the shape of a class around a point: circle, square, triangle, diamond, cross, star; then again. */
export function shape(context, /** @type {number} */ index, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ r) {
  context.beginPath();
  switch (index % 6) {
    case 0:
      context.arc(x, y, r, 0, 2 * Math.PI);
      break;
    case 1:
      context.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76);
      break;
    case 2:
      polygon(context, x, y + r * 0.12, r * 1.24, 3);
      break;
    case 3:
      polygon(context, x, y, r * 1.26, 4);
      break;
    case 4: {
      const [a, b] = [r * 0.4, r * 1.1];
      const corners = [[-a, -b], [a, -b], [a, -a], [b, -a], [b, a], [a, a], [a, b], [-a, b], [-a, a], [-b, a], [-b, -a], [-a, -a]];
      corners.forEach(([dx, dy], i) => (i ? context.lineTo(x + dx, y + dy) : context.moveTo(x + dx, y + dy)));
      context.closePath();
      break;
    }
    default:
      polygon(context, x, y, r * 1.3, 5, 0.45);
  }
}

/** A regular polygon with a corner on top; with `waist` below 1 a star. */
function polygon(context, x, y, r, corners, waist = 1) {
  const steps = waist < 1 ? corners * 2 : corners;
  for (let i = 0; i < steps; i += 1) {
    const angle = (2 * Math.PI * i) / steps - Math.PI / 2;
    const radius = waist < 1 && i % 2 ? r * waist : r;
    const [px, py] = [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
    if (i) context.lineTo(px, py);
    else context.moveTo(px, py);
  }
  context.closePath();
}

/**
 * How a point looks: its shape and its colour.
 *
 * @param {import("./colours.js").Theme} theme
 * @param {Record<string, any>} scene  The scene's header.
 * @param {number} value               Class number, or the target where that is a number.
 * @returns {{form: number, colour: string}}
 */
function look(theme, scene, value) {
  if (scene.task === "classes") return { form: Math.round(value), colour: css(mix(rgb(hue(theme, Math.round(value))), rgb(theme.ink), 0.18)) };
  if (scene.task === "binary") return { form: Math.round(value), colour: theme.marks[Math.round(value)] };
  const [low, high] = scene.value_range;
  const share = Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
  const side = share * 2 - 1;
  const colour = css(mix(rgb(theme.neutral), rgb(theme.marks[side < 0 ? 0 : 1]), Math.abs(side)));
  return { form: side < 0 ? 0 : 1, colour };
}

/**
 * Draws the points of a block (rows of distance from the lower left corner, and class or value): training points filled, validation points hollow.
 * Points far from the slice that is shown step back, but are never quite gone.
 *
 * @param {import("./frame.js").Block} block
 * @param {import("./frame.js").Block | undefined} near  How near each point lies to the slice, 255 on it.
 * @param {(x: number, y: number) => [number, number]} where  From data to canvas.
 */
export function drawPoints(context, theme, scene, block, near, where, radius, /** @type {boolean} */ hollow) {
  const { data, shape: [count] } = block;
  for (let i = 0; i < count; i += 1) {
    const [x, y] = where(data[3 * i], data[3 * i + 1]);
    const { form, colour } = look(theme, scene, data[3 * i + 2]);
    context.globalAlpha = near ? 0.18 + (0.82 * near.data[i]) / 255 : 1;
    shape(context, form, x, y, radius);
    if (hollow) {
      context.strokeStyle = theme.paper;
      context.lineWidth = 3.2;
      context.stroke();
      context.strokeStyle = colour;
      context.lineWidth = 1.7;
      context.stroke();
    } else {
      context.fillStyle = colour;
      context.fill();
      context.strokeStyle = theme.paper;
      context.lineWidth = 1;
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

/** Row of the block nearest to a place on the canvas, or -1 if none is within reach. */
export function nearest(/** @type {import("./frame.js").Block} */ block, where, x, y, reach = 12) {
  const { data, shape: [count] } = block;
  let [best, row] = [reach, -1];
  for (let i = 0; i < count; i += 1) {
    const [px, py] = where(data[3 * i], data[3 * i + 1]);
    const distance = Math.hypot(px - x, py - y);
    if (distance < best) [best, row] = [distance, i];
  }
  return row;
}
