// A kernel, typed or chosen, slid over a picture: where the window is, what comes out, and what a stride never reads.

import { correlate, patch, reach, windows } from "./convolve.js";
import { brief, largest } from "./convolution_pen.js";
import { css, lightness, mix, rgb } from "./colours.js";
import { Sheet, element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { paint } from "./kernel_picture.js";
import { decimal, short } from "./numbers.js";
import { Scrubber } from "./scrubber.js";

class KernelEditor extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "kernel", ["visual.css", "scrubber.css", "convolution.css"]);
    /** @type {number[]} As they are slid now, row by row. */
    this.weights = [];
    this.filling = false;
    /** @type {{row: number, column: number} | null} */
    this.hovered = null;
    this.place = { row: -1, column: -1 };
    this.bar = new Scrubber({ onmove: () => this.moved(), again: () => this.again(), label: "Window", unit: "window", first: 1 });
    this.sheet = new Sheet({ class: "sheet", role: "img", tabindex: 0, "data-testid": "kernel-sheet", "aria-label": "Picture and result", "data-arrows": true });
    this.title = element("h3");
    this.cells = element("div", { class: "kernel-grid", role: "group", "aria-label": "The kernel's numbers", "data-testid": "kernel-grid" });
    const act = (/** @type {string} */ name, /** @type {string} */ text, /** @type {() => void} */ onclick, title = "") => element("button", { type: "button", class: "act", "data-testid": name, onclick, title }, text);
    this.flip = act("flip", "Flip", () => this.turn(), "Turn the kernel over, as convolution is written in mathematics");
    this.acts = element("div", { class: "acts" }, this.flip, act("negate", "\u00d7 \u22121", () => this.change(this.weights.map((one) => 0 - one)), "Turn every sign round"), act("zeros", "All 0", () => this.change(this.weights.map(() => 0))));
    this.note = element("p", { class: "aside", "data-testid": "note" });
    this.formula = element("div", { class: "formula", "data-testid": "formula" });
    this.words = element("div", { class: "explain", "data-testid": "explain" });
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(
      this.bar.root,
      element("div", { class: "stage" }, element("div", { class: "field" }, this.sheet.canvas)),
      element("div", { class: "panel" }, this.title, this.cells, this.acts, this.note, this.formula, this.words),
      this.alt,
    );
    const { canvas } = this.sheet;
    canvas.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => { if (event.pointerType === "mouse") this.hover(this.under(event)); });
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("click", (/** @type {PointerEvent} */ event) => this.go(this.under(event)));
    canvas.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.key(event));
  }

  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    this.picture = blocks.picture?.data;
    this.page = blocks.output?.data;
  }

  update(/** @type {Record<string, any>} */ data) {
    const said = JSON.stringify([data.weights, this.packed.length, this.frame?.header.picture]);
    if (said === this.said) return;
    this.said = said;
    if (JSON.stringify(data.weights) !== JSON.stringify(this.weights)) this.weights = [...data.weights];
    this.place = { row: -1, column: -1 };
    this.filling = false;
  }

  /** How the window slides. */
  get how() {
    const { side, stride, padding, dilation } = /** @type {any} */ (this.frame).header;
    return { rows: side, columns: side, size: Math.round(Math.sqrt(this.weights.length)), stride, padding, dilation };
  }

  // -- the hand

  /** Numbers that were typed: drawn at once, and the page hears of them. */
  change(/** @type {number[]} */ weights, settled = true) {
    if (!this.may("numbers") || !this.may("kernel")) return;
    this.weights = weights;
    const numbers = this.data?.flip ? [...weights].reverse() : weights;
    const size = Math.round(Math.sqrt(weights.length));
    this.edit({ numbers, ...(this.may("size") ? { size } : {}), kernel: "own" }, settled);
    this.again();
  }

  turn() {
    if (!this.may("flip")) return;
    this.weights = [...this.weights].reverse();
    if (this.data) this.data.flip = !this.data.flip;
    this.edit({ flip: Boolean(this.data?.flip) });
    this.again();
  }

  typed(/** @type {HTMLInputElement} */ cell, /** @type {number} */ at, /** @type {boolean} */ settled) {
    const value = Number(cell.value.replace(",", ".").replace("\u2212", "-"));
    const fits = cell.value.trim() !== "" && Number.isFinite(value) && Math.abs(value) <= 100;
    mark(cell, "aria-invalid", fits ? null : "true");
    if (!fits || value === this.weights[at]) return;
    this.change(this.weights.map((one, k) => (k === at ? value : one)), settled);
  }

  under(/** @type {PointerEvent} */ event) {
    const box = this.sheet.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const inside = (/** @type {any} */ at) => at && x >= at.x && y >= at.y && x < at.x + at.w && y < at.y + at.h;
    const [down, across] = windows(this.how);
    if (inside(this.right)) return { row: Math.floor(((y - this.right.y) / this.right.h) * down), column: Math.floor(((x - this.right.x) / this.right.w) * across) };
    if (!inside(this.left)) return null;
    const { stride, padding, rows } = this.how; // the window whose middle lies nearest
    const middle = (reach(this.how) - 1) / 2;
    const near = (/** @type {number} */ at, /** @type {number} */ most) => Math.min(most - 1, Math.max(0, Math.round((at - 0.5 - middle) / stride)));
    const whole = rows + 2 * padding;
    return { row: near(((y - this.left.y) / this.left.h) * whole, down), column: near(((x - this.left.x) / this.left.w) * whole, across) };
  }

  hover(/** @type {{row: number, column: number} | null} */ place) {
    if (this.bar.playing || JSON.stringify(place) === JSON.stringify(this.hovered)) return;
    this.hovered = place;
    this.sheet.canvas.style.cursor = place ? "crosshair" : "";
    this.again();
  }

  go(/** @type {{row: number, column: number} | null} */ place) {
    if (!place) return;
    this.bar.pause();
    Object.assign(this, { place, hovered: null, filling: false });
    this.again();
  }

  key(/** @type {KeyboardEvent} */ event) {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [down, across] = windows(this.how);
    const { row, column } = this.shown(down, across);
    this.go({ row: Math.min(down - 1, Math.max(0, row + step[0])), column: Math.min(across - 1, Math.max(0, column + step[1])) });
  }

  moved() {
    this.filling = true;
    this.hovered = null;
    const across = Math.max(1, windows(this.how)[1]);
    this.place = { row: Math.floor(this.bar.at / across), column: this.bar.at % across };
    if (this.bar.at >= this.bar.length) this.filling = false;
  }

  /** Which window is shown: the one pointed at, the chosen one, or one in the middle. */
  shown(/** @type {number} */ down, /** @type {number} */ across) {
    const one = this.hovered ?? (this.place.row < 0 ? { row: Math.floor(down / 2), column: Math.floor(across / 2) } : this.place);
    return { row: Math.min(one.row, down - 1), column: Math.min(one.column, across - 1) };
  }

  // -- drawing

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    const header = this.frame?.header;
    mark(this.root, "data-state", this.picture ? "there" : "waiting");
    mark(this.root, "data-picture", header?.picture ?? "");
    if (!header || !this.picture) return say(this.title, header?.words ?? "");
    const { how } = this;
    const [down, across] = windows(how);
    const fits = down > 0 && across > 0;
    const place = this.shown(down, across);
    this.bar.first = fits ? 1 : 0; // where none fits there is no window to count
    this.bar.length = fits ? down * across - 1 : 0;
    if (!this.bar.playing && fits) this.bar.at = place.row * across + place.column;
    const output = fits ? correlate(this.picture, this.weights, how) : new Float64Array(0);
    this.grid(theme);
    Object.assign(this, paint(this.sheet, theme, { how, output, place, fits, weights: this.weights, picture: this.picture, filling: this.filling, narrow: this.narrow, size: this.size }));
    this.tell(header, how, output, place, fits);
    mark(this.root, "data-invalid", fits ? null : "");
    mark(this.root, "data-weights", this.weights.map((one) => String(Number(one.toFixed(4)))).join());
    mark(this.root, "data-output", fits ? `${down},${across}` : "");
    mark(this.root, "data-checksum", fits ? output.reduce((sum, one, k) => sum + one * ((k % 7) + 1), 0).toFixed(3) : "");
    mark(this.root, "data-pages", header.checksum === null ? "" : Number(header.checksum).toFixed(3));
    mark(this.root, "data-place", `${place.row},${place.column}`);
    mark(this.root, "data-value", fits ? output[place.row * across + place.column].toFixed(4) : "");
  }

  /** The kernel as cells to type in, each tinted by its sign. */
  grid(theme) {
    const side = Math.round(Math.sqrt(this.weights.length));
    if (this.cells.children.length !== this.weights.length) {
      this.cells.style.setProperty("--cells", String(side));
      mark(this.cells, "data-many", side > 5 ? "" : null);
      this.cells.replaceChildren(...this.weights.map((_, at) => element("input", {
        type: "text", inputmode: "decimal", "data-testid": `cell-${at}`, "aria-label": `Row ${Math.floor(at / side) + 1}, column ${(at % side) + 1}`,
        oninput: (/** @type {any} */ event) => this.typed(event.target, at, false),
        onchange: (/** @type {any} */ event) => this.typed(event.target, at, true),
        onfocus: (/** @type {any} */ event) => event.target.select(),
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.nudge(event, at, side),
      })));
    }
    const focused = /** @type {any} */ (this.root.getRootNode()).activeElement;
    const strong = Math.max(largest(this.weights), 1e-3);
    this.weights.forEach((value, at) => {
      const cell = this.cells.children[at];
      if (cell !== focused) {
        if (cell.value !== written(value)) cell.value = written(value);
        mark(cell, "aria-invalid", null);
      }
      const back = mix(rgb(theme.paper), rgb(value < 0 ? theme.negative : theme.positive), 0.72 * Math.min(1, Math.abs(value) / strong));
      cell.style.setProperty("--cell", css(back));
      cell.style.setProperty("--cell-ink", lightness(back) > 0.45 ? "#111418" : "#ffffff");
      cell.disabled = !this.may("numbers") || !this.may("kernel");
    });
  }

  /** Arrows up and down change a number by a half; with alt they go to the neighbour. */
  nudge(/** @type {KeyboardEvent} */ event, /** @type {number} */ at, /** @type {number} */ side) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.altKey) return /** @type {any} */ (this.cells.children[at - by * side])?.focus();
    const value = Number((this.weights[at] + by * (event.shiftKey ? 0.1 : 0.5)).toFixed(4));
    const cell = /** @type {HTMLInputElement} */ (this.cells.children[at]);
    cell.value = written(value);
    this.typed(cell, at, true);
  }

  tell(header, how, output, place, fits) {
    say(this.title, `${header.title}${this.data?.flip ? ", turned over" : ""}`);
    mark(this.flip, "aria-pressed", String(Boolean(this.data?.flip)));
    this.flip.disabled = !this.may("flip");
    this.acts.hidden = !this.may("numbers") && !this.may("flip");
    const even = this.weights.every((one, k) => Math.abs(one - this.weights[this.weights.length - 1 - k]) < 1e-9);
    say(this.note, even ? "Turned over, this kernel is the same." : this.data?.flip
      ? "Turned over: this is convolution as in mathematics."
      : "Slid as it is: cross-correlation, which deep learning calls convolution.");
    const [down, across] = windows(how);
    const exact = (how.rows + 2 * how.padding - reach(how)) / how.stride;
    const key = JSON.stringify([how, this.weights, place, header.picture, fits]);
    if (key === this.written) return;
    this.written = key;
    mark(this.formula, "data-wrong", fits ? null : "");
    const inner = `(${how.rows} + 2\u00b7${how.padding} \u2212 ${how.dilation}\u00b7(${how.size} \u2212 1) \u2212 1) / ${how.stride}`;
    this.formula.replaceChildren(
      element("span", {}, "size = ", Number.isInteger(exact) ? `${inner} + 1 = ` : `\u230a${inner}\u230b + 1 = `, element("b", {}, fits ? String(down) : `${down}`.replace("-", "\u2212"))),
      fits ? "" : element("p", { class: "said wrong" }, `The window reaches over ${reach(how)} pixels, the padded picture has ${how.rows + 2 * how.padding}: take a smaller kernel or dilation, or more padding.`),
    );
    if (!fits) {
      this.words.replaceChildren();
      return say(this.alt, `No window fits: ${header.wrong}`);
    }
    const under = patch(this.picture, how, place.row, place.column);
    const value = output[place.row * across + place.column];
    const terms = [...under].map((one, k) => ({ one, weight: this.weights[k] })).filter(({ weight }) => weight !== 0);
    const shown = terms.slice(0, 9).map(({ one, weight }, k) => [k ? " + " : "", element("span", { class: "product" }, `${brief(one)}\u00b7${weight < 0 ? `(${short(weight)})` : short(weight)}`)]).flat();
    this.words.replaceChildren(
      element("p", { class: "said" }, `Row ${place.row + 1}, column ${place.column + 1}:`),
      element("div", { class: "equation row", "data-testid": "equation" }, ...shown, terms.length > 9 ? ` + ${terms.length - 9} more` : "", terms.length ? " = " : "every weight is 0: ", element("b", {}, decimal(value))),
    );
    const words = `${header.title} over the picture. Result of ${down} by ${across}; at row ${place.row + 1}, column ${place.column + 1}: ${decimal(value)}.`;
    say(this.alt, words);
    mark(this.sheet.canvas, "aria-label", words);
  }

  end() {
    this.bar.end();
    super.end();
  }
}

/** A weight as one types it. */
function written(/** @type {number} */ x) {
  return Number.isInteger(x * 100) ? short(x).replace(",", "").replace("\u2212", "-") : String(Number(x.toFixed(4)));
}

export default hosted(KernelEditor);
