// Seed, number and class of the samples, and a slider for each principal direction with what stands at its two ends.

import { drawing, element, mark, say } from "./dom.js";
import { rounded } from "./gan_sampler_edits.js";
import { full, paint } from "./gan_sampler_sheet.js";
import { whole } from "./numbers.js";

const COUNTS = [1, 4, 9, 16, 25, 36, 64, 100, 144, 256];
/** So many unless somebody chose another number, where no class stands in columns of its own. */
const USUAL = 64;
/** More classes than these are a list to choose from. */
const TILES = 12;
const MOST_SEED = 2 ** 31 - 1;
const DIE = [
  { tag: "rect", x: 4, y: 4, width: 16, height: 16, rx: 3.5, fill: "none", stroke: "currentColor", "stroke-width": 2 },
  ...[[8.7, 8.7], [15.3, 8.7], [12, 12], [8.7, 15.3], [15.3, 15.3]].map(([cx, cy]) => ({ tag: "circle", cx, cy, r: 1.5 })),
];

/** Seed, number of samples, classes. */
export class SheetControls {
  /** @param {(change: Record<string, any>) => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.seed = element("input", {
      type: "number", min: 0, max: MOST_SEED, step: 1, inputmode: "numeric", "data-testid": "seed", "aria-label": "Seed",
      onchange: () => this.typed(), oninput: () => say(this.wrong, ""), onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter") this.typed(); },
    });
    this.dice = element("button", {
      type: "button", class: "gs-die", "data-testid": "dice", "aria-label": "Another seed by chance", title: "Another seed by chance",
      onclick: () => this.other(),
    }, drawing({ viewBox: "0 0 24 24" }, ...DIE));
    this.count = element("select", { "data-testid": "count", "aria-label": "Samples", onchange: () => changed({ n: Number(this.count.value) }) });
    this.seeded = element("label", { class: "gs-labelled" }, element("span", { class: "label" }, "Seed"), this.seed);
    this.counted = element("label", { class: "gs-labelled" }, element("span", { class: "label" }, "Samples"), this.count);
    this.row = element("div", { class: "gs-row" }, this.seeded, this.dice, this.counted);
    this.classes = element("div", { class: "gs-classes", role: "group", "aria-label": "Class", "data-testid": "classes" });
    this.wrong = element("p", { class: "gs-problem", role: "alert", "data-testid": "seed-problem" });
    this.root = element("div", { class: "gs-controls" }, this.row, this.wrong, this.classes);
    this.laid = "";
    this.counts = "";
  }

  typed() {
    const text = this.seed.value.trim();
    const value = Number(text);
    const good = text !== "" && Number.isInteger(value) && value >= 0 && value <= MOST_SEED;
    this.seed.value = String(good ? value : this.now.seed);
    if (!good) say(this.wrong, `A seed is a whole number from 0 to ${whole(MOST_SEED)}. Seed ${this.now.seed} is drawn.`);
    else if (value !== this.now.seed) this.changed({ seed: value });
  }

  other() {
    say(this.wrong, "");
    this.seed.value = String(Math.floor(Math.random() * 10000));
    this.changed({ seed: Number(this.seed.value) });
  }

  /** Another class; where each is drawn in turn the usual number is one that fills its rows. */
  choose(/** @type {number} */ of_class) {
    const { n } = this.now;
    const usual = full(USUAL, this.kinds, true, this.most);
    const next = of_class < 0 && n === USUAL ? usual : of_class >= 0 && this.now.of_class < 0 && n === usual ? USUAL : n;
    this.changed(next === n || !this.may("n") ? { of_class } : { of_class, n: next });
  }

  /** @param {string[]} names @param {number} most @param {string[]} hidden */
  lay(names, most, hidden) {
    this.seeded.hidden = this.dice.hidden = hidden.includes("seed");
    this.counted.hidden = hidden.includes("n");
    this.classes.hidden = !names.length || hidden.includes("of_class");
    this.most = most;
    this.kinds = names.length;
    const key = names.join("\n");
    if (key === this.laid) return;
    this.laid = key;
    if (names.length <= TILES) {
      this.classes.replaceChildren(...["Each", ...names].map((name, at) => element("button", {
        type: "button", class: "gs-class", "data-class": at - 1, title: at ? name : "Each in turn", onclick: () => this.choose(at - 1),
      }, name)));
      this.menu = null;
    } else {
      this.menu = element("select", { "aria-label": "Class", onchange: () => this.choose(Number(this.menu.value)) },
        ...["Each in turn", ...names].map((name, at) => element("option", { value: at - 1 }, name)));
      this.classes.replaceChildren(element("label", { class: "gs-labelled" }, element("span", { class: "label" }, "Class"), this.menu));
    }
  }

