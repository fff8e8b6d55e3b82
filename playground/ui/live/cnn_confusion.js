// The confusion matrix of the validation pictures: rows are what they are, columns what the network says. A cell is clicked.

import { css, mix, rgb } from "./colours.js";
import { shortened } from "./cnn_network.js";
import { element, mark, Sheet } from "./dom.js";
import { counted, percent, whole } from "./numbers.js";

/** How steep names stand that have no room to lie. */
const SLANT = Math.PI / 4;

export class Confusion {
  /**
   * @param {(cell: [number, number] | null) => void} oncell
   * @param {string} thing What is counted.
   */
  constructor(oncell, thing = "picture") {
    this.oncell = oncell;
    this.thing = thing;
    this.sheet = new Sheet({ class: "sheet", "data-testid": "confusion", role: "application", tabindex: 0, "data-arrows": true });
    this.root = element("div", { class: "cnn-confusion" }, this.sheet.canvas);
    /** @type {[number, number]} */
    this.place = [0, 0];
    /** @type {[number, number] | null} */
    this.hover = null;
    this.again = () => {};
    const { canvas } = this.sheet;
    canvas.addEventListener("pointermove", (event) => this.turn(this.cellAt(event)));
    canvas.addEventListener("pointerleave", () => this.turn(null));
    canvas.addEventListener("focus", () => this.again());
    canvas.addEventListener("blur", () => this.again());
    canvas.addEventListener("click", (event) => {
      const cell = this.cellAt(event);
      if (!cell) return;
      this.place = cell;
      this.choose(cell);
    });
    canvas.addEventListener("keydown", (event) => this.walk(event));
  }

  choose(/** @type {[number, number]} */ cell) {
    const same = this.cell && this.cell[0] === cell[0] && this.cell[1] === cell[1];
    this.oncell(same ? null : cell);
  }

  turn(/** @type {[number, number] | null} */ cell) {
    if (String(cell) === String(this.hover)) return;
    this.hover = cell;
    this.again();
  }

  walk(/** @type {KeyboardEvent} */ event) {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (event.key === "Enter" || event.key === " ") this.choose(this.place);
    else if (step && !event.shiftKey) {
      const inside = (/** @type {number} */ k) => Math.min((this.k ?? 1) - 1, Math.max(0, k));
      this.place = [inside(this.place[0] + step[0]), inside(this.place[1] + step[1])];
      this.again();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @returns {[number, number] | null} */
  cellAt(/** @type {{offsetX: number, offsetY: number}} */ { offsetX, offsetY }) {
    if (!this.grid) return null;
    const { x, y, w, h, k } = this.grid;
    const [row, column] = [Math.floor((offsetY - y) / h), Math.floor((offsetX - x) / w)];
    return row >= 0 && row < k && column >= 0 && column < k ? [row, column] : null;
  }

  /** What a cell holds, in words. */
  words(/** @type {string[]} */ classes, /** @type {ArrayLike<number>} */ counts, /** @type {[number, number]} */ [truth, said]) {
    const k = classes.length;
    let all = 0;
    for (let j = 0; j < k; j += 1) all += counts[truth * k + j];
    const n = counts[truth * k + said];
    return truth === said
      ? `${counted(n, `validation ${this.thing}`)} of ${classes[truth]}, rightly so (${percent(all ? n / all : 0)} of ${whole(all)})`
      : `${counted(n, `validation ${this.thing}`)} of ${classes[truth]}, taken for ${classes[said]}`;
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {string[]} classes
   * @param {import("./frame.js").Block | undefined} block
   * @param {[number, number] | null} cell The one that is chosen.
   */
  draw(theme, classes, block, cell, /** @type {number} */ size) {
    this.cell = cell;
    this.sheet.fit();
    const context = this.sheet.blank();
    if (!block) return;
    const k = classes.length;
    this.k = k;
    const counts = block.data;
    context.font = `${size}px ${theme.font}`;
    const letters = k <= 20 ? Math.min(9, Math.max(1, ...classes.map((name) => name.length))) : 0;
    const left = Math.round(letters ? size * (letters * 0.58 + 1.9) : size * 1.4);
    const wide = (/** @type {string} */ name) => context.measureText(shortened(name, 11)).width;
    const longest = letters ? Math.max(...classes.map(wide)) : 0;
    // Names that are wider than their column stand aslant: none is cut.
    const aslant = longest > (this.sheet.width - left - 2) / k - 4 && k <= 20;
    const over = aslant ? Math.max(0, wide(classes[k - 1]) * Math.cos(SLANT)) : 0;
    const top = Math.round(aslant ? longest * Math.sin(SLANT) + size * 0.9 : size * (k <= 20 ? 2.5 : 1.3));
    const [w, h] = [(this.sheet.width - left - 2 - over) / k, (this.sheet.height - top - 2) / k];
    this.grid = { x: left, y: top, w, h, k };
    const rows = Array.from({ length: k }, (_, i) => Math.max(1, counts.slice(i * k, (i + 1) * k).reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0)));
    const [paper, ink] = [rgb(theme.paper), rgb(theme.ink)];
    context.textBaseline = "middle";
    context.textAlign = "center";
    const numbers = h >= size * 0.95 && w >= size * 1.5;
    for (let i = 0; i < k; i += 1) {
      for (let j = 0; j < k; j += 1) {
        const n = counts[i * k + j];
        const share = Math.sqrt(n / rows[i]) * 0.86;
        context.fillStyle = css(mix(paper, ink, n ? 0.06 + share * 0.8 : 0.025));
        context.fillRect(left + j * w, top + i * h, w - 1, h - 1);
        if (!numbers || !n) continue;
        context.fillStyle = share > 0.5 ? theme.paper : theme.ink;
        context.fillText(n > 9999 ? `${Math.round(n / 1000)}k` : String(n), left + (j + 0.5) * w, top + (i + 0.55) * h);
      }
    }
    context.fillStyle = theme.muted;
    if (letters) {
      context.textAlign = "right";
      classes.forEach((name, i) => context.fillText(shortened(name, 9), left - 6, top + (i + 0.55) * h));
      context.textAlign = aslant ? "left" : "center";
      classes.forEach((name, j) => {
        context.save();
        context.translate(left + (j + 0.5) * w, top - size * (aslant ? 0.4 : 0.75));
        if (aslant) context.rotate(-SLANT);
        context.fillText(shortened(name, 11), 0, 0);
        context.restore();
      });
    }
    context.textAlign = aslant ? "right" : "left";
    context.fillText("says \u2192", aslant ? left - 6 : left, aslant ? top - size * 0.8 : size * 0.6);
    context.save();
    context.translate(size * 0.6, top + (this.sheet.height - top) / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillText("is", 0, 0);
    context.restore();
    const focused = this.sheet.canvas.matches(":focus-visible");
    for (const [one, colour, wide] of /** @type {[any, string, number][]} */ ([[this.hover, theme.muted, 1.5], [focused ? this.place : null, theme.ink, 2], [cell, theme.accent, 2.5]])) {
      if (!one) continue;
      context.strokeStyle = colour;
      context.lineWidth = wide;
      context.strokeRect(left + one[1] * w - 0.5, top + one[0] * h - 0.5, w, h);
    }
    const told = this.hover ?? (focused ? this.place : cell);
    this.said = told ? this.words(classes, counts, told) : "";
    mark(this.sheet.canvas, "title", this.said || null);
    mark(this.sheet.canvas, "aria-label", `Confusion matrix of the validation ${this.thing}s. ${told ? this.said : `Move with the arrow keys, Enter shows a cell's ${this.thing}s.`}`);
  }
}
