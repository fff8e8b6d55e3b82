// Steps to reach a tolerance: a table with bars, a row for each optimizer, and the loss curves it is read from.

import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { decimal, whole } from "./numbers.js";
import { Plot } from "./plot.js";

/** Loss, as a share of what it was at the start, that is shown. */
const [DEEPEST, TALLEST] = [1e-10, 100];
/** How often a row's chosen hue may repeat: the thick one and the best of the others have names. */
const NAMED = 4;

class Race extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "race-table", ["visual.css", "momentum.css"]);
    this.again = this.again.bind(this);
    this.plot = new Plot("curves", "Loss curves", this.again);
    this.table = element("table", { class: "race", "data-testid": "table" });
    this.words = element("p", { class: "words", "data-testid": "words" });
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.classList.add("halves", "bare");
    this.root.append(
      element("div", { class: "stage" }, element("h3", {}, "First step at which the loss is that share of what it was"), element("div", { class: "scroll" }, this.table), this.words, this.alt),
      element("div", { class: "panel" }, element("figure", { class: "figure" }, this.plot.sheet.canvas)),
    );
  }

  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    const length = blocks.at.data.length;
    this.lines = header.names.map((/** @type {string} */ _, /** @type {number} */ k) => blocks.share.data.subarray(k * length, (k + 1) * length));
    this.hovered = null;
    this.fill();
  }

  update() {
    const { header } = this.frame ?? {};
    if (!header) return;
    say(this.words, header.words);
    say(this.alt, header.alt);
    mark(this.root, "data-shown", header.names[header.shown]);
    mark(this.plot.sheet.canvas, "aria-label", header.alt);
    this.table.querySelectorAll("button").forEach((/** @type {HTMLButtonElement} */ button) => { button.disabled = !this.may("shown"); });
  }

  /** The rows; they stay the same elements for as long as the frame does. */
  fill() {
    const { header } = this.frame;
    const cell = (/** @type {number} */ step) => {
      if (step < 0) return element("td", { class: "never", title: `not within ${header.steps} steps` }, "\u2013");
      const share = Math.log(1 + step) / Math.log(1 + header.steps);
      const bar = element("i", { class: "bar" });
      bar.style.width = `${Math.max(2, 100 * share).toFixed(1)}%`;
      return element("td", {}, element("span", {}, whole(step)), bar);
    };
    const head = ["optimizer", "rate", ...header.tolerances.map((/** @type {number} */ one) => ({ 0.1: "a tenth", 0.01: "a hundredth", 1e-4: "10\u207b\u2074", 1e-8: "10\u207b\u2078" })[one] ?? String(one)), "at the end"];
    const rows = header.names.map((/** @type {string} */ name, /** @type {number} */ k) => {
      const button = element("button", { type: "button", "data-testid": `row-${name}`, "aria-pressed": String(k === header.shown), onclick: () => this.edit({ shown: name }) }, element("i", { class: "hue" }), header.titles[k]);
      const row = element("tr", { "data-shown": k === header.shown, title: header.ends[k], onpointerenter: () => this.point(k), onpointerleave: () => this.point(null), onclick: () => this.may("shown") && this.edit({ shown: name }) },
        element("th", { scope: "row" }, button), element("td", {}, decimalRate(header.rates[k])), ...header.table[k].map(cell), this.last(k));
      button.addEventListener("click", (/** @type {Event} */ event) => event.stopPropagation());
      return row;
    });
    this.table.replaceChildren(
      element("thead", {}, element("tr", {}, ...head.map((word) => element("th", { scope: "col" }, word)))),
      element("tbody", {}, ...rows),
    );
  }

  /** The share of the first loss at the last step; marked where it had been lower than the lowest column asks. */
  last(/** @type {number} */ k) {
    const { header } = this.frame;
    const share = header.last[k];
    const lowest = header.tolerances.filter((/** @type {number} */ _, /** @type {number} */ i) => header.table[k][i] >= 0).at(-1);
    const again = share !== null && lowest !== undefined && share > lowest;
    return element("td", { class: "last", "data-testid": `last-${header.names[k]}`, title: again ? "it had been lower, and did not stay" : header.ends[k] }, share === null ? "\u2013" : `${again ? "\u2191 " : ""}${decimal(share)}`);
  }

  point(/** @type {number | null} */ k) {
    this.hovered = k;
    this.again();
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    if (!this.frame || !this.lines) return;
    const { header, blocks } = this.frame;
    const { size } = this;
    const front = this.hovered ?? header.shown;
    // Six hues go to the first six; the others step back in grey, and whoever is looked at comes forward.
    const hue = (/** @type {number} */ k) => (k < theme.classes.length ? theme.classes[k] : theme.muted);
    this.table.querySelectorAll("tbody .hue").forEach((/** @type {HTMLElement} */ one, /** @type {number} */ k) => one.style.setProperty("--hue", hue(k)));
    const order = this.lines.map((_, k) => k).filter((k) => k !== front).concat(front);
    this.plot.draw(theme, {
      size, x: { low: 0, high: header.steps, label: "step" },
      y: { low: DEEPEST, high: TALLEST, log: true, label: "loss above the lowest, as a share of the first" },
      lines: order.map((k) => ({
        x: blocks.at.data, y: this.lines[k], colour: hue(k), width: k === front ? 2.5 : 1.5, alpha: k === front ? 1 : 0.65,
        dash: k >= theme.classes.length && k !== front ? [5, 4] : [], name: k === front || k < NAMED ? header.titles[k] : "",
      })),
      guides: header.tolerances.map((/** @type {number} */ y) => ({ y, dash: [2, 4] })), names: 7.5, reading: false,
    });
  }
}

/** A rate as it is written on the page: `0.002`, not `2e-3`. */
function decimalRate(/** @type {number} */ rate) {
  return rate < 1e-4 ? decimal(rate) : String(Number(rate.toPrecision(2)));
}

export default hosted(Race);
