// All that was proposed, in three numbers from thousands of cells to a few boxes: a press on a number shows what it counts.

import { extent } from "./decided_boxes.js";
import { BELOW, KEPT, OTHER_CLASS, overlap, TOO_MANY } from "./decided_nms.js";
import { Boxed, share } from "./decided_sheet.js";
import { View } from "./decided_view.js";
import { element, mark, say } from "./dom.js";
import { counted, whole } from "./numbers.js";

/** More boxes than this are drawn without rims: they would hide the picture. */
const CROWD = 60;
/** More boxes than this have no names on them. */
const NAMED = 40;
const boxes = (/** @type {number} */ n) => `${whole(n)} ${n === 1 ? "box" : "boxes"}`;
/** What can be counted. */
const [CELLS, SURE, LEFT] = [0, 1, 2];

export class Candidates extends View {
  constructor(/** @type {any} */ host) {
    super(host);
    this.stage = SURE;
    /** The box looked at: under the mouse, or pressed; -1 is none. */
    this.over = -1;
    this.held = -1;
    this.sheet = new Boxed("proposed", "The photo", {
      point: (x, y) => this.look(Number.isNaN(x) ? -1 : this.find(x, y)),
      press: (x, y) => { const found = this.find(x, y); this.held = found === this.held ? -1 : found; this.host.again(); },
      walk: (by) => this.walk(by),
    });
    this.rows = ["cells", "sure", "left"].map((name, stage) => {
      const number = element("span", { class: "count" });
      const words = element("span", { class: "what" });
      const button = element("button", { type: "button", class: "stage-row", "data-testid": `stage-${name}`, onclick: () => { this.stage = stage; this.host.again(); } }, number, words);
      return { number, words, button };
    });
    this.confidence = host.dial("confidence", "Confidence threshold", "confidence");
    this.iou = host.dial("iou", "IoU threshold", "iou");
    this.single = element("p", { class: "quiet" });
    this.about = element("p", { class: "about", "data-testid": "about", "aria-live": "polite" });
    this.panel = element("div", { class: "panel funnel" },
      this.rows[0].button, element("div", { class: "gate" }, this.confidence.root),
      this.rows[1].button, element("div", { class: "gate" }, this.iou.root, this.single),
      this.rows[2].button, this.about);
    this.parts = [element("div", { class: "stage" }, element("div", { class: "shots" }, this.sheet.root)), this.panel];
    /** @type {number[]} Boxes that are drawn. */
    this.shown = [];
  }

  renew() {
    this.held = -1;
    this.over = -1;
  }

  find(/** @type {number} */ x, /** @type {number} */ y) {
    return this.host.proposals ? this.sheet.hit(this.host.proposals, this.shown, x, y) : -1;
  }

  look(/** @type {number} */ number) {
    if (number === this.over) return;
    this.over = number;
    this.host.again();
  }

  walk(/** @type {number} */ by) {
    if (!this.shown.length) return;
    const at = this.shown.indexOf(this.held);
    this.held = this.shown[(at + by + this.shown.length + (at < 0 && by < 0 ? 1 : 0)) % this.shown.length];
    this.host.again();
  }

  draw(/** @type {import("./colours.js").Theme} */ theme, /** @type {import("./decided_boxes.js").Proposals | null} */ proposals) {
    const { host, sheet } = this;
    const place = /** @type {HTMLElement} */ (sheet.root.parentElement);
    const height = host.narrow ? 420 : place.clientHeight - 1.6 * host.size - 4;
    share(host, height);
    const room = { width: place.clientWidth, height };
    if (!proposals) {
      sheet.begin(host, { ...room, veil: 0, title: "", label: "The photo" });
      return;
    }
    const { rule } = host;
    const fate = proposals.fates(rule);
    const sure = proposals.where(fate, (one) => one !== BELOW && one !== OTHER_CLASS);
    const kept = proposals.where(fate, (one) => one === KEPT);
    this.count(proposals, fate, sure, kept);
    this.shown = this.stage === LEFT ? kept : this.stage === SURE ? sure : [];
    const nms = proposals.header.end_to_end ? "above the confidence threshold" : "before NMS";
    const titles = ["Every grid cell proposes a box: here are the cells\u2019 centres", `${boxes(sure.length)} ${nms}`, `${boxes(kept.length)} ${proposals.header.end_to_end ? "shown" : "after NMS"}`];
    sheet.begin(host, { ...room, veil: this.stage === LEFT ? 0.2 : 0.45, title: titles[this.stage], label: `${titles[this.stage]}. ${kept.map((k) => proposals.called(k)).join(", ")}` });
    if (this.stage === CELLS) this.dots(proposals);
    else this.boxes(proposals, fate, kept);
    const looked = this.over >= 0 ? this.over : this.shown.includes(this.held) ? this.held : -1;
    const alone = looked >= 0 && this.shown.includes(looked);
    if (alone) this.single_out(theme, proposals, fate, looked);
    if (this.stage !== CELLS) this.tags(proposals, fate, kept.filter((k) => !alone || (k !== looked && k !== fate[looked])));
    say(this.about, this.words(proposals, fate, looked));
    mark(host.root, "data-sure", String(sure.length));
    mark(host.root, "data-looked", String(looked));
  }

