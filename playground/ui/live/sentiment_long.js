// A long text as the windows it was read in: where each lies, what it says, and how much it counts. A press shows its place.

import { share } from "./bars.js";
import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { Scale } from "./sentiment_scale.js";

/** So many windows have a card of their own at first: those that count most. */
const SHOWN = 4;

class Long extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "long", ["sentiment.css", "sentiment_long.css"]);
    this.root.classList.add("long");
    this.strip = element("div", { class: "strip-windows", "aria-hidden": "true" });
    this.which = element("p", { class: "tokens-key" });
    this.more = element("button", { type: "button", class: "act", "data-testid": "all-windows", onclick: () => { this.all = !this.all; this.laid = ""; this.update(this.data ?? {}); } });
    this.list = element("ol", { class: "windows", "data-testid": "windows" });
    this.root.append(element("p", { class: "tokens-key" }, "The text from its beginning to its end; a block is a window, as high as it counts. Press one to see its place."), this.strip, this.which, this.list, this.more);
    this.laid = "";
    this.all = false;
  }

  update(/** @type {Record<string, any>} */ { windows, length }) {
    const key = JSON.stringify([windows, length, this.all]);
    if (key === this.laid) return;
    this.laid = key;
    const most = Math.max(...windows.map((/** @type {any} */ one) => one.weight));
    const best = windows.findIndex((/** @type {any} */ one) => one.weight === most);
    this.strip.replaceChildren(...windows.map((/** @type {any} */ one, /** @type {number} */ at) => element("button", {
      type: "button", tabindex: -1, class: "block", title: `Window ${at + 1}: ${one.words} ${share(one.score)}, ${counts(one)}`, "data-side": side(one), "data-best": at === best, onclick: () => this.go(one),
      style: `left:${100 * one.start / length}%;width:${100 * (one.end - one.start) / length}%;height:${Math.max(8, 100 * one.weight / most)}%`,
    })));
    const few = windows.length > SHOWN + 1;
    const order = windows.map((/** @type {any} */ _, /** @type {number} */ at) => at);
    const heaviest = new Set([...order].sort((a, b) => windows[b].weight - windows[a].weight).slice(0, SHOWN));
    const shown = order.filter((/** @type {number} */ at) => !few || this.all || heaviest.has(at));
    say(this.which, few && !this.all ? `The ${SHOWN} windows that count most, in the order of the text:` : "All windows, in the order of the text:");
    this.more.hidden = !few;
    say(this.more, this.all ? `Only the ${SHOWN} that count most` : `Show all ${windows.length} windows`);
    mark(this.more, "aria-expanded", String(this.all));
    this.list.replaceChildren(...shown.map((/** @type {number} */ at) => {
      const one = windows[at];
      const scale = new Scale(`window-scale-${at}`, true);
      scale.show(one.opinion);
      const button = element("button", { type: "button", class: "window", "data-testid": `window-${at}`, title: "See its place in the text", onclick: () => this.go(one) },
        element("span", { class: "window-head" }, element("b", {}, `Window ${at + 1}`), element("span", {}, `${one.words} ${share(one.score)}`), element("span", { class: "counts" }, counts(one))),
        element("span", { class: "window-text", dir: "auto" }, one.begin), one.last && element("span", { class: "window-text", dir: "auto" }, one.last));
      return element("li", { "data-best": at === best }, button, scale.root);
    }));
    mark(this.root, "data-count", String(windows.length));
  }

  go(/** @type {{start: number, end: number}} */ { start, end }) {
    window.dispatchEvent(new CustomEvent("playground:passage", { detail: { start, end } }));
  }
}

/** How much a window counts, in words. */
function counts(/** @type {any} */ { weight }) {
  return weight < 0.0005 ? "counts next to nothing" : `counts ${share(weight)}`;
}

/** To which side a window leans, as a word for the sheet. */
function side(/** @type {any} */ { opinion }) {
  const { labels, scores } = opinion;
  const lean = labels.reduce((/** @type {number} */ sum, /** @type {any} */ one, /** @type {number} */ at) => sum + (one.tone ?? 0) * scores[at], 0);
  return lean < -0.1 ? "negative" : lean > 0.1 ? "positive" : "neutral";
}

export default hosted(Long);
