// Answers below or beside each other on the same scale: a text before and after a change, or two models on one text.
//
// Where the page allows it, a word that is pressed can be changed or left out, and the answer to that stands below the first.

import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { Scale, Verdict } from "./sentiment_scale.js";
import { Tokens, hue, signed } from "./sentiment_tokens.js";
import { places } from "./text_box.js";

/** So many words have a row in the table. */
const ROWS = 12;

class Sides extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "sides", ["sentiment.css", "sentiment_sides.css"]);
    this.root.classList.add("sides");
    this.input = element("input", { type: "text", maxlength: 200, "data-testid": "put", "aria-label": "Put instead", onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event), onkeyup: (/** @type {Event} */ event) => event.stopPropagation() });
    this.question = element("span", {});
    this.put = element("button", { type: "button", class: "act main", "data-testid": "change", onclick: () => this.change(this.input.value) }, "Change it");
    this.out = element("button", { type: "button", class: "act", "data-testid": "leave-out", onclick: () => this.change("") }, "Leave it out");
    this.close = element("button", { type: "button", class: "act", onclick: () => this.press(-1, -1) }, "Cancel");
    this.editor = element("div", { class: "editor", "data-testid": "editor" }, this.question, this.input, this.put, this.out, this.close);
    this.list = element("div", { class: "sides-list" });
    this.table = element("table", { class: "words-table", "data-testid": "table" });
    this.panel = element("section", { class: "words-panel", "aria-label": "Words by what they added" }, this.table);
    this.root.append(this.list, this.panel);
    /** @type {ReturnType<Sides["made"]>[]} */
    this.shown = [];
    this.at = { side: -1, word: -1 };
  }

  made(/** @type {number} */ number) {
    const name = ["first", "second"][number] ?? String(number);
    const title = element("h3", {}), facts = element("p", { class: "facts" }), notes = element("p", { class: "said-notes", "data-testid": `notes-${name}` }), key = element("p", { class: "tokens-key" });
    const verdict = new Verdict(`verdict-${name}`), scale = new Scale(`scale-${name}`, true);
    const tokens = new Tokens(`tokens-${name}`, (word) => this.press(number, word));
    const editor = element("div", {});
    const root = element("section", { class: "side" }, title, verdict.root, scale.root, notes, key, tokens.root, editor, facts);
    return { root, title, facts, notes, key, verdict, scale, tokens, editor, pressable: tokens.press };
  }

  update(/** @type {Record<string, any>} */ data) {
    const { sides } = data;
    while (this.shown.length < sides.length) this.shown.push(this.made(this.shown.length));
    this.shown.length = Math.min(this.shown.length, sides.length);
    if (this.list.childElementCount !== sides.length) this.list.replaceChildren(...this.shown.map(({ root }) => root));
    mark(this.root, "data-beside", String(Boolean(data.beside)));
    sides.forEach((/** @type {Record<string, any>} */ side, /** @type {number} */ at) => {
      const one = this.shown[at];
      say(one.title, side.title);
      mark(one.root, "aria-label", side.title);
      const fresh = side.state !== "waiting" || side.id !== one.root.dataset.id;
      mark(one.root, "data-state", side.state);
      if (!fresh) return;
      mark(one.root, "data-id", side.id);
      mark(one.root, "data-kind", side.state);
      one.verdict.show(side.verdict);
      one.scale.show(side.opinion);
      say(one.notes, side.notes);
      say(one.key, side.key);
      say(one.facts, side.facts);
      one.tokens.press = data.change ? one.pressable : undefined;
      one.tokens.take(side.words ? { text: side.text, words: side.words, unit: side.unit, feel: side.feel ?? 1 } : null);
      one.tokens.typed(side.text.length > 4000 ? "" : side.text);
    });
    if (this.at.side >= sides.length || !data.change) this.at = { side: -1, word: -1 };
    mark(this.root, "data-state", sides.every((/** @type {any} */ side) => side.state === "answered") ? "answered" : sides.find((/** @type {any} */ side) => side.state !== "answered").state);
    this.tell(data);
  }

  press(/** @type {number} */ side, /** @type {number} */ word) {
    const again = this.at.side === side && this.at.word === word;
    this.at = again ? { side: -1, word: -1 } : { side, word };
    if (this.at.word >= 0) {
      const text = this.wordOf();
      this.input.value = text;
      say(this.question, `Instead of \u201c${text}\u201d:`);
      window.requestAnimationFrame(() => { this.input.focus({ preventScroll: true }); this.input.select(); });
    }
    this.again();
  }

  wordOf() {
    const { text, words } = this.data?.sides[this.at.side] ?? { text: "", words: [] };
    const place = places(text), [start, end] = words?.[this.at.word] ?? [0, 0];
    return text.slice(place(start), place(end));
  }

  key(/** @type {KeyboardEvent} */ event) {
    event.stopPropagation();
    if (event.key === "Enter") this.change(this.input.value);
    if (event.key === "Escape") this.press(-1, -1);
  }

  change(/** @type {string} */ put) {
    const side = this.data?.sides[this.at.side], word = side?.words?.[this.at.word];
    if (!word) return;
    this.edit({ change: { side: this.at.side, start: word[0], end: word[1], put, id: side.id }, number: Date.now() });
    this.at = { side: -1, word: -1 };
    this.again();
  }

  draw() {
    const { at } = this;
    this.shown.forEach((one, number) => {
      one.tokens.chosen = number === at.side ? at.word : -1;
      one.tokens.draw();
      const here = number === at.side && at.word >= 0;
      if (here && this.editor.parentElement !== one.editor) one.editor.replaceChildren(this.editor);
    });
    this.editor.hidden = at.word < 0;
  }

  /** The words of the newest answer, the strongest first, with bars to both sides. */
  tell(/** @type {Record<string, any>} */ data) {
    this.panel.hidden = !data.table;
    if (!data.table) return;
    const known = data.sides.filter((/** @type {any} */ side) => side.words);
    const side = known[known.length - 1];
    if (!side) return;
    const place = places(side.text);
    const words = [...side.words].sort((/** @type {any} */ a, /** @type {any} */ b) => Math.abs(b[2]) - Math.abs(a[2])).slice(0, ROWS);
    const most = Math.max(1e-9, ...words.map((/** @type {any} */ one) => Math.abs(one[2])));
    this.table.replaceChildren(
      element("caption", {}, data.caption),
      element("thead", { class: "unseen" }, element("tr", {}, element("th", { scope: "col" }, "Word"), element("th", { scope: "col" }, "Bar"), element("th", { scope: "col" }, "Value"))),
      element("tbody", {}, ...words.map((/** @type {any} */ [start, end, value]) => element("tr", { "data-side": value < 0 ? "against" : "for", "data-hue": hue(value, side.feel ?? 1) },
        element("th", { scope: "row", dir: "auto" }, side.text.slice(place(start), place(end))),
        element("td", { class: "both" }, element("i", { style: `--share:${(Math.abs(value) / most).toFixed(3)}` })),
        element("td", { class: "value" }, signed(value))))),
    );
  }
}

export default hosted(Sides);
