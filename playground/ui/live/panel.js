// The output's place on the page: its picture, what may be chosen about it, and the curves below.

import { CurvesPicture } from "./curves.js";
import { element, mark, say } from "./dom.js";
import { counted, decimal, percent, whole } from "./numbers.js";
import { OutputPicture } from "./surface.js";

const OPENED = "Look once, when all choices are made: each look makes it less of a test";

export class Panel {
  /**
   * @param {(view: Record<string, any>) => void} onlook  Other axes, or another point to hold the other inputs at.
   * @param {() => void} onchange                         Something is to be drawn differently.
   * @param {() => void} onopen                           The test set is to be opened.
   */
  constructor(onlook, onchange, onopen) {
    this.onlook = onlook;
    this.onchange = onchange;
    this.output = new OutputPicture();
    this.curves = new CurvesPicture();
    this.validation = false;
    this.discretize = false;
    /** @type {Record<string, any> | null} */
    this.scene = null;
    this.place = element("div", { class: "picture" }, this.output.sheet.canvas);
    this.title = element("h3", { "data-testid": "output-title" }, "Output");
    const toggle = (/** @type {string} */ label, /** @type {string} */ id, /** @type {string} */ title, /** @type {(on: boolean) => void} */ set) => {
      const box = element("input", { type: "checkbox", "data-testid": id, onchange: () => { set(box.checked); onchange(); } });
      return element("label", { class: "toggle", title }, box, label);
    };
    const validation = toggle("show validation points", "show-validation", "The rows set aside to judge the network: hollow marks. No step learns from them", (on) => { this.validation = on; });
    const discretize = toggle("discretize", "discretize", "Full colours only: what the network would answer, not how sure it is", (on) => { this.discretize = on; });
    this.across = element("select", { "aria-label": "Input across", "data-testid": "axis-x", onchange: () => this.choose(0) });
    this.up = element("select", { "aria-label": "Input upwards", "data-testid": "axis-y", onchange: () => this.choose(1) });
    this.held = element("button", { type: "button", class: "held", "data-testid": "held", onclick: () => onlook({ held: "mean" }) });
    this.axes = element("div", { class: "axes", hidden: true },
      element("label", {}, "x ", this.across), element("label", {}, "y ", this.up), this.held);
    this.tabs = [["loss", "Loss"], ["metric", "Accuracy"]].map(([kind, label]) =>
      element("button", { type: "button", role: "tab", "data-testid": `curve-${kind}`, "aria-selected": String(kind === "loss"), onclick: () => this.show(kind) }, label));
    const tabs = element("div", { class: "tabs", role: "tablist", "aria-label": "Curve", onkeydown: (/** @type {KeyboardEvent} */ event) => this.walk(event) }, ...this.tabs);
    this.tabs[1].tabIndex = -1;
    this.opener = element("button", { type: "button", "data-testid": "open-test", title: OPENED, onclick: onopen }, "");
    this.result = element("div", { "data-testid": "test-result", hidden: true });
    this.when = element("span");
    this.test = element("div", { class: "test", hidden: true }, this.result, element("div", {}, this.when, this.opener));
    this.root = element("section", { class: "panel", "aria-label": "Output" },
      element("header", {}, this.title), this.axes,
      this.place,
      element("div", { class: "toggles" }, validation, discretize), this.test,
      element("div", { class: "progress" }, tabs, this.curves.sheet.canvas));
    this.output.sheet.canvas.addEventListener("click", (event) => this.hold(event));
    const { canvas } = this.curves.sheet;
    canvas.addEventListener("pointermove", (event) => { this.curves.pointer = event.offsetX; onchange(); });
    canvas.addEventListener("pointerleave", () => { this.curves.pointer = null; onchange(); });
  }

  /** Gives the picture no more height than its square and its legend fill; says whether that is news. */
  fit() {
    const height = `${this.output.tallest}px`;
    if (this.place.style.maxHeight === height) return false;
    this.place.style.maxHeight = height;
    return true;
  }

  /** Loss, or accuracy (a mean error where the target is a number). */
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

  /** The other inputs are held at the row of a clicked point. */
  hold(/** @type {MouseEvent} */ event) {
    if (!this.frame || this.frame.header.inputs.length < 3) return;
    const row = this.output.pointAt(this.frame, event.offsetX, event.offsetY, this.validation);
    if (row >= 0) this.onlook({ held: row });
  }

  choose(/** @type {0 | 1} */ which) {
    const axes = [Number(this.across.value), Number(this.up.value)];
    if (axes[0] === axes[1]) axes[1 - which] = this.scene?.axes[which] ?? 0; // the same one twice: they change places
    this.onlook({ axes });
  }

  /** A new scene: other inputs to choose from, another point held. */
  take(/** @type {import("./frame.js").Frame} */ frame) {
    this.frame = frame;
    const scene = frame.header;
    const many = scene.inputs.length > 2;
    if (many && scene.inputs.join() !== this.scene?.inputs.join()) {
      for (const select of [this.across, this.up]) {
        select.replaceChildren(...scene.inputs.map((/** @type {string} */ name, /** @type {number} */ i) => element("option", { value: i }, name)));
      }
    }
    this.scene = scene;
    this.axes.hidden = !many;
    if (many) {
      [this.across.value, this.up.value] = scene.axes.map(String);
      const point = typeof scene.held === "number";
      say(this.held, point ? "others held at the marked point \u00d7" : "others held at the training mean");
      this.held.disabled = !point;
      this.held.title = point ? "Hold them at the training mean again" : "Click a point to hold them at its values";
    }
    this.output.sheet.canvas.classList.toggle("pick", many);
    say(this.tabs[1], scene.task === "regression" ? "Error" : "Accuracy");
    this.test.hidden = !scene.counts.test;
  }

  /** The test set: covered until it is opened, and every opening is counted. */
  report(/** @type {Record<string, any>} */ tick) {
    if (this.test.hidden || !this.scene) return;
    const { test } = tick;
    const rows = counted(this.scene.counts.test, "row");
    this.result.hidden = !test;
    if (!test) {
      say(this.when, "");
      say(this.opener, `Open the test set (${rows})`);
      return;
    }
    say(this.result, this.scene.task === "regression" ? `Test error ${decimal(test.error)}, mean of ${rows}` : `Test accuracy ${percent(test.accuracy)} of ${rows}`);
    const moved = test.epoch !== tick.epoch;
    this.result.toggleAttribute("data-stale", moved);
    mark(this.result, "title", moved ? "Measured before: the network has changed since" : null);
    say(this.when, `at epoch ${whole(test.epoch)}, opened ${test.opened === 1 ? "once" : `${whole(test.opened)} times`} \u00b7 `);
    say(this.opener, "Open again");
  }
}
