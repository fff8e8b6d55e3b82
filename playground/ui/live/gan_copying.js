// Each sample beside the training picture it is most like, the closest first, and all distances on the scale of test pictures'.

import { Atlas } from "./atlas.js";
import { element, mark, say } from "./dom.js";
import { Scale } from "./gan_copying_scale.js";
import { Host, hosted } from "./host.js";
import { decimal, whole } from "./numbers.js";
import { Said } from "./shot.js";

/** A phone shows so many pairs until it is asked for all. */
const FEW = 20;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

class Copying extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "gan-copying", ["visual.css", "gan_copying.css"]);
    this.again = this.again.bind(this);
    this.samples = new Atlas();
    this.neighbours = new Atlas();
    this.said = new Said();
    this.scale = new Scale((index) => this.choose(index), this.again);
    this.pairs = element("div", { class: "pairs", role: "group", "aria-label": "Pairs, the closest first", "data-testid": "pairs", onkeydown: (/** @type {KeyboardEvent} */ event) => this.walk(event) });
    this.all = element("button", { type: "button", class: "act", hidden: true, onclick: () => { this.every = true; this.again(); } });
    this.large = ["Sample", "Nearest training picture", "Difference"].map((title) => {
      const canvas = element("canvas", { class: "crisp", role: "img", "aria-label": title });
      const words = element("figcaption", {}, title);
      return { canvas, words, root: element("figure", { class: "one" }, canvas, words) };
    });
    this.words = element("p", { class: "words", "data-testid": "pair-words", "aria-live": "polite" });
    this.root.append(
      element("div", { class: "stage" }, element("h3", {}, "Sample and nearest training picture, the closest pair first"), this.pairs, this.all, this.said.root),
      element("div", { class: "panel" },
        element("div", { class: "three" }, ...this.large.map(({ root }) => root)), this.words,
        element("h3", {}, "Distance to the nearest"), element("figure", { class: "figure" }, this.scale.sheet.canvas)));
    /** @type {import("./frame.js").Frame | null} */
    this.page = null;
    this.status = "waiting";
    this.chosen = -1;
    this.every = false;
    this.built = "";
  }

  take(/** @type {import("./frame.js").Frame} */ frame) {
    this.status = frame.header.state;
    this.said.show(frame.header.words, this.status);
    if (this.status === "refused") this.page = null;
    if (this.status !== "there") return;
    const same = this.page?.header.id === frame.header.id;
    this.page = frame;
    this.samples.take(frame.blocks.samples);
    this.neighbours.take(frame.blocks.neighbours);
    if (!same || this.chosen < 0) this.chosen = frame.header.order[0];
    this.built = "";
  }

  /** Another pair is shown large; nothing is asked of the server. */
  choose(/** @type {number} */ index) {
    this.chosen = index;
    this.again();
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    const { page } = this;
    mark(this.root, "data-state", this.status);
    this.root.toggleAttribute("data-stale", Boolean(page) && this.status !== "there");
    for (const node of [this.pairs, this.root.querySelector(".panel")]) node.style.visibility = page ? "" : "hidden";
    if (!page) return;
    const few = this.narrow && !this.every && page.header.order.length > FEW;
    this.all.hidden = !few;
    say(this.all, `Show all ${page.header.order.length} pairs`);
    if (this.built !== `${page.header.id} ${few}`) this.build(page.header, few);
    this.built = `${page.header.id} ${few}`;
    for (const button of this.pairs.children) {
      const on = Number(button.dataset.index) === this.chosen;
      mark(button, "aria-pressed", String(on));
      mark(button, "tabindex", on ? "0" : "-1");
    }
    this.show(page.header);
    this.scale.draw(theme, page.header, this.chosen, this.size);
  }

  build(/** @type {Record<string, any>} */ header, /** @type {boolean} */ few) {
    const order = few ? header.order.slice(0, FEW) : header.order;
    const held = this.pairs.contains(this.pairs.getRootNode().activeElement);
    this.pairs.replaceChildren(...order.map((/** @type {number} */ index) => {
      const canvas = element("canvas", { class: "crisp", "aria-hidden": "true" });
      const { wide, high } = this.samples;
      const gap = Math.max(1, Math.round(wide / 24));
      canvas.width = 2 * wide + gap;
      canvas.height = high;
      const context = canvas.getContext("2d");
      this.samples.paint(context, index, 0, 0, wide, high);
      this.neighbours.paint(context, index, wide + gap, 0, wide, high);
      const distance = header.distances[index];
      return element("button", {
        type: "button", class: "couple", "data-index": index, "data-close": header.alarms.includes(index), onclick: () => this.choose(index),
        "aria-label": `Sample ${index + 1}, ${decimal(distance)} from training picture ${whole(header.rows[index] + 1)}`,
      }, canvas, element("span", {}, decimal(distance)));
    }));
    if (held) this.pairs.querySelector(`[data-index="${this.chosen}"]`)?.focus({ preventScroll: true });
  }

  /** The chosen pair large, and their difference. */
  show(/** @type {Record<string, any>} */ header) {
    const k = this.chosen;
    const [sample, neighbour, difference] = this.large;
    this.samples.show(sample.canvas, k);
    this.neighbours.show(neighbour.canvas, k);
    this.samples.subtract(difference.canvas, k, this.neighbours);
    const row = whole(header.rows[k] + 1);
    say(sample.words, `Sample ${k + 1}`);
    say(neighbour.words, `Training picture ${row}`);
    mark(sample.canvas, "aria-label", `Sample ${k + 1}`);
    mark(neighbour.canvas, "aria-label", `Training picture ${row}, the nearest`);
    const distance = header.distances[k];
    say(this.words, `Sample ${k + 1} is ${decimal(distance)} from its nearest: ${beside(header.ranks[k], header.kinds)}.`);
    mark(this.root, "data-chosen", String(k));
  }

  /** Arrow keys go from pair to pair. */
  walk(/** @type {KeyboardEvent} */ event) {
    const across = getComputedStyle(this.pairs).gridTemplateColumns.split(" ").length;
    const step = { ...STEPS, ArrowUp: -across, ArrowDown: across }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = /** @type {HTMLElement[]} */ ([...this.pairs.children]);
    const at = all.findIndex((one) => Number(one.dataset.index) === this.chosen);
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    this.choose(Number(next.dataset.index));
    next.focus({ preventScroll: true });
  }
}

/** A distance in words, by the share of test pictures that are closer to their nearest. */
function beside(/** @type {number} */ rank, /** @type {number} */ kinds) {
  const those = kinds ? "test pictures of its class" : "test pictures";
  const further = Math.min(99, Math.max(1, Math.round(100 * rank)));
  if (further > 50) return `further than ${further} of 100 ${those} are from theirs`;
  return `closer than ${100 - further} of 100 ${those} are to theirs`;
}

export default hosted(Copying);
