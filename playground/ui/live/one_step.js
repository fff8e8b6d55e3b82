// One step of learning in four phases: forward, loss, backward, update. The state is kept here; `step_picture.js` draws the
// network, `step_words.js` writes the equations, `step_batch.js` and `step_hand.js` are what a hand can change.

import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { listen } from "./keys.js";
import { decimal, whole } from "./numbers.js";
import { StepBatch } from "./step_batch.js";
import { StepHand } from "./step_hand.js";
import { PHASES } from "./step_pen.js";
import { StepPicture } from "./step_picture.js";
import { same, Scene } from "./step_scene.js";
import { explained, spoken } from "./step_words.js";

const WORDS = { start: "Start", forward: "Forward", loss: "Loss", backward: "Backward", update: "Update" };
/** How long a phase flows, in milliseconds for each layer of links, and at most. */
const FLOW = 480;
const LONGEST = 1800;
const SHORT = 500;
/** How long the page may take to answer before it is asked again, in milliseconds. */
const PATIENCE = 3000;
/** Weights beyond this are not carried on. */
const MOST = 1000;

class OneStep extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "one-step", ["visual.css", "one_step.css"]);
    /** @type {Scene | null} */
    this.scene = null;
    this.phase = 0;
    this.began = -1;
    this.row = 0;
    /** @type {import("./step_scene.js").Ref | null} */
    this.chosen = null;
    /** @type {import("./step_scene.js").Ref | null} */
    this.hovered = null;
    /** The weights that "Next step" carries over, until the page answers with them. */
    this.carrying = "";
    this.sent = 0;
    /** @type {number[]} Losses of the steps before this one. */
    this.history = [];
    this.picture = new StepPicture();
    this.batch = new StepBatch((row) => { this.row = row; this.again(); }, (batch) => this.edit({ batch }));
    this.hand = new StepHand((ref) => this.choose(ref), (value, settled) => this.set(value, settled));
    this.build();
    this.silence = listen(this.root, (name) => this.press(name));
    this.root.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (event.key === "ArrowLeft" && !["INPUT", "SELECT"].includes(target.tagName)) this.go(Math.max(0, this.phase - 1), false);
    });
  }

  build() {
    this.next = element("button", { class: "play", type: "button", "data-testid": "next", onclick: () => this.forth() });
    this.marks = PHASES.slice(1).map((name, k) => element("button", {
      type: "button", class: "phase", "data-testid": name, onclick: () => this.go(k + 1),
    }, element("span", { class: "phase-number", "aria-hidden": "true" }, String(k + 1)), element("span", {}, WORDS[name])));
    const fact = (/** @type {string} */ name, /** @type {string} */ title) => {
      const cell = element("dd", { "data-testid": name }, "\u2013");
      return [cell, element("div", { class: `readout ${name}` }, element("dt", {}, title), cell)];
    };
    const [taken, takenRoot] = fact("step-number", "step");
    const [before, beforeRoot] = fact("loss-before", "loss");
    const [after, afterRoot] = fact("loss-after", "loss after");
    Object.assign(this, { taken, takenRoot, before, after });
    const canvas = this.picture.sheet.canvas;
    canvas.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => { if (event.pointerType === "mouse") this.hover(this.under(event)); });
    canvas.addEventListener("pointerleave", () => this.hover(null));
    canvas.addEventListener("click", (/** @type {PointerEvent} */ event) => this.choose(this.under(event)));
    this.title = element("h3");
    this.words = element("div", { class: "explain", "data-testid": "explain" });
    this.alt = element("div", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(
      element("div", { class: "transport" },
        element("div", { class: "buttons" }, this.next),
        element("div", { class: "buttons phases", role: "group", "aria-label": "Phases of the step" }, ...this.marks),
        element("dl", { class: "readouts" }, takenRoot, beforeRoot, afterRoot)),
      element("div", { class: "stage" }, element("div", { class: "field" }, canvas)),
      element("div", { class: "panel" }, this.title, this.words, this.hand.root, this.batch.root),
      this.alt,
    );
  }

  // -- what the page says

  take(/** @type {import("./frame.js").Frame} */ frame) {
    const old = this.scene;
    this.scene = new Scene(frame);
    if (this.chosen && !this.scene.has(this.chosen)) this.chosen = null;
    this.hovered = null;
    this.row = Math.min(this.row, this.scene.batch);
    if (old && old.header.counts.join() !== this.scene.header.counts.join()) this.picture = renewed(this.picture);
    // On a phone the button that asks for it may fill the screen: what was asked for comes into sight, once.
    if (!old) requestAnimationFrame(() => {
      if (!this.data?.embedded || !this.narrow) return;
      this.root.style.scrollMarginTop = "56px"; // the page's own bar; here, because style sheets may come later
      this.root.scrollIntoView({ block: "start", behavior: this.calm ? "auto" : "smooth" });
    });
    if (this.carrying && this.carrying === JSON.stringify(this.scene.parameters("weights"))) {
      this.carrying = "";
      this.history.push(/** @type {Scene} */ (old).header.loss);
      this.go(1);
    } else if (old && old.header.new_loss !== this.scene.header.new_loss) {
      this.history = []; // another network, batch or rate: what came before is no part of it
    }
  }

  // -- phases

  /** The next phase; behind the last one the new weights are carried over. */
  forth() {
    if (this.phase < PHASES.length - 1) this.go(this.phase + 1);
    else if (this.carries()) this.carry();
    else if (!this.may("weights")) this.go(0, false);
  }

  /** Whether the new weights can become the current ones here. */
  carries() {
    return this.may("weights") && this.scene !== null && this.scene.largest("new_weights") <= MOST && this.scene.header.new_loss !== null;
  }

  carry() {
    if (!this.scene || (this.carrying && performance.now() - this.sent < PATIENCE)) return;
    const weights = this.scene.parameters("new_weights");
    Object.assign(this, { carrying: JSON.stringify(weights), sent: performance.now() });
    this.edit({ weights, ...(this.may("taken") ? { taken: (this.data?.taken ?? 0) + 1 } : {}) });
  }

  /** Goes to a phase, and lets its numbers flow. */
  go(/** @type {number} */ phase, flowing = true) {
    this.phase = phase;
    this.began = flowing && !this.calm && phase > 0 ? performance.now() : -1;
    this.again(); // what the root says of itself is said once it is drawn
  }

  /** How far the phase has come, 0..1. */
  progress() {
    if (this.began < 0 || !this.scene) return 1;
    const flows = PHASES[this.phase] === "forward" || PHASES[this.phase] === "backward";
    const long = flows ? Math.min(LONGEST, FLOW * this.scene.last) : SHORT;
    const share = (performance.now() - this.began) / long;
    if (share < 1) return share;
    this.began = -1;
    return 1;
  }

  press(/** @type {string} */ name) {
    if (name === "play" || name === "step") this.forth();
    else if (name === "reset") this.go(0, false);
    else if (name === "close") this.choose(null);
  }

  // -- what is looked at

  under(/** @type {PointerEvent} */ event) {
    const box = this.picture.sheet.canvas.getBoundingClientRect();
    return this.picture.at(event.clientX - box.left, event.clientY - box.top, event.pointerType === "mouse" ? 8 : 22);
  }

  hover(/** @type {import("./step_scene.js").Ref | null} */ ref) {
    if (ref === this.hovered || same(ref, this.hovered)) return;
    this.hovered = ref;
    this.picture.sheet.canvas.style.cursor = ref ? "pointer" : "";
    this.again();
  }

  choose(/** @type {import("./step_scene.js").Ref | null} */ ref) {
    this.chosen = ref;
    this.again();
  }

  /** Sets the weight that was chosen. */
  set(/** @type {number} */ value, /** @type {boolean} */ settled) {
    if (!this.scene || !this.chosen) return;
    const weights = this.scene.parameters("weights", this.chosen, value);
    this.edit({ weights, ...(this.may("taken") ? { taken: 0 } : {}) }, settled);
  }

  // -- drawing

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    const { scene } = this;
    if (!scene) return;
    const progress = this.progress();
    const focus = this.hovered ?? this.chosen;
    const ref = focus ?? scene.steepest();
    const phase = PHASES[this.phase];
    this.picture.draw(theme, scene, { phase: this.phase, progress, row: this.row, focus, size: this.size });
    this.tell(scene, phase, ref);
    this.hand.draw(scene, { ref: this.hovered && !this.chosen ? this.hovered : this.chosen, editable: this.may("weights") });
    this.batch.draw(scene, { row: this.row, known: this.phase, editable: this.may("batch") });
    this.buttons(phase);
    mark(this.root, "data-phase", phase);
    mark(this.root, "data-focus", focus ? scene.linkName(focus) : "");
    mark(this.root, "data-sample", this.row === scene.batch ? "all" : String(this.row));
    mark(this.root, "data-taken", String(this.data?.taken ?? 0));
    mark(this.root, "data-loss", String(scene.header.loss));
    mark(this.root, "data-embedded", this.data?.embedded ? "" : null);
    mark(this.root, "data-moving", this.began >= 0 ? "" : null);
    if (this.began >= 0) this.again();
  }

  /** Equations and the text alternative: written anew only where they say something else. */
  tell(/** @type {Scene} */ scene, /** @type {string} */ phase, /** @type {import("./step_scene.js").Ref} */ ref) {
    const view = { phase, row: this.row, ref, chosen: Boolean(this.hovered ?? this.chosen), history: this.history };
    const key = JSON.stringify([view, this.packed.length, scene.header.loss, scene.header.new_loss, scene.header.check]);
    if (key === this.written && scene === this.writtenOf) return;
    Object.assign(this, { written: key, writtenOf: scene });
    const { title, nodes } = explained(scene, view);
    say(this.title, title);
    this.words.replaceChildren(...nodes);
    const [room, line] = [".moves-room", "tr[data-chosen]"].map((which) => /** @type {HTMLElement | null} */ (this.words.querySelector(which)));
    if (room && line) room.scrollTop = line.offsetTop - room.clientHeight / 2; // not scrollIntoView: the page stays where it is
    const words = spoken(scene, view);
    say(this.alt, words);
    mark(this.picture.sheet.canvas, "aria-label", words);
  }

  buttons(/** @type {string} */ phase) {
    const last = this.phase === PHASES.length - 1;
    const { scene } = /** @type {any} */ (this);
    say(this.next, last ? (this.may("weights") ? "Next step" : "Again") : `Next: ${WORDS[PHASES[this.phase + 1]]}`);
    mark(this.next, "aria-disabled", (last && this.may("weights") && !this.carries()) ? "true" : null);
    this.marks.forEach((button, k) => {
      mark(button, "aria-current", PHASES[k + 1] === phase ? "step" : null);
      mark(button, "data-done", k + 1 < this.phase ? "" : null);
    });
    const { taken, takenRoot, before, after } = /** @type {any} */ (this);
    takenRoot.hidden = this.data?.taken === undefined;
    say(taken, whole((this.data?.taken ?? 0) + 1));
    say(before, this.phase >= 2 ? decimal(scene.header.loss) : "\u2013");
    say(after, this.phase >= 4 ? decimal(scene.header.new_loss) : "\u2013");
  }

  end() {
    this.silence();
    super.end();
  }
}

/** The same picture with scales that begin anew. */
function renewed(/** @type {StepPicture} */ picture) {
  return Object.assign(picture, { scale: 1, steep: 0.25 });
}

export default hosted(OneStep);
