// A text that is answered while it is typed: what is in the box is told a moment after the last keystroke, and whatever the
// page says meanwhile leaves text, caret and focus alone.

import { element, mark, say } from "./dom.js";
import { whole } from "./numbers.js";

/** So long nothing must have been typed before the text is told, in milliseconds. */
const REST = 160;
/** What was put in as a whole is told at once. */
const PUT = new Set(["insertFromPaste", "insertFromDrop"]);
/** A text that was told and not heard of is told again after so long. */
const LOST = 2500;
/** Longer texts are not laid out anew at each keystroke to see how high they are. */
const HIGH = 20_000;

/**
 * @typedef {object} Typing
 * @property {string} name                                           What tests find it by.
 * @property {string} label                                          What it is called for who listens.
 * @property {string} [placeholder]                                  What stands in it while it is empty.
 * @property {(said: {text: string, number: number, length: number}) => void} tell
 *   The text after a pause, or at once (Ctrl and Enter, another way in). Each has a number of its own; it is told again until
 *   `heard` says that it came. One that is too long is told without its letters.
 * @property {(text: string) => void} [typed]                        At each keystroke, for what the browser can show by itself.
 * @property {number} [rest]                                         The pause, in milliseconds.
 */

export class TextBox {
  constructor(/** @type {Typing} */ typing) {
    this.typing = typing;
    this.longest = Infinity;
    this.number = 0;
    this.told = "";
    this.open = false;
    this.composing = false;
    this.given = "";
    this.timer = 0;
    this.lost = 0;
    this.area = element("textarea", {
      class: "text-area", rows: 2, spellcheck: "false", autocomplete: "off", dir: "auto", "data-testid": typing.name, "aria-label": typing.label,
      placeholder: typing.placeholder ?? "",
      oninput: (/** @type {Event} */ event) => this.input(PUT.has(/** @type {InputEvent} */ (event).inputType ?? "")),
      oncompositionstart: () => { this.composing = true; },
      oncompositionend: () => { this.composing = false; this.input(); },
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
      onkeyup: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
      onpaste: (/** @type {ClipboardEvent} */ event) => this.refuse(event, event.clipboardData),
      ondrop: (/** @type {DragEvent} */ event) => this.refuse(event, event.dataTransfer),
      onblur: () => { if (this.waiting) this.now(); },
    });
    this.clear = element("button", { type: "button", class: "text-clear", "aria-label": "Empty the box", title: "Empty the box", "data-testid": `${typing.name}-clear`, onclick: () => { this.put("", true); this.area.focus(); } }, "\u00d7");
    this.count = element("p", { class: "text-count", role: "status", "data-testid": `${typing.name}-count` });
    this.refused = 0;
    this.root = element("div", { class: "text-box" }, this.area, this.clear, this.count);
    this.sizes = new ResizeObserver(() => this.grow());
    this.sizes.observe(this.root);
  }

  /** What stands in the box. */
  get value() {
    return this.area.value;
  }

  /** Whether something was typed that has not been told. */
  get waiting() {
    return this.area.value !== this.told;
  }

  /** Whether it is longer than what may be asked. */
  get tooLong() {
    return letters(this.area.value, this.longest) > this.longest;
  }

  /**
   * What the page knows. Its text is only taken where it gives another one than before: at first, or because it was asked to.
   *
   * @param {{text: string, given: string, heard: number, longest: number, locked?: boolean}} known
   *   `given` tells one text of the page's own from the next; `heard` is the number of the last text that came there.
   */
  know({ text, given, heard, longest, locked = false }) {
    this.longest = longest;
    this.area.readOnly = locked;
    this.clear.disabled = locked;
    this.number = Math.max(this.number, heard);
    if (heard >= this.number) window.clearTimeout(this.lost);
    if (given !== this.given) {
      this.given = given;
      this.put(text, false);
    }
    this.counted();
  }

  /** Puts a text into the box, and tells it at once where the page did not give it. */
  put(/** @type {string} */ text, tell = true) {
    if (this.area.value !== text) this.area.value = text;
    this.grow();
    if (tell) this.now();
    else {
      window.clearTimeout(this.timer);
      this.told = text;
    }
    this.typing.typed?.(text);
    this.counted();
  }

