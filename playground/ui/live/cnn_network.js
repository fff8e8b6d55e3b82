// The network as a picture: what it is given, every stage's maps, the wires between them, and the bars of its answer.

import { BARS, columns, rows } from "./cnn_layout.js";
import { picture, sum, table } from "./cnn_paint.js";
import { Sheet } from "./dom.js";
import { percent } from "./numbers.js";
import { Raster } from "./raster.js";

/** More wires than this between two stages are a band. */
const WIRES = 300;

/** Steps of the picture that one step of a stage's maps is. */
export function pace(/** @type {any[]} */ stages, /** @type {number} */ s) {
  let steps = 1;
  for (const stage of stages.slice(0, s + 1)) {
    const [kind, ...numbers] = stage.word.split(":");
    const at = { conv: 2, res: 1, max: 1, avg: 1 }[/** @type {"conv"} */ (kind)];
    if (at !== undefined) steps *= Number(numbers[at] ?? (kind === "max" || kind === "avg" ? numbers[0] : 1));
  }
  return steps;
}

export class NetworkOfMaps {
  constructor() {
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "canvas-network", "aria-label": "Network" });
    /** @type {import("./cnn_layout.js").Layout | null} */
    this.layout = null;
    this.input = new Raster();
    /** @type {Raster[]} The maps of each stage, one below the other. */
    this.maps = [];
    this.placed = "";
  }

  /** Finds everything's place; only where the network or the room is another one. */
  place(/** @type {Record<string, any>} */ scene, /** @type {{width: number, height: number, size: number, narrow: boolean, head: number}} */ room) {
    const key = JSON.stringify([scene.scene, room]);
    if (key === this.placed) return;
    this.placed = key;
    this.layout = room.narrow ? rows(scene, room) : columns(scene, room);
  }

  /** The maps of one stage in a tick: bytes, how many, and their sides. */
  static mapsOf(scene, tick, /** @type {number} */ s) {
    let at = 0;
    const { stages } = scene.header;
    for (let i = 0; i < s; i += 1) at += stages[i].maps * (stages[i].side?.[0] ?? 0) * (stages[i].side?.[1] ?? 0);
    const { maps, side } = stages[s];
    const data = tick.blocks.maps?.data.subarray(at, at + maps * side[0] * side[1]);
    return { data, maps, h: side[0], w: side[1] };
  }

  /** The units of one flat stage. */
  static unitsOf(scene, tick, /** @type {number} */ s) {
    const { stages } = scene.header;
    const flat = tick.blocks.flat?.data ?? new Uint8Array(0);
    let at = 0;
    for (let i = 0; i < s; i += 1) at += stages[i].units;
    return flat.subarray(at, at + stages[s].units);
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {import("./frame.js").Frame} scene
   * @param {import("./frame.js").Frame} tick
   * @param {{marked: {stage: number, map: number, at?: {x: number, y: number}} | null, size: number}} view
   */
  draw(theme, scene, tick, { marked, size }) {
    const { layout } = this;
    if (!layout) return;
    this.sheet.fit();
    const context = this.sheet.blank();
    context.font = `${size}px ${theme.font}`;
    const { stages } = scene.header;
    if (!layout.rows) this.wires(context, theme, stages, marked);
    context.imageSmoothingEnabled = false;
    layout.columns.forEach((column, c) => {
      const s = c - 1;
      if (column.kind === "input") this.given(context, theme, tick, column.box);
      else if (column.kind === "maps") this.tiles(context, theme, scene, tick, s, column);
      else if (column.kind === "flat") this.units(context, theme, scene, tick, s, column);
    });
    const last = layout.columns[layout.columns.length - 1];
    this.bars(context, theme, scene.header, tick, last.box, size);
    if (marked) this.mark(context, theme, scene.header, marked);
  }

  given(context, theme, tick, box) {
    const { image } = tick.blocks;
    if (!image) return;
    const now = sum(image.data);
    if (now !== this.shown) {
      this.shown = now;
      picture(this.input, image);
    }
    context.drawImage(this.input.canvas, box.x, box.y, box.w, box.h);
    frame(context, theme.border, box);
  }

  tiles(context, theme, scene, tick, /** @type {number} */ s, column) {
    const { data, maps, h, w } = NetworkOfMaps.mapsOf(scene, tick, s);
    if (!data?.length) return;
    const raster = (this.maps[s] ??= new Raster());
    raster.paint(data, w, h * maps, table(theme, Boolean(tick.header.stage_signed?.[s])));
    const smooth = column.tiles[0].w * (window.devicePixelRatio || 1) < 3 * w;
    context.imageSmoothingEnabled = smooth;
    context.imageSmoothingQuality = "high";
    column.tiles.forEach((box, i) => {
      context.drawImage(raster.canvas, 0, i * h, w, h, box.x, box.y, box.w, box.h);
      if (theme.dark) frame(context, theme.grid, box);
    });
    context.imageSmoothingEnabled = false;
  }

  /** A row of units as cells: bright ones fire. */
  units(context, theme, scene, tick, /** @type {number} */ s, column) {
    const values = NetworkOfMaps.unitsOf(scene, tick, s);
    if (!values.length) return;
    const raster = (this.maps[s] ??= new Raster());
    const colours = table(theme, Boolean(tick.header.stage_signed?.[s]));
    const { rows: lying } = /** @type {import("./cnn_layout.js").Layout} */ (this.layout);
    const each = Math.ceil(values.length / column.tiles.length);
    if (lying) raster.paint(values, values.length, 1, colours);
    else raster.paint(values, 1, values.length, colours);
    column.tiles.forEach((box, i) => {
      const n = Math.min(each, values.length - i * each);
      if (lying) context.drawImage(raster.canvas, 0, 0, n, 1, box.x, box.y, box.w, box.h);
      else context.drawImage(raster.canvas, 0, i * each, 1, n, box.x, box.y, box.w, (box.h * n) / each);
      frame(context, theme.border, { ...box, h: lying ? box.h : (box.h * n) / each });
    });
  }

  /** Wires from column to column: all to all where sums are made of all maps, one to one where each map is pooled. */
  wires(context, theme, stages, marked) {
    const { columns: all } = /** @type {import("./cnn_layout.js").Layout} */ (this.layout);
    for (let c = 1; c < all.length; c += 1) {
      const [from, to, stage] = [all[c - 1], all[c], stages[c - 1]];
      const single = ["max", "avg", "drop"].includes(stage.kind) || (stage.kind === "gap" && to.kind === "maps");
      const [starts, ends] = [ports(from, true), ports(to, false)];
      const pairs = single && starts.length === ends.length ? starts.length : starts.length * ends.length;
      const hit = marked && marked.stage === c - 1;
      context.lineWidth = 1;
      context.strokeStyle = theme.border;
      context.globalAlpha = pairs > 40 ? 0.4 : 0.75;
      if (pairs > WIRES) band(context, theme, starts, ends);
      else if (single && starts.length === ends.length) starts.forEach((start, i) => wire(context, start, ends[i]));
      else for (const start of starts) for (const end of ends) wire(context, start, end);
      if (hit && ends[marked.map]) {
        context.globalAlpha = 0.9;
        context.strokeStyle = theme.accent;
        const sources = single && starts.length === ends.length ? [starts[marked.map]] : starts;
        for (const start of sources) wire(context, start, ends[marked.map]);
      }
      context.globalAlpha = 1;
    }
  }

  /** Each class with its probability; where there are too many, the likeliest. */
  bars(context, theme, scene, tick, box, /** @type {number} */ size) {
    const p = tick.blocks.probabilities?.data;
    if (!p) return;
    const room = Math.max(3, Math.min(BARS, Math.floor(box.h / (size * 1.25))));
    let order = [...p.keys()];
    if (order.length > room) order = order.sort((a, b) => p[b] - p[a]).slice(0, room).sort((a, b) => a - b);
    const line = Math.min(size * 2.6, box.h / order.length);
    const top = box.y + (box.h - line * order.length) / 2;
    const letters = Math.min(11, Math.max(2, ...order.map((k) => scene.classes[k].length)));
    const [left, right] = [box.x + size * (letters * 0.56 + 0.9), box.x + box.w - size * 3.8];
    const { prediction, image } = tick.header;
    context.textBaseline = "middle";
    order.forEach((k, row) => {
      const y = top + line * (row + 0.5);
      const best = k === prediction;
      context.fillStyle = best ? theme.ink : theme.muted;
      context.font = `${best ? "600 " : ""}${size}px ${theme.font}`;
      context.textAlign = "left";
      context.fillText(shortened(scene.classes[k], 11), box.x + size * 0.75, y);
      if (image?.label === k) disc(context, box.x + size * 0.25, y, size * 0.22);
      const high = Math.min(size * 1.1, line * 0.62);
      context.fillStyle = theme.grid;
      context.fillRect(left, y - high / 2, right - left, high);
      context.fillStyle = best ? theme.accent : theme.muted;
      context.fillRect(left, y - high / 2, Math.max(1, (right - left) * p[k]), high);
      context.fillStyle = best ? theme.ink : theme.muted;
      context.textAlign = "right";
      context.fillText(p[k] < 0.0005 ? "0 %" : percent(p[k]), box.x + box.w, y);
    });
  }

  /** What is looked at, and where on the picture that place of a map comes from. */
  mark(context, theme, scene, marked) {
    const column = this.layout?.columns[marked.stage + 1];
    const box = column?.tiles[column.kind === "maps" ? marked.map : 0];
    if (!box) return;
    context.strokeStyle = theme.accent;
    context.lineWidth = 2.5;
    context.strokeRect(box.x - 2, box.y - 2, box.w + 4, box.h + 4);
    const stage = scene.stages[marked.stage];
    if (!marked.at || column?.kind !== "maps" || !stage.field) return;
    const { box: input } = /** @type {import("./cnn_layout.js").Layout} */ (this.layout).columns[0];
    const [, h, w] = scene.shape;
    const [, high, wide] = stage.shape;
    const [i, j] = [Math.min(high - 1, Math.floor(marked.at.y * high)), Math.min(wide - 1, Math.floor(marked.at.x * wide))];
    const step = pace(scene.stages, marked.stage);
    const middle = { x: (w - 1) / 2 + (j - (wide - 1) / 2) * step + 0.5, y: (h - 1) / 2 + (i - (high - 1) / 2) * step + 0.5 };
    const [fx, fy] = [input.w / w, input.h / h];
    const cut = (/** @type {number} */ v, /** @type {number} */ most) => Math.min(most, Math.max(0, v));
    const [x0, x1] = [cut(middle.x - stage.field / 2, w), cut(middle.x + stage.field / 2, w)];
    const [y0, y1] = [cut(middle.y - stage.field / 2, h), cut(middle.y + stage.field / 2, h)];
    for (const [colour, wide] of /** @type {[string, number][]} */ ([["#fff", 4], [theme.dark ? "#111" : theme.accent, 1.5]])) { // seen on black and on white
      context.strokeStyle = colour;
      context.lineWidth = wide;
      context.strokeRect(input.x + x0 * fx, input.y + y0 * fy, (x1 - x0) * fx, (y1 - y0) * fy);
    }
    context.fillStyle = "#fff";
    context.fillRect(box.x + (j * box.w) / wide, box.y + (i * box.h) / high, Math.max(2, box.w / wide), Math.max(2, box.h / high));
  }

  /** What lies at a place of the field; null where nothing does. */
  at(/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ reach) {
    const all = this.layout?.columns ?? [];
    for (let c = 1; c < all.length - 1; c += 1) {
      const column = all[c];
      const i = column.tiles.findIndex((box) => x >= box.x - reach && x < box.x + box.w + reach && y >= box.y - reach && y < box.y + box.h + reach);
      if (i < 0) continue;
      const box = column.tiles[i];
      const inside = { x: Math.min(1, Math.max(0, (x - box.x) / box.w)), y: Math.min(1, Math.max(0, (y - box.y) / box.h)) };
      return { stage: c - 1, map: column.kind === "maps" ? i : 0, at: inside };
    }
    return null;
  }
}

