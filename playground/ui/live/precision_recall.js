// Precision against recall: every box of a class taken in, the surest first; the stair over it, whose area is the average
// precision; and where the confidence stands now, for each class and for all of them together.

import { element, say } from "./dom.js";
import { Plot } from "./plot.js";
import { counts, ranked, ratios, two } from "./verdicts.js";
import { word } from "./word.js";

/** So many classes have a line of their own. */
const MOST = 6;

export class PrecisionRecall {
  constructor(/** @type {() => void} */ again) {
    this.plot = new Plot("precision-recall", "Precision against recall", again);
    this.title = element("p", { class: "quiet", "data-testid": "curve-title" });
    this.root = element("div", { class: "figure" }, this.title, this.plot.sheet.canvas);
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {{scored: import("./verdicts.js").Scored | null, view: string, confidence: number, lit: number, size: number, column: number}} shown  `lit`: a box's number.
   */
  draw(theme, { scored, view, confidence, lit, size, column }) {
    const all = (scored?.classes ?? []).filter(({ name }) => !view || name === view);
    const classes = all.slice(0, MOST);
    const alone = classes.length === 1;
    const [lines, points] = [/** @type {any[]} */ ([]), /** @type {any[]} */ ([])];
    classes.forEach((one, k) => {
      const colour = one.colour || theme.muted;
      const own = ranked(/** @type {any} */ (scored), one);
      if (alone) lines.push({ x: one.recall, y: one.precision, colour: theme.muted, width: 1 });
      const stair = { ...stairs(one), dash: alone ? [] : DASHES[k] };
      lines.push({ ...stair, colour: theme.muted, width: 4.5 }); // a rim: some hues are pale
      lines.push({ ...stair, colour, width: 3, name: alone ? "" : one.name });
      const last = own.filter(({ score }) => score >= confidence).length - 1;
      if (alone) own.slice(0, 60).forEach(({ recall, precision, hit }) => points.push({ x: recall, y: precision, colour: theme.muted, radius: 2.5, hollow: hit < 0 }));
      if (last >= 0) points.push({ x: own[last].recall, y: own[last].precision, colour: view ? theme.accent : colour, radius: view ? 6.5 : 5 });
    });
    const together = scored && all.length && !view ? ratios(counts(scored, confidence, "")) : null;
    if (together) points.push({ x: together.recall, y: together.precision, colour: theme.accent, radius: 6.5 });
    say(this.title, !all.length ? "" : `${alone ? `Curve of “${classes[0].name}”` : `Curves of ${all.length > MOST ? `the ${MOST} commonest` : "the"} classes`}; dots: at confidence ${two(confidence)}`);
    const box = scored?.found[lit];
    const of = box ? classes.find(({ name }) => name === box.name) : undefined;
    if (scored && of) {
      const place = scored.found.slice(0, lit + 1).filter(({ name }) => name === of.name).length - 1;
      points.push({ x: of.recall[place], y: of.precision[place], colour: theme.ink, radius: 8, hollow: true });
    }
    const context = this.plot.draw(theme, {
      size, x: { low: 0, high: 1.02, label: "recall" }, y: { low: 0, high: 1.05, label: "precision" },
      lines, points, reading: false, names: alone || !classes.length ? 1.2 : undefined,
    });
    if (together && Number.isFinite(together.precision)) {
      const [x, y] = [this.plot.px(together.recall), this.plot.py(together.precision)];
      Object.assign(context, { font: `${size}px ${theme.font}`, textAlign: together.recall > 0.5 ? "right" : "left", textBaseline: "middle" });
      word(context, theme, "all classes", x + (together.recall > 0.5 ? -11 : 11), y + (together.precision > 0.5 ? size : -size));
    }
    if (alone) this.area(context, theme, classes[0], size, column);
  }

  /** What the average precision is: the area under the stair. */
  area(context, theme, /** @type {import("./verdicts.js").ClassScore} */ one, /** @type {number} */ size, /** @type {number} */ column) {
    const { plot } = this;
    const { x, y } = stairs(one);
    context.save();
    context.globalAlpha = theme.dark ? 0.16 : 0.09;
    context.fillStyle = theme.ink;
    context.beginPath();
    context.moveTo(plot.px(0), plot.py(0));
    x.forEach((at, i) => context.lineTo(plot.px(at), plot.py(y[i])));
    context.lineTo(plot.px(1), plot.py(0));
    context.fill();
    context.restore();
    Object.assign(context, { font: `600 ${size + 2}px ${theme.font}`, textAlign: "center", textBaseline: "middle" });
    word(context, theme, `area = AP ${two(one.scores[column])}, n = ${one.total}`, plot.px(0.5), plot.py(0.12));
  }
}

const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [4, 4], [1, 4]];

/** At each recall the best precision that is reached there or further on. */
export function stairs(/** @type {{recall: number[], envelope: number[]}} */ { recall, envelope }) {
  const [x, y] = [[0], [envelope[0] ?? 0]];
  recall.forEach((at, i) => {
    x.push(at, at);
    y.push(envelope[i], envelope[i + 1] ?? 0);
  });
  x.push(1);
  y.push(0);
  return { x, y };
}
