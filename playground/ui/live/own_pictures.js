// A visitor's own classes: cards to fill, two ways to learn them side by side, and a picture to try them on.
//
// What the hand does goes to the page's script as numbered operations, again and again until it says that it has heard them: of
// two messages that come while the script runs, only the last is heard.

import { element, icon, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { OwnCard } from "./own_cards.js";
import { newId } from "./own_store.js";
import { OwnTried } from "./own_tried.js";
import { OwnWays } from "./own_ways.js";

/** So many pictures travel in one message. */
const AT_ONCE = 10;
/** What is not heard is sent again after so many milliseconds, each time after twice as many: a busy server is not to be pressed. */
const AGAIN = 3000;
const LONGEST = 24000;
const STAYS = 8000;

export class OwnPictures extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "own-pictures", ["answer.css", "own_pictures.css"]);
    this.root.classList.add("own");
    this.train = element("button", { type: "button", class: "play", "data-testid": "train", onclick: () => this.op({ wish: "train" }) }, icon("play"), element("span", {}, "Train"));
    this.stopper = element("button", { type: "button", "data-testid": "stop", onclick: () => this.op({ wish: "stop" }) }, icon("close"), element("span", {}, "Stop"));
    this.status = element("p", { class: "own-status", role: "status", "data-testid": "own-status" });
    this.bar = element("div", { class: "own-part", "aria-hidden": "true" }, element("div", {}));
    this.anew = element("button", { type: "button", class: "act", "data-testid": "anew", onclick: () => { this.closeCameras(); this.op({ do: "anew" }); } }, "Start with my own");
    this.example = element("button", { type: "button", class: "act", "data-testid": "example", onclick: () => { this.closeCameras(); this.op({ do: "example" }); this.op({ wish: "train" }); } }, "Show the example");
    this.add = element("button", { type: "button", class: "act", "data-testid": "add-class", onclick: () => this.op({ do: "class", id: newId() }) }, icon("plus"), "Add a class");
    this.said = element("div", { class: "own-said", role: "status" });
    this.list = element("div", { class: "own-list" });
    this.ways = new OwnWays(this);
    this.tried = new OwnTried(this);
    this.root.append(
      element("div", { class: "transport" }, element("div", { class: "buttons" }, this.train, this.stopper), element("div", { class: "own-standing" }, this.status, this.bar), this.anew, this.example),
      element("section", { class: "own-cards" }, this.said, this.list, this.add), this.ways.root, this.tried.root,
    );
    this.tag = newId();
    this.number = 0;
    /** What the page has not heard yet. @type {any[]} */
    this.outbox = [];
    this.flying = 0;
    this.patience = AGAIN;
    this.acknowledged = 0;
    /** @type {Map<string, OwnCard>} */
    this.cards = new Map();
    /** What this browser could not open. @type {string[]} */
    this.complaints = [];
    this.quiet = 0;
  }

  get locked() {
    return Boolean(this.data?.locked);
  }

  get sheet() {
    return this.data?.sheet ?? [1, 1];
  }

  get triedId() {
    return this.data?.tried?.id ?? "";
  }

  /** Something was done; the page hears of it soon, and what was on its way before comes first. */
  op(/** @type {Record<string, any>} */ what) {
    if (this.locked && what.do !== "try") return;
    if (what.do === "try") this.outbox = this.outbox.filter((one) => one.do !== "try"); // the last one counts
    this.number += 1;
    this.outbox.push({ n: this.number, ...what });
    this.again();
    if (!this.flying) this.flush();
  }

  flush() {
    window.clearTimeout(this.flying);
    this.flying = 0;
    if (!this.outbox.length) return;
    let pictures = 0;
    const now = [];
    for (const one of this.outbox) {
      if (one.data) pictures += 1;
      if (pictures > AT_ONCE) break;
      now.push(one);
    }
    this.flying = window.setTimeout(() => this.flush(), this.patience);
    this.patience = Math.min(LONGEST, 2 * this.patience);
    this.edit({ tag: this.tag, operations: now });
  }

  update(/** @type {Record<string, any>} */ data) {
    if (data.tag !== this.tag || data.ack <= this.acknowledged) return;
    this.acknowledged = data.ack;
    this.patience = AGAIN;
    this.outbox = this.outbox.filter(({ n }) => n > data.ack);
    this.flush();
  }

  /** Says for a while what could not be opened. */
  complain(/** @type {string[]} */ words) {
    if (!words.length) return;
    this.complaints = words;
    window.clearTimeout(this.quiet);
    this.quiet = window.setTimeout(() => { this.complaints = []; this.again(); }, STAYS);
    this.again();
  }

  closeCameras() {
    for (const card of this.cards.values()) card.close();
    this.tried.close();
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    const data = /** @type {Record<string, any>} */ (this.data);
    const coming = this.outbox.filter((one) => one.do === "add");
    this.layCards(data.classes, coming);
    const busy = data.working;
    this.train.disabled = this.locked || Boolean(data.lacking) || busy || coming.length > 0;
    say(this.train.lastElementChild, data.ways[0].state === "none" ? "Train" : "Train again");
    this.train.toggleAttribute("data-wanted", Boolean(data.stale) && !busy);
    this.stopper.disabled = !busy;
    say(this.status, coming.length ? `${coming.length} on their way` : data.status);
    this.bar.style.setProperty("--part", String(busy ? data.part : 0));
    this.bar.toggleAttribute("data-on", busy);
    this.anew.hidden = this.locked || !data.example;
    this.example.hidden = this.locked || data.example;
    this.add.hidden = this.locked || data.classes.length >= data.most;
    say(this.said, [...this.complaints, ...data.problems, ...data.notes].join(" "));
    this.ways.draw(theme, data);
    this.tried.draw(data);
    mark(this.root, "data-state", busy ? "working" : data.ways[0].result ? "trained" : "idle");
    mark(this.root, "data-stale", String(Boolean(data.stale)));
    mark(this.root, "data-pictures", String(data.classes.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.count, 0)));
  }

  layCards(/** @type {any[]} */ classes, /** @type {any[]} */ coming) {
    const here = new Set(classes.map(({ id }) => id));
    for (const [id, card] of this.cards) {
      if (here.has(id)) continue;
      card.end();
      this.cards.delete(id);
    }
    classes.forEach((said, at) => {
      const card = this.cards.get(said.id) ?? new OwnCard(this, said.id);
      this.cards.set(said.id, card);
      if (this.list.children[at] !== card.root) this.list.insertBefore(card.root, this.list.children[at] ?? null);
      card.draw(said, coming.filter((one) => one.class === said.id));
    });
  }

  end() {
    window.clearTimeout(this.flying);
    window.clearTimeout(this.quiet);
    this.closeCameras();
    super.end();
  }
}

export default hosted(OwnPictures);
