// One text box, one bar, and the words coloured: a text is answered while it is typed.

import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { Scale, Verdict } from "./sentiment_scale.js";
import { Tokens } from "./sentiment_tokens.js";
import { TextBox, places } from "./text_box.js";

/** An answer that comes within this time needs no word about waiting, in milliseconds. */
const PATIENCE = 400;
/** A text of more letters is not shown a second time before there is an answer to it. */
const LONG = 4000;

class Sentiment extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "sentiment", ["text_box.css", "sentiment.css"]);
    this.root.classList.add("sentiment");
    this.examples = element("div", { class: "examples", role: "group", "aria-label": "Example texts" });
    this.box = new TextBox({
      name: "text", label: "Your text", placeholder: "Type or paste a text. It is answered while you type.",
      tell: (said) => this.tell(said), typed: (text) => this.typed(text),
    });
    this.verdict = new Verdict("verdict");
    this.scale = new Scale("scale");
    this.notes = element("p", { class: "said-notes", "data-testid": "notes" });
    this.key = element("p", { class: "tokens-key", "data-testid": "key" });
    this.tokens = new Tokens("tokens");
    this.facts = element("p", { class: "facts", "data-testid": "facts" });
    this.alt = element("div", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(
      this.examples, this.box.root,
      element("section", { class: "opinion", "aria-label": "Verdict" }, this.verdict.root, this.scale.root, this.notes),
      element("section", { class: "evidence", "aria-label": "The words" }, this.key, this.tokens.root), this.facts, this.alt,
    );
    this.laid = "";
    this.picked = "";
    this.late = 0;
    this.part = false;
    this.pending = true;
    /** @type {Record<string, any> | null} The last answer that there was. */
    this.answer = null;
    this.marked = (/** @type {any} */ event) => this.jump(event.detail);
    window.addEventListener("playground:passage", this.marked);
  }

  update(/** @type {Record<string, any>} */ data) {
    this.lay(data.examples, data.chosen);
    this.box.know(data.box);
    const { answer } = data;
    const current = data.box.heard >= this.box.number && !this.box.waiting; // else the hand is ahead of the page
    if (answer.state === "answered" || !this.answer || this.answer.state === "waiting" || (current && (answer.state === "failed" || answer.state === "empty"))) this.answer = answer;
    if (answer.state === "answered" && answer.words) {
      this.tokens.take({ text: answer.text ?? data.box.text, words: answer.words, unit: "logit" });
      this.part = Boolean(answer.part); // of a long text one part is explained
    }
    if (current && (answer.state === "failed" || answer.state === "empty")) {
      this.tokens.take(null);
      this.part = false;
    }
    this.follow();
    this.pending = !current || answer.state === "waiting" || (answer.state === "answered" && !answer.words && answer.weighing);
    window.clearTimeout(this.late);
    if (this.pending) this.late = window.setTimeout(() => { if (this.pending) mark(this.root, "data-late", "true"); }, PATIENCE);
    else mark(this.root, "data-late", null);
    mark(this.root, "data-state", current ? answer.state : "waiting");
    mark(this.root, "data-words", current && answer.words ? "there" : "coming");
    mark(this.root, "data-heard", String(data.box.heard));
  }

  /** The coloured words are those that stand in the box, unless only a part of a long text is explained. */
  follow() {
    if (!this.part) this.tokens.typed(this.box.value.length > LONG ? "" : this.box.value);
  }

  lay(/** @type {{name: string, title: string, summary: string, text: string}[]} */ examples, /** @type {string} */ chosen) {
    const key = JSON.stringify(examples.map(({ name }) => name));
    if (key !== this.laid) {
      this.laid = key;
      this.examples.replaceChildren(...examples.map(({ name, title, summary, text }) => element("button", {
        type: "button", class: "chip", "data-name": name, title: summary, "aria-label": `${title}: ${summary}`, onclick: () => { this.picked = name; this.box.put(text, true); this.light(name); },
      }, title)));
    }
    this.light(this.box.waiting ? this.picked : chosen);
    for (const button of this.examples.children) /** @type {any} */ (button).disabled = !this.may("example");
  }

  light(/** @type {string} */ name) {
    for (const button of this.examples.children) mark(button, "aria-pressed", String(/** @type {any} */ (button).dataset.name === name));
  }

  tell(/** @type {{text: string, number: number, length: number}} */ said) {
    this.edit({ ...said, example: this.picked });
    this.pending = true;
    mark(this.root, "data-state", "waiting");
    this.again();
  }

  typed(/** @type {string} */ text) {
    const chosen = this.data?.examples?.find((/** @type {any} */ one) => one.text === text);
    this.picked = chosen?.name ?? "";
    this.light(this.picked);
    this.follow();
    if (this.box.waiting) mark(this.root, "data-state", "waiting");
    this.again();
  }

  /** A part of the text is to be seen. */
  jump(/** @type {{start: number, end: number}} */ { start, end }) {
    const place = places(this.box.value);
    this.root.scrollIntoView({ block: "start", behavior: this.calm ? "auto" : "smooth" });
    this.box.show(place(start), place(end));
  }

  draw() {
    const answer = this.answer;
    if (answer) {
      this.verdict.show(answer.verdict);
      this.scale.show(answer.opinion);
      say(this.notes, answer.notes);
      say(this.key, answer.key ?? "");
      say(this.facts, answer.facts);
      mark(this.root, "data-kind", answer.state);
      if (!this.pending) say(this.alt, answer.alt ?? "");
    }
    this.tokens.draw();
  }

  end() {
    window.clearTimeout(this.late);
    window.removeEventListener("playground:passage", this.marked);
    this.box.end();
    super.end();
  }
}

export default hosted(Sentiment);
