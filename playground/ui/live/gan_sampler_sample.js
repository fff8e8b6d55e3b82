// One sample, large: what it is, what the discriminator says, and its latents as bars that can be dragged, stepped or typed.

import { element, mark, say, Sheet } from "./dom.js";
import { rounded } from "./gan_sampler_edits.js";
import { paint } from "./gan_sampler_sheet.js";
import { decimal, percent } from "./numbers.js";

/** The bars reach so far from zero; what lies beyond is cut off there. */
const REACH = 4;
const STEP = 0.1;
/** So much of a row that was refused comes back. */
const LONGEST = 6000;

export class SampleCard {
  /**
   * @param {object} told
   * @param {(latent: number, value: number | null) => void} told.set  A latent was set; null takes back what was set by hand.
   * @param {() => void} told.reset      All of this sample's.
   * @param {(text: string) => void} told.typed
   * @param {() => void} told.pin
   * @param {() => void} told.again
   */
  constructor({ set, reset, typed, pin, again }) {
    this.set = set;
    this.again = again;
    this.large = element("canvas", { class: "gs-large", role: "img", "data-testid": "large", width: 8, height: 8 });
    this.title = element("h3", { "data-testid": "sample-title" });
    this.opinion = element("p", { class: "gs-opinion", "data-testid": "opinion" });
    this.gauge = element("span", { class: "gs-gauge", "aria-hidden": "true" }, element("i"));
    this.pin = element("button", { type: "button", class: "gs-act", "data-testid": "pin", onclick: pin }, "Pin");
    this.reset = element("button", { type: "button", class: "gs-act", "data-testid": "reset", onclick: reset }, "Reset");
    this.words = element("p", { class: "gs-note" });
    this.sheet = new Sheet({ class: "gs-bars", role: "slider", tabindex: 0, "data-testid": "bars", "aria-label": "Latents of this sample", "aria-valuemin": -REACH, "aria-valuemax": REACH, "aria-description": "Left and right choose a latent, up and down change it, 0 sets it to zero, Delete takes it back." });
    this.which = element("input", { type: "number", min: 0, step: 1, "aria-label": "Number of the latent", "data-testid": "latent", onchange: () => this.select(Number(this.which.value)) });
    this.value = element("input", { type: "number", step: STEP, "aria-label": "Its value", "data-testid": "latent-value", onchange: () => this.to(Number(this.value.value), this.value.value) });
    this.typing = element("button", { type: "button", class: "gs-quiet", "data-testid": "type-row", "aria-expanded": "false", onclick: () => this.open(this.box.hidden) }, "Type all");
    this.copying = element("button", { type: "button", class: "gs-quiet", "data-testid": "copy-row", onclick: () => this.copy() }, "Copy all");
    this.area = element("textarea", { rows: 3, spellcheck: "false", "aria-label": "All latents of this sample, with commas between", "data-testid": "row", oninput: again });
    this.apply = element("button", { type: "button", class: "gs-act", "data-testid": "apply-row", onclick: () => typed(this.area.value) }, "Draw it");
    this.box = element("div", { class: "gs-typing", hidden: true }, this.area, this.apply);
    this.problem = element("p", { class: "gs-problem", role: "alert", "data-testid": "problem" });
    this.root = element("section", { class: "gs-sample", "aria-label": "The chosen sample" },
      element("div", { class: "gs-about" }, this.large, element("div", { class: "gs-told" }, this.title, this.opinion, this.gauge, element("div", { class: "gs-row" }, this.pin, this.reset), this.words)),
      this.sheet.canvas,
      element("div", { class: "gs-row gs-typed" }, element("label", { class: "gs-labelled" }, element("span", { class: "label" }, "Latent"), this.which), element("label", { class: "gs-labelled" }, element("span", { class: "label" }, "is"), this.value), this.typing, this.copying),
      this.box, this.problem);
    this.at = 0;
    /** @type {Float32Array | null} */
    this.row = null;
    const canvas = this.sheet.canvas;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !this.row || !this.may) return;
      canvas.setPointerCapture(event.pointerId);
      this.dragged = true;
      this.at = this.index(event.offsetX);
      this.drag(event.offsetY);
    });
    canvas.addEventListener("pointermove", (event) => { if (this.dragged) this.drag(event.offsetY); });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(end, () => { this.dragged = false; });
    canvas.addEventListener("keydown", (event) => this.key(/** @type {KeyboardEvent} */ (event)));
    canvas.addEventListener("focus", again);
    canvas.addEventListener("blur", again);
  }

  open(/** @type {boolean} */ open) {
    this.box.hidden = !open;
    mark(this.typing, "aria-expanded", String(open));
    if (open && this.row && !this.area.value) this.area.value = this.written();
    if (open) this.area.focus();
    this.again();
  }

  written() {
    return this.row ? Array.from(this.row, (value) => rounded(value)).join(", ") : "";
  }

  copy() {
    this.open(true);
    this.area.value = this.written();
    this.again();
    this.area.select();
    navigator.clipboard?.writeText(this.area.value).catch(() => {}); // it is selected: the keys do it, too
  }

  index(/** @type {number} */ x) {
    const n = this.row?.length ?? 1;
    return Math.max(0, Math.min(n - 1, Math.floor((x / Math.max(1, this.sheet.width)) * n)));
  }

  drag(/** @type {number} */ y) {
    const half = this.sheet.height / 2;
    this.to(Math.max(-REACH, Math.min(REACH, ((half - y) / (half - 4)) * REACH)));
  }

  select(/** @type {number} */ at) {
    if (!this.row || !Number.isFinite(at)) return this.again();
    this.at = Math.max(0, Math.min(this.row.length - 1, Math.round(at)));
    this.again();
  }

  to(/** @type {number} */ value, text = "0") {
    if (!this.row || !this.may || text.trim() === "" || !Number.isFinite(value)) return this.again();
    const next = rounded(value);
    if (Math.abs(next) > this.highest) return this.refuse(`A latent can be set to −${this.highest} to ${this.highest}; chance rarely goes beyond 4.`);
    this.row[this.at] = next;
    this.set(this.at, next);
  }

  refuse(/** @type {string} */ words) {
    this.wrong = words;
    this.again();
  }

  key(/** @type {KeyboardEvent} */ event) {
    if (!this.row || event.ctrlKey || event.metaKey || event.altKey) return;
    const pace = event.shiftKey ? 1 : STEP;
    const turn = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const push = { ArrowUp: pace, ArrowDown: -pace, PageUp: 1, PageDown: -1 }[event.key];
    if (turn) this.select((this.at + turn + this.row.length) % this.row.length);
    else if (push) this.to(Math.max(-this.highest, Math.min(this.highest, this.row[this.at] + push)));
    else if (event.key === "0") this.to(0);
    else if (event.key === "Delete" || event.key === "Backspace") this.set(this.at, null);
    else return;
    event.preventDefault();
  }

  /**
   * @param {object} now
   * @param {string} now.title
   * @param {Float32Array | null} now.row
   * @param {Map<number, number>} now.edits
   * @param {number | null} now.opinion
   * @param {boolean} now.judged
   * @param {boolean} now.critic
   * @param {boolean} now.may
   * @param {boolean} now.mayPin
   * @param {boolean} now.pinned
   * @param {string} now.problem
   * @param {string} now.typed      The row that it is said of; empty where it is not of a row.
   * @param {string} now.judge      Who gives a score.
   * @param {number} now.highest
   */
  show(now) {
    const { title, row, edits, opinion, judged, critic, may, pinned, problem, typed, highest, judge } = now;
    Object.assign(this, { edits, may, highest });
    if (row && !this.dragged) this.row = row.slice();
    say(this.title, title);
    mark(this.large, "aria-label", title);
    const likely = !critic && opinion !== null;
    say(this.opinion, !judged ? "It came without a discriminator: nobody judges." : opinion === null ? "The discriminator looks …" : critic ? `${judge}’s score: ${decimal(opinion)}` : `Discriminator: ${percent(opinion)} real`);
    this.gauge.hidden = !likely;
    if (likely) this.gauge.style.setProperty("--share", String(opinion));
    mark(this.pin, "aria-pressed", String(pinned));
    say(this.pin, pinned ? "Unpin" : "Pin");
    this.pin.disabled = !now.mayPin;
    this.reset.disabled = !may || !edits.size;
    say(this.words, edits.size ? `${edits.size} of ${this.row?.length ?? 0} latents set by hand` : "");
    if (problem && typed) this.rejected = { text: typed, words: problem };
    const stands = this.rejected && !this.box.hidden && this.area.value.slice(0, LONGEST) === this.rejected.text; // until it is another row
    const wrong = stands ? this.rejected.words : (typed ? "" : problem) || this.wrong || "";
    const news = wrong !== "" && this.problem.textContent !== wrong;
    say(this.problem, wrong);
    if (news) this.problem.scrollIntoView({ block: "nearest" });
    for (const one of [this.which, this.value, this.area, this.apply]) one.disabled = !may;
    if (this.row) {
      this.at = Math.min(this.at, this.row.length - 1);
      const active = this.root.getRootNode().activeElement;
      if (active !== this.which) this.which.value = String(this.at);
      if (active !== this.value) this.value.value = String(rounded(this.row[this.at]));
      this.which.max = this.row.length - 1;
      mark(this.sheet.canvas, "aria-valuenow", String(rounded(this.row[this.at])));
      mark(this.sheet.canvas, "aria-valuetext", `Latent ${this.at}: ${rounded(this.row[this.at])}`);
    }
  }

  picture(/** @type {import("./gan_sampler_sheet.js").Pictures | null} */ many, /** @type {number} */ index) {
    this.large.toggleAttribute("data-empty", !many);
    if (many && index >= 0 && index < many.n) paint(this.large, many, index);
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    this.sheet.fit();
    const context = this.sheet.blank();
    const { width, height } = this.sheet;
    const half = height / 2;
    context.fillStyle = theme.grid;
    context.fillRect(0, Math.round(half), width, 1);
    if (!this.row) return;
    const n = this.row.length;
    const step = width / n;
    const gap = step > 4 ? 1 : 0;
    this.row.forEach((value, at) => {
      const tall = (Math.max(-REACH, Math.min(REACH, value)) / REACH) * (half - 4);
      const x = at * step;
      if (at === this.at) {
        context.fillStyle = theme.grid;
        context.fillRect(x - 1, 0, Math.max(3, step + 1), height);
      }
      context.fillStyle = value < 0 ? theme.negative : theme.positive;
      context.fillRect(x, Math.min(half, half - tall), Math.max(0.6, step - gap), Math.max(1, Math.abs(tall)));
      if (this.edits?.has(at)) {
        context.fillStyle = theme.ink;
        context.fillRect(x, half - tall - 1, Math.max(2, step - gap), 3);
      }
    });
    if (this.sheet.canvas.matches(":focus-visible")) {
      context.strokeStyle = theme.accent;
      context.lineWidth = 2;
      context.strokeRect(this.at * step - 2, 1, step + 3, height - 2);
    }
  }
}
