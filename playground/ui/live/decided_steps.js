// Non-maximum suppression, one decision at a time: take the surest box that is left, drop what overlaps it too much, repeat.

import { areas, BELOW, KEPT, OTHER_CLASS, overlap, TOO_MANY } from "./decided_nms.js";
import { Boxed, share } from "./decided_sheet.js";
import { View } from "./decided_view.js";
import { element, mark, say } from "./dom.js";
import { percent, whole } from "./numbers.js";
import { Scrubber } from "./scrubber.js";

/** More rows than this are not listed. */
const ROWS = 200;
const PAPER = { colour: "#ffffff", ink: "#111418" };

export class Steps extends View {
  constructor(/** @type {any} */ host) {
    super(host);
    this.sheet = new Boxed("stepped", "The photo", { point: (x, y) => this.look(Number.isNaN(x) ? -1 : this.find(x, y)), press: (x, y) => this.choose(this.find(x, y)) });
    this.bar = new Scrubber({ label: "Non-maximum suppression", onmove: () => { this.chosen = -1; }, again: host.again });
    this.says = element("p", { class: "words", "data-testid": "step-words", "aria-live": "polite" });
    this.head = element("h3", {});
    this.compared = element("span", {});
    this.columns = element("div", { class: "columns", "aria-hidden": "true" }, element("span", {}), element("span", {}), element("span", {}), element("span", {}, "confidence"), this.compared);
    this.list = element("ol", { class: "queue", "data-testid": "queue", tabindex: -1 });
    this.sum = element("div", { class: "sum", "data-testid": "sum" });
    this.confidence = host.dial("confidence", "Confidence", "steps-confidence");
    this.iou = host.dial("iou", "IoU threshold", "steps-iou");
    this.panel = element("div", { class: "panel" }, this.head, this.columns, this.list, this.sum, element("div", { class: "dials" }, this.confidence.root, this.iou.root));
    this.parts = [element("div", { class: "stage" }, element("div", { class: "shots" }, this.sheet.root)), this.panel, this.says, this.bar.root];
    this.over = -1;
    this.chosen = -1;
    this.built = "";
    this.rolled = "";
    /** @type {{kind: "start" | "pick" | "drop" | "end", at: number}[]} */
    this.steps = [];
    /** @type {number[]} */
    this.queue = [];
    this.drawnBoxes = /** @type {number[]} */ ([]);
  }

  renew() {
    this.built = "";
    this.bar.at = 0;
    this.chosen = -1;
  }

  leave() {
    this.bar.pause();
  }

  end() {
    this.bar.end();
  }

  look(/** @type {number} */ number) {
    if (number === this.over) return;
    this.over = number;
    this.host.again();
  }

  choose(/** @type {number} */ number) {
    this.chosen = number === this.chosen ? -1 : number;
    this.host.again();
  }

  find(/** @type {number} */ x, /** @type {number} */ y) {
    return this.host.proposals ? this.sheet.hit(this.host.proposals, this.drawnBoxes, x, y) : -1;
  }

  /** The decisions in order; anew where a threshold moved. */
  build(proposals, fate) {
    const key = `${this.host.packed.length} ${proposals.header.id} ${JSON.stringify(this.host.rule)}`;
    if (key === this.built) return;
    this.built = key;
    this.queue = proposals.where(fate, (/** @type {number} */ one) => one !== BELOW && one !== OTHER_CLASS);
    this.steps = [{ kind: "start", at: -1 }];
    for (const k of this.queue.filter((one) => fate[one] === KEPT)) {
      this.steps.push({ kind: "pick", at: k });
      if (this.queue.some((one) => fate[one] === k)) this.steps.push({ kind: "drop", at: k });
    }
    this.steps.push({ kind: "end", at: -1 });
    this.bar.length = this.steps.length - 1;
    this.list.replaceChildren(...this.queue.slice(0, ROWS).map((k, place) => {
      const { colour } = proposals.look(k);
      return element("li", { "data-number": k, onpointerenter: () => this.look(k), onpointerleave: () => this.look(-1), onclick: () => this.choose(k) },
        element("span", { class: "place" }, String(place + 1)), element("span", { class: "swatch", style: `background:${colour}` }),
        element("span", { class: "name" }, proposals.look(k).name), element("span", { class: "score" }, percent(proposals.scores[k])),
        element("span", { class: "iou" }), element("span", { class: "fate" }));
    }));
  }

  /** What a box is at a step: `kept`, `dropped`, `now` (it is being taken), `falls` (it is being dropped), `cut` or `waits`. */
  standing(fate, /** @type {number} */ k, step) {
    if (step.kind === "start") return "waits";
    if (step.kind === "end") return fate[k] === KEPT ? "kept" : fate[k] >= 0 ? "dropped" : "cut";
    if (k === step.at) return "now";
    if (fate[k] === KEPT) return k < step.at ? "kept" : "waits";
    if (fate[k] === step.at) return step.kind === "drop" ? "falls" : "waits";
    return fate[k] >= 0 && fate[k] < step.at ? "dropped" : "waits";
  }

