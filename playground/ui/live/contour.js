// A surface from above: colours and contour lines on log levels, paths of those who walk on it, places worth a mark.
//
// The ground is painted once for a relief, a theme and a size; while something plays only the paths are drawn.

import { mark, Sheet } from "./dom.js";
import { lastOf, meets, pixels, same, sign, signed, sizes, walker } from "./heights.js";
import { drawAxes, drawScale, widest } from "./margin.js";
import { Names } from "./names.js";
import { drawPlace, drawStart } from "./places.js";
import { contour as cut, Raster } from "./raster.js";
import { word } from "./word.js";

/**
 * @typedef {import("./heights.js").Relief} Relief
 * @typedef {import("./heights.js").Path} Path
 *
 * @typedef {object} Place
 * @property {number} x
 * @property {number} y
 * @property {string} kind             `minimum`, `saddle`, `local`; anything else is a dot.
 * @property {string} [label]
 *
 * @typedef {object} Scene
 * @property {number} size             Of the type, in CSS pixels.
 * @property {Relief} relief           Painted again when it shows something else.
 * @property {number[][]} domain       `[[x0, x1], [y0, y1]]`; it fills the box.
 * @property {string[]} [names]        Of the axes.
 * @property {Path[]} [paths]
 * @property {{x: number, y: number, held?: boolean, label?: string} | null} [start]
 * @property {Place[]} [places]
 * @property {string} [scale]          What the colours say; "loss" unless told otherwise.
 * @property {boolean} [legend]        Whether the scale is drawn; it is unless told otherwise.
 * @property {(context: CanvasRenderingContext2D) => number[][]} [state]  Draws further marks, over the paths and under all names; hands back
 *                                     where no name should stand: places and radii.
 */

/** From this width on the scale stands beside the map, below it the scale lies under it. */
const BESIDE = 430;

export class Contour {
  /**
   * @param {string} name                What tests find it by.
   * @param {string} label               Its text alternative, until a better one is set on the canvas.
   * @param {() => void} again           Asks for a drawing.
   */
  constructor(name, label, again) {
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": name, "aria-label": label });
    this.again = again;
    this.raster = new Raster();
    this.names = new Names();
    this.ground = document.createElement("canvas");
    this.painted = "";
    /** @type {Relief | null} */
    this.relief = null;
    /** @type {Relief | null} */
    this.coloured = null;
    this.hue = "";
    this.box = { x: 0, y: 0, w: 1, h: 1 };
    /** Whether the scale stands beside the map. */
    this.beside = true;
    /** @type {number[][]} */
    this.domain = [[0, 1], [0, 1]];
  }

  /** From a place on the surface to CSS pixels. */
  where = (/** @type {number} */ x, /** @type {number} */ y) => {
    const [[x0, x1], [y0, y1]] = this.domain;
    const { x: left, y: top, w, h } = this.box;
    return /** @type {[number, number]} */ ([left + (w * (x - x0)) / (x1 - x0), top + h * (1 - (y - y0) / (y1 - y0))]);
  };

  /** And back; a pixel outside the map counts as the nearest one on it. */
  at = (/** @type {number} */ px, /** @type {number} */ py) => {
    const [[x0, x1], [y0, y1]] = this.domain;
    const { x: left, y: top, w, h } = this.box;
    const [u, v] = [(px - left) / w, 1 - (py - top) / h].map((part) => Math.min(1, Math.max(0, part)));
    return /** @type {[number, number]} */ ([x0 + u * (x1 - x0), y0 + v * (y1 - y0)]);
  };

  /** Whether a pixel lies on the map. */
  on(/** @type {number} */ px, /** @type {number} */ py) {
    const { x, y, w, h } = this.box;
    return px >= x && px <= x + w && py >= y && py <= y + h;
  }

  /** Says in words what it shows. */
  say(/** @type {string} */ words) {
    mark(this.sheet.canvas, "aria-label", words);
  }

