// The live connection of one run: frames in, commands out, back by itself when it was lost.

import { decode } from "./frame.js";

/** Waiting times between two attempts, in milliseconds; the last one repeats. */
const BACKOFF = [500, 1000, 2000, 4000, 8000];

/** Close codes after which trying again is no use, and what to say then. */
const REFUSED = {
  4403: "This run belongs to another browser. Reload the page to start one of your own.",
  4404: "This run is no longer on the server. Reload the page to start it again with the same settings.",
};

/** After these it is tried again all the same: a window may be closed, a lost connection be given up. */
const CROWDED = {
  4429: "This run is open in too many windows. Close one of them.",
};

/**
 * How the connection stands; `words` say why it is refused, or what it waits for besides the server.
 *
 * @typedef {{state: "connecting" | "open" | "waiting" | "refused", attempt: number, until: number, words: string}} Link
 */

export class Connection {
  /**
   * @param {string} url
   * @param {(frame: import("./frame.js").Frame) => void} onframe Called for each message; `acknowledge` when drawn.
   * @param {(link: Link) => void} onlink Called when the connection changes.
   * @param {{refused: Record<number, string>, crowded: Record<number, string>}} [words] What is said of close codes.
   */
  constructor(url, onframe, onlink, words = { refused: REFUSED, crowded: CROWDED }) {
    this.words = words;
    this.url = url;
    this.onframe = onframe;
    this.onlink = onlink;
    /** @type {Link} */
    this.link = { state: "connecting", attempt: 0, until: 0, words: "" };
    /** @type {WebSocket | null} */
    this.socket = null;
    this.timer = 0;
    this.online = () => this.link.state === "waiting" && this.retry();
    window.addEventListener("online", this.online);
    this.open();
  }

  /** Says a command; returns false (and says nothing) while there is no connection. */
  send(/** @type {string} */ cmd, /** @type {Record<string, any>} */ more = {}) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify({ cmd, ...more }));
    return true;
  }

  /** Tells the server that a message is drawn: only then does it send the next. */
  acknowledge() {
    this.send("ack");
  }

  /** Tries again now instead of waiting. */
  retry() {
    if (this.link.state !== "waiting") return;
    window.clearTimeout(this.timer);
    this.open();
  }

  /** Ends it for good. */
  close() {
    window.clearTimeout(this.timer);
    window.removeEventListener("online", this.online);
    const socket = this.socket;
    this.socket = null;
    socket?.close(1000);
  }

  open() {
    this.change({ ...this.link, state: "connecting" });
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => {
      if (socket === this.socket) this.change({ ...this.link, state: "open" });
    };
    socket.onmessage = (event) => {
      if (socket !== this.socket || typeof event.data === "string") return;
      // Only what arrives proves the way is clear: a server that accepts and drops us must not be asked twice a second.
      this.link.attempt = 0;
      this.onframe(decode(event.data));
    };
    socket.onclose = (event) => {
      if (socket !== this.socket) return;
      const words = this.words.refused[event.code];
      if (words) return this.change({ ...this.link, state: "refused", words });
      const wait = BACKOFF[Math.min(this.link.attempt, BACKOFF.length - 1)];
      this.timer = window.setTimeout(() => this.open(), wait);
      this.change({ state: "waiting", attempt: this.link.attempt + 1, until: Date.now() + wait, words: this.words.crowded[event.code] ?? "" });
    };
  }

  change(/** @type {Link} */ link) {
    this.link = link;
    this.onlink(link);
  }
}

/**
 * The address of a live route (`/live/abc`) on the server that served this module, below whatever path it is mounted at.
 *
 * @param {string} route
 */
export function address(route) {
  const url = new URL(route.replace(/^\//, ""), new URL("../../", import.meta.url));
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
