// Beside the network: how the run went, how fast it goes and how long still, its best epoch, the covered test set.

import { CurvesPicture } from "./curves.js";
import { element, mark, say } from "./dom.js";
import { counted, decimal, percent, whole } from "./numbers.js";

const OPENED = "Look once, when all choices are made: each look makes it less of a test";

/** `3 s`, `1 min 20 s`, `2 h 5 min`. */
export function duration(/** @type {number | null | undefined} */ seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "\u2013";
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min${s < 600 ? ` ${s % 60} s` : ""}`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

export class CnnPanel {
  /**
   * @param {() => void} onchange  Something is to be drawn differently.
   * @param {() => void} onopen    The test set is to be opened.
   */
  constructor(onchange, onopen) {
    this.onchange = onchange;
    this.thing = "picture";
    this.curves = new CurvesPicture();
    this.tabs = [["loss", "Loss"], ["metric", "Accuracy"]].map(([kind, label]) =>
      element("button", { type: "button", role: "tab", "data-testid": `curve-${kind}`, "aria-selected": String(kind === "loss"), onclick: () => this.show(kind) }, label));
    const tabs = element("div", { class: "tabs", role: "tablist", "aria-label": "Curve", onkeydown: (/** @type {KeyboardEvent} */ event) => this.walk(event) }, ...this.tabs);
    this.tabs[1].tabIndex = -1;
    const fact = (/** @type {string} */ id, /** @type {string} */ label, /** @type {string} */ title) => {
      const value = element("dd", { "data-testid": id }, "\u2013");
      return { value, title, root: element("div", { class: "readout", title }, element("dt", {}, label), value) };
    };
    /** @type {Record<string, {value: any, title: string, root: any}>} */
    this.facts = {
      train: fact("train-accuracy", "train accuracy", "Share of the training pictures that the network names rightly, measured after the epoch on at most 5,000 of them"),
      val: fact("val-accuracy", "val accuracy", "The same of the validation pictures, which no step learns from"),
      best: fact("best", "best epoch", "The epoch with the highest validation accuracy; its weights are kept"),
      eta: fact("eta", "time left", "How long until the last epoch, at this pace"),
      memory: fact("memory", "memory", "What the process that trains holds in memory"),
      params: fact("params", "parameters", "Numbers that are learnt"),
    };
    this.opener = element("button", { type: "button", "data-testid": "open-test", title: OPENED, onclick: onopen }, "");
    this.result = element("div", { "data-testid": "test-result", hidden: true });
    this.when = element("span");
    this.test = element("div", { class: "test", hidden: true }, this.result, element("div", {}, this.when, this.opener));
    this.notes = element("div", { class: "cnn-notes" });
    this.root = element("section", { class: "panel cnn-panel", "aria-label": "Progress" },
      element("div", { class: "progress" }, tabs, this.curves.sheet.canvas),
      element("dl", { class: "cnn-facts" }, ...Object.values(this.facts).map(({ root }) => root)),
      this.test, this.notes);
    const { canvas } = this.curves.sheet;
    canvas.addEventListener("pointermove", (event) => { this.curves.pointer = event.offsetX; onchange(); });
    canvas.addEventListener("pointerleave", () => { this.curves.pointer = null; onchange(); });
  }

  /** Loss, or accuracy. */
  show(/** @type {string} */ kind) {
    this.curves.turn(/** @type {"loss" | "metric"} */ (kind));
    this.tabs.forEach((tab, k) => {
      const chosen = ["loss", "metric"][k] === kind;
      mark(tab, "aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    });
    this.onchange();
  }

  walk(/** @type {KeyboardEvent} */ event) {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    const next = this.curves.kind === "loss" ? 1 : 0;
    this.show(["loss", "metric"][next]);
    this.tabs[next].focus();
    event.preventDefault();
  }

  /** A new scene: other pictures, another network. */
  take(/** @type {Record<string, any>} */ scene) {
    this.scene = scene;
    this.test.hidden = !scene.counts.test;
    if (this.facts.params) say(this.facts.params.value, whole(scene.params));
    say(this.notes, scene.notes.join(" "));
    mark(this.notes, "title", scene.notes.join(" ") || null);
  }

  draw(theme, tick, /** @type {number} */ size) {
    const { curve } = tick.blocks;
    this.curves.draw(theme, curve?.data.length ? { blocks: { curve: turned(curve) } } : null, { task: "classes", size, guides: this.guides(tick) });
  }

  /** Accuracies to compare with. */
  guides(/** @type {import("./frame.js").Frame} */ tick) {
    void tick;
    return /** @type {{value: number, name: string}[]} */ ([]);
  }

  report(/** @type {Record<string, any>} */ tick) {
    const { metrics, best, eta, megabytes, sample } = tick;
    const { facts } = this;
    const found = sample ?? metrics; // within a long epoch a few pictures are asked now and then
    for (const [name, one] of /** @type {const} */ ([["train", facts.train], ["val", facts.val]])) {
      say(one.value, percent(found[`${name}_accuracy`]));
      say(one.value.previousSibling, sample ? `${name}, on a sample` : `${name} accuracy`);
      mark(one.root, "title", sample ? "Accuracy on a fixed sample, measured within this epoch; after it, all are measured" : one.title);
    }
    say(facts.best.value, best ? whole(best.epoch) : "\u2013");
    mark(facts.best.root, "title", best ? `The highest validation accuracy so far, ${percent(best.val_accuracy)}; its weights are kept` : null);
    say(facts.eta.value, tick.status === "playing" ? duration(eta) : "\u2013");
    if (facts.memory) say(facts.memory.value, megabytes ? `${whole(megabytes)} MB` : "\u2013");
    mark(this.root, "data-drawing", Number.isFinite(tick.drawing) ? String(tick.drawing) : null);
    this.reportTest(tick);
  }

  /** The test set: covered until it is opened, and every opening is counted. */
  reportTest(/** @type {Record<string, any>} */ tick) {
    if (this.test.hidden || !this.scene) return;
    const { test } = tick;
    const pictures = counted(this.scene.counts.test, this.thing);
    this.result.hidden = !test;
    if (!test) {
      say(this.when, "");
      say(this.opener, `Open the test set (${pictures})`);
      return;
    }
    say(this.result, `Test accuracy ${percent(test.accuracy)} of ${pictures}, loss ${decimal(test.loss)}`);
    const moved = test.epoch !== tick.epoch;
    this.result.toggleAttribute("data-stale", moved);
    mark(this.result, "title", moved ? "Measured before: the network has changed since" : null);
    say(this.when, `at epoch ${whole(test.epoch)}, opened ${test.opened === 1 ? "once" : `${whole(test.opened)} times`} \u00b7 `);
    say(this.opener, "Open again");
  }
}

/** From rows of epochs to rows of quantities. */
function turned(/** @type {import("./frame.js").Block} */ { data, shape: [n, columns] }) {
  const made = new Float32Array(n * columns);
  for (let i = 0; i < n; i += 1) for (let k = 0; k < columns; k += 1) made[k * n + i] = data[i * columns + k];
  return { data: made, shape: [columns, n] };
}
