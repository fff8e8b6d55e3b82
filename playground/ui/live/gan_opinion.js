// What the discriminator says of each sample: every picture stands on its number, and the bars are made of the pictures.

import { Atlas } from "./atlas.js";
import { element, mark, say } from "./dom.js";
import { Pile } from "./gan_opinion_pile.js";
import { Host, hosted } from "./host.js";
import { decimal } from "./numbers.js";
import { Said } from "./shot.js";

/** So many of the best and of the worst stand beside. */
const FEW = 6;

class Opinion extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "gan-opinion", ["visual.css", "gan_opinion.css"]);
    this.atlas = new Atlas();
    this.said = new Said();
    this.pile = new Pile(this.atlas, (index) => this.choose(index));
    this.title = element("h3", {});
    this.large = element("canvas", { class: "crisp", role: "img", "data-testid": "large" });
    this.words = element("p", { class: "words", "data-testid": "opinion-words", "aria-live": "polite" });
    this.range = element("input", { type: "range", min: 0, max: 0, step: 1, value: 0, "data-testid": "rank", "aria-label": "Samples from the lowest number to the highest", oninput: () => this.choose(this.order[Number(this.range.value)]) });
    this.rows = ["best", "worst"].map((name) => {
      const title = element("h3", {});
      const tiles = element("div", { class: "tiles", "data-testid": name });
      return { name, title, tiles, root: element("div", {}, title, tiles) };
    });
    this.root.append(
      element("div", { class: "stage" }, this.title, element("figure", { class: "figure" }, this.pile.sheet.canvas),
        element("label", { class: "rank" }, element("span", { class: "label" }, "From the lowest number to the highest"), this.range), this.said.root),
      element("div", { class: "panel" }, element("div", { class: "chosen" }, this.large, this.words), ...this.rows.map(({ root }) => root)));
    /** @type {import("./frame.js").Frame | null} */
    this.page = null;
    this.status = "waiting";
    this.chosen = -1;
    /** @type {number[]} Samples from the lowest number to the highest. */
    this.order = [];
    this.built = "";
  }

  take(/** @type {import("./frame.js").Frame} */ frame) {
    const { header, blocks } = frame;
    this.status = header.state;
    this.said.show(header.words, this.status);
    if (this.status === "refused") this.page = null;
    if (this.status !== "there") return;
    const same = this.page?.header.id === header.id;
    this.page = frame;
    this.atlas.take(blocks.pictures);
    const { data } = blocks.opinions;
    this.order = Array.from(data, (_, k) => k).sort((a, b) => data[a] - data[b]);
    if (!same || this.chosen < 0) this.chosen = this.order[this.order.length - 1];
    this.built = "";
  }

  /** Another sample is shown large; nothing is asked of the server. */
  choose(/** @type {number} */ index) {
    this.chosen = index;
    this.again();
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    const { page } = this;
    mark(this.root, "data-state", this.status);
    this.root.toggleAttribute("data-stale", Boolean(page) && this.status !== "there");
    for (const node of this.root.querySelectorAll(".figure, .rank, .panel")) node.style.visibility = page ? "" : "hidden";
    if (!page) return;
    const { header, blocks } = page;
    const { data } = blocks.opinions;
    const { critic } = header;
    say(this.title, critic ? "Every sample on its score" : "Every sample on its probability of being real");
    if (this.built !== header.id) this.build(data, critic);
    this.built = header.id;
    for (const { tiles } of this.rows) for (const tile of tiles.children) mark(tile, "aria-pressed", String(Number(tile.dataset.index) === this.chosen));
    this.atlas.show(this.large, this.chosen);
    this.large.style.aspectRatio = String(this.atlas.ratio);
    const kind = header.classes ? ` (${header.classes[this.chosen]})` : "";
    const place = this.order.indexOf(this.chosen);
    const told = `Sample ${this.chosen + 1}${kind}: ${this.value(data[this.chosen], critic)}`;
    say(this.words, `${told}. Rank ${this.order.length - place} of ${this.order.length}.`);
    mark(this.large, "aria-label", told);
    this.range.max = String(this.order.length - 1);
    if (Number(this.range.value) !== place) this.range.value = String(place);
    mark(this.range, "aria-valuetext", told);
    mark(this.root, "data-chosen", String(this.chosen));
    this.pile.draw(theme, page, this.chosen, this.size);
  }

  value(/** @type {number} */ number, /** @type {boolean} */ critic) {
    return critic ? `score ${decimal(number)}` : `real with probability ${decimal(number)}`;
  }

  /** The best and the worst, each a press away. */
  build(/** @type {ArrayLike<number>} */ data, /** @type {boolean} */ critic) {
    const few = Math.min(FEW, Math.floor(this.order.length / 2));
    const lists = [[...this.order].reverse().slice(0, few), this.order.slice(0, few)];
    this.rows.forEach(({ title, tiles, root }, k) => {
      root.hidden = !few;
      say(title, k ? "Lowest: most surely made" : "Highest: most like a real one to it");
      tiles.replaceChildren(...lists[k].map((index) => {
        const canvas = element("canvas", { class: "crisp", "aria-hidden": "true" });
        this.atlas.show(canvas, index);
        return element("button", { type: "button", "data-index": index, "aria-label": `Sample ${index + 1}: ${this.value(data[index], critic)}`, onclick: () => this.choose(index) },
          canvas, element("span", {}, decimal(data[index])));
      }));
    });
  }
}

export default hosted(Opinion);
