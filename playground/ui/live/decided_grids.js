// The three grids over the picture, one for each stride: which cell proposed an object, and how a cell says where the object ends.

import { extent } from "./decided_boxes.js";
import { Boxed } from "./decided_sheet.js";
import { View } from "./decided_view.js";
import { element, mark, say } from "./dom.js";
import { counted, percent, whole } from "./numbers.js";

/** More objects than this are not listed. */
const MOST = 60;
/** Below the pictures this height is left at least, in CSS pixels. */
const BELOW = 180;
/** What the grids suit best, the finest first. */
const SUITS = ["Fine: best for small things", "Between: best for things of middle size", "Coarse: best for large things"];

/** A row of pictures, one for each grid, at one size that fits. */
export class Trio extends View {
  constructor(/** @type {any} */ host, /** @type {string} */ name, /** @type {(at: number) => object} */ told) {
    super(host);
    this.sheets = [0, 1, 2].map((at) => new Boxed(`${name}-${at}`, "The photo", told(at)));
    this.shots = element("div", { class: "shots trio" }, ...this.sheets.map(({ root }) => root));
    /** Lines of words below each picture. */
    this.lines = 0;
  }

  /** Begins the drawing of all of them. */
  begin(proposals, /** @type {(at: number) => {veil: number, title: string, label: string}} */ wanted) {
    const { host, shots } = this;
    const count = proposals ? Math.min(3, proposals.grids.length) : 1;
    const gaps = 16 * (count - 1);
    const width = host.narrow ? shots.clientWidth : (shots.clientWidth - gaps) / count;
    const title = (1.9 + 1.7 * this.lines) * host.size + 6;
    const height = host.narrow ? 290 : Math.min(host.root.clientHeight - BELOW * (host.present ? 1.4 : 1) - title, width / host.ratio);
    host.root.style.setProperty("--stage", `${Math.ceil(height + title)}px`);
    this.sheets.forEach((sheet, at) => {
      sheet.root.hidden = at >= count;
      if (at < count) sheet.begin(host, { width, height, ...(proposals ? wanted(at) : { veil: 0, title: "", label: "The photo" }) });
    });
    return count;
  }

  /** The cell of a grid under a place on the picture, by its number; -1 outside. */
  cellAt(proposals, /** @type {number} */ at, /** @type {number} */ x, /** @type {number} */ y) {
    const grid = proposals.grids[at];
    if (!grid || Number.isNaN(x)) return -1;
    const [left, top] = proposals.cellBox(grid, 0, 0);
    const [, , right, bottom] = proposals.cellBox(grid, grid.rows - 1, grid.columns - 1);
    const row = Math.floor(((y - top) / (bottom - top)) * grid.rows);
    const column = Math.floor(((x - left) / (right - left)) * grid.columns);
    return row < 0 || column < 0 || row >= grid.rows || column >= grid.columns ? -1 : grid.first + row * grid.columns + column;
  }
}

export class Grids extends Trio {
  constructor(/** @type {any} */ host) {
    super(host, "grid", () => ({
      point: (/** @type {number} */ x, /** @type {number} */ y) => this.look(Number.isNaN(x) ? -1 : this.find(x, y)),
      press: (/** @type {number} */ x, /** @type {number} */ y) => this.choose(this.find(x, y)),
    }));
    this.lines = 1;
    this.suits = this.sheets.map(({ root }) => {
      const words = element("p", { class: "quiet suits" });
      root.append(words);
      return words;
    });
    this.list = element("div", { class: "objects", role: "group", "aria-label": "Objects", "data-testid": "objects" });
    this.about = element("p", { class: "about", "data-testid": "grid-about", "aria-live": "polite" });
    this.confidence = host.dial("confidence", "Confidence threshold", "grids-confidence");
    this.panel = element("div", { class: "panel below" }, element("div", {}, element("h3", {}, "Boxes, and the stride that each comes from"), this.list), element("div", {}, this.about, this.confidence.root));
    this.parts = [element("div", { class: "stage" }, this.shots), this.panel];
    this.over = -1;
    this.chosen = -1;
    /** @type {number[]} */
    this.kept = [];
    this.listed = "";
  }

  renew() {
    this.chosen = -1;
    this.over = -1;
    this.listed = "";
  }

  look(/** @type {number} */ number) {
    if (number === this.over) return;
    this.over = number;
    this.host.again();
  }

  choose(/** @type {number} */ number) {
    if (number >= 0) this.chosen = number;
    this.host.again();
  }

  find(/** @type {number} */ x, /** @type {number} */ y) {
    return this.host.proposals ? this.sheets[0].hit(this.host.proposals, this.kept, x, y) : -1;
  }

  draw(theme, proposals) {
    const { host } = this;
    const fate = proposals?.fates(host.rule);
    this.kept = proposals ? proposals.kept(host.rule) : [];
    const shown = this.kept.includes(this.over) ? this.over : this.kept.includes(this.chosen) ? this.chosen : this.kept[0] ?? -1;
    const own = proposals ? this.kept.map((k) => proposals.cell(proposals.cells[k]).at) : [];
    const count = this.begin(proposals, (at) => {
      const seen = own.filter((one) => one === at).length;
      const title = `${proposals.gridWords(at)}, ${seen === 0 ? "no box" : seen === 1 ? "1 box" : `${whole(seen)} boxes`}`;
      return { veil: 0.42, title, label: `${title}. ${this.kept.filter((_, i) => own[i] === at).map((k) => proposals.called(k)).join(", ")}` };
    });
    this.suits.forEach((words, at) => say(words, count === 3 ? SUITS[at] : ""));
    if (!proposals) return;
    for (let at = 0; at < count; at += 1) {
      this.net(proposals, at);
      this.kept.forEach((k, i) => { if (own[i] === at && k !== shown) this.cell(proposals, at, proposals.cells[k], proposals.look(k).colour, 1); });
    }
    if (shown >= 0) this.shown(proposals, fate, shown, count);
    this.objects(proposals, shown);
    this.confidence.show();
    say(this.about, shown >= 0 ? this.words(proposals, fate, shown) : "No box reaches the confidence threshold: lower it.");
    mark(host.root, "data-looked", String(shown));
    mark(host.root, "data-grid", shown >= 0 ? String(proposals.cell(proposals.cells[shown]).at) : "");
  }