  /** @param {any} now @param {(field: string) => boolean} may */
  show(now, may) {
    this.now = now;
    this.may = may;
    if (document.activeElement !== this.seed && this.seed.getRootNode().activeElement !== this.seed) this.seed.value = String(now.seed);
    this.seed.disabled = this.dice.disabled = !may("seed");
    const most = this.most ?? 256;
    const usual = COUNTS.filter((one) => one <= most).map((one) => full(one, this.kinds, now.of_class < 0, most));
    const counts = [...new Set([...usual, now.n])].sort((a, b) => a - b);
    if (counts.join() !== this.counts) {
      this.counts = counts.join();
      this.count.replaceChildren(...counts.map((one) => element("option", { value: one }, whole(one))));
    }
    this.count.value = String(now.n);
    this.count.disabled = !may("n");
    for (const button of this.classes.querySelectorAll("button")) {
      mark(button, "aria-pressed", String(Number(button.dataset.class) === now.of_class));
      button.disabled = !may("of_class");
    }
    if (this.menu) {
      this.menu.value = String(now.of_class);
      this.menu.disabled = !may("of_class");
    }
  }
}

/** A slider for each principal direction. */
export class Directions {
  /**
   * @param {(moves: number[]) => void} changed
   */
  constructor(changed) {
    this.changed = changed;
    this.list = element("ol", { class: "gs-directions" });
    this.reset = element("button", { type: "button", class: "gs-quiet", "data-testid": "reset-moves", onclick: () => changed(this.rows.map(() => 0)) }, "Back to the middle");
    this.words = element("p", { class: "gs-note" });
    this.root = element("section", { class: "gs-moves", "aria-label": "Principal directions" },
      element("header", {}, element("h3", { title: "The latents' directions along which pictures change most, the strongest first. The pictures at the ends show the chosen sample there." }, "Principal directions"), this.reset),
      this.list, this.words);
    /** @type {any[]} */
    this.rows = [];
  }

  /** @param {number[]} shares @param {number} farthest @param {boolean} hidden @param {boolean} coming */
  lay(shares, farthest, hidden, coming) {
    this.root.hidden = hidden;
    this.list.hidden = !shares.length && !coming;
    say(this.words, !shares.length && !coming ? "No directions are known of this generator." : "");
    const wanted = shares.length || (coming ? 8 : 0);
    while (this.rows.length < wanted) this.add(farthest);
    for (const { root } of this.rows.splice(wanted)) root.remove();
    this.rows.forEach(({ root, share, input }, at) => {
      root.toggleAttribute("data-coming", !shares.length);
      say(share, shares.length ? `${(100 * shares[at]).toFixed(0)} %` : "");
      input.title = shares.length ? `This direction stands for ${(100 * shares[at]).toFixed(1)} % of all change in the pictures` : "Being found";
    });
  }

  add(/** @type {number} */ farthest) {
    const at = this.rows.length;
    const ends = [0, 1].map((end) => element("canvas", { class: "gs-end", width: 8, height: 8, role: "img", "aria-label": `The chosen sample at the ${end ? "upper" : "lower"} end of direction ${at + 1}` }));
    const value = element("output", { class: "gs-value" });
    const share = element("span", { class: "gs-share" });
    const input = element("input", {
      type: "range", min: -farthest, max: farthest, step: 0.1, "aria-label": `Direction ${at + 1}`, "data-testid": `direction-${at}`,
      oninput: () => this.moved(at, Number(input.value)), ondblclick: () => this.moved(at, 0),
    });
    const root = element("li", {}, ends[0], element("div", { class: "gs-slide" }, element("div", { class: "gs-names" }, element("span", {}, String(at + 1)), share, value), input), ends[1]);
    this.list.append(root);
    this.rows.push({ root, input, value, share, ends });
  }

  moved(/** @type {number} */ at, /** @type {number} */ to) {
    const moves = this.rows.map((_, index) => this.now?.[index] ?? 0);
    moves[at] = rounded(to);
    while (moves.length && !moves[moves.length - 1]) moves.pop();
    this.changed(moves);
  }

  /** @param {number[]} moves @param {boolean} may */
  show(moves, may) {
    this.now = moves;
    this.rows.forEach(({ root, input, value }, at) => {
      const here = moves[at] ?? 0;
      if (Number(input.value) !== here) input.value = String(here);
      input.disabled = !may || root.hasAttribute("data-coming");
      say(value, here.toFixed(2).replace("-", "\u2212"));
      value.toggleAttribute("data-zero", here === 0);
    });
    this.reset.disabled = !may || !moves.some(Boolean);
  }

  /** @param {import("./gan_sampler_sheet.js").Pictures | null} many Two of each direction. */
  paint(many) {
    this.rows.forEach(({ ends }, at) => ends.forEach((/** @type {HTMLCanvasElement} */ canvas, /** @type {number} */ end) => {
      const there = many !== null && 2 * at + end < many.n;
      canvas.toggleAttribute("data-empty", !there);
      if (many && there) paint(canvas, many, 2 * at + end);
    }));
  }
}
