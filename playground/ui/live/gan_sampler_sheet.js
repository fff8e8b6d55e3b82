// Samples side by side on one canvas: one can be pointed at, with hand or keys.

import { element, mark, Sheet } from "./dom.js";

const GAP = 3;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** More classes than these make no row. */
const MOST_CLASSES = 16;

/**
 * Pictures of one kind as canvases hold them.
 *
 * @typedef {{data: Uint8Array, n: number, high: number, wide: number, channels: number}} Pictures
 */

/** @returns {Pictures} */
export function pictures(/** @type {import("./frame.js").Block} */ { data, shape }) {
  const [n, high, wide, channels] = shape;
  return { data: /** @type {Uint8Array} */ (data), n, high, wide, channels };
}

/**
 * So many samples stand in a row (`playground/ui/parts/gan_sampler_words.py`): each class in columns of its own where each is drawn
 * in turn, else so that about a square comes out, and the last row is full where that can be.
 */
export function across(/** @type {number} */ n, /** @type {number} */ classes, /** @type {boolean} */ each) {
  const square = Math.ceil(Math.sqrt(n));
  if (each && classes > 1 && classes <= MOST_CLASSES && n >= 3 * classes) return classes * Math.max(1, Math.round(Math.sqrt(n) / classes));
  for (let columns = square; columns <= 1.5 * square; columns += 1) if (n % columns === 0) return columns;
  return square;
}

/** The number of samples from `n` on whose last row is full; `most` at most. */
export function full(/** @type {number} */ n, /** @type {number} */ classes, /** @type {boolean} */ each, /** @type {number} */ most) {
  const row = across(n, classes, each);
  return !each || row % classes ? n : Math.min(Math.ceil(n / row), Math.floor(most / row)) * row;
}

/** One of them on a canvas of its own size. */
export function paint(/** @type {HTMLCanvasElement} */ canvas, /** @type {Pictures} */ many, /** @type {number} */ index) {
  const { high, wide } = many;
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(wide, high);
  fill(image.data, wide, 0, 0, many, index);
  context.putImageData(image, 0, 0);
}

function fill(/** @type {Uint8ClampedArray} */ to, /** @type {number} */ across, /** @type {number} */ left, /** @type {number} */ top, /** @type {Pictures} */ many, /** @type {number} */ index) {
  const { data, high, wide, channels } = many;
  let from = index * high * wide * channels;
  for (let row = 0; row < high; row += 1) {
    let at = 4 * ((top + row) * across + left);
    for (let column = 0; column < wide; column += 1, at += 4, from += channels) {
      to[at] = data[from];
      to[at + 1] = channels === 1 ? data[from] : data[from + 1];
      to[at + 2] = channels === 1 ? data[from] : data[from + 2];
      to[at + 3] = 255;
    }
  }
}

