// Score my own boxes: the visitor draws what is really there, and sees what of it the model found, and what that makes of
// precision, recall and average precision.

import { element, mark, say } from "./dom.js";
import { hosted } from "./host.js";
import { Opened } from "./opened.js";
import { PrecisionRecall } from "./precision_recall.js";
import { Ranking } from "./ranking.js";
import { Shared } from "./shared.js";
import { Strictness } from "./strictness.js";
import { TrueBoxes, area, inside, overlap } from "./true_boxes.js";
import { Scores } from "./truths_scores.js";
import { Tools } from "./truths_tools.js";
import { two } from "./verdicts.js";

/** @typedef {import("./true_boxes.js").Edges} Edges */

/** The page hears of another confidence once the slider has rested for so long, in milliseconds. */
const REST = 400;
/** With more boxes than this, only those pointed at have words on the picture. */
const CROWD = 30;
const UNDO = 50;

class Truths extends Opened {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "truths", ["truths.css"]);
    this.shared = new Shared();
    /** @type {any[][][]} What Undo goes back to. */
    this.before = [];
    this.moving = -1;
    /** The model's box that is pointed at, by its number; -1 for none. */
    this.lit = -1;
    this.rest = 0;
    this.bare = false;
    this.of = "";
    this.full = false;
    this.surface = new TrueBoxes({
      move: (id, box, settled) => this.change(this.boxes.map((one) => (one[0] === id ? [id, one[1], ...box] : one)), settled, id),
      add: (box) => this.add(box),
      remove: (id) => this.remove(id),
      hold: (id) => this.hold(id),
      point: (at) => this.point(at),
    });
    this.tools = new Tools({
      name: (name) => this.name(name), add: () => this.add([0.4, 0.4, 0.6, 0.6]), remove: () => this.remove(this.surface.held), undo: () => this.undo(),
      clear: () => this.change([]), upload: (file) => this.send(file), hide: (bare) => { this.bare = bare; this.again(); },
    });
    this.scores = new Scores((view) => this.tell({ view }), (confidence) => this.turn(confidence));
    this.curve = new PrecisionRecall(() => this.again());
    this.strict = new Strictness((at) => this.tell({ at }));
    this.ranking = new Ranking((score) => this.turn(Math.max(0.01, Math.floor(score * 100 + 1e-9) / 100)), (index) => { this.lit = index; this.again(); });
    this.reading = element("p", { class: "reading", "data-testid": "reading" });
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.stage = element("div", { class: "stage" }, this.tools.root, this.surface.root, this.tools.key, this.reading, this.alt);
    const { views, ratios, slide } = this.scores;
    this.root.append(this.stage, element("div", { class: "panel" }, views, ratios, slide, this.curve.root, this.strict.root), this.ranking.root);
    this.root.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      event.preventDefault();
      this.undo();
    });
    this.ondrop = (/** @type {DragEvent} */ event) => this.drop(event);
    window.addEventListener("drop", this.ondrop, true); // before the strip of pictures takes it for one
  }

  /** The true boxes: number, class, left, top, right, bottom each. */
  get boxes() {
    return /** @type {any[][]} */ (this.shared.values.boxes ?? []);
  }

  /** @returns {import("./verdicts.js").Scored | null} */
  get scored() {
    return this.data?.scored ?? null;
  }

  /** Whether the counts are those of other boxes than the ones drawn. */
  get behind() {
    return JSON.stringify([this.boxes, this.shared.values.at]) !== JSON.stringify([this.data?.boxes, this.data?.at]);
  }

  update(/** @type {Record<string, any>} */ { boxes, at, view, name, confidence }) {
    const photo = this.frame?.header.id;
    if (photo !== this.of) Object.assign(this, { of: photo, before: [], lit: -1, shared: new Shared() });
    this.shared.hear({ boxes, at, view, name, confidence });
    if (!this.boxes.some(([id]) => id === this.surface.held)) this.surface.held = -1;
  }

  // -- what the hand does

  /** Tells the page, and draws at once. */
  tell(/** @type {Record<string, any>} */ changes, settled = true) {
    if (!Object.keys(changes).every((field) => this.may(field))) return;
    this.edit({ photo: this.of, ...this.shared.set(changes) }, settled);
    this.again();
  }

  /** Other true boxes; what one hold does to one box is undone together. */
  change(/** @type {any[][]} */ boxes, settled = true, moved = -1) {
    if (!this.may("boxes")) return;
    if (moved < 0 || this.moving !== moved) this.remember();
    this.moving = settled ? -1 : moved;
    this.full = false;
    this.tell({ boxes }, settled);
  }

  remember() {
    this.before.push(this.boxes);
    if (this.before.length > UNDO) this.before.shift();
  }

  add(/** @type {Edges} */ box) {
    this.full = this.boxes.length >= this.data?.most;
    this.again();
    if (this.full || !this.may("boxes")) return;
    const id = 1 + Math.max(0, ...this.boxes.map(([one]) => one));
    this.surface.held = id;
    this.change([...this.boxes, [id, this.shared.values.name, ...box]]);
    window.requestAnimationFrame(() => window.requestAnimationFrame(() => this.surface.focus(id)));
  }

  remove(/** @type {number} */ id) {
    if (this.boxes.some(([one]) => one === id)) this.change(this.boxes.filter(([one]) => one !== id));
  }

  undo() {
    const boxes = this.before.pop();
    this.moving = -1;
    if (boxes) this.tell({ boxes });
  }

  hold(/** @type {number} */ id) {
    if (this.surface.held === id) return;
    this.surface.held = id;
    this.moving = -1;
    this.again();
  }

  /** The class of the box that is held, and of the next one. */
  name(/** @type {string} */ name) {
    const { held } = this.surface;
    if (held >= 0) this.change(this.boxes.map((one) => (one[0] === held ? [held, name, ...one.slice(2)] : one)));
    this.tell({ name });
  }

  turn(/** @type {number} */ confidence) {
    if (!this.may("confidence")) return;
    this.shared.values.confidence = confidence;
    window.clearTimeout(this.rest);
    this.rest = window.setTimeout(() => this.tell({ confidence }), REST);
    this.again();
  }

  /** The model's box under the pointer, the smallest of them. */
  point(/** @type {{x: number, y: number} | null} */ at) {
    const { confidence } = this.shared.values;
    const there = at && !this.bare ? (this.scored?.found ?? []).filter(({ box, score }) => score >= confidence && inside(box, at)) : [];
    const best = there.sort((a, b) => area(a.box) - area(b.box))[0];
    this.lit = best ? (this.scored?.found.indexOf(best) ?? -1) : -1;
    this.again();
  }

  drop(/** @type {DragEvent} */ event) {
    const file = event.dataTransfer?.files[0];
    if (!file || !/\.txt$/i.test(file.name) || !this.root.isConnected || !this.may("boxes")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.send(file);
  }

  /** A file goes to the page as it is; one that is too large is only named. */
  async send(/** @type {File} */ file) {
    const bytes = file.size > 1000 * this.data?.kilobytes ? new Uint8Array() : new Uint8Array(await file.arrayBuffer());
    const content = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    this.remember();
    this.edit({ photo: this.of, file: { name: file.name.slice(-80), size: file.size, content } });
  }

  // -- what is drawn

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    this.state();
    for (const [name, colour] of [["hit", theme.classes[5]], ["wrong", theme.classes[2]], ["missed", theme.classes[3]]]) this.root.style.setProperty(`--${name}`, colour);
    const { confidence, at, name } = this.shared.values;
    const { scored, boxes } = this;
    const view = scored?.classes.some((one) => one.name === this.shared.values.view) ? this.shared.values.view : "";
    const [open, may] = [this.may("boxes"), this.may("confidence")];
    const { thresholds = [], names = [], often = [] } = this.data ?? {};
    const column = Math.max(0, thresholds.indexOf(this.data?.at));
    const held = boxes.find(([id]) => id === this.surface.held);
    this.tools.draw({ names, often, now: held ? held[1] : name, held: Boolean(held), open, any: boxes.length > 0, back: this.before.length > 0 });
    const now = this.scores.draw(scored, { view, confidence, at: this.data?.at, column, may, theme });
    this.tools.count(now);
    this.picture(confidence, view, open);
    const single = scored?.classes.length === 1 ? scored.classes[0].name : view;
    const values = (single ? scored?.classes.find((one) => one.name === single)?.scores : scored?.scores) ?? [];
    this.curve.draw(theme, { scored, view, confidence, lit: this.lit, size: this.size, column });
    this.strict.draw(thresholds, values, at, this.may("at"), single ? "AP" : "mAP");
    this.ranking.draw(scored, { view, confidence, lit: this.lit, may });
    this.root.toggleAttribute("data-behind", this.behind);
    for (const [attribute, value] of [["boxes", boxes.length], ["held", this.surface.held], ["confidence", confidence]]) mark(this.root, `data-${attribute}`, String(value));
    if (now) say(this.alt, `${boxes.length} true boxes, ${now.hits} hits, ${now.misses} misses, ${now.false} false alarms; precision ${this.scores.precision.value.textContent}, recall ${this.scores.recall.value.textContent}.`);
  }

  /** The photo with every box on it, as large as fits. */
  picture(/** @type {number} */ confidence, /** @type {string} */ view, /** @type {boolean} */ open) {
    const { stage, tools, reading, surface } = this;
    const tall = this.narrow ? 520 : stage.clientHeight - tools.root.offsetHeight - tools.key.offsetHeight - reading.offsetHeight - 8;
    surface.show(this.photo, stage.clientWidth, Math.max(160, tall), this.ratio);
    const truths = this.boxes.map(([id, name, ...box]) => ({ id, name, box: /** @type {Edges} */ (box) }));
    surface.draw(this.lines(truths, confidence, view), truths, (truth) => `True box, ${truth.name}. ${this.verdict(truth)}`, open);
    surface.said.show(this.status === "refused" || !this.photo ? this.words : "", this.status === "there" ? "waiting" : this.status);
    mark(surface.picture, "aria-label", `The photo with ${truths.length} true boxes`);
    say(reading, this.told(truths));
  }

  /** Every box on the photo, those on top last. */
  lines(/** @type {import("./true_boxes.js").Truth[]} */ truths, /** @type {number} */ confidence, /** @type {string} */ view) {
    const found = (this.scored?.found ?? []).map((one, index) => ({ ...one, index })).filter(({ score }) => score >= confidence);
    const few = found.length + truths.length <= CROWD;
    const aside = (/** @type {string} */ name) => (view && name !== view ? " aside" : "");
    const theirs = (this.bare ? [] : found).reverse().map(({ box, name, score, hit, index }) => {
      const [kind, letter] = !truths.length ? ["plain", ""] : hit >= 0 ? ["hit", "H "] : ["wrong", "F "];
      const lit = index === this.lit;
      return { box, kind: kind + aside(name), lit, tag: few || lit ? `${letter}${name} ${two(score)}` : "" };
    });
    const judged = new Set(this.scored ? this.data?.boxes.map((/** @type {any} */ [id]) => id) : []);
    const own = truths.map(({ id, name, box }) => {
      const lit = id === this.surface.held;
      const kind = !judged.has(id) ? "new" : found.some(({ hit }) => hit === id) ? "found" : "missed";
      const tag = lit && this.behind ? this.fit(box, name, confidence) : kind === "missed" && few ? `M ${name}` : lit || kind === "new" ? name : "";
      return { box, kind: kind + aside(name), lit, tag };
    });
    const { draft } = this.surface;
    if (draft) own.push({ box: draft, kind: "new", lit: true, tag: this.fit(draft, this.shared.values.name, confidence) });
    return [...theirs, ...own];
  }

  /** How well a box under the hand fits the model's best one of its class. */
  fit(/** @type {Edges} */ box, /** @type {string} */ name, /** @type {number} */ confidence) {
    const same = this.bare ? [] : (this.scored?.found ?? []).filter((one) => one.name === name && one.score >= confidence);
    const most = Math.max(0, ...same.map((one) => overlap(one.box, box)));
    return most > 0.05 ? `${name}, IoU ${two(most)}` : name;
  }

  /** What became of a true box, in words. */
  verdict(/** @type {{id: number}} */ { id }) {
    const { scored } = this;
    if (!scored || this.behind) return "";
    const by = scored.found.find(({ hit }) => hit === id);
    if (!by) return scored.missed[id] ?? "";
    if (by.score < this.shared.values.confidence) return `Missed at this confidence: a box with ${two(by.score)} would hit it.`;
    return `Found by the box with ${two(by.score)}. ${by.why}`;
  }

  /** The line below the picture: what is pointed at or held, or what to do. */
  told(/** @type {import("./true_boxes.js").Truth[]} */ truths) {
    const box = this.scored?.found[this.lit];
    if (this.full) return `${this.data?.most} true boxes are the most.`;
    if (box && truths.length) return `${box.name}, confidence ${two(box.score)}. ${box.why}`;
    const held = truths.find(({ id }) => id === this.surface.held);
    if (held) return `Your ${held.name}. ${this.verdict(held)}`;
    if (!this.may("boxes")) return this.words || "The model is waking up.";
    if (!truths.length) return "Drag on the picture, from corner to corner, around each object you see.";
    return "Drag to draw another box; click one of yours to move, resize, rename or delete it.";
  }

  end() {
    window.clearTimeout(this.rest);
    window.removeEventListener("drop", this.ondrop, true);
    super.end();
  }
}

export default hosted(Truths);
