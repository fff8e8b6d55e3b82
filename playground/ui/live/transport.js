// The bar that is always in sight: play, step, epoch, reset, speed, and the run's numbers in places that never move.

import { element, icon, mark, say } from "./dom.js";
import { decimal, percent, whole } from "./numbers.js";

/** The speed slider: from one step a second at 0, by decades, to flat out at its end. */
const ENDS = 60;
const DECADES = 3.5;

/** Steps a second at a place of the slider; 0 is flat out. */
export function speedAt(/** @type {number} */ place) {
  if (place >= ENDS) return 0;
  const raw = 10 ** ((place / (ENDS - 1)) * DECADES);
  const digits = 10 ** Math.max(0, Math.floor(Math.log10(raw)) - 1);
  return Math.round(raw / digits) * digits;
}

/** The place of the slider for a speed. */
export function placeOf(/** @type {number} */ speed) {
  if (!(speed > 0)) return ENDS;
  return Math.max(0, Math.min(ENDS - 1, Math.round((Math.log10(speed) / DECADES) * (ENDS - 1))));
}

export class Transport {
  /** @param {(cmd: string, more?: Record<string, any>) => boolean} send */
  constructor(send) {
    this.send = send;
    this.playing = false;
    /** A command was given whose effect is not seen yet: show it as done until the run says otherwise. */
    this.expected = { playing: false, until: 0 };
    this.slid = 0;
    const button = (/** @type {any} */ name, /** @type {string} */ text, /** @type {string} */ title) =>
      element("button", { type: "button", class: name, "data-testid": name, title, onclick: () => this.press(name) }, icon(name), element("span", {}, text));
    this.play = button("play", "Play", "Train, or pause (space)");
    const step = button("step", "Step", "One update from one batch (arrow right)");
    const epoch = button("epoch", "Epoch", "One pass over the training data (shift and arrow right)");
    const reset = button("reset", "Reset", "Back to the same initial weights (R)");
    step.setAttribute("aria-label", "Step: one update from one batch");
    epoch.setAttribute("aria-label", "Epoch: one pass over the training data");
    reset.setAttribute("aria-label", "Reset to the same initial weights");
    this.buttons = [this.play, step, epoch, reset];
    this.slider = element("input", {
      type: "range", min: 0, max: ENDS, step: 1, value: ENDS, "data-testid": "speed", "aria-label": "Speed", oninput: () => this.slide(),
    });
    this.speed = element("output", { class: "speed-value" }, "flat out");
    this.values = {
      epoch: this.readout("epoch", "epoch-value"),
      loss: this.readout("val loss", "val-loss"),
      metric: this.readout("val accuracy", "val-metric"),
      rate: this.readout("epochs/s", "rate"),
      device: this.readout("device", "device"),
    };
    this.root = element(
      "div", { class: "transport", role: "group", "aria-label": "Training" },
      element("div", { class: "buttons" }, ...this.buttons),
      element("label", { class: "speed" }, element("span", { class: "label" }, "speed ", this.speed), this.slider),
      element("dl", { class: "readouts" }, ...Object.values(this.values).map((value) => value.parentElement)),
    );
  }

  /** A number with its name; the place keeps its width whatever stands in it. */
  readout(/** @type {string} */ label, /** @type {string} */ id) {
    const value = element("dd", { "data-testid": id }, "\u2013");
    element("div", { class: `readout ${id}` }, element("dt", {}, label), value);
    return value;
  }

  /** Obeys a button or its key. */
  press(/** @type {string} */ name) {
    if (this.play.getAttribute("aria-disabled") === "true") return;
    if (name !== "play") {
      this.send(name);
      if (name === "reset") return;
      this.expect(false);
      return;
    }
    if (this.send(this.playing ? "pause" : "play")) this.expect(!this.playing);
  }

  expect(/** @type {boolean} */ playing) {
    this.expected = { playing, until: performance.now() + 1000 };
    this.showPlaying(playing);
  }

  slide() {
    const value = speedAt(Number(this.slider.value));
    this.slid = performance.now();
    this.saySpeed(value);
    this.send("speed", { value });
  }

  saySpeed(/** @type {number} */ value) {
    const words = value ? `${whole(value)} ${value === 1 ? "step" : "steps"}/s` : "flat out";
    say(this.speed, words);
    mark(this.slider, "aria-valuetext", words);
  }

  showPlaying(/** @type {boolean} */ playing) {
    if (playing === this.playing && this.play.hasAttribute("aria-label")) return;
    this.playing = playing;
    this.play.replaceChildren(icon(playing ? "pause" : "play"), element("span", {}, playing ? "Pause" : "Play"));
    mark(this.play, "aria-label", playing ? "Pause" : "Play");
    mark(this.play, "data-playing", String(playing));
  }

  /** Whether commands can reach the run now. */
  enable(/** @type {boolean} */ able) {
    for (const button of this.buttons) mark(button, "aria-disabled", able ? null : "true");
    this.slider.disabled = !able;
  }

  /**
   * @param {Record<string, any>} header Of the newest tick.
   * @param {string} task
   */
  update(header, task) {
    const playing = header.status === "playing" || (header.status === "queued" && this.playing);
    const waiting = performance.now() < this.expected.until;
    if (waiting && playing === this.expected.playing) this.expected.until = 0;
    if (!waiting || playing === this.expected.playing) this.showPlaying(playing);
    const { metrics } = header;
    const { epoch, loss, metric, rate, device } = this.values;
    say(epoch, whole(header.epoch));
    say(loss, decimal(metrics.val_loss));
    say(metric.previousSibling, task === "regression" ? "val error" : "val accuracy");
    say(metric, task === "regression" ? decimal(metrics.val_error) : percent(metrics.val_accuracy));
    say(rate, header.status === "playing" && header.rate ? (header.rate < 9.95 ? header.rate.toFixed(1) : whole(header.rate)) : "\u2013");
    say(device, header.device || "\u2013");
    mark(device, "title", header.device || "");
    if (performance.now() - this.slid > 1500) {
      const place = String(placeOf(header.speed));
      if (this.slider.value !== place) this.slider.value = place;
      this.saySpeed(header.speed || 0);
    }
  }
}
