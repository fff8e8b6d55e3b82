// Attention beside effect: each word's share of attention, and how far the verdict moves when the word is hidden.

import { element, mark, say } from "./dom.js";
import { percent } from "./numbers.js";

export const MEASURES = { last: "Last layer, from [CLS]", all: "Mean of all layers", rollout: "Attention rollout" };

const signed = (/** @type {number} */ points) => `${points < 0 ? "\u2212" : "+"}${Math.abs(points).toFixed(1)}`;

export class ReasonView {
  constructor(/** @type {(measure: string) => void} */ onchoose) {
    this.tabs = Object.entries(MEASURES).map(([name, words]) => element("button", { type: "button", class: "look", "data-testid": `measure-${name}`, onclick: () => onchoose(name) }, words));
    this.cards = element("div", { class: "cases" });
    this.body = element("tbody");
    this.heads = ["word", "attention it gets", "verdict without it"].map((word) => element("th", { scope: "col" }, word));
    this.table = element("table", { class: "beside", "data-testid": "beside" }, element("thead", {}, element("tr", {}, ...this.heads)), this.body);
    this.wait = element("p", { class: "reason-wait", "data-testid": "reason-wait" });
    this.root = element("div", { class: "reason" }, element("div", { class: "looks", role: "group", "aria-label": "Attention that a word gets" }, ...this.tabs), this.wait, this.cards, element("div", { class: "beside-room" }, this.table));
    this.written = "";
  }

  /** @param {import("./inside_bert_scene.js").InsideScene} scene */
  show(scene, /** @type {string} */ measure) {
    const found = scene.header.reason;
    const there = Boolean(found?.spans);
    this.tabs.forEach((tab, k) => mark(tab, "aria-pressed", String(Object.keys(MEASURES)[k] === measure)));
    mark(this.root, "data-there", there ? "" : null);
    say(this.wait, there ? "" : found?.words ?? "Each word is hidden once, and the model reads the rest.");
    if (!there) {
      this.written = "";
      return;
    }
    const key = JSON.stringify([scene.header.text, found, measure]);
    if (key === this.written) return;
    this.written = key;
    const { largest } = found;
    const [most, hollow] = [found.most[measure], found.hollow[measure]];
    const same = most === largest; // then the two agree at the top, and further down there is one that they do not agree on
    this.cards.replaceChildren(
      this.card(scene, found, measure, same ? hollow : most, same ? "Gets attention, changes less" : "Gets most attention", "attended"),
      this.card(scene, found, measure, largest, same ? "Gets most, and changes most" : "Changes the verdict most", "deciding"),
    );
    const highest = Math.max(...found.attention[measure]);
    const widest = Math.max(...found.effect.map(Math.abs), 0.01);
    say(this.heads[2], `${found.label} changes without it, in points`);
    this.body.replaceChildren(...found.spans.map((/** @type {[number, number]} */ [start, end], /** @type {number} */ k) => {
      const share = found.attention[measure][k];
      const change = -100 * found.effect[k]; // what becomes of the class's probability
      const room = `${(100 * Math.abs(found.effect[k])) / widest / 2}%`;
      return element("tr", { "data-most": k === most, "data-largest": k === largest },
        element("th", { scope: "row", dir: "auto" }, scene.letters.slice(start, end).join("")),
        element("td", {}, element("span", { class: "bar-room" }, element("span", { class: "bar", style: `width:${(100 * share) / highest}%` })), element("span", { class: "figure-number" }, percent(share))),
        element("td", {}, element("span", { class: "bar-room two" }, element("span", { class: `bar ${change < 0 ? "falls" : "rises"}`, style: change < 0 ? `right:50%;width:${room}` : `left:50%;width:${room}` })), element("span", { class: "figure-number" }, Math.abs(change) < 0.05 ? "0.0" : signed(change))));
    }));
  }

  /** One word taken out: the sentence without it, and the verdict before and after. */
  card(scene, found, /** @type {string} */ measure, /** @type {number} */ k, /** @type {string} */ title, /** @type {string} */ name) {
    const [start, end] = found.spans[k];
    const from = Math.max(0, start - 90), to = Math.min(scene.letters.length, end + 90);
    const text = (/** @type {number} */ a, /** @type {number} */ b) => scene.letters.slice(a, b).join("");
    const after = found.score - found.effect[k];
    const bar = (/** @type {string} */ words, /** @type {number} */ score) => element("div", { class: "verdict" },
      element("span", { class: "verdict-when" }, words),
      element("span", { class: "bar-room" }, element("span", { class: "bar ink", style: `width:${100 * score}%` })),
      element("span", { class: "figure-number" }, percent(score)));
    return element("div", { class: "case", "data-testid": name },
      element("h4", {}, title, element("span", { class: "case-share" }, `${percent(found.attention[measure][k])} of the attention`)),
      element("p", { class: "case-text", dir: "auto" }, from > 0 ? "\u2026" : "", text(from, start), element("del", {}, text(start, end)), text(end, to), to < scene.letters.length ? "\u2026" : ""),
      bar(`${found.label}, with it`, found.score), bar("without it", Math.max(0, Math.min(1, after))));
  }
}
