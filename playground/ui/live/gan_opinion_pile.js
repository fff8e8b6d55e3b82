// A histogram whose bars are the pictures themselves, piled up over a scale; as large as all of them find room.

import { Sheet, mark } from "./dom.js";
import { decimal, tick, ticks } from "./numbers.js";

/** Sides of the pictures that are tried, in CSS pixels. */
const [LARGEST, LEAST] = [72, 5];

export class Pile {
  /**
   * @param {import("./atlas.js").Atlas} atlas
   * @param {(index: number) => void} onchoose  A picture was pressed.
   */
  constructor(atlas, onchoose) {
    this.atlas = atlas;
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "pile" });
    /** @type {{x: number, y: number, index: number}[]} */
    this.places = [];
    this.side = 1;
    this.high = 1;
    const press = (/** @type {PointerEvent} */ event) => {
      if (event.type === "pointermove" && event.buttons !== 1) return;
      const found = this.places.find(({ x, y }) => event.offsetX >= x && event.offsetX < x + this.side && event.offsetY >= y && event.offsetY < y + this.high);
      if (found) onchoose(found.index);
    };
    this.sheet.canvas.addEventListener("pointerdown", press);
    this.sheet.canvas.addEventListener("pointermove", press);
  }

  /** The largest side at which every pile fits, and where each picture stands then. */
  arrange(/** @type {ArrayLike<number>} */ values, /** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ wide, /** @type {number} */ tall) {
    const order = Array.from(values, (_, k) => k).sort((a, b) => values[a] - values[b]);
    for (let side = LARGEST; ; side -= 1) {
      const bins = Math.max(1, Math.floor(wide / side));
      const each = side / this.atlas.ratio;
      const piles = Array.from({ length: bins }, () => /** @type {number[]} */ ([]));
      for (const k of order) {
        const share = (values[k] - low) / (high - low);
        piles[Math.min(bins - 1, Math.max(0, Math.floor(share * bins)))].push(k);
      }
      const most = Math.max(...piles.map((pile) => pile.length));
      if (most * each <= tall || side === LEAST) return { side: wide / bins, each: Math.min(each, tall / most), piles };
    }
  }

  draw(/** @type {import("./colours.js").Theme} */ theme, /** @type {import("./frame.js").Frame} */ { header, blocks }, /** @type {number} */ chosen, /** @type {number} */ size) {
    this.sheet.fit();
    const context = this.sheet.blank();
    const { width, height } = this.sheet;
    const [left, foot] = [size, height - size * 3.2];
    const wide = width - 2 * size;
    const { low, high, critic, judge } = header;
    const { data } = blocks.opinions;
    const { side, each, piles } = this.arrange(data, low, high, wide, foot - 4);
    this.side = side;
    this.high = each;
    this.places = [];
    const ink = Math.min(side, each * this.atlas.ratio) - (side > 14 ? 2 : 0.5);
    context.font = `${size}px ${theme.font}`;
    if (!critic) { // where it cannot tell
      context.fillStyle = theme.border;
      context.fillRect(left + wide / 2 - 0.5, 0, 1, foot);
    }
    let held = null;
    piles.forEach((pile, bin) => pile.forEach((index, k) => {
      const [x, y] = [left + bin * side, foot - (k + 1) * each];
      this.places.push({ x, y, index });
      this.atlas.paint(context, index, x + (side - ink) / 2, y + (each - ink / this.atlas.ratio) / 2, ink, ink / this.atlas.ratio);
      if (index === chosen) held = [x, y];
    }));
    if (held) {
      const [x, y] = held;
      Object.assign(context, { strokeStyle: theme.paper, lineWidth: 6 }); // paper around it, so that it is seen on dark pictures too
      context.strokeRect(x, y, side, each);
      Object.assign(context, { strokeStyle: theme.accent, lineWidth: 3 });
      context.strokeRect(x, y, side, each);
    }
    this.axis(context, theme, { low, high, critic, judge, left, wide, foot, size });
    const sorted = Array.from(data).sort((a, b) => a - b);
    mark(this.sheet.canvas, "aria-label", `${data.length} samples by ${critic ? `the ${judge}'s score` : "the probability that they are real"}: from ${decimal(sorted[0])} to ${decimal(sorted[sorted.length - 1])}, the middle at ${decimal(sorted[sorted.length >> 1])}.`);
  }

  axis(context, theme, { low, high, critic, judge, left, wide, foot, size }) {
    context.fillStyle = theme.border;
    context.fillRect(left, foot, wide, 1);
    context.textBaseline = "top";
    context.textAlign = "center";
    const { values, step } = ticks(low, high, Math.max(2, Math.round(wide / (size * 6))));
    for (const value of values) {
      const x = left + ((value - low) / (high - low)) * wide;
      context.fillStyle = theme.border;
      context.fillRect(x - 0.5, foot, 1, 4);
      context.fillStyle = theme.muted;
      context.fillText(tick(value, step), x, foot + 6);
    }
    const y = foot + 6 + size * 1.4;
    context.textAlign = "left"; // a swatch of the role's colour, the word itself in ink
    context.fillStyle = theme.fake;
    context.fillRect(left, y + 1, 4, size);
    context.fillStyle = theme.ink;
    context.fillText("surely made", left + 8, y);
    context.textAlign = "right";
    context.fillStyle = theme.real;
    context.fillRect(left + wide - 4, y + 1, 4, size);
    context.fillStyle = theme.ink;
    context.fillText("surely real", left + wide - 8, y);
    context.textAlign = "center";
    context.fillText(critic ? `the ${judge}'s score` : wide > 30 * size ? "0.5: it cannot tell" : "0.5", left + wide / 2, y);
  }
}
