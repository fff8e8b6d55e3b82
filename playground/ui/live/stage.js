// The network's place on the page: steppers above the layers, a button on each unit, the pointer, the card.

import { Card, surfaceOf, unitTitle } from "./card.js";
import { element, icon, mark, say } from "./dom.js";
import { counted } from "./numbers.js";
import { NetworkPicture } from "./network.js";
import { Raster } from "./raster.js";

/** @typedef {import("./network.js").Ref} Ref */

export class Stage {
  /**
   * @param {(ref: Ref | null) => void} onmark      A unit or link is looked at, or none any more.
   * @param {(hidden: number[]) => void} onhidden   The visitor wants other layers.
   * @param {(edit: Record<string, any>) => void} onedit  A weight or bias was set by hand.
   */
  constructor(onmark, onhidden, onedit) {
    this.onmark = onmark;
    this.onhidden = onhidden;
    this.picture = new NetworkPicture();
    this.enlarged = new Raster();
    this.card = new Card(onedit, () => this.close());
    /** @type {Ref | null} */
    this.marked = null;
    this.pinned = false;
    /** @type {number[]} */
    this.hidden = [];
    /** @type {number[] | null} */
    this.wanted = null;
    this.built = "";
    this.depth = element("div", { class: "depth" });
    this.heads = element("div", { class: "heads" });
    this.inputs = element("div", { class: "head" }, "Inputs");
    this.spots = element("div", { class: "spots", role: "group", "aria-label": "Units: move with the arrow keys" });
    this.field = element("div", { class: "field" }, this.picture.links.sheet.canvas, this.picture.sheet.canvas, this.spots, this.card.root);
    this.root = element("section", { class: "stage", "aria-label": "Network" }, this.depth, this.heads, this.field);
    this.field.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => event.pointerType === "mouse" && this.point(event, 7));
    this.field.addEventListener("pointerleave", () => !this.pinned && this.markRef(null));
    this.field.addEventListener("click", (/** @type {PointerEvent} */ event) => this.tap(event));
    this.spots.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.walk(event));
    this.spots.addEventListener("focusin", (/** @type {FocusEvent} */ event) => this.arrive(/** @type {HTMLElement} */ (event.target)));
    this.spots.addEventListener("focusout", (/** @type {FocusEvent} */ event) => {
      if (!this.card.root.contains(/** @type {Node | null} */ (event.relatedTarget))) this.markRef(null);
    });
  }

  /**
   * Takes what the page asks for and what the run has; rebuilds only what is different.
   *
   * @param {Record<string, any>} data
   * @param {Record<string, any> | null} scene Header.
   */
  update(data, scene) {
    const asked = scene ? scene.hidden : data.hidden ?? [];
    if (this.wanted && (data.hidden ?? []).join() === this.wanted.join()) this.wanted = null;
    this.hidden = this.wanted ?? data.hidden ?? asked;
    this.features = scene?.features;
    this.data = data;
    const key = JSON.stringify([asked, data.editable, data.layers_max, data.units_max, scene?.features, scene?.outputs, scene?.classes]);
    if (key !== this.built) {
      this.built = key;
      this.counts = [scene ? scene.features.length : 2, ...asked, scene ? scene.outputs : 1];
      this.buildHeads(asked, data);
      this.buildSpots(scene);
      this.markRef(null);
    }
    this.sayCounts();
  }

  buildHeads(/** @type {number[]} */ hidden, data) {
    const focused = /** @type {HTMLElement | null} */ (/** @type {any} */ (this.root.getRootNode()).activeElement)?.dataset?.testid;
    const stepper = (/** @type {string} */ name, /** @type {string} */ what, /** @type {(by: number) => void} */ change) => {
      const value = element("span", { class: "count" });
      const node = element("div", { class: "stepper", "data-name": name }, value);
      if (data.editable) {
        const [short, index] = name.split("-");
        const id = (/** @type {string} */ verb) => `${short}-${verb}${index === undefined ? "" : `-${index}`}`;
        node.prepend(element("button", { type: "button", "data-testid": id("remove"), "aria-label": `Remove ${what}`, onclick: () => change(-1) }, icon("minus")));
        node.append(element("button", { type: "button", "data-testid": id("add"), "aria-label": `Add ${what}`, onclick: () => change(1) }, icon("plus")));
      }
      return node;
    };
    this.depth.replaceChildren(stepper("layer", "a hidden layer", (by) => this.changeDepth(by)));
    this.heads.replaceChildren(
      this.inputs,
      ...hidden.map((_, k) => element("div", { class: "head" }, stepper(`unit-${k}`, `a unit: layer ${k + 1}`, (by) => this.changeUnits(k, by)))),
      element("div", { class: "head" }, "Output"),
    );
    if (focused) this.root.querySelector(`[data-testid="${focused}"]`)?.focus();
  }

  /** What stands above the inputs: where their names have no room, how to learn them, and the name of the one looked at. */
  sayInputs() {
    const { marked, counts } = this;
    const nameless = this.picture.layout?.named === false && counts[0] > 1;
    const one = marked?.kind === "unit" && marked.column === 0 ? this.features?.[marked.index] : "";
    say(this.inputs, nameless ? one || `${counts[0]} inputs: point at one for its name` : "Inputs");
    mark(this.inputs, "data-named", nameless && one ? "" : null);
  }

  /** The numbers on the steppers: what was asked for, even before the run has it. */
  sayCounts() {
    const { hidden } = this;
    const most = { layers: this.data.layers_max ?? 6, units: this.data.units_max ?? 64 };
    const depth = hidden.length;
    const put = (/** @type {Element | null} */ node, /** @type {string} */ text, /** @type {boolean} */ least, /** @type {boolean} */ full) => {
      if (!node) return;
      say(/** @type {Element} */ (node.querySelector(".count")), text);
      const [minus, plus] = node.querySelectorAll("button");
      if (minus) minus.disabled = least;
      if (plus) plus.disabled = full;
    };
    put(this.depth.querySelector(".stepper"), depth === 0 ? "no hidden layer" : counted(depth, "hidden layer"), depth === 0, depth >= most.layers);
    this.heads.querySelectorAll(".stepper").forEach((/** @type {Element} */ node, /** @type {number} */ k) => {
      const units = hidden[k] ?? 0;
      put(node, this.data.editable ? String(units) : counted(units, "unit"), units <= 1, units >= most.units);
    });
  }

  changeDepth(/** @type {number} */ by) {
    const { hidden } = this;
    if (by < 0) this.want(hidden.slice(0, -1));
    else if (hidden.length < (this.data.layers_max ?? 6)) this.want([...hidden, hidden[hidden.length - 1] ?? 4]);
  }

  changeUnits(/** @type {number} */ layer, /** @type {number} */ by) {
    const units = Math.min(this.data.units_max ?? 64, Math.max(1, this.hidden[layer] + by));
    if (layer < this.hidden.length) this.want(this.hidden.map((n, k) => (k === layer ? units : n)));
  }

  want(/** @type {number[]} */ hidden) {
    this.wanted = hidden;
    this.hidden = hidden;
    this.sayCounts();
    this.onhidden(hidden);
  }

  /** One button a unit, so that a keyboard and a screen reader reach it; the canvas below is only paint. */
  buildSpots(scene) {
    const nodes = /** @type {Node[]} */ ([]);
    this.counts.forEach((count, column) => {
      for (let index = 0; index < count; index += 1) {
        const first = column === 0 && index === 0;
        const name = scene ? unitTitle(scene, column, index) : "Unit";
        nodes.push(element("button", {
          type: "button", class: "spot", tabindex: first ? 0 : -1, "data-column": column, "data-index": index,
          "data-testid": `unit-${column}-${index}`, "aria-label": name,
        }));
      }
    });
    this.spots.replaceChildren(...nodes);
    this.stood = "";
  }

  /** Puts heads and unit buttons where the picture has its units. */
  stand() {
    const { layout } = this.picture;
    if (!layout) return;
    const key = `${layout.size} ${layout.columns.map((c) => c.middle)} ${this.picture.sheet.width} ${this.picture.sheet.height} ${this.built}`;
    if (key === this.stood) return;
    this.stood = key;
    this.inputs.style.setProperty("--room", `${Math.max(60, (layout.columns[1]?.middle ?? 120) - 56)}px`);
    [...this.heads.children].forEach((head, c) => {
      const middle = layout.columns[c]?.middle ?? 0;
      head.style.setProperty("--x", `${middle}px`);
      head.style.setProperty("--rest", `${this.picture.sheet.width - middle}px`);
    });
    for (const spot of this.spots.children) {
      const { x, y } = layout.spots[Number(spot.dataset.column)][Number(spot.dataset.index)];
      const side = layout.size;
      spot.style.cssText = `left:${x - side / 2}px;top:${y - side / 2}px;width:${side}px;height:${side}px`;
    }
  }

  /** Follows the mouse. */
  point(/** @type {PointerEvent} */ event, /** @type {number} */ reach) {
    if (this.pinned) return;
    const box = this.field.getBoundingClientRect();
    this.markRef(this.picture.at(event.clientX - box.left, event.clientY - box.top, reach), event);
  }

  /** A tap, or a click, holds what it hits; the next one anywhere lets it go. */
  tap(/** @type {PointerEvent} */ event) {
    if (this.card.root.contains(/** @type {Node} */ (event.target))) return;
    if (event.detail === 0) return this.hold(/** @type {HTMLElement} */ (event.target));
    const box = this.field.getBoundingClientRect();
    const ref = this.picture.at(event.clientX - box.left, event.clientY - box.top, event.pointerType === "mouse" ? 7 : 16);
    const again = this.pinned && JSON.stringify(ref) === JSON.stringify(this.marked);
    this.pinned = ref !== null && !again;
    this.markRef(again ? null : ref, event);
  }

  /** Enter or space on a unit: its card stays, and its bias can be set. */
  hold(/** @type {HTMLElement} */ spot) {
    if (!spot.matches(".spot")) return;
    this.pinned = true;
    this.markRef({ kind: "unit", column: Number(spot.dataset.column), index: Number(spot.dataset.index) });
    this.entering = true; // the field is there once the card is drawn
    this.onmark(this.marked);
  }

  /** Lets go of what is looked at; from the card's field the focus goes back to the unit. */
  close() {
    const { marked } = this;
    const inside = this.card.root.contains(/** @type {any} */ (this.root.getRootNode()).activeElement);
    this.markRef(null);
    if (!inside || marked?.kind !== "unit") return;
    this.closing = true;
    this.spots.querySelector(`[data-testid="unit-${marked.column}-${marked.index}"]`)?.focus();
    this.closing = false;
  }

  walk(/** @type {KeyboardEvent} */ event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const [column, index] = [Number(target.dataset.column), Number(target.dataset.index)];
    const steps = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const step = steps[event.key];
    if (!step || event.shiftKey) return;
    event.preventDefault();
    const next = Math.min(this.counts.length - 1, Math.max(0, column + step[0]));
    const row = Math.min(this.counts[next] - 1, Math.max(0, index + step[1]));
    const spot = this.spots.querySelector(`[data-testid="unit-${next}-${row}"]`);
    target.tabIndex = -1;
    spot.tabIndex = 0;
    spot.focus();
  }

  arrive(/** @type {HTMLElement} */ spot) {
    if (this.closing || !spot.matches(":focus-visible")) return; // a click focuses too, and has said already what it means
    this.pinned = false;
    this.markRef({ kind: "unit", column: Number(spot.dataset.column), index: Number(spot.dataset.index) });
  }

  markRef(/** @type {Ref | null} */ ref, /** @type {PointerEvent | null} */ event = null) {
    if (!ref) this.pinned = false;
    if (event && ref?.kind === "link") {
      const box = this.field.getBoundingClientRect();
      this.place = { x: event.clientX - box.left, y: event.clientY - box.top };
    }
    if (JSON.stringify(ref) === JSON.stringify(this.marked)) return;
    this.marked = ref;
    this.onmark(ref);
  }

  /** The card of what is looked at, with the newest numbers. */
  showCard(theme, scene, tick, output, /** @type {boolean} */ narrow) {
    this.sayInputs();
    const { marked, counts } = this;
    const { layout } = this.picture;
    if (!marked || !tick || !layout) return this.card.hide();
    let picture = null;
    if (marked.kind === "unit" && marked.column < counts.length - 1) {
      const { data, side } = surfaceOf(tick, counts, marked.column, marked.index);
      this.enlarged.paint(data, side, side, theme.diverging);
      picture = this.enlarged.canvas;
    } else if (marked.kind === "unit") picture = output;
    this.card.fill(marked, scene.header, tick, counts, picture, this.pinned);
    const at = marked.kind === "unit" ? layout.spots[marked.column][marked.index] : this.place;
    if (at) this.card.stand(at.x, at.y, marked.kind === "unit" ? layout.size / 2 + 12 : 16, this.picture.sheet, narrow);
    if (this.entering) this.card.input.focus({ preventScroll: true });
    this.entering = false;
    if (marked.kind === "unit") {
      const spot = this.spots.querySelector(`[data-testid="unit-${marked.column}-${marked.index}"]`);
      if (spot === /** @type {any} */ (this.root.getRootNode()).activeElement) {
        mark(spot, "aria-label", `${this.card.title.textContent}: ${[...this.card.lines.children].map((line) => line.textContent).join(", ")}`);
      }
    }
  }
}