export class SampleSheet {
  /**
   * @param {object} told
   * @param {(index: number) => void} told.choose
   * @param {() => void} told.pin      The chosen one is to be pinned.
   */
  constructor({ choose, pin }) {
    this.sheet = new Sheet({ class: "gs-canvas", role: "application", tabindex: 0, "data-testid": "sheet", "aria-label": "Samples", "aria-description": "Arrow keys choose a sample, P pins it." });
    this.root = element("div", { class: "gs-field" }, this.sheet.canvas);
    this.choose = choose;
    this.store = element("canvas");
    /** @type {Pictures | null} */
    this.many = null;
    this.place = { left: 0, top: 0, cell: 1, columns: 1 };
    const canvas = this.sheet.canvas;
    canvas.addEventListener("click", (event) => {
      const index = this.at(event.offsetX, event.offsetY);
      if (index >= 0) choose(index);
    });
    canvas.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (step && this.many) {
        event.preventDefault();
        const to = (this.chosen ?? 0) + step[0] + step[1] * this.place.columns;
        if (to >= 0 && to < this.many.n) choose(to);
      } else if (event.key.toLowerCase() === "p" && !event.ctrlKey && !event.metaKey && !event.altKey) pin();
    });
  }

  /** Number of the sample at a place; -1 where there is none. */
  at(/** @type {number} */ x, /** @type {number} */ y) {
    const { left, top, cell, columns } = this.place;
    const [column, row] = [Math.floor((x - left) / cell), Math.floor((y - top) / cell)];
    const index = row * columns + column;
    return this.many && column >= 0 && column < columns && row >= 0 && index < this.many.n ? index : -1;
  }

  /** Other pictures from now on. */
  take(/** @type {Pictures} */ many, /** @type {number} */ columns) {
    this.many = many;
    this.columns = columns;
    const rows = Math.ceil(many.n / columns);
    const [across, down] = [columns * many.wide, rows * many.high];
    if (this.store.width !== across || this.store.height !== down) Object.assign(this.store, { width: across, height: down });
    const context = this.store.getContext("2d");
    const image = context.createImageData(across, down);
    for (let index = 0; index < many.n; index += 1) fill(image.data, across, (index % columns) * many.wide, Math.floor(index / columns) * many.high, many, index);
    context.putImageData(image, 0, 0);
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {object} now
   * @param {number} now.chosen
   * @param {string[]} now.heads     Names of the columns; none where they stand for nothing.
   * @param {Set<number>} now.pinned
   * @param {boolean} now.old        What is seen is not what is asked for.
   * @param {number} now.size        Of the type, in pixels.
   */
  draw(theme, { chosen, heads, pinned, old, size }) {
    this.chosen = chosen;
    this.shape(heads.length ? size + 8 : 0);
    this.sheet.fit();
    const context = this.sheet.blank();
    const { width, height } = this.sheet;
    if (!this.many || !this.columns) return;
    const { n, wide, high } = this.many;
    const columns = this.columns;
    const rows = Math.ceil(n / columns);
    const above = heads.length ? size + 8 : 0;
    const cell = Math.max(4, Math.floor(Math.min(width / columns, (height - above) / rows)));
    const long = Math.max(wide, high);
    const free = cell - (cell > 24 ? GAP : 1);
    const whole = Math.floor((free * this.sheet.ratio) / long) / this.sheet.ratio; // each pixel a whole number of them
    const scale = whole > 0 && whole * long > 0.8 * free ? whole : free / long;
    const left = Math.floor((width - cell * columns) / 2);
    const top = above;
    this.place = { left, top, cell, columns };
    context.imageSmoothingEnabled = scale !== whole;
    context.imageSmoothingQuality = "high";
    context.globalAlpha = old ? 0.5 : 1;
    const [dx, dy] = [(cell - scale * wide) / 2, (cell - scale * high) / 2];
    const snap = (/** @type {number} */ at) => Math.round(at * this.sheet.ratio) / this.sheet.ratio;
    for (let index = 0; index < n; index += 1) {
      const [column, row] = [index % columns, Math.floor(index / columns)];
      context.drawImage(this.store, column * wide, row * high, wide, high, snap(left + column * cell + dx), snap(top + row * cell + dy), scale * wide, scale * high);
    }
    context.globalAlpha = 1;
    if (heads.length) {
      context.font = `500 ${size}px ${theme.font}`;
      context.fillStyle = theme.muted;
      context.textAlign = "center";
      context.textBaseline = "middle";
      heads.forEach((head, column) => context.fillText(fitted(context, head, cell - 4), left + (column + 0.5) * cell, above / 2));
    }
    for (const index of pinned) if (index < n) this.dot(context, theme, index);
    if (chosen >= 0 && chosen < n) {
      const [x, y] = [left + (chosen % columns) * cell, top + Math.floor(chosen / columns) * cell];
      context.lineWidth = 5;
      context.strokeStyle = theme.paper;
      context.strokeRect(x + 1.5, y + 1.5, cell - 3, cell - 3);
      context.lineWidth = 3;
      context.strokeStyle = theme.accent;
      context.strokeRect(x + 1.5, y + 1.5, cell - 3, cell - 3);
    }
    mark(this.sheet.canvas, "data-cell", String(cell));
    mark(this.sheet.canvas, "data-place", [left, top, cell, columns].join());
  }

  /** On a phone the field is as high as its rows. */
  shape(/** @type {number} */ above) {
    if (!this.many || !this.columns) return;
    this.root.style.setProperty("--shape", String(Math.ceil(this.many.n / this.columns) / this.columns));
    this.root.style.setProperty("--head", `${above}px`);
  }

  dot(/** @type {CanvasRenderingContext2D} */ context, /** @type {import("./colours.js").Theme} */ theme, /** @type {number} */ index) {
    const { left, top, cell, columns } = this.place;
    context.beginPath();
    context.arc(left + ((index % columns) + 1) * cell - 8, top + Math.floor(index / columns) * cell + 8, 4.5, 0, 2 * Math.PI);
    context.fillStyle = theme.accent;
    context.strokeStyle = theme.paper;
    context.lineWidth = 2;
    context.fill();
    context.stroke();
  }
}

function fitted(/** @type {CanvasRenderingContext2D} */ context, /** @type {string} */ text, /** @type {number} */ room) {
  if (context.measureText(text).width <= room) return text;
  let short = text;
  while (short.length > 1 && context.measureText(`${short}…`).width > room) short = short.slice(0, -1);
  return `${short}…`;
}
