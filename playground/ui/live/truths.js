// Score my own boxes: the visitor draws what is really there, and sees what of it the model found, and what that makes of
// precision, recall and average precision.

import { element, mark, say } from "./dom.js";
import { hosted } from "./host.js";
import { Opened } from "./opened.js";
import { PrecisionRecall } from "./precision_recall.js";
import { Ranking } from "./ranking.js";
import { Strictness } from "./strictness.js";
import { TrueBoxes, inside } from "./true_boxes.js";
import { area, best } from "./truths_fit.js";
import { Scores } from "./truths_scores.js";
import { Told } from "./truths_told.js";
import { Tools } from "./truths_tools.js";
import { Filed, ORIGIN, line, sum, summary, verdict } from "./truths_words.js";
import { some, two } from "./verdicts.js";

/** @typedef {import("./true_boxes.js").Edges} Edges */

/** The page hears of another confidence once the slider has rested for so long, in milliseconds. */
const REST = 400;
/** With more boxes than this, words on the picture are short. */
const CROWD = 40;
const UNDO = 50;

class Truths extends Opened {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "truths", ["truths.css"]);
    this.told = this.listener();
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
    this.scores = new Scores((view) => this.put({ view }), (confidence) => this.turn(confidence));
    this.curve = new PrecisionRecall(() => this.again());
    this.strict = new Strictness((at) => this.put({ at }));
    this.ranking = new Ranking((score) => this.turn(Math.max(0.01, Math.floor(score * 100 + 1e-9) / 100)), (index) => { this.lit = index; this.again(); });
    this.verdict = element("span", { class: "verdict" });
    this.sum = element("span", { class: "live", "data-testid": "live-iou" });
    this.reading = element("p", { class: "reading", "data-testid": "reading" }, this.verdict, this.sum);
    this.filed = new Filed();
    this.ground = element("div", { class: "ground" }, this.surface.root, this.filed.root);
    this.ground.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (!this.filed.root.contains(/** @type {Node} */ (event.target))) this.filed.away();
    });
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.stage = element("div", { class: "stage" }, this.tools.root, this.ground, this.tools.key, this.reading, this.alt);
    const { views, ratios, slide } = this.scores;
    this.root.append(this.stage, element("div", { class: "panel" }, views, ratios, slide, this.curve.root, this.strict.root), this.ranking.root);
    this.root.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      event.preventDefault();
      this.undo();
    });
    this.ondrop = (/** @type {DragEvent} */ event) => this.drop(event);
    for (const place of [this.ground, this.curve.root]) this.sizes.observe(place);
    window.addEventListener("drop", this.ondrop, true); // before the strip of pictures takes it for one
  }

  /** What the hand set, agreed upon with the page. */
  listener() {
    return new Told((message, settled) => this.edit({ photo: this.of, ...message }, settled));
  }

  /** The true boxes: number, class, left, top, right, bottom each. */
  get boxes() {
    return /** @type {any[][]} */ (this.told.values.boxes ?? []);
  }

  /** @returns {import("./verdicts.js").Scored | null} */
  get scored() {
    return this.data?.scored ?? null;
  }

  /** Whether the true boxes are not those that the page knows. */
  get changed() {
    return JSON.stringify(this.boxes) !== JSON.stringify(this.data?.boxes);
  }

  /** Whether the counts are those of other boxes than the ones drawn. */
  get behind() {
    return this.changed || this.told.values.at !== this.data?.at;
  }

  /** The model's boxes that are shown. */
  get shown() {
    const { confidence } = this.told.values;
    return this.bare ? [] : (this.scored?.found ?? []).filter(({ score }) => score >= confidence);
  }

  update(/** @type {Record<string, any>} */ { boxes, at, view, name, confidence, heard }) {
    const photo = this.frame?.header.id;
    if (photo !== this.of) {
      this.told.end();
      Object.assign(this, { of: photo, before: [], lit: -1, told: this.listener() });
    }
    this.told.hear({ boxes, at, view, name, confidence }, heard);
    if (!this.boxes.some(([id]) => id === this.surface.held)) this.surface.held = -1;
  }

  // -- what the hand does

  /** Draws at once, and tells the page. */
  put(/** @type {Record<string, any>} */ changes, settled = true) {
    if (!Object.keys(changes).every((field) => this.may(field))) return;
    this.told.set(changes);
    this.told.tell(settled);
    this.again();
  }

  /** Other true boxes; what one hold does to one box is undone together. */
  change(/** @type {any[][]} */ boxes, settled = true, moved = -1, /** @type {Record<string, any>} */ more = {}) {
    if (!this.may("boxes")) return;
    if (moved < 0 || this.moving !== moved) this.remember();
    this.moving = settled ? -1 : moved;
    this.full = false;
    this.put({ boxes, ...more }, settled);
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
    this.change([...this.boxes, [id, this.told.values.name, ...box]]);
    window.requestAnimationFrame(() => window.requestAnimationFrame(() => this.surface.focus(id)));
  }

  remove(/** @type {number} */ id) {
    if (this.boxes.some(([one]) => one === id)) this.change(this.boxes.filter(([one]) => one !== id));
  }

  undo() {
    const boxes = this.before.pop();
    this.moving = -1;
    if (boxes) this.put({ boxes });
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
    if (held < 0) this.put({ name });
    else this.change(this.boxes.map((one) => (one[0] === held ? [held, name, ...one.slice(2)] : one)), true, -1, { name });
  }

  turn(/** @type {number} */ confidence) {
    if (!this.may("confidence")) return;
    this.told.set({ confidence });
    window.clearTimeout(this.rest);
    this.rest = window.setTimeout(() => this.told.tell(), REST);
    this.again();
  }

  /** The model's box under the pointer, the smallest of them. */
  point(/** @type {{x: number, y: number} | null} */ at) {
    const there = at ? this.shown.filter(({ box }) => inside(box, at)) : [];
    const smallest = there.sort((a, b) => area(a.box) - area(b.box))[0];
    this.lit = smallest ? (this.scored?.found.indexOf(smallest) ?? -1) : -1;
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
    this.told.ask({ file: { name: file.name.slice(-80), size: file.size, content } });
    this.told.tell();
  }

  // -- what is drawn

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    this.state();
    for (const [name, colour] of [["hit", theme.classes[5]], ["wrong", theme.classes[2]], ["missed", theme.classes[3]]]) this.root.style.setProperty(`--${name}`, colour);
    const { confidence, at, name } = this.told.values;
    const { scored, boxes } = this;
    const view = scored?.classes.some((one) => one.name === this.told.values.view) ? this.told.values.view : "";
    const [open, may] = [this.may("boxes"), this.may("confidence")];
    const { thresholds = [], names = [], often = [], said = ["", false, 0] } = this.data ?? {};
    const column = Math.max(0, thresholds.indexOf(this.data?.at));
    const held = boxes.find(([id]) => id === this.surface.held);
    const origin = this.data?.given && !this.changed ? ORIGIN.given : ORIGIN.own;
    this.tools.draw({ names, often, now: held ? held[1] : name, held: Boolean(held), open, any: boxes.length > 0, back: this.before.length > 0, origin });
    const now = this.scores.draw(scored, { view, confidence, at: this.data?.at, column, may, theme });
    this.tools.count(now);
    const single = scored?.classes.length === 1 ? scored.classes[0].name : view;
    const values = (single ? scored?.classes.find((one) => one.name === single)?.scores : scored?.scores) ?? [];
    this.strict.draw(thresholds, values, at, this.may("at"), single ? "AP" : "mAP");
    this.ranking.draw(scored, { view, confidence, lit: this.lit, may });
    this.filed.show(said);
    this.picture(view, open, origin); // what has a size comes when everything beside it has its words
    this.curve.draw(theme, { scored, view, confidence, lit: this.lit, size: this.size, column });
    this.root.toggleAttribute("data-behind", this.behind);
    for (const [attribute, value] of [["boxes", boxes.length], ["held", this.surface.held], ["confidence", confidence]]) mark(this.root, `data-${attribute}`, String(value));
    say(this.alt, summary(now, this.scores.precision.value.textContent, this.scores.recall.value.textContent));
  }

  /** The photo with every box on it, as large as fits. */
  picture(/** @type {string} */ view, /** @type {boolean} */ open, /** @type {string} */ origin) {
    const { ground, reading, surface } = this;
    surface.show(this.photo, ground.clientWidth, this.narrow ? 520 : Math.max(160, ground.clientHeight), this.ratio);
    const truths = this.boxes.map(([id, name, ...box]) => ({ id, name, box: /** @type {Edges} */ (box) }));
    const fit = this.fit(truths);
    surface.draw(this.lines(truths, view, fit), truths, (truth) => `True box, ${truth.name}. ${this.verdictOf(truth)}`, open);
    surface.said.show(this.status === "refused" || !this.photo ? this.words : "", this.status === "there" ? "waiting" : this.status);
    mark(surface.picture, "aria-label", `The photo with ${some(truths.length, "true box", "true boxes")}`);
    const held = truths.find(({ id }) => id === surface.held);
    const most = this.full ? this.data?.most : 0;
    say(this.verdict, line({ open, words: this.words, most, box: this.scored?.found[this.lit], held, of: held ? this.verdictOf(held) : "", any: truths.length > 0, origin }));
    say(this.sum, fit ? sum(fit, this.shape) : "");
    mark(reading, "title", reading.textContent);
  }

  /** How well the box under the hand, or the one that is held, fits the model's best one. */
  fit(/** @type {import("./true_boxes.js").Truth[]} */ truths) {
    const held = truths.find(({ id }) => id === this.surface.held);
    const { draft } = this.surface;
    if (draft) return best(draft, this.told.values.name, this.shown);
    return held && this.lit < 0 ? best(held.box, held.name, this.shown) : null;
  }

  /** Every box on the photo, those on top last. */
  lines(/** @type {import("./true_boxes.js").Truth[]} */ truths, /** @type {string} */ view, /** @type {import("./truths_fit.js").Fit | null} */ fit) {
    const aside = (/** @type {string} */ name) => (view && name !== view ? " aside" : "");
    const lit = this.scored?.found[this.lit];
    const crowd = this.shown.length + truths.length > CROWD;
    const theirs = [...this.shown].reverse().map((one) => {
      const { box, name, score, hit } = one;
      const [kind, letters] = !truths.length ? ["plain", ""] : hit >= 0 ? ["hit", "TP "] : ["wrong", "FP "];
      return { box, kind: kind + aside(name), lit: one === lit, tag: crowd && one !== lit ? `${hit >= 0 ? "" : letters}${name}` : `${letters}${name} ${two(score)}` };
    });
    const judged = new Set(this.scored ? this.data?.boxes.map((/** @type {any} */ [id]) => id) : []);
    const live = (/** @type {string} */ name) => (fit ? `${name}, IoU ${two(fit.iou)}` : name);
    const own = truths.map(({ id, name, box }) => {
      const lit = id === this.surface.held;
      const kind = !judged.has(id) ? "new" : this.shown.some(({ hit }) => hit === id) ? "found" : "missed";
      const tag = lit && this.behind ? live(name) : kind === "missed" ? `FN ${name}` : lit || kind === "new" ? name : "";
      return { box, kind: kind + aside(name), lit, tag };
    });
    const { draft } = this.surface;
    if (draft) own.push({ box: draft, kind: "new", lit: true, tag: live(this.told.values.name) });
    const shared = fit ? [{ box: fit.box, kind: "shared", tag: "" }] : [];
    return [...theirs, ...shared, ...own];
  }

  /** What became of a true box, in words; nothing while the page has not counted it. */
  verdictOf(/** @type {{id: number}} */ { id }) {
    return this.scored && !this.behind ? verdict(this.scored, id, this.told.values.confidence) : "";
  }

  end() {
    this.told.end();
    window.clearTimeout(this.rest);
    window.removeEventListener("drop", this.ondrop, true);
    super.end();
  }
}

export default hosted(Truths);
