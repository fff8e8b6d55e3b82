// A sentence inside a BERT: its pieces, the attention of every head, one head's arithmetic, and attention beside effect. The
// state is kept here; the files `inside_bert_*.js` draw the views and write what is said beside them.

import { drawArcs, drawMatrix } from "./inside_bert_arcs.js";
import { mark, say } from "./dom.js";
import { LOOKS, furnished, opened, pressed, standing, within } from "./inside_bert_furniture.js";
import { Host, hosted } from "./host.js";
import { drawLayers } from "./inside_bert_layers.js";
import { drawLengths } from "./inside_bert_lengths.js";
import { drawOverview } from "./inside_bert_overview.js";
import { InsidePen } from "./inside_bert_pen.js";
import { InsideScene } from "./inside_bert_scene.js";
import { CHAPTERS, begins, drawSteps, steps, where } from "./inside_bert_steps.js";
import { spoken, told } from "./inside_bert_words.js";
import { percent } from "./numbers.js";
import { Shared } from "./shared.js";

const DRAWN = { arcs: drawArcs, matrix: drawMatrix, layers: drawLayers };
const FIELDS = ["depth", "look", "layer", "head", "piece", "measure"];

class Inside extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "inside-bert", ["visual.css", "scrubber.css", "convolution.css", "text_box.css", "inside_bert.css"]);
    this.shared = new Shared();
    /** @type {InsideScene | null} */
    this.scene = null;
    /** What is pointed at: a piece, whether as one that is attended to, a cell of the matrix. */
    this.pointed = -1;
    this.pointedAsked = false;
    this.reversed = false;
    /** @type {{i: number, j: number} | null} */
    this.cell = null;
    this.glanced = /** @type {{layer: number, head: number} | null} */ (null);
    this.step = 0;
    /** @type {import("./inside_bert_arcs.js").Spot[]} */
    this.spots = [];
    /** @type {Map<HTMLCanvasElement, {box: import("./convolution_pen.js").Box, layer: number, head: number}[]>} */
    this.squares = new Map();
    this.build();
  }

  build() {
    Object.assign(this, furnished({
      tell: (said) => this.trigger("text", said), choose: (example) => this.edit({ example }), put: (changes) => this.put(changes),
      moved: (step) => this.moved(step), settle: () => this.settle(), typed: () => standing(this), goTo: (chapter) => this.goTo(chapter), point: (piece) => this.point(piece),
    }));
    this.root.append(...this.rows);
    for (const { canvas } of [this.sheet, this.overview, this.closer]) this.sizes.observe(canvas);
    this.listen();
  }

  listen() {
    const { canvas } = this.sheet;
    canvas.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => { if (event.pointerType === "mouse") this.hover(this.under(event)); });
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("click", (/** @type {PointerEvent} */ event) => this.choose(this.under(event)));
    for (const sheet of [this.overview, this.closer]) {
      const one = sheet.canvas;
      one.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => { if (event.pointerType === "mouse") this.glance(one, this.square(event)); });
      one.addEventListener("pointerleave", () => this.glance(one, null));
      one.addEventListener("click", (/** @type {PointerEvent} */ event) => {
        const found = this.square(event);
        if (found) this.put({ layer: found.layer, head: found.head });
      });
      one.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.key(event, true));
    }
    canvas.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.key(event, event.shiftKey));
  }

  // -- what the page says

  take(/** @type {import("./frame.js").Frame} */ frame) {
    const before = this.scene;
    this.scene = frame.header.pieces ? new InsideScene(frame) : null;
    if (this.scene && before?.header.text !== this.scene.header.text) {
      this.hover(null);
      this.glanced = null;
    }
  }

  update(/** @type {Record<string, any>} */ data) {
    this.shared.hear(Object.fromEntries(FIELDS.map((name) => [name, data[name]])));
    this.ask.know(data);
    this.follow();
  }

  /** Layer, head and piece that are looked at, as far as this model and text have them. */
  get at() {
    const { scene, shared: { values } } = this;
    const inside = (/** @type {number} */ value, /** @type {number} */ count) => Math.max(0, Math.min(value, count - 1));
    return scene ? { layer: inside(values.layer, scene.layers), head: inside(values.head, scene.heads), piece: inside(values.piece, scene.count) } : { layer: 0, head: 0, piece: 0 };
  }

  /** Everything that the open view draws and says. */
  get view() {
    const { depth, look, measure } = this.shared.values;
    const { piece, ...chosen } = this.at;
    const { layer, head } = this.glanced ?? chosen;
    const scene = /** @type {InsideScene} */ (this.scene);
    const pointing = this.pointed >= 0 && !this.bar.playing;
    const asks = depth === "steps" || !pointing ? piece : this.pointed;
    const row = depth === "steps" ? this.row(scene, piece) : null;
    return {
      depth, look, measure, layer, head, piece: asks, row, step: this.step, pointed: pointing ? this.pointed : -1, cell: this.cell,
      asked: look !== "layers" && (pointing ? this.pointedAsked : this.reversed), narrow: this.narrow,
    };
  }

  row(/** @type {InsideScene} */ scene, /** @type {number} */ piece) {
    if (this.rowOf !== scene || this.rowAt !== piece) Object.assign(this, { rowOf: scene, rowAt: piece, rowIs: scene.row(piece) });
    return this.rowIs;
  }

  // -- what is looked at

  under(/** @type {PointerEvent} */ event) {
    return within(this.spots, event);
  }

  square(/** @type {PointerEvent} */ event) {
    return within(this.squares.get(/** @type {HTMLCanvasElement} */ (event.currentTarget)) ?? [], event);
  }

  hover(/** @type {import("./inside_bert_arcs.js").Spot | null} */ spot) {
    this.sheet.canvas.style.cursor = spot ? "pointer" : "";
    const cell = spot?.other === undefined ? null : { i: spot.piece, j: spot.other };
    if ((spot?.piece ?? -1) === this.pointed && Boolean(spot?.asked) === this.pointedAsked && cell?.j === this.cell?.j) return;
    Object.assign(this, { pointed: spot?.piece ?? -1, pointedAsked: Boolean(spot?.asked), cell });
    this.again();
  }

  /** A head that is pointed at among all of them is shown at once. */
  glance(/** @type {HTMLCanvasElement} */ canvas, /** @type {{layer: number, head: number} | null} */ square) {
    canvas.style.cursor = square ? "pointer" : "";
    const next = canvas === this.overview.canvas && square ? { layer: square.layer, head: square.head } : null;
    if (next?.layer === this.glanced?.layer && next?.head === this.glanced?.head) return;
    this.glanced = next;
    this.again();
  }

  point(/** @type {number} */ piece) {
    if (piece === this.pointed) return;
    Object.assign(this, { pointed: piece, pointedAsked: false, cell: null });
    this.again();
  }

  choose(/** @type {import("./inside_bert_arcs.js").Spot | null} */ spot) {
    if (!spot) return;
    this.bar.pause();
    this.reversed = Boolean(spot.asked);
    this.put({ piece: spot.piece });
  }

  /** What the hand chose: drawn at once, and the page hears of it. */
  put(/** @type {Record<string, any>} */ changes) {
    if (!Object.keys(changes).every((field) => this.may(field))) return;
    if ("depth" in changes || "piece" in changes) this.bar.pause();
    if ("depth" in changes) this.hover(null);
    this.shared.set(changes);
    this.edit(changes);
    this.follow();
    this.again();
  }

  // -- the bar: piece by piece, or step by step

  follow() {
    if (!this.scene) return;
    const stepping = this.shared.values.depth === "steps";
    this.bar.first = stepping ? 0 : 1;
    this.bar.length = stepping ? steps(this.scene.count) : this.scene.count - 1;
    if (!this.bar.playing) this.bar.at = stepping ? this.step : this.at.piece;
    this.step = Math.min(this.step, steps(this.scene.count));
    const name = this.bar.root.querySelector(".readout dt");
    if (name) say(name, stepping ? "step" : "position");
    mark(this.bar.range, "aria-label", stepping ? "Step of the arithmetic" : "Position of the piece");
  }

  moved(/** @type {number} */ step) {
    if (!this.scene) return;
    this.pointed = -1;
    if (this.shared.values.depth === "steps") this.step = step;
    else {
      this.reversed = false;
      this.shared.set({ piece: step });
      this.unsaid = true;
    }
    this.again();
  }

  /** The page hears of the piece once the bar rests. */
  settle() {
    if (!this.bar.playing && this.unsaid) {
      this.unsaid = false;
      if (this.may("piece")) this.edit({ piece: this.shared.values.piece });
    }
    this.again();
  }

  goTo(/** @type {string} */ chapter) {
    if (!this.scene) return;
    this.bar.pause();
    this.bar.to(begins(chapter, this.scene.count));
  }

  key(/** @type {KeyboardEvent} */ event, /** @type {boolean} */ heads) {
    const by = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [1, 0], ArrowDown: [-1, 0] }[event.key];
    if (!this.scene || !by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const { layer, head, piece } = this.at;
    const kept = (/** @type {number} */ value, /** @type {number} */ count) => Math.min(count - 1, Math.max(0, value));
    this.hover(null);
    if (heads) this.put({ layer: kept(layer + by[0], this.scene.layers), head: kept(head + by[1], this.scene.heads) });
    else if (this.shared.values.depth === "steps" && by[1]) this.bar.press(by[1] > 0 ? "step" : "back");
    else this.put({ piece: kept(piece + by[1] - by[0], this.scene.count) });
  }

  // -- drawing

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    const { scene } = this;
    const header = this.frame?.header;
    const { depth } = this.shared.values;
    mark(this.root, "data-state", header?.state ?? "waiting");
    mark(this.root, "data-depth", depth);
    standing(this);
    if (!scene) return;
    const view = this.view;
    opened(this, depth);
    if (depth === "pieces") this.pieces.show(scene, view.piece, this.at.piece);
    if (depth === "reason") this.reason.show(scene, view.measure);
    if (depth === "attention" || depth === "steps") this.one(theme, scene, view, depth === "steps" ? drawSteps : DRAWN[/** @type {keyof typeof DRAWN} */ (view.look)]);
    if (depth === "attention") this.squared(theme, scene, this.overview, view);
    this.tell(scene, view);
    this.close(theme, scene, view); // after the words: they leave it its height
    this.say(scene, view);
  }

  one(theme, scene, view, paint) {
    this.sheet.fit();
    this.spots = paint(scene, new InsidePen(this.sheet.blank(), theme, this.size), { ...view, width: this.sheet.width, height: this.sheet.height });
  }

  squared(theme, scene, /** @type {Sheet} */ sheet, view) {
    sheet.fit();
    const shown = { legend: sheet === this.overview, width: sheet.width, height: sheet.height, layer: view.layer, head: view.head, piece: view.depth === "attention" && view.pointed < 0 && !view.cell ? -1 : view.piece };
    this.squares.set(sheet.canvas, drawOverview(scene, new InsidePen(sheet.blank(), theme, this.size), shown));
    mark(sheet.canvas, "aria-label", `All heads: layers 1 to ${scene.layers} upwards, heads 1 to ${scene.heads} across. Layer ${view.layer + 1}, head ${view.head + 1} is chosen; arrow keys choose another.`);
  }

  /** The small picture in the panel: how long a piece's vector is, or all heads to choose from. */
  close(theme, scene, view) {
    const lengths = view.depth === "pieces", heads = view.depth === "steps";
    this.closerRoom.hidden = !lengths && !heads;
    mark(this.closer.canvas, "tabindex", heads ? "0" : "-1");
    if (heads) this.squared(theme, scene, this.closer, view);
    else if (lengths) {
      this.closer.fit();
      this.squares.delete(this.closer.canvas);
      drawLengths(scene, new InsidePen(this.closer.blank(), theme, this.size), { width: this.closer.width, height: this.closer.height, piece: view.piece });
      mark(this.closer.canvas, "aria-label", `Length of the vector of ${scene.pieces[view.piece].name} after each layer.`);
    }
  }

  tell(scene, view) {
    pressed(this.looks, Object.keys(LOOKS), view.look);
    pressed(this.chapters, CHAPTERS, where(this.step, scene.count).chapter);
    const { label, score } = scene.verdict;
    say(this.verdict, `${label} ${percent(score)}`);
    say(this.reader, `${this.data?.reader ?? "the model"} says${scene.header.whole > scene.count ? " of this part" : ""}`);
    const key = JSON.stringify([{ ...view, row: null }, this.packed.length, scene.header.text, scene.header.layer, scene.header.head]);
    if (key === this.written && scene === this.writtenOf) return;
    Object.assign(this, { written: key, writtenOf: scene });
    const { title, nodes } = told(scene, view);
    say(this.title, title);
    this.words.replaceChildren(...nodes);
    say(this.alt, spoken(scene, view));
    mark(this.sheet.canvas, "aria-label", this.alt.textContent);
  }

  /** What tests read. */
  say(scene, view) {
    const { layer, head, piece, row } = view;
    const weights = row?.weights ?? scene.pieces.map((/** @type {any} */ _, /** @type {number} */ j) => scene.weight(layer, head, piece, j));
    mark(this.root, "data-place", [layer, head, piece].join());
    mark(this.root, "data-step", String(this.step));
    mark(this.root, "data-text", scene.header.text);
    mark(this.root, "data-row", weights.map((/** @type {number} */ x) => x.toFixed(4)).join());
  }

  end() {
    this.bar.end();
    this.ask.end();
    super.end();
  }
}

export default hosted(Inside);
