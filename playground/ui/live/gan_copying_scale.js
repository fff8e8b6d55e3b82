// Distances of samples as dots on one line, over the stretch in which those of test pictures lie.

import { Sheet, mark } from "./dom.js";
import { decimal, tick, ticks } from "./numbers.js";

export class Scale {
  /**
   * @param {(index: number) => void} onchoose  A dot was pressed.
   * @param {() => void} again                  Asks for a drawing.
   */
  constructor(onchoose, again) {
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "distances" });
    /** @type {{x: number, y: number, index: number}[]} */
    this.dots = [];
    this.sheet.canvas.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      let best = -1;
      let near = 24 ** 2;
      for (const { x, y, index } of this.dots) {
        const far = (x - event.offsetX) ** 2 + (y - event.offsetY) ** 2;
        if (far < near) [best, near] = [index, far];
      }
      if (best < 0) return;
      onchoose(best);
      again();
    });
  }

  draw(/** @type {import("./colours.js").Theme} */ theme, /** @type {Record<string, any>} */ { distances, usual, kinds, top }, /** @type {number} */ chosen, /** @type {number} */ size) {
    this.sheet.fit();
    const context = this.sheet.blank();
    const { width, height } = this.sheet;
    const [left, right, foot, head] = [size, width - size, height - size * 3.1, size * 2.9];
    const px = (/** @type {number} */ value) => left + (value / top) * (right - left);
    context.font = `${size}px ${theme.font}`;
    const [first, low, middle, high, last] = usual;
    context.fillStyle = theme.grid;
    context.fillRect(px(first), head, px(last) - px(first), foot - head);
    context.fillStyle = theme.border;
    context.fillRect(px(low), head, px(high) - px(low), foot - head);
    context.fillStyle = theme.ink;
    context.fillRect(px(middle) - 0.75, head, 1.5, foot - head);
    Object.assign(context, { textBaseline: "top", textAlign: "left", fillStyle: theme.ink });
    context.fillText("Test pictures: 98 of 100, half (dark), the middle", 0, 0);
    context.fillStyle = theme.muted;
    context.fillText(kinds ? `Each dot is a sample; both of the same class${kinds > 1 ? "es" : ""}` : "Each dot is a sample", 0, size * 1.35);
    context.textAlign = "center";
    const { values, step } = ticks(0, top, Math.max(2, Math.round(width / (size * 5))));
    for (const value of values) {
      context.fillStyle = theme.border;
      context.fillRect(px(value), foot, 1, 4);
      context.fillStyle = theme.muted;
      context.fillText(tick(value, step), px(value), foot + 6);
    }
    context.fillRect(left, foot, right - left, 1);
    context.fillStyle = theme.ink;
    context.fillText("distance, root mean square over pixels", width / 2, foot + 6 + size * 1.3);
    this.pile(context, theme, distances, chosen, px, foot, head);
    mark(this.sheet.canvas, "aria-label", `${distances.length} samples, ${decimal(Math.min(...distances))} to ${decimal(Math.max(...distances))} from their nearest; of test pictures 98 of 100 lie from ${decimal(first)} to ${decimal(last)}, the middle at ${decimal(middle)}.`);
  }

  /** Dots that would lie over each other are piled up. */
  pile(context, theme, distances, chosen, px, foot, head) {
    const count = new Map();
    const wide = 8;
    const columns = distances.map((/** @type {number} */ value) => Math.round(px(value) / wide));
    for (const column of columns) count.set(column, (count.get(column) ?? 0) + 1);
    const apart = Math.min(wide, (foot - head - wide) / Math.max(1, ...count.values()));
    const risen = new Map();
    this.dots = columns.map((/** @type {number} */ column, /** @type {number} */ index) => {
      const at = risen.get(column) ?? 0;
      risen.set(column, at + 1);
      return { x: column * wide, y: foot - 5 - at * apart, index };
    });
    for (const { x, y, index } of this.dots) {
      if (index === chosen) continue;
      context.beginPath();
      context.arc(x, y, 3.4, 0, 2 * Math.PI);
      Object.assign(context, { fillStyle: theme.fake, strokeStyle: theme.paper, lineWidth: 1 });
      context.fill();
      context.stroke();
    }
    const held = this.dots[chosen];
    if (!held) return;
    context.beginPath();
    context.arc(held.x, held.y, 6, 0, 2 * Math.PI);
    Object.assign(context, { fillStyle: theme.fake, strokeStyle: theme.ink, lineWidth: 2 });
    context.fill();
    context.stroke();
  }
}
