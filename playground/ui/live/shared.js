// Values that the hand sets on the picture and the page sets by its controls: both see the same ones, and nothing jumps back.
//
// What the hand does is drawn at once; the page hears of it, and its answer comes a moment later. By then the hand may be
// further on, so an answer that only repeats what the hand has said is passed over.

/** More unanswered words than this are never kept. */
const MOST = 60;

export class Shared {
  constructor() {
    /** @type {Record<string, any>} As they are now. */
    this.values = {};
    /** @type {string[]} What the page was told and has not answered yet. */
    this.told = [];
    this.said = "";
  }

  /**
   * What the page says.
   *
   * @param {Record<string, any>} values Always the same fields, in the same order.
   */
  hear(values) {
    const text = JSON.stringify(values);
    if (text === this.said) return;
    this.said = text;
    const at = this.told.indexOf(text);
    if (at >= 0) {
      this.told.splice(0, at + 1);
      return;
    }
    this.told = [];
    this.values = { ...values };
  }

  /** What the hand did; hand it on to the page with `Host.edit`. */
  set(/** @type {Record<string, any>} */ changes) {
    Object.assign(this.values, changes);
    this.told.push(JSON.stringify(this.values));
    if (this.told.length > MOST) this.told.shift();
    return changes;
  }

  /**
   * What the hand does where it may: drawn at once, and the page hears of it when the hand has let go.
   *
   * @param {import("./host.js").Host} host
   * @param {Record<string, any>} changes
   * @param {boolean} settled
   */
  put(host, changes, settled) {
    if (!Object.keys(changes).every((field) => host.may(field))) return;
    this.set(changes);
    if (settled) host.edit(changes);
    host.again();
  }
}

/** The nearest multiple of a step within two ends, free of the last digit's noise. */
export function snap(/** @type {number} */ value, /** @type {number} */ step, /** @type {number} */ low, /** @type {number} */ high) {
  const near = Math.round(value / step) * step;
  return Number(Math.min(high, Math.max(low, near)).toFixed(6)) + 0;
}