  /** The three numbers, and what happens between them. */
  count(proposals, fate, /** @type {number[]} */ sure, /** @type {number[]} */ kept) {
    const cut = sure.filter((k) => fate[k] === TOO_MANY).length;
    const once = proposals.header.end_to_end;
    const asked = this.host.rule.classes.length ? " and of the classes asked for" : "";
    const words = [
      `grid cells on ${counted(proposals.grids.length, "feature map")}; each proposes one box`,
      `${sure.length === 1 ? "box reaches" : "boxes reach"} the confidence threshold${asked}`,
      `${kept.length === 1 ? "box is" : "boxes are"} ${once ? "shown" : "left after NMS"}${cut ? `; ${whole(cut)} more cut by the maximum of ${whole(this.host.rule.most)}` : ""}`,
    ];
    [proposals.total, sure.length, kept.length].forEach((n, k) => {
      say(this.rows[k].number, whole(n));
      say(this.rows[k].words, words[k]);
      mark(this.rows[k].button, "aria-pressed", String(k === this.stage));
    });
    this.confidence.show();
    this.iou.show();
    this.iou.root.hidden = once;
    say(this.single, once ? "No NMS here: this model was trained to propose each object once." : "");
    this.single.hidden = !once;
  }

  /** The middle of each cell, larger where the grid is coarser. */
  dots(proposals) {
    const { sheet, host } = this;
    const scale = sheet.over.width / sheet.width;
    proposals.grids.forEach((/** @type {any} */ grid, /** @type {number} */ at) => {
      sheet.context.fillStyle = ["rgb(255 255 255 / 0.62)", "rgb(255 255 255 / 0.85)", "#ffffff"][Math.min(2, at)];
      for (let row = 0; row < grid.rows; row += 1) {
        for (let column = 0; column < grid.columns; column += 1) {
          const [l, t, r, b] = proposals.cellBox(grid, row, column);
          const [x, y] = [(l + r) / 2, (t + b) / 2];
          if (x < 0 || y < 0 || x > host.shape[0] || y > host.shape[1]) continue;
          sheet.context.beginPath();
          sheet.context.arc(sheet.x(x), sheet.y(y), Math.max(0.7, Math.min(1 + 1.1 * at, 0.12 * (r - l) * scale)), 0, 7);
          sheet.context.fill();
        }
      }
    });
  }

  boxes(proposals, fate, /** @type {number[]} */ kept) {
    const { sheet, shown } = this;
    const crowd = shown.length > CROWD;
    if (this.stage === LEFT) for (const k of kept) sheet.clear(proposals.box(k));
    for (const k of [...shown].reverse()) {
      if (fate[k] === KEPT && this.stage !== LEFT && !crowd) continue;
      const { colour, ink } = proposals.look(k);
      sheet.box(proposals.box(k), this.stage === LEFT ? { colour, rim: ink, width: 3 } : crowd ? { colour, width: 1.2, alpha: 0.85 } : { colour, rim: ink, width: 1.2, alpha: 0.95, fill: `${colour}08` });
    }
    if (this.stage === SURE && !crowd) {
      for (const k of [...kept].reverse()) sheet.box(proposals.box(k), { colour: proposals.look(k).colour, rim: proposals.look(k).ink, width: 1.2 });
    }
  }

  /** What a box is, or how many boxes there are for one object: the surest are named first, shorter or not at all where there is no room. */
  tags(proposals, fate, /** @type {number[]} */ kept) {
    if (kept.length > NAMED || (this.stage === SURE && proposals.header.end_to_end)) return;
    for (const k of kept) {
      const { name } = proposals.look(k);
      const count = `${1 + this.shown.filter((one) => fate[one] === k).length} \u00d7`;
      this.sheet.tag(proposals.box(k), this.stage === LEFT ? [proposals.called(k), name] : [`${count} ${name}`, count], proposals.look(k));
    }
  }

  /** One box, and the box that it gave way to. */
  single_out(theme, proposals, fate, /** @type {number} */ looked) {
    const { sheet } = this;
    const winner = fate[looked];
    if (winner >= 0) {
      sheet.box(proposals.box(winner), { colour: "#ffffff", rim: "#111418", width: 2 });
      sheet.tag(proposals.box(winner), proposals.called(winner), { colour: "#ffffff", ink: "#111418" }, { always: true });
    }
    const look = proposals.look(looked);
    sheet.box(proposals.box(looked), { ...look, rim: look.ink, width: 4, dash: winner >= 0 ? [8, 5] : [], fill: `${look.colour}33` });
    sheet.tag(proposals.box(looked), proposals.called(looked), look, { side: winner >= 0 ? "below" : "above", always: true });
  }

  words(proposals, fate, /** @type {number} */ looked) {
    if (looked < 0) {
      if (this.stage === CELLS) return "Drag Confidence down to 1 % and press the second number to see how many boxes there are.";
      return this.shown.length ? "Point at a box, or tap it." : "No box reaches the confidence threshold: lower it.";
    }
    const winner = fate[looked];
    const end = winner >= 0
      ? `Suppressed: its IoU with ${proposals.called(winner)} is ${overlap(proposals.boxes, winner, looked).toFixed(2)}.`
      : winner === KEPT ? "It is kept." : `Cut by the maximum: the ${boxes(this.host.rule.most)} of highest confidence are kept.`;
    return `${proposals.called(looked)}, ${extent(proposals.box(looked))}, from ${proposals.cellWords(proposals.cells[looked])}. ${end}`;
  }
}
