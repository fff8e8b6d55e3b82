// One neuron: its sum written out with its numbers, and the plane of its two inputs, cut where the sum is 0. The hand moves
// the input, the weights and the bias on the plane itself; everything follows at once, from one table of the activation.

import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { decimal } from "./numbers.js";
import { Diagram, fixed } from "./neuron_diagram.js";
import { Plane } from "./neuron_plane.js";
import { Shared, snap } from "./shared.js";

const STEP = 0.05;
/** Keys move by this much; with shift by one step. */
const KEY = 0.25;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
/** A difference this large between neighbouring samples is a jump: nothing lies in between. */
const JUMP = 0.5;

class Neuron extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "neuron", ["visual.css", "neuron.css"]);
    this.shared = new Shared();
    this.diagram = new Diagram();
    this.plane = new Plane();
    this.sum = element("p", { class: "equation", "data-testid": "sum" });
    this.output = element("p", { class: "equation", "data-testid": "output" });
    this.words = element("p", { class: "words", "data-testid": "words" });
    this.chips = element("div", { class: "chips", role: "radiogroup", "aria-label": "Four corners" });
    this.score = element("span", { class: "score", "data-testid": "score" });
    this.answer = element("button", { type: "button", class: "answer", "data-testid": "answer", title: "Weights and a bias that do as well as one line can", onclick: () => this.solve() }, "Show me");
    this.alt = element("div", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.grips = {
      point: this.grip("point", "Input point"),
      tip: this.grip("tip", "Tip of the weights' arrow"),
      line: this.grip("line", "Decision line, moved by the bias"),
    };
    this.corners = element("div", { class: "corners" }, element("span", { class: "name" }, "Four corners"), this.chips, this.score, this.answer);
    this.root.append(
      element("div", { class: "stage" },
        element("div", { class: "figure diagram" }, element("h3", {}, "One neuron"), this.diagram.sheet.canvas),
        this.sum, this.output, this.words, this.corners),
      element("div", { class: "panel" }, element("h3", {}, "Its output over both inputs"),
        element("div", { class: "plane" }, this.plane.sheet.canvas, ...Object.values(this.grips)), this.alt));
    this.plane.sheet.canvas.addEventListener("click", (/** @type {MouseEvent} */ event) => {
      this.carry("point", this.plane.at(event.offsetX, event.offsetY), true);
    });
  }

  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    this.table = blocks.table.data;
    this.middle = (this.table.length - 1) / 2;
    if (!this.chips.childElementCount) {
      this.chips.append(...Object.entries(header.tasks).map(([task, title]) => element("button", {
        type: "button", role: "radio", "data-testid": `task-${task}`, onclick: () => this.change({ task }, true),
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.walk(event),
      }, title)));
      this.tasks = Object.keys(header.tasks);
    }
  }

  update(/** @type {Record<string, any>} */ data) {
    this.shared.hear(data.values);
    const may = { point: this.may("x1") && this.may("x2"), tip: this.may("w1") && this.may("w2"), line: this.may("bias") };
    for (const [name, allowed] of Object.entries(may)) this.grips[name].hidden = !allowed;
  }

  /** The activation at a sum: between two samples by a straight line, at a jump what is to its right. */
  activate = (/** @type {number} */ z) => {
    const place = Math.min(this.table.length - 1, Math.max(0, z * this.frame?.header.per_unit + this.middle));
    const left = Math.min(this.table.length - 2, Math.floor(place + 1e-6));
    const [a, b, part] = [this.table[left], this.table[left + 1], Math.max(0, place - left)];
    return Math.abs(b - a) > JUMP ? (part > 1e-6 ? b : a) : a + (b - a) * part;
  };

  total(/** @type {number} */ x1, /** @type {number} */ x2) {
    const { w1, w2, bias } = this.shared.values;
    return w1 * x1 + w2 * x2 + bias;
  }

  /** What the hand changed; the page hears of it when the hand rests. */
  change(/** @type {Record<string, any>} */ changes, /** @type {boolean} */ settled) {
    const now = this.shared.values;
    const real = Object.fromEntries(Object.entries(changes).filter(([name, value]) => this.may(name) && now[name] !== value));
    if (Object.keys(real).length) {
      this.shared.set(real);
      this.waiting = { ...this.waiting, ...real };
    }
    if (settled && this.waiting) {
      this.edit(this.waiting, false);
      this.waiting = null;
    }
    this.again();
  }

  /** Takes one of the three things on the plane to a place. */
  carry(/** @type {string} */ what, /** @type {[number, number]} */ [a, b], /** @type {boolean} */ settled) {
    const { plane, heaviest } = this.frame?.header ?? { plane: 1, heaviest: 1 };
    const { w1, w2 } = this.shared.values;
    if (what === "point") this.change({ x1: snap(a, STEP, -plane, plane), x2: snap(b, STEP, -plane, plane) }, settled);
    else if (what === "tip") this.change({ w1: snap(a / plane * heaviest, STEP, -heaviest, heaviest), w2: snap(b / plane * heaviest, STEP, -heaviest, heaviest) }, settled);
    else this.change({ bias: snap(-(w1 * a + w2 * b), STEP, -heaviest, heaviest) }, settled);
  }

  /** An invisible button over something on the plane: a finger can hit it, the keyboard can reach it. */
  grip(/** @type {string} */ what, /** @type {string} */ label) {
    const made = element("button", { type: "button", class: "grip", "data-testid": what, "aria-label": label });
    const place = (/** @type {PointerEvent} */ event) => {
      const edge = this.plane.sheet.canvas.getBoundingClientRect();
      return this.plane.at(event.clientX - edge.left, event.clientY - edge.top);
    };
    made.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (event.button !== 0) return;
      made.setPointerCapture(event.pointerId);
      const go = (/** @type {PointerEvent} */ now) => this.carry(what, place(now), false);
      const stop = () => {
        made.removeEventListener("pointermove", go);
        for (const end of ["pointerup", "pointercancel"]) made.removeEventListener(end, stop);
        this.change({}, true);
      };
      made.addEventListener("pointermove", go);
      for (const end of ["pointerup", "pointercancel"]) made.addEventListener(end, stop);
    });
    made.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const by = ARROWS[/** @type {keyof typeof ARROWS} */ (event.key)];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      const far = event.shiftKey ? STEP : KEY;
      const { w1, w2, bias, x1, x2 } = this.shared.values;
      const { plane, heaviest } = this.frame?.header ?? { plane: 1, heaviest: 1 };
      if (what === "point") this.carry(what, [x1 + by[0] * far, x2 + by[1] * far], true);
      else if (what === "tip") this.carry(what, [(w1 + by[0] * far) / heaviest * plane, (w2 + by[1] * far) / heaviest * plane], true);
      else this.change({ bias: snap(bias + (by[0] + by[1]) * far, STEP, -heaviest, heaviest) }, true);
    });
    return made;
  }

  /** The arrow keys among the four tasks. */
  walk(/** @type {KeyboardEvent} */ event) {
    const by = ARROWS[/** @type {keyof typeof ARROWS} */ (event.key)];
    if (!by || !this.tasks) return;
    event.preventDefault();
    event.stopPropagation();
    const count = this.tasks.length;
    const to = (this.tasks.indexOf(this.shared.values.task) + (by[0] || -by[1]) + count) % count;
    this.change({ task: this.tasks[to] }, true);
    this.chips.children[to].focus();
  }

  /** Weights and a bias that do as well as one line can. */
  solve() {
    const [w1, w2, bias] = this.frame?.header.answers[this.shared.values.task];
    this.change({ w1, w2, bias }, true);
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    if (!this.frame) return;
    const { header } = this.frame;
    const values = this.shared.values;
    const z = this.total(values.x1, values.x2);
    const y = this.activate(z);
    const wanted = header.wanted[values.task];
    const corners = wanted.map((/** @type {boolean} */ above, /** @type {number} */ i) => {
      const [a, b] = header.corners[i];
      const sum = this.total(a, b);
      return { a, b, above, y: this.activate(sum), right: (sum > 0) === above };
    });
    const view = { ...values, z, y, header, corners, activate: this.activate, size: this.size, present: this.present };
    this.diagram.draw(theme, view);
    this.plane.draw(theme, view);
    this.hold();
    this.read(values, z, y, corners);
  }

  /** Puts the grips where things are drawn. */
  hold() {
    const { spots } = this.plane;
    for (const [name, grip] of Object.entries(this.grips)) {
      const spot = spots[/** @type {"point" | "tip" | "line"} */ (name)];
      grip.style.visibility = spot ? "" : "hidden";
      if (spot) Object.assign(grip.style, { left: `${spot[0]}px`, top: `${spot[1]}px` });
    }
    const { x1, x2, w1, w2, bias } = this.shared.values;
    mark(this.grips.point, "aria-description", `x1 ${fixed(x1)}, x2 ${fixed(x2)}. Arrow keys move it.`);
    mark(this.grips.tip, "aria-description", `w1 ${fixed(w1)}, w2 ${fixed(w2)}. Arrow keys move it.`);
    mark(this.grips.line, "aria-description", `bias ${fixed(bias)}. Arrow keys change it.`);
  }

  /** The sum with its numbers, what it means, and all of it in words. */
  read(values, /** @type {number} */ z, /** @type {number} */ y, corners) {
    const { w1, w2, bias, x1, x2, task } = values;
    const { name, tasks } = this.frame?.header ?? {};
    write(this.sum, [["z = ", "quiet"], ...times(w1, x1), [" + ", "quiet"], ...times(w2, x2), [" + ", "quiet"], signed(bias), [" = ", "quiet"], [fixed(z, 3), "strong"]]);
    write(this.output, [["y = ", "quiet"], [`${name.toLowerCase() === "identity" ? "" : name}(${fixed(z, 3)})`, ""], [" = ", "quiet"], [decimal(y), "strong"]]);
    const flat = w1 === 0 && w2 === 0;
    const side = z === 0 ? "The sum is 0: the point lies on the decision line." : z > 0
      ? `The sum is ${fixed(z, 2)}, above 0: the point lies where the arrow points.`
      : `The sum is ${fixed(z, 2)}, below 0: the point lies behind the line.`;
    const hits = corners.filter((/** @type {any} */ one) => one.right).length;
    const about = flat ? "Both weights are 0: there is no line, and the inputs count for nothing."
      : task === "xor" ? "No line has these two corners on one side: at most 3 of 4 are right."
      : task !== "none" ? (hits === 4 ? `${tasks[task]} is solved: one straight line is enough.` : `Put the line so that only the squares of ${tasks[task]} lie where the arrow points.`)
      : "The weights turn the line and make it steep; the bias moves it.";
    say(this.words, `${side} ${about}`);
    [...this.chips.children].forEach((chip, i) => {
      const chosen = this.tasks?.[i] === task;
      mark(chip, "aria-checked", String(chosen));
      chip.tabIndex = chosen ? 0 : -1;
      chip.disabled = !this.may("task");
    });
    this.corners.hidden = !this.may("task") && task === "none";
    say(this.score, corners.length ? `${hits} of 4 right` : "");
    this.answer.style.visibility = corners.length && ["w1", "w2", "bias"].every((field) => this.may(field)) ? "" : "hidden";
    const said = `w1 ${fixed(w1)}, w2 ${fixed(w2)}, bias ${fixed(bias)}; at x1 ${fixed(x1)}, x2 ${fixed(x2)} the sum is ${fixed(z, 3)} and ${name} gives ${decimal(y)}. ${corners.length ? `${tasks[task]}: ${hits} of 4 corners right. ` : ""}${about}`;
    say(this.alt, said);
    mark(this.diagram.sheet.canvas, "aria-label", `A neuron with two inputs: ${said}`);
    mark(this.plane.sheet.canvas, "aria-label", `Output of the neuron over x1 and x2, orange low and blue high, with its decision line. ${said}`);
    const state = { w1, w2, bias, x1, x2, z, y, right: corners.length ? hits : -1 };
    for (const [key, number] of Object.entries(state)) mark(this.root, `data-${key}`, String(Number(number.toFixed(4))));
    mark(this.root, "data-task", task);
  }
}

/** A number with two digits, as in the sliders. */
/** A number underlined by its sign; brackets where a minus would follow a sign. */
function signed(/** @type {number} */ x) {
  return [x < 0 ? `(${fixed(x)})` : fixed(x), x < 0 ? "negative" : x > 0 ? "positive" : ""];
}

function times(/** @type {number} */ w, /** @type {number} */ x) {
  return [signed(w), [" \u00d7 ", "quiet"], [x < 0 ? `(${fixed(x)})` : fixed(x), ""]];
}

/** Words with a class each; only what changed is set. */
function write(/** @type {HTMLElement} */ node, /** @type {string[][]} */ parts) {
  if (node.childElementCount !== parts.length) node.replaceChildren(...parts.map(() => element("span")));
  parts.forEach(([text, kind], i) => {
    say(node.children[i], text);
    if (node.children[i].className !== kind) node.children[i].className = kind;
  });
}

export default hosted(Neuron);
