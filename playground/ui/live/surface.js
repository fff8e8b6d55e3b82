// What the network says everywhere on the plane, with the data on it; or one unit's say, while that unit is looked at.

import { ramp, rgb } from "./colours.js";
import { Sheet } from "./dom.js";
import { BANDS, drawBar, drawClasses, lines, scaleWords, shorten } from "./legend.js";
import { tick as tickText, ticks } from "./numbers.js";
import { drawPoints, nearest } from "./points.js";
import { contour, Raster, refine } from "./raster.js";

/**
 * @typedef {object} Shown  One unit instead of the output.
 * @property {CanvasImageSource | null} picture Its surface: from the focus block, or enlarged from its thumbnail.
 * @property {{y: number, side: number}} from
 * @property {number} scale
 */

export class OutputPicture {
  constructor() {
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "canvas-output", "aria-label": "The output", tabindex: "-1" });
    this.raster = new Raster();
    this.furniture = document.createElement("canvas");
    this.furnished = "";
    this.plot = { x: 0, y: 0, side: 0 };
    /** Height at which the square is as wide as the sheet, in CSS pixels: more would be empty. */
    this.tallest = 0;
    this.extent = [[0, 1], [0, 1]];
    /** A long name stands upright beside the numbers, or below them on a line of its own. */
    this.upright = this.apart = false;
    /** @type {import("./frame.js").Frame | null} */
    this.painted = null;
  }

  /** The output as a small picture for the network's own last unit; null where outputs stand for classes. */
  thumbnail(/** @type {import("./frame.js").Frame | null} */ tick) {
    return tick && tick.header.output_kind !== "classes" ? this.raster.canvas : null;
  }

  /** Colours the output of a tick; before anything is drawn that shows it. */
  paint(theme, scene, tick, /** @type {boolean} */ discretize) {
    this.painted = tick;
    const { blocks, header } = tick;
    this.discretize = discretize;
    if (header.output_kind === "classes") {
      const [rows, columns] = blocks.winner.shape;
      this.raster.paintClasses(blocks.winner.data, blocks.sure.data, columns, rows, scene.header.classes.length, theme, discretize);
      if (scene.blocks.fade) this.raster.fade(scene.blocks.fade.data);
      return;
    }
    const side = blocks.output.shape[0];
    const bands = header.output_kind === "probability" ? 2 : BANDS;
    const table = discretize ? ramp(rgb(theme.negative), rgb(theme.neutral), rgb(theme.positive), bands) : theme.diverging;
    const values = discretize ? refine(blocks.output.data, side, 4) : blocks.output.data;
    const wide = discretize ? side * 4 : side;
    this.raster.paint(values, wide, wide, table);
    const fade = scene.blocks.fade?.data;
    if (fade) this.raster.fade(discretize ? refine(fade, side, 4) : fade);
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {import("./frame.js").Frame | null} scene
   * @param {import("./frame.js").Frame | null} tick
   * @param {{validation: boolean, shown: Shown | null, size: number, version: number}} view
   */
  draw(theme, scene, tick, view) {
    this.sheet.fit();
    const context = this.sheet.blank();
    context.font = `${view.size}px ${theme.font}`;
    this.measure(view.size, scene, (word) => context.measureText(word).width);
    const { x, y, side } = this.plot;
    if (!scene || !tick) {
      context.fillStyle = theme.neutral;
      context.fillRect(x, y, side, side);
      return;
    }
    context.imageSmoothingQuality = "high";
    const { shown } = view;
    if (shown?.picture) context.drawImage(shown.picture, 0, shown.from.y, shown.from.side, shown.from.side, x, y, side, side);
    else if (!shown) context.drawImage(this.raster.canvas, x, y, side, side);
    if (!shown && tick.header.output_kind === "probability") this.border(context, theme, tick.blocks.output);
    this.furnish(theme, scene, tick, view);
    context.drawImage(this.furniture, 0, 0, this.sheet.width, this.sheet.height);
  }

  /** The line where the network is undecided. */
  border(context, theme, block) {
    const side = block.shape[0];
    const step = this.plot.side / side;
    const pieces = contour(block.data, side, 127.5);
    context.beginPath();
    for (let i = 0; i < pieces.length; i += 4) {
      context.moveTo(this.plot.x + (pieces[i] + 0.5) * step, this.plot.y + (pieces[i + 1] + 0.5) * step);
      context.lineTo(this.plot.x + (pieces[i + 2] + 0.5) * step, this.plot.y + (pieces[i + 3] + 0.5) * step);
    }
    context.strokeStyle = theme.ink;
    context.globalAlpha = 0.5;
    context.lineWidth = 1.25;
    context.stroke();
    context.globalAlpha = 1;
  }

  /** The square the picture fills: room for numbers left and below, for long names, and for the legend at the foot. */
  measure(/** @type {number} */ size, scene, /** @type {(word: string) => number} */ wide) {
    const { width, height } = this.sheet;
    const [across, up] = scene ? scene.header.axes.map((/** @type {number} */ i) => scene.header.inputs[i]) : ["", ""];
    this.upright = wide(up) > size * 2.7 - 8;
    this.apart = wide(across) > size * 5;
    const left = Math.round(size * (this.upright ? 4 : 2.7));
    const names = scene?.header.task === "classes" ? lines(scene.header.classes, width, size, wide).length : 1;
    const below = Math.round(size * ((this.apart ? 4.8 : 3.6) + (names - 1) * 1.35));
    this.tallest = Math.max(48, width - left - 8) + below + 8;
    const side = Math.max(40, Math.floor(Math.min(width - left - 8, height - below - 8)));
    this.plot = { x: Math.round((width - side - left - 8) / 2 + left), y: 6, side };
    if (scene) this.extent = scene.header.extent;
  }

  /** From data to canvas. */
  where = (/** @type {number} */ a, /** @type {number} */ b) => {
    const [[x0, x1], [y0, y1]] = this.extent;
    const { x, y, side } = this.plot;
    return /** @type {[number, number]} */ ([x + ((a - x0) / (x1 - x0)) * side, y + (1 - (b - y0) / (y1 - y0)) * side]);
  };

  /** The same for a point, which says how far it lies from the plane's lower left corner. */
  spot = (/** @type {number} */ dx, /** @type {number} */ dy) => this.where(dx + this.extent[0][0], dy + this.extent[1][0]);

  /** Points, axes and legend: drawn anew only when one of them changes, not at each frame. */
  furnish(theme, scene, tick, view) {
    const scale = view.shown ? view.shown.scale : 0;
    const { width, height, ratio } = this.sheet;
    const key = [theme.key, scene.header.scene, view.version, view.validation, scale, this.discretize, width, height, ratio, view.size].join();
    if (key === this.furnished) return;
    this.furnished = key;
    this.furniture.width = this.sheet.canvas.width;
    this.furniture.height = this.sheet.canvas.height;
    const context = /** @type {CanvasRenderingContext2D} */ (this.furniture.getContext("2d"));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = `${view.size}px ${theme.font}`;
    this.axes(context, theme, scene.header, view.size);
    const { x, y, side } = this.plot;
    context.save();
    context.beginPath();
    context.rect(x, y, side, side);
    context.clip();
    const count = scene.blocks.train.shape[0];
    const radius = Math.max(2.4, Math.min(4.2, side / 62)) * (count > 250 ? 0.88 : 1);
    drawPoints(context, theme, scene.header, scene.blocks.train, scene.blocks.train_near, this.spot, radius, false);
    if (view.validation) drawPoints(context, theme, scene.header, scene.blocks.val, scene.blocks.val_near, this.spot, radius, true);
    this.heldPoint(context, theme, scene, radius);
    context.restore();
    this.legend(context, theme, scene.header, tick.header, view);
  }

  heldPoint(context, theme, scene, radius) {
    const { held } = scene.header;
    if (typeof held !== "number") return;
    const { train, val } = scene.blocks;
    const count = train.shape[0];
    const [data, row] = held < count ? [train.data, held] : [val.data, held - count];
    if (3 * row + 1 >= data.length) return;
    const [x, y] = this.spot(data[3 * row], data[3 * row + 1]);
    context.beginPath();
    context.arc(x, y, radius + 4, 0, 2 * Math.PI);
    context.strokeStyle = theme.accent;
    context.lineWidth = 2.5;
    context.stroke();
  }

  axes(context, theme, header, size) {
    const { x, y, side } = this.plot;
    const [[x0, x1], [y0, y1]] = this.extent;
    const [across, up] = header.axes.map((/** @type {number} */ i) => header.inputs[i]);
    context.fillStyle = theme.muted;
    context.strokeStyle = theme.border;
    context.lineWidth = 1;
    context.strokeRect(x - 0.5, y - 0.5, side + 1, side + 1);
    const wanted = Math.max(3, Math.round(side / (size * 5)));
    context.textAlign = "center";
    context.textBaseline = "top";
    const name = this.apart ? -size : context.measureText(across).width;
    const horizontal = ticks(x0, x1, wanted);
    for (const value of horizontal.values) {
      const [at] = this.where(value, y0);
      if (at > x + side - name - size * 1.2) continue; // the name of the axis stands there
      context.fillText(tickText(value, horizontal.step), Math.min(Math.max(at, x), x + side), y + side + 4);
    }
    context.textAlign = "right";
    context.textBaseline = "middle";
    const vertical = ticks(y0, y1, wanted);
    for (const value of vertical.values) {
      const [, at] = this.where(x0, value);
      if (this.upright || at > y + size * 2.3) context.fillText(tickText(value, vertical.step), x - 5, Math.min(at, y + side - size / 2));
    }
    context.fillStyle = theme.ink;
    context.textBaseline = "top";
    if (this.apart) {
      context.textAlign = "center";
      context.fillText(shorten(context, across, side), x + side / 2, y + side + 4 + size * 1.25);
    } else context.fillText(across, x + side, y + side + 4);
    if (this.upright) {
      context.textAlign = "center";
      context.save();
      context.translate(x - size * 4, y + side / 2);
      context.rotate(-Math.PI / 2);
      context.fillText(shorten(context, up, side), 0, 0);
      context.restore();
    } else {
      context.textAlign = "right";
      context.fillText(up, x - 5, y);
    }
  }

  /** What the colours mean, with numbers. */
  legend(context, theme, scene, tick, { size, shown }) {
    const { plot, discretize } = this;
    const top = Math.round(plot.y + plot.side + 4 + size * (this.apart ? 2.8 : 1.65));
    const place = { plot, room: this.sheet.width, top, size };
    if (tick.output_kind === "classes" && !shown) return drawClasses(context, theme, scene.classes, place);
    drawBar(context, theme, scaleWords(shown ? shown.scale : null, scene, tick.output_kind === "value", discretize), place);
  }

  /** Row of the training point under a place on the canvas (validation points count on behind), or -1. */
  pointAt(scene, x, y, /** @type {boolean} */ validation) {
    const row = nearest(scene.blocks.train, this.spot, x, y);
    if (row >= 0 || !validation) return row;
    const other = nearest(scene.blocks.val, this.spot, x, y);
    return other < 0 ? -1 : scene.blocks.train.shape[0] + other;
  }
}
