// One pixel of a trained network's maps at three depths: in the network, in its channel, in its arithmetic. The state is kept
// here; `convolution_network.js`, `convolution_channel.js` and `convolution_pixel.js` draw the depths.

import { drawChannel } from "./convolution_channel.js";
import { drawNetwork } from "./convolution_network.js";
import { GridPen } from "./convolution_pen.js";
import { drawPixel } from "./convolution_pixel.js";
import { NetworkScene } from "./convolution_scene.js";
import { spoken, told } from "./convolution_words.js";
import { Sheet, element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { Scrubber } from "./scrubber.js";
import { Shared } from "./shared.js";

/** @type {Record<string, string>} */
const DEPTHS = { network: "Network", channel: "One channel", pixel: "One pixel" };
const DRAWN = { network: drawNetwork, channel: drawChannel, pixel: drawPixel };
/** How long a change of depth takes, in milliseconds. */
const ZOOM = 260;

class Depths extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "convolution", ["visual.css", "scrubber.css", "convolution.css"]);
    this.shared = new Shared();
    /** @type {NetworkScene | null} */
    this.scene = null;
    /** @type {import("./convolution_scene.js").Spot | null} */
    this.hovered = null;
    /** The map before that the arithmetic is about; -1 is the one that adds most. */
    this.source = -1;
    /** Whether the picture is filled window by window. */
    this.filling = false;
    /** @type {{box: import("./convolution_pen.js").Box, rows: number, columns: number, spot?: Record<string, number>, source?: number, from?: boolean}[]} */
    this.spots = [];
    this.bar = new Scrubber({ onmove: (step) => this.moved(step), again: () => this.settle(), label: "Window", unit: "window", first: 1 });
    this.sheet = new Sheet({ class: "sheet", role: "img", tabindex: 0, "data-testid": "depth-sheet", "aria-label": "The network", "data-arrows": true });
    this.marks = Object.keys(DEPTHS).map((name, k) => element("button", {
      type: "button", class: "phase", "data-testid": `depth-${name}`, onclick: () => this.go(name),
    }, element("span", { class: "phase-number", "aria-hidden": "true" }, String(k + 1)), element("span", {}, DEPTHS[name])));
    this.bar.root.prepend(element("div", { class: "buttons phases", role: "group", "aria-label": "Depth" }, ...this.marks));
    this.title = element("h3");
    this.closer = new Sheet({ class: "sheet", "aria-hidden": "true" });
    this.words = element("div", { class: "explain", "data-testid": "explain" });
    this.deeper = element("button", { type: "button", class: "act", "data-testid": "deeper", onclick: () => this.deep(1) });
    this.alt = element("div", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(
      this.bar.root,
      element("div", { class: "stage" }, element("div", { class: "field" }, this.sheet.canvas)),
      element("div", { class: "panel" }, this.title, element("div", { class: "closer" }, this.closer.canvas), this.words, this.deeper),
      this.alt,
    );
    this.listen();
  }

  listen() {
    const { canvas } = this.sheet;
    canvas.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => { if (event.pointerType === "mouse") this.hover(this.under(event)); });
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("click", (/** @type {PointerEvent} */ event) => this.choose(this.under(event)));
    canvas.addEventListener("dblclick", () => this.deep(1));
    canvas.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.key(event));
  }

  // -- what the page says

  take(/** @type {import("./frame.js").Frame} */ frame) {
    this.scene = frame.header.stages ? new NetworkScene(frame) : null;
    this.hovered = null;
  }

  update(/** @type {Record<string, any>} */ data) {
    this.shared.hear({ depth: data.depth, stage: data.stage, channel: data.channel, row: data.row, column: data.column });
    if (!this.scene) return;
    this.follow();
  }

  /** Where it is looked at: the place that is pointed at, else the one that was chosen. */
  get spot() {
    const { stage, channel, row, column } = this.shared.values;
    return /** @type {NetworkScene} */ (this.scene).inside(this.hovered ?? { stage, channel, row, column });
  }

  // -- what is looked at

  under(/** @type {PointerEvent} */ event) {
    const box = this.sheet.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    for (let k = this.spots.length - 1; k >= 0; k -= 1) {
      const { box: at, rows, columns, spot, source } = this.spots[k];
      if (x < at.x || y < at.y || x >= at.x + at.w || y >= at.y + at.h) continue;
      const cell = { row: Math.floor(((y - at.y) / at.h) * rows), column: Math.floor(((x - at.x) / at.w) * columns) };
      return { source, spot: spot ? { ...cell, ...spot } : null };
    }
    return null;
  }

  hover(/** @type {{source?: number, spot: any} | null} */ found) {
    this.sheet.canvas.style.cursor = found ? "pointer" : "";
    const next = this.bar.playing ? null : found?.spot ?? null;
    if (JSON.stringify(next) === JSON.stringify(this.hovered)) return;
    this.hovered = next;
    this.again();
  }

  choose(/** @type {{source?: number, spot: any} | null} */ found) {
    if (!found) return;
    if (found.source !== undefined) this.source = found.source;
    this.bar.pause();
    this.filling = false;
    if (found.spot) {
      const now = this.shared.values;
      if (found.spot.stage !== now.stage || found.spot.channel !== now.channel) this.source = -1;
      this.put(found.spot);
    }
    this.hovered = null;
    this.again();
  }

  put(/** @type {Record<string, any>} */ changes, settled = true) {
    this.shared.put(this, changes, settled);
    this.follow();
    this.again();
  }

  /** The bar stands where the chosen pixel is. */
  follow() {
    if (!this.scene) return;
    const { stage, channel, row, column } = this.shared.values;
    const spot = this.scene.inside({ stage, channel, row, column });
    const [, rows, columns] = this.scene.layers[spot.stage].shape;
    this.bar.length = rows * columns - 1;
    if (!this.bar.playing) this.bar.at = spot.row * columns + spot.column;
  }

  /** The window went on. */
  moved(/** @type {number} */ step) {
    if (!this.scene) return;
    const spot = this.spot;
    const columns = this.scene.layers[spot.stage].shape[2];
    this.filling = true;
    this.hovered = null;
    this.shared.set({ ...spot, row: Math.floor(step / columns), column: step % columns });
    this.unsaid = true;
    this.again();
  }

  /** The page hears of the place once the window rests. */
  settle() {
    if (!this.bar.playing && this.unsaid) {
      this.unsaid = false;
      if (this.bar.at >= this.bar.length) this.filling = false;
      const { stage, channel, row, column } = this.shared.values;
      if (["stage", "channel", "row", "column"].every((field) => this.may(field))) this.edit({ stage, channel, row, column });
    }
    this.again();
  }

  go(/** @type {string} */ depth) {
    if (depth === this.shared.values.depth || !this.may("depth")) return;
    this.before = { from: performance.now(), picture: this.snapshot(), deeper: Object.keys(DEPTHS).indexOf(depth) > Object.keys(DEPTHS).indexOf(this.shared.values.depth) };
    this.put({ depth });
  }

  deep(/** @type {number} */ by) {
    const names = Object.keys(DEPTHS);
    this.go(names[Math.min(names.length - 1, Math.max(0, names.indexOf(this.shared.values.depth) + by))]);
  }

  /** The picture as it is, for the passage to the next depth. */
  snapshot() {
    if (this.calm || !this.sheet.width) return null;
    const copy = document.createElement("canvas");
    Object.assign(copy, { width: this.sheet.canvas.width, height: this.sheet.canvas.height });
    copy.getContext("2d")?.drawImage(this.sheet.canvas, 0, 0);
    return copy;
  }

  key(/** @type {KeyboardEvent} */ event) {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (event.key === "Enter") return this.deep(1);
    if (event.key === "Escape") return this.deep(-1);
    if (!this.scene || !step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const { stage, channel, row, column } = this.spot;
    this.filling = false;
    if (event.shiftKey) { // with shift: another map, another layer
      const at = this.scene.mapped[Math.min(this.scene.mapped.length - 1, Math.max(0, this.scene.mapped.indexOf(stage) + step[1]))];
      const channels = this.scene.layers[at].shape[0];
      this.source = -1;
      return this.put(this.scene.inside({ stage: at, channel: (channel + step[0] + channels) % channels, row, column }));
    }
    const [, rows, columns] = this.scene.layers[stage].shape;
    return this.put({ row: Math.min(rows - 1, Math.max(0, row + step[0])), column: Math.min(columns - 1, Math.max(0, column + step[1])) });
  }

  // -- drawing

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    const { scene } = this;
    const header = this.frame?.header;
    mark(this.root, "data-state", scene ? "there" : "waiting");
    if (!scene) {
      say(this.title, header?.words ?? "");
      return;
    }
    const { depth } = this.shared.values;
    this.sheet.fit();
    const context = this.sheet.blank();
    const spot = this.spot;
    const apart = scene.apart(spot.stage, spot.channel);
    const source = this.source >= 0 && this.source < apart.parts.length ? this.source : apart.order[0];
    const pen = new GridPen(context, theme, this.size);
    const [, , columns] = scene.layers[spot.stage].shape;
    const room = { pen, width: this.sheet.width, height: this.sheet.height, narrow: this.narrow, spot, source, apart, known: this.filling ? spot.row * columns + spot.column + 1 : Infinity };
    this.spots = DRAWN[/** @type {keyof typeof DRAWN} */ (depth)](scene, room);
    this.passage(context);
    this.marks.forEach((button, k) => mark(button, "aria-current", Object.keys(DEPTHS)[k] === depth ? "step" : null));
    this.tell(theme, scene, { ...room, depth });
    mark(this.root, "data-depth", depth);
    mark(this.root, "data-spot", [spot.stage, spot.channel, spot.row, spot.column].join());
    const at = spot.row * columns + spot.column;
    mark(this.root, "data-value", scene.layers[spot.stage].maps[spot.channel][at].toFixed(4));
    mark(this.root, "data-sum", (apart.sum[at] + apart.bias).toFixed(4));
    mark(this.root, "data-moving", this.before ? "" : null);
    mark(this.root, "data-answer", String(header.answer.indexOf(Math.max(...header.answer))));
  }

  /** The old depth fades: it comes nearer where one goes deeper, and falls back where one comes up. */
  passage(/** @type {CanvasRenderingContext2D} */ context) {
    const { before } = this;
    if (!before) return;
    const share = (performance.now() - before.from) / ZOOM;
    if (share >= 1 || !before.picture) {
      this.before = undefined;
      if (before.picture) this.again();
      return;
    }
    const { width, height } = this.sheet;
    const scale = before.deeper ? 1 + 0.5 * share : 1 - 0.25 * share;
    context.save();
    context.globalAlpha = 1 - share;
    context.translate(width / 2, height / 2);
    context.scale(scale, scale);
    context.drawImage(before.picture, -width / 2, -height / 2, width, height);
    context.restore();
    this.again();
  }

  tell(theme, scene, view) {
    const { title, nodes, closer } = told(scene, view, (/** @type {number} */ source) => { this.source = source; this.again(); });
    say(this.title, title);
    const key = JSON.stringify([view.depth, view.spot, view.source, this.packed.length, scene.header.answer]);
    if (key !== this.written) {
      this.written = key;
      this.words.replaceChildren(...nodes);
      const words = spoken(scene, view);
      say(this.alt, words);
      mark(this.sheet.canvas, "aria-label", words);
    }
    const next = { network: "Take this map apart", channel: "Look at one pixel", pixel: "" }[/** @type {string} */ (view.depth)] ?? "";
    say(this.deeper, next);
    this.deeper.hidden = !next || !this.may("depth");
    const { parentElement } = this.closer.canvas;
    /** @type {HTMLElement} */ (parentElement).hidden = !closer;
    if (!closer) return;
    this.closer.fit();
    closer(new GridPen(this.closer.blank(), theme, this.size), this.closer.width, this.closer.height);
  }

  end() {
    this.bar.end();
    super.end();
  }
}

export default hosted(Depths);