  draw(/** @type {import("./colours.js").Theme} */ theme, /** @type {import("./decided_boxes.js").Proposals | null} */ proposals) {
    const { host, sheet } = this;
    const fate = proposals?.fates(host.rule);
    if (proposals) this.build(proposals, fate);
    const step = this.steps[this.bar.at];
    const words = proposals ? this.sentence(proposals, fate, step) : "";
    say(this.says, words); // first: what room it takes is not the picture's
    const place = /** @type {HTMLElement} */ (sheet.root.parentElement);
    const height = host.narrow ? 400 : place.clientHeight - 1.6 * host.size - 4;
    share(host, height);
    const room = { width: place.clientWidth, height };
    if (!proposals) {
      sheet.begin(host, { ...room, veil: 0, title: "", label: "The photo" });
      return;
    }
    sheet.begin(host, { ...room, veil: 0.5, title: `Step ${this.bar.at} of ${this.bar.length}`, label: words });
    this.paint(theme, proposals, fate, step);
    this.rows(proposals, fate, step);
    this.equation(proposals, fate, step);
    this.confidence.show();
    this.iou.show();
    mark(host.root, "data-step", String(this.bar.at));
    mark(host.root, "data-kind", step.kind);
  }

  paint(theme, proposals, fate, step) {
    const { sheet, queue } = this;
    const groups = { kept: [], dropped: [], now: [], falls: [], waits: [], cut: [] };
    for (const k of queue) groups[this.standing(fate, k, step)].push(k);
    this.drawnBoxes = [...groups.now, ...groups.falls, ...groups.kept, ...groups.waits];
    for (const k of [...groups.kept, ...groups.now]) sheet.clear(proposals.box(k));
    for (const k of groups.waits) sheet.box(proposals.box(k), { colour: "#ffffff", width: 1, alpha: groups.waits.length > 80 ? 0.5 : 0.8 });
    for (const k of groups.kept) sheet.box(proposals.box(k), { colour: proposals.look(k).colour, rim: proposals.look(k).ink, width: 3 });
    for (const k of groups.falls) sheet.box(proposals.box(k), { colour: "#d5281c", rim: "#ffffff", width: 2, dash: [7, 5] });
    for (const k of groups.now) {
      const look = proposals.look(k);
      sheet.box(proposals.box(k), { colour: look.colour, rim: look.ink, width: 5, fill: `${look.colour}30` });
    }
    const other = this.other(proposals, fate, step);
    if (other >= 0 && step.at >= 0) {
      sheet.box(proposals.box(other), { colour: this.standing(fate, other, step) === "falls" ? "#d5281c" : "#ffffff", rim: "#111418", width: 2.5, dash: [7, 5] });
      this.shade(proposals, step.at, other);
      sheet.tag(proposals.box(other), `${queue.indexOf(other) + 1}: IoU ${overlap(proposals.boxes, step.at, other).toFixed(2)}`, PAPER, { side: "below", always: true });
    }
    for (const k of [...groups.now, ...groups.kept]) sheet.tag(proposals.box(k), [`${queue.indexOf(k) + 1}  ${proposals.called(k)}`, String(queue.indexOf(k) + 1)], proposals.look(k), { always: k === step.at });
  }

  /** The part that two boxes share, hatched. */
  shade(proposals, /** @type {number} */ i, /** @type {number} */ j) {
    const [a, b] = [proposals.box(i), proposals.box(j)];
    const { context } = this.sheet;
    const [left, top] = [this.sheet.x(Math.max(a[0], b[0])), this.sheet.y(Math.max(a[1], b[1]))];
    const [right, bottom] = [this.sheet.x(Math.min(a[2], b[2])), this.sheet.y(Math.min(a[3], b[3]))];
    if (right <= left || bottom <= top) return;
    context.save();
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    context.strokeStyle = "rgb(255 255 255 / 0.4)";
    context.lineWidth = 1.5;
    context.beginPath();
    for (let x = left - (bottom - top); x < right; x += 9) {
      context.moveTo(x, bottom);
      context.lineTo(x + bottom - top, top);
    }
    context.stroke();
    context.restore();
  }

  /** The box that is compared with the one being taken: looked at, chosen, else the one that overlaps it most. */
  other(proposals, fate, step) {
    if (step.at < 0) return -1;
    const fits = (/** @type {number} */ k) => k >= 0 && k !== step.at && this.queue.includes(k);
    if (fits(this.over)) return this.over;
    if (fits(this.chosen)) return this.chosen;
    let [best, most] = [-1, 0];
    for (const k of this.queue) {
      if (k <= step.at || !["waits", "falls"].includes(this.standing(fate, k, step)) || !this.rivals(proposals, step.at, k)) continue;
      const shared = overlap(proposals.boxes, step.at, k);
      if (shared > most) [best, most] = [k, shared];
    }
    return best;
  }

