// Numbers beside a picture: a line for each loss, told by its own line's colour and dash.

import { dashed, element, mark, say } from "./dom.js";

/**
 * @typedef {object} Row
 * @property {string} title
 * @property {string[]} cells
 * @property {{colour: string, dash: number[]}} [look]
 * @property {boolean} [chosen]
 */

export class ValueTable {
  constructor(/** @type {string} */ name) {
    this.caption = element("caption");
    this.head = element("thead");
    this.body = element("tbody");
    this.root = element("table", { class: "values", "data-testid": name }, this.caption, this.head, this.body);
    this.shape = "";
  }

  /**
   * @param {string} caption
   * @param {string[]} columns  The first is that of the titles.
   * @param {Row[]} rows
   */
  update(caption, columns, rows) {
    say(this.caption, caption);
    const shape = JSON.stringify([columns, rows.map(({ title, look, cells }) => [title, look?.dash, cells.length])]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.head.replaceChildren(element("tr", {}, ...columns.map((word) => element("th", { scope: "col" }, word || "\u00a0"))));
      this.body.replaceChildren(...rows.map((row) => element("tr", {}, element("th", { scope: "row" }, row.look ? dashed(row.look.dash) : null, row.title), ...row.cells.map(() => element("td")))));
    }
    rows.forEach(({ cells, look, chosen }, r) => {
      const line = this.body.children[r];
      mark(line, "data-chosen", chosen ? "" : null);
      if (look) line.querySelector("path").style.stroke = look.colour;
      cells.forEach((text, c) => say(line.children[c + 1], text));
    });
  }
}
