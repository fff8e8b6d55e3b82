// Words beside marks that move: each finds a free place near its mark and keeps it while it can.

/** @typedef {{x: number, y: number, w: number, h: number}} Box */

/** How many of the places are right beside the mark. */
const CLOSE = 4;
const AIR = 3;

export class Names {
  constructor() {
    /** @type {Map<string, number>} Where each stood last: a name that hops from side to side cannot be read. */
    this.kept = new Map();
    /** @type {Box[]} */
    this.taken = [];
  }

  /** Begins anew: nothing is taken, and names stay within these bounds. */
  begin(/** @type {Box} */ bounds) {
    this.bounds = bounds;
    this.taken = [];
  }

  /** Nothing may be written here. */
  take(/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ radius) {
    this.taken.push({ x: x - radius, y: y - radius, w: 2 * radius, h: 2 * radius });
  }

  /**
   * A place for a name near a mark; `null` where all are taken and it may be left out.
   *
   * @param {string} key
   * @param {number} x  The mark.
   * @param {number} y
   * @param {number} wide
   * @param {number} tall
   * @param {{away?: number, needed?: boolean}} [how]
   * @returns {Box | null}
   */
  place(key, x, y, wide, tall, { away = 11, needed = true } = {}) {
    const spots = around(x, y, wide, tall, away, needed ? 4 : 1);
    const before = this.kept.get(key) ?? 0;
    const order = before < CLOSE ? [before, ...spots.keys()] : [...spots.keys()];
    const free = order.find((i) => spots[i] && this.free(spots[i]));
    if (free === undefined && !needed) return null;
    const chosen = free ?? this.best(spots);
    this.kept.set(key, chosen);
    const spot = this.inside(spots[chosen]);
    this.taken.push(spot);
    return spot;
  }

  free(/** @type {Box} */ spot) {
    const { x, y, w, h } = /** @type {Box} */ (this.bounds);
    if (spot.x < x || spot.y < y || spot.x + spot.w > x + w || spot.y + spot.h > y + h) return false;
    return this.taken.every((other) => overlap(wider(spot), other) === 0);
  }

  /** The place that hides least. */
  best(/** @type {Box[]} */ spots) {
    const cost = spots.map((spot) => this.taken.reduce((sum, other) => sum + overlap(this.inside(spot), other), 0));
    return cost.indexOf(Math.min(...cost));
  }

  inside(/** @type {Box} */ spot) {
    const { x, y, w, h } = /** @type {Box} */ (this.bounds);
    return { ...spot, x: Math.min(x + w - spot.w, Math.max(x, spot.x)), y: Math.min(y + h - spot.h, Math.max(y, spot.y)) };
  }
}

/** Right of it, left, above, below, and further up and down on both sides. */
function around(x, y, wide, tall, away, /** @type {number} */ rows) {
  const right = (/** @type {number} */ dy) => ({ x: x + away + AIR, y: y - tall / 2 + dy, w: wide, h: tall });
  const left = (/** @type {number} */ dy) => ({ x: x - away - AIR - wide, y: y - tall / 2 + dy, w: wide, h: tall });
  const middle = (/** @type {number} */ dy) => ({ x: x - wide / 2, y: y - tall / 2 + dy, w: wide, h: tall });
  const spots = [right(0), left(0), middle(-away - tall * 0.4), middle(away + tall * 0.4)];
  for (let k = 1; k <= rows; k += 1) for (const dy of [-k * tall, k * tall]) spots.push(right(dy), left(dy));
  return spots;
}

/** A little air on both sides, so that two words do not read as one. */
function wider(/** @type {Box} */ spot) {
  return { ...spot, x: spot.x - AIR, w: spot.w + 2 * AIR };
}

function overlap(/** @type {Box} */ a, /** @type {Box} */ b) {
  const across = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  return across > 0 && down > 0 ? across * down : 0;
}
