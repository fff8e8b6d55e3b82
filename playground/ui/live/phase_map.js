// Every pair of learning rate and momentum at once: how many steps one more digit takes, where it swings, where it diverges.

import { pixel } from "./colours.js";
import { element, mark, Sheet } from "./dom.js";
import { short, tick as tickText, ticks } from "./numbers.js";
import { drawBorders, drawLabels } from "./phase_lines.js";
import { BANDS, drawLegend, drawStrip, outside, scale } from "./phase_scale.js";
import { Raster } from "./raster.js";
import { stripes } from "./stripes.js";

/** In the table, numbers from here on are growth; those below are steps for a digit, on a log scale. */
const GROWS = 32768;
/** So near to the theory's optimum the mark goes to it, in CSS pixels. */
const SNAP = 9;

/**
 * @typedef {object} Diagram
 * @property {number} columns
 * @property {number} rows
 * @property {Uint16Array} table       Row by row, the lowest momentum first.
 * @property {Uint8Array} swings       How many of the two axes swing.
 * @property {number} highest          The learning rate at the right edge.
 * @property {number} fastest          Steps for a digit at the two ends of the scale.
 * @property {number} slowest
 * @property {{lr: number, momentum: number}} optimum
 * @property {{lr: number, momentum: number}} plain     The best without momentum.
 * @property {number} overshoots
 * @property {number} diverges
 * @property {[number, number]} curvatures              Of the flat axis and of the steep one.
 */

