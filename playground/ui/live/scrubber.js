// The bar over something that was computed whole and is played back: play, back, step, reset, a place in it, a speed.

import { element, icon, mark, say } from "./dom.js";
import { listen } from "./keys.js";
import { counted, whole } from "./numbers.js";

/** Speeds there are, in steps a second. */
const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
/** How long the whole takes at the speed chosen by itself, in seconds. */
const WHOLE = 6;
/** Steps that shift and an arrow key go at once. */
const STRIDE = 10;
/** After a pause of the page's drawing, such as a hidden tab, it goes on from where it was, in seconds. */
const LONGEST = 0.25;

export class Scrubber {
  /**
   * @param {object} told
   * @param {(step: number) => void} told.onmove  Heard whenever the step changed.
   * @param {() => void} told.again               Asks for a drawing.
   * @param {string} told.label                   What is played, for who listens instead of looking: "Descent".
   * @param {string} [told.unit]                  What a step is called.
   * @param {number} [told.first]                 The number that its first step is shown with.
   */
  constructor({ onmove, again, label, unit = "step", first = 0 }) {
    Object.assign(this, { onmove, again, unit, first });
    this.playing = false;
    this.step = 0;
    this.steps = 0;
    /** Steps a second that were chosen; 0 while none was. */
    this.chosen = 0;
    this.asked = 0;
    /** @type {ArrayLike<number> | null} What each step is called, where not all of a run's steps were kept. */
    this.numbers = null;
    const button = (/** @type {string} */ name, /** @type {string} */ text, /** @type {string} */ title, /** @type {any} */ picture = name) =>
      element("button", { type: "button", class: name, "data-testid": name, title, "aria-label": text, onclick: () => this.press(name) }, icon(picture), element("span", {}, text));
    this.button = button("play", "Play", "Play, or pause (space)");
    this.backward = button("back", "Back", `One ${unit} back (arrow left)`, "step");
    this.forward = button("step", "Step", `One ${unit} on (arrow right)`);
    this.rewind = button("reset", "Reset", "Back to the start (R)");
    this.range = element("input", {
      type: "range", class: "scrub", min: 0, max: 0, step: 1, value: 0, "data-testid": "scrub", "aria-label": `${label}: ${unit}`,
      oninput: () => {
        this.pause();
        this.to(Number(this.range.value));
      },
      onkeydown: (/** @type {KeyboardEvent} */ event) => { // its arrows are its own, the other keys are the bar's
        const name = { " ": "play", r: "reset", R: "reset" }[event.key];
        if (!name || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        if (!event.repeat) this.press(name);
      },
    });
    this.value = element("dd", { "data-testid": "step-value" }, "\u2013");
    this.pace = element("select", { "data-testid": "speed", "aria-label": "Speed", onchange: () => { this.chosen = Number(this.pace.value); } });
    for (const speed of SPEEDS) this.pace.append(element("option", { value: speed }, `${counted(speed, unit)}/s`));
    this.root = element(
      "div", { class: "transport scrubber", role: "group", "aria-label": label, "data-playing": "false" },
      element("div", { class: "buttons" }, this.button, this.backward, this.forward, this.rewind),
      this.range,
      element("dl", { class: "readouts" }, element("div", { class: "readout" }, element("dt", {}, unit), this.value)),
      element("label", { class: "pace" }, element("span", { class: "label" }, "speed"), this.pace),
    );
    this.motion = window.matchMedia("(prefers-reduced-motion: reduce)");
    // Keys are heard in the whole component, of which this bar becomes a part after it was made.
    queueMicrotask(() => { this.silence = listen(this.root.closest(".playground") ?? this.root, (name) => this.press(name), { ArrowLeft: "back" }); });
    this.show();
  }

  /** The step that is shown. */
  get at() {
    return this.step;
  }

  /** Shows another one without telling anybody. */
  set at(step) {
    this.step = Math.round(Math.min(this.steps, Math.max(0, step)));
    this.exact = this.step;
    this.show();
  }

  /** The last step there is. */
  get length() {
    return this.steps;
  }

  set length(steps) {
    this.steps = Math.max(0, Math.round(steps));
    this.at = this.step;
  }

  /** Steps a second. */
  get speed() {
    if (this.chosen) return this.chosen;
    const even = Math.max(1, this.steps / WHOLE);
    return SPEEDS.reduce((best, one) => (Math.abs(Math.log(one / even)) < Math.abs(Math.log(best / even)) ? one : best));
  }

  /** Goes to a step and tells of it. */
  to(/** @type {number} */ step) {
    const before = this.step;
    this.at = step;
    if (this.step === before) return;
    this.onmove(this.step);
    this.again();
  }

  play() {
    if (this.playing || !this.steps) return;
    if (this.step >= this.steps) this.to(0);
    if (this.motion.matches) return this.to(this.steps); // nothing moves that does not have to
    this.playing = true;
    this.exact = this.step;
    this.show();
    this.again();
    let before = performance.now();
    const tick = (/** @type {number} */ now) => {
      if (!this.playing) return;
      if (!this.root.isConnected) return this.pause();
      this.exact = Math.min(this.steps, this.exact + this.speed * Math.min(LONGEST, Math.max(0, now - before) / 1000));
      before = now;
      const exact = this.exact;
      this.to(Math.floor(exact));
      this.exact = exact;
      if (this.step >= this.steps) this.pause();
      else this.asked = window.requestAnimationFrame(tick);
    };
    this.asked = window.requestAnimationFrame(tick);
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    window.cancelAnimationFrame(this.asked);
    this.show();
    this.again();
  }

  /** Obeys a button or its key. */
  press(/** @type {string} */ name) {
    if (name === "play") return this.playing ? this.pause() : this.play();
    const goal = { step: this.step + 1, back: this.step - 1, epoch: this.step + STRIDE, stride: this.step - STRIDE, reset: 0 }[name];
    if (goal === undefined) return;
    this.pause();
    this.to(goal);
  }

  show() {
    const { step, steps, playing } = this;
    mark(this.root, "data-playing", String(playing));
    mark(this.root, "data-step", String(step));
    if (this.button.dataset.playing !== String(playing)) {
      mark(this.button, "data-playing", String(playing));
      mark(this.button, "aria-label", playing ? "Pause" : "Play");
      this.button.replaceChildren(icon(playing ? "pause" : "play"), element("span", {}, playing ? "Pause" : "Play"));
    }
    mark(this.button, "aria-disabled", steps ? null : "true");
    for (const button of [this.backward, this.rewind]) mark(button, "aria-disabled", step > 0 ? null : "true");
    mark(this.forward, "aria-disabled", step < steps ? null : "true");
    mark(this.range, "max", String(steps));
    if (this.range.value !== String(step)) this.range.value = String(step);
    const now = this.numbers?.[step] ?? step + this.first;
    const all = this.numbers?.[steps] ?? steps + this.first;
    mark(this.range, "aria-valuetext", `${now} of ${all}`);
    const last = whole(all);
    say(this.value, `${whole(now)} / ${last}`);
    this.root.style.setProperty("--digits", `${2 * last.length + 3}ch`); // it keeps its width at every step
    if (this.pace.value !== String(this.speed)) this.pace.value = String(this.speed);
  }

  /** Once it is gone from the page. */
  end() {
    this.playing = false;
    window.cancelAnimationFrame(this.asked);
    this.silence?.();
  }
}
