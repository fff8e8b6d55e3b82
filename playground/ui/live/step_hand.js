// The weight that is looked at: chosen from a list, set by typing or by dragging.

import { element, mark, say } from "./dom.js";

/** A weight set by hand lies between minus this and this; the slider reaches so far. */
const MOST = 1000;
const REACH = 3;

export class StepHand {
  /**
   * @param {(ref: import("./step_scene.js").Ref | null) => void} onpick
   * @param {(value: number, settled: boolean) => void} onset
   */
  constructor(onpick, onset) {
    this.built = "";
    /** @type {import("./step_scene.js").Ref[]} */
    this.refs = [];
    this.select = element("select", { "data-testid": "pick-weight", "aria-label": "Weight or bias", onchange: () => onpick(this.refs[Number(this.select.value)] ?? null) });
    this.input = element("input", {
      type: "number", step: "any", min: -MOST, max: MOST, "data-testid": "weight-value", "aria-label": "Its value",
      onchange: () => {
        const value = this.input.valueAsNumber;
        const right = Number.isFinite(value) && Math.abs(value) <= MOST;
        mark(this.input, "aria-invalid", right ? null : "true");
        say(this.wrong, right ? "" : `from \u2212${MOST} to ${MOST}`);
        if (right) onset(value, true);
        else this.input.value = this.now;
      },
    });
    this.slider = element("input", {
      type: "range", min: -REACH, max: REACH, step: 0.05, "data-testid": "weight-slider", "aria-label": "Its value, by dragging",
      oninput: () => this.slide(onset, false), onchange: () => this.slide(onset, true),
    });
    this.wrong = element("span", { class: "card-wrong", role: "status" });
    this.edit = element("div", { class: "hand-edit" }, this.input, this.slider);
    this.root = element("div", { class: "hand" }, this.select, this.edit, this.wrong);
    this.now = "";
  }

  slide(onset, /** @type {boolean} */ settled) {
    this.input.value = this.slider.value;
    onset(this.slider.valueAsNumber, settled);
  }

  /** @param {import("./step_scene.js").Scene} scene */
  draw(scene, /** @type {{ref: import("./step_scene.js").Ref | null, editable: boolean}} */ { ref, editable }) {
    const shape = JSON.stringify(scene.header.names);
    if (shape !== this.built) {
      this.built = shape;
      this.refs = [...scene.refs()];
      const groups = Array.from({ length: scene.last }, (_, layer) => element("optgroup", { label: layer === scene.last - 1 ? "Into the output" : scene.last > 2 ? `Into hidden layer ${layer + 1}` : "Into the hidden layer" }));
      this.refs.forEach((one, k) => groups[one.layer].append(element("option", { value: k }, scene.linkName(one))));
      this.select.replaceChildren(element("option", { value: "" }, "Weights"), ...groups);
    }
    const k = ref ? this.refs.findIndex((one) => one.layer === ref.layer && one.to === ref.to && one.from === ref.from) : -1;
    const wanted = k < 0 ? "" : String(k);
    if (this.select.value !== wanted) this.select.value = wanted;
    this.edit.hidden = !editable;
    this.input.disabled = this.slider.disabled = !ref;
    if (!ref) {
      if (this.input.value) this.input.value = "";
      this.slider.value = "0";
      return;
    }
    this.now = String(Number(scene.link("weights", ref).toPrecision(4)));
    if (!this.held() && this.input.value !== this.now) this.input.value = this.now;
    if (!this.slider.matches(":active")) this.slider.value = this.now;
  }

  /** Whether a hand has it just now. */
  held() {
    return this.input.matches(":focus") || this.slider.matches(":active");
  }
}
