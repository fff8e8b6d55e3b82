// A sheet of samples that is painted anew while a slider moves; one sample large beside it, with its numbers.

import { element, mark, say } from "./dom.js";
import { Directions, SheetControls } from "./gan_sampler_controls.js";
import { readEdits, readPin, readPins, rounded, writeEdits, writePin } from "./gan_sampler_edits.js";
import { Painter } from "./gan_sampler_link.js";
import { Pins } from "./gan_sampler_pins.js";
import { SampleCard } from "./gan_sampler_sample.js";
import { across, pictures, SampleSheet } from "./gan_sampler_sheet.js";
import { Host, hosted } from "./host.js";

const FARTHEST = 6;
const HIGHEST = 10;
const MOST_PINS = 12;
/** So long the hand rests before opinions are asked and the page's script hears of it, in milliseconds. */
const REST = 300;
/** A message that the page's script has not answered by then is said once more. */
const LOST = 4000;
/** An answer that comes within this time needs no word about waiting. */
const PATIENCE = 400;

class Sampler extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "gan-sampler", ["gan_sampler.css"]);
    this.root.classList.add("sampler");
    this.sheet = new SampleSheet({ choose: (index) => this.change({ chosen: index }), pin: () => this.pin() });
    this.controls = new SheetControls((change) => this.change(change));
    this.directions = new Directions((moves) => this.change({ moves }));
    this.card = new SampleCard({
      set: (latent, value) => this.edited(latent, value), reset: () => this.edited(-1, null), typed: (text) => this.type(text),
      pin: () => this.pin(), again: () => this.again(),
    });
    this.pins = new Pins({ back: (pin) => this.back(pin), drop: (pin) => this.keep(readPins(this.now.pins).filter((one) => one !== pin)) });
    this.badge = element("p", { class: "gs-badge", role: "status", "data-testid": "badge" });
    this.facts = element("p", { class: "gs-facts", "data-testid": "facts" });
    this.sheet.root.append(this.badge);
    this.live = element("div", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(
      element("div", { class: "gs-main" }, this.sheet.root, this.pins.root, this.facts),
      element("div", { class: "gs-side" }, this.controls.root, this.directions.root, this.card.root), this.live,
    );
    this.painter = new Painter({ painted: (...all) => this.painted(...all), said: (words, refused) => this.said(words, refused) });
    /** @type {any} What the hand wants to see. */
    this.now = null;
    this.number = 0;
    this.rest = this.late = this.lost = 0;
    this.count = 0;
    this.wishes = 0;
    this.forget();
  }

  /** Nothing of another generator's pictures is left. */
  forget() {
    /** @type {import("./gan_sampler_sheet.js").Pictures | null} */
    this.many = null;
    /** @type {any} What the pictures are of. */
    this.of = null;
    /** @type {import("./gan_sampler_sheet.js").Pictures | null} */
    this.ends = null;
    /** @type {Float32Array | null} */
    this.row = null;
    /** @type {Float32Array | null} */
    this.opinions = null;
    /** @type {Map<string, any>} */
    this.known = new Map();
    this.whole = "";
    this.words = "";
    this.refused = "";
  }

  get ahead() {
    return Boolean(this.rest) || (this.data && this.number > this.data.heard);
  }

  /** The page's own pictures: the first, and those of a link. */
  take(/** @type {import("./frame.js").Frame} */ frame) {
    this.coming = frame;
  }

  update(/** @type {Record<string, any>} */ data) {
    if (this.socket !== (data.socket ?? "")) {
      if (this.socket && data.socket) this.forget();
      this.socket = data.socket ?? "";
    }
    if (!this.now || !this.ahead) this.now = { ...data.spec };
    if (data.heard >= this.number) {
      this.number = data.heard;
      window.clearTimeout(this.lost);
    }
    if (this.coming && !this.ahead) this.show(this.coming, this.now);
    this.coming = null;
    this.painter.connect(this.socket);
    const whole = JSON.stringify([this.socket, data.met, this.now]);
    if (this.socket && !this.ahead && whole !== this.whole && (data.met || !this.now.moves.some(Boolean))) {
      this.whole = whole;
      this.painter.want(this.now, true);
    }
    if (data.socket) {
      this.controls.lay(data.classes, data.most, data.hidden);
      this.directions.lay(data.shares, FARTHEST, data.hidden.includes("moves"), !data.met && Boolean(data.words));
    }
    this.forgive();
  }

  /** Words about waiting come only where it takes a while. */
  forgive() {
    window.clearTimeout(this.late);
    mark(this.root, "data-late", null);
    this.late = window.setTimeout(() => mark(this.root, "data-late", "true"), PATIENCE);
  }

  /** The hand wants something else. */
  change(/** @type {Record<string, any>} */ change) {
    if (!this.now || Object.keys(change).some((field) => !this.may(field))) return;
    this.now = { ...this.now, ...change };
    this.refused = this.card.wrong = "";
    this.wishes += 1;
    mark(this.root, "data-asked", String(this.wishes));
    this.painter.want(this.now, false);
    window.clearTimeout(this.rest);
    this.rest = window.setTimeout(() => {
      this.rest = 0;
      this.whole = JSON.stringify([this.socket, this.data?.met, this.now]);
      this.painter.want(this.now, true);
      this.tell({});
    }, REST);
    this.forgive();
    this.again();
  }

  /** The page's script hears what is to be seen: link, tabs and code follow. */
  tell(/** @type {Record<string, any>} */ more) {
    this.number += 1;
    const said = { ...this.now, ...more, number: this.number };
    this.edit(said);
    window.clearTimeout(this.lost);
    this.lost = window.setTimeout(() => { if (this.data && this.data.heard < said.number) this.edit(said); }, LOST);
  }

  painted(/** @type {import("./frame.js").Frame} */ frame, /** @type {any} */ wanted, /** @type {boolean} */ rest, /** @type {number} */ ms) {
    this.show(frame, wanted);
    this.words = this.refused = "";
    if (rest) mark(this.root, "data-rested", String(this.wishes));
    mark(this.root, "data-ms", ms.toFixed(1));
    if (JSON.stringify(wanted) === JSON.stringify(this.now)) this.reached = this.wishes;
  }

  show(/** @type {import("./frame.js").Frame} */ { header, blocks }, /** @type {any} */ wanted) {
    this.many = pictures(blocks.pictures);
    this.of = { ...wanted };
    this.opinions = blocks.opinions ? /** @type {Float32Array} */ (blocks.opinions.data) : null;
    if (blocks.row) this.row = /** @type {Float32Array} */ (blocks.row.data);
    if (blocks.ends) {
      const [k, two, ...size] = blocks.ends.shape;
      this.ends = k ? pictures({ data: blocks.ends.data, shape: [k * two, ...size] }) : null;
      this.endless = false;
    }
    if (blocks.pins) {
      const many = pictures(blocks.pins);
      readPins(wanted.pins).forEach((pin, index) => this.known.set(pin, { many, index }));
    }
    this.critic = header.critic;
    this.fresh = true;
    this.again();
  }

  said(/** @type {string} */ words, /** @type {boolean} */ refused) {
    if (refused) this.refused = words;
    else this.words = words;
    this.again();
  }

  edited(/** @type {number} */ latent, /** @type {number | null} */ value) {
    const edits = readEdits(this.now.edits);
    const index = Math.max(0, this.now.chosen);
    const row = edits.get(index) ?? new Map();
    if (latent < 0) row.clear();
    else if (value === null) row.delete(latent);
    else row.set(latent, rounded(value));
    edits.set(index, row);
    this.change({ edits: writeEdits(edits) });
  }

  type(/** @type {string} */ text) {
    window.clearTimeout(this.rest);
    this.rest = 0;
    this.typedAt = this.number + 1;
    this.tell({ typed: text });
  }

  label(/** @type {number} */ index) {
    const classes = this.data?.classes ?? [];
    if (!classes.length) return -1;
    return this.now.of_class >= 0 ? this.now.of_class : index % classes.length;
  }

  pin() {
    const { seed, chosen, moves, edits } = this.now;
    if (chosen < 0) return;
    const pin = writePin({ seed, index: chosen, label: this.label(chosen), moves, row: readEdits(edits).get(chosen) ?? new Map() });
    const pins = readPins(this.now.pins);
    if (pins.includes(pin)) return this.keep(pins.filter((one) => one !== pin));
    if (pins.length >= MOST_PINS) {
      this.pins.refuse();
      return this.again();
    }
    if (this.many && chosen < this.many.n && JSON.stringify(this.of) === JSON.stringify(this.now)) {
      const size = this.many.high * this.many.wide * this.many.channels;
      this.known.set(pin, { many: { ...this.many, data: this.many.data.slice(chosen * size, (chosen + 1) * size), n: 1 }, index: 0 });
    }
    this.keep([...pins, pin]);
  }

  keep(/** @type {string[]} */ pins) {
    this.change({ pins: pins.join(",") });
  }

  /** The sheet that a pin came from, and its sample. */
  back(/** @type {string} */ text) {
    const { seed, index, label, moves, row } = readPin(text);
    const edits = readEdits(this.now.edits);
    edits.set(index, row);
    const many = Math.max(this.now.n, index + 1);
    this.change({ seed, chosen: index, moves, edits: writeEdits(edits), n: many, ...(label >= 0 && label !== (this.now.of_class < 0 ? index % (this.data?.classes.length || 1) : this.now.of_class) ? { of_class: label } : {}) });
  }

  named(/** @type {string} */ text) {
    const { seed, index, label, moves, row } = readPin(text);
    const kind = label >= 0 ? `, ${this.data?.classes?.[label] ?? ""}` : "";
    return `sample ${index + 1} of seed ${seed}${kind}${moves.some(Boolean) ? ", moved" : ""}${row.size ? ", set by hand" : ""}`;
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    const { data, now } = this;
    if (!data || !now) return;
    const classes = data.classes ?? [];
    const of = this.of ?? now;
    const each = of.of_class < 0 && classes.length > 1;
    const columns = across(this.many?.n ?? of.n, classes.length, each);
    if (this.fresh && this.many) this.sheet.take(this.many, columns);
    const pins = readPins(now.pins);
    const edits = readEdits(now.edits);
    const here = pins.map(readPin).filter((one) => one.seed === now.seed && one.moves.join() === now.moves.join() && (one.label < 0 || one.label === this.label(one.index)));
    const same = ["seed", "n", "of_class", "moves", "edits"].every((field) => JSON.stringify(of[field]) === JSON.stringify(now[field]));
    this.sheet.draw(theme, {
      chosen: now.chosen, pinned: new Set(here.map(({ index }) => index)), old: Boolean(this.refused || data.problem_of_all),
      size: this.size,
      heads: each && columns % classes.length === 0 ? Array.from({ length: columns }, (_, at) => classes[at % classes.length]) : [],
    });
    this.controls.show(now, (field) => this.may(field));
    this.directions.show(now.moves, this.may("moves"));
    if (this.fresh) this.directions.paint(this.ends);
    const row = edits.get(now.chosen) ?? new Map();
    const title = now.chosen < 0 ? "No sample chosen" : `Sample ${now.chosen + 1}${classes.length ? `: ${classes[this.label(now.chosen)]}` : ""}`;
    this.card.show({
      title, row: of.chosen === now.chosen && same ? this.row : null, edits: row, judged: Boolean(data.judged), critic: Boolean(this.critic ?? data.critic),
      opinion: this.opinions && same && now.chosen < this.opinions.length ? this.opinions[now.chosen] : null,
      may: this.may("edits") && now.chosen >= 0, mayPin: this.may("pins") && now.chosen >= 0, highest: HIGHEST, problem: data.problem || "", typed: data.typed || "", judge: data.judge ?? "Discriminator",
      pinned: pins.includes(writePin({ seed: now.seed, index: now.chosen, label: this.label(now.chosen), moves: now.moves, row })),
    });
    this.card.picture(this.many, now.chosen);
    this.card.draw(theme);
    this.pins.root.hidden = data.hidden.includes("pins");
    this.pins.lay(pins, (pin) => this.named(pin), this.may("pins"), MOST_PINS);
    this.pins.draw(this.known);
    const waiting = !this.many || !same ? this.words || data.words : data.words;
    const words = this.refused || data.problem_of_all || waiting || "";
    say(this.badge, words);
    mark(this.badge, "data-tone", this.refused || data.problem_of_all ? "alarm" : null);
    mark(this.badge, "data-over", this.many ? null : "true");
    say(this.facts, data.facts ?? "");
    mark(this.root, "data-state", this.refused || data.problem_of_all ? "refused" : !this.many ? "waiting" : same ? "painted" : "painting");
    if (this.fresh) {
      this.count += 1;
      mark(this.root, "data-painted", String(this.count));
      mark(this.root, "data-done", String(this.reached ?? 0));
    }
    this.fresh = false;
    mark(this.root, "data-heard", String(data.heard));
    mark(this.root, "data-met", data.met ? "true" : null);
    if (!this.ahead && this.many) say(this.live, `${this.many.n} samples of ${data.title ?? "the generator"}, seed ${now.seed}. ${title}. ${this.card.opinion.textContent}`);
  }

  end() {
    for (const timer of [this.rest, this.late, this.lost]) window.clearTimeout(timer);
    this.painter.end();
    super.end();
  }
}

export default hosted(Sampler);
