// Many texts and their verdicts: a table that is sorted by a press on its head and narrowed down by class.

import { share } from "./bars.js";
import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { whole } from "./numbers.js";
import { sign } from "./sentiment_scale.js";

/** So many rows are drawn at a time. */
const ROWS = 50;
const [TEXT, VERDICT, SCORE, PLACE, WINDOWS, , NEAR] = [0, 1, 2, 3, 4, 5, 6];
/** @type {[string, number][]} */
const HEADS = [["No.", -1], ["Text", TEXT], ["Verdict", VERDICT], ["Sure", SCORE], ["Negative to positive", PLACE]];

class Many extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "many", ["sentiment.css", "sentiment_many.css"]);
    this.root.classList.add("many");
    this.chips = element("div", { class: "examples", role: "group", "aria-label": "Which verdicts are shown" });
    this.heads = HEADS.map(([title, column]) => {
      const button = element("button", { type: "button", onclick: () => this.sortBy(column) }, title);
      return { column, button, cell: element("th", { scope: "col" }, button) };
    });
    this.body = element("tbody", {});
    this.table = element("table", { class: "rows", "data-testid": "rows" }, element("thead", {}, element("tr", {}, ...this.heads.map(({ cell }) => cell))), this.body);
    this.more = element("button", { type: "button", class: "act", "data-testid": "more", onclick: () => { this.room += 4 * ROWS; this.painted = ""; this.again(); } });
    this.root.append(this.chips, element("div", { class: "rows-frame", tabindex: 0, role: "region", "aria-label": "Results" }, this.table), this.more);
    this.only = "";
    this.by = -1;
    this.down = false;
    this.room = ROWS;
    this.painted = "";
    this.of = "";
  }

  update(/** @type {Record<string, any>} */ data) {
    const of = JSON.stringify(data.rows);
    if (of === this.of) return;
    this.of = of;
    this.only = "";
    this.room = ROWS;
    this.by = -1;
    this.down = false;
    this.painted = "";
  }

  sortBy(/** @type {number} */ column) {
    this.down = this.by === column ? !this.down : column === SCORE;
    this.by = column;
    this.painted = "";
    this.again();
  }

  draw() {
    const { data } = this;
    if (!data || this.painted) return;
    this.painted = "drawn";
    const counted = (/** @type {string} */ name) => data.rows.filter((/** @type {any} */ row) => row[VERDICT] === name).length;
    const names = ["", ...data.names];
    this.chips.replaceChildren(...names.map((name) => element("button", {
      type: "button", class: "chip", "aria-pressed": String(name === this.only), onclick: () => { this.only = name; this.room = ROWS; this.painted = ""; this.again(); },
    }, name ? `${name} ${whole(counted(name))}` : `All ${whole(data.rows.length)}`)));
    const rows = data.rows.map((/** @type {any} */ row, /** @type {number} */ at) => ({ row, at })).filter(({ row }) => !this.only || row[VERDICT] === this.only);
    const value = (/** @type {any} */ { row, at }) => (this.by < 0 ? at : row[this.by]);
    rows.sort((/** @type {any} */ a, /** @type {any} */ b) => {
      const [x, y] = [value(a), value(b)];
      if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0);
      const order = typeof x === "string" ? x.localeCompare(y) : x - y;
      return (this.down ? -order : order) || a.at - b.at;
    });
    const tones = new Map(data.labels.map((/** @type {any} */ { words, tone }) => [words, tone]));
    this.heads.forEach(({ column, cell }) => {
      mark(cell, "aria-sort", column === this.by ? (this.down ? "descending" : "ascending") : "none");
      /** @type {any} */ (cell).hidden = column === PLACE && !data.toned;
    });
    this.body.replaceChildren(...rows.slice(0, this.room).map(({ row, at }) => {
      const tone = tones.get(row[VERDICT]);
      const side = tone === undefined || tone === null ? "neutral" : tone < 0 ? "negative" : tone > 0 ? "positive" : "neutral";
      return element("tr", {},
        element("td", { class: "no" }, whole(at + 1)),
        element("td", {}, element("div", { class: "row-text", dir: "auto", title: row[TEXT] }, row[TEXT] || "\u2013")),
        element("td", { class: "row-verdict", "data-side": side }, element("i", { "aria-hidden": "true" }, tone === undefined ? "\u25cb" : sign(tone)), row[VERDICT], row[NEAR] && element("small", { class: "near", title: "The two likeliest classes lie close together" }, "close"), row[WINDOWS] > 1 && element("small", {}, ` ${row[WINDOWS]} windows`)),
        element("td", { class: "row-score" }, row[SCORE] === null ? "\u2013" : share(row[SCORE])),
        data.toned && element("td", { class: "row-place" }, row[PLACE] === null ? null : element("span", { class: "tiny", "data-side": row[PLACE] < 0 ? "negative" : "positive", style: `--from:${(50 + Math.min(0, 50 * row[PLACE])).toFixed(1)}%;--size:${Math.abs(50 * row[PLACE]).toFixed(1)}%` }, element("b", { class: "unseen" }, row[PLACE].toFixed(2)), element("i", {}))),
      );
    }));
    this.more.hidden = rows.length <= this.room;
    say(this.more, `Show more of ${whole(rows.length)}`);
    mark(this.root, "data-rows", String(rows.length));
  }
}

export default hosted(Many);
