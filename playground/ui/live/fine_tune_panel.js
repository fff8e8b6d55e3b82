// Beside the network: how the run goes against what can be had without training the encoder, and the learning rate on its way.

import { CnnPanel } from "./cnn_panel.js";
import { element, mark, say } from "./dom.js";
import { rate } from "./fine_tune_path.js";
import { counted, decimal, percent } from "./numbers.js";
import { Plot } from "./plot.js";

const TITLES = {
  train: "Share of the training texts that the network sorts rightly, measured after the epoch, dropout off",
  val: "The same of the validation texts, which no step learns from",
  frozen: "Validation accuracy of the best linear classifier on what the encoder says as it came: what can be had without training it",
  majority: "Validation accuracy of always saying the majority class, the commonest one of the training texts: less than this is worse than not reading",
};

export class FinePanel extends CnnPanel {
  /**
   * @param {() => void} onchange
   * @param {() => void} onopen
   */
  constructor(onchange, onopen) {
    super(onchange, onopen);
    this.thing = "text";
    const list = this.facts.train.root.parentElement;
    for (const name of ["memory", "params"]) {
      this.facts[name].root.remove();
      delete this.facts[name];
    }
    for (const [name, label] of [["frozen", "frozen encoder"], ["majority", "majority class"]]) {
      const value = element("dd", { "data-testid": `fact-${name}` }, "\u2013");
      const root = element("div", { class: "readout" }, element("dt", {}, label), value);
      this.facts[name] = { value, title: "", root };
      list.append(root);
    }
    for (const [name, title] of Object.entries(TITLES)) {
      this.facts[name].title = title;
      mark(this.facts[name].root, "title", title);
    }
    this.rates = new Plot("canvas-rates", "Learning rate over the epochs", onchange);
    this.way = element("div", { class: "ft-rates" }, this.rates.sheet.canvas);
    this.root.querySelector(".progress").after(this.way);
    this.show("metric");
  }

  /** See `CnnPanel.guides`. */
  guides(/** @type {import("./frame.js").Frame} */ tick) {
    const { majority, frozen } = tick.header.baseline ?? {};
    return [{ value: frozen ?? NaN, name: "frozen encoder" }, { value: majority ?? NaN, name: "majority class" }];
  }

  /** See `CnnPanel.draw`. */
  draw(theme, tick, /** @type {number} */ size) {
    super.draw(theme, tick, size);
    const { rates } = tick.blocks;
    const { header } = tick;
    if (!rates) return;
    const n = rates.shape[1];
    const [epochs, values] = [rates.data.subarray(0, n), rates.data.subarray(n, 2 * n)];
    let most = 0;
    for (const value of values) most = Math.max(most, value);
    const top = values.indexOf(most);
    const { seen = 0, total = 0 } = header.progress ?? {};
    const at = Math.min(header.epochs, header.epoch + (total ? seen / total : 0));
    const ended = header.status === "done" || at >= header.epochs;
    this.rates.draw(theme, {
      size,
      x: { low: 0, high: header.epochs, label: "" },
      y: { low: 0, high: 1.12, label: ended ? `learning rate, in units of ${rate(most)}` : `learning rate ${rate(header.lr)}, in units of ${rate(most)}` },
      lines: [{ x: epochs, y: values.map((/** @type {number} */ value) => value / (most || 1)), colour: theme.ink, width: 1.6 }],
      shades: top > 0 && epochs[top] > 0 ? [{ from: 0, to: epochs[top], label: "warm-up" }] : [],
      points: ended ? [] : [{ x: at, y: header.lr / (most || 1), colour: theme.accent, radius: 5 }],
      numbers: 2.6, names: 4, reading: false,
    });
    const { box } = this.rates;
    const context = this.rates.sheet.context;
    context.fillStyle = theme.muted;
    context.textAlign = "left";
    context.textBaseline = "top";
    context.fillText("epoch", box.x + box.w + size, box.y + box.h + 4);
    mark(this.rates.sheet.canvas, "aria-label", `Learning rate: highest ${rate(most)}, now ${rate(header.lr)}, at epoch ${at.toFixed(1)} of ${header.epochs}.`);
  }

  /** See `CnnPanel.report`. */
  report(/** @type {Record<string, any>} */ tick) {
    super.report(tick);
    const { majority, frozen } = tick.baseline ?? {};
    say(this.facts.frozen.value, percent(frozen));
    say(this.facts.majority.value, percent(majority));
  }

  /** See `CnnPanel.reportTest`. Few texts say little: how little stands beside it. */
  reportTest(/** @type {Record<string, any>} */ tick) {
    super.reportTest(tick);
    const n = this.scene?.counts.test;
    if (this.test.hidden || !n || !tick.test) return;
    const [low, high] = wilson(tick.test.accuracy, n);
    const one = n < 100 ? `; one text is ${Math.round(100 / n)} points` : "";
    say(this.result, `Test accuracy ${percent(tick.test.accuracy)} of ${counted(n, "text")} (95 % interval: ${Math.round(100 * low)} to ${Math.round(100 * high)} %${one}), loss ${decimal(tick.test.loss)}`);
    if (!this.result.title) mark(this.result, "title", "Wilson's interval: other texts of the same kind would give an accuracy in it 19 times of 20");
  }
}

/** Where a share lies that was seen as `p` in `n` draws, 95 % sure: Wilson's interval (1927). */
export function wilson(/** @type {number} */ p, /** @type {number} */ n) {
  const z2 = 1.96 ** 2;
  const middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (1.96 / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
