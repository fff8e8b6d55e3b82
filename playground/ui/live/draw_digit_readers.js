// Two readers side by side: how sure each is of every digit, and what they say while the digit is shifted.

import { share } from "./bars.js";
import { element, mark, say } from "./dom.js";
import { counted, whole } from "./numbers.js";

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

export class Readers {
  /** @param {(shift: number, settled: boolean) => void} moved The slider was moved. */
  constructor(moved) {
    this.moved = moved;
    /** What each reads; nothing while nothing is drawn. @type {number[]} */
    this.said = [];
    this.columns = [0, 1].map((which) => {
      const bars = DIGITS.map((digit) => {
        const bar = element("i");
        return { bar, root: element("li", {}, element("span", { class: "tower" }, bar), element("b", {}, String(digit))) };
      });
      const name = element("h3");
      const verdict = element("p", { class: "digit-verdict", "data-testid": which ? "read-cnn" : "read-mlp" });
      const facts = element("p", { class: "facts" });
      return { bars, name, verdict, facts, root: element("div", { class: "digit-reader" }, name, verdict, element("ul", { class: "towers", "aria-hidden": "true" }, ...bars.map(({ root }) => root)), facts) };
    });
    this.slider = element("input", { type: "range", min: -10, max: 10, step: 1, "aria-label": "Shift in pixels", "data-testid": "shift" });
    this.slider.addEventListener("input", () => this.slid(false));
    this.slider.addEventListener("change", () => this.slid(true));
    this.amount = element("output", { class: "digit-amount" });
    this.rows = [0, 1].map(() => ({ name: element("th", { scope: "row" }), row: element("tr") }));
    this.table = element("table", { class: "sweep", "data-testid": "sweep" }, element("caption", { class: "unseen" }, "What each reader says at every shift"), element("colgroup", {}, element("col", { class: "sweep-names" })), element("tbody", {}, ...this.rows.map(({ row }) => row)));
    this.field = element("canvas", { class: "digit-seen", width: 28, height: 28, role: "img", "aria-label": "The digit as both readers are given it" });
    this.root = element("div", { class: "digit-readers" },
      element("div", { class: "digit-pair" }, ...this.columns.map(({ root }) => root)),
      element("div", { class: "shifting" },
        element("label", {}, element("span", { class: "label" }, "Shift it "), this.amount),
        this.field, element("div", { class: "sweeping" }, this.slider, this.table)));
  }

  slid(/** @type {boolean} */ settled) {
    this.tell(Number(this.slider.value));
    this.moved(Number(this.slider.value), settled);
  }

  tell(/** @type {number} */ shift) {
    say(this.amount, shift === 0 ? "not at all" : `${counted(Math.abs(shift), "pixel")} to the ${shift > 0 ? "right" : "left"}`);
  }

  /** Whether it may be moved, and where it is; `null` while the hand is ahead of what the page knows. */
  allow(/** @type {boolean} */ may, /** @type {number | null} */ shift) {
    this.slider.disabled = !may;
    if (shift === null || this.slider.matches(":active")) return;
    this.slider.value = String(shift);
    this.tell(shift);
  }

  show(/** @type {Record<string, any>} */ header, /** @type {Record<string, import("./frame.js").Block>} */ blocks) {
    const { data: sure } = blocks.sure;
    this.said = [];
    this.columns.forEach(({ bars, name, verdict, facts, root }, which) => {
      const row = [...sure.subarray(10 * which, 10 * which + 10)];
      const best = row.indexOf(Math.max(...row));
      this.said.push(best);
      say(name, header.readers[which].name);
      say(verdict, header.empty ? "Nothing to read" : `${best}, ${share(row[best])} sure`);
      say(facts, `${whole(header.readers[which].parameters)} weights`);
      root.toggleAttribute("data-empty", header.empty);
      bars.forEach(({ bar, root: column }, digit) => {
        bar.style.setProperty("--share", String(row[digit]));
        column.toggleAttribute("data-best", !header.empty && digit === best);
      });
    });
    const context = this.field.getContext("2d");
    const image = context.createImageData(28, 28);
    blocks.seen.data.forEach((/** @type {number} */ value, /** @type {number} */ at) => image.data.set([value, value, value, 255], 4 * at));
    context.putImageData(image, 0, 0);
    this.sweep(header, blocks.swept);
  }

  /** What each says at every shift; while the pen moves the last one stands, greyed. */
  sweep(/** @type {Record<string, any>} */ header, /** @type {import("./frame.js").Block | undefined} */ swept) {
    this.table.toggleAttribute("data-old", !swept);
    if (header.empty) this.rows.forEach(({ row }) => row.replaceChildren());
    if (!swept) return;
    const [, places] = swept.shape;
    const middle = (places - 1) / 2;
    const read = (/** @type {number} */ which, /** @type {number} */ at) => {
      const row = [...swept.data.subarray((which * places + at) * 10, (which * places + at + 1) * 10)];
      return row.indexOf(Math.max(...row));
    };
    this.rows.forEach(({ name, row }, which) => {
      say(name, which ? "CNN" : "MLP");
      const truth = read(which, middle);
      const cells = Array.from({ length: places }, (_, at) => {
        const digit = read(which, at);
        return element("td", { "data-other": digit !== truth, "data-here": at - middle === header.shift, title: `${at - middle} pixels: ${digit}` }, String(digit));
      });
      row.replaceChildren(name, ...cells);
    });
    mark(this.table, "data-held", this.rows.map(({ row }) => row.querySelectorAll("td:not([data-other])").length).join());
  }

  /** The answer for who listens. */
  words(/** @type {Record<string, any>} */ header) {
    if (header.empty) return "Nothing is drawn yet.";
    return this.columns.map(({ name, verdict }) => `${name.textContent}: ${verdict.textContent}.`).join(" ");
  }
}
