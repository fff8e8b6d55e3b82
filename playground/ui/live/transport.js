// The bar that is always in sight: play, step, epoch, reset, speed, and the run's numbers in places that never move.

import { element, icon, mark, say } from "./dom.js";
import { counted, decimal, percent, whole } from "./numbers.js";

/** The speed slider: from one step a second at 0, by decades, to flat out at its end. */
const ENDS = 60;
const DECADES = 3.5;

/** Steps a second at a place of the slider; 0 is flat out. */
function speedAt(/** @type {number} */ place) {
  if (place >= ENDS) return 0;
  const raw = 10 ** ((place / (ENDS - 1)) * DECADES);
  const digits = 10 ** Math.max(0, Math.floor(Math.log10(raw)) - 1);
  return Math.round(raw / digits) * digits;
}

/** The place of the slider for a speed. */
function placeOf(/** @type {number} */ speed) {
  if (!(speed > 0)) return ENDS;
  return Math.max(0, Math.min(ENDS - 1, Math.round((Math.log10(speed) / DECADES) * (ENDS - 1))));
}

/** How long a command is believed before the run has shown it, in milliseconds. */
const BELIEVED = 1000;
/** What cannot be done where the loss is no number any more. */
const DIVERGED = "The loss is no longer a number: go back to finite numbers first, or Reset";
const DONE = "The last epoch is through: raise \u201cEpochs\u201d to go on, or Reset";
const TITLES = {
  epoch: "How many passes over the training data it has made",
  batchLoss: "Mean loss of the last 50 batches, as they were learnt from: the epoch is under way, and the training loss is measured after it",
  trainLoss: "Loss on the training data, measured after the epoch: what the steps make small",
  loss: "Loss on the validation data, which no step has learned from: rising while the training loss falls is overfitting",
  accuracy: "Share of the validation data that the network puts into the right class",
  rate: "Passes over the training data in a second, now",
  images: "Training pictures in a second, inside steps",
  texts: "Training texts in a second, inside steps",
  device: "What computes it",
  speed: "Steps (updates from one batch) a second: slow to watch, flat out to see where it ends",
};

/** What a sample is. */
function sampled(/** @type {Record<string, number>} */ { pictures }) {
  return `Measured within this epoch on a fixed sample of ${counted(pictures, "validation picture")}; all of them are measured after it`;
}

