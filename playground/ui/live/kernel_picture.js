// A kernel over a picture, drawn: the padded picture with its window, what comes out beside it, and what is never read.

import { GridPen, fitted, largest } from "./convolution_pen.js";
import { reach, read, windows } from "./convolve.js";
import { doubled } from "./numbers.js";
import { stripes } from "./stripes.js";

/**
 * Draws the picture with its window, and beside it what comes out.
 *
 * @param {import("./dom.js").Sheet} sheet
 * @param {import("./colours.js").Theme} theme
 * @param {any} view
 * @returns {{left: import("./convolution_pen.js").Box, right: import("./convolution_pen.js").Box | null}} Where both lie.
 */
export function paint(sheet, theme, view) {
  sheet.fit();
  const context = sheet.blank();
  const { width, height } = sheet;
  const { how, output, place, fits, weights, picture: pixels, size } = view;
  const pen = new GridPen(context, theme, size);
  const [down, across] = windows(how);
  const padded = how.rows + 2 * how.padding;
  const head = size * 2.1;
  const foot = size * 2.6;
  const gap = view.narrow ? 14 : 56;
  const half = (width - gap) / 2;
  const room = Math.min(half, height - head - foot);
  // Both on one scale, as far as the result does not get too small: what shrinks is seen to shrink.
  const left = fitted({ x: Math.max(0, half - room), y: head, w: room, h: room }, padded, padded);
  left.x = Math.round(half - room);
  const cell = left.w / padded;
  const inner = { x: left.x + how.padding * cell, y: left.y + how.padding * cell, w: how.rows * cell, h: how.columns * cell };
  pen.text(how.padding ? `Picture ${how.rows} \u00d7 ${how.rows}, padded ${padded} \u00d7 ${padded}` : `Picture ${how.rows} \u00d7 ${how.rows}`, left.x + left.w / 2, head - size * 0.9, { room: half + gap / 2 });
  if (how.padding) {
    context.fillStyle = theme.grid;
    context.fillRect(left.x, left.y, left.w, left.h);
    pen.frame(left, theme.border, 1);
    if (cell >= size * 1.1) for (let k = 0; k < padded * padded; k += 1) {
      const [y, x] = [Math.floor(k / padded), k % padded];
      if (Math.min(y, x, padded - 1 - y, padded - 1 - x) < how.padding) pen.text("0", left.x + (x + 0.5) * cell, left.y + (y + 0.5) * cell, { quiet: true });
    }
  }
  const picture = { values: pixels, rows: how.rows, columns: how.columns };
  pen.pixels(picture, inner, "grey", 1);
  if (cell > 13) pen.mesh(inner, how.rows, how.columns);
  pen.numbers(picture, inner, "grey", 1);
  const mine = { x: half + gap, y: head, w: room, h: room };
  if (!fits) {
    pen.frame(mine, theme.border, 1);
    context.save();
    context.beginPath();
    context.rect(mine.x, mine.y, mine.w, mine.h);
    context.clip();
    stripes(context, theme, mine.x, mine.y, mine.w, mine.h, 14);
    context.restore();
    context.fillStyle = theme.paper;
    context.fillRect(mine.x + mine.w / 2 - size * 6, mine.y + mine.h / 2 - size * 1.4, size * 12, size * 2.8);
    pen.text("No window fits", mine.x + mine.w / 2, mine.y + mine.h / 2, { bold: true, share: 1.3 });
    const far = reach(how) * cell;
    context.setLineDash([6, 4]);
    Object.assign(context, { strokeStyle: getComputedStyle(sheet.canvas).getPropertyValue("--alarm"), lineWidth: 2.5 });
    context.strokeRect(left.x + 1.5, left.y + 1.5, Math.min(far, width - left.x - 4), Math.min(far, height - left.y - 4));
    context.setLineDash([]);
    return { left, right: null };
  }
  const look = looked(output, weights);
  const scale = look.scale;
  const share = Math.min(1, Math.max(0.3, down / padded));
  const right = fitted({ x: mine.x, y: mine.y + (left.h * (1 - share)) / 2, w: left.w * share, h: left.h * share }, down, across);
  right.x = Math.round(mine.x + (room - right.w) / 2);
  const known = view.filling ? place.row * across + place.column + 1 : Infinity;
  const result = { values: output, rows: down, columns: across };
  pen.pixels(result, right, look.kind, scale, 0, known);
  if (right.w / across > 13) pen.mesh(right, down, across);
  pen.numbers(result, right, look.kind, scale, 0, known);
  pen.text(`Result ${down} \u00d7 ${across}`, mine.x + room / 2, head - size * 0.9);
  const rowsRead = read(how, how.rows);
  const unread = rowsRead.some((one) => !one);
  if (unread) pen.hatch(left, rowsRead, read(how, how.columns));
  // The window: each place it reads, and all of it; then the way to its pixel.
  const [top, start] = [place.row * how.stride, place.column * how.stride];
  const far = reach(how);
  const window_ = pen.part(left, padded, padded, [top, top + far, start, start + far]);
  const pixel = pen.part(right, down, across, [place.row, place.row + 1, place.column, place.column + 1]);
  for (const [y0, y1] of [[window_.y, pixel.y], [window_.y + window_.h, pixel.y + pixel.h]]) pen.wire(window_.x + window_.w, y0, pixel.x, y1, theme.accent, 1);
  taps(pen, weights, left, padded, how, top, start);
  pen.ring(window_, 2.5);
  pen.ring(pixel, 2);
  pen.legend({ x: right.x + right.w / 2 - size * 5, y: right.y + right.h + size * 1.1, w: size * 10, h: size * 0.7 }, look.kind, scale);
  if (unread) pen.text("hatched: no window ever reads it", left.x + left.w / 2, left.y + left.h + size * 1.3, { quiet: true, room: half + gap / 2 });
  return { left, right };
}

/** The places that one window reads, each with its weight's colour where there is room. */
function taps(pen, weights, left, padded, how, top, start) {
  const strong = Math.max(largest(weights), 1e-3);
  const { context, theme } = pen;
  for (let k = 0; k < weights.length; k += 1) {
    const [y, x] = [top + Math.floor(k / how.size) * how.dilation, start + (k % how.size) * how.dilation];
    const one = pen.part(left, padded, padded, [y, y + 1, x, x + 1]);
    if (one.w < 6 && how.dilation === 1) continue;
    context.globalAlpha = 0.25 + 0.6 * Math.min(1, Math.abs(weights[k]) / strong);
    Object.assign(context, { strokeStyle: weights[k] === 0 ? theme.muted : pen.sign(weights[k]), lineWidth: Math.min(3, one.w * 0.16) });
    context.strokeRect(one.x + 1.5, one.y + 1.5, Math.max(1, one.w - 3), Math.max(1, one.h - 3));
    context.globalAlpha = 1;
  }
}

/** Grey where nothing is below 0, else by sign; the scale grows in doublings, so that it holds still while one types. */
function looked(/** @type {Float64Array} */ output, /** @type {number[]} */ weights) {
  const low = output.reduce((least, one) => Math.min(least, one), 0);
  const signed = low < -0.02 || weights.some((one) => one < 0);
  return { kind: /** @type {"signed" | "grey"} */ (signed ? "signed" : "grey"), scale: doubled(largest(output), 1) };
}