/** Where wires leave a column, or come to it. */
function ports(column, /** @type {boolean} */ leave) {
  const { box } = column;
  if (column.kind === "maps") return column.tiles.map((/** @type {any} */ one) => ({ x: leave ? one.x + one.w : one.x, y: one.y + one.h / 2 }));
  return [{ x: leave ? box.x + box.w : box.x, y: box.y + box.h / 2, high: column.kind === "none" ? 0 : box.h }];
}

function wire(context, from, to) {
  const middle = (from.x + to.x) / 2;
  const ends = (/** @type {any} */ port, /** @type {any} */ other) => (port.high > 30 ? Math.min(port.y + port.high / 2, Math.max(port.y - port.high / 2, other.y)) : port.y);
  context.beginPath();
  context.moveTo(from.x, ends(from, to));
  context.bezierCurveTo(middle, ends(from, to), middle, ends(to, from), to.x, ends(to, from));
  context.stroke();
}

/** All to all, too many to draw each. */
function band(context, theme, starts, ends) {
  const edge = (/** @type {any[]} */ all) => {
    const y = all.map((one) => one.y);
    return { x: all[0].x, low: Math.min(...y), high: Math.max(...y) };
  };
  const [a, b] = [edge(starts), edge(ends)];
  a.x = Math.max(...starts.map((/** @type {any} */ one) => one.x));
  b.x = Math.min(...ends.map((/** @type {any} */ one) => one.x));
  context.fillStyle = theme.grid;
  context.beginPath();
  context.moveTo(a.x, a.low);
  context.lineTo(b.x, b.low);
  context.lineTo(b.x, b.high);
  context.lineTo(a.x, a.high);
  context.fill();
}

function frame(context, /** @type {string} */ colour, box) {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.strokeRect(box.x - 0.5, box.y - 0.5, box.w + 1, box.h + 1);
}

function disc(context, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** A name that fits into so many letters. */
export function shortened(/** @type {string} */ name, /** @type {number} */ most) {
  return name.length > most ? `${name.slice(0, most - 1)}\u2026` : name;
}