  /** The lines between the cells. */
  net(proposals, /** @type {number} */ at) {
    const sheet = this.sheets[at];
    const { context } = sheet;
    const grid = proposals.grids[at];
    context.strokeStyle = `rgb(255 255 255 / ${[0.22, 0.34, 0.5][at] ?? 0.3})`;
    context.lineWidth = [0.5, 0.75, 1][at] ?? 1;
    context.beginPath();
    for (let column = 1; column < grid.columns; column += 1) {
      const x = sheet.x(proposals.cellBox(grid, 0, column)[0]);
      context.moveTo(x, 0);
      context.lineTo(x, sheet.over.height);
    }
    for (let row = 1; row < grid.rows; row += 1) {
      const y = sheet.y(proposals.cellBox(grid, row, 0)[1]);
      context.moveTo(0, y);
      context.lineTo(sheet.over.width, y);
    }
    context.stroke();
  }

  cell(proposals, /** @type {number} */ at, /** @type {number} */ number, /** @type {string} */ colour, /** @type {number} */ alpha) {
    const { grid, row, column } = proposals.cell(number);
    const sheet = this.sheets[at];
    const [left, top, right, bottom] = proposals.cellBox(grid, row, column);
    const { context } = sheet;
    context.save();
    context.globalAlpha = alpha;
    context.fillStyle = colour;
    context.fillRect(sheet.x(left), sheet.y(top), Math.max(2, sheet.x(right) - sheet.x(left)), Math.max(2, sheet.y(bottom) - sheet.y(top)));
    context.restore();
  }

  /** One object: its cell and how far from there each side is; in every grid, the other cells that proposed it, too. */
  shown(proposals, fate, /** @type {number} */ k, /** @type {number} */ count) {
    const look = proposals.look(k);
    const own = proposals.cell(proposals.cells[k]);
    for (let at = 0; at < count; at += 1) this.sheets[at].box(proposals.box(k), { colour: at === own.at ? look.colour : "#ffffff", rim: at === own.at ? look.ink : "", width: at === own.at ? 3 : 1, alpha: at === own.at ? 1 : 0.75, dash: at === own.at ? [] : [5, 4] });
    for (const other of proposals.where(fate, (/** @type {number} */ one) => one === k)) {
      const { at } = proposals.cell(proposals.cells[other]);
      if (at < count) this.cell(proposals, at, proposals.cells[other], "#ffffff", 0.55);
    }
    if (own.at >= count) return;
    const sheet = this.sheets[own.at];
    this.cell(proposals, own.at, proposals.cells[k], look.colour, 1);
    const [l, t, r, b] = proposals.cellBox(own.grid, own.row, own.column);
    sheet.box([l, t, r, b], { colour: "#ffffff", rim: "#111418", width: 2 });
    const [left, top, right, bottom] = proposals.box(k);
    const [x, y] = [sheet.x((l + r) / 2), sheet.y((t + b) / 2)];
    const { context } = sheet;
    for (const [colour, width] of /** @type {const} */ ([["#111418", 4], ["#ffffff", 2]])) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      for (const [tx, ty] of [[sheet.x(left), y], [sheet.x(right), y], [x, sheet.y(top)], [x, sheet.y(bottom)]]) {
        context.moveTo(x, y);
        context.lineTo(tx, ty);
      }
      context.stroke();
    }
    sheet.tag(proposals.box(k), proposals.called(k), look, { always: true });
  }

  /** The list of what was found; rows are kept as long as the objects are the same. */
  objects(proposals, /** @type {number} */ shown) {
    const key = `${proposals.header.id} ${this.host.packed.length} ${this.kept}`;
    if (key !== this.listed) {
      this.listed = key;
      this.list.replaceChildren(...this.kept.slice(0, MOST).map((k) => {
        const { grid } = proposals.cell(proposals.cells[k]);
        return element("button", { type: "button", class: "object", "data-number": k, onclick: () => this.choose(k), onpointerenter: (/** @type {PointerEvent} */ event) => event.pointerType === "mouse" && this.look(k), onpointerleave: () => this.look(-1) },
          element("span", { class: "swatch", style: `background:${proposals.look(k).colour}` }), element("span", { class: "name" }, proposals.look(k).name),
          element("span", { class: "score" }, percent(proposals.scores[k])), element("span", { class: "grid" }, `stride ${grid.stride}`));
      }));
    }
    for (const row of this.list.children) mark(row, "aria-pressed", String(Number(row.dataset.number) === shown));
  }

  words(proposals, fate, /** @type {number} */ k) {
    const others = proposals.where(fate, (/** @type {number} */ one) => one === k);
    const box = proposals.box(k);
    const more = proposals.header.end_to_end ? "It was trained so that one cell alone answers for an object."
      : others.length ? `${counted(others.length, "further cell")} (white) proposed it too: suppressed by NMS.` : "No other cell proposed it with enough confidence.";
    return `${proposals.called(k)}, ${extent(box)}: ${proposals.cellWords(proposals.cells[k])}. The arms are the four numbers that this grid cell predicts: how far it is to each side. ${more}`;
  }
}

