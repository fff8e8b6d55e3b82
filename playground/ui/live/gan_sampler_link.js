// The way of a sheet's wishes to the server and of pictures back: one under way at a time, and of the rest only the newest.

import { address, Connection } from "./socket.js";

const REFUSED = {
  4403: "This sheet belongs to another browser. Reload the page.",
  4404: "The server has been started anew. Reload the page: the link holds these very pictures.",
};
const CROWDED = { 4429: "This sheet is open in too many windows. Close one of them." };
/** An answer that has not come after so many milliseconds was lost on the way: waiting words come several times a second. */
const LOST = 20000;

/** @typedef {{seed: number, n: number, of_class: number, moves: number[], edits: string, pins: string, chosen: number}} Wanted */

export class Painter {
  /**
   * @param {object} told
   * @param {(frame: import("./frame.js").Frame, wanted: Wanted, rest: boolean, ms: number) => void} told.painted
   * @param {(words: string, refused: boolean) => void} told.said  Words instead of pictures: for the time being, or for good.
   */
  constructor({ painted, said }) {
    this.painted = painted;
    this.said = said;
    this.number = 0;
    this.route = "";
    /** @type {Connection | null} */
    this.connection = null;
    /** @type {{wanted: Wanted, rest: boolean} | null} */
    this.wish = null;
    /** @type {{id: number, at: number, wanted: Wanted, rest: boolean} | null} */
    this.flying = null;
    this.timer = 0;
  }

  /** Goes over to another generator's sheets. */
  connect(/** @type {string} */ route) {
    if (route === this.route) return;
    this.end();
    this.route = route;
    if (!route) return;
    this.connection = new Connection(address(route), (frame) => this.receive(frame), (link) => {
      if (link.state === "refused" || link.words) this.said(link.words, true);
      if (link.state !== "open" && this.flying) {
        this.wish ??= this.flying;
        this.flying = null;
      }
      this.next();
    }, { refused: REFUSED, crowded: CROWDED });
  }

  /** This is what is to be seen now. */
  want(/** @type {Wanted} */ wanted, /** @type {boolean} */ rest) {
    this.wish = { wanted, rest };
    this.next();
  }

  next() {
    if (!this.wish || (this.flying && performance.now() - this.flying.at < LOST) || !this.connection) return;
    const { wanted, rest } = this.wish;
    const id = this.number + 1;
    if (!this.connection.send("paint", { id, rest, ...wanted })) return;
    this.number = id;
    this.flying = { id, at: performance.now(), wanted, rest };
    this.wish = null;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.next(), LOST);
  }

  receive(/** @type {import("./frame.js").Frame} */ frame) {
    const flying = this.flying;
    if (!flying || frame.header.id !== flying.id) return;
    if (frame.kind === "gan_sampler.waiting") {
      flying.at = performance.now(); // somebody is at it
      this.said(frame.header.words, false);
      return;
    }
    this.flying = null;
    if (frame.kind === "gan_sampler.drawn") this.painted(frame, flying.wanted, flying.rest, performance.now() - flying.at);
    else this.said(frame.header.words, true);
    this.next();
  }

  end() {
    window.clearTimeout(this.timer);
    this.connection?.close();
    this.connection = null;
    this.flying = this.wish = null;
    this.route = "";
  }
}
