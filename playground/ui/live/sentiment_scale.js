// One bar on a scale from negative to positive: as long as 100 %, divided among the classes, and pushed to the side that wins.
//
// What speaks against lies left of the middle, what speaks for right of it, and neutral on the middle itself: so the place
// of the bar is the verdict. Signs are words, stripes and places too, never a colour alone.

import { share } from "./bars.js";
import { drawing, element, mark, say } from "./dom.js";

/** @typedef {{words: string, tone: number | null, stars: number | null}} Label */
/** @typedef {{labels: Label[], scores: number[], band: number | null}} Opinion `band`: half of the undecided stretch; null where there is none. */

/** A segment wider than this share of the bar has room for its number. */
const ROOM = 0.13;
/** So many pixels a number takes. */
const NUMBER = 54;
const FEW = 3;
const STAR = "M12 2.2l3 6.6 7.2.8-5.4 4.8 1.5 7.1L12 17.9l-6.3 3.6 1.5-7.1L1.8 9.6 9 8.8z";

export class Scale {
  /**
   * @param {string} name      What tests find it by.
   * @param {boolean} [small]  For several of them on a page.
   */
  constructor(name, small = false) {
    this.bar = element("div", { class: "scale-bar" });
    this.band = element("div", { class: "scale-band" });
    this.needle = element("div", { class: "scale-needle" });
    this.track = element("div", { class: "scale-track", "aria-hidden": "true" }, this.band, element("div", { class: "scale-middle" }), this.bar, this.needle);
    this.between = element("li", { class: "scale-between" }, element("i", { "aria-hidden": "true" }), element("span", {}));
    this.classes = element("ul", { class: "scale-classes", "data-testid": `${name}-classes` });
    this.root = element("div", { class: "scale", "data-testid": name }, this.track, this.classes);
    this.root.toggleAttribute("data-small", small);
    this.made = "";
  }

  show(/** @type {Opinion | null} */ opinion) {
    this.root.toggleAttribute("data-none", !opinion);
    if (!opinion) {
      this.band.hidden = this.needle.hidden = true;
      return;
    }
    const { labels, scores, band } = opinion;
    const room = Math.max(ROOM, this.track.clientWidth ? 2 * NUMBER / this.track.clientWidth : 0);
    const toned = labels.every(({ tone }) => tone !== null);
    const key = JSON.stringify(labels);
    const order = labels.map((_, at) => at);
    if (toned) order.sort((a, b) => Number(labels[a].tone) - Number(labels[b].tone));
    else order.sort((a, b) => scores[b] - scores[a]);
    if (key !== this.made) {
      this.made = key;
      this.bar.replaceChildren(...labels.map(() => element("span", { class: "scale-part" }, element("b", {}))));
      this.classes.replaceChildren(...labels.map(() => element("li", {}, element("i", { "aria-hidden": "true" }), element("span", {}), element("b", {}))));
    }
    mark(this.root, "data-toned", String(toned));
    mark(this.root, "data-many", String(labels.length > FEW));
    const best = scores.indexOf(Math.max(...scores));
    const lines = [...this.classes.children].filter((line) => line !== this.between);
    let left = 0;
    order.forEach((at, place) => {
      const { words, tone } = labels[at];
      const side = tone === null ? "none" : tone < 0 ? "negative" : tone > 0 ? "positive" : "neutral";
      const part = this.bar.children[place], line = lines[place];
      part.style.flexGrow = String(scores[at]);
      part.style.setProperty("--strength", String(tone === null ? 1 - place / labels.length : Math.abs(tone)));
      mark(part, "data-side", side);
      mark(part, "title", `${words}: ${share(scores[at])}`);
      say(part.firstChild, scores[at] > room ? share(scores[at]) : "");
      mark(line, "data-side", side);
      line.style.setProperty("--strength", String(tone === null ? 1 : Math.abs(tone)));
      line.toggleAttribute("data-best", at === best);
      say(line.children[0], sign(tone));
      say(line.children[1], words);
      say(line.children[2], share(scores[at]));
      left += tone === null ? 0 : tone < 0 ? scores[at] : tone === 0 ? scores[at] / 2 : 0;
    });
    this.root.style.setProperty("--left", String(toned ? left : 0.5));
    this.root.style.setProperty("--band", String(band ?? 0));
    this.band.hidden = this.needle.hidden = !toned || !band;
    if (toned && band) {
      if (this.between.parentElement !== this.classes) this.classes.children[0].after(this.between);
      say(this.between.lastChild, `undecided below ${Math.round(100 * (0.5 + band))} %`);
    } else this.between.remove();
  }
}

/** A sign for a tone, besides its colour. */
export function sign(/** @type {number | null} */ tone) {
  return tone === null ? "\u25a0" : tone < 0 ? "\u25bc" : tone > 0 ? "\u25b2" : "\u25cf";
}

/** A verdict in large type; stars are drawn as stars. */
export class Verdict {
  constructor(/** @type {string} */ name) {
    this.words = element("strong", { "data-testid": name });
    this.stars = element("span", { class: "stars", "aria-hidden": "true" }, ...Array.from({ length: 5 }, () => element("i", {}, drawing({ viewBox: "0 0 24 24" }, { d: STAR }))));
    this.number = element("span", { class: "verdict-number", "data-testid": `${name}-score` });
    this.also = element("span", { class: "verdict-also" });
    this.root = element("p", { class: "verdict" }, this.stars, this.words, this.number, this.also);
  }

  /** @param {{words: string, score: number | null, stars: number | null, tone: number | null, also: string}} said */
  show({ words, score, stars, tone, also }) {
    say(this.words, words);
    say(this.number, score === null ? "" : share(score));
    say(this.also, also);
    this.stars.hidden = !stars;
    [...this.stars.children].forEach((star, at) => star.toggleAttribute("data-lit", at < (stars ?? 0)));
    mark(this.root, "data-side", tone === null ? "none" : tone < 0 ? "negative" : tone > 0 ? "positive" : "neutral");
  }
}
