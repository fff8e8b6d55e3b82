// What a network proposed, read from a frame: boxes, the cells they come from, and what becomes of them.

import { percent } from "./numbers.js";
import { KEPT, suppress } from "./decided_nms.js";

/** @typedef {[number, number, number, number]} Box Left, top, right, bottom in pixels of the picture. */

export class Proposals {
  constructor(/** @type {import("./opened.js").Answer} */ { header, blocks }) {
    this.header = header;
    this.boxes = blocks.boxes.data;
    this.scores = blocks.scores.data;
    this.labels = blocks.labels.data;
    this.cells = blocks.cells.data;
    this.heat = blocks.heat.data;
    this.count = this.scores.length;
    /** @type {{stride: number, rows: number, columns: number, first: number}[]} */
    this.grids = [];
    let first = 0;
    for (const [stride, rows, columns] of header.grids) {
      this.grids.push({ stride, rows, columns, first });
      first += rows * columns;
    }
    this.total = first;
    this.known = "";
    this.fate = new Int32Array(0);
  }

  /** What becomes of each box under a rule; found again while the rule stays. */
  fates(/** @type {import("./decided_nms.js").Rule} */ rule) {
    const key = JSON.stringify(rule);
    if (key !== this.known) {
      this.known = key;
      const all = this.header.end_to_end ? { ...rule, iou: 1 } : rule;
      this.fate = suppress(this.boxes, this.scores, this.labels, all);
    }
    return this.fate;
  }

  /** Numbers of the boxes that stay, the surest first. */
  kept(/** @type {import("./decided_nms.js").Rule} */ rule) {
    return this.where(this.fates(rule), (one) => one === KEPT);
  }

  where(/** @type {ArrayLike<number>} */ fate, /** @type {(one: number) => boolean} */ wanted) {
    const found = /** @type {number[]} */ ([]);
    for (let k = 0; k < this.count; k += 1) if (wanted(fate[k])) found.push(k);
    return found;
  }

  box(/** @type {number} */ k) {
    return /** @type {Box} */ ([this.boxes[4 * k], this.boxes[4 * k + 1], this.boxes[4 * k + 2], this.boxes[4 * k + 3]]);
  }

  /** Name and colours of a box's class. */
  look(/** @type {number} */ k) {
    const [name, colour, ink] = this.header.classes[this.labels[k]] ?? ["?", "#ffffff", "#000000"];
    return { name, colour, ink };
  }

  /** `person 87.3 %`. */
  called(/** @type {number} */ k) {
    return `${this.look(k).name} ${percent(this.scores[k])}`;
  }

  /** Which grid a cell is of, and where in it. */
  cell(/** @type {number} */ number) {
    const at = this.grids.findLastIndex(({ first }) => number >= first);
    const grid = this.grids[at];
    const inside = number - grid.first;
    return { at, grid, row: Math.floor(inside / grid.columns), column: inside % grid.columns };
  }

  /** `column 9, row 7 of the grid of stride 32`. */
  cellWords(/** @type {number} */ number) {
    const { grid, row, column } = this.cell(number);
    return `column ${column + 1}, row ${row + 1} of the grid of stride ${grid.stride}`;
  }

  /** `Stride 32: 20 × 15 cells`, width first as everywhere. */
  gridWords(/** @type {number} */ at) {
    const { stride, rows, columns } = this.grids[at];
    return `Stride ${stride}: ${columns} \u00d7 ${rows} cells`;
  }

  /** Where a cell lies on the picture; parts of it may lie outside, on the grey filling. */
  cellBox(/** @type {{stride: number}} */ { stride }, /** @type {number} */ row, /** @type {number} */ column) {
    const { fed: [high, wide], seen: [left, top, right, bottom], width, height } = this.header;
    const x = (/** @type {number} */ px) => ((px / wide - left) / (right - left)) * width;
    const y = (/** @type {number} */ px) => ((px / high - top) / (bottom - top)) * height;
    return /** @type {Box} */ ([x(column * stride), y(row * stride), x((column + 1) * stride), y((row + 1) * stride)]);
  }
}

/** `120 × 310 px`. */
export function extent(/** @type {Box} */ [left, top, right, bottom]) {
  return `${Math.round(right - left)} \u00d7 ${Math.round(bottom - top)} px`;
}
