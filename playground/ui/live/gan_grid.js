// What the generator makes of the same latents, again and again: rows and columns of pictures, one of which is chosen.

import { sum } from "./cnn_paint.js";
import { element, mark, Sheet } from "./dom.js";
import { Raster } from "./raster.js";

/** Between two pictures, in CSS pixels. */
const GAP = 2;

export class GanGrid {
  /** @param {(cell: number) => void} onchoose Another picture was chosen. */
  constructor(onchoose) {
    this.onchoose = onchoose;
    this.chosen = 0;
    this.raster = new Raster();
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "canvas-grid", "aria-label": "Samples of the generator", onclick: (/** @type {MouseEvent} */ event) => this.pick(event) });
    this.spot = element("button", { type: "button", class: "gan-spot", "data-arrows": true, "data-testid": "grid-chosen", onkeydown: (/** @type {KeyboardEvent} */ event) => this.walk(event) });
    this.root = element("div", { class: "gan-grid", "data-testid": "grid" }, this.sheet.canvas, this.spot);
    this.place = { x: 0, y: 0, side: 1, columns: 1, rows: 1, count: 0 };
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {import("./frame.js").Frame} scene
   * @param {import("./frame.js").Frame} tick
   * @param {number} size Of the type.
   */
  draw(theme, scene, tick, size) {
    const block = tick.blocks.grid;
    const { columns, rows, cells } = tick.header.grid;
    const [n, h, w] = block.shape;
    this.sheet.fit();
    const context = this.sheet.blank();
    const names = heads(scene.header.class_names, cells, columns);
    const top = names.length ? Math.round(size * 1.5) : 0;
    const { width, height, ratio } = this.sheet;
    const room = Math.min((width - GAP * (columns - 1)) / columns, ((height - top - GAP * (rows - 1)) / rows) * (w / h));
    const side = Math.max(1, Math.floor(room * ratio) / ratio);
    const tall = side * (h / w);
    const x = Math.floor((width - columns * side - GAP * (columns - 1)) / 2);
    this.chosen = Math.min(this.chosen, n - 1);
    this.place = { x, y: top, side, columns, rows, count: n };
    if (tick !== this.painted) this.paint(block);
    this.painted = tick;
    context.imageSmoothingEnabled = false;
    for (let i = 0; i < n; i += 1) context.drawImage(this.raster.canvas, 0, i * h, w, h, ...this.corner(i, tall), side, tall);
    Object.assign(context, { font: `${size}px ${theme.font}`, fillStyle: theme.ink, textAlign: "center", textBaseline: "middle" });
    names.forEach((name, column) => context.fillText(fitted(context, name, side + GAP), x + column * (side + GAP) + side / 2, top / 2, side + GAP));
    this.mark(scene, tick, tall);
  }

  /** All pictures below each other: one that is drawn is cut out of it. */
  paint(/** @type {import("./frame.js").Block} */ { data, shape: [n, h, w, c] }) {
    this.raster.size(w, n * h);
    const { pixels } = this.raster;
    for (let i = 0; i < pixels.length; i += 1) {
      const [r, g, b] = c === 1 ? [data[i], data[i], data[i]] : [data[3 * i], data[3 * i + 1], data[3 * i + 2]];
      pixels[i] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    }
    this.raster.show();
    mark(this.root, "data-sum", String(sum(data)));
  }

  /** @returns {[number, number]} */
  corner(/** @type {number} */ cell, /** @type {number} */ tall) {
    const { x, y, side, columns } = this.place;
    return [x + (cell % columns) * (side + GAP), y + Math.floor(cell / columns) * (tall + GAP)];
  }

  /** Shows which one is chosen, to eyes and to those who listen. */
  mark(/** @type {import("./frame.js").Frame} */ scene, /** @type {import("./frame.js").Frame} */ tick, /** @type {number} */ tall) {
    const { side, count } = this.place;
    const [x, y] = this.corner(this.chosen, tall);
    Object.assign(this.spot.style, { left: `${x - 1}px`, top: `${y - 1}px`, width: `${side + 2}px`, height: `${tall + 2}px` });
    const name = scene.header.class_names[tick.header.grid.cells[this.chosen]];
    mark(this.spot, "aria-label", `Sample ${this.chosen + 1} of ${count}${name === undefined ? "" : `, asked for: ${name}`}. Arrow keys choose another one`);
    mark(this.root, "data-cell", String(this.chosen));
    mark(this.sheet.canvas, "aria-label", tick.header.alt);
    this.tall = tall;
  }

  pick(/** @type {MouseEvent} */ { offsetX, offsetY }) {
    const { x, y, side, columns, rows } = this.place;
    const [column, row] = [Math.floor((offsetX - x) / (side + GAP)), Math.floor((offsetY - y) / ((this.tall ?? side) + GAP))];
    if (column < 0 || row < 0 || column >= columns || row >= rows) return;
    this.choose(row * columns + column);
    this.spot.focus({ preventScroll: true });
  }

  walk(/** @type {KeyboardEvent} */ event) {
    const { columns, count } = this.place;
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (!by || event.shiftKey) return;
    event.preventDefault();
    const next = this.chosen + by;
    if (next >= 0 && next < count) this.choose(next);
  }

  choose(/** @type {number} */ cell) {
    if (cell >= this.place.count) return;
    this.chosen = cell;
    this.onchoose(cell);
  }
}

/** What stands above the columns: the class of each, where all of a column's pictures are of one and not all of the same. */
function heads(/** @type {string[]} */ names, /** @type {number[]} */ cells, /** @type {number} */ columns) {
  const first = cells.slice(0, columns);
  const told = first[0] >= 0 && new Set(first).size > 1 && cells.every((cell, i) => cell === first[i % columns]);
  return told ? first.map((cell) => names[cell] ?? "") : [];
}

/** As much of a word as has room. */
function fitted(/** @type {CanvasRenderingContext2D} */ context, /** @type {string} */ word, /** @type {number} */ room) {
  if (context.measureText(word).width <= room) return word;
  let shown = word;
  while (shown.length > 1 && context.measureText(`${shown}\u2026`).width > room) shown = shown.slice(0, -1);
  return `${shown}\u2026`;
}
