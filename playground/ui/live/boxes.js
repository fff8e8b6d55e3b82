// Every object in a picture, and the one threshold that decides which of them are shown: moving it asks nobody anything.

import { Dial } from "./boxes_dial.js";
import { List } from "./boxes_list.js";
import { Scene, named } from "./boxes_scene.js";
import { Wipe } from "./boxes_wipe.js";
import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { more } from "./more.js";
import { counted, percent, whole } from "./numbers.js";

/** An answer that comes within this time needs no word about waiting, in milliseconds. */
const PATIENCE = 250;
const CLOSER = 1.6;

class Boxes extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "boxes", ["boxes.css"]);
    this.root.classList.add("boxes");
    this.scene = new Scene((at) => this.hover(at), (at) => this.press(at));
    this.scene.image.addEventListener("load", () => { this.cutWith = ""; this.again(); });
    this.empty = element("p", { class: "empty", "data-testid": "empty" });
    this.tip = element("div", { class: "tip", role: "status", hidden: true, "data-testid": "tip" });
    this.wipe = new Wipe(this.scene.svg);
    this.credit = element("p", { class: "credit" });
    const tool = (/** @type {string} */ testid, /** @type {string} */ words, /** @type {string} */ name, /** @type {() => void} */ act) => element("button", { type: "button", class: "tool", "data-testid": testid, title: name, "aria-label": name, onclick: act }, words);
    this.compare = tool("compare", "Compare", "Compare with the original", () => { this.wipe.toggle(); this.again(); });
    this.farther = tool("farther", "\u2212", "Smaller", () => this.zoom(1 / CLOSER));
    this.closer = tool("closer", "+", "Larger", () => this.zoom(CLOSER));
    this.model = element("p", { class: "model" });
    this.label = element("p", { class: "answer-label", "data-testid": "label", "aria-live": "polite" });
    this.dial = new Dial((value) => this.sort(value), (value) => { this.sort(value); this.edit({ confidence: value }); });
    this.chips = element("div", { class: "chips", role: "group", "aria-label": "Detections by class", "data-testid": "counts" });
    this.more = more(this.chips);
    this.list = new List(this.scene.image, (at) => this.hover(at), (at) => this.press(at));
    this.notes = element("p", { class: "notes", "data-testid": "notes" });
    this.facts = element("p", { class: "facts", "data-testid": "facts" });
    this.frame_ = element("div", { class: "frame" }, this.scene.root, this.wipe.root, this.tip, this.empty);
    this.root.append(
      element("figure", { class: "stage" }, this.frame_, element("div", { class: "below" }, this.credit, element("div", { class: "tools" }, this.compare, this.farther, this.closer))),
      element("section", { class: "panel", "aria-label": "Detections" }, this.model, this.label, this.dial.root, this.chips, this.list.root, this.notes, this.facts));
    /** @type {import("./boxes_scene.js").Thing[]} */
    this.things = [];
    this.drawnAs = "";
    this.cutWith = "";
    /** The confidence as it stands here, and as the page said it last. */
    this.value = this.known = NaN;
    /** What is lit for good: an object's place, or a class. @type {{at: number} | {index: number} | null} */
    this.firm = null;
    this.over = -1;
    this.timer = 0;
    this.shown = "";
  }

  update(/** @type {Record<string, any>} */ data) {
    const { picture, classes } = data;
    if (picture.src) mark(this.scene.image, "src", picture.src);
    this.scene.root.toggleAttribute("hidden", !picture.src);
    mark(this.scene.image, "alt", picture.alt);
    this.empty.toggleAttribute("hidden", Boolean(picture.src));
    say(this.empty, picture.words);
    say(this.credit, picture.credit);
    mark(this.credit, "title", picture.credit);
    say(this.model, data.model);
    say(this.facts, data.facts);
    say(this.notes, data.state === "waiting" || data.state === "failed" ? "" : data.words);
    const words = JSON.stringify([picture.name, data.things, classes, data.lowest]);
    if (words !== this.drawnAs) {
      this.drawnAs = words;
      this.things = data.things.map((/** @type {any[]} */ [index, score, left, top, right, bottom, mask, points], /** @type {number} */ at) => (
        { at, index, label: classes[index][0], colour: classes[index][1], ink: classes[index][2], score, box: [left, top, right, bottom], mask, points }));
      if (this.shown !== picture.name) this.scene.reset();
      this.scene.take(this.things, data.skeleton);
      this.list.take(this.things);
      this.dial.take(this.things, data.lowest);
      this.cutWith = "";
      this.firm = null;
      this.over = -1;
    }
    if (data.confidence !== this.known) this.value = this.known = data.confidence; // the page says something new
    this.dial.root.toggleAttribute("hidden", Boolean(data.hidden));
    this.dial.input.disabled = !this.may("confidence");
    mark(this.root, "data-state", data.state);
    mark(this.root, "data-model", data.name);
    mark(this.root, "data-picture", picture.name);
    window.clearTimeout(this.timer);
    this.patient = data.waiting && this.shown !== "" && this.shown !== picture.name;
    if (this.patient) this.timer = window.setTimeout(() => { this.patient = false; this.tell(); }, PATIENCE);
    this.shown = picture.name;
    this.sort(this.value);
  }

  /** Shows what is at least so sure; nobody is asked. */
  sort(/** @type {number} */ value) {
    this.value = value;
    const below = this.things.findIndex(({ score }) => score < value);
    this.count = Math.min(this.data?.most ?? Infinity, below < 0 ? this.things.length : below);
    this.scene.filter(this.count);
    this.list.filter(this.count);
    this.dial.set(value, this.count);
    this.group();
    this.light();
    this.tell();
    mark(this.root, "data-count", String(this.count));
    mark(this.root, "data-confidence", String(value));
    this.again();
  }

  tell() {
    const { state, words } = this.data ?? {};
    if (state === "answered") say(this.label, this.count ? counted(this.count, "detection") : "Nothing as sure as that");
    else say(this.label, this.patient ? "\u00a0" : words ?? "");
  }

  /** How many of each class, the most first; a class stays where it was while the slider moves. */
  group() {
    /** @type {Map<number, number>} */
    const counts = new Map();
    for (const { index } of this.things.slice(0, this.count)) counts.set(index, (counts.get(index) ?? 0) + 1);
    const chips = [...counts].sort(([, a], [, b]) => b - a).map(([index, count]) => {
      const [name, colour] = this.data?.classes[index];
      return element("button", {
        type: "button", class: "chip", style: `--tint:${colour}`, "data-testid": `count-${name}`, "aria-pressed": String(this.firm !== null && "index" in this.firm && this.firm.index === index),
        title: `Show where: ${named(name)}`, "aria-label": `${named(name)}: ${counted(count, "detection")}`, onclick: () => this.choose(this.firm !== null && "index" in this.firm && this.firm.index === index ? null : { index }),
      }, element("span", { class: "swatch" }), element("span", {}, named(name)), element("strong", {}, whole(count)));
    });
    const focused = /** @type {any} */ (this.root.getRootNode()).activeElement?.dataset?.testid;
    this.chips.replaceChildren(...chips);
    if (focused?.startsWith("count-")) chips.find((chip) => chip.dataset.testid === focused)?.focus();
  }

  hover(/** @type {number} */ at) {
    if (at === this.over) return;
    this.over = at;
    this.light();
    this.again();
  }

  press(/** @type {number} */ at) {
    this.choose(at < 0 || (this.firm && "at" in this.firm && this.firm.at === at) ? null : { at });
    if (at >= 0) this.list.reach(at);
  }

  choose(/** @type {{at: number} | {index: number} | null} */ firm) {
    this.firm = firm;
    this.group();
    this.light();
    this.again();
  }

  /** Lights what is chosen, else what is under the pointer. */
  light() {
    if (this.over >= this.count) this.over = -1;
    const { firm } = this;
    const lit = firm === null ? [] : "at" in firm ? (firm.at < this.count ? [firm.at] : []) : this.things.slice(0, this.count).filter(({ index }) => index === firm.index).map(({ at }) => at);
    const some = lit.length > 0;
    this.scene.light(some ? lit : this.over >= 0 ? [this.over] : [], some);
    this.list.light(some ? lit : this.over >= 0 ? [this.over] : [], some);
    mark(this.root, "data-lit", lit.join(","));
  }

  zoom(/** @type {number} */ factor) {
    this.scene.closer(factor);
    this.again();
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    const { image } = this.scene;
    const loaded = image.complete && image.naturalWidth > 0;
    const wide = this.data?.wide || this.data?.picture.width || (loaded ? image.naturalWidth : 0);
    const high = this.data?.high || this.data?.picture.height || (loaded ? image.naturalHeight : 0);
    this.scene.fit(wide, high, this.size, Boolean(this.data?.labels));
    const cut = `${wide},${this.drawnAs.length},${image.currentSrc.length}`;
    if (loaded && wide && cut !== this.cutWith) {
      this.cutWith = cut;
      this.list.cut(image.naturalWidth / wide);
    }
    this.dial.draw(theme, this.value, this.count);
    this.more();
    this.wipe.draw(this.frame_.clientWidth);
    mark(this.compare, "aria-pressed", String(this.wipe.on));
    this.farther.disabled = this.scene.zoom <= 1;
    this.name();
  }

  /** The object under the pointer, in words beside it. */
  name() {
    const at = this.over >= 0 ? this.over : this.firm && "at" in this.firm && this.firm.at < this.count ? this.firm.at : -1;
    this.tip.hidden = at < 0;
    if (at < 0) return;
    const { label, score, box: [left, top, right, bottom] } = this.things[at];
    say(this.tip, `${named(label)} \u00b7 ${percent(score)} \u00b7 ${whole(right - left)} \u00d7 ${whole(bottom - top)} px`);
    const { x, y, width, height } = this.scene.rect(at);
    const { clientWidth, clientHeight } = this.frame_;
    const room = this.tip.offsetWidth;
    const below = y + height + 6 + this.tip.offsetHeight <= clientHeight ? y + height + 6 : Math.max(4, Math.min(y + height, clientHeight) - this.tip.offsetHeight - 6);
    this.tip.style.transform = `translate(${Math.round(Math.max(4, Math.min(x + 0.5 * (width - room), clientWidth - room - 4)))}px, ${Math.round(below)}px)`;
  }

  end() {
    window.clearTimeout(this.timer);
    super.end();
  }
}

export default hosted(Boxes);
