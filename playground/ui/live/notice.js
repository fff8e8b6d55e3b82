// Every state in words: waiting for a place, diverged, refused, gone to sleep, connection lost; and the button that helps.

import { element, icon, mark, say } from "./dom.js";
import { whole } from "./numbers.js";

/**
 * What is said, and where: `alarm` and `box` lie on the picture, `calm` and `remark` stand in the quiet row below it.
 *
 * @typedef {object} Said
 * @property {string} words
 * @property {"calm" | "alarm" | "box" | "remark"} tone
 * @property {string} [action]   What the button reads.
 * @property {string} [does]     What it does.
 * @property {Record<string, any> | null} [settings]  What the page's own controls are to follow with.
 * @property {boolean} [passing] Not worth a word if it is over at once.
 */

/** What is over sooner than this is not worth a word, in milliseconds. */
const PASSING = 700;
/** A remark's numbers change no oftener than this, in milliseconds: words that change cannot be read. */
const CALM = 2000;
const REFUSABLE = new Set(["ready", "paused", "stored", "done"]);

/**
 * What is to be said now; null while all is well.
 *
 * @param {Record<string, any> | null} header Of the newest tick.
 * @param {import("./socket.js").Link} link
 * @returns {Said | null}
 */
export function sayState(header, link) {
  if (link.state === "refused") return { words: link.words, tone: "alarm", action: "Reload", does: "reload" };
  if (link.state === "waiting") {
    const seconds = Math.max(1, Math.ceil((link.until - Date.now()) / 1000));
    if (link.words) return { words: `${link.words} Trying again in ${seconds} s.`, tone: "calm", action: "Try now", does: "retry" };
    const [what, run] = link.attempt >= 5 ? ["The server does not answer.", ""] : ["The connection is lost.", " The run goes on meanwhile."];
    return { words: `${what} Trying again in ${seconds} s.${run}`, tone: "calm", action: "Try now", does: "retry" };
  }
  if (link.state === "connecting" && link.attempt > 0) return { words: "Connecting again.", tone: "calm" };
  if (!header) return null;
  const { status, message, position, remark } = header;
  if (header.refused && message && REFUSABLE.has(status)) return { words: message, tone: "box" };
  switch (status) {
    case "queued":
      return { words: message || `Waiting for a free place: number ${position ?? 1} in the queue. It starts by itself.`, tone: "calm", action: "Stop waiting", does: "pause" };
    case "diverged":
      return diverged(header);
    case "failed":
      return { words: message || "The run has stopped because of an error on the server.", tone: "alarm", action: "Start again", does: "play" };
    case "stored":
      return { words: message || "This run is put away. Play goes on where it was.", tone: "calm" };
    case "done":
      return { words: message || (remark ? `Done. ${remark}` : "Done: the last epoch is through. Reset begins again."), tone: "calm" };
    default:
      if (message) return { words: message, tone: "calm", passing: true };
      return remark ? { words: remark, tone: "remark", passing: true } : null;
  }
}

/** One button that recovers: back to finite numbers, with steps that will not leave them again. */
function diverged(/** @type {Record<string, any>} */ header) {
  const { restore_step: step } = header; // of runs that count steps rather than epochs
  const back = Number.isFinite(step) ? (step ? `Back to step ${whole(step)}` : "Back to the start") : Number.isFinite(header.restore_epoch) ? `Back to epoch ${header.restore_epoch}` : "Back to the last finite state";
  const lr = header.suggest?.lr;
  const slower = Number.isFinite(lr) && lr > 0;
  return /** @type {Said} */ ({
    words: header.message || "The loss is no longer a number: the steps were too long. Lower the learning rate.",
    tone: "alarm",
    action: slower ? `${back}, learning rate ${+lr.toPrecision(3)}` : back,
    does: "restore",
    settings: slower ? { lr } : null,
  });
}

export class Notice {
  /**
   * @param {(said: Said) => void} act  The button was pressed.
   * @param {() => void} again          Something is to be drawn differently, now or a little later.
   */
  constructor(act, again) {
    this.again = again;
    this.words = element("span", { "data-testid": "notice" });
    this.button = element("button", { type: "button", "data-testid": "notice-action", onclick: () => this.said && act(this.said) });
    this.close = element("button", { type: "button", class: "close", "data-testid": "notice-close", "aria-label": "Close", title: "Close", onclick: () => {
      this.hushed = this.said?.words ?? "";
      again();
    } }, icon("close"));
    /** @type {Said | null} */
    this.said = null;
    this.hushed = "";
    this.since = 0;
    this.worded = 0;
    this.root = element("div", { class: "notice", role: "status", hidden: true }, this.words, this.button, this.close);
  }

  /** Words that were put away are said again if they come as the answer to another command. */
  unhush() {
    if (!this.hushed) return;
    this.hushed = "";
    this.again();
  }

  /**
   * @param {Said | null} said
   * @param {{picture: Element, quiet: Element, narrow: boolean}} places  The picture, and the row below it.
   */
  show(said, { picture, quiet, narrow }) {
    if (said?.passing && !this.lasting()) said = null;
    else if (!said?.passing) this.since = 0;
    if (said?.tone !== "box") this.hushed = "";
    else if (said.words === this.hushed) said = null;
    this.said = said;
    const place = said?.tone === "remark" || (said?.tone === "calm" && !narrow) ? quiet : picture;
    if (said && this.root.parentElement !== place) place.append(this.root);
    this.root.hidden = !said;
    mark(quiet, "data-said", said && place === quiet ? said.tone : null);
    if (!said) return;
    const remark = said.tone === "remark";
    mark(this.root, "aria-live", remark ? "off" : null); // read where one likes, not called out again and again
    const now = performance.now();
    if (remark && this.root.dataset.tone === "remark" && now - this.worded < CALM) return;
    this.worded = now;
    mark(this.words, "title", said.words);
    say(this.words, said.words);
    say(this.button, said.action ?? "");
    this.button.hidden = !said.action;
    this.close.hidden = said.tone !== "box";
    mark(this.button, "data-testid", said.does === "restore" ? "restore" : "notice-action");
    mark(this.root, "data-tone", said.tone);
  }

  /** Whether what would pass has lasted long enough for a word. */
  lasting() {
    this.since ||= performance.now();
    if (performance.now() - this.since >= PASSING) return true;
    window.setTimeout(this.again, PASSING);
    return false;
  }
}
