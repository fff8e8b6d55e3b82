// The card beside a unit or a link: its numbers, and the unit's picture at a size one can read.

import { element, mark, say, Sheet } from "./dom.js";
import { decimal } from "./numbers.js";

const FULL = 32767;
/** A weight or bias set by hand lies between minus this and this. */
const MOST = 1000;
const RANGE = `from \u2212${MOST} to ${MOST}`;

/** Where a unit stands, in words. */
function unitName(scene, /** @type {number} */ column, /** @type {number} */ index) {
  if (column === 0) return scene.features[index] ?? `input ${index + 1}`;
  if (column <= scene.hidden.length) return `unit ${index + 1} of layer ${column}`;
  if (scene.outputs > 1) return `the output for ${scene.classes[index]}`;
  return "the output";
}

/** The title of a unit's card. */
export function unitTitle(scene, /** @type {number} */ column, /** @type {number} */ index) {
  if (column === 0) return `Input ${scene.features[index]}`;
  if (column <= scene.hidden.length) return `Layer ${column}, unit ${index + 1}`;
  return scene.outputs > 1 ? `Output: ${scene.classes[index]}` : "Output";
}

/** Where a layer's matrix starts in the flat weights, and its bias in the flat biases. */
function offsets(/** @type {number[]} */ counts, /** @type {number} */ layer) {
  let [weights, biases] = [0, 0];
  for (let k = 0; k < layer; k += 1) {
    weights += counts[k] * counts[k + 1];
    biases += counts[k + 1];
  }
  return { weights, biases };
}

/** One weight, from unit `from` of column `layer` to unit `to` of the next. */
function weightAt(tick, counts, layer, to, from) {
  const at = offsets(counts, layer).weights + to * counts[layer] + from;
  return (tick.blocks.weights.data[at] / FULL) * tick.header.weight_scales[layer];
}

/** The bias of a unit; inputs have none. */
function biasAt(tick, counts, column, index) {
  return tick.blocks.biases.data[offsets(counts, column - 1).biases + index];
}

/** Where a unit's tile lies in the block of surfaces; -1 for outputs. */
export function tileOf(/** @type {number[]} */ counts, column, index) {
  if (column >= counts.length - 1) return -1;
  return counts.slice(0, column).reduce((sum, n) => sum + n, 0) + index;
}

/** The bytes of a unit's surface: 64 x 64 once the run sent them, else its thumbnail. */
export function surfaceOf(tick, counts, column, index) {
  const { focus } = tick.header;
  if (focus && focus[0] === column && focus[1] === index && tick.blocks.focus) {
    return { data: tick.blocks.focus.data, side: tick.blocks.focus.shape[0] };
  }
  const [, side] = tick.blocks.units.shape;
  const tile = tileOf(counts, column, index);
  return { data: tick.blocks.units.data.subarray(tile * side * side, (tile + 1) * side * side), side };
}

