// Every pair of learning rate and momentum at once: how many steps one more digit takes, where it swings, where it diverges.

import { css, lightness, mix, pixel, rgb } from "./colours.js";
import { element, mark, Sheet } from "./dom.js";
import { word } from "./heights.js";
import { short, tick as tickText, ticks } from "./numbers.js";
import { Raster } from "./raster.js";

/** In the table, numbers from here on are growth; those below are steps for a digit, on a log scale. */
const GROWS = 32768;
/** Cividis, quick (light) to slow (dark): as even for the colour-blind as for others. */
const STOPS = ["#fee838", "#e1cc55", "#c3b369", "#a59c74", "#8a8678", "#707173", "#575d6d", "#3b496c", "#123570", "#00224e"];
/** Bands of the scale: between two of them one can see an edge. */
const BANDS = 24;
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
   * @param {{size: number, chosen: {lr: number, momentum: number}, held: boolean}} scene
   */
  draw(theme, { size, chosen, held }) {
    const resized = this.sheet.fit();
    const context = this.sheet.blank();
    context.font = `${size}px ${theme.font}`;
    const { width, height } = this.sheet;
    const left = Math.ceil(context.measureText("0.8").width) + 12;
    this.box = { x: left, y: Math.round(size * 1.7), w: Math.max(60, width - left - size), h: Math.max(60, height - Math.round(size * 7.9)) };
    this.paint(theme, resized);
    const { x, y, w, h } = this.box;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.raster.canvas, x, y, w, h);
    this.hatch(context, theme);
    this.borders(context, theme);
    this.axes(context, theme, size);
    this.labels(context, theme, size);
    this.legend(context, theme, size);
    this.cursor(context, theme, chosen, held);
    if (this.pointed && !held) this.reading(context, theme, size);
  }

  paint(theme, /** @type {boolean} */ resized) {
    if (!this.diagram || (this.painted === theme.key && !resized)) return;
    this.painted = theme.key;
    const { columns, rows, table } = this.diagram;
    const grey = pixel(mix(rgb(theme.paper), rgb(theme.ink), theme.dark ? 0.2 : 0.14));
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

  /** Where the swinging of each axis begins, and the limit. */
  borders(context, theme) {
    const { diverges, highest, curvatures } = /** @type {any} */ (this.diagram);
    context.save();
    const { x, y, w, h } = this.box;
    context.beginPath();
    context.rect(x, y, w, h);
    context.clip();
    Object.assign(context, { strokeStyle: theme.ink, globalAlpha: 0.75, lineWidth: 1.25, lineJoin: "round" });
    context.setLineDash([2, 4]);
    for (const curvature of curvatures) { // equal roots: (1 + m - r c)² = 4 m, that is m = (1 - √(r c))²
      context.beginPath();
      for (let i = 0; i <= 200; i += 1) {
        const lr = (highest * i) / 200;
        context.lineTo(...this.where({ lr, momentum: (1 - Math.sqrt(lr * curvature)) ** 2 }));
      }
      context.stroke();
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(this.where({ lr: diverges, momentum: 0 })[0], y + h);
    context.lineTo(...this.where({ lr: diverges, momentum: 0 }));
    context.lineTo(...this.where({ lr: 2 * diverges, momentum: 1 }));
    context.stroke();
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

  labels(context, theme, /** @type {number} */ size) {
    const { overshoots, diverges, highest, optimum, plain } = /** @type {Diagram} */ (this.diagram);
    const { x, y, w, h } = this.box;
    Object.assign(context, { textBaseline: "middle", textAlign: "left" });
    const low = h < size * 13; // no room for everything
    for (const [lr, said, dash] of /** @type {[number, string, number[]][]} */ ([[overshoots, "1 / curvature: overshoots", [5, 4]], [diverges, "2 / curvature: diverges", []]])) {
      const at = Math.round(x + (w * lr) / highest) + 0.5;
      Object.assign(context, { strokeStyle: theme.ink, lineWidth: 2 });
      context.setLineDash(dash);
      context.beginPath();
      context.moveTo(at, y + h);
      context.lineTo(at, y + h - size * (low ? 3 : 4));
      if (dash.length) context.stroke();
      context.setLineDash([]);
      const wide = context.measureText(said).width;
      const tier = y + h - size * (!dash.length ? 1 : low ? 2.6 : 3.4);
      word(context, theme, said, at + 6 + wide < x + w ? at + 6 : at - 6 - wide, tier);
    }
    this.regions(context, theme, size);
    if (w > size * 26 && !low) { // along the limit
      const [[x0, y0], [x1, y1]] = [this.where({ lr: diverges, momentum: 0 }), this.where({ lr: 2 * diverges, momentum: 1 })];
      context.save();
      context.translate(x0 + 0.62 * (x1 - x0), y0 + 0.62 * (y1 - y0));
      context.rotate(Math.atan2(y1 - y0, x1 - x0));
      context.textAlign = "center";
      word(context, theme, "2 (1 + m) / curvature", 0, size * 0.95);
      context.restore();
    }
    this.place(context, theme, plain, low ? "" : "best without momentum", size, false);
    this.place(context, theme, optimum, "best: Polyak 1964", size, true);
  }

  /** What the axes do between the dotted lines, where there is room to say so. */
  regions(context, theme, /** @type {number} */ size) {
    const { curvatures, highest } = /** @type {any} */ (this.diagram);
    const border = (/** @type {number} */ lr, /** @type {number} */ c) => Math.max(0, 1 - Math.sqrt(lr * c)) ** 2;
    context.textAlign = "center";
    for (const [said, lr, low, high] of /** @type {[string, number, number, number][]} */ ([
      ["both axes swing", 0.52 * highest, border(0.52 * highest, curvatures[0]), 1],
      ["one axis swings", 0.3 * highest, 0.25, border(0.3 * highest, curvatures[0])],
    ])) {
      const [px, top] = this.where({ lr, momentum: high });
      const bottom = this.where({ lr, momentum: low })[1];
      if (bottom - top > size * 3.4 && this.box.w > size * 26) word(context, theme, said, px, (top + bottom) / 2);
    }
    context.textAlign = "left";
  }

  /** A place of the theory: a star, or a small ring. */
  place(context, theme, pair, /** @type {string} */ said, /** @type {number} */ size, /** @type {boolean} */ star) {
    const { x, w } = this.box;
    const [px, py] = this.where(pair);
    for (const [colour, wide] of /** @type {[string, number][]} */ ([[theme.paper, 5], [theme.ink, 2]])) {
      Object.assign(context, { strokeStyle: colour, lineWidth: wide, lineCap: "round" });
      context.beginPath();
      if (star) {
        for (let k = 0; k < 3; k += 1) {
          const [dx, dy] = [7 * Math.sin((k * Math.PI) / 3), 7 * Math.cos((k * Math.PI) / 3)];
          context.moveTo(px - dx, py - dy);
          context.lineTo(px + dx, py + dy);
        }
      } else context.arc(px, py, 4.5, 0, 2 * Math.PI);
      context.stroke();
    }
    const wide = context.measureText(said).width;
    const left = px - 12 - wide > x + 2;
    Object.assign(context, { textAlign: "left", textBaseline: "middle" });
    const at = left ? px - 12 - wide : Math.min(px + 12, x + w - wide - 2);
    if (star || px - x > wide) word(context, theme, said, at, py - (star ? 0 : size * 0.75));
  }

  /** What the colours mean. */
  legend(context, theme, /** @type {number} */ size) {
    const { fastest, slowest } = /** @type {Diagram} */ (this.diagram);
    const { x, y, w, h } = this.box;
    const top = y + h + size * 3.7;
    const tail = context.measureText("diverges").width + size * 2.6;
    const wide = w - tail - size;
    scale(theme).forEach((colour, i) => {
      context.fillStyle = css(colour);
      context.fillRect(x + (wide * i) / BANDS, top, wide / BANDS + 0.5, size * 0.9);
    });
    context.save();
    context.beginPath();
    context.rect(x + wide + size, top, size * 2, size * 0.9);
    context.fillStyle = css(mix(rgb(theme.paper), rgb(theme.ink), theme.dark ? 0.2 : 0.14));
    context.fill();
    context.clip();
    stripes(context, theme, x + wide + size, top, size * 2, size * 0.9);
    context.restore();
    Object.assign(context, { fillStyle: theme.ink, textAlign: "left", textBaseline: "middle" });
    context.fillText("diverges", x + wide + size * 3.4, top + size * 0.5);
    context.textBaseline = "top";
    const name = "steps for one more digit";
    context.fillText(name, x, top + size * 1.15);
    Object.assign(context, { fillStyle: theme.muted, textAlign: "center" });
    let from = x + context.measureText(name).width;
    for (const value of [3, 10, 30, 100, 300, 1000]) {
      const at = x + (wide * Math.log(value / fastest)) / Math.log(slowest / fastest);
      const text = value === slowest ? `${short(value)}+` : short(value);
      const half = context.measureText(text).width / 2;
      if (at - half < from + size * 0.6) continue;
      from = at + half;
      context.fillText(text, at, top + size * 1.15);
    }
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

/** The colours from quick to slow, a little nearer to the paper so that words stand out on them. */
function scale(/** @type {import("./colours.js").Theme} */ theme) {
  const [stops, paper] = [STOPS.map(rgb), rgb(theme.paper)];
  return Array.from({ length: BANDS }, (_, i) => {
    const at = (i / (BANDS - 1)) * (stops.length - 1);
    const k = Math.min(stops.length - 2, Math.floor(at));
    return mix(mix(stops[k], stops[k + 1], at - k), paper, theme.dark ? 0.2 : 0.16);
  });
}

/** Slanted lines over a box. */
export function stripes(context, theme, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ w, /** @type {number} */ h, gap = 8) {
  const ink = rgb(theme.ink);
  Object.assign(context, { strokeStyle: css(mix(rgb(theme.paper), ink, lightness(ink) > 0.5 ? 0.42 : 0.32)), lineWidth: 1 });
  context.setLineDash([]);
  context.beginPath();
  for (let k = -h; k < w; k += gap) {
    context.moveTo(x + k, y + h);
    context.lineTo(x + k + h, y);
  }
  context.stroke();
}

/** A pair as a link holds it: four digits are enough for the eye, and for critical damping. */
export function rounded(/** @type {{lr: number, momentum: number}} */ { lr, momentum }) {
  return { lr: Number(lr.toFixed(4)), momentum: Math.min(0.99, Number(momentum.toFixed(4))) };
}
