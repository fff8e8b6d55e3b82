// What is asked about: the text box, and the row of sentences to begin with.

import { element, mark } from "./dom.js";
import { TextBox } from "./text_box.js";

export class Asked {
  /** @param {{tell: (said: {text: string, number: number, length: number}) => void, choose: (example: string) => void, typed: () => void}} told */
  constructor({ tell, choose, typed }) {
    this.choose = choose;
    this.box = new TextBox({ name: "text", label: "A sentence to look into", placeholder: "Type a sentence", tell, typed });
    this.row = element("div", { class: "examples", role: "group", "aria-label": "Sentences" });
    this.root = element("div", { class: "ask" }, this.box.root, this.row);
    this.made = "";
    /** @type {HTMLButtonElement[]} */
    this.buttons = [];
  }

  know(/** @type {Record<string, any>} */ { typed, examples, example, edits, hidden }) {
    this.root.hidden = Boolean(hidden);
    this.box.know(typed);
    const key = JSON.stringify(examples);
    if (key !== this.made) {
      this.made = key;
      this.buttons = examples.map((/** @type {{name: string, title: string}} */ { name, title }) => element("button", {
        type: "button", class: "example", "data-name": name, "data-testid": `example-${name}`, onclick: () => this.choose(name),
      }, title));
      this.row.replaceChildren(...this.buttons);
    }
    for (const button of this.buttons) {
      mark(button, "aria-pressed", String(button.dataset.name === example));
      button.disabled = !edits.includes("example");
    }
  }

  end() {
    this.box.end();
  }
}
