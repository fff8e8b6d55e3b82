// The way of a fine-tuning, in five steps: each lights up while it happens and says what happens in it, with its numbers.

import { drawing, element, mark, say } from "./dom.js";
import { decimal, percent, short, whole } from "./numbers.js";

/** Name and what it means, of each step. */
const STEPS = [
  ["Load", "The pretrained network is read from its files. What it knows of language lies in its weights: how word pieces go together, learnt from far more text than yours."],
  ["Add a classifier", "Its old answers are taken off. A new last layer, one output for each of your classes, is put on top. It starts at random: at first it knows nothing."],
  ["Split", "Each class is shared out: most texts to learn from, some to choose the best epoch by, some that stay covered until the end."],
  ["Train", "Batch by batch, the loss is followed back through all layers that are not frozen, and each takes a small step against its gradient."],
  ["Evaluate", "After each epoch the validation texts are read, and the weights that did best are kept. Only at the end are the test texts read, once, with those."],
];

/** `1.45 M`, `774`, `198 k`: how many, in a few letters. */
export function amount(/** @type {number} */ n) {
  if (!(n > 0)) return "\u2013";
  if (n >= 1e6) return `${(n / 1e6).toPrecision(n >= 1e8 ? 3 : n >= 1e7 ? 3 : 2)} M`;
  return n >= 1e4 ? `${Math.round(n / 1e3)} k` : whole(n);
}

export class Path {
  /** @param {() => void} again */
  constructor(again) {
    this.again = again;
    this.open = -1;
    this.items = STEPS.map(([name, about], i) => {
      const number = element("i", { class: "ft-number" }, String(i + 1));
      const lines = [element("span", {}), element("span", {})];
      const button = element("button", {
        type: "button", "data-testid": `path-${i}`, title: about, "aria-expanded": "false", onclick: () => this.tell(i),
      }, number, element("b", {}, name), ...lines);
      return { root: element("li", { "data-at": i }, button), button, number, lines };
    });
    this.back = element("span", { class: "ft-back", "aria-hidden": "true", title: "After each epoch it goes back to training, until the last one" },
      drawing({ viewBox: "0 0 40 12" }, { d: "M38 1v5q0 4-4 4H8" , fill: "none", stroke: "currentColor", "stroke-width": 1.4 }, { d: "M9 6.2 3 10l6 1.9z" }));
    this.items[4].root.append(this.back);
    this.about = element("p", { class: "ft-about", "data-testid": "path-about", hidden: true });
    this.root = element("div", { class: "ft-path" }, element("ol", { "aria-label": "The five steps of fine-tuning" }, ...this.items.map(({ root }) => root)), this.about);
  }

  /** Says more of one step, until it is pressed again. */
  tell(/** @type {number} */ i) {
    this.open = this.open === i ? -1 : i;
    this.items.forEach(({ button }, k) => mark(button, "aria-expanded", String(k === this.open)));
    this.about.hidden = this.open < 0;
    if (this.open >= 0) say(this.about, STEPS[this.open][1]);
    this.again();
  }

  /** Puts away what is said more. */
  close() {
    if (this.open >= 0) this.tell(this.open);
  }

  /**
   * @param {Record<string, any>} scene Header.
   * @param {Record<string, any>} tick  Header.
   */
  show(scene, tick) {
    const { counts, classes, params, trainable, width, vocabulary, base } = scene;
    const { metrics, best, baseline, stage, status } = tick;
    const last = scene.parts[scene.parts.length - 1];
    const learns = trainable === params ? "all of them learn" : `${amount(trainable)} of ${amount(params)} learn`;
    const busy = tick.doing || (stage < 3 && status === "playing" ? "getting ready" : "");
    const words = [
      [base.length > 24 ? base.split(":")[0] : base, params ? `${amount(params)} parameters` : ""],
      [`${whole(width)} \u2192 ${whole(classes.length)}: ${whole(last.parameters)} new`, learns],
      [`${whole(counts.train)} train \u00b7 ${whole(counts.val)} val`, counts.test ? `${whole(counts.test)} test, covered` : "no test texts"],
      [`epoch ${whole(Math.min(tick.epochs, tick.epoch + (stage === 5 ? 0 : 1)))} of ${whole(tick.epochs)}`, `${whole(tick.batches)} ${tick.batches === 1 ? "batch" : "batches"} of ${whole(tick.batch)}`],
      [Number.isFinite(metrics.val_accuracy) ? `val ${percent(metrics.val_accuracy)}` : "not measured yet", best ? `best ${percent(best.val_accuracy)}, epoch ${whole(best.epoch)}` : baseline?.majority ? `majority class ${percent(baseline.majority)}` : ""],
    ];
    if (busy && stage < 5) words[stage === 4 ? 4 : Math.min(2, stage)][1] = busy;
    this.items.forEach(({ root, number, lines, button }, i) => {
      const state = i < stage ? "done" : i === stage ? (status === "playing" || stage < 3 ? "now" : "next") : "next";
      mark(root, "data-state", state);
      say(number, state === "done" ? "\u2713" : String(i + 1));
      lines.forEach((line, k) => say(line, words[i][k]));
      mark(button, "aria-current", i === stage ? "step" : null);
    });
    this.root.toggleAttribute("data-looping", stage === 3 || stage === 4);
  }
}

/** What a learning rate is, short: `3e-4`, `0.01`. */
export function rate(/** @type {number | null | undefined} */ lr) {
  return Number.isFinite(lr) ? (/** @type {number} */ (lr) < 0.01 ? decimal(lr) : short(/** @type {number} */ (lr))) : "\u2013";
}
