// Every state in words: waiting for a place, diverged, gone to sleep, connection lost; and the button that helps.

import { element, mark, say } from "./dom.js";

/** @typedef {{words: string, tone: "calm" | "alarm", action?: string, does?: string, passing?: boolean}} Said */

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
    const [what, run] = link.attempt >= 5 ? ["The server does not answer.", ""] : ["The connection is lost.", " The run goes on meanwhile."];
    return { words: `${what} Trying again in ${seconds} s.${run}`, tone: "calm", action: "Try now", does: "retry" };
  }
  if (link.state === "connecting" && link.attempt > 0) return { words: "Connecting again.", tone: "calm" };
  if (!header) return null;
  const { status, message, position } = header;
  switch (status) {
    case "queued":
      return { words: message || `Waiting for a free place: number ${position ?? 1} in the queue. It starts by itself.`, tone: "calm", action: "Stop waiting", does: "pause" };
    case "diverged":
      return { words: message || "The loss is no longer a number: the steps were too long. Lower the learning rate.", tone: "alarm", action: "Back to the last finite state", does: "restore" };
    case "failed":
      return { words: message || "The run has stopped because of an error on the server.", tone: "alarm", action: "Start again", does: "play" };
    case "stored":
      return { words: message || "This run is put away. Play goes on where it was.", tone: "calm" };
    case "done":
      return { words: message || "Done: the last epoch is through. Reset begins again.", tone: "calm" };
    default:
      return message ? { words: message, tone: "calm", passing: true } : null;
  }
}

export class Notice {
  /** @param {(does: string) => void} act */
  constructor(act) {
    this.words = element("span", { "data-testid": "notice" });
    this.button = element("button", { type: "button", "data-testid": "notice-action", onclick: () => act(this.does) });
    this.does = "";
    this.root = element("div", { class: "notice", role: "status", hidden: true }, this.words, this.button);
  }

  show(/** @type {Said | null} */ said) {
    if (!said) {
      this.root.hidden = true;
      return;
    }
    mark(this.words, "title", said.words);
    say(this.words, said.words);
    say(this.button, said.action ?? "");
    this.button.hidden = !said.action;
    if (said.does === "restore") this.button.setAttribute("data-testid", "restore");
    else this.button.setAttribute("data-testid", "notice-action");
    this.does = said.does ?? "";
    this.root.dataset.tone = said.tone;
    this.root.hidden = false;
  }
}
