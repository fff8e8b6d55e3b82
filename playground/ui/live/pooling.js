// Max and average pooling over one picture, side by side, window by window; and what is left of both when the picture moves.

import { patch, pool, read, windows } from "./convolve.js";
import { GridPen, brief, fitted } from "./convolution_pen.js";
import { Sheet, element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { decimal, percent } from "./numbers.js";
import { Scrubber } from "./scrubber.js";

class Pooling extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "pooling", ["visual.css", "scrubber.css", "convolution.css"]);
    this.filling = false;
    this.place = { row: -1, column: -1 };
    /** @type {{row: number, column: number} | null} */
    this.hovered = null;
    this.bar = new Scrubber({ onmove: () => this.moved(), again: () => this.again(), label: "Window", unit: "window", first: 1 });
    this.sheet = new Sheet({ class: "sheet", role: "img", tabindex: 0, "data-testid": "pooling-sheet", "aria-label": "Pooling", "data-arrows": true });
    this.title = element("h3", {}, "Under the window");
    this.words = element("div", { class: "explain", "data-testid": "explain" });
    this.shifted = element("div", { class: "explain", "data-testid": "shifted" });
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(
      this.bar.root,
      element("div", { class: "stage" }, element("div", { class: "field" }, this.sheet.canvas)),
      element("div", { class: "panel" }, this.title, this.words, element("h3", {}, "What a shift leaves as it was"), this.shifted),
      this.alt,
    );
    /** @type {import("./convolution_pen.js").Box[]} */
    this.results = [];
    const { canvas } = this.sheet;
    canvas.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => { if (event.pointerType === "mouse") this.hover(this.under(event)); });
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("click", (/** @type {PointerEvent} */ event) => this.go(this.under(event)));
    canvas.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      const [down, across] = windows(this.how);
      const { row, column } = this.shown();
      this.go({ row: Math.min(down - 1, Math.max(0, row + step[0])), column: Math.min(across - 1, Math.max(0, column + step[1])) });
    });
  }

  take(/** @type {import("./frame.js").Frame} */ { blocks }) {
    this.picture = blocks.picture?.data;
    this.filling = false;
  }

  get how() {
    const { side, size, stride, padding } = /** @type {any} */ (this.frame).header;
    return { rows: side, columns: side, size, stride, padding, dilation: 1 };
  }

  under(/** @type {PointerEvent} */ event) {
    const box = this.sheet.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const [down, across] = windows(this.how);
    for (const at of this.results) if (x >= at.x && y >= at.y && x < at.x + at.w && y < at.y + at.h) return { row: Math.floor(((y - at.y) / at.h) * down), column: Math.floor(((x - at.x) / at.w) * across) };
    const at = this.left;
    if (!at || x < at.x || y < at.y || x >= at.x + at.w || y >= at.y + at.h) return null;
    const { rows, stride, padding } = this.how;
    const near = (/** @type {number} */ share, /** @type {number} */ most) => Math.min(most - 1, Math.floor((share * (rows + 2 * padding)) / stride));
    return { row: near((y - at.y) / at.h, down), column: near((x - at.x) / at.w, across) };
  }

  hover(/** @type {{row: number, column: number} | null} */ place) {
    if (this.bar.playing || JSON.stringify(place) === JSON.stringify(this.hovered)) return;
    this.hovered = place;
    this.again();
  }

  go(/** @type {{row: number, column: number} | null} */ place) {
    if (!place) return;
    this.bar.pause();
    Object.assign(this, { place, hovered: null, filling: false });
    this.again();
  }

  moved() {
    const across = Math.max(1, windows(this.how)[1]);
    this.filling = this.bar.at < this.bar.length;
    this.hovered = null;
    this.place = { row: Math.floor(this.bar.at / across), column: this.bar.at % across };
  }

  shown() {
    const [down, across] = windows(this.how);
    const one = this.hovered ?? (this.place.row < 0 ? { row: Math.floor(down / 2), column: Math.floor(across / 2) } : this.place);
    return { row: Math.min(one.row, down - 1), column: Math.min(one.column, across - 1) };
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    const header = this.frame?.header;
    mark(this.root, "data-state", this.picture ? "there" : "waiting");
    mark(this.root, "data-picture", header?.picture ?? "");
    if (!header || !this.picture) return say(this.title, header?.words ?? "");
    const { how } = this;
    const [down, across] = windows(how);
    const place = this.shown();
    this.bar.length = down * across - 1;
    if (!this.bar.playing) this.bar.at = place.row * across + place.column;
    const made = { max: pool(this.picture, how, "max"), avg: pool(this.picture, how, "avg") };
    this.paint(theme, how, made, place);
    this.tell(header, how, made, place);
    const at = place.row * across + place.column;
    mark(this.root, "data-place", `${place.row},${place.column}`);
    mark(this.root, "data-max", made.max[at].toFixed(4));
    mark(this.root, "data-avg", made.avg[at].toFixed(4));
    mark(this.root, "data-output", `${down},${across}`);
  }

  paint(theme, how, made, place) {
    this.sheet.fit();
    const context = this.sheet.blank();
    const { width, height } = this.sheet;
    const { size } = this;
    const pen = new GridPen(context, theme, size);
    const [down, across] = windows(how);
    const padded = how.rows + 2 * how.padding;
    const head = size * 2;
    const gap = this.narrow ? 18 : 64;
    const big = Math.min(height - head - size * 2, (width - gap) * (this.narrow ? 0.58 : 0.6));
    const left = fitted({ x: 0, y: head, w: big, h: big });
    this.left = left;
    const cell = left.w / padded;
    const inner = { x: left.x + how.padding * cell, y: left.y + how.padding * cell, w: how.rows * cell, h: how.columns * cell };
    if (how.padding) {
      context.fillStyle = theme.grid;
      context.fillRect(left.x, left.y, left.w, left.h);
      pen.frame(left, theme.border, 1);
    }
    const picture = { values: this.picture, rows: how.rows, columns: how.columns };
    pen.pixels(picture, inner, "grey", 1);
    pen.numbers(picture, inner, "grey", 1);
    // Windows that only lie side by side are drawn as a mesh of their own.
    if (how.stride === how.size) {
      Object.assign(context, { strokeStyle: "#8a8f96", lineWidth: 1, globalAlpha: 0.75 });
      for (let k = 0; k <= down; k += 1) { context.beginPath(); context.moveTo(left.x, left.y + k * how.stride * cell); context.lineTo(left.x + across * how.stride * cell, left.y + k * how.stride * cell); context.stroke(); }
      for (let k = 0; k <= across; k += 1) { context.beginPath(); context.moveTo(left.x + k * how.stride * cell, left.y); context.lineTo(left.x + k * how.stride * cell, left.y + down * how.stride * cell); context.stroke(); }
      context.globalAlpha = 1;
    }
    const rowsRead = read(how, how.rows);
    if (rowsRead.some((one) => !one)) {
      pen.hatch(left, rowsRead, read(how, how.columns));
      pen.text("hatched: no window reads it", left.x + left.w / 2, left.y + left.h + size * 1.1, { quiet: true });
    }
    pen.text(`Picture ${how.rows} \u00d7 ${how.rows}`, left.x + left.w / 2, head - size * 0.9);
    const known = this.filling ? place.row * across + place.column + 1 : Infinity;
    const rest = { x: left.x + left.w + gap, w: width - left.x - left.w - gap };
    const each = Math.min(rest.w - 2, (height - 2 * head - size * 1.4) / 2);
    const [top, start] = [place.row * how.stride, place.column * how.stride];
    const window_ = pen.part(left, padded, padded, [top, top + how.size, start, start + how.size]);
    this.results = [];
    for (const [n, kind] of /** @type {const} */ (["max", "avg"]).entries()) {
      const box = fitted({ x: rest.x, y: head + n * (each + head + size), w: Math.min(rest.w, each * 1.4), h: each }, down, across);
      const result = { values: made[kind], rows: down, columns: across };
      pen.pixels(result, box, "grey", 1, 0, known);
      pen.numbers(result, box, "grey", 1, 0, known);
      pen.text(`${kind === "max" ? "Max" : "Average"} ${down} \u00d7 ${across}`, box.x + box.w / 2, box.y - size * 0.9);
      const pixel = pen.part(box, down, across, [place.row, place.row + 1, place.column, place.column + 1]);
      pen.wire(window_.x + window_.w, window_.y + window_.h / 2, pixel.x, pixel.y + pixel.h / 2, theme.accent, 1.25);
      pen.ring(pixel, 2);
      this.results.push(box);
    }
    const under = patch(this.picture, how, place.row, place.column, -Infinity);
    const best = under.indexOf(Math.max(...under));
    const [y, x] = [top + Math.floor(best / how.size), start + (best % how.size)];
    const winner = pen.part(left, padded, padded, [y, y + 1, x, x + 1]);
    pen.ring(window_, 2.5);
    if (how.size > 1) {
      context.beginPath();
      context.arc(winner.x + winner.w / 2, winner.y + winner.h / 2, Math.max(2.5, winner.w * 0.16), 0, 2 * Math.PI);
      Object.assign(context, { fillStyle: theme.accent, strokeStyle: theme.paper, lineWidth: 2 });
      context.fill();
      context.stroke();
    }
  }

  tell(header, how, made, place) {
    const [, across] = windows(how);
    const at = place.row * across + place.column;
    const key = JSON.stringify([how, place, header.picture, header.shift, header.kept]);
    if (key === this.written) return;
    this.written = key;
    const under = [...patch(this.picture, how, place.row, place.column, 0)].map(brief);
    const all = under.length > 12 ? `${under.slice(0, 11).join(", ")}, \u2026` : under.join(", ");
    const row = (/** @type {string} */ name, /** @type {string} */ text, /** @type {number} */ value) => element("div", { class: "equation row", "data-testid": name }, text, " = ", element("b", {}, decimal(value)));
    this.words.replaceChildren(
      element("p", { class: "said" }, `Row ${place.row + 1}, column ${place.column + 1}:`),
      row("max", `max(${all})`, made.max[at]),
      row("avg", `(${all.replaceAll(", ", " + ")}) / ${under.length}`, made.avg[at]),
      element("p", { class: "aside" }, "The dot marks the largest value: only through it does a gradient come back."),
    );
    const kept = header.kept;
    const bar = (/** @type {string} */ name, /** @type {number} */ share) => element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, percent(share)));
    this.shifted.replaceChildren(
      element("p", { class: "said" }, header.shift ? `Moved ${header.shift} to the right, so much stays as it was, to a tenth:` : "Move the picture with Shift, and see how much stays as it was."),
      ...(header.shift ? [element("table", { "data-testid": "kept" }, element("tbody", {}, bar("pixels of the picture", kept.picture), bar("after max pooling", kept.max), bar("after average pooling", kept.avg)))] : []),
    );
    const words = `Window of ${how.size} by ${how.size} at row ${place.row + 1}, column ${place.column + 1}: largest ${decimal(made.max[at])}, mean ${decimal(made.avg[at])}.`;
    say(this.alt, words);
    mark(this.sheet.canvas, "aria-label", words);
  }

  end() {
    this.bar.end();
    super.end();
  }
}

export default hosted(Pooling);
