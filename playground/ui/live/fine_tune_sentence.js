// One sentence of the visitor's own, followed while the network learns: its word pieces, what it was taken for and is, and the way.

import { hue } from "./colours.js";
import { element, mark, say } from "./dom.js";
import { percent, whole } from "./numbers.js";
import { Plot } from "./plot.js";
import { TextBox } from "./text_box.js";

/** Characters that the run takes. */
const LONGEST = 600;
/** Where this tab of the browser keeps what was typed, until it is closed. */
const KEPT = "fine_tune.sentence";

export class OwnSentence {
  /**
   * @param {(text: string) => void} onask It is to be read.
   * @param {() => void} again
   */
  constructor(onask, again) {
    this.onask = onask;
    this.box = new TextBox({
      name: "own-text", label: "Your sentence", placeholder: "Type a sentence of your own",
      tell: ({ text, number }) => {
        window.setTimeout(() => this.box.know({ text: "", given: this.box.given, heard: number, longest: LONGEST }), 0); // a socket loses nothing
        if (text.trim()) onask(text);
      },
    });
    this.touched = false;
    this.box.typing.typed = () => {
      this.touched = this.touched || this.box.area.matches(":focus");
      if (this.touched) keep(this.box.value);
    };
    this.box.longest = LONGEST;
    this.chips = element("div", { class: "ft-chips", "data-testid": "pieces", "aria-label": "Word pieces" });
    this.head = element("div", { class: "ft-bars-head" }, element("span", { class: "ft-key before" }, "before training"), element("span", { class: "ft-key now" }, "now"));
    this.bars = element("div", { class: "ft-bars", "data-testid": "own-bars", role: "list" });
    this.plot = new Plot("canvas-trail", "How the sentence was read on the way", again);
    this.way = element("figure", { class: "ft-trail" }, this.plot.sheet.canvas);
    this.root = element("section", { class: "ft-own", "aria-label": "Your sentence" },
      this.box.root, this.chips, element("div", { class: "ft-said" }, element("div", { class: "ft-answer" }, this.head, this.bars), this.way));
    /** @type {any[]} */
    this.rows = [];
    this.built = "";
  }

  /** What is asked about: typed, or the example. */
  get text() {
    return this.box.tooLong ? "" : this.box.value.trim();
  }

  /** Another sentence, from a list. */
  put(/** @type {string} */ text) {
    this.touched = true;
    this.box.put(text, true);
  }

  /** Another set of texts: its first example stands there until something is typed. */
  take(/** @type {Record<string, any>} */ scene) {
    const example = scene.sentence ?? "";
    const kept = stored();
    if (!this.touched && kept.trim()) this.touched = true;
    else if (this.touched || !example || this.box.value === example) return;
    if (this.box.value !== (kept || example)) this.box.put(kept || example, false);
  }

  /** What the run follows, where nothing was typed here: it was typed before, and the run came back. */
  adopt(/** @type {Record<string, any> | null} */ own, /** @type {string} */ example) {
    if (this.touched || !own || own.text === example || own.text === this.box.value || this.box.area.matches(":focus")) return;
    this.touched = true;
    this.box.put(own.text, false);
  }

  draw(/** @type {import("./colours.js").Theme} */ theme, scene, tick, /** @type {number} */ size, /** @type {boolean} */ narrow) {
    const { classes } = scene.header;
    const { own } = tick.header;
    const block = tick.blocks.own;
    const k = classes.length;
    this.adopt(own, scene.header.sentence ?? "");
    const known = own && block?.data.length === 2 * k;
    const lines = known ? own.lines : classes.slice(0, 6).map((/** @type {string} */ _, /** @type {number} */ i) => i);
    const same = known && own.text.trim() === this.text;
    this.root.toggleAttribute("data-old", Boolean(known && !same));
    this.pieces(known ? own : null);
    this.build(classes, lines);
    this.rows.forEach(({ root, before, now, value }, i) => {
      const c = lines[i];
      root.style.setProperty("--hue", hue(theme, c));
      const [was, is] = known ? [block.data[c], block.data[k + c]] : [0, 0];
      before.hidden = !known;
      before.style.width = `${(100 * was).toFixed(1)}%`;
      now.style.width = `${(100 * is).toFixed(1)}%`;
      say(value, known ? `${Math.round(100 * is)} %` : "\u2013");
      mark(root, "aria-label", known ? `${classes[c]}: ${percent(is)} now, ${percent(was)} before training` : classes[c]);
      mark(root, "title", known ? `${classes[c]}: ${percent(was)} before training, ${percent(is)} now` : "Asked as soon as the network is loaded");
    });
    this.root.toggleAttribute("data-many", lines.length > 4);
    this.trail(theme, classes, lines, tick, size, narrow);
  }

