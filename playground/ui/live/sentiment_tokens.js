// A text whose words are tinted by what they added, each with its sign and its number.
//
// While the next answer is under way the text that is typed is shown at once: words that have not changed keep what they had,
// new ones wait without a colour.

import { element, mark } from "./dom.js";
import { places } from "./text_box.js";

/** A word that added less than this share of the strongest has no number of its own. */
const FAINT = 0.12;
/** A mark of punctuation, or a word of so few letters, needs more: a number is wider than it is. */
const FAINT_MARK = 0.4, NARROW = 3;
/** No scale ends below this, so that a text without feeling looks like one (logits; probabilities take a tenth). */
const LEAST = 0.5;
/** Longer texts have numbers on their strongest words only. */
const MANY = 90, STRONGEST = 24;

/** Texts of fewer letters are set larger. */
const SHORT = 120, LONG = 400;

/** @typedef {[number, number, number]} Word Start, end (as the page counts letters) and value. */
/**
 * @typedef {{text: string, words: Word[], unit: "logit" | "probability", feel?: number}} Weighed
 *   `feel`: to which side a value above 0 pulls, 1 (the default) to positive and -1 to negative: the colour; 0 to neither.
 */

export class Tokens {
  /**
   * @param {string} name                              What tests find it by.
   * @param {(word: number) => void} [press]           A word was pressed; without it words cannot be pressed.
   */
  constructor(name, press) {
    this.press = press;
    this.root = element("p", { class: "tokens", dir: "auto", "data-testid": name });
    /** @type {Weighed | null} What the colours are of. */
    this.weighed = null;
    this.text = "";
    this.drawn = "";
    this.chosen = -1;
    /** @type {Weighed | null} Of which the strongest word was brought into sight. */
    this.shown = null;
    /** @type {HTMLElement[]} */
    this.nodes = [];
  }

  /** New colours. */
  take(/** @type {Weighed | null} */ weighed) {
    this.weighed = weighed;
    if (weighed) this.text = weighed.text;
  }

  /** The text has changed and its answer is under way. */
  typed(/** @type {string} */ text) {
    this.text = text;
  }

  /** The largest value, which has the full colour. */
  get most() {
    const least = this.weighed?.unit === "probability" ? LEAST / 10 : LEAST;
    return Math.max(least, ...(this.weighed?.words ?? []).map(([, , value]) => Math.abs(value)));
  }

  draw() {
    const key = JSON.stringify([this.text, this.weighed?.words, this.weighed?.feel, this.weighed?.text === this.text, this.chosen]);
    if (key === this.drawn) return;
    this.drawn = key;
    const { weighed, most } = this;
    const known = weighed ? carried(weighed, this.text) : [];
    const rank = [...known].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    const spelt = ({ start, end }) => end - start > NARROW && /[\p{L}\p{N}]/u.test(this.text.slice(start, end));
    const numbered = new Set((known.length > MANY ? rank.slice(0, STRONGEST) : rank).filter((one) => Math.abs(one.value) >= (spelt(one) ? FAINT : FAINT_MARK) * most));
    const parts = [];
    this.nodes = [];
    let at = 0;
    for (const one of known) {
      if (one.start > at) parts.push(this.text.slice(at, one.start));
      const node = this.word(this.text.slice(one.start, one.end), one, numbered.has(one), most);
      parts.push(node);
      this.nodes.push(node);
      at = one.end;
    }
    if (at < this.text.length) parts.push(this.text.slice(at));
    this.root.replaceChildren(...parts.map((part) => (typeof part === "string" ? element("span", { class: "between" }, part) : part)));
    if (this.shown !== weighed) { // of more than there is room for, the strongest word is in sight
      this.shown = weighed;
      const strongest = known.length ? this.nodes[known.indexOf(rank[0])] : null;
      this.root.scrollTop = strongest ? Math.max(0, strongest.offsetTop - this.root.clientHeight / 2) : 0;
    }
    mark(this.root, "data-words", String(known.length));
    mark(this.root, "data-size", this.text.length < SHORT ? "large" : this.text.length < LONG ? "middle" : "small");
  }

  word(/** @type {string} */ text, /** @type {Carried} */ { value, index }, /** @type {boolean} */ numbered, /** @type {number} */ most) {
    const side = hue(value, this.weighed?.feel);
    const strength = Math.min(1, Math.abs(value) / most);
    const inner = [element("span", { class: "letters" }, text), element("small", {}, numbered ? signed(value) : "")];
    const told = `${text}: ${signed(value)}`;
    const shared = { class: "token", "data-side": strength < 0.05 ? "none" : side, title: told, "data-value": value.toFixed(4), style: `--strength:${strength.toFixed(3)}` };
    if (!this.press) return element("span", shared, ...inner);
    return element("button", { ...shared, type: "button", "aria-pressed": String(index === this.chosen), "aria-label": told, onclick: () => this.press?.(index) }, ...inner);
  }
}

/** The colour of a value: the side to which it pulls. */
export function hue(/** @type {number} */ value, feel = 1) {
  if (!feel) return value ? "neutral" : "none";
  return value * feel > 0 ? "positive" : value * feel < 0 ? "negative" : "none";
}

/** `▲ 0.82` or `▼ 1.30`: the sign in words nobody has to see the colour for. */
export function signed(/** @type {number} */ value) {
  const size = Math.abs(value);
  const digits = size >= 10 ? size.toFixed(1) : size >= 0.0995 ? size.toFixed(2) : size.toFixed(3);
  return `${Number(digits) === 0 ? "" : value > 0 ? "\u25b2 " : "\u25bc "}${digits}`;
}

/** @typedef {{start: number, end: number, value: number, index: number}} Carried */

/**
 * The words that stand unchanged in another text, where they stand there.
 *
 * @returns {Carried[]}
 */
export function carried(/** @type {Weighed} */ { text, words }, /** @type {string} */ now) {
  const place = places(text);
  const all = words.map(([start, end, value], index) => ({ start: place(start), end: place(end), value, index }));
  if (text === now) return all;
  const most = Math.min(text.length, now.length);
  let before = 0;
  while (before < most && text[before] === now[before]) before += 1;
  let after = 0;
  while (after < most - before && text[text.length - 1 - after] === now[now.length - 1 - after]) after += 1;
  const moved = now.length - text.length;
  const whole = (/** @type {number} */ at) => at <= 0 || at >= now.length || !/[\p{L}\p{N}]/u.test(now[at - 1]) || !/[\p{L}\p{N}]/u.test(now[at]);
  return all.flatMap((one) => {
    if (one.end <= before) return whole(one.end) ? [one] : [];
    if (one.start >= text.length - after) return whole(one.start + moved) ? [{ ...one, start: one.start + moved, end: one.end + moved }] : [];
    return [];
  });
}
