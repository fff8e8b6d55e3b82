// Losses of one logit that decides between two classes, and who is heard when one hard example stands beside a crowd of easy ones.

import { element, mark, say } from "./dom.js";
import { Grip } from "./grip.js";
import { Host, hosted } from "./host.js";
import { LossCurves, Samples, look } from "./loss_curves.js";
import { decimal, percent, whole } from "./numbers.js";
import { Shared, snap } from "./shared.js";
import { ValueTable } from "./value_table.js";

const LOGIT = { low: -6, high: 6 };
const STEP = 0.05;
const EASY_STEP = 0.1;

class Margin extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "loss-margin", ["visual.css", "losses.css"]);
    this.shared = new Shared();
    const put = (/** @type {number} */ x, /** @type {boolean} */ settled) => this.change({ logit: snap(x, STEP, LOGIT.low, LOGIT.high) }, settled);
    const ease = (/** @type {number} */ x, /** @type {boolean} */ settled) => this.change({ easy: snap(x, EASY_STEP, 0, LOGIT.high) }, settled);
    this.curves = new LossCurves(() => this.again(), { label: "Logit", set: put, step: (steps, settled) => put(this.shared.values.logit + steps * STEP, settled) });
    this.crowd = new Grip({
      name: "easy", label: "Margin of the easy examples", along: "x",
      move: (x, _y, settled) => ease(this.curves.above.xAt(x) * this.side, settled),
      step: (steps, settled) => ease(this.shared.values.easy + steps * EASY_STEP * this.side, settled),
    });
    this.crowd.root.classList.add("second");
    this.curves.root.append(this.crowd.root);
    this.table = new ValueTable("at-logit");
    this.shares = element("div", { class: "shares", "data-testid": "shares" });
    this.heard = element("h3");
    this.words = element("p", { class: "words" });
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(
      element("div", { class: "stage" }, this.curves.root),
      element("div", { class: "panel" }, this.table.root, this.words, this.heard, this.shares, this.note = element("p", { class: "words note" })),
      this.alt);
  }

  /** 1 where the true class is 1, else -1: what turns a logit into a margin. */
  get side() {
    return this.page?.truth === "0" ? -1 : 1;
  }

  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    const rows = header.losses.length;
    this.values = new Samples(header.low, header.step, blocks.values.data, rows);
    this.slopes = new Samples(header.low, header.step, blocks.slopes.data, rows);
    this.sigmoid = new Samples(header.low, header.step, blocks.sigmoid.data, 1);
    /** @type {{name: string, title: string}[]} */
    this.losses = header.losses;
    this.page = header;
  }

  update(/** @type {Record<string, any>} */ data) {
    this.shared.hear({ logit: data.logit, easy: data.easy });
  }

  change(/** @type {Record<string, any>} */ changes, /** @type {boolean} */ settled) {
    this.shared.put(this, changes, settled);
  }

  /** The part of all gradients that the crowd has; nothing where nobody pulls. */
  share(/** @type {number} */ row) {
    const { logit, easy } = this.shared.values;
    const one = Math.abs(this.slopes.at(row, logit));
    const many = this.page.crowd * Math.abs(this.slopes.at(row, easy * this.side));
    return one + many > 0 ? many / (one + many) : null;
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    if (!this.page) return;
    const { logit, easy } = this.shared.values;
    const { losses, side, size } = this;
    const p = this.sigmoid.at(0, logit);
    const wrong = (/** @type {number} */ from, /** @type {number} */ to) => ({ from, to, label: "wrong side" });
    const numbers = losses.map((_, row) => [this.values.at(row, logit), this.slopes.at(row, logit)]);
    const facts = losses.map(({ title }, row) => `${title}: loss ${decimal(numbers[row][0])}, slope ${decimal(numbers[row][1])}`);
    this.curves.draw(theme, {
      size, x: { ...LOGIT, label: `logit of an example of class ${this.page.truth}` }, above: { low: 0, high: 6, label: "loss" }, below: { low: -1.4, high: 1.4, label: "its slope in the logit" },
      losses, values: this.values, slopes: this.slopes, at: logit, held: this.may("logit"), names: 8.5,
      shades: [side > 0 ? wrong(LOGIT.low, 0) : wrong(0, LOGIT.high)],
      guides: [{ x: side * easy, label: `${whole(this.page.crowd)} easy` }, ...(losses.some(({ name }) => name === "hinge") ? [{ x: side, colour: theme.border, label: this.narrow || this.present || Math.abs(easy - 1) < 0.9 ? undefined : "margin 1" }] : [])],
      text: `logit ${decimal(logit)}: ${facts.join("; ")}`,
    });
    this.crowd.place(this.curves.above.px(side * easy), this.curves.base, { now: easy, low: 0, high: LOGIT.high, text: `margin ${decimal(easy)}`, shown: this.may("easy") });
    this.table.update(`At logit ${decimal(logit)}: p = ${decimal(p)}`, ["", "loss", "slope"], losses.map(({ name, title }, row) => ({ title, look: look(theme, name), cells: numbers[row].map(decimal) })));
    const margin = logit * side;
    const weight = side > 0 ? 1 - p : p;
    say(this.words, this.sentence(margin, weight, numbers.map(([, slope]) => slope)));
    this.bars();
    this.report(facts);
  }

  sentence(/** @type {number} */ margin, /** @type {number} */ weight, /** @type {number[]} */ slopes) {
    const names = this.losses.map(({ name }) => name);
    const said = [];
    if (names.includes("hinge")) said.push(margin >= 1 ? "Hinge is content here: its slope is 0." : `Hinge still asks for ${decimal(1 - margin)} more.`);
    if (names.includes("cross_entropy")) said.push(`Cross-entropy pulls with ${decimal(weight)}, the probability of the wrong class; never quite 0.`);
    if (names.includes("focal")) said.push(`Focal weights its loss by ${decimal(weight ** this.page.gamma)}; its slope is ${decimal(slopes[names.indexOf("focal")])}.`);
    return said.join(" ");
  }

  bars() {
    const { easy } = this.shared.values;
    const count = this.page.crowd;
    const rows = this.losses.map(({ name, title }, row) => ({ name, title, part: this.share(row) })).filter(({ name }) => name !== "zero_one");
    say(this.heard, `Part of the gradient from the easy one${count === 1 ? "" : "s"}`);
    const names = rows.map(({ name }) => name).join();
    if (this.shares.dataset.names !== names) {
      this.shares.dataset.names = names;
      this.shares.replaceChildren(...rows.flatMap(({ title }) => [
        element("span", {}, title), element("div", { class: "share-bar" }, element("div", { class: "share-part" })), element("span", { class: "share-value" }),
      ]));
    }
    rows.forEach(({ part }, r) => {
      const [, bar, text] = [...this.shares.children].slice(3 * r, 3 * r + 3);
      bar.firstElementChild.style.setProperty("--part", `${100 * (part ?? 0)}%`);
      say(text, part === null ? "nobody" : percent(part));
    });
    mark(this.root, "data-shares", rows.map(({ part }) => (part === null ? "-" : part.toFixed(3))).join());
    const many = count === 1 ? "one easy example" : `${whole(count)} easy examples`;
    say(this.note, `Hatched: the part of the gradient that comes from ${many} at margin ${decimal(easy)}; the rest is the one that you drag.`);
    this.told = rows.map(({ title, part }) => `${title} ${part === null ? "nothing from anyone" : percent(part)}`).join(", ");
  }

  report(/** @type {string[]} */ facts) {
    const { logit, easy } = this.shared.values;
    say(this.alt, `Logit ${decimal(logit)}, class ${this.page.truth}. ${facts.join(". ")}. Part of the gradient from the easy ones: ${this.told}.`);
    mark(this.curves.above.sheet.canvas, "aria-label", `Losses over the logit. ${facts.join(". ")}.`);
    mark(this.curves.below.sheet.canvas, "aria-label", `Their slopes over the logit. ${facts.join(". ")}.`);
    mark(this.root, "data-logit", String(logit));
    mark(this.root, "data-easy", String(easy));
  }
}

export default hosted(Margin);
