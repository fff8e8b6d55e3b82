// What the hand set on the picture, and what the page knows of it. What the hand did holds until the page has heard it.
//
// The page hears only the last of messages that come together. So each carries every change that is not confirmed yet, and
// a number; the page sends the number back that it heard last, and what it says counts once that is the newest.

/** A message that the page has not answered for so long is sent again, in milliseconds; then after twice as long, and so on. */
const LOST = 5000;

export class Told {
  constructor(/** @type {(message: Record<string, any>, settled: boolean) => void} */ send) {
    this.send = send;
    /** @type {Record<string, any>} As they are now. */
    this.values = {};
    /** @type {Record<string, any>} What the page has not confirmed. */
    this.open = {};
    this.number = 0;
    this.again = 0;
  }

  /** What the page says, and the number of the last message that it had heard by then. */
  hear(/** @type {Record<string, any>} */ values, /** @type {number} */ heard) {
    if (heard < this.number) return;
    window.clearTimeout(this.again);
    this.open = {};
    this.values = { ...values };
  }

  /** What the hand did; the page is not told yet. */
  set(/** @type {Record<string, any>} */ changes) {
    Object.assign(this.values, changes);
    this.ask(changes);
  }

  /** What is no value, but to be done: a file that is to be read. */
  ask(/** @type {Record<string, any>} */ changes) {
    Object.assign(this.open, changes);
    this.number = Math.max(this.number + 1, Date.now()); // larger than those of an earlier picture, or of the same tab before
  }

  /** Tells the page, and again until it has heard. */
  tell(/** @type {boolean} */ settled = true, wait = LOST) {
    this.send({ ...this.open, number: this.number }, settled);
    window.clearTimeout(this.again);
    this.again = window.setTimeout(() => this.tell(true, 2 * wait), wait);
  }

  end() {
    window.clearTimeout(this.again);
  }
}
