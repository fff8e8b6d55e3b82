// The batch of one step: its samples with their targets, outputs and losses; one is looked at, or all at once.

import { element, mark, say } from "./dom.js";
import { decimal, whole } from "./numbers.js";
import { rounded } from "./step_scene.js";

/** An input or target set by hand lies between minus this and this; a batch has at most so many samples. */
const MOST = 10;
const SAMPLES = 8;

export class StepBatch {
  /**
   * @param {(row: number) => void} onpick
   * @param {(batch: number[]) => void} onedit Every sample's inputs and target, one after the other.
   */
  constructor(onpick, onedit) {
    this.onpick = onpick;
    this.onedit = onedit;
    this.built = "";
    this.head = element("thead");
    this.body = element("tbody");
    this.add = element("button", { type: "button", "data-testid": "add-sample", onclick: () => this.grow() }, "Add one");
    this.drop = element("button", { type: "button", "data-testid": "drop-sample", onclick: () => this.shrink() }, "Take out");
    this.wrong = element("span", { class: "card-wrong", role: "status" });
    this.tools = element("div", { class: "batch-tools" }, this.add, this.drop);
    this.root = element("section", { class: "batch", "data-testid": "batch" },
      element("div", { class: "batch-room" }, element("table", {}, this.head, this.body)), this.wrong);
  }

  /**
   * @param {import("./step_scene.js").Scene} scene
   * @param {{row: number, known: number, editable: boolean}} view `known`: the phase, from which outputs and losses are known.
   */
  draw(scene, { row, known, editable }) {
    Object.assign(this, { scene, row });
    const { samples, n, counts, loss_name: name } = scene.header;
    const [inputs, outputs] = [editable ? scene.columns[0] : 0, scene.columns[scene.last]];
    const shape = JSON.stringify([samples, n, counts, editable, scene.header.names[scene.last], name, scene.header.answers.length]);
    if (shape !== this.built) {
      this.built = shape;
      this.build(inputs, outputs);
    }
    const right = (/** @type {number} */ k) => scene.header.targets[k].indexOf(Math.max(...scene.header.targets[k]));
    [...this.body.rows].forEach((line, k) => {
      mark(line, "data-chosen", k === row ? "" : null);
      mark(line.querySelector("button"), "aria-pressed", String(k === row));
      const cells = line.querySelectorAll("[data-cell]");
      const whole = k === scene.batch;
      const target = whole ? "" : outputs > 1 ? scene.header.names[scene.last][right(k)] : String(rounded(scene.header.targets[k][0]));
      const answers = scene.header.answers;
      const answer = whole ? null : answers.length ? answers[k][outputs > 1 ? right(k) : 0] : scene.unit("values", k, scene.last, outputs > 1 ? right(k) : 0);
      const texts = [
        ...(whole ? [] : [...Array.from({ length: inputs }, (_, i) => String(rounded(scene.unit("values", k, 0, i)))), target, known >= 1 ? decimal(answer) : "\u2013"]),
        known >= 2 ? decimal(whole ? scene.header.loss : scene.header.losses[k]) : "\u2013",
      ];
      cells.forEach((cell, i) => {
        if (cell.tagName !== "INPUT") say(cell, texts[i]);
        else if (!cell.matches(":focus") && cell.value !== texts[i]) cell.value = texts[i];
      });
    });
    this.tools.hidden = !editable;
    this.add.disabled = n >= SAMPLES;
    this.drop.disabled = n <= 1 || row >= scene.batch;
  }

  build(/** @type {number} */ inputs, /** @type {number} */ outputs) {
    const { scene } = /** @type {any} */ (this);
    const { samples, n, answers, names } = scene.header;
    const heads = ["", ...names[0].slice(0, inputs), "target", answers.length ? "p" : "output", "loss"];
    this.head.replaceChildren(element("tr", {}, ...heads.map((head) => element("th", { scope: "col", title: head === "p" ? (outputs > 1 ? "Probability given to the target" : "The output as a probability") : null }, head))));
    this.body.replaceChildren();
    for (let k = 0; k <= scene.batch; k += 1) {
      const all = k === scene.batch;
      const cells = all ? [element("td", { colspan: inputs + 2 }, this.tools), element("td", { "data-cell": true })] : Array.from({ length: inputs + 3 }, (_, i) => {
        if (!inputs || i > inputs) return element("td", { "data-cell": true });
        const what = i < inputs ? names[0][i] : "target";
        return element("td", {}, element("input", {
          type: "number", step: "any", min: -MOST, max: MOST, "data-cell": true, "aria-label": `${what} of ${samples[k]}`, "data-testid": `cell-${k}-${i}`,
          onfocus: () => this.onpick(k), onchange: (/** @type {Event} */ event) => this.set(k, i, /** @type {HTMLInputElement} */ (event.target)),
        }));
      });
      const name = all ? (samples.length < n ? `all ${whole(n)}` : "batch") : samples[k].replace(/^sample /, "");
      this.body.append(element("tr", {}, element("th", { scope: "row" }, element("button", {
        type: "button", "data-testid": all ? "sample-all" : `sample-${k}`, "aria-label": all ? "Look at the whole batch" : `Look at ${samples[k]}`, onclick: () => this.onpick(k),
      }, name)), ...cells));
    }
  }

  /** All numbers of the batch as they stand. */
  numbers() {
    const { scene } = /** @type {any} */ (this);
    return Array.from({ length: scene.batch }, (_, k) => [
      ...Array.from({ length: scene.columns[0] }, (_, i) => rounded(scene.unit("values", k, 0, i))), rounded(scene.header.targets[k][0]),
    ]);
  }

  set(/** @type {number} */ sample, /** @type {number} */ column, /** @type {HTMLInputElement} */ input) {
    const { scene } = /** @type {any} */ (this);
    const all = this.numbers();
    const value = input.valueAsNumber;
    const chance = scene.header.loss_name === "cross_entropy" && column === scene.columns[0];
    const [low, high] = chance ? [0, 1] : [-MOST, MOST];
    const right = Number.isFinite(value) && value >= low && value <= high;
    mark(input, "aria-invalid", right ? null : "true");
    say(this.wrong, right ? "" : `from ${low < 0 ? `\u2212${MOST}` : 0} to ${high}`);
    if (!right) {
      input.value = String(all[sample][column]);
      return;
    }
    all[sample][column] = rounded(value);
    this.onedit(all.flat());
  }

  grow() {
    const { scene, row } = /** @type {any} */ (this);
    const all = this.numbers();
    const at = row < scene.batch ? row : all.length - 1;
    this.onedit([...all, all[at].map((x, i) => (i < scene.columns[0] ? -x : x))].flat());
    this.onpick(all.length);
  }

  shrink() {
    const { row } = /** @type {any} */ (this);
    this.onedit(this.numbers().filter((_, k) => k !== row).flat());
    this.onpick(Math.max(0, row - 1));
  }
}