  /** Marks a part of the text and brings it into sight. */
  show(/** @type {number} */ start, /** @type {number} */ end) {
    const { area } = this;
    area.focus({ preventScroll: true });
    area.setSelectionRange(start, start); // the browser scrolls to a place, not to a stretch
    area.blur();
    area.focus({ preventScroll: true });
    const share = start / Math.max(1, area.value.length);
    area.scrollTop = Math.max(0, share * area.scrollHeight - area.clientHeight / 3);
    area.setSelectionRange(start, end);
  }

  /** What is far too long is not taken into the box: a browser lays a megabyte out for many seconds. */
  refuse(/** @type {Event} */ event, /** @type {DataTransfer | null} */ brought) {
    const length = letters(brought?.getData("text/plain") ?? "", this.longest);
    if (length <= this.longest) return;
    event.preventDefault();
    this.refused = length;
    this.counted();
  }

  input(whole = false) {
    this.refused = 0;
    if (this.composing) return;
    this.grow();
    this.counted();
    this.typing.typed?.(this.area.value);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.now(), whole ? 0 : this.typing.rest ?? REST);
  }

  /** Tells what stands there now, if it has not been told. */
  now() {
    window.clearTimeout(this.timer);
    if (this.waiting) {
      this.number += 1;
      this.told = this.area.value;
      this.send();
    }
  }

  send() {
    const text = this.told, length = letters(text, this.longest);
    this.typing.tell({ text: length > this.longest ? "" : text, number: this.number, length });
    window.clearTimeout(this.lost);
    this.lost = window.setTimeout(() => this.send(), LOST);
  }

  key(/** @type {KeyboardEvent} */ event) {
    event.stopPropagation(); // letters are no short cuts of the page here
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.now();
    }
  }

  /** As high as its text, between what its sheet allows. */
  grow() {
    const { area } = this;
    if (area.value.length > HIGH) {
      area.style.height = "100vh";
      return;
    }
    const { scrollTop } = area;
    area.style.height = "0";
    area.style.height = `${area.scrollHeight + 2}px`;
    area.scrollTop = scrollTop;
  }

  counted() {
    const text = this.area.value;
    const length = letters(text, this.longest);
    const long = length > this.longest;
    const words = long || text.length > HIGH ? 0 : (text.match(/\S+/gu) ?? []).length;
    mark(this.root, "data-long", long || this.refused ? "true" : null);
    mark(this.root, "data-empty", text ? null : "true");
    mark(this.area, "aria-invalid", long ? "true" : null);
    say(this.count, this.refused ? `${whole(this.refused)} characters were pasted; ${whole(this.longest)} are the most, so nothing was taken` : long ? `${whole(length)} characters: ${whole(this.longest)} are the most`
      : words ? `${whole(words)} word${words === 1 ? "" : "s"}` : text ? `${whole(length)} characters` : "");
  }

  /** Called once it is gone from the page. */
  end() {
    window.clearTimeout(this.timer);
    window.clearTimeout(this.lost);
    this.sizes.disconnect();
  }
}

/** How many characters a text has, an emoji being one; only as exact as a limit needs it. */
export function letters(/** @type {string} */ text, /** @type {number} */ limit) {
  if (text.length > 2 * limit || !Number.isFinite(limit)) return text.length;
  let pairs = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0xd800 && code < 0xdc00) {
      const next = text.charCodeAt(at + 1);
      if (next >= 0xdc00 && next < 0xe000) pairs += 1;
    }
  }
  return text.length - pairs;
}

/**
 * Where each character of a text (as the page counts them: an emoji is one) begins in the browser's own count.
 *
 * @returns {(place: number) => number}
 */
export function places(/** @type {string} */ text) {
  if (!/[\ud800-\udbff]/.test(text)) return (place) => place;
  const starts = [];
  let at = 0;
  for (const letter of text) {
    starts.push(at);
    at += letter.length;
  }
  starts.push(at);
  return (place) => starts[Math.min(place, starts.length - 1)];
}