  /**
   * Draws everything; the context it returns draws in CSS pixels.
   *
   * @param {import("./colours.js").Theme} theme
   * @param {Scene} scene
   * @returns {CanvasRenderingContext2D}
   */
  draw(theme, scene) {
    this.sheet.fit();
    const context = this.sheet.blank();
    context.font = `${scene.size}px ${theme.font}`;
    this.domain = scene.domain;
    this.measure(context, scene);
    this.paint(theme, scene);
    context.drawImage(this.ground, 0, 0, this.sheet.width, this.sheet.height);
    const paths = scene.paths ?? [];
    const { x, y, w, h } = this.box;
    context.save();
    context.beginPath();
    context.rect(x, y, w, h);
    context.clip();
    for (const path of paths) this.trace(context, path, theme.paper, 5, 0.85);
    for (const path of paths) this.trace(context, path, path.colour, 2.5, 1);
    const marks = scene.state?.(context) ?? [];
    context.restore();
    this.names.begin({ x: x + 2, y: y + 2, w: w - 4, h: h - 4 });
    for (const [at, level, radius] of marks) this.names.take(at, level, radius);
    const ends = paths.map((path) => this.end(path));
    for (const end of ends) if (end) this.names.take(end.x, end.y, 8);
    if (scene.start) this.names.take(...this.where(scene.start.x, scene.start.y), 13);
    for (const place of scene.places ?? []) {
      const [px, py] = this.where(place.x, place.y);
      if (!this.on(px, py)) continue;
      this.names.take(px, py, 7);
      drawPlace(context, theme, place.kind, px, py);
    }
    if (scene.start) drawStart(context, theme, ...this.where(scene.start.x, scene.start.y), Boolean(scene.start.held));
    const radii = sizes(ends, Math.max(6, scene.size * 0.5));
    ends.forEach((end, i) => end && walker(context, theme, paths[i], end.x, end.y, radii[i], end.out));
    ends.forEach((end, i) => end && this.name(context, theme, paths[i], end, scene.size, `path ${i}`, meets(ends, i)));
    this.placeNames(context, theme, scene);
    return context;
  }

  /** The box the map fills: room for numbers left and below, for the axes' names and for the scale. */
  measure(context, /** @type {Scene} */ { size, legend, domain }) {
    const { width, height } = this.sheet;
    this.beside = width >= BESIDE;
    const top = Math.round(size * 1.6);
    const below = size * (legend === false || this.beside ? 2.9 : 6.2);
    const left = Math.max(size * 1.6, widest(context, domain[1], height - top - below, size)) + 8;
    const right = legend === false ? size * 0.6 : this.beside ? size * 6.1 : size * 0.6;
    this.box = { x: Math.round(left), y: top, w: Math.max(40, Math.round(width - left - right)), h: Math.max(40, Math.round(height - top - below)) };
  }

