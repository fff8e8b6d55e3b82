// What the same latents became on the way: a strip of snapshots, and a slider to go back to one of them.

import { element, icon, mark, say, Sheet } from "./dom.js";
import { counted, whole } from "./numbers.js";
import { Raster } from "./raster.js";

/** A look that has not been answered after so long was refused, in milliseconds. */
const ANSWERED = 1500;
/** Between two snapshots while the film is played, in milliseconds. */
const PACE = 110;
/** So far inside lie the ends of a slider's track, in CSS pixels. */
const KNOB = 8;

export class GanFilm {
  /**
   * @param {(view: {snapshot: number | null}) => void} onlook
   * @param {() => void} again
   */
  constructor(onlook, again) {
    this.onlook = onlook;
    this.again = again;
    this.raster = new Raster();
    this.steps = /** @type {{step: number, epoch: number}[]} */ ([]);
    /** What was asked for and is not shown yet: a number, or `null` for now. */
    this.wanted = /** @type {number | null | undefined} */ (undefined);
    this.playing = false;
    /** From the strip's ends to the middle of its first picture, and to now. */
    this.inset = KNOB;
    this.sheet = new Sheet({ class: "sheet", "aria-hidden": "true", "data-testid": "canvas-film", onpointerdown: (/** @type {PointerEvent} */ event) => this.touch(event), onpointermove: (/** @type {PointerEvent} */ event) => event.buttons && this.touch(event) });
    this.range = element("input", { type: "range", min: 0, max: 0, step: 1, value: 0, "data-arrows": true, "data-testid": "film-range", "aria-label": "Snapshot: how the samples looked at an earlier step", oninput: () => this.to(Number(this.range.value)) });
    this.play = element("button", { type: "button", class: "gan-film-play", "data-testid": "film-play", "aria-label": "Play the film of all snapshots", onclick: () => this.toggle() }, icon("play"));
    this.now = element("button", { type: "button", class: "gan-film-now", "data-testid": "film-now", title: "Back to the samples of now", onclick: () => this.to(this.steps.length) }, "Now");
    this.words = element("span", { class: "gan-film-words", "data-testid": "film-words" });
    this.root = element("div", { class: "gan-strip", role: "group", "aria-label": "Film of the samples", "data-testid": "film" },
      this.play, element("div", { class: "gan-film-track" }, this.sheet.canvas, this.range), element("div", { class: "gan-film-side" }, this.now, this.words));
  }

