// Small pictures to choose from: a row or grid of buttons, each with its picture and a word below it.

import { beside, picture, sum } from "./cnn_paint.js";
import { element, mark, say } from "./dom.js";
import { Raster } from "./raster.js";

export class Gallery {
  /**
   * @param {string} name                      What tests find it by.
   * @param {string} label                     For who listens.
   * @param {((index: number) => void) | null} onpick  None: only to be looked at.
   */
  constructor(name, label, onpick) {
    this.name = name;
    this.onpick = onpick;
    this.painted = "";
    /** @type {{root: any, raster: Raster, words: any}[]} */
    this.items = [];
    this.root = element("div", {
      class: "cnn-gallery", role: onpick ? "group" : "img", "aria-label": label, "data-testid": name,
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.walk(event),
    });
  }

  /**
   * @param {import("./frame.js").Block | null | undefined} block `(n, h, w, c)`.
   * @param {{words?: string, title?: string, tone?: string}[]} told Of each picture.
   * @param {{chosen?: number, over?: import("./frame.js").Block | null}} [more] `over`: `(n, h, w)`, beside each picture, laid over it.
   */
  fill(block, told, { chosen = -1, over = null } = {}) {
    const n = block ? Math.min(block.shape[0], told.length) : 0;
    while (this.items.length < n) this.add();
    this.items.forEach(({ root }, i) => { root.hidden = i >= n; });
    if (!block || !n) return;
    const key = `${sum(block.data)} ${over ? sum(over.data) : ""} ${n}`;
    const fresh = key !== this.painted;
    this.painted = key;
    const [h, w] = block.shape.slice(1);
    this.root.toggleAttribute("data-pairs", Boolean(over));
    for (let i = 0; i < n; i += 1) {
      const { root, raster, words } = this.items[i];
      if (fresh && over) beside(raster, block, i, over.data.subarray(i * h * w, (i + 1) * h * w));
      else if (fresh) picture(raster, block, i);
      say(words, told[i].words ?? "");
      words.hidden = !told[i].words;
      mark(root, "title", told[i].title ?? null);
      mark(root, "aria-label", told[i].title ?? told[i].words ?? null);
      mark(root, "data-tone", told[i].tone ?? null);
      if (this.onpick) mark(root, "aria-pressed", String(i === chosen));
    }
  }

  add() {
    const i = this.items.length;
    const raster = new Raster();
    const words = element("span", {});
    const root = this.onpick
      ? element("button", { type: "button", class: "cnn-shot", tabindex: i ? -1 : 0, "data-arrows": true, "data-testid": `${this.name}-${i}`, onclick: () => this.onpick?.(i) }, raster.canvas, words)
      : element("div", { class: "cnn-shot" }, raster.canvas, words);
    this.items.push({ root, raster, words });
    this.root.append(root);
  }

  walk(/** @type {KeyboardEvent} */ event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const shown = this.items.filter(({ root }) => !root.hidden).map(({ root }) => root);
    const at = shown.indexOf(/** @type {any} */ (event.target));
    if (!by || at < 0 || event.shiftKey) return;
    event.preventDefault();
    const next = shown[Math.min(shown.length - 1, Math.max(0, at + by))];
    shown[at].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