export class PhaseMap {
  /**
   * @param {string} label
   * @param {() => void} again
   */
  constructor(label, again) {
    this.sheet = new Sheet({ class: "sheet map", role: "img", "data-testid": "diagram", "aria-label": label });
    this.handle = element("div", { class: "handle grip", "data-testid": "mark", role: "group", "data-arrows": true, tabindex: 0, "aria-label": "The pair that runs: arrow keys move it" });
    this.raster = new Raster();
    this.box = { x: 0, y: 0, w: 1, h: 1 };
    /** @type {Diagram | null} */
    this.diagram = null;
    /** @type {{lr: number, momentum: number} | null} Under the pointer. */
    this.pointed = null;
    this.painted = "";
    const { canvas } = this.sheet;
    canvas.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      this.pointed = event.pointerType === "mouse" && this.on(event.offsetX, event.offsetY) ? this.at(event.offsetX, event.offsetY) : null;
      again();
    });
    canvas.addEventListener("pointerleave", () => { this.pointed = null; again(); });
  }

  show(/** @type {Diagram} */ diagram) {
    this.diagram = diagram;
    this.painted = "";
  }

  /** From a pair to CSS pixels. */
  where(/** @type {{lr: number, momentum: number}} */ { lr, momentum }) {
    const { highest = 4, rows = 100 } = this.diagram ?? {};
    const { x, y, w, h } = this.box;
    return [x + (w * lr) / highest, y + h * (1 - momentum - 0.5 / rows)];
  }

  /** And back: a pair with two decimals, or the theory's optimum very close to it. */
  at(/** @type {number} */ px, /** @type {number} */ py) {
    const { highest, rows, optimum } = /** @type {Diagram} */ (this.diagram);
    const { x, y, w, h } = this.box;
    const [ox, oy] = this.where(optimum);
    if (Math.hypot(px - ox, py - oy) < SNAP) return rounded(optimum);
    return {
      lr: Math.min(highest, Math.max(0.01, Math.round((100 * highest * (px - x)) / w) / 100)),
      momentum: Math.min(0.99, Math.max(0, Math.round(100 * (1 - (py - y) / h - 0.5 / rows)) / 100)),
    };
  }

  on(/** @type {number} */ px, /** @type {number} */ py) {
    const { x, y, w, h } = this.box;
    return px >= x && px <= x + w && py >= y && py <= y + h;
  }

  /** What the table says of a pair: steps for a digit, or growth at each step. */
  read(/** @type {{lr: number, momentum: number}} */ { lr, momentum }) {
    const { columns, rows, table, swings, highest, fastest, slowest } = /** @type {Diagram} */ (this.diagram);
    const column = Math.min(columns - 1, Math.max(0, Math.floor((lr / highest) * columns)));
    const row = Math.min(rows - 1, Math.max(0, Math.round(momentum * rows)));
    const code = table[row * columns + column];
    return code < GROWS
      ? { steps: fastest * (slowest / fastest) ** (code / (GROWS - 1)), growth: 0, swings: swings[row * columns + column] }
      : { steps: Infinity, growth: 1 + (3 * (code - GROWS)) / (GROWS - 1), swings: swings[row * columns + column] };
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {{size: number, chosen: {lr: number, momentum: number}, held: boolean, brief: boolean}} scene `brief`: few words,
   *   and where it is wide enough the legend above it, so that the diagram has the room.
   */
  draw(theme, { size, chosen, held, brief }) {
    const resized = this.sheet.fit();
    const context = this.sheet.blank();
    context.font = `${size}px ${theme.font}`;
    const { width, height } = this.sheet;
    const above = brief && width > size * 26;
    const left = Math.ceil(context.measureText("0.8").width) + 12;
    this.box = { x: left, y: Math.round(size * 1.7), w: Math.max(60, width - left - size), h: Math.max(60, height - Math.round(size * (above ? 4.7 : 7.9))) };
    this.paint(theme, resized);
    const { x, y, w, h } = this.box;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.raster.canvas, x, y, w, h);
    this.hatch(context, theme);
    drawBorders(this, context, theme);
    this.axes(context, theme, size);
    drawLabels(this, context, theme, size, brief);
    (above ? drawStrip : drawLegend)(this, context, theme, size);
    this.cursor(context, theme, chosen, held);
    if (this.pointed && !held) this.reading(context, theme, size);
  }

  paint(theme, /** @type {boolean} */ resized) {
    if (!this.diagram || (this.painted === theme.key && !resized)) return;
    this.painted = theme.key;
    const { columns, rows, table } = this.diagram;
    const grey = pixel(outside(theme));
    const bands = scale(theme).map((colour) => pixel(colour));
    this.raster.size(columns, rows);
    for (let row = 0; row < rows; row += 1) {
      for (let i = 0; i < columns; i += 1) {
        const code = table[row * columns + i];
        this.raster.pixels[(rows - 1 - row) * columns + i] = code < GROWS ? bands[Math.min(BANDS - 1, Math.floor((code / GROWS) * BANDS))] : grey;
      }
    }
    this.raster.show();
  }

  /** The part that diverges: past 2 (1 + m) / curvature. */
  beyond(context) {
    const { diverges, highest } = /** @type {Diagram} */ (this.diagram);
    const { x, y, w, h } = this.box;
    context.beginPath();
    context.moveTo(...this.where({ lr: diverges, momentum: 0 }));
    context.lineTo(x + Math.min(w, (w * diverges * 2) / highest), y);
    context.lineTo(x + w, y);
    context.lineTo(x + w, y + h);
    context.lineTo(this.where({ lr: diverges, momentum: 0 })[0], y + h);
    context.closePath();
  }

  hatch(context, theme) {
    const { x, y, w, h } = this.box;
    context.save();
    this.beyond(context);
    context.clip();
    stripes(context, theme, x, y, w, h);
    context.restore();
  }

  axes(context, theme, /** @type {number} */ size) {
    const { highest } = /** @type {Diagram} */ (this.diagram);
    const { x, y, w, h } = this.box;
    Object.assign(context, { strokeStyle: theme.border, fillStyle: theme.muted, lineWidth: 1, textAlign: "center", textBaseline: "top" });
    context.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
    const across = ticks(0, highest, Math.max(2, Math.round(w / (size * 6))));
    for (const value of across.values) context.fillText(tickText(value, across.step), x + (w * value) / highest, y + h + 5);
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const value of [0, 0.2, 0.4, 0.6, 0.8]) context.fillText(tickText(value, 0.2), x - 6, this.where({ lr: 0, momentum: value })[1]);
    Object.assign(context, { fillStyle: theme.ink, textAlign: "left", textBaseline: "top" });
    context.fillText("momentum", 0, 0);
    context.textAlign = "center";
    context.fillText("learning rate", x + w / 2, y + h + 5 + size * 1.35);
  }

  cursor(context, theme, chosen, /** @type {boolean} */ held) {
    const [px, py] = this.where(chosen);
    this.handle.style.transform = `translate(${Math.round(px)}px, ${Math.round(py)}px)`;
    const radius = held ? 10 : 8;
    for (const [colour, wide] of /** @type {[string, number][]} */ ([[theme.paper, 6.5], [theme.accent, 3]])) {
      Object.assign(context, { strokeStyle: colour, lineWidth: wide });
      context.beginPath();
      context.arc(px, py, radius, 0, 2 * Math.PI);
      context.stroke();
    }
    context.fillStyle = theme.accent;
    context.beginPath();
    context.arc(px, py, 2, 0, 2 * Math.PI);
    context.fill();
  }

  reading(context, theme, /** @type {number} */ size) {
    const pair = /** @type {{lr: number, momentum: number}} */ (this.pointed);
    const { fastest } = /** @type {Diagram} */ (this.diagram);
    const { steps, growth, swings } = this.read(pair);
    const said = [
      `rate ${pair.lr.toFixed(2)}, momentum ${pair.momentum.toFixed(2)}`,
      growth ? `diverges: grows by ${growth.toFixed(2)} a step` : `${steps < 1.01 * fastest ? "at most " : ""}${short(steps)} steps for one more digit`,
      growth ? "" : ["no axis swings", "one axis swings", "both axes swing"][swings],
    ].filter(Boolean);
    const [px, py] = this.where(pair);
    const wide = Math.max(...said.map((one) => context.measureText(one).width)) + 16;
    const tall = said.length * size * 1.35 + 8;
    const at = [px + 14 + wide > this.sheet.width ? px - 14 - wide : px + 14, Math.min(py + 10, this.box.y + this.box.h - tall)];
    Object.assign(context, { fillStyle: theme.paper, strokeStyle: theme.border, lineWidth: 1, textAlign: "left", textBaseline: "top" });
    context.beginPath();
    context.roundRect(at[0], at[1], wide, tall, 5);
    context.fill();
    context.stroke();
    context.fillStyle = theme.ink;
    said.forEach((one, i) => context.fillText(one, at[0] + 8, at[1] + 5 + i * size * 1.35));
  }

  say(/** @type {string} */ words) {
    mark(this.sheet.canvas, "aria-label", words);
  }
}

/** A pair as a link holds it: four digits are enough for the eye, and for critical damping. */
export function rounded(/** @type {{lr: number, momentum: number}} */ { lr, momentum }) {
  return { lr: Number(lr.toFixed(4)), momentum: Math.min(0.99, Number(momentum.toFixed(4))) };
}