export class Card {
  /**
   * @param {(edit: {layer: number, to: number, from: number | null, value: number}) => void} onedit  A weight or bias set by hand.
   * @param {() => void} onclose  Escape, in the field.
   */
  constructor(onedit, onclose) {
    this.onedit = onedit;
    this.now = "";
    /** @type {{layer: number, to: number, from: number | null} | null} */
    this.target = null;
    this.input = element("input", {
      type: "number", step: "any", min: -MOST, max: MOST, "data-testid": "card-value", "aria-describedby": "card-range",
      onchange: () => this.set(),
      oninput: () => this.judge(true),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onclose();
      },
    });
    this.wrong = element("span", { class: "card-wrong", id: "card-range", role: "status" });
    this.edit = element("label", { class: "card-edit", hidden: true }, element("span"), this.input, this.wrong);
    this.sheet = new Sheet({ class: "card-picture", "aria-hidden": "true" });
    this.title = element("strong");
    this.lines = element("div", { class: "card-lines" });
    this.root = element("div", { class: "card", hidden: true, "data-testid": "card" }, this.sheet.canvas, element("div", {}, this.title, this.lines, this.edit));
  }

  hide() {
    this.root.hidden = true;
    this.judge(true);
  }

  /** Sends what was typed; what is no number within the range goes back, and the field says why. */
  set() {
    const value = this.input.valueAsNumber;
    const right = Number.isFinite(value) && Math.abs(value) <= MOST;
    if (!right) this.input.value = this.now;
    else if (this.target) this.onedit({ ...this.target, value });
    this.judge(right);
  }

  judge(/** @type {boolean} */ right) {
    mark(this.input, "aria-invalid", right ? null : "true");
    say(this.wrong, right ? "" : RANGE);
  }

  /**
   * @param {import("./network.js").Ref} ref
   * @param {CanvasImageSource | null} picture What fills the card's square, if anything.
   * @param {boolean} held Whether it was clicked, so that it stays and its number can be set.
   */
  fill(ref, scene, tick, counts, picture, held) {
    this.offer(ref, tick, counts, held);
    const last = counts.length - 1;
    this.root.hidden = false;
    this.sheet.canvas.hidden = !picture;
    const lines = [];
    if (ref.kind === "link") {
      say(this.title, `w = ${decimal(weightAt(tick, counts, ref.layer, ref.to, ref.from))}`);
      lines.push(`from ${unitName(scene, ref.layer, ref.from)}`, `to ${unitName(scene, ref.layer + 1, ref.to)}`);
    } else {
      say(this.title, unitTitle(scene, ref.column, ref.index));
      if (ref.column > 0) lines.push(`bias ${decimal(biasAt(tick, counts, ref.column, ref.index))}`);
      if (ref.column < last) {
        const { data } = surfaceOf(tick, counts, ref.column, ref.index);
        const scale = tick.header.unit_scales[ref.column];
        const ends = [Math.min(...data), Math.max(...data)].map((byte) => ((byte - 128) / 127.5) * scale);
        lines.push(ends[0] === ends[1] ? `${decimal(ends[0])} all over this plane` : `${decimal(ends[0])} to ${decimal(ends[1])} here`);
      }
      if (ref.column > 0) lines.push(...this.strongest(ref, scene, tick, counts));
    }
    while (this.lines.children.length > lines.length) this.lines.lastElementChild.remove();
    lines.forEach((line, i) => {
      if (!this.lines.children[i]) this.lines.append(element("div"));
      say(this.lines.children[i], line);
    });
    if (!picture) return;
    this.sheet.fit();
    const context = this.sheet.blank();
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, this.sheet.width, this.sheet.height);
  }

  /** A field for the number of what was clicked: a link's weight, a unit's bias. */
  offer(ref, tick, counts, /** @type {boolean} */ held) {
    const link = ref.kind === "link";
    const target = link ? { layer: ref.layer, to: ref.to, from: ref.from } : ref.column > 0 ? { layer: ref.column - 1, to: ref.index, from: null } : null;
    if (JSON.stringify(target) !== JSON.stringify(this.target)) this.judge(true);
    this.target = held ? target : null;
    this.edit.hidden = !this.target;
    this.root.toggleAttribute("data-held", Boolean(this.target));
    if (!this.target) return;
    say(this.edit.firstElementChild, link ? "weight " : "bias ");
    const now = link ? weightAt(tick, counts, ref.layer, ref.to, ref.from) : biasAt(tick, counts, ref.column, ref.index);
    this.now = String(Number(now.toPrecision(4)));
    if (!this.input.matches(":focus") && this.input.value !== this.now) this.input.value = this.now;
  }

  /** The two heaviest links that arrive at a unit. */
  strongest(ref, scene, tick, counts) {
    const arriving = Array.from({ length: counts[ref.column - 1] }, (_, from) => ({
      from, w: weightAt(tick, counts, ref.column - 1, ref.index, from),
    }));
    arriving.sort((a, b) => Math.abs(b.w) - Math.abs(a.w));
    return arriving.slice(0, 2).map(({ from, w }) => `${decimal(w)} \u00d7 ${unitName(scene, ref.column - 1, from)}`);
  }

  /** Stands beside a place, inside the stage. */
  stand(/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ aside, /** @type {{width: number, height: number}} */ room, /** @type {boolean} */ narrow) {
    if (narrow) {
      this.root.style.transform = ""; // on a phone it has a place of its own (live.css), where it hides no unit
      return;
    }
    const { offsetWidth: width, offsetHeight: height } = this.root;
    const right = x + aside + width <= room.width;
    const left = right ? x + aside : Math.max(0, x - aside - width);
    const top = Math.min(Math.max(0, y - height / 2), Math.max(0, room.height - height));
    this.root.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}
