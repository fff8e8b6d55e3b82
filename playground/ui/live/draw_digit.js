// A digit drawn or photographed, prepared as MNIST's were, before two readers; what the convolutions make of it below.

import { mark, element, say } from "./dom.js";
import { DigitMaps } from "./draw_digit_maps.js";
import { Readers } from "./draw_digit_readers.js";
import { Host, hosted } from "./host.js";
import { Pad, trace } from "./pad.js";

const SIDE = 28;
/** An answer that has not come after so many milliseconds is not waited for any more. */
const LOST = 2500;

class DrawDigit extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "draw-digit", ["pad.css", "draw_digit.css"]);
    this.root.classList.add("digit");
    this.again = this.again.bind(this);
    this.pad = new Pad({ changed: (ink, settled) => this.drew(ink, settled), again: this.again });
    this.samples = element("div", { class: "digit-samples", role: "group", "aria-label": "Ten samples to begin with" });
    this.photo = element("img", { class: "digit-shown", alt: "The photographed digit" });
    this.cut = element("div", { class: "digit-cut", "aria-hidden": "true" });
    this.told = element("p", { class: "digit-told", role: "status" });
    this.frameOf = element("div", { class: "pad-square photo-square" }, this.photo, this.cut, this.told);
    this.given = element("div", { class: "digit-given" }, this.pad.root, this.samples, this.frameOf);
    this.steps = Array.from({ length: 4 }, (_, at) => {
      const canvas = element("canvas", { width: SIDE, height: SIDE, role: "img", "data-testid": `step-${at}` });
      const parts = { canvas, title: element("h4"), note: element("p") };
      return { ...parts, root: element("li", {}, canvas, parts.title, parts.note) };
    });
    this.readers = new Readers((shift, settled) => this.move(shift, settled));
    this.maps = new DigitMaps();
    this.alt = element("div", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(this.given, element("div", { class: "digit-answers" }, element("ol", { class: "digit-steps" }, ...this.steps.map(({ root }) => root)), this.readers.root), this.maps.root, this.alt);
    this.number = 0;
    this.heard = -1;
    this.sentAt = -LOST;
    /** @type {Record<string, any> | null} What was done since the last message. */
    this.next = null;
    /** What was sent and is not known to have come. @type {Record<string, any>} */
    this.sent = {};
    this.timer = 0;
    this.laid = "";
    this.fresh = true;
  }

  take() {
    this.changedFrame = true;
  }

  update(/** @type {Record<string, any>} */ data) {
    this.pad.root.hidden = this.samples.hidden = !data.pad;
    this.frameOf.hidden = Boolean(data.pad);
    if (data.pad && this.fresh) { // what lies on the pad when the page comes up, or comes back
      this.fresh = false;
      const lies = JSON.stringify(data.strokes);
      this.pad.restore(data.strokes, (data.samples ?? []).some((/** @type {any} */ one) => JSON.stringify(one) === lies));
      this.number = data.heard;
    }
    this.lay(data.samples ?? []);
    if (!data.pad) {
      if (data.photo) mark(this.photo, "src", data.photo);
      this.photo.hidden = !data.photo;
      say(this.told, data.words ?? "");
    }
    if (data.heard >= this.number) {
      this.sentAt = -LOST;
      this.sent = {};
      window.clearTimeout(this.timer);
    }
    const settled = data.heard >= this.number && !this.next; // else the hand is ahead of what the page knows
    this.readers.allow(this.may("shift"), settled ? data.shift : null);
    for (const button of this.samples.children) button.disabled = !this.may("digit");
    if (this.next && performance.now() - this.sentAt >= LOST) this.tell();
  }

  /** Ten small digits to begin with. */
  lay(/** @type {import("./pad.js").Stroke[][]} */ samples) {
    const words = JSON.stringify(samples);
    if (words === this.laid) return;
    this.laid = words;
    this.thumbs = samples.map((strokes, digit) => {
      const canvas = element("canvas", { width: 56, height: 56, "aria-hidden": "true" });
      const button = element("button", { type: "button", "aria-label": `Sample ${digit}`, "data-testid": `sample-${digit}`, onclick: () => this.begin(strokes, digit) }, canvas);
      return { canvas, button, strokes };
    });
    this.samples.replaceChildren(...this.thumbs.map(({ button }) => button));
    this.inked = "";
  }

  begin(/** @type {import("./pad.js").Stroke[]} */ strokes, /** @type {number} */ digit) {
    this.next = { digit };
    this.pad.set(strokes);
  }

  /** Something was drawn: asked at once, or as soon as the last answer is there. */
  drew(/** @type {Uint8Array} */ ink, /** @type {boolean} */ settled) {
    let text = "";
    for (const one of ink) text += String.fromCharCode(one);
    this.next = { ...this.next, ink: btoa(text), settled, strokes: settled ? this.pad.strokes : undefined };
    this.maybe();
  }

  move(/** @type {number} */ shift, /** @type {boolean} */ settled) {
    this.next = { ...this.next, shift, settled };
    this.maybe();
  }

  maybe() {
    if (performance.now() - this.sentAt >= LOST) this.tell();
    this.again();
  }

  tell() {
    this.number += 1;
    this.sentAt = performance.now();
    this.sent = { ...this.sent, ...this.next, number: this.number };
    this.next = null;
    this.trigger("edit", this.sent);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.tell(), LOST); // once more, where it was lost on the way
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    if (this.data?.pad) this.pad.draw(theme);
    this.ink(theme);
    if (!this.frame || (!this.changedFrame && this.painted === this.version && this.painted)) return;
    this.changedFrame = false;
    this.painted = this.version;
    const { header, blocks } = this.frame;
    this.steps.forEach(({ canvas, title, note }, at) => {
      const pixels = /** @type {Uint8Array} */ (blocks.steps.data).subarray(at * SIDE * SIDE, (at + 1) * SIDE * SIDE);
      grey(canvas, pixels, SIDE, SIDE);
      mark(canvas, "aria-label", `${header.titles[at]}: ${header.notes[at]}`);
      say(title, `${at + 1}. ${header.titles[at]}`);
      say(note, header.notes[at]);
    });
    const [left, top, right, bottom] = header.box;
    this.cut.hidden = header.empty;
    this.cut.style.cssText = `left:${100 * left}%;top:${100 * top}%;width:${100 * (right - left)}%;height:${100 * (bottom - top)}%`;
    this.readers.show(header, blocks);
    this.maps.show(header, blocks);
    mark(this.root, "data-read", header.empty ? "" : this.readers.said.join());
    mark(this.root, "data-answers", String(Number(this.root.dataset.answers ?? 0) + 1));
    say(this.alt, this.data?.waiting ? "" : this.readers.words(header));
  }

  /** The samples in the ink of the theme. */
  ink(/** @type {import("./colours.js").Theme} */ theme) {
    if (this.inked === theme.key) return;
    this.inked = theme.key;
    for (const { canvas, strokes } of this.thumbs ?? []) {
      const context = canvas.getContext("2d");
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.scale(canvas.width, canvas.height);
      trace(context, strokes, theme.ink);
    }
  }

  end() {
    window.clearTimeout(this.timer);
    this.pad.end();
    super.end();
  }
}

/** Bytes as a grey picture. */
export function grey(/** @type {HTMLCanvasElement} */ canvas, /** @type {Uint8Array} */ pixels, /** @type {number} */ width, /** @type {number} */ height) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(width, height);
  pixels.forEach((value, at) => image.data.set([value, value, value, 255], 4 * at));
  context.putImageData(image, 0, 0);
}

export default hosted(DrawDigit);