export class Transport {
  /** @param {(cmd: string, more?: Record<string, any>) => boolean} send */
  constructor(send) {
    this.send = send;
    this.playing = false;
    /** A command was given whose effect is not seen yet: show it as done until the run says otherwise. */
    this.expected = { playing: false, until: 0 };
    this.slid = 0;
    this.able = true;
    /** @type {WeakMap<Element, string>} */
    this.titles = new WeakMap();
    const button = (/** @type {any} */ name, /** @type {string} */ text, /** @type {string} */ title) => {
      const made = element("button", { type: "button", class: name, "data-testid": name, title, onclick: () => this.press(name) }, icon(name), element("span", {}, text));
      this.titles.set(made, title);
      return made;
    };
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
      epoch: this.readout("epoch", "epoch-value", TITLES.epoch),
      train: this.readout("train loss", "train-loss", TITLES.trainLoss),
      loss: this.readout("val loss", "val-loss", TITLES.loss),
      metric: this.readout("val accuracy", "val-metric", TITLES.accuracy),
      rate: this.readout("epochs/s", "rate", TITLES.rate),
      device: this.readout("device", "device", TITLES.device),
    };
    this.root = element(
      "div", { class: "transport", role: "group", "aria-label": "Training" },
      element("div", { class: "buttons" }, ...this.buttons),
      element("label", { class: "speed", title: TITLES.speed }, element("span", { class: "label" }, "speed ", this.speed), this.slider),
      element("dl", { class: "readouts" }, ...Object.values(this.values).map((value) => value.parentElement)),
    );
  }

  /** A number with its name; the place keeps its width whatever stands in it. */
  readout(/** @type {string} */ label, /** @type {string} */ id, /** @type {string} */ title) {
    const value = element("dd", { "data-testid": id }, "\u2013");
    element("div", { class: `readout ${id}`, title }, element("dt", {}, label), value);
    return value;
  }

  /** Obeys a button or its key. */
  press(/** @type {string} */ name) {
    if (this.buttons.some((one) => one.matches(`.${name}[aria-disabled="true"]`))) return;
    if (name !== "play") {
      this.send(name);
      if (name !== "reset") this.expect(false);
      return;
    }
    if (this.send(this.playing ? "pause" : "play")) this.expect(!this.playing);
  }

  expect(/** @type {boolean} */ playing) {
    this.expected = { playing, until: performance.now() + BELIEVED };
    this.showPlaying(playing);
    window.clearTimeout(this.lapse);
    this.lapse = window.setTimeout(() => this.header && this.update(this.header, this.scene), BELIEVED + 20);
  }

  slide() {
    const value = speedAt(Number(this.slider.value));
    this.slid = performance.now();
    this.saySpeed(value);
    this.send("speed", { value });
  }

  saySpeed(/** @type {number} */ value) {
    const words = value ? `${counted(value, "step")}/s` : "flat out";
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
    this.able = able;
    this.slider.disabled = !able;
    this.bar();
  }

  /** Buttons that can do nothing now, and why. */
  bar() {
    const stuck = { diverged: DIVERGED, done: DONE }[this.header?.status];
    for (const button of this.buttons) {
      const barred = stuck && !button.matches(".reset");
      mark(button, "aria-disabled", this.able && !barred ? null : "true");
      mark(button, "title", barred ? stuck : this.titles.get(button) ?? null);
    }
  }

  /**
   * @param {Record<string, any>} header Of the newest tick.
   * @param {Record<string, any>} scene  Header of its scene.
   */
  update(header, scene) {
    Object.assign(this, { header, scene });
    this.bar();
    if (header.refused) this.expected.until = 0; // it was told no: nothing to wait for
    const playing = header.status === "playing" || (header.status === "queued" && this.playing);
    const waiting = performance.now() < this.expected.until;
    if (waiting && playing === this.expected.playing) this.expected.until = 0;
    if (!waiting || playing === this.expected.playing) this.showPlaying(playing);
    const { epoch, rate, device } = this.values;
    say(epoch, whole(header.epoch));
    this.numbers(header, scene);
    const own = header.images_rate ?? header.texts_rate; // a pass over many pictures or texts takes long: their own pace is told
    const pace = own ?? header.rate;
    say(rate.previousSibling, header.texts_rate !== undefined ? "texts/s" : own === undefined ? "epochs/s" : "images/s");
    mark(rate.parentElement, "title", header.texts_rate !== undefined ? TITLES.texts : own === undefined ? TITLES.rate : TITLES.images);
    say(rate, header.status === "playing" && pace ? (pace < 9.95 ? pace.toFixed(1) : whole(pace)) : "\u2013");
    say(device, header.device || "\u2013");
    mark(device, "title", header.device || null);
    if (performance.now() - this.slid > 1500) {
      const place = String(placeOf(header.speed));
      if (this.slider.value !== place) this.slider.value = place;
      this.saySpeed(header.speed || 0);
    }
  }

  /** What the run makes small or large. */
  numbers(/** @type {Record<string, any>} */ header, /** @type {Record<string, any>} */ scene) {
    const { metrics } = header;
    const { train, loss, metric } = this.values;
    const number = scene.task === "regression";
    const { batch_loss: batch, sample } = header; // of an epoch that takes long and is under way
    const within = Number.isFinite(batch);
    say(train.previousSibling, within ? "batch loss" : "train loss");
    mark(train.parentElement, "title", within ? TITLES.batchLoss : TITLES.trainLoss);
    say(train, decimal(within ? batch : metrics.train_loss));
    say(loss.previousSibling, sample ? "sample loss" : "val loss");
    mark(loss.parentElement, "title", sample ? sampled(sample) : TITLES.loss);
    say(loss, decimal((sample ?? metrics).val_loss));
    say(metric.previousSibling, number ? "mean error" : sample ? "sample acc." : "val accuracy");
    mark(metric.parentElement, "title", number ? `How far ${scene.target || "the target"} is missed on the validation data, mean of all rows, in its own unit` : sample ? sampled(sample) : TITLES.accuracy);
    say(metric, number ? decimal(metrics.val_error) : percent((sample ?? metrics).val_accuracy));
  }
}