  /** A new scene: perhaps one more snapshot. */
  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    this.steps = header.film;
    const { data, shape: [k, m, h, w, c] } = blocks.film;
    this.form = { k, m, h, w };
    this.raster.size(w, Math.max(1, k * m * h));
    const { pixels } = this.raster;
    for (let i = 0; i < k * m * h * w; i += 1) {
      const [r, g, b] = c === 1 ? [data[i], data[i], data[i]] : [data[3 * i], data[3 * i + 1], data[3 * i + 2]];
      pixels[i] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    }
    this.raster.show();
  }

  /** Shows a snapshot by its number; past the last one is now. */
  to(/** @type {number} */ number, playing = false) {
    if (!playing) this.stop();
    const snapshot = number >= this.steps.length ? null : Math.max(0, number);
    this.wanted = snapshot;
    window.clearTimeout(this.forget);
    this.forget = window.setTimeout(() => { this.wanted = undefined; this.again(); }, ANSWERED);
    this.onlook({ snapshot });
    this.again();
  }

  toggle() {
    if (this.playing) return this.stop();
    this.playing = true;
    this.step(0);
  }

  /** One snapshot after the other, as soon as the one before is there. */
  step(/** @type {number} */ number) {
    if (!this.playing || !this.root.isConnected) return;
    this.to(number, true);
    if (number >= this.steps.length) return this.stop();
    const wait = () => {
      if (!this.playing) return;
      if (this.wanted === undefined) this.step(number + 1);
      else this.timer = window.setTimeout(wait, 30);
    };
    this.timer = window.setTimeout(wait, PACE);
  }

  stop() {
    this.playing = false;
    window.clearTimeout(this.timer);
    this.again();
  }

  touch(/** @type {PointerEvent} */ event) {
    event.preventDefault();
    const inside = Math.max(1, this.sheet.width - 2 * this.inset);
    this.to(Math.round(((event.offsetX - this.inset) / inside) * this.steps.length));
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {import("./frame.js").Frame} scene
   * @param {import("./frame.js").Frame} tick
   * @param {number} size Of the type.
   */
  draw(theme, scene, tick, size) {
    const { grid, latest } = tick.header;
    const shown = /** @type {number | null} */ (grid.snapshot);
    if (this.wanted !== undefined && this.wanted === shown) {
      window.clearTimeout(this.forget);
      this.wanted = undefined;
    }
    const at = (this.wanted === undefined ? shown : this.wanted) ?? this.steps.length;
    const last = this.steps.length;
    mark(this.range, "max", String(last));
    if (Number(this.range.value) !== at) this.range.value = String(at);
    const back = at < last;
    const step = back ? this.steps[at].step : latest.step;
    mark(this.range, "aria-valuetext", back ? `after ${counted(step, "step")}` : `now, after ${counted(step, "step")}`);
    mark(this.range, "aria-disabled", last > 1 ? null : "true");
    mark(this.play, "aria-disabled", last > 1 ? null : "true");
    this.play.replaceChildren(icon(this.playing ? "pause" : "play"));
    mark(this.play, "aria-label", this.playing ? "Stop the film" : "Play the film of all snapshots");
    mark(this.now, "aria-pressed", String(!back));
    say(this.words, `step ${whole(step)}`);
    mark(this.root, "data-snapshot", back ? String(at) : "now");
    mark(this.root, "data-snapshots", String(last));
    this.strip(theme, at, size);
    void scene;
  }

  /** As many snapshots as have room, each where the slider is when it is shown. */
  strip(/** @type {import("./colours.js").Theme} */ theme, /** @type {number} */ at, /** @type {number} */ size) {
    this.sheet.fit();
    const context = this.sheet.blank();
    const { width, height } = this.sheet;
    const { k, m, h, w } = this.form ?? { k: 0, m: 1, h: 1, w: 1 };
    if (!k || height < 4) return;
    const tall = (height - 3) / m;
    const side = tall * (w / h);
    this.inset = Math.max(KNOB, side / 2);
    const margin = `0 ${(this.inset - KNOB).toFixed(1)}px`; // the slider's ends lie below the first picture's middle, and below now
    if (this.range.style.margin !== margin) Object.assign(this.range.style, { margin, width: "auto" });
    const place = (/** @type {number} */ i) => this.inset + (i / Math.max(1, k)) * (width - 2 * this.inset);
    const room = Math.max(1, Math.floor((width - 2 * this.inset) / (side + 2)));
    const many = Math.min(k, room); // never fewer than there were: between the first and now, evenly
    context.imageSmoothingEnabled = side < w; // smaller than it is: mixed rather than torn
    const left = (/** @type {number} */ i) => place(i) - side / 2;
    for (let n = 0; n < many; n += 1) {
      const i = Math.round((n * k) / many);
      context.globalAlpha = at >= k ? 1 : 0.6;
      for (let j = 0; j < m; j += 1) context.drawImage(this.raster.canvas, 0, (i * m + j) * h, w, h, left((n * k) / many), j * tall, side, tall - 1);
    }
    context.globalAlpha = 1;
    if (k < 2) {
      Object.assign(context, { font: `${size}px ${theme.font}`, fillStyle: theme.muted, textBaseline: "middle" });
      const words = ["While it trains, the same latents are kept here every few steps: slide back to see what they were.", "Snapshots gather here while it trains.", "Snapshots gather here."];
      const fits = words.find((one) => context.measureText(one).width <= width - side - 20);
      if (fits) context.fillText(fits, side + 14, height / 2);
    }
    if (at >= k) return;
    const x = left(at);
    context.fillStyle = theme.paper; // its neighbours step back
    context.fillRect(x - 4, 0, side + 8, height);
    for (let j = 0; j < m; j += 1) context.drawImage(this.raster.canvas, 0, (at * m + j) * h, w, h, x, 1 + j * tall, side, tall - 1);
    Object.assign(context, { strokeStyle: theme.accent, lineWidth: 2 });
    context.strokeRect(x - 2, 1, side + 4, m * tall);
  }
}
