// What became of each object: its confidence before and now, and that of the one that is followed against how much of it is covered.

import { share } from "./bars.js";
import { copies } from "./cover_words.js";
import { element, mark, say } from "./dom.js";
import { Plot } from "./plot.js";

export class Scores {
  /**
   * @param {(which: number) => void} follow  Another object is to be followed.
   * @param {() => void} again
   */
  constructor(follow, again) {
    this.follow = follow;
    this.list = element("div", { class: "objects", role: "group", "aria-label": "Objects", "data-testid": "cover-objects" });
    this.plot = new Plot("trail", "The confidence against how much of the object is covered", again);
    this.chart = element("div", { class: "figure" }, element("h3", {}, "Its confidence, the more is covered by grey"), this.plot.sheet.canvas);
    this.parts = [element("h3", {}, "Confidence before and now"), this.list, this.chart];
    this.listed = "";
  }

  draw(/** @type {import("./colours.js").Theme} */ theme, /** @type {Record<string, any>} */ head, cover) {
    this.objects(head, cover);
    this.curve(theme, head, cover);
  }

  /** Each object with its score before and now; a press follows it. */
  objects(/** @type {Record<string, any>} */ head, cover) {
    if (this.listed !== cover.question) {
      this.listed = cover.question;
      this.list.replaceChildren(...head.objects.map((/** @type {any[]} */ one, /** @type {number} */ k) => element("button", { type: "button", class: "object", onclick: () => this.follow(k) },
        element("span", { class: "swatch", style: `background:${head.classes[one[4]][1]}` }), element("span", { class: "name" }, head.classes[one[4]][0]), element("span", { class: "score" }, share(one[5])), element("span", { class: "arrow", "aria-hidden": "true" }, "\u2192"), element("span", { class: "now" }),
        element("span", { class: "line", "aria-hidden": "true" }, element("span", { class: "was", style: `width:${100 * one[5]}%` }), element("span", { class: "is" }), element("span", { class: "limit" })))));
    }
    [...this.list.children].forEach((row, k) => {
      const score = cover.last?.scores[k];
      const lost = score !== undefined && score < cover.data?.confidence;
      mark(row, "aria-pressed", String(k === cover.target));
      row.toggleAttribute("data-gone", lost);
      say(row.children[4], score === undefined ? "\u2013" : lost ? `${score < 0.001 ? "0" : share(score)}, gone` : share(score));
      const [, is, limit] = row.children[5].children;
      is.style.width = `${100 * (score ?? head.objects[k][5])}%`;
      limit.style.left = `${100 * cover.data?.confidence}%`;
    });
  }

  curve(/** @type {import("./colours.js").Theme} */ theme, /** @type {Record<string, any>} */ head, cover) {
    const object = head.objects[cover.target];
    this.chart.style.visibility = object ? "" : "hidden";
    if (!object) return;
    const colour = theme.accent;
    const pasted = copies(cover.last?.covers ?? []).length > 0; // then no point stands for what is seen now
    const points = [{ x: 0, y: 100 * object[5] }, ...cover.trail];
    this.plot.draw(theme, {
      size: cover.size, lines: [], reading: false,
      x: { low: 0, high: 100, label: "of its box covered, %" }, y: { low: 0, high: 100, label: "confidence, %" },
      guides: [{ y: 100 * cover.data?.confidence, label: "threshold", dash: [4, 4] }],
      points: points.map((one, k) => ({ ...one, colour, radius: !pasted && k === points.length - 1 ? 6 : 3, hollow: pasted || k !== points.length - 1 })),
    });
    const now = points[points.length - 1];
    mark(this.plot.sheet.canvas, "aria-label", `${points.length} answers. ${pasted ? "With a copy on the picture" : "Now"} ${pasted ? "none is added" : `${Math.round(now.x)} % of its box is covered, and its confidence is ${now.y.toFixed(1)} %`}.`);
  }
}
