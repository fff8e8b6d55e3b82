// A model whose boxes are thinned out afterwards, and one that proposes each object once, on the same picture.

import { Proposals } from "./decided_boxes.js";
import { BELOW, KEPT, OTHER_CLASS, TOO_MANY } from "./decided_nms.js";
import { Boxed } from "./decided_sheet.js";
import { element, mark, say } from "./dom.js";
import { hosted } from "./host.js";
import { whole } from "./numbers.js";
import { Opened } from "./opened.js";

const TITLES = ["before NMS", "after NMS"];

class Both extends Opened {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "decided-both", ["decided.css", "decided_both.css"]);
    this.after = false;
    /** The box under the mouse, by side and number. */
    this.over = [-1, -1];
    this.sheets = [0, 1].map((at) => new Boxed(`both-${at}`, "The photo", { point: (x, y) => this.look(at, x, y) }));
    /** Numbers of the boxes that are drawn. @type {number[][]} */
    this.drawnBoxes = [[], []];
    this.shots = element("div", { class: "shots" }, ...this.sheets.map(({ root }) => root));
    this.choices = [false, true].map((after) => element("button", { type: "button", class: "act", "data-testid": after ? "after" : "before", onclick: () => { this.after = after; this.again(); } }, after ? "After NMS" : "Before NMS"));
    this.counts = element("table", { class: "counts", "data-testid": "counts" });
    this.missing = element("p", { class: "about", "data-testid": "missing" });
    this.root.append(element("div", { class: "stage" }, this.shots), element("div", { class: "panel" }, element("div", { class: "choices", role: "group", "aria-label": "What is shown" }, ...this.choices), this.counts, this.missing));
    /** @type {(Proposals | null)[]} */
    this.sides = [null, null];
    this.written = "";
  }

  accept(/** @type {import("./opened.js").Answer} */ { header, blocks }) {
    this.over = [-1, -1];
    this.sides = header.sides.map((/** @type {any} */ side, /** @type {number} */ at) => {
      if (!side) return null;
      const own = Object.fromEntries(Object.entries(blocks).filter(([name]) => name.startsWith(`${at}-`)).map(([name, block]) => [name.slice(2), block]));
      return new Proposals({ header: { ...side, id: header.id }, blocks: own });
    });
  }

  /** Which boxes one of them shows. */
  rule(/** @type {Proposals} */ side) {
    const { confidence, iou, agnostic, most } = /** @type {Record<string, any>} */ (this.data);
    return { confidence, iou, agnostic, most, classes: side.header.wanted };
  }

  look(/** @type {number} */ at, /** @type {number} */ x, /** @type {number} */ y) {
    const side = this.sides[at];
    const found = side && !Number.isNaN(x) ? this.sheets[at].hit(side, this.drawnBoxes[at], x, y) : -1;
    if (found === this.over[at]) return;
    this.over[at] = found;
    this.again();
  }

  draw() {
    this.state();
    const { shots } = this;
    const alone = this.page ? this.sides.includes(null) : Boolean(this.data?.alone);
    const width = this.narrow || alone ? shots.clientWidth : (shots.clientWidth - 16) / 2;
    const height = this.narrow ? (alone ? 400 : 380) : shots.clientHeight - 1.6 * this.size - 4;
    /** @type {{title: string, numbers: string[]}[]} */
    const columns = [];
    this.sheets.forEach((sheet, at) => {
      const side = this.page ? this.sides[at] : null;
      sheet.root.hidden = alone && (this.page ? !side : at > 0);
      if (sheet.root.hidden) return;
      if (!side) {
        sheet.begin(this, { width, height, veil: 0, title: "", label: "The photo" });
        return;
      }
      const fate = side.fates(this.rule(side));
      const sure = side.where(fate, (one) => one !== BELOW && one !== OTHER_CLASS);
      const kept = side.where(fate, (one) => one === KEPT);
      const shown = this.after ? kept : sure;
      this.drawnBoxes[at] = shown;
      const title = `${side.header.model}: ${whole(shown.length)} ${shown.length === 1 ? "box" : "boxes"} ${side.header.end_to_end ? "without NMS" : TITLES[Number(this.after)]}`;
      sheet.begin(this, { width, height, veil: 0.3, title, label: `${title}. ${kept.map((k) => side.called(k)).join(", ")}` });
      for (const k of kept) sheet.clear(side.box(k));
      for (const k of [...shown].reverse()) {
        const { colour, ink } = side.look(k);
        sheet.box(side.box(k), { colour, rim: ink, width: this.after ? 3 : 1.5 });
      }
      const over = this.over[at];
      if (shown.includes(over)) {
        sheet.box(side.box(over), { colour: side.look(over).colour, rim: side.look(over).ink, width: 4 });
        sheet.tag(side.box(over), side.called(over), side.look(over), { always: true });
      }
      if (this.after) for (const k of kept.filter((one) => one !== over)) sheet.tag(side.box(k), [side.called(k), side.look(k).name], side.look(k));
      const cut = sure.filter((k) => fate[k] === TOO_MANY).length;
      const drops = side.header.end_to_end ? "none" : `${whole(sure.length - kept.length - cut)} suppressed`;
      columns.push({ title: side.header.model, numbers: [whole(side.total), whole(sure.length), cut ? `${drops}, ${whole(cut)} cut by the maximum` : drops, whole(kept.length), `${side.header.seconds.toFixed(3)} s`] });
    });
    this.choices.forEach((button, k) => mark(button, "aria-pressed", String(Boolean(k) === this.after)));
    this.table(columns);
    say(this.missing, this.page ? this.data?.missing ?? "" : "");
    mark(this.root, "data-sides", String(columns.length));
    mark(this.root, "data-after", String(this.after));
    mark(this.root, "data-boxes", columns.map(({ numbers }) => numbers[this.after ? 3 : 1]).join(" "));
  }

  table(/** @type {{title: string, numbers: string[]}[]} */ columns) {
    const key = JSON.stringify(columns);
    if (key === this.written) return;
    this.written = key;
    const rows = ["Grid cells", "Above the confidence", "NMS", "Left", "Time"];
    this.counts.replaceChildren(
      element("tr", {}, element("td", {}), ...columns.map(({ title }) => element("th", { scope: "col" }, title))),
      ...rows.map((row, k) => element("tr", {}, element("th", { scope: "row" }, row), ...columns.map(({ numbers }) => element("td", {}, numbers[k])))));
  }
}

export default hosted(Both);
