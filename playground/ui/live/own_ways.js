// The two ways side by side, and the third: how many held-out pictures each gets right, against how many it learnt from.

import { hue } from "./colours.js";
import { element, mark, say } from "./dom.js";
import { whole } from "./numbers.js";
import { Plot } from "./plot.js";

const LINES = { last: 0, scratch: 1, tuned: 3 };
const DASHES = { last: [], scratch: [7, 4], tuned: [2, 3] };
const SHORT = { last: "last layer", scratch: "from scratch", tuned: "fine-tuned" };

export class OwnWays {
  constructor(/** @type {import("./own_pictures.js").OwnPictures} */ host) {
    this.host = host;
    this.rows = Object.fromEntries(["last", "scratch", "tuned"].map((way) => [way, this.row(way)]));
    this.plot = new Plot("own-curve", "Held-out pictures right, against training pictures a class", () => host.again());
    this.root = element("section", { class: "own-ways" }, element("h3", {}, "Side by side, on held-out pictures"), ...Object.values(this.rows).map(({ root }) => root), element("div", { class: "own-plot" }, this.plot.sheet.canvas));
  }

  row(/** @type {string} */ way) {
    const made = {
      title: element("strong", {}), right: element("span", { class: "own-right", "data-testid": `right-${way}` }), about: element("span", { class: "own-about" }),
      pack: element("button", { type: "button", class: "act plain", "data-testid": `pack-${way}`, onclick: () => this.host.op({ wish: `pack:${way}` }) }, "Download"),
      tune: way === "tuned" ? element("button", { type: "button", class: "act", "data-testid": "tune", onclick: () => this.host.op({ wish: "tune" }) }, "Unfreeze more layers") : null,
    };
    const key = element("span", { class: "own-key", "aria-hidden": "true" });
    return { ...made, key, root: element("div", { class: "own-way", "data-testid": `way-${way}` }, key, made.title, made.right, made.about, made.tune, made.pack) };
  }

  draw(/** @type {import("./colours.js").Theme} */ theme, /** @type {any} */ data) {
    for (const said of data.ways) this.tell(theme, said, data);
    const classes = Math.max(2, data.names.length || data.classes.length);
    const there = data.ways.filter((/** @type {any} */ one) => one.points.length);
    const most = Math.max(60, ...there.flatMap((/** @type {any} */ one) => one.points.map((/** @type {number[]} */ point) => point[0])));
    const colour = (/** @type {any} */ one) => hue(theme, LINES[/** @type {keyof typeof LINES} */ (one.way)]);
    this.plot.draw(theme, {
      size: this.host.size,
      x: { low: 1, high: 10 ** Math.ceil(Math.log10(most)), log: true, label: "training pictures a class" },
      y: { low: 0, high: 100, label: "right, %" },
      lines: there.map((/** @type {any} */ one) => ({
        x: one.points.map((/** @type {number[]} */ point) => point[0]), y: one.points.map((/** @type {number[]} */ point) => 100 * point[1]), colour: colour(one),
        name: SHORT[/** @type {keyof typeof SHORT} */ (one.way)], dash: DASHES[/** @type {keyof typeof DASHES} */ (one.way)],
      })),
      points: there.flatMap((/** @type {any} */ one) => one.points.map((/** @type {number[]} */ point) => ({ x: point[0], y: 100 * point[1], colour: colour(one), radius: 4, hollow: one.way === "tuned" }))),
      guides: [{ y: 100 / classes, label: "by chance" }],
    });
    mark(this.plot.sheet.canvas, "aria-label", `Held-out pictures right: ${there.map((/** @type {any} */ one) => `${one.title}: ${
      one.points.map((/** @type {number[]} */ point) => `${Math.round(100 * point[1])} % with ${Math.round(point[0])} a class`).join(", ")}`).join("; ") || "nothing trained yet"}.`);
  }

  tell(/** @type {import("./colours.js").Theme} */ theme, /** @type {any} */ said, /** @type {any} */ data) {
    const row = this.rows[said.way];
    const { result } = said;
    row.key.style.color = hue(theme, LINES[/** @type {keyof typeof LINES} */ (said.way)]);
    say(row.title, said.title);
    mark(row.root, "data-state", said.state);
    say(row.right, result ? result.of ? `${result.right} of ${result.of}` : "none held out" : said.state === "waiting" ? "…" : "");
    say(row.about, said.state === "refused" ? said.words : result ? `learns ${whole(result.trained)} of ${whole(result.whole)} numbers, ${seconds(result.seconds)}${result.notes.length ? `. ${result.notes.join(" ")}` : ""}` : said.words || this.promise(said.way));
    row.pack.hidden = !result;
    if (row.tune) {
      row.tune.hidden = said.state === "waiting";
      say(row.tune, result ? "Again" : "Unfreeze more layers");
      row.tune.disabled = data.locked || data.working || data.stale || data.ways[0].state !== "there";
    }
  }

  promise(/** @type {string} */ way) {
    return { last: "features of the pretrained model, one new layer", scratch: "a small network that knows nothing yet", tuned: "the pretrained model's last parts learn along" }[way];
  }
}

function seconds(/** @type {number} */ value) {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
}
