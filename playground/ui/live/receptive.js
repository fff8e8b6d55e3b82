// What one unit sees: a cone through a stack of layers, and on the picture a square that grows layer by layer.

import { seen, windows } from "./convolve.js";
import { GridPen, fitted } from "./convolution_pen.js";
import { Sheet, element, icon, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { Scrubber } from "./scrubber.js";
import { Shared } from "./shared.js";

const MOST = 6;
/** @type {[string, number[]][]} */
const TRIES = [
  ["Three of 3 \u00d7 3", [3, 1, 1, 3, 1, 1, 3, 1, 1]],
  ["One of 7 \u00d7 7", [7, 1, 1]],
  ["With pooling", [3, 1, 1, 3, 1, 1, 2, 2, 1, 3, 1, 1]],
  ["Strides", [3, 2, 1, 3, 2, 1, 3, 2, 1]],
  ["Dilated", [3, 1, 1, 3, 1, 2, 3, 1, 4]],
];

class Receptive extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "receptive", ["visual.css", "scrubber.css", "convolution.css"]);
    this.shared = new Shared();
    this.bar = new Scrubber({ onmove: () => this.again(), again: () => this.again(), label: "Layer", unit: "layer" });
    this.sheet = new Sheet({ class: "sheet", role: "slider", tabindex: 0, "data-testid": "receptive-sheet", "aria-label": "Unit", "data-arrows": true });
    this.rows = element("tbody");
    const head = ["Layer", "kernel", "stride", "dilation", "sees", ""].map((word) => element("th", { scope: "col" }, word));
    this.table = element("table", { class: "layers", "data-testid": "layers" }, element("thead", {}, element("tr", {}, ...head)), this.rows);
    this.add = element("button", { type: "button", class: "act", "data-testid": "layer-add", onclick: () => this.change([...this.shared.values.layers, 3, 1, 1]) }, "Add a layer");
    this.tries = element("div", { class: "tries-row", role: "group", "aria-label": "Stacks to try" }, ...TRIES.map(([label, layers], k) => element("button", { type: "button", class: "act", "data-testid": `try-${k}`, onclick: () => this.change(layers) }, label)));
    this.wrong = element("p", { class: "said wrong", "data-testid": "wrong" });
    this.words = element("p", { class: "said" });
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(
      this.bar.root,
      element("div", { class: "stage" }, element("div", { class: "field" }, this.sheet.canvas)),
      element("div", { class: "panel" }, element("h3", {}, "The stack, from the picture up"), this.table, element("div", { class: "acts" }, this.add), this.wrong, this.words, element("h3", {}, "Try"), this.tries),
      this.alt,
    );
    const { canvas } = this.sheet;
    const at = (/** @type {PointerEvent} */ event) => (event.clientX - canvas.getBoundingClientRect().left);
    canvas.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => { if (event.pointerType === "mouse" || event.buttons) this.point(at(event), false); });
    canvas.addEventListener("click", (/** @type {PointerEvent} */ event) => this.point(at(event), true));
    canvas.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      const { count } = this.top();
      this.put({ unit: Math.min(1, Math.max(0, Number((this.shared.values.unit + by / Math.max(1, count - 1)).toFixed(4)))) });
    });
  }

  take(/** @type {import("./frame.js").Frame} */ { blocks }) {
    this.picture = blocks.picture?.data;
  }

  update(/** @type {Record<string, any>} */ data) {
    this.shared.hear({ layers: data.layers, unit: data.unit });
    const stack = this.stack();
    const before = this.bar.length;
    this.bar.length = stack.length;
    if (before !== stack.length) this.bar.at = stack.length;
  }

  put(/** @type {Record<string, any>} */ changes, settled = true) {
    this.shared.put(this, changes, settled);
  }

  change(/** @type {number[]} */ layers) {
    if (!this.may("layers")) return;
    this.put({ layers });
    this.bar.length = this.stack().length;
    this.bar.at = this.bar.length;
  }

  /** The layers as far as they fit: how many units each has. */
  stack() {
    const { layers } = this.shared.values;
    const found = [];
    let side = /** @type {any} */ (this.frame).header.side;
    for (let k = 0; k + 2 < layers.length; k += 3) {
      const [size, stride, dilation] = layers.slice(k, k + 3);
      const [count] = windows({ rows: side, columns: side, size, stride, padding: 0, dilation });
      if (count < 1) break;
      found.push({ kernel: size, stride, dilation, padding: 0, count });
      side = count;
    }
    return found;
  }

  /** The layer that is looked at, and which of its units. */
  top() {
    const stack = this.stack();
    const level = Math.min(this.bar.at, stack.length);
    const count = level ? stack[level - 1].count : /** @type {any} */ (this.frame).header.side;
    return { stack, level, count, unit: Math.round(this.shared.values.unit * (count - 1)) };
  }

  point(/** @type {number} */ x, /** @type {boolean} */ settled) {
    if (!this.cone || !this.may("unit")) return;
    if (x > this.cone.x + this.cone.w + 8) return;
    const { level } = this.top();
    const { from, step, count } = this.cone.rows[level];
    const unit = Math.min(count - 1, Math.max(0, Math.round((x - from) / step)));
    const share = Number((unit / Math.max(1, count - 1)).toFixed(4));
    if (share === this.shared.values.unit && !settled) return;
    this.put({ unit: share }, settled);
  }

  /** Ranges of units that are seen, from the layer that is looked at down to the picture. */
  ranges() {
    const { stack, level, unit } = this.top();
    const found = [[unit, unit + 1]];
    for (let k = level - 1; k >= 0; k -= 1) found.unshift(seen(found[0], stack[k]));
    return found;
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    const header = this.frame?.header;
    mark(this.root, "data-state", this.picture ? "there" : "waiting");
    mark(this.root, "data-picture", header?.picture ?? "");
    if (!header || !this.picture) return say(this.words, header?.words ?? "");
    const { stack, level, unit } = this.top();
    const ranges = this.ranges();
    this.lines(stack, level);
    this.paint(theme, header, stack, level, ranges);
    const size = ranges[0][1] - ranges[0][0];
    const whole = this.shared.values.layers.length / 3;
    const missing = stack.length < whole;
    mark(this.root, "data-invalid", missing ? "" : null);
    say(this.wrong, missing ? `Layer ${stack.length + 1} finds no room: its window reaches over ${this.shared.values.layers[3 * stack.length + 2] * (this.shared.values.layers[3 * stack.length] - 1) + 1} units, and ${stack.length ? stack[stack.length - 1].count : header.side} are left.` : "");
    this.add.disabled = whole >= MOST || missing || !this.may("layers");
    const read = this.read(stack, level, unit);
    say(this.words, level ? `Unit ${unit + 1} of layer ${level} sees ${size} pixels across${read < size ? `, but reads only ${read} of them` : ""}: ${size} \u00d7 ${size} of ${header.side} \u00d7 ${header.side}.` : "A pixel sees itself.");
    mark(this.root, "data-level", String(level));
    mark(this.root, "data-field", `${ranges[0][0]},${ranges[0][1]}`);
    mark(this.root, "data-pages", header.sizes.join());
    const words = this.words.textContent ?? "";
    say(this.alt, words);
    for (const [name, value] of Object.entries({ "aria-valuemin": "1", "aria-valuemax": String(level ? stack[level - 1].count : header.side), "aria-valuenow": String(unit + 1), "aria-valuetext": words })) mark(this.sheet.canvas, name, value);
  }

  /** How many pixels are really read: dilation and strides leave some out. */
  read(stack, /** @type {number} */ level, /** @type {number} */ unit) {
    return this.reads(stack, level, unit)[0].size;
  }

  /** Which units are read in each layer below, from the picture on. */
  reads(stack, /** @type {number} */ level, /** @type {number} */ unit) {
    /** @type {Set<number>[]} */
    const found = [new Set([unit])];
    for (let k = level - 1; k >= 0; k -= 1) {
      const below = new Set();
      for (const at of found[0]) for (let t = 0; t < stack[k].kernel; t += 1) below.add(at * stack[k].stride + t * stack[k].dilation);
      found.unshift(below);
    }
    return found;
  }

  paint(theme, header, stack, level, ranges) {
    this.sheet.fit();
    const context = this.sheet.blank();
    const { width, height } = this.sheet;
    const { size } = this;
    const pen = new GridPen(context, theme, size);
    const square = this.narrow ? Math.min(width, height * 0.46) : Math.min(height - size * 2.4, width * 0.42);
    const cone = this.narrow ? { x: size * 4.4, y: 4, w: width - size * 4.6, h: height - square - size * 3 } : { x: size * 4.8, y: size, w: width - square - size * 8, h: height - size * 2 };
    const picture = this.narrow ? { x: (width - square) / 2, y: height - square - 2, w: square, h: square } : fitted({ x: width - square, y: size * 2, w: square, h: height - size * 2.4 });
    // One line of units for each layer, each over the middle of what it sees.
    const pixel = cone.w / header.side;
    let [first, jump] = [0.5, 1];
    const rows = [{ from: cone.x + pixel / 2, step: pixel, count: header.side, y: 0 }];
    for (const one of stack) {
      first += ((one.dilation * (one.kernel - 1)) / 2) * jump;
      jump *= one.stride;
      rows.push({ from: cone.x + first * pixel, step: jump * pixel, count: one.count, y: 0 });
    }
    const apart = cone.h / Math.max(1, rows.length - 0.4);
    rows.forEach((row, k) => { row.y = cone.y + cone.h - (k + 0.35) * apart; });
    this.cone = { ...cone, rows };
    const reads = this.reads(stack, level, this.top().unit);
    const radius = Math.min(pixel * 0.42, apart * 0.2, 7);
    // The cone itself, then who reads whom.
    context.fillStyle = theme.accent;
    context.globalAlpha = 0.12;
    for (let k = 0; k < level; k += 1) {
      const [low, high] = [ranges[k], ranges[k + 1]];
      const [down, up] = [rows[k], rows[k + 1]];
      context.beginPath();
      context.moveTo(down.from + low[0] * down.step - radius, down.y);
      context.lineTo(down.from + (low[1] - 1) * down.step + radius, down.y);
      context.lineTo(up.from + (high[1] - 1) * up.step + radius, up.y);
      context.lineTo(up.from + high[0] * up.step - radius, up.y);
      context.fill();
    }
    context.globalAlpha = 1;
    Object.assign(context, { strokeStyle: theme.accent, lineWidth: 1 });
    for (let k = 0; k < level; k += 1) {
      for (const at of reads[k + 1]) {
        for (let t = 0; t < stack[k].kernel; t += 1) {
          context.globalAlpha = 0.55;
          context.beginPath();
          context.moveTo(rows[k].from + (at * stack[k].stride + t * stack[k].dilation) * rows[k].step, rows[k].y);
          context.lineTo(rows[k + 1].from + at * rows[k + 1].step, rows[k + 1].y);
          context.stroke();
        }
      }
    }
    context.globalAlpha = 1;
    rows.forEach((row, k) => {
      for (let at = 0; at < row.count; at += 1) {
        const lit = k <= level && reads[k].has(at);
        const x = row.from + at * row.step;
        context.fillStyle = lit ? theme.accent : theme.border;
        context.globalAlpha = k > level ? 0.35 : 1;
        context.beginPath();
        if (k === 0) context.rect(x - radius, row.y - radius, 2 * radius, 2 * radius);
        else context.arc(x, row.y, radius, 0, 2 * Math.PI);
        context.fill();
      }
      context.globalAlpha = 1;
      pen.text(k ? `Layer ${k}` : "Picture", cone.x - size * 0.9, row.y, { align: "right", bold: k === level, quiet: k !== level });
    });
    // The picture, and the square of each layer on the way: the last one bright.
    pen.pixels({ values: this.picture, rows: header.side, columns: header.side }, picture, "grey", 1);
    const { unit } = this.top();
    const squares = [];
    for (let k = 0; k <= level; k += 1) {
      // Around the same middle: the unit of layer k that lies over what is looked at.
      const middle = (ranges[0][0] + ranges[0][1] - 1) / 2;
      const row = rows[k];
      const own = k === level ? unit : Math.min(row.count - 1, Math.max(0, Math.round((cone.x + (middle + 0.5) * pixel - row.from) / row.step)));
      let range = [own, own + 1];
      for (let n = k - 1; n >= 0; n -= 1) range = seen(range, stack[n]);
      squares.push(range);
    }
    const last = squares[squares.length - 1];
    pen.veil(picture, pen.part(picture, header.side, header.side, [...last, ...last]));
    squares.forEach((range, k) => {
      const box = pen.part(picture, header.side, header.side, [...range, ...range]);
      if (k === level) pen.ring(box, 2.5);
      else pen.frame(box, theme.accent, 1);
      if (k && box.w > size * 1.8 && (k === level || this.roomy(squares, k, picture.w / header.side))) pen.text(String(k), box.x + 3, box.y + size * 0.75, { align: "left", bold: true });
    });
    pen.text(`Field of layer ${level}: ${last[1] - last[0]} \u00d7 ${last[1] - last[0]}`, picture.x + picture.w / 2, picture.y - size * 0.9);
  }

  /** Whether two squares lie far enough apart to carry a number each. */
  roomy(squares, /** @type {number} */ k, /** @type {number} */ pixel) {
    return (squares[k][0] - squares[k + 1][0]) * pixel > this.size * 1.1;
  }

  /** The table of layers, each number a menu. */
  lines(stack, /** @type {number} */ level) {
    const { layers } = this.shared.values;
    const { sizes } = /** @type {any} */ (this.frame).header;
    const key = JSON.stringify([layers, stack.length, this.data?.edits, sizes]);
    if (key !== this.drawnAs) {
      this.drawnAs = key;
      const choice = (/** @type {number} */ at, /** @type {number} */ most, /** @type {string} */ label) => {
        const made = element("select", { "aria-label": label, "data-testid": `layer-${Math.floor(at / 3)}-${at % 3}`, disabled: !this.may("layers"), onchange: () => this.change(layers.map((/** @type {number} */ one, /** @type {number} */ k) => (k === at ? Number(made.value) : one))) },
          ...Array.from({ length: most }, (_, k) => element("option", { value: k + 1, selected: layers[at] === k + 1 }, String(k + 1))));
        return element("td", {}, made);
      };
      this.rows.replaceChildren(...Array.from({ length: layers.length / 3 }, (_, k) => {
        const range = this.field(stack, k);
        return element("tr", {}, element("th", { scope: "row" }, String(k + 1)), choice(3 * k, 7, `Kernel of layer ${k + 1}`), choice(3 * k + 1, 4, `Stride of layer ${k + 1}`), choice(3 * k + 2, 4, `Dilation of layer ${k + 1}`),
          element("td", {}, range ? `${range}` : "\u2013"),
          element("td", {}, layers.length > 3 ? element("button", { type: "button", "aria-label": `Remove layer ${k + 1}`, disabled: !this.may("layers"), onclick: () => this.change(layers.filter((/** @type {number} */ _one, /** @type {number} */ n) => Math.floor(n / 3) !== k)) }, icon("minus")) : null));
      }).reverse());
    }
    [...this.rows.children].reverse().forEach((row, k) => mark(row, "data-chosen", k === level - 1 ? "" : null));
  }

  /** How many pixels across a unit of a layer sees. */
  field(stack, /** @type {number} */ k) {
    if (k >= stack.length) return 0;
    let range = [0, 1];
    for (let n = k; n >= 0; n -= 1) range = seen(range, stack[n]);
    return range[1] - range[0];
  }

  end() {
    this.bar.end();
    super.end();
  }
}

export default hosted(Receptive);