  build(/** @type {string[]} */ classes, /** @type {number[]} */ lines) {
    const key = JSON.stringify([classes, lines]);
    if (key === this.built) return;
    this.built = key;
    this.rows = lines.map((c) => {
      const [before, now, value] = [element("i", { class: "before" }), element("i", { class: "now" }), element("span", { class: "ft-value", "data-testid": `own-${c}` }, "\u2013")];
      const root = element("div", { class: "ft-bar", role: "listitem" }, element("span", { class: "ft-name" }, classes[c]), element("span", { class: "ft-track" }, before, now), value);
      return { root, before, now, value };
    });
    this.bars.replaceChildren(...this.rows.map(({ root }) => root));
  }

  /** The sentence as the network is given it. */
  pieces(/** @type {Record<string, any> | null} */ own) {
    const key = own ? JSON.stringify(own.pieces) : "";
    if (key === this.cut) return;
    this.cut = key;
    const made = (own?.pieces ?? []).map((/** @type {string} */ piece) => element("span", { class: piece.startsWith("##") ? "ft-chip on" : "ft-chip", "data-unknown": piece === "[UNK]" || piece === "<unk>" }, piece));
    if (own?.more) made.push(element("span", { class: "ft-more" }, `and ${whole(own.more)} more`));
    this.chips.replaceChildren(...made);
    mark(this.chips, "title", own ? `${whole(own.pieces.length + own.more)} word pieces${own.unknown ? `, ${own.unknown} of which the vocabulary does not know` : ""}` : null);
  }

  trail(theme, classes, lines, tick, /** @type {number} */ size, /** @type {boolean} */ narrow) {
    const block = tick.blocks.trail;
    const n = block?.shape[1] ?? 0;
    const row = (/** @type {number} */ i) => (n ? block.data.subarray(i * n, (i + 1) * n) : new Float32Array(0));
    const high = Math.max(1, tick.header.epochs);
    this.plot.draw(theme, {
      size, x: { low: 0, high, label: "" }, y: { low: 0, high: 1.02, label: "" },
      lines: lines.map((/** @type {number} */ c, /** @type {number} */ i) => ({ x: row(0), y: row(1 + i), colour: hue(theme, c), width: 2, name: "" })),
      points: n ? lines.map((/** @type {number} */ c, /** @type {number} */ i) => ({ x: row(0)[n - 1], y: row(1 + i)[n - 1], colour: hue(theme, c), radius: 3.5 })) : [],
      names: 3.6, reading: false,
    });
    const { sheet: { context }, box } = this.plot;
    context.fillStyle = theme.muted;
    context.textAlign = "left";
    context.textBaseline = "top";
    context.fillText("epoch", box.x + box.w + size * 0.8, box.y + box.h + 4);
    if (n < 2) {
      context.fillStyle = theme.muted;
      context.textAlign = "center";
      context.textBaseline = "middle";
      const words = narrow || box.w < size * 16 ? "its way over the epochs" : "its way over the epochs, once it trains";
      Object.assign(context, { strokeStyle: theme.paper, lineWidth: 5, lineJoin: "round" });
      context.strokeText(words, box.x + box.w / 2, box.y + box.h / 4);
      context.fillText(words, box.x + box.w / 2, box.y + box.h / 4); // between two lines of the grid
    }
    mark(this.plot.sheet.canvas, "aria-label", n ? `How the sentence was read over ${high} epochs: now ${lines.map((/** @type {number} */ c, /** @type {number} */ i) => `${classes[c]} ${percent(row(1 + i)[n - 1])}`).join(", ")}.` : "How the sentence is read on the way; nothing yet.");
  }

  end() {
    this.box.end();
  }
}

/** What was typed in this tab; empty where nothing was, or the browser keeps nothing. */
function stored() {
  try {
    return window.sessionStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

function keep(/** @type {string} */ text) {
  try {
    window.sessionStorage.setItem(KEPT, text.slice(0, LONGEST));
  } catch { /* a browser that keeps nothing: the run still does */ }
}