  /** The ground, unless it is there already. */
  paint(theme, /** @type {Scene} */ scene) {
    const { width, height, ratio } = this.sheet;
    const key = [theme.key, width, height, ratio, scene.size, scene.domain, scene.names, scene.scale, scene.legend].join("|");
    if (key === this.painted && same(scene.relief, this.relief)) return;
    Object.assign(this, { painted: key, relief: scene.relief });
    this.colour(theme, scene.relief);
    this.ground.width = this.sheet.canvas.width;
    this.ground.height = this.sheet.canvas.height;
    const context = /** @type {CanvasRenderingContext2D} */ (this.ground.getContext("2d"));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = `${scene.size}px ${theme.font}`;
    const { x, y, w, h } = this.box;
    const { side } = scene.relief;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.raster.canvas, 0.5, 0.5, side - 1, side - 1, x, y, w, h); // samples at the very edges
    this.lines(context, theme, scene.relief);
    drawAxes(context, theme, this.box, scene);
    if (scene.legend !== false) drawScale(context, theme, this.box, scene, this.beside);
  }

  colour(theme, /** @type {Relief} */ relief) {
    if (theme.key === this.hue && same(relief, this.coloured)) return;
    Object.assign(this, { coloured: relief, hue: theme.key });
    const { side, shares } = relief;
    const upright = new Uint8Array(side * side); // a picture's first row is its top
    for (let row = 0; row < side; row += 1) {
      for (let i = 0; i < side; i += 1) upright[(side - 1 - row) * side + i] = shares[row * side + i] >> 8;
    }
    this.raster.paint(upright, side, side, pixels(theme));
  }

  lines(context, theme, /** @type {Relief} */ { side, shares, levels }) {
    const { x, y, w, h } = this.box;
    const [across, down] = [w / (side - 1), h / (side - 1)];
    Object.assign(context, { strokeStyle: theme.dark ? theme.ink : "#1b2430", globalAlpha: theme.dark ? 0.26 : 0.34, lineWidth: 1, lineCap: "round" });
    context.beginPath();
    for (const level of Array.from(levels)) {
      const pieces = cut(shares, side, level * 65535);
      for (let i = 0; i < pieces.length; i += 4) {
        context.moveTo(x + pieces[i] * across, y + h - pieces[i + 1] * down);
        context.lineTo(x + pieces[i + 2] * across, y + h - pieces[i + 3] * down);
      }
    }
    context.stroke();
    context.globalAlpha = 1;
  }

  /** One path up to its last step. */
  trace(context, /** @type {Path} */ path, /** @type {string} */ colour, /** @type {number} */ width, /** @type {number} */ alpha) {
    const last = lastOf(path);
    if (last < 0) return;
    context.beginPath();
    let pen = false;
    for (let i = 0; i <= last; i += 1) {
      const [px, py] = this.where(path.x[i], path.y[i]).map(near);
      if (!Number.isFinite(px) || !Number.isFinite(py)) pen = false;
      else if (pen) context.lineTo(px, py);
      else {
        context.moveTo(px, py);
        pen = true;
      }
    }
    Object.assign(context, { strokeStyle: colour, lineWidth: width, lineJoin: "round", lineCap: "round", globalAlpha: alpha });
    context.stroke();
    context.globalAlpha = 1;
  }

  /** Where the walker stands; `out` where that is outside the map, and the mark shows where it left. */
  end(/** @type {Path} */ path) {
    const last = lastOf(path);
    if (last < 0) return null;
    const here = this.where(path.x[last], path.y[last]);
    if (this.on(...here)) return { x: here[0], y: here[1], out: false };
    let i = last;
    while (i > 0 && !this.on(...this.where(path.x[i - 1], path.y[i - 1]))) i -= 1;
    const { x, y, w, h } = this.box;
    if (i === 0) return { x: Math.min(x + w, Math.max(x, near(here[0]))), y: Math.min(y + h, Math.max(y, near(here[1]))), out: true };
    const [a, b] = [this.where(path.x[i - 1], path.y[i - 1]), this.where(path.x[i], path.y[i])];
    const stay = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ low, /** @type {number} */ high) =>
      (to > high ? (high - from) / (to - from) : to < low ? (low - from) / (to - from) : 1);
    const part = Math.min(stay(a[0], b[0], x, x + w), stay(a[1], b[1], y, y + h));
    return { x: a[0] + part * (b[0] - a[0]), y: a[1] + part * (b[1] - a[1]), out: true };
  }

  name(context, theme, /** @type {Path} */ path, end, /** @type {number} */ size, /** @type {string} */ key, /** @type {boolean} */ marked) {
    if (!path.name) return;
    const spot = /** @type {import("./names.js").Box} */ (this.names.place(key, end.x, end.y, signed(context, path.name, size, marked), size * 1.2));
    const middle = spot.y + spot.h / 2;
    if (Math.abs(middle - end.y) > size * 1.5) { // too far to be seen as its name: a line leads there
      const [from, to] = [spot.x > end.x ? spot.x - 2 : spot.x + spot.w + 2, end.x + (spot.x > end.x ? 6 : -6)];
      Object.assign(context, { strokeStyle: path.colour, lineWidth: 1.5 });
      context.beginPath();
      context.moveTo(to, end.y + Math.sign(middle - end.y) * 5);
      context.lineTo(from, middle);
      context.stroke();
    }
    sign(context, theme, path, spot, size, marked);
  }

  /** Labels of the places: those that find no room are left out, their marks stay. */
  placeNames(context, theme, /** @type {Scene} */ { places = [], start, size }) {
    Object.assign(context, { textAlign: "left", textBaseline: "middle" });
    const write = (/** @type {string} */ key, label, /** @type {number} */ x, /** @type {number} */ y, away = 12) => {
      const [px, py] = this.where(x, y);
      if (!label || !this.on(px, py)) return;
      const spot = this.names.place(key, px, py, context.measureText(label).width, size * 1.2, { needed: false, away });
      if (spot) word(context, theme, label, spot.x, spot.y + spot.h / 2);
    };
    if (start) write("start", start.label ?? "start", start.x, start.y, 17);
    places.forEach((place, i) => write(`place ${i}`, place.label, place.x, place.y));
  }
}

/** Canvas paths far outside cost time and break in some browsers. */
function near(/** @type {number} */ pixel) {
  return Math.min(1e5, Math.max(-1e5, pixel));
}
