// The picture is changed a little at a time, by accident or against the network: a slider goes through all of it, the
// scores beside it say when the answer turns.

import { share } from "./bars.js";
import { hue } from "./colours.js";
import { element, mark, say } from "./dom.js";
import { hosted } from "./host.js";
import { short } from "./numbers.js";
import { Opened, bitmap, paintRgb } from "./opened.js";
import { Plot } from "./plot.js";
import { Raster } from "./raster.js";
import { Said, Shot, fit } from "./shot.js";

/** So many times is a change of a few levels in 255 enlarged to be seen at all. */
const TIMES = 50;
const GREY = 128;

class Shake extends Opened {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "shake", ["shake.css"]);
    this.alone = new Shot("alone", "The photo");
    this.said = new Said();
    this.pictures = ["original", "change", "picture"].map((name) => {
      const raster = new Raster();
      mark(raster.canvas, "role", "img");
      mark(raster.canvas, "data-testid", name);
      const title = element("h3", {});
      const frame = element("div", { class: "shot" }, raster.canvas);
      return { raster, title, frame, root: element("div", { class: "figure" }, title, frame) };
    });
    this.shots = element("div", { class: "shots" }, this.alone.root, ...this.pictures.map(({ root }) => root));
    this.plot = new Plot("scores", "Scores along the change", () => this.again());
    this.plot.sheet.canvas.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => this.press(event));
    this.plot.sheet.canvas.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => { if (event.buttons === 1) this.press(event); });
    this.slider = element("input", { type: "range", min: 0, max: 1, step: 1, "data-testid": "amount", oninput: () => this.go(Number(this.slider.value)) });
    this.ticks = element("div", { class: "turns", "aria-hidden": "true" });
    this.name = element("span", {});
    this.value = element("output", { "data-testid": "value" });
    this.leader = element("p", { class: "leader", "data-testid": "leader", "aria-live": "polite" });
    this.notes = element("p", { class: "quiet", "data-testid": "notes" });
    this.flip = element("button", { type: "button", class: "act", "data-testid": "flip", onclick: () => this.go(this.turn ?? this.at) });
    this.back = element("button", { type: "button", class: "act", "data-testid": "unchanged", onclick: () => this.go(this.page?.header.start ?? 0) }, "Unchanged");
    this.root.append(
      element("div", { class: "stage" }, this.shots, this.leader, this.notes, this.said.root),
      element("div", { class: "panel" }, element("div", { class: "figure" }, element("h3", {}, "Scores along the change"), this.plot.sheet.canvas)),
      element("div", { class: "bar" },
        element("div", { class: "slide" }, element("div", { class: "slide-head" }, this.name, this.value), element("div", { class: "rail" }, this.slider, this.ticks)),
        element("div", { class: "acts" }, this.flip, this.back)));
    /** Which of the values is shown. */
    this.at = 0;
    this.told = "";
    this.marked = "";
    /** @type {(ImageBitmap | null)[]} */
    this.frames = [];
    this.painted = "";
  }

  accept(/** @type {import("./opened.js").Answer} */ { header, blocks }) {
    const question = `${header.id} ${header.title}`;
    if (question !== this.told) this.at = header.start;
    this.told = question;
    this.at = Math.min(this.at, header.values.length - 1);
    this.painted = "";
    this.frames = [];
    this.slider.max = String(header.values.length - 1);
    if (!blocks.pictures) return;
    const { data } = blocks.pictures;
    header.values.forEach(async (/** @type {number} */ _, /** @type {number} */ k) => {
      const frame = await bitmap(data.slice(header.offsets[k], header.offsets[k + 1]));
      if (this.page?.header !== header) return;
      this.frames[k] = frame;
      if (k === this.at) this.again();
    });
  }

  /** Shows another of the values; nothing is asked of the server. */
  go(/** @type {number} */ at) {
    if (!this.page) return;
    this.at = Math.min(this.page.header.values.length - 1, Math.max(0, at));
    this.again();
  }

  /** A press on the curves goes to the value there. */
  press(/** @type {PointerEvent} */ event) {
    if (!this.page) return;
    const { values } = this.page.header;
    const wanted = this.plot.xAt(event.offsetX);
    let best = 0;
    values.forEach((/** @type {number} */ value, /** @type {number} */ k) => { if (Math.abs(value - wanted) < Math.abs(values[best] - wanted)) best = k; });
    this.go(best);
  }

  /** The nearest value at which another answer leads; null where there is none. */
  get turn() {
    const head = this.page?.header;
    if (!head) return null;
    if (head.flips !== undefined) return head.flips < 0 ? null : head.flips;
    const near = [...head.changes].sort((a, b) => Math.abs(a - head.start) - Math.abs(b - head.start));
    return near.length ? near[0] : null;
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    this.state();
    const { page } = this;
    const against = page?.header.flips !== undefined;
    mark(this.root, "data-kind", against ? "adversarial" : "shaking");
    this.root.toggleAttribute("data-stale", this.stale);
    this.alone.root.hidden = Boolean(page);
    this.alone.show(this.photo, "The photo", "The photo");
    this.said.show(this.words, this.status);
    this.pictures.forEach(({ root }, k) => { root.hidden = !page || (!against && k !== 2); });
    for (const node of [this.plot.sheet.canvas.parentElement, this.root.lastElementChild]) node.style.visibility = page ? "" : "hidden";
    mark(this.root, "data-at", page ? String(this.at) : "");
    if (!page) {
      say(this.leader, "");
      say(this.notes, "");
      this.alone.fit(this.shots.clientWidth, this.room, this.ratio);
      return;
    }
    if (against) this.attack(page);
    else this.shaken(page.header);
    this.curves(theme, page);
    this.tell(page.header);
  }

  /** How high the pictures may be. */
  get room() {
    return this.narrow ? 320 : this.shots.clientHeight - 1.7 * this.size - 6;
  }

  /** The picture at this value, as the network was fed it. */
  shaken(header) {
    const frame = this.frames[this.at];
    const { raster, title, frame: place } = this.pictures[2];
    if (frame && this.painted !== `${this.at}`) {
      raster.canvas.width = frame.width;
      raster.canvas.height = frame.height;
      raster.image = null; // it is drawn on directly: what it held before is gone
      raster.context.drawImage(frame, 0, 0);
      this.painted = `${this.at}`;
    }
    const ratio = frame ? frame.width / frame.height : 1;
    fit(place, this.shots.clientWidth, this.room, ratio);
    const words = `${header.title}: ${this.amount(header)}`;
    say(title, words);
    mark(raster.canvas, "aria-label", `What the network is fed. ${words}`);
  }

  /** The unchanged input, what is added (many times enlarged, around grey), and the sum, cut off at black and white. */
  attack({ header, blocks }) {
    const [high, wide] = blocks.picture.shape;
    const epsilon = header.values[this.at];
    const [original, change, attacked] = this.pictures;
    if (this.painted !== `${this.at}`) {
      this.painted = `${this.at}`;
      const plain = blocks.picture.data;
      const sign = blocks.sign.data;
      const sum = new Uint8ClampedArray(plain.length);
      const shown = new Uint8ClampedArray(plain.length);
      for (let i = 0; i < plain.length; i += 1) {
        sum[i] = plain[i] + epsilon * sign[i];
        shown[i] = GREY + TIMES * epsilon * sign[i];
      }
      paintRgb(original.raster, plain, wide, high);
      paintRgb(attacked.raster, sum, wide, high);
      paintRgb(change.raster, shown, wide, high);
    }
    const across = this.narrow ? 2 : 3;
    const width = (this.shots.clientWidth - 12 * (across - 1)) / across;
    for (const { frame } of this.pictures) fit(frame, width, this.room, wide / high);
    say(original.title, "Original");
    say(attacked.title, "Both added: what it is fed");
    say(change.title, `The change, ${TIMES} times`);
    mark(original.raster.canvas, "aria-label", "The unchanged input");
    mark(attacked.raster.canvas, "aria-label", `The input with ${this.amount(header)} against it`);
    mark(change.raster.canvas, "aria-label", `The change of ${this.amount(header)}, ${TIMES} times enlarged around grey`);
  }

  /** The value that is shown, with its unit. */
  amount(header) {
    const value = header.values[this.at];
    return `${short(value)} ${value === 1 ? header.unit.replace(/^levels/, "level") : header.unit}`;
  }

  curves(/** @type {import("./colours.js").Theme} */ theme, { header, blocks }) {
    const { values, classes } = header;
    const count = classes.length;
    const { data } = blocks.scores;
    const here = values[this.at];
    const lines = classes.map((/** @type {any} */ one, /** @type {number} */ k) => ({
      x: values, y: Float32Array.from(values, (_, i) => 100 * data[i * count + k]), colour: hue(theme, k), name: cut(one.brief, this.narrow ? 11 : 20),
    }));
    this.plot.draw(theme, {
      size: this.size, lines,
      x: { low: values[0], high: values[values.length - 1], label: header.unit },
      y: { low: 0, high: 100, label: "score, %" },
      guides: [
        ...this.turns(header),
        { x: here, colour: theme.ink, dash: [] },
      ],
      points: lines.map((/** @type {any} */ line) => ({ x: here, y: line.y[this.at], colour: line.colour, radius: 4 })),
    });
    mark(this.plot.sheet.canvas, "aria-label", `Scores from ${short(values[0])} to ${short(values[values.length - 1])} ${header.unit}. At ${this.amount(header)}: ${
      lines.map((/** @type {any} */ line, /** @type {number} */ k) => `${classes[k].label} ${share(line.y[this.at] / 100)}`).join("; ")}.`);
  }

  /** Where the answer turns, named as far as the next such place leaves room for it. */
  turns(header) {
    const { values, changes, leaders } = header;
    return changes.map((/** @type {number} */ k, /** @type {number} */ i) => {
      const room = i + 1 < changes.length ? this.plot.px(values[changes[i + 1]]) - this.plot.px(values[k]) : Infinity;
      const letters = Math.min(20, Math.floor(room / (0.56 * this.size)) - 2);
      return { x: values[k], label: letters > 3 ? cut(leaders[k], letters) : "", dash: [4, 4] };
    });
  }

  /** The same in words, and the slider with its marks. */
  tell(header) {
    const { values, leaders, changes, start, none } = header;
    const named = (/** @type {string} */ leader) => (leader === none ? none : `\u201c${leader}\u201d`);
    const count = this.page?.blocks.scores.shape[1] ?? 0;
    const row = [...(this.page?.blocks.scores.data.subarray(this.at * count, (this.at + 1) * count) ?? [])];
    const turned = leaders[this.at] !== leaders[start];
    const words = `${this.amount(header)}: ${named(leaders[this.at])}${leaders[this.at] === none ? "" : ` ${share(Math.max(...row))}`}${turned ? `, no longer ${named(leaders[start])}` : ""}`;
    say(this.leader, words);
    this.leader.toggleAttribute("data-turned", turned);
    say(this.notes, header.notes.join(" "));
    say(this.name, header.title);
    say(this.value, this.amount(header));
    mark(this.slider, "aria-label", header.title);
    mark(this.slider, "aria-valuetext", words);
    if (Number(this.slider.value) !== this.at) this.slider.value = String(this.at);
    const marks = changes.map((/** @type {number} */ k) => k / Math.max(1, values.length - 1));
    if (JSON.stringify(marks) !== this.marked) {
      this.marked = JSON.stringify(marks);
      this.ticks.replaceChildren(...marks.map((/** @type {number} */ at) => element("span", { class: "turn", style: `--at:${at}` })));
    }
    const { turn } = this;
    this.flip.disabled = turn === null;
    say(this.flip, turn === null ? "The answer holds" : "Go to where it flips");
    this.back.disabled = this.at === start;
    mark(this.root, "data-turn", turn === null ? "" : String(turn));
    mark(this.root, "data-leader", leaders[this.at]);
  }
}

function cut(/** @type {string} */ text, /** @type {number} */ most) {
  return text.length > most ? `${text.slice(0, most - 1).trimEnd()}\u2026` : text;
}

export default hosted(Shake);
