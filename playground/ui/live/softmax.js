// From logits to a loss, a line for each class, every number written out; and how each probability hangs on each logit.

import { css, mix, rgb } from "./colours.js";
import { Sheet, element, mark, say } from "./dom.js";
import { Grip } from "./grip.js";
import { Host, hosted } from "./host.js";
import { decimal, short } from "./numbers.js";
import { Shared, snap } from "./shared.js";

const MOST = 6;
const LIMIT = 6;
const STEP = 0.1;

class Softmax extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "softmax", ["visual.css", "losses.css", "softmax.css"]);
    this.shared = new Shared();
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "rows", "aria-label": "Logits, exponentials, probabilities" });
    this.grips = Array.from({ length: MOST }, (_, k) => new Grip({
      name: `logit-${k}`, label: `Logit of class ${k + 1}`, along: "x",
      move: (x, _y, settled) => this.put(k, this.logitAt(x), settled),
      step: (steps, settled) => this.put(k, this.shared.values.logits[k] + steps * STEP, settled),
    }));
    for (const grip of this.grips) grip.root.classList.add("side");
    this.names = Array.from({ length: MOST }, (_, k) => element("button", {
      type: "button", class: "class-name left", "data-testid": `class-${k}`, "aria-label": `Class ${k + 1} is the true one`, onclick: () => this.change({ truth: k + 1 }, true),
    }));
    this.quotient = element("div", { class: "equation", "data-testid": "quotient" });
    this.loss = element("div", { class: "equation", "data-testid": "loss" });
    const act = (/** @type {string} */ name, /** @type {string} */ text, /** @type {() => void} */ onclick) => element("button", { type: "button", "data-testid": name, onclick }, text);
    this.acts = {
      plus: act("plus-one", "+1 on all", () => this.lift(1)),
      minus: act("minus-one", "\u22121 on all", () => this.lift(-1)),
      add: act("class-add", "Add a class", () => this.change({ logits: [...this.shared.values.logits, 0] }, true)),
      remove: act("class-remove", "Remove one", () => this.remove()),
    };
    this.matrix = new Sheet({ class: "sheet", role: "img", "data-testid": "jacobian", "aria-label": "The Jacobian" });
    this.words = element("p", { class: "words" });
    this.alt = element("p", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.root.append(
      element("div", { class: "stage" },
        element("div", { class: "over rows" }, this.sheet.canvas, ...this.grips.map((grip) => grip.root), ...this.names),
        element("div", { class: "sums" }, this.quotient, this.loss)),
      element("div", { class: "panel" },
        element("div", { class: "acts" }, ...Object.values(this.acts)),
        element("div", { class: "figure" }, element("h3", {}, "Jacobian: what each logit does to each p"), this.matrix.canvas),
        this.words),
      this.alt);
  }

  take(/** @type {import("./frame.js").Frame} */ { header }) {
    this.page = header;
  }

  update(/** @type {Record<string, any>} */ data) {
    this.shared.hear({ logits: data.logits, truth: data.truth });
  }

  change(/** @type {Record<string, any>} */ changes, /** @type {boolean} */ settled) {
    this.shared.put(this, changes, settled);
  }

  put(/** @type {number} */ k, /** @type {number} */ value, /** @type {boolean} */ settled) {
    const logits = [...this.shared.values.logits];
    logits[k] = snap(value, STEP, -LIMIT, LIMIT);
    this.change({ logits }, settled);
  }

  lift(/** @type {number} */ by) {
    this.change({ logits: this.shared.values.logits.map((/** @type {number} */ z) => Number((z + by).toFixed(6))) }, true);
  }

  remove() {
    const { logits, truth } = this.shared.values;
    const left = logits.slice(0, -1);
    // The true class first, or the page would find it missing.
    this.change({ ...(truth > left.length ? { truth: left.length } : {}), logits: left }, true);
  }

  /** All numbers of this state: the page's own where it has heard of it, else the same few lines of arithmetic. */
  numbers() {
    const { logits, truth } = this.shared.values;
    const { page } = this;
    if (JSON.stringify([logits, truth]) === JSON.stringify([page.logits, page.truth])) return { ...page, from: "page" };
    const T = page.temperature;
    const scaled = logits.map((/** @type {number} */ z) => z / T);
    const top = Math.max(...scaled);
    const safe = scaled.map((/** @type {number} */ z) => Math.exp(z - top)); // the largest exponent is 0: nothing overflows
    const sum = safe.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0);
    const p = safe.map((/** @type {number} */ e) => e / sum);
    const t = logits.map((/** @type {number} */ _, /** @type {number} */ k) => (k === truth - 1 ? 1 : 0));
    const exp = scaled.map(Math.exp);
    return {
      logits, truth, temperature: T, scaled, exp, sum: exp.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0), p, t,
      loss: top + Math.log(sum) - scaled[truth - 1],
      gradient: p.map((/** @type {number} */ one, /** @type {number} */ k) => (one - t[k]) / T),
      jacobian: p.map((/** @type {number} */ a, /** @type {number} */ i) => p.map((/** @type {number} */ b, /** @type {number} */ j) => ((i === j ? a : 0) - a * b) / T)),
      from: "hand",
    };
  }

  /** Where the columns of the table of bars are, in CSS pixels. */
  columns() {
    const { width } = this.sheet;
    const spare = this.narrow || this.present;
    const name = this.narrow ? 50 : this.size * (spare ? 4.6 : 6.2);
    const left = width - name;
    const parts = spare ? [0.36, 0, 0.17, 0.23, 0.06, 0.18] : [0.3, 0.08, 0.12, 0.27, 0.06, 0.17];
    let x = name;
    return parts.map((part) => {
      const from = x;
      x += part * left;
      return { from, to: x - (part ? this.size : 0), shown: part > 0 };
    });
  }

  logitAt(/** @type {number} */ x) {
    const { from, to } = this.columns()[0];
    const [low, high] = this.track(from, to);
    return ((x - low) / (high - low)) * 2 * LIMIT - LIMIT;
  }

  /** The ends of the bar of a logit: room for the knob on both sides. */
  track(/** @type {number} */ from, /** @type {number} */ to) {
    return [from + 8, to - 8];
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    if (!this.page || this.shared.values.logits.length < 2) return;
    const n = this.numbers();
    this.rows(theme, n);
    this.sums(n);
    this.cells(theme, n);
    const { logits, truth } = this.shared.values;
    const may = this.may("logits");
    this.acts.plus.disabled = !may || Math.max(...logits) > LIMIT - 1;
    this.acts.minus.disabled = !may || Math.min(...logits) < 1 - LIMIT;
    this.acts.add.disabled = !may || logits.length >= MOST;
    this.acts.remove.disabled = !may || logits.length <= 2 || (truth === logits.length && !this.may("truth"));
    const best = n.p.indexOf(Math.max(...n.p));
    say(this.words, best === truth - 1
      ? `The true class leads with ${decimal(n.p[best])}. Its slope is negative: a step against it raises this logit, and lowers the others.`
      : `Class ${best + 1} leads with ${decimal(n.p[best])}, the true one has ${decimal(n.p[truth - 1])}. A step against the slopes raises the true logit and lowers the others.`);
    const alt = n.p.map((/** @type {number} */ p, /** @type {number} */ k) => `Class ${k + 1}: logit ${decimal(logits[k])}, exponential ${decimal(n.exp[k])}, probability ${decimal(p)}, slope ${decimal(n.gradient[k])}`).join(". ");
    say(this.alt, `${alt}. True class ${truth}, loss ${decimal(n.loss)}.`);
    mark(this.sheet.canvas, "aria-label", `${alt}.`);
    mark(this.root, "data-from", n.from);
    mark(this.root, "data-logits", logits.join());
    mark(this.root, "data-truth", String(truth));
    mark(this.root, "data-p", n.p.map((/** @type {number} */ one) => one.toFixed(4)).join());
    mark(this.root, "data-loss", n.loss.toFixed(4));
    mark(this.root, "data-jacobian", n.jacobian[0].map((/** @type {number} */ one) => one.toFixed(4)).join());
  }

  /** A line for each class: logit, quotient, exponential, probability, slope. */
  rows(theme, n) {
    this.sheet.fit();
    const context = this.sheet.blank();
    const { size } = this;
    context.font = `${size}px ${theme.font}`;
    const [logit, scaled, exp, share, hot, slope] = this.columns();
    const head = size * 2;
    const tall = Math.min((this.sheet.height - head) / n.p.length, size * 8);
    const middle = (/** @type {number} */ k) => head + (k + 0.5) * tall;
    const [low, high] = this.track(logit.from, logit.to);
    const atLogit = (/** @type {number} */ z) => low + ((z + LIMIT) / (2 * LIMIT)) * (high - low);
    const warm = n.temperature !== 1;
    Object.assign(context, { fillStyle: theme.muted, textBaseline: "top", textAlign: "center" });
    const spare = !scaled.shown;
    context.fillText(spare ? "logit z" : "logit z, drag it", (low + high) / 2, 0);
    if (scaled.shown) context.fillText("z / T", (scaled.from + scaled.to) / 2, 0);
    context.fillText(warm ? (spare ? "exp z/T" : "exp(z / T)") : "exp z", (exp.from + exp.to) / 2, 0);
    context.fillText(spare ? "p" : "probability p = exp / sum", (share.from + share.to) / 2, 0);
    context.fillText(warm ? (spare ? "slope" : "slope (p \u2212 t) / T") : (spare ? "p \u2212 t" : "slope p \u2212 t"), (slope.from + slope.to) / 2, 0);
    context.fillText("t", (hot.from + hot.to) / 2, 0);
    const bar = Math.min(tall * 0.42, size * 1.7);
    const most = 1 / n.temperature;
    n.p.forEach((/** @type {number} */ p, /** @type {number} */ k) => {
      const y = middle(k);
      const z = n.logits[k];
      if (k === n.truth - 1) {
        context.fillStyle = theme.grid;
        context.fillRect(0, y - tall / 2 + 2, this.sheet.width, tall - 4);
      }
      this.signed(context, theme, atLogit(0), atLogit(z), y, bar, z);
      Object.assign(context, { strokeStyle: theme.border, lineWidth: 1 });
      context.strokeRect(low + 0.5, y - bar / 2 + 0.5, high - low - 1, bar - 1);
      line(context, theme.muted, atLogit(0), y - bar / 2 - 3, y + bar / 2 + 3);
      Object.assign(context, { fillStyle: theme.ink, textBaseline: "middle", textAlign: "center" });
      context.textBaseline = "bottom";
      context.fillText(plain(z), Math.min(high - size, Math.max(low + size, atLogit(z))), y - bar / 2 - 2);
      context.textBaseline = "middle";
      context.textAlign = "right";
      if (scaled.shown) context.fillText(decimal(n.scaled[k]), scaled.to - size * 0.3, y);
      context.fillText(decimal(n.exp[k]), exp.to - size * 0.4, y);
      const number = spare ? 0 : size * 3.4; // beside the bar, or above it where there is no room
      context.fillStyle = theme.classes[0];
      context.fillRect(share.from, y - bar / 2, (share.to - share.from - number) * p, bar);
      Object.assign(context, { strokeStyle: theme.border, lineWidth: 1 });
      context.strokeRect(share.from + 0.5, y - bar / 2 + 0.5, share.to - share.from - number - 1, bar - 1);
      context.fillStyle = theme.ink;
      context.fillText(p.toFixed(3), share.to, spare ? y - bar / 2 - size * 0.65 : y);
      context.textAlign = "center";
      context.fillText(String(n.t[k]), (hot.from + hot.to) / 2, y);
      const zero = (slope.from + slope.to) / 2;
      const reach = (slope.to - slope.from) / 2;
      this.signed(context, theme, zero, zero + (n.gradient[k] / most) * reach, y + size * 0.55, bar * 0.5, n.gradient[k]);
      line(context, theme.muted, zero, y + size * 0.55 - bar * 0.4, y + size * 0.55 + bar * 0.4);
      Object.assign(context, { fillStyle: theme.ink, textAlign: "center" });
      context.fillText(signed(n.gradient[k]), zero, y - size * 0.55);
      this.grips[k].place(atLogit(z), y, { now: z, low: -LIMIT, high: LIMIT, text: `logit ${plain(z)}, probability ${p.toFixed(3)}`, shown: this.may("logits") });
      const name = this.names[k];
      Object.assign(name.style, { left: "0", top: `${y}px` });
      say(name, this.narrow ? String(k + 1) : `Class ${k + 1}`);
      name.disabled = !this.may("truth");
      mark(name, "aria-pressed", String(k === n.truth - 1));
    });
    this.names.forEach((name, k) => { name.hidden = k >= n.p.length; });
    for (const grip of this.grips.slice(n.p.length)) grip.root.hidden = true;
  }

  /** A bar from zero, blue to the right, orange to the left. */
  signed(context, theme, /** @type {number} */ zero, /** @type {number} */ end, /** @type {number} */ y, /** @type {number} */ tall, /** @type {number} */ value) {
    context.fillStyle = value < 0 ? theme.negative : theme.positive;
    context.fillRect(Math.min(zero, end), y - tall / 2, Math.abs(end - zero), tall);
  }

  sums(n) {
    const k = n.truth;
    const over = n.temperature === 1 ? "" : ` / ${short(n.temperature)}`;
    const parts = n.exp.map((/** @type {number} */ e) => decimal(e));
    say(this.quotient, `p${subscript(k)} = exp(${plain(n.logits[k - 1])}${over}) / (${parts.join(" + ")}) = ${decimal(n.exp[k - 1])} / ${decimal(n.sum)} = ${decimal(n.p[k - 1])}`);
    say(this.loss, `loss = \u2212ln ${decimal(n.p[k - 1])} = ${decimal(n.loss)}, as the true class is ${k}: one-hot (${n.t.join(", ")})`);
  }

  /** The Jacobian as coloured cells with their numbers. */
  cells(theme, n) {
    this.matrix.fit();
    const context = this.matrix.blank();
    const { size } = this;
    const count = n.p.length;
    context.font = `${size}px ${theme.font}`;
    const edge = size * 2;
    const side = Math.max(10, Math.min((this.matrix.width - edge - 2) / count, (this.matrix.height - edge - 2) / count, size * 5.6));
    const most = 0.25 / n.temperature; // the steepest that any of them can be
    const [paper, low, high] = [rgb(theme.paper), rgb(theme.negative), rgb(theme.positive)];
    Object.assign(context, { textAlign: "center", textBaseline: "middle" });
    for (let i = 0; i < count; i += 1) {
      context.fillStyle = theme.muted;
      context.fillText(`z${subscript(i + 1)}`, edge + (i + 0.5) * side, edge * 0.5);
      context.fillText(`p${subscript(i + 1)}`, edge * 0.5, edge + (i + 0.5) * side);
      for (let j = 0; j < count; j += 1) {
        const value = n.jacobian[i][j];
        context.fillStyle = css(mix(paper, value < 0 ? low : high, 0.62 * Math.min(1, Math.abs(value) / most)));
        context.fillRect(edge + j * side + 1, edge + i * side + 1, side - 2, side - 2);
        context.fillStyle = theme.ink;
        const text = cell(value, side < size * 3.3 ? 2 : 3);
        context.fillText(text, edge + (j + 0.5) * side, edge + (i + 0.5) * side);
      }
    }
    Object.assign(context, { strokeStyle: theme.border, lineWidth: 1 });
    context.strokeRect(edge + 0.5, edge + 0.5, count * side - 1, count * side - 1);
    mark(this.matrix.canvas, "aria-label", `Jacobian of the softmax, row by row: ${n.jacobian.map((/** @type {number[]} */ row) => row.map((one) => cell(one, 3)).join(", ")).join("; ")}.`);
  }
}

function line(context, /** @type {string} */ colour, /** @type {number} */ x, /** @type {number} */ top, /** @type {number} */ bottom) {
  context.strokeStyle = colour;
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, top);
  context.lineTo(Math.round(x) + 0.5, bottom);
  context.stroke();
}

/** A logit as it was set, with one decimal at least. */
function plain(/** @type {number} */ z) {
  return (Number.isInteger(z * 10) ? z.toFixed(1) : String(Number(z.toFixed(3)))).replace("-", "\u2212");
}

function signed(/** @type {number} */ x) {
  return (x > 0 ? "+" : "") + decimal(x);
}

/** A cell of the matrix: no leading zero, so that six of them fit beside one another. */
function cell(/** @type {number} */ x, /** @type {number} */ digits) {
  if (Math.abs(x) >= 1) return x.toFixed(2).replace("-", "\u2212");
  return x.toFixed(digits).replace(/^(-?)0\./, "$1.").replace("-", "\u2212");
}

function subscript(/** @type {number} */ k) {
  return String.fromCharCode(0x2080 + k);
}

export default hosted(Softmax);
