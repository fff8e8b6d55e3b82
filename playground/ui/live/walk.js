// A walk as it came from the page's script: who walked, over which ground, and what each step was made of.

import { decimal, whole } from "./numbers.js";

/**
 * @typedef {{sign: "gradient" | "velocity" | "size" | "step", text: string}} Said
 *
 * @typedef {object} Outcome
 * @property {string} kind
 * @property {number} at          Number of the kept position at which it happened.
 * @property {number} step        The step it was.
 * @property {number[]} place
 * @property {string} words
 * @property {string} advice
 * @property {string} more
 * @property {string} mark        What stands on the map: `minimum`, `local`, `saddle`, `plateau` or nothing.
 * @property {{label: string, changes: Record<string, any>} | null} fix
 */

/** What an end is called beside its step: who comes near a minimum and stays is not there yet. */
export function near(/** @type {string} */ kind) {
  return kind === "converged" ? "near minimum" : kind;
}

/** So many positions of a run are drawn after it was thrown out. */
const BEYOND = 4;

/** One optimizer's run. */
export class Racer {
  constructor(/** @type {import("./frame.js").Frame} */ { header, blocks }, /** @type {number} */ index) {
    const told = header.racers[index];
    this.index = index;
    this.dimensions = header.dimensions;
    this.title = told.title;
    this.hue = told.hue;
    this.rate = told.rate;
    this.end = told.end;
    this.constants = told.constants;
    this.forms = told.forms;
    /** @type {Outcome} */
    this.outcome = { ...told.outcome, fix: told.fix, more: told.more };
    /** @type {Record<string, {data: Float32Array, wide: number}>} */
    this.numbers = {};
    const own = `${index}.`;
    for (const [name, { data, shape }] of Object.entries(blocks)) {
      if (name.startsWith(own)) this.numbers[name.slice(own.length)] = { data: /** @type {Float32Array} */ (data), wide: shape[1] ?? 1 };
    }
    this.x = this.numbers.x.data;
    this.y = this.numbers.y.data;
    this.loss = this.numbers.loss.data;
    this.share = this.numbers.share?.data;
    /** Heights as the loss curve draws them. */
    this.rise = this.numbers.rise?.data ?? this.loss;
  }

  /** The kept position that is shown at one: the last one there is, once it has ended. */
  at(/** @type {number} */ index) {
    return Math.min(index, this.end);
  }

  /** The last position that is drawn at one: who was thrown out would only hide the others. */
  seen(/** @type {number} */ index) {
    return Math.min(this.at(index), this.outcome.kind === "diverged" ? this.outcome.at + BEYOND : this.end);
  }

  /** A quantity at a position, along each axis; `null` where the rule has no such, or no step was taken from there. */
  vector(/** @type {string} */ name, /** @type {number} */ index) {
    const found = this.numbers[name];
    if (!found) return null;
    const made = Array.from(found.data.subarray(index * found.wide, (index + 1) * found.wide));
    return made.every(Number.isFinite) ? made : null;
  }

  /** How it ended, once that has happened at a position; before, `null`. */
  ended(/** @type {number} */ index) {
    return index >= this.outcome.at ? this.outcome : null;
  }

  /**
   * The sentences of the step that starts at a position, with its numbers; none where no step was taken from there.
   *
   * @param {number} step The number of that position among all.
   * @returns {Said[]}
   */
  lines(/** @type {number} */ index, step) {
    if (!this.vector("step", index)) return [];
    let form = this.forms[0];
    for (const other of this.forms) if (step + 1 >= other.since) form = other;
    return form.lines.map((/** @type {[Said["sign"], string]} */ [sign, text]) => ({ sign, text: text.replace(/\{(\w+)\}/g, (_, name) => this.word(name, index)) }));
  }

  /** One number or pair of numbers as it stands in a sentence. */
  word(/** @type {string} */ name, /** @type {number} */ index) {
    if (name in this.constants) return setting(this.constants[name]);
    const vector = this.vector(name, index);
    return vector ? pair(vector) : "\u2013";
  }
}

/** A setting as it was given, with no digit added or lost: `0.9995`, `0.00015`, `1e-8`. */
export function setting(/** @type {number} */ value) {
  return String(+value.toPrecision(9)).replaceAll("-", "\u2212");
}

/** `(−1.20, 0.400)`, or one number alone. */
function pair(/** @type {number[]} */ vector) {
  const words = vector.map(decimal);
  return words.length === 1 ? words[0] : `(${words.join(", ")})`;
}

/** The whole walk. */
export class Walk {
  constructor(/** @type {import("./frame.js").Frame} */ frame) {
    const { header, blocks } = frame;
    this.header = header;
    this.flat = header.dimensions === 1;
    this.steps = /** @type {Uint16Array} */ (blocks.steps.data);
    /** @type {Racer[]} */
    this.racers = header.racers.map((/** @type {any} */ _, /** @type {number} */ i) => new Racer(frame, i));
    this.curve = this.flat ? { x: blocks["curve.x"].data, y: blocks["curve.y"].data } : null;
    this.relief = this.flat ? null : {
      side: blocks.shares.shape[0], shares: /** @type {Uint16Array} */ (blocks.shares.data),
      levels: /** @type {Float32Array} */ (blocks.levels.data), values: header.values,
    };
  }

  get last() {
    return this.steps.length - 1;
  }

  /** Where a racer stands, in words. */
  place(/** @type {Racer} */ racer, /** @type {number} */ index) {
    const i = racer.at(index);
    return pair(this.flat ? [racer.x[i]] : [racer.x[i], racer.y[i]]);
  }

  /** What is seen at a position, with its numbers. */
  words(/** @type {number} */ index) {
    const who = this.racers.map((racer) => {
      const over = racer.ended(index);
      return `${racer.title} at ${this.place(racer, index)}, loss ${decimal(racer.loss[racer.at(index)])}${over ? `, ${near(over.kind)} from step ${whole(over.step)} on` : ""}`;
    });
    return `${this.header.title}, step ${whole(this.steps[index])} of ${whole(this.steps[this.last])}. ${who.join("; ")}.`;
  }
}
