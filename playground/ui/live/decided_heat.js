// The confidence of each cell in its best class, over the picture: one map for each grid, all on the one scale.

import { pixel } from "./colours.js";
import { Trio } from "./decided_grids.js";
import { element, mark, say } from "./dom.js";
import { percent } from "./numbers.js";
import { Raster } from "./raster.js";

/** The scale's ends: it is logarithmic, for nearly all cells say nearly nothing. */
const [LOW, HIGH] = [0.001, 1];

const level = (/** @type {number} */ score) => Math.round(255 * Math.min(1, Math.max(0, Math.log(score / LOW) / Math.log(HIGH / LOW))));

export class Heat extends Trio {
  constructor(/** @type {any} */ host) {
    super(host, "heat", (at) => ({
      point: (/** @type {number} */ x, /** @type {number} */ y) => this.look(host.proposals ? this.cellAt(host.proposals, at, x, y) : -1),
      press: (/** @type {number} */ x, /** @type {number} */ y) => this.look(host.proposals ? this.cellAt(host.proposals, at, x, y) : -1),
    }));
    this.scale = new Raster();
    this.scale.canvas.className = "scale";
    this.mark = element("span", { class: "mark" });
    this.ends = element("div", { class: "ends" }, ...["0.1 % or less", "1 %", "10 %", "100 %"].map((text) => element("span", {}, text)));
    this.strength = 0.62;
    this.value = element("output", {});
    this.slider = element("input", { type: "range", min: 0, max: 1, step: 0.01, "data-testid": "strength", "aria-label": "Overlay", oninput: () => { this.strength = Number(this.slider.value); host.again(); } });
    this.about = element("p", { class: "about", "data-testid": "heat-about", "aria-live": "polite" });
    this.confidence = host.dial("confidence", "Confidence threshold", "heat-confidence");
    this.panel = element("div", { class: "panel below" },
      element("div", {}, element("h3", {}, "Each grid cell\u2019s highest confidence, any class"), element("div", { class: "legend" }, element("div", { class: "ruler" }, this.scale.canvas, this.mark), this.ends), this.confidence.root),
      element("div", {}, this.about, element("div", { class: "slide" }, element("label", {}, element("span", {}, "Overlay"), this.value), this.slider)));
    this.parts = [element("div", { class: "stage" }, this.shots), this.panel];
    this.rasters = [new Raster(), new Raster(), new Raster()];
    this.cell = -1;
    this.painted = false;
  }

  renew() {
    this.cell = -1;
    this.painted = false;
  }

  look(/** @type {number} */ cell) {
    if (cell === this.cell) return;
    this.cell = cell;
    this.host.again();
  }

  draw(theme, proposals) {
    const above = (/** @type {number} */ at) => {
      const { first, rows, columns } = proposals.grids[at];
      let count = 0;
      for (let k = first; k < first + rows * columns; k += 1) if (proposals.heat[k] >= this.host.rule.confidence) count += 1;
      return count;
    };
    const sum = proposals ? proposals.grids.reduce((/** @type {number} */ all, /** @type {any} */ _, /** @type {number} */ at) => all + above(at), 0) : 0;
    const count = this.begin(proposals, (at) => {
      const title = `${proposals.gridWords(at)}, ${above(at)} above`;
      return { veil: 0, title, label: `${proposals.gridWords(at)}. ${above(at)} of them are above the confidence threshold` };
    });
    if (!proposals) return;
    if (!this.painted) this.paint(proposals);
    for (let at = 0; at < count; at += 1) this.lay(proposals, at);
    this.confidence.show();
    say(this.value, `${Math.round(100 * this.strength)} %`);
    if (Number(this.slider.value) !== this.strength) this.slider.value = String(this.strength);
    this.mark.style.left = `${(100 * level(this.host.rule.confidence)) / 255}%`;
    say(this.about, this.words(proposals, sum));
    mark(this.host.root, "data-cell", String(this.cell));
  }

  paint(proposals) {
    this.painted = true;
    const colours = this.host.page.blocks.colours.data;
    const table = Uint32Array.from({ length: 256 }, (_, k) => pixel([colours[3 * k], colours[3 * k + 1], colours[3 * k + 2]]));
    proposals.grids.slice(0, 3).forEach(({ first, rows, columns }, /** @type {number} */ at) => {
      this.rasters[at].paint(Uint8Array.from({ length: rows * columns }, (_, k) => level(proposals.heat[first + k])), columns, rows, table);
    });
    this.scale.paint(Uint8Array.from({ length: 256 }, (_, k) => k), 256, 1, table);
  }

  /** The map over the photo, and an outline around the cells that are sure enough. */
  lay(proposals, /** @type {number} */ at) {
    const sheet = this.sheets[at];
    const { context } = sheet;
    const grid = proposals.grids[at];
    const [left, top] = proposals.cellBox(grid, 0, 0);
    const [, , right, bottom] = proposals.cellBox(grid, grid.rows - 1, grid.columns - 1);
    sheet.shot.base.style.filter = `grayscale(${Math.min(1, 2 * this.strength)})`;
    context.save();
    context.globalAlpha = this.strength;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.rasters[at].canvas, sheet.x(left), sheet.y(top), sheet.x(right) - sheet.x(left), sheet.y(bottom) - sheet.y(top));
    context.restore();
    const sure = (/** @type {number} */ row, /** @type {number} */ column) => row >= 0 && column >= 0 && row < grid.rows && column < grid.columns
      && proposals.heat[grid.first + row * grid.columns + column] >= this.host.rule.confidence;
    context.strokeStyle = "#ffffff";
    context.lineWidth = 1.5;
    context.beginPath();
    for (let row = 0; row < grid.rows; row += 1) {
      for (let column = 0; column < grid.columns; column += 1) {
        if (!sure(row, column)) continue;
        const [l, t, r, b] = proposals.cellBox(grid, row, column);
        const [x0, y0, x1, y1] = [sheet.x(l), sheet.y(t), sheet.x(r), sheet.y(b)];
        const edge = (/** @type {boolean} */ inside, /** @type {number[]} */ [ax, ay, bx, by]) => {
          if (inside) return;
          context.moveTo(ax, ay);
          context.lineTo(bx, by);
        };
        edge(sure(row - 1, column), [x0, y0, x1, y0]);
        edge(sure(row + 1, column), [x0, y1, x1, y1]);
        edge(sure(row, column - 1), [x0, y0, x0, y1]);
        edge(sure(row, column + 1), [x1, y0, x1, y1]);
      }
    }
    context.stroke();
    if (this.cell < grid.first || this.cell >= grid.first + grid.rows * grid.columns) return;
    const { row, column } = proposals.cell(this.cell);
    sheet.box(proposals.cellBox(grid, row, column), { colour: "#ffffff", rim: "#111418", width: 2 });
  }

  words(proposals, /** @type {number} */ sum) {
    if (this.cell < 0) return `${sum} of ${proposals.total.toLocaleString("en-US")} grid cells, outlined in white, are above ${Math.round(100 * this.host.rule.confidence)} %. Point at a cell, or tap it.`;
    const found = proposals.cells.indexOf(this.cell);
    const score = proposals.heat[this.cell];
    const said = score < LOW ? "less than 0.1 % for every class" : `at most ${percent(score)}${found >= 0 ? `, for ${proposals.look(found).name}` : ""}`;
    return `${proposals.cellWords(this.cell).replace(/^column/, "Column")}: ${said}.`;
  }

  leave() {
    for (const { shot } of this.sheets) shot.base.style.filter = "";
  }
}
