// What belongs to each step: the loss of everyone, and on a curve the place of everyone.

import { mark } from "./dom.js";
import { Plot } from "./plot.js";

/** Whole runs, faint, and what has been walked of them, in full. */
function lines(/** @type {import("./colours.js").Theme} */ theme, /** @type {import("./walk.js").Walk} */ walk, /** @type {number} */ index, /** @type {(racer: import("./walk.js").Racer) => ArrayLike<number>} */ values) {
  const made = walk.racers.map((racer) => ({ x: walk.steps, y: values(racer), colour: theme.classes[racer.hue] }));
  return [
    ...made.map((line) => ({ ...line, alpha: 0.28, width: 1.5 })),
    ...made.map((line, i) => ({ ...line, last: walk.racers[i].at(index), name: walk.racers[i].title })),
  ];
}

function along(/** @type {import("./walk.js").Walk} */ walk) {
  return { low: 0, high: Math.max(1, walk.steps[walk.last]), label: "step" };
}

function points(theme, walk, /** @type {number} */ index, values) {
  return walk.racers.map((racer) => ({ x: walk.steps[racer.at(index)], y: values(racer)[racer.at(index)], colour: theme.classes[racer.hue], radius: 4 }));
}

export class Losses extends Plot {
  /** Draws the loss of everyone up to a position; the axis only grows while the start is in the hand. */
  show(theme, /** @type {import("./walk.js").Walk} */ walk, /** @type {number} */ index, /** @type {number} */ size, /** @type {boolean} */ held) {
    const axis = { ...walk.header.axis };
    const before = this.before;
    if (held && before && before.log === axis.log && before.ground === walk.header.ground) {
      axis.low = Math.min(axis.low, before.low);
      axis.high = Math.max(axis.high, before.high);
    }
    this.before = { ...axis, ground: walk.header.ground };
    const values = (/** @type {import("./walk.js").Racer} */ racer) => racer.rise;
    super.draw(theme, { size, x: along(walk), y: axis, lines: lines(theme, walk, index, values), guides: [{ x: walk.steps[index] }], points: points(theme, walk, index, values) });
  }

  say(/** @type {string} */ words) {
    mark(this.sheet.canvas, "aria-label", words);
  }
}

export class Positions extends Plot {
  show(theme, /** @type {import("./walk.js").Walk} */ walk, /** @type {number} */ index, /** @type {number} */ size) {
    const [low, high] = walk.header.domain[0];
    const values = (/** @type {import("./walk.js").Racer} */ racer) => racer.x;
    super.draw(theme, { size, x: along(walk), y: { low, high, label: "x" }, lines: lines(theme, walk, index, values), guides: [{ x: walk.steps[index] }], points: points(theme, walk, index, values) });
  }
}
