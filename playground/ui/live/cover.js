// Cover it: a grey patch is dragged over the picture, or a piece of it is pasted elsewhere, and the network looks again.

import { share } from "./bars.js";
import { beside } from "./cover_copy.js";
import { Patch } from "./cover_patch.js";
import { Scores } from "./cover_scores.js";
import { hear } from "./cover_told.js";
import { copies, hidden, told } from "./cover_words.js";
import { Boxed, share as spread } from "./decided_sheet.js";
import { element, mark, say } from "./dom.js";
import { hosted } from "./host.js";
import { counted } from "./numbers.js";
import { Opened } from "./opened.js";

/** While the hand drags, the network is asked at most so often, in milliseconds, and never before it has answered. */
const OFTEN = 250;
/** An answer that has not come after so long is not waited for any more. */
const LOST = 3000;
/** So many answers are kept as points. */
const TRAIL = 80;

class CoverIt extends Opened {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "cover", ["cover.css"]);
    this.again = this.again.bind(this);
    this.sheet = new Boxed("covered", "The photo", { press: (x, y) => this.pick(x, y) });
    this.layer = element("div", { class: "layer" });
    this.sheet.shot.frame.insertBefore(this.layer, this.sheet.shot.said.root);
    this.result = element("p", { class: "result", "data-testid": "result", "aria-live": "polite" });
    const button = (/** @type {string} */ name, /** @type {string} */ text, /** @type {() => void} */ act) => element("button", { type: "button", class: "act", "data-testid": name, onclick: act }, text);
    this.acts = {
      grey: button("add-grey", "Add a grey patch", () => this.add(false)),
      copy: button("add-copy", "Paste a copy of it", () => this.add(true)),
      remove: button("remove", "Remove the patch", () => this.remove(this.chosen)),
      clear: button("clear-covers", "Uncover all", () => this.set([])),
    };
    this.bar = element("div", { class: "acts" }, ...Object.values(this.acts));
    this.scores = new Scores((which) => this.follow(which), this.again);
    this.panel = element("div", { class: "panel" }, ...this.scores.parts);
    this.root.append(element("div", { class: "stage" }, element("div", { class: "shots" }, this.sheet.root)), this.panel, element("div", { class: "foot" }, this.result, this.bar));
    /** @type {{patch: Patch, source: Patch | null}[]} */
    this.patches = [];
    this.chosen = 0;
    /** Which object is followed. */
    this.target = 0;
    /** @type {Record<string, any> | null} The newest answer, and the newest one that is there. */
    this.answer = null;
    this.last = null;
    /** @type {{x: number, y: number}[]} */
    this.trail = [];
    this.channel = "";
    this.sent = "";
    this.sentAt = 0;
    this.timer = 0;
    this.question = "";
    /** @type {(covers: number[][]) => void} */
    this.ask = () => {};
  }

  update(/** @type {Record<string, any>} */ data) {
    if (data.answers === this.channel) return;
    this.channel = data.answers;
    hear(this.channel, (said) => this.told(said));
  }

  accept(/** @type {import("./opened.js").Answer} */ { header }) {
    const question = `${header.about} ${JSON.stringify(header.objects)}`;
    if (question === this.question) return;
    this.question = question;
    this.target = 0;
    this.trail = [];
    this.last = null;
    this.fresh = true;
    if (this.answer) this.told(this.answer);
  }

  /** What the page says of the covered picture. */
  told(/** @type {Record<string, any>} */ said) {
    this.ask = said.ask;
    this.answer = said;
    if (this.page && said.about !== this.page.header.about) return; // of the picture before
    this.asking = said.state === "waiting";
    if (this.fresh && this.page) { // what lies there already, or is laid there first
      this.fresh = false;
      this.seen = "";
      this.lay(said.covers);
      this.sent = JSON.stringify(said.covers);
    }
    if (said.state === "there" && JSON.stringify(said.covers) !== this.seen) {
      this.seen = JSON.stringify(said.covers);
      this.last = said;
      this.note();
    } else if (said.state === "there") this.last = said;
    if (said.state !== "waiting" && this.wanted !== this.sent) this.later(0);
    this.again();
  }

  /** What lies on the picture now. */
  get covers() {
    return this.patches.map(({ patch, source }) => [...patch.at, ...(source ? source.at : [])].map((one) => Math.round(1e4 * one) / 1e4));
  }

  get wanted() {
    return JSON.stringify(this.covers);
  }

  /** Puts patches where a list says. */
  lay(/** @type {number[][]} */ covers) {
    this.patches = covers.map((one) => this.patch(/** @type {any} */ (one.slice(0, 4)), /** @type {any} */ (one.length > 4 ? one.slice(4) : null)));
    this.layer.replaceChildren(...this.patches.flatMap(({ patch, source }) => (source ? [source.root, patch.root] : [patch.root])));
    this.chosen = Math.max(0, this.patches.length - 1);
  }

  patch(/** @type {import("./cover_patch.js").Place} */ at, /** @type {import("./cover_patch.js").Place | null} */ from) {
    const made = { patch: /** @type {any} */ (null), source: /** @type {Patch | null} */ (null) };
    const common = { moved: (/** @type {boolean} */ settled) => this.moved(settled), taken: () => { this.chosen = this.patches.indexOf(made); this.again(); }, gone: () => this.remove(this.patches.indexOf(made)) };
    made.patch = new Patch("patch", at, { ...common, sized: true });
    made.source = from ? new Patch("source", from, { ...common, sized: true }) : null;
    return made;
  }

  set(/** @type {number[][]} */ covers) {
    this.lay(covers);
    this.moved(true);
  }

  remove(/** @type {number} */ which) {
    this.set(this.covers.filter((_, k) => k !== which));
  }

  /** One patch more: grey over the object, or a copy of it beside it. */
  add(/** @type {boolean} */ copy) {
    const head = this.page?.header;
    if (!head || this.patches.length >= head.most) return;
    const [wide, high] = this.shape;
    const object = head.objects[this.target];
    const [l, t, r, b] = object ? [object[0] / wide, object[1] / high, object[2] / wide, object[3] / high] : [0.35, 0.35, 0.65, 0.65];
    if (!copy) {
      const [dx, dy] = [(r - l) / 4, (b - t) / 4];
      this.set([...this.covers, [l + dx, t + dy, r - dx, b - dy]]);
      return;
    }
    const others = [...head.objects.map((/** @type {number[]} */ one) => [one[0] / wide, one[1] / high, one[2] / wide, one[3] / high]), ...this.covers];
    this.set([...this.covers, [...beside([l, t, r, b], others), l, t, r, b]]);
  }

  /** A patch was moved: the network is asked now and then, and once more when the hand lets go. */
  moved(/** @type {boolean} */ settled) {
    this.again();
    if (this.wanted === this.sent) return;
    this.later(settled ? 0 : OFTEN);
  }

  later(/** @type {number} */ pause) {
    window.clearTimeout(this.timer);
    const since = performance.now() - this.sentAt;
    const busy = this.asking && since < LOST && pause > 0;
    const wait = busy ? Math.max(60, OFTEN - since) : Math.max(0, pause - since);
    this.timer = window.setTimeout(() => (this.asking && pause > 0 && performance.now() - this.sentAt < LOST ? this.later(pause) : this.tell()), wait);
  }

  tell() {
    if (this.wanted === this.sent) return;
    this.sent = this.wanted;
    this.sentAt = performance.now();
    this.asking = true;
    this.ask(this.covers);
    this.expect(true);
  }

  /** A press on a box that is no patch follows that object. */
  pick(/** @type {number} */ x, /** @type {number} */ y) {
    let [best, least] = [-1, Infinity];
    (this.page?.header.objects ?? []).forEach((/** @type {number[]} */ [l, t, r, b], /** @type {number} */ k) => {
      const area = (r - l) * (b - t);
      if (x >= l && x <= r && y >= t && y <= b && area < least) [best, least] = [k, area];
    });
    if (best >= 0) this.follow(best);
  }

  follow(/** @type {number} */ which) {
    if (which === this.target) return;
    this.target = which;
    this.trail = [];
    this.note();
    this.again();
  }

  /** The newest answer becomes a point of the curve, where grey alone lies on the picture. */
  note() {
    const score = this.last?.scores[this.target];
    const object = this.page?.header.objects[this.target];
    if (score === undefined || !this.last || !object || copies(this.last.covers).length) return; // a copy shows the object: it hides nothing
    this.trail.push({ x: 100 * hidden(object, this.last.covers, this.shape), y: 100 * score });
    if (this.trail.length > TRAIL) this.trail.shift();
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    this.state();
    const head = this.page?.header;
    const { sheet } = this;
    for (const part of [this.panel, this.bar, this.result, this.layer]) part.style.visibility = head ? "" : "hidden";
    const place = /** @type {HTMLElement} */ (sheet.root.parentElement);
    const height = this.narrow ? 420 : place.clientHeight - 1.6 * this.size - 4;
    spread(this, height);
    const gone = head && this.last ? this.last.scores.filter((/** @type {number} */ score) => score < this.data?.confidence).length : 0;
    sheet.begin(this, {
      width: place.clientWidth, height, veil: 0, title: head ? (copies(this.covers).length ? "Drag the copy, or the dashed frame: what it shows" : "Drag the patch; pull its corner") : "",
      label: head ? `The photo with ${counted(this.patches.length, "patch").replace(/chs$/, "ches")}; ${counted(gone, "object")} no longer found` : "The photo",
    });
    if (!head) return;
    this.pieces();
    this.boxes(head);
    this.scores.draw(theme, head, this);
    this.tellResult(head);
    const full = this.patches.length >= head.most;
    this.acts.grey.disabled = full;
    this.acts.copy.disabled = full;
    this.acts.remove.hidden = this.patches.length < 2;
    this.acts.clear.disabled = !this.patches.length;
    mark(this.root, "data-answered", this.last && JSON.stringify(this.last.covers) === this.wanted ? "true" : "false");
    mark(this.root, "data-patches", String(this.patches.length));
    mark(this.root, "data-score", this.last ? String(this.last.scores[this.target] ?? "") : "");
    mark(this.root, "data-before", String(head.objects[this.target]?.[5] ?? ""));
    mark(this.root, "data-target", String(this.target));
    mark(this.root, "data-new", this.last ? String(this.last.boxes.filter((/** @type {any[]} */ one) => one[6]).length) : "");
  }

  /** Copies show what they are copies of. */
  pieces() {
    this.patches.forEach(({ patch, source }, k) => {
      patch.root.toggleAttribute("data-chosen", k === this.chosen);
      mark(patch.root, "aria-label", `${source ? "Copy" : "Grey patch"} ${k + 1}. Arrow keys move it, with shift they change its size, Delete removes it.`);
      patch.picture.hidden = !source;
      if (!source) return;
      mark(source.root, "aria-label", `What copy ${k + 1} shows. Arrow keys move it, with shift they change its size.`);
      source.root.toggleAttribute("data-chosen", k === this.chosen);
      if (!this.photo) return;
      const key = `${source.at} ${patch.at} ${this.photoId}`;
      if (patch.painted === key) return;
      patch.painted = key;
      const { width, height } = this.photo;
      const [l, t, r, b] = source.at;
      const canvas = patch.picture;
      canvas.width = Math.max(1, Math.round((patch.at[2] - patch.at[0]) * width));
      canvas.height = Math.max(1, Math.round((patch.at[3] - patch.at[1]) * height));
      canvas.getContext("2d")?.drawImage(this.photo, l * width, t * height, (r - l) * width, (b - t) * height, 0, 0, canvas.width, canvas.height);
    });
  }

  boxes(/** @type {Record<string, any>} */ head) {
    const { sheet } = this;
    const object = head.objects[this.target];
    if (object) sheet.box(object.slice(0, 4), { colour: "#ffffff", rim: "#111418", width: 1.5, dash: [5, 4] });
    const boxes = this.last?.boxes ?? [];
    const look = (/** @type {number} */ label) => {
      const [name, colour, ink] = this.last?.classes[label] ?? ["?", "#ffffff", "#111418"];
      return { name, colour, ink };
    };
    for (const [l, t, r, b, label, , fresh] of [...boxes].reverse()) sheet.box([l, t, r, b], { colour: look(label).colour, rim: look(label).ink, width: fresh ? 4 : 2.5 });
    const { width, height } = sheet.over;
    sheet.words.push(...this.patches.map(({ patch: { at: [l, t, r, b] } }) => ({ x: l * width, y: t * height, wide: (r - l) * width, high: (b - t) * height }))); // they lie on top
    for (const [l, t, r, b, label, score, fresh] of [...boxes].sort((one, two) => Number(two[6]) - Number(one[6]))) {
      const { name, ...colours } = look(label);
      sheet.tag([l, t, r, b], [`${fresh ? "new: " : ""}${name} ${share(score)}`, name], colours);
    }
  }

  tellResult(/** @type {Record<string, any>} */ head) {
    const object = head.objects[this.target];
    if (!object) return say(this.result, "No box reaches the confidence threshold: lower it.");
    if (this.answer?.state === "refused") return say(this.result, this.answer.words);
    if (!this.last) return say(this.result, "The network looks again.");
    const now = { score: this.last.scores[this.target], confidence: this.data?.confidence, shape: this.shape };
    say(this.result, told(object, head.classes[object[4]][0], /** @type {any} */ (this.last), now).replaceAll(" %", "\u00a0%"));
  }

  end() {
    window.clearTimeout(this.timer);
    hear(this.channel, null);
    super.end();
  }
}

export default hosted(CoverIt);
