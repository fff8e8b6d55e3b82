// A long text as the windows it was read in: where each lies, what it says, and how much it counts. A press shows its place.

import { share } from "./bars.js";
import { element, mark } from "./dom.js";
import { Host, hosted } from "./host.js";
import { Scale } from "./sentiment_scale.js";

class Long extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "long", ["sentiment.css", "sentiment_long.css"]);
    this.root.classList.add("long");
    this.strip = element("div", { class: "strip-windows", "aria-hidden": "true" });
    this.list = element("ol", { class: "windows", "data-testid": "windows" });
    this.root.append(element("p", { class: "tokens-key" }, "The text from its beginning to its end; a block is a window, as high as it counts."), this.strip, this.list);
    this.laid = "";
  }

  update(/** @type {Record<string, any>} */ { windows, length }) {
    const key = JSON.stringify([windows, length]);
    if (key === this.laid) return;
    this.laid = key;
    const most = Math.max(...windows.map((/** @type {any} */ one) => one.weight));
    const best = windows.findIndex((/** @type {any} */ one) => one.weight === most);
    this.strip.replaceChildren(...windows.map((/** @type {any} */ one, /** @type {number} */ at) => element("button", {
      type: "button", tabindex: -1, class: "block", "data-side": side(one), "data-best": at === best, onclick: () => this.go(one),
      style: `left:${100 * one.start / length}%;width:${100 * (one.end - one.start) / length}%;height:${Math.max(8, 100 * one.weight / most)}%`,
    })));
    this.list.replaceChildren(...windows.map((/** @type {any} */ one, /** @type {number} */ at) => {
      const scale = new Scale(`window-scale-${at}`, true);
      scale.show(one.opinion);
      const button = element("button", { type: "button", class: "window", "data-testid": `window-${at}`, title: "See its place in the text", onclick: () => this.go(one) },
        element("span", { class: "window-head" }, element("b", {}, `Window ${at + 1}`), element("span", {}, `${one.words} ${share(one.score)}`), element("span", { class: "counts" }, `counts ${share(one.weight)}`)),
        element("span", { class: "window-text", dir: "auto" }, one.begin), element("span", { class: "window-text", dir: "auto" }, one.last));
      return element("li", { "data-best": at === best }, button, scale.root);
    }));
    mark(this.root, "data-count", String(windows.length));
  }

  go(/** @type {{start: number, end: number}} */ { start, end }) {
    window.dispatchEvent(new CustomEvent("playground:passage", { detail: { start, end } }));
  }
}

/** To which side a window leans, as a word for the sheet. */
function side(/** @type {any} */ { opinion }) {
  const { labels, scores } = opinion;
  const lean = labels.reduce((/** @type {number} */ sum, /** @type {any} */ one, /** @type {number} */ at) => sum + (one.tone ?? 0) * scores[at], 0);
  return lean < -0.1 ? "negative" : lean > 0.1 ? "positive" : "neutral";
}

export default hosted(Long);
