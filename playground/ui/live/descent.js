// Several optimizers walk down one surface: the map, the hill and the loss curve, all at the step that the bar above them says.
//
// The walk is computed in Python as a whole; here it is played. The hand moves the start on the map and Python walks again.

import { Host, hosted } from "./host.js";
import { Contour } from "./contour.js";
import { Curve } from "./descent_curve.js";
import { element, mark, say } from "./dom.js";
import { Entrants } from "./entrants.js";
import { drawState } from "./glyphs.js";
import { Losses, Positions } from "./descent_plots.js";
import { decimal } from "./numbers.js";
import { Scrubber } from "./scrubber.js";
import { StartHandle } from "./start_handle.js";
import { Telling } from "./telling.js";
import { Terrain } from "./terrain.js";
import { Walk } from "./walk.js";

/** A press within so many CSS pixels of a walker means the walker. */
const NEAR = 14;

class Descent extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "descent", ["visual.css", "scrubber.css", "descent.css"]);
    const again = () => this.again();
    this.map = new Contour("map", "The surface from above", again);
    this.curve = new Curve("curve", "The curve and those who roll on it", again);
    this.hill = new Terrain("hill", "The surface as a hill", again);
    this.positions = new Positions("positions", "Place at each step", again);
    this.losses = new Losses("losses", "Loss at each step", again);
    this.scrubber = new Scrubber({ onmove: () => this.moved(), again, label: "Descent" });
    this.entrants = new Entrants((index) => { this.looked = index; this.again(); });
    this.story = new Telling((changes) => this.edit(changes), again);
    this.handle = new StartHandle({
      place: (x, y) => (this.walk?.flat ? this.curve : this.map).at(x, y),
      pick: (x, y) => this.pick(x, y),
      move: (place, held) => this.begin(place, held),
      drop: (dragged) => this.drop(dragged),
    });
    this.field = element("div", { class: "field" }, this.map.sheet.canvas, this.curve.sheet.canvas, this.handle.root);
    this.handle.listen(this.map.sheet.canvas);
    this.handle.listen(this.curve.sheet.canvas);
    this.alt = element("div", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.side = element("h3", {}, "The same surface as a hill");
    this.rising = element("h3", {}, "Loss at each step");
    this.root.append(
      this.scrubber.root,
      element("div", { class: "stage" }, this.field, this.entrants.root, this.story.root),
      element("div", { class: "panel" },
        element("div", { class: "figure" }, this.side, this.hill.sheet.canvas, this.positions.sheet.canvas),
        element("div", { class: "figure" }, this.rising, this.losses.sheet.canvas)),
      this.alt,
    );
    /** @type {Walk | null} */
    this.walk = null;
    this.looked = 0;
    this.ground = "";
    /** Where the hand wants the start, until the walk from there has come. @type {number[] | null} */
    this.wish = null;
    this.held = false;
    /** Whether the walk that was asked for is played when it comes. */
    this.race = false;
  }

  take(/** @type {import("./frame.js").Frame} */ frame) {
    const walk = new Walk(frame);
    const before = this.walk;
    if (before && walk.relief && walk.header.ground === this.ground) walk.relief = before.relief; // what is painted stays
    const other = before?.header.ground !== walk.header.ground;
    this.ground = walk.header.ground;
    this.walk = walk;
    const name = before?.racers[this.looked]?.title;
    this.looked = Math.max(0, walk.racers.findIndex(({ title }) => title === name));
    if (this.wish && !this.held && this.arrived(walk)) this.wish = null;
    const whole = before && this.scrubber.at >= before.last && !this.scrubber.playing;
    this.scrubber.numbers = walk.steps;
    this.scrubber.length = walk.last;
    if (!before || other) this.start();
    else if (this.held) this.scrubber.at = walk.last;
    else if (this.race && !this.wish) this.start();
    else if (whole) this.scrubber.at = walk.last;
  }

  /** From the beginning, in motion; all at once for who wants calm. */
  start() {
    this.race = false;
    this.scrubber.pause();
    this.scrubber.at = 0;
    if (this.calm) this.scrubber.at = this.scrubber.length;
    else this.scrubber.play();
  }

  /** Whether a walk starts where the hand wanted it. */
  arrived(/** @type {Walk} */ walk) {
    const [x, y] = walk.header.start;
    const [wish, other] = /** @type {number[]} */ (this.wish);
    return Math.abs(x - wish) < 1e-9 && (walk.flat || Math.abs(y - other) < 1e-9);
  }

  update() {
    if (!this.may("start") || (this.wish && !this.held && performance.now() - (this.wished ?? 0) > 5000)) this.wish = null;
  }

  moved() {
    this.again();
  }

  /** A press on the picture: on a walker it means that one. */
  pick(/** @type {number} */ px, /** @type {number} */ py) {
    const { walk } = this;
    if (!walk) return false;
    const found = walk.racers.findIndex((racer) => {
      const i = racer.at(this.scrubber.at);
      const [x, y] = walk.flat ? this.curve.where(racer.x[i], racer.loss[i]) : this.map.where(racer.x[i], racer.y[i]);
      return Math.hypot(x - px, y - py) < NEAR && i > 0;
    });
    if (found >= 0) this.looked = found;
    this.again();
    return found >= 0;
  }

  /** The start under the hand. */
  begin(/** @type {number[]} */ place, /** @type {boolean} */ held) {
    if (!this.walk || !this.may("start")) return;
    const { domain } = this.walk.header;
    const rounded = place.slice(0, this.walk.flat ? 1 : 2).map((at, i) => {
      const [low, high] = domain[i];
      const unit = 10 ** Math.floor(Math.log10((high - low) / 200)); // no more digits than can be aimed at
      return Number(Math.min(high, Math.max(low, Math.round(at / unit) * unit)).toFixed(Math.max(0, -Math.log10(unit))));
    });
    this.scrubber.pause();
    this.held = held;
    this.wish = rounded;
    this.wished = performance.now();
    this.edit({ start: rounded }, !held);
    this.again();
  }

  /** The hand has let go: after a click they race from there, after a drag the whole of it is looked at. */
  drop(/** @type {boolean} */ dragged) {
    this.held = false;
    if (!this.wish) return;
    this.race = !dragged;
    if (!dragged) this.scrubber.at = 0;
    this.edit({ start: this.wish });
    if (this.walk && this.arrived(this.walk)) { // its walk is here already
      this.wish = null;
      if (this.race) this.start();
    }
    this.again();
  }

  /** Who walked how far, as the pictures take it. */
  paths(/** @type {import("./colours.js").Theme} */ theme, /** @type {number} */ index) {
    const walk = /** @type {Walk} */ (this.walk);
    const gone = this.wish && this.race; // the walk from there is still to come: all stand at the new start
    return walk.racers.map((racer) => ({
      x: gone ? [/** @type {number[]} */ (this.wish)[0]] : racer.x, y: gone ? [/** @type {number[]} */ (this.wish)[1] ?? 0] : racer.y,
      share: gone ? [NaN] : racer.share, last: gone ? 0 : racer.seen(index), colour: theme.classes[racer.hue], marker: racer.hue,
      name: racer.title,
    }));
  }

  /** Known minima, and what a run that ended has found besides. */
  places(/** @type {number} */ index) {
    const walk = /** @type {Walk} */ (this.walk);
    const [[x0, x1], [y0, y1]] = walk.header.domain;
    const found = walk.header.places.map((/** @type {any} */ place) => ({ ...place, label: place.kind === "local" ? "local minimum" : "minimum" }));
    for (const racer of walk.racers) {
      const over = racer.ended(index);
      if (!over?.mark) continue;
      const [x, y] = over.place;
      const near = found.some((/** @type {any} */ other) => Math.abs(other.x - x) < 0.02 * (x1 - x0) && (walk.flat || Math.abs(other.y - y) < 0.02 * (y1 - y0)));
      if (!near) found.push({ x, y, kind: over.mark, label: over.mark === "local" ? "local minimum" : over.mark });
    }
    return found;
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    const { walk, size } = this;
    if (!walk) return;
    const index = this.scrubber.at;
    const racer = walk.racers[this.looked];
    const [map, curve] = [this.map.sheet.canvas, this.curve.sheet.canvas];
    for (const canvas of [map, this.hill.sheet.canvas]) canvas.toggleAttribute("hidden", walk.flat);
    for (const canvas of [curve, this.positions.sheet.canvas]) canvas.toggleAttribute("hidden", !walk.flat);
    say(this.side, walk.flat ? "Place at each step" : `${walk.header.title} as a hill`);
    const start = this.wish ?? walk.header.start;
    const scene = { size, paths: this.paths(theme, index), start: { x: start[0], y: start[1] ?? 0, held: this.held }, places: this.places(index) };
    if (walk.flat) {
      this.curve.show(theme, walk, { ...scene, index, looked: racer, held: this.held, waiting: Boolean(this.wish && this.race) });
      this.positions.show(theme, walk, index, size);
      this.handle.show(this.curve.where(start[0], this.curve.height(start[0])), start, this.may("start"), true);
    } else {
      const { header } = walk;
      const relief = /** @type {import("./heights.js").Relief} */ (walk.relief);
      this.map.draw(theme, { ...scene, relief, domain: header.domain, state: (context) => this.state(context, theme, racer, index) });
      this.hill.draw(theme, { size, relief, domain: header.domain, paths: scene.paths.map((path) => ({ ...path, name: "" })) });
      this.handle.show(this.map.where(start[0], start[1]), start, this.may("start"), false);
    }
    this.losses.show(theme, walk, index, size, this.held);
    this.entrants.draw(theme, walk, index, this.looked);
    const step = walk.steps[index];
    this.story.update(racer, index, step, (field) => this.may(field));
    this.root.style.setProperty("--hue", theme.classes[racer.hue]);
    this.words(index, step, racer);
  }

  /** What the one looked at has in mind. */
  state(context, theme, /** @type {import("./walk.js").Racer} */ racer, /** @type {number} */ index) {
    if (this.wish && this.race) return [];
    const i = racer.at(index);
    const here = this.map.where(racer.x[i], racer.y[i]);
    if (!this.map.on(...here)) return [];
    const [[x0, x1], [y0, y1]] = this.map.domain;
    const { w, h } = this.map.box;
    return drawState({ context, theme, scale: this.size / 12 }, { racer, index: i, colour: theme.classes[racer.hue], here, pixels: [w / (x1 - x0), h / (y1 - y0)] });
  }

  /** The same in words and in attributes. */
  words(/** @type {number} */ index, /** @type {number} */ step, /** @type {import("./walk.js").Racer} */ racer) {
    const walk = /** @type {Walk} */ (this.walk);
    const words = walk.words(index);
    (walk.flat ? this.curve : this.map).say(`${words} The start can be moved.`);
    this.hill.say(`The same surface as a hill. ${words}`);
    this.losses.say(`Loss at each step. ${walk.racers.map((one) => `${one.title} from ${decimal(one.loss[0])} to ${decimal(one.loss[one.at(index)])}`).join("; ")}.`);
    if (!this.scrubber.playing) say(this.alt, `${words} ${this.story.text(racer, index, step)}`); // not a flood while it plays
    mark(this.root, "data-step", String(step));
    mark(this.root, "data-start", walk.header.start.slice(0, walk.flat ? 1 : 2).join(","));
    mark(this.root, "data-ground", walk.header.ground);
    mark(this.root, "data-looked", racer.title);
    mark(this.root, "data-playing", String(this.scrubber.playing));
    mark(this.root, "data-steps", String(walk.steps[walk.last]));
    mark(this.root, "data-rates", walk.racers.map(({ rate }) => rate).join(","));
  }

  end() {
    this.scrubber.end();
    super.end();
  }
}

export default hosted(Descent);
