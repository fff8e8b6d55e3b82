// What the views of a convolution draw with: grids of values as pixels, windows on them, numbers in their cells, wires.

import { css, lightness, mix, pixel, ramp, rgb } from "./colours.js";
import { Raster } from "./raster.js";
import { stripes } from "./stripes.js";

/**
 * @typedef {{x: number, y: number, w: number, h: number}} Box
 * @typedef {object} Grid
 * @property {ArrayLike<number>} values  Row by row.
 * @property {number} rows
 * @property {number} columns
 */

/** Cells narrower than so many times the type show no numbers. */
const ROOM = 2.25;

/** A number in a cell: short, no leading zero. */
export function brief(/** @type {number} */ x) {
  if (!Number.isFinite(x)) return "\u2212\u221e";
  const size = Math.abs(x);
  const text = size < 0.005 ? "0" : size < 9.95 ? x.toFixed(size < 0.995 ? 2 : 1) : x.toFixed(0);
  return text.replace(/^(-?)0\./, "$1.").replace("-", "\u2212");
}

export class GridPen {
  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import("./colours.js").Theme} theme
   * @param {number} size  Of the type.
   */
  constructor(context, theme, size) {
    Object.assign(this, { context, theme, size });
    this.context = context;
    this.theme = theme;
    this.size = size;
    this.white = ramp([0, 0, 0], [128, 128, 128], [255, 255, 255]);
  }

  /**
   * Values as pixels with sharp edges.
   *
   * @param {Grid} grid
   * @param {Box} box
   * @param {"grey" | "signed"} look   Grey: `low` is black, `high` white. Signed: 0 is the neutral middle.
   * @param {number} high
   * @param {number} [low]
   * @param {number} [known]           So many of its values are there yet, row by row; the rest is blank.
   */
  pixels({ values, rows, columns }, box, look, high, low = 0, known = Infinity) {
    const { context, theme } = this;
    const raster = new Raster();
    const table = look === "signed" ? theme.diverging : this.white;
    raster.size(columns, rows);
    const least = look === "signed" ? -high : low;
    const blank = pixel(mix(rgb(theme.paper), rgb(theme.ink), 0.05));
    for (let i = 0; i < rows * columns; i += 1) {
      const level = Math.round(((values[i] - least) / (high - least || 1)) * 255);
      raster.pixels[i] = i < known ? table[Math.min(255, Math.max(0, level))] : blank;
    }
    raster.show();
    context.imageSmoothingEnabled = false;
    context.drawImage(raster.canvas, box.x, box.y, box.w, box.h);
    context.imageSmoothingEnabled = true;
    this.frame(box, theme.border, 1);
  }

  /** Numbers in the cells of a grid, where there is room for them. */
  numbers({ values, rows, columns }, /** @type {Box} */ box, /** @type {"grey" | "signed"} */ look, /** @type {number} */ high, low = 0, known = Infinity) {
    const { context, theme, size } = this;
    const [w, h] = [box.w / columns, box.h / rows];
    if (w < size * ROOM || h < size * 1.15) return false;
    this.font();
    Object.assign(context, { textAlign: "center", textBaseline: "middle" });
    const least = look === "signed" ? -high : low;
    for (let i = 0; i < Math.min(known, rows * columns); i += 1) {
      const share = Math.min(1, Math.max(0, (values[i] - least) / (high - least || 1)));
      const back = look === "signed"
        ? mix(rgb(theme.neutral), rgb(share < 0.5 ? theme.negative : theme.positive), Math.abs(2 * share - 1))
        : /** @type {[number, number, number]} */ ([255 * share, 255 * share, 255 * share]);
      context.fillStyle = lightness(back) > 0.46 ? "#111418" : "#ffffff";
      context.fillText(brief(values[i]), box.x + ((i % columns) + 0.5) * w, box.y + (Math.floor(i / columns) + 0.5) * h + 0.5);
    }
    return true;
  }

  /** Lines between the cells of a grid. */
  mesh(/** @type {Box} */ box, /** @type {number} */ rows, /** @type {number} */ columns) {
    const { context, theme } = this;
    if (Math.min(box.w / columns, box.h / rows) < 7) return;
    Object.assign(context, { strokeStyle: theme.paper, lineWidth: 0.75 });
    context.beginPath();
    for (let k = 1; k < columns; k += 1) { context.moveTo(box.x + (k * box.w) / columns, box.y); context.lineTo(box.x + (k * box.w) / columns, box.y + box.h); }
    for (let k = 1; k < rows; k += 1) { context.moveTo(box.x, box.y + (k * box.h) / rows); context.lineTo(box.x + box.w, box.y + (k * box.h) / rows); }
    context.stroke();
  }

  frame(/** @type {Box} */ box, /** @type {string} */ colour, /** @type {number} */ width) {
    const { context } = this;
    Object.assign(context, { strokeStyle: colour, lineWidth: width });
    context.setLineDash([]);
    context.strokeRect(box.x - width / 2, box.y - width / 2, box.w + width, box.h + width);
  }

  /** The part of a grid's box that some of its cells take, cut off at `limit` where that is given. */
  part(/** @type {Box} */ box, /** @type {number} */ rows, /** @type {number} */ columns, /** @type {number[]} */ [top, bottom, left, right], cut = true) {
    const put = (/** @type {number} */ at, /** @type {number} */ most) => (cut ? Math.min(most, Math.max(0, at)) : at);
    const [x0, x1, y0, y1] = [put(left, columns), put(right, columns), put(top, rows), put(bottom, rows)];
    return { x: box.x + (x0 * box.w) / columns, y: box.y + (y0 * box.h) / rows, w: ((x1 - x0) * box.w) / columns, h: ((y1 - y0) * box.h) / rows };
  }

  /** Marks cells of a grid: a ring of paper and the accent on it, seen on black and on white. */
  ring(/** @type {Box} */ box, width = 2, colour = this.theme.accent) {
    this.frame(box, this.theme.paper, width + 2);
    this.frame(box, colour, width);
  }

  /** Dims all of a box but a part of it. */
  veil(/** @type {Box} */ box, /** @type {Box} */ hole) {
    const { context, theme } = this;
    context.save();
    context.beginPath();
    context.rect(box.x, box.y, box.w, box.h);
    context.rect(hole.x + hole.w, hole.y, -hole.w, hole.h);
    context.clip("evenodd");
    context.globalAlpha = 0.55;
    context.fillStyle = theme.paper;
    context.fillRect(box.x, box.y, box.w, box.h);
    context.restore();
  }

  /** Rows and columns that no window ever reads, hatched. */
  hatch(/** @type {Box} */ box, /** @type {boolean[]} */ rows, /** @type {boolean[]} */ columns) {
    const { context, theme } = this;
    const [w, h] = [box.w / columns.length, box.h / rows.length];
    context.save();
    context.beginPath();
    rows.forEach((read, at) => { if (!read) context.rect(box.x, box.y + at * h, box.w, h); });
    columns.forEach((read, at) => { if (!read) context.rect(box.x + at * w, box.y, w, box.h); });
    context.clip();
    context.globalAlpha = 0.62;
    context.fillStyle = theme.paper;
    context.fillRect(box.x, box.y, box.w, box.h);
    context.globalAlpha = 1;
    stripes(context, theme, box.x, box.y, box.w, box.h, 6);
    context.restore();
  }

  /** A bent wire from one point to another. */
  wire(/** @type {number} */ x0, /** @type {number} */ y0, /** @type {number} */ x1, /** @type {number} */ y1, /** @type {string} */ colour, width = 1.5, dash = []) {
    const { context } = this;
    Object.assign(context, { strokeStyle: colour, lineWidth: width });
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(x0, y0);
    context.bezierCurveTo((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1, y1);
    context.stroke();
    context.setLineDash([]);
  }

  font(bold = false, share = 1) {
    this.context.font = `${bold ? 600 : 400} ${Math.round(this.size * share)}px ${this.theme.font}`;
  }

  /** A word on the sheet. */
  text(/** @type {string} */ words, /** @type {number} */ x, /** @type {number} */ y, { align = "center", bold = false, quiet = false, share = 1, room = Infinity, base = "middle" } = {}) {
    const { context, theme } = this;
    this.font(bold, share);
    Object.assign(context, { fillStyle: quiet ? theme.muted : theme.ink, textAlign: align, textBaseline: base });
    let shown = words;
    while (shown.length > 2 && context.measureText(shown).width > room) shown = `${shown.slice(0, -2)}\u2026`;
    context.fillText(shown, x, y);
  }

  /** A round place in which numbers meet: \u03a3, +, an activation. */
  node(/** @type {string} */ sign, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ radius) {
    const { context, theme } = this;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    Object.assign(context, { fillStyle: theme.paper, strokeStyle: theme.ink, lineWidth: 1.5 });
    context.fill();
    context.stroke();
    this.text(sign, x, y + 1, { bold: true, share: radius / this.size > 1.25 ? 1.2 : 1 });
  }

  /** Colour of a sign, for wires. */
  sign(/** @type {number} */ x) {
    return x < 0 ? this.theme.negative : this.theme.positive;
  }

  /** The scale of a signed or grey picture: its colours with their ends. */
  legend(/** @type {Box} */ box, /** @type {"grey" | "signed"} */ look, /** @type {number} */ high, low = 0, more = "") {
    const { context, theme } = this;
    for (let k = 0; k < box.w; k += 1) {
      const at = Math.round((k / box.w) * 255);
      const value = look === "signed" ? theme.diverging[at] : this.white[at];
      context.fillStyle = css([value & 255, (value >> 8) & 255, (value >> 16) & 255]);
      context.fillRect(box.x + k, box.y, 1.5, box.h);
    }
    this.frame(box, theme.border, 1);
    this.text(brief(look === "signed" ? -high : low), box.x - 5, box.y + box.h / 2, { align: "right", quiet: true });
    this.text(brief(high) + more, box.x + box.w + 5, box.y + box.h / 2, { align: "left", quiet: true });
  }
}

/** The largest size of anything, at least a little. */
export function largest(/** @type {ArrayLike<number>} */ values) {
  let found = 1e-6;
  for (let i = 0; i < values.length; i += 1) if (Number.isFinite(values[i])) found = Math.max(found, Math.abs(values[i]));
  return found;
}

/** A box of a grid's shape in the middle of a room. */
export function fitted(/** @type {Box} */ room, rows = 1, columns = 1) {
  const cell = Math.min(room.w / columns, room.h / rows);
  const [w, h] = [cell * columns, cell * rows];
  return { x: Math.round(room.x + (room.w - w) / 2), y: Math.round(room.y + (room.h - h) / 2), w, h };
}
