// One place of a sentence, a list of words for it: a dot for each on the scale from negative to positive.

import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { places } from "./text_box.js";

const MINUS = "\u2212";
/** Scores that lie closer together have a digit more. */
const CLOSE = 0.05;

class Swap extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "swap", ["sentiment.css", "sentiment_swap.css"]);
    this.root.classList.add("swap");
    this.hint = element("p", { class: "tokens-key" });
    this.text = element("p", { class: "tokens marks", dir: "auto", "data-testid": "marks" });
    this.own = element("button", { type: "button", class: "act", "data-testid": "own-sentence", onclick: () => this.mark(null) }, "Use the list\u2019s own sentence");
    this.sentence = element("p", { class: "sentence", dir: "auto", "data-testid": "sentence" });
    this.closer = element("input", { type: "checkbox", "data-testid": "closer", onchange: () => { this.painted = ""; this.again(); } });
    this.sort = element("input", { type: "checkbox", checked: true, "data-testid": "sort", onchange: () => { this.painted = ""; this.again(); } });
    this.axis = element("div", { class: "dots-axis", "aria-hidden": "true" });
    this.dots = element("ol", { class: "dots", "data-testid": "dots" });
    this.key = element("p", { class: "dots-key" });
    this.root.append(
      element("section", { "aria-label": "Which word is swapped", class: "which" }, this.hint, this.text, this.own),
      element("section", { "aria-label": "Scores", class: "plot" },
        element("div", { class: "plot-head" }, this.sentence, element("span", { class: "plot-acts" }, element("label", { class: "toggle" }, this.sort, "Sorted"), element("label", { class: "toggle" }, this.closer, "Closer"))),
        this.axis, this.dots, this.key),
    );
    this.laid = "";
    this.painted = "";
  }

  mark(/** @type {number[] | null} */ spot) {
    this.edit({ mark: spot, number: Math.max(Date.now(), (this.data?.heard ?? 0) + 1) });
  }

  update(/** @type {Record<string, any>} */ data) {
    mark(this.root, "data-state", data.state);
    const key = JSON.stringify([data.text, data.spots, data.marked]);
    if (key !== this.laid) {
      this.laid = key;
      this.lay(data);
    }
    this.own.hidden = !data.marked;
    say(this.hint, data.spots.length ? "Press the word of your text that is to be swapped; without one the list\u2019s own sentence is used."
      : "Your text has no word to mark, or is too long for it: the list\u2019s own sentence is used.");
    if (data.rows) this.kept = data;
    if (data.state === "refused") say(this.key, data.words);
  }

  lay(/** @type {Record<string, any>} */ { text, spots, marked }) {
    const place = places(text), parts = [];
    let at = 0;
    for (const spot of spots) {
      const [start, end] = spot.map(place);
      if (start > at) parts.push(element("span", { class: "between" }, text.slice(at, start)));
      const here = Boolean(marked) && marked[0] === spot[0];
      parts.push(element("button", { type: "button", class: "mark", "aria-pressed": String(here), onclick: () => this.mark(here ? null : spot) }, text.slice(start, end)));
      at = end;
    }
    if (at < text.length && spots.length) parts.push(element("span", { class: "between" }, text.slice(at)));
    this.text.replaceChildren(...parts);
  }

  draw() {
    const data = this.kept;
    if (!data) return;
    const key = JSON.stringify([data.rows, data.sentence, this.closer.checked, this.sort.checked]);
    if (key === this.painted) return;
    this.painted = key;
    this.sentence.replaceChildren(element("span", {}, data.sentence[0]), element("b", {}, "___"), element("span", {}, data.sentence[1]));
    const values = data.rows.map((/** @type {any} */ row) => row.value);
    const digits = Math.max(...values) - Math.min(...values) < CLOSE ? 3 : 2;
    let [low, high] = [data.low, 1];
    if (this.closer.checked) {
      const step = (Math.max(...values) - Math.min(...values) || 0.02) * 0.08;
      low = Math.max(data.low, Math.min(...values) - step);
      high = Math.min(1, Math.max(...values) + step);
    }
    const share = (/** @type {number} */ value) => `${(100 * (value - low) / (high - low)).toFixed(2)}%`;
    const rows = this.sort.checked ? [...data.rows].sort((a, b) => a.value - b.value) : data.rows;
    const middle = low < 0 && high > 0 ? element("i", { class: "zero", style: `left:${share(0)}` }) : null;
    this.axis.replaceChildren(element("span", {}, this.closer.checked ? number(low, digits) : `\u25bc ${data.ends[0]}`), element("span", {}, this.closer.checked ? number(high, digits) : `${data.ends[1]} \u25b2`));
    this.dots.style.setProperty("--zero", middle ? share(0) : "-10%");
    this.dots.replaceChildren(...rows.map(({ word, value, group, says }) => element("li", { "data-group": String(group), title: `${word}: ${number(value, digits)}, ${says}` },
      element("span", { class: "dot-word" }, word),
      element("span", { class: "dot-line", "aria-hidden": "true" }, element("i", { class: "dot", style: `left:${share(value)}` })),
      element("span", { class: "dot-value" }, number(value, digits)), element("span", { class: "dot-says" }, says))));
    const named = data.groups.some(Boolean);
    this.key.replaceChildren(...(named ? data.groups.map((/** @type {string} */ name, /** @type {number} */ at) => element("span", { class: "group", "data-group": String(at) }, element("i", { class: "dot" }), name)) : []));
    mark(this.root, "data-rows", String(rows.length));
  }
}

function number(/** @type {number} */ value, digits = 2) {
  const size = Math.abs(value).toFixed(digits);
  return `${Number(size) === 0 ? "" : value < 0 ? MINUS : "+"}${size}`;
}

export default hosted(Swap);