  /** Whether one box could drop the other at all. */
  rivals(proposals, /** @type {number} */ i, /** @type {number} */ j) {
    return this.host.rule.agnostic || proposals.labels[i] === proposals.labels[j];
  }

  sentence(proposals, fate, step) {
    const { agnostic, iou, confidence } = this.host.rule;
    const { queue } = this;
    const kept = queue.filter((k) => fate[k] === KEPT);
    const drops = queue.filter((k) => step.at >= 0 && fate[k] === step.at);
    const what = (/** @type {number} */ n) => `${whole(n)} ${n === 1 ? "box" : "boxes"}`;
    if (!queue.length) return "No box reaches the confidence threshold: lower it.";
    if (step.kind === "start") return `${what(queue.length)} ${queue.length === 1 ? "has" : "have"} a confidence of at least ${Math.round(100 * confidence)} %; the list is sorted by it. Press Play, or go step by step.`;
    if (step.kind === "end") {
      const cut = queue.filter((k) => fate[k] === TOO_MANY).length;
      const counts = `${what(kept.length)} of ${whole(queue.length)} ${kept.length === 1 ? "is" : "are"} kept, ${whole(queue.length - kept.length - cut)} suppressed`;
      return cut ? `The maximum is reached: ${counts}. The other ${what(cut)} ${cut === 1 ? "is" : "are"} cut by it, not by a threshold.` : `Nothing is left to decide: ${counts}.`;
    }
    const whose = agnostic ? " of any class (class-agnostic NMS)" : ` of class \u201c${proposals.look(step.at).name}\u201d`;
    if (step.kind === "pick") {
      const more = drops.length ? " Which of the others show the same thing?" : ` No other box${whose} has an IoU with it above ${iou.toFixed(2)}: none is suppressed.`;
      return `The box of highest confidence that is left, number ${queue.indexOf(step.at) + 1}, is kept: ${proposals.called(step.at)}.${more}`;
    }
    return `${what(drops.length)}${whose} ${drops.length === 1 ? "has" : "have"} an IoU with it above ${iou.toFixed(2)}: taken for the same object and suppressed.`;
  }

  rows(proposals, fate, step) {
    const { queue } = this;
    say(this.head, queue.length > ROWS ? `The first ${ROWS} of ${whole(queue.length)} boxes by confidence` : "Boxes by confidence");
    const words = { kept: "kept", dropped: "suppressed", now: "kept", falls: "suppressed", waits: "", cut: "cut" };
    say(this.compared, step.at >= 0 ? `IoU with ${queue.indexOf(step.at) + 1}` : "");
    const looked = this.other(proposals, fate, step);
    for (const row of this.list.children) {
      const k = Number(row.dataset.number);
      const standing = this.standing(fate, k, step);
      const compared = step.at >= 0 && k > step.at && (standing === "waits" || standing === "falls");
      mark(row, "data-standing", standing);
      row.toggleAttribute("data-looked", k === looked);
      const shared = compared && this.rivals(proposals, step.at, k) ? overlap(proposals.boxes, step.at, k).toFixed(2) : "";
      say(row.children[4], compared && !this.rivals(proposals, step.at, k) ? "other class" : shared);
      say(row.children[5], words[standing]);
    }
    const roll = `${this.built} ${this.bar.at}`;
    if (roll === this.rolled) return;
    this.rolled = roll;
    const row = [...this.list.children].find((one) => Number(one.dataset.number) === step.at);
    this.list.scrollTop = row ? Math.max(0, row.offsetTop - 40) : 0;
  }

  /** Intersection over union of the two boxes that are compared, with their numbers. */
  equation(proposals, fate, step) {
    const other = this.other(proposals, fate, step);
    this.sum.style.visibility = other >= 0 ? "" : "hidden";
    if (other < 0) return;
    const { shared, both } = areas(proposals.boxes, step.at, other);
    const value = overlap(proposals.boxes, step.at, other);
    const [one, two] = [step.at, other].map((k) => this.queue.indexOf(k) + 1);
    const { iou } = this.host.rule;
    const verdict = !this.rivals(proposals, step.at, other) ? "another class: not compared" : value > iou ? `> threshold ${iou.toFixed(2)}: suppressed` : `\u2264 threshold ${iou.toFixed(2)}: stays for now`;
    const key = `${one} ${two} ${shared} ${both} ${verdict}`;
    if (this.sum.dataset.key === key) return;
    this.sum.dataset.key = key;
    this.sum.replaceChildren(
      element("span", { class: "lead" }, `IoU of ${one} and ${two} =`),
      element("span", { class: "fraction" }, element("span", {}, `${whole(shared)} px\u00b2 intersection`), element("span", {}, `${whole(both)} px\u00b2 union`)),
      element("span", { class: "result" }, `= ${value.toFixed(2)} `, element("span", {}, verdict)));
  }
}
