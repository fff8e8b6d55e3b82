// Basins of attraction: a map of starts for each of two optimizers, coloured by where they end, and the paths of one start.

import { css, mix, pixel, rgb } from "./colours.js";
import { element, mark, say, Sheet } from "./dom.js";
import { walker } from "./heights.js";
import { Host, hosted } from "./host.js";
import { contour, Raster } from "./raster.js";
import { stripes } from "./stripes.js";
import { word } from "./word.js";

/** Codes of starts that did not settle. */
const [MOVING, GONE] = [254, 255];
/** Families of more minima than this have no numbers on the map. */
const MEMBERS = 12;
/** What an arrow key moves the start by, as a share of the domain; shift does five times as much. */
const KEY = 1 / 40;

class Basins extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "basins", ["visual.css", "momentum.css"]);
    this.again = this.again.bind(this);
    this.maps = [0, 1].map((k) => this.map(k));
    this.table = element("table", { class: "legend", "data-testid": "legend" });
    this.hint = element("p", { class: "label" }, "Full colour: arrives soon. Pale: arrives late.");
    this.words = element("p", { class: "words", "data-testid": "words" });
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.classList.add("bare");
    this.root.append(
      element("div", { class: "stage" }, element("div", { class: "pair" }, ...this.maps.map(({ figure }) => figure)), this.words, this.alt),
      element("div", { class: "panel" }, element("h3", {}, "Where the starts end"), this.table, this.hint),
    );
  }

  map(/** @type {number} */ k) {
    const sheet = new Sheet({ class: "sheet map", role: "img", "data-testid": `map-${k}`, "data-arrows": true, tabindex: 0 });
    const title = element("h3", {});
    const made = { sheet, title, figure: element("figure", { class: "figure" }, title, sheet.canvas), raster: new Raster(), box: { x: 0, y: 0, w: 1, h: 1 }, pointed: /** @type {number[] | null} */ (null), painted: "" };
    const { canvas } = sheet;
    canvas.addEventListener("click", (/** @type {PointerEvent} */ event) => this.choose(this.at(made.box, event.offsetX, event.offsetY)));
    canvas.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      made.pointed = event.pointerType === "mouse" ? this.at(made.box, event.offsetX, event.offsetY) : null;
      this.again();
    });
    canvas.addEventListener("pointerleave", () => { made.pointed = null; this.again(); });
    canvas.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!by || !this.start || !this.frame) return;
      event.preventDefault();
      const { domain } = this.frame.header;
      this.choose(this.start.map((/** @type {number} */ value, /** @type {number} */ i) => value + by[i] * (event.shiftKey ? 5 : 1) * KEY * (domain[i][1] - domain[i][0])));
    });
    return made;
  }

  /** From CSS pixels to a start on the grid, or nothing outside. */
  at(box, /** @type {number} */ px, /** @type {number} */ py) {
    if (!this.frame) return null;
    const [[x0, x1], [y0, y1]] = this.frame.header.domain;
    const [u, v] = [(px - box.x) / box.w, 1 - (py - box.y) / box.h];
    return u < 0 || u > 1 || v < 0 || v > 1 ? null : [x0 + u * (x1 - x0), y0 + v * (y1 - y0)];
  }

  choose(/** @type {number[] | null} */ place) {
    if (!place || !this.frame || !this.may("start")) return;
    const { domain } = this.frame.header;
    this.start = place.map((value, i) => Number(Math.min(domain[i][1], Math.max(domain[i][0], value)).toFixed(3)));
    this.edit({ start: this.start });
    this.again();
  }

  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    this.start = header.start;
    [, this.rows, this.columns] = blocks.codes.shape;
    for (const one of this.maps) one.painted = "";
    this.legended = "";
    this.pieces = undefined;
  }

  update() {
    const { header } = this.frame ?? {};
    if (!header) return;
    say(this.words, header.words);
    say(this.alt, header.alt);
    mark(this.root, "data-start", header.start.join(","));
    this.maps.forEach(({ title, sheet }, k) => {
      say(title, header.titles[k]);
      mark(sheet.canvas, "aria-label", `${k ? "Right" : "Left"}: ${header.titles[k]}. ${header.alt} Arrow keys move the start.`);
      mark(sheet.canvas, "data-free", this.may("start") ? "true" : null);
    });
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    if (!this.frame) return;
    this.legend(theme);
    this.maps.forEach((one, k) => this.drawMap(theme, one, k));
  }

  drawMap(theme, one, /** @type {number} */ k) {
    const { header, blocks } = this.frame;
    const { sheet } = one;
    const { size } = this;
    sheet.fit();
    const context = sheet.blank();
    context.font = `${size}px ${theme.font}`;
    const [[x0, x1], [y0, y1]] = header.domain;
    const room = Math.round(size * 1.5);
    one.box = { x: room, y: 6, w: Math.max(40, sheet.width - room - 4), h: Math.max(40, sheet.height - 6 - room) };
    const { x, y, w, h } = one.box;
    const where = (/** @type {number} */ a, /** @type {number} */ b) => [x + (w * (a - x0)) / (x1 - x0), y + h * (1 - (b - y0) / (y1 - y0))];
    this.paint(theme, one, k);
    context.imageSmoothingEnabled = false;
    context.drawImage(one.raster.canvas, x, y, w, h);
    this.unsettled(context, theme, one, k);
    this.lines(context, theme, one);
    Object.assign(context, { strokeStyle: theme.border, lineWidth: 1, fillStyle: theme.muted, textAlign: "center", textBaseline: "top" });
    context.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
    for (const value of [x0, (x0 + x1) / 2, x1]) {
      context.textAlign = value === x0 ? "left" : value === x1 ? "right" : "center";
      context.fillText(plain(value), where(value, y0)[0], y + h + 3);
    }
    context.textAlign = "right";
    for (const value of [y0, (y0 + y1) / 2, y1]) {
      context.save();
      context.translate(x - 4, where(x0, value)[1]);
      context.rotate(-Math.PI / 2);
      Object.assign(context, { textAlign: value === y0 ? "left" : value === y1 ? "right" : "center", textBaseline: "bottom" });
      context.fillText(plain(value), 0, 0);
      context.restore();
    }
    context.save();
    context.beginPath();
    context.rect(x, y, w, h);
    context.clip();
    const count = header.steps + 1;
    const [px, py] = [0, 1].map((axis) => blocks.paths.data.subarray((2 * k + axis) * count, (2 * k + axis + 1) * count));
    for (const [colour, wide] of [[theme.paper, 5], [theme.ink, 2]]) {
      Object.assign(context, { strokeStyle: colour, lineWidth: wide, lineJoin: "round" });
      context.beginPath();
      for (let i = 0; i < count && Number.isFinite(px[i]); i += 1) {
        const [a, b] = where(px[i], py[i]).map((value) => Math.min(1e5, Math.max(-1e5, value)));
        if (i) context.lineTo(a, b);
        else context.moveTo(a, b);
      }
      context.stroke();
    }
    Object.assign(context, { textAlign: "center", textBaseline: "middle" });
    context.font = `600 ${size}px ${theme.font}`;
    const few = (/** @type {number} */ family) => header.families.filter((/** @type {number} */ one) => one === family).length <= MEMBERS;
    header.places.forEach(([a, b], i) => { if (few(header.families[i])) word(context, theme, String(header.families[i] + 1), ...where(a, b)); });
    const start = where(...(this.start ?? header.start));
    walker(context, theme, { x: [], y: [], colour: theme.accent, marker: "circle" }, start[0], start[1], 6, true);
    context.restore();
    context.font = `${size}px ${theme.font}`;
    if (one.pointed) this.reading(context, theme, one, k);
  }

  colours(theme) {
    const paper = rgb(theme.paper);
    return theme.classes.map((hue) => Array.from({ length: 256 }, (_, pace) => mix(rgb(hue), paper, 0.12 + 0.68 * Math.sqrt(pace / 255))));
  }

  paint(theme, one, /** @type {number} */ k) {
    if (one.painted === theme.key) return;
    one.painted = theme.key;
    const { codes, pace } = this.frame.blocks;
    const { rows = 0, columns = 0 } = this;
    const tables = this.colours(theme);
    const grey = pixel(mix(rgb(theme.paper), rgb(theme.ink), theme.dark ? 0.2 : 0.1));
    one.raster.size(columns, rows);
    for (let row = 0; row < rows; row += 1) {
      for (let i = 0; i < columns; i += 1) {
        const at = (k * rows + row) * columns + i;
        const code = codes.data[at];
        one.raster.pixels[(rows - 1 - row) * columns + i] = code >= MOVING ? grey : pixel(tables[code % tables.length][pace.data[at]]);
      }
    }
    one.raster.show();
  }

  /** Stripes over starts that are still on their way, crosses over those that left for good. */
  unsettled(context, theme, { box: { x, y, w, h } }, /** @type {number} */ k) {
    const { codes } = this.frame.blocks;
    const { rows = 1, columns = 1 } = this;
    for (const kind of [MOVING, GONE]) {
      context.save();
      context.beginPath();
      let any = false;
      for (let row = 0; row < rows; row += 1) {
        for (let i = 0; i < columns; i += 1) {
          if (codes.data[(k * rows + row) * columns + i] !== kind) continue;
          any = true;
          context.rect(x + (w * i) / columns, y + (h * (rows - 1 - row)) / rows, w / columns + 0.5, h / rows + 0.5);
        }
      }
      if (any) {
        context.clip();
        stripes(context, theme, x, y, w, h, kind === GONE ? 6 : 9);
        if (kind === GONE) {
          context.translate(2 * x + w, 0);
          context.scale(-1, 1);
          stripes(context, theme, x, y, w, h, 6);
        }
      }
      context.restore();
    }
  }

  /** The surface's own contour lines, faint, so that one sees what the basins follow. */
  lines(context, theme, { box: { x, y, w, h } }) {
    const { header, blocks } = this.frame;
    this.pieces ??= Array.from(blocks.levels.data).flatMap((level) => contour(blocks.shares.data, header.side, level * 65535));
    const [across, down] = [w / (header.side - 1), h / (header.side - 1)];
    Object.assign(context, { strokeStyle: theme.ink, globalAlpha: 0.22, lineWidth: 1 });
    context.beginPath();
    for (let i = 0; i < this.pieces.length; i += 4) {
      context.moveTo(x + this.pieces[i] * across, y + h - this.pieces[i + 1] * down);
      context.lineTo(x + this.pieces[i + 2] * across, y + h - this.pieces[i + 3] * down);
    }
    context.stroke();
    context.globalAlpha = 1;
  }

  reading(context, theme, one, /** @type {number} */ k) {
    const { header, blocks } = this.frame;
    const [[x0, x1], [y0, y1]] = header.domain;
    const { rows = 1, columns = 1, size } = this;
    const [a, b] = one.pointed;
    const i = Math.min(columns - 1, Math.floor(((a - x0) / (x1 - x0)) * columns));
    const row = Math.min(rows - 1, Math.floor(((b - y0) / (y1 - y0)) * rows));
    const at = (k * rows + row) * columns + i;
    const code = blocks.codes.data[at];
    const steps = Math.round((blocks.pace.data[at] / 255) * header.steps);
    const said = [`start (${plain(a)}, ${plain(b)})`, code === MOVING ? "still on its way" : code === GONE ? "diverges" : `ends in ${code + 1} at step ${steps}`];
    const { x, y, w, h } = one.box;
    const wide = Math.max(...said.map((line) => context.measureText(line).width)) + 14;
    const tall = said.length * size * 1.35 + 8;
    const px = Math.min(x + w - wide, Math.max(x, x + (w * (a - x0)) / (x1 - x0) + 12));
    const py = Math.min(y + h - tall, Math.max(y, y + h * (1 - (b - y0) / (y1 - y0)) + 12));
    Object.assign(context, { fillStyle: theme.paper, strokeStyle: theme.border, lineWidth: 1, textAlign: "left", textBaseline: "top" });
    context.beginPath();
    context.roundRect(px, py, wide, tall, 5);
    context.fill();
    context.stroke();
    context.fillStyle = theme.ink;
    said.forEach((line, n) => context.fillText(line, px + 7, py + 5 + n * size * 1.35));
  }

  /** The table beside the maps: hue and number of each minimum, and how many starts end there. */
  legend(theme) {
    if (this.legended === theme.key) return;
    this.legended = theme.key;
    const { rows, counts, total } = this.frame.header;
    const colours = this.colours(theme);
    const share = (/** @type {number} */ k, /** @type {number} */ n) => element("td", {}, `${((100 * counts[k][n]) / total).toFixed(0)} %`);
    const line = (/** @type {string} */ kind, /** @type {string} */ text, /** @type {number} */ n) =>
      element("tr", {}, element("td", {}, element("i", { class: `patch ${kind}` }, kind ? "" : String(n + 1))), element("th", { scope: "row" }, text), share(0, n), share(1, n));
    const body = rows.map((/** @type {string} */ text, /** @type {number} */ n) => {
      const made = line("", text, n);
      made.querySelector(".patch").style.background = css(colours[n % colours.length][40]);
      return made;
    });
    const others = [["moving", "still on the way"], ["gone", "diverged"]].map(([kind, text], n) => line(kind, text, rows.length + n));
    const used = others.filter((_, n) => counts.some((/** @type {number[]} */ one) => one[rows.length + n] > 0));
    this.table.replaceChildren(
      element("thead", {}, element("tr", {}, element("th", { colspan: 2 }, "minimum"), element("th", {}, "left"), element("th", {}, "right"))),
      element("tbody", {}, ...body, ...used),
    );
  }
}

/** A number with at most two decimals. */
function plain(/** @type {number} */ value) {
  return String(Number(value.toFixed(2)) + 0).replace("-", "\u2212");
}

export default hosted(Basins);
