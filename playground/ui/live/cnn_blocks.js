// The block editor: one block's numbers, moved, removed, another one put beside it; why what was built is impossible.

import { element, icon, mark, say } from "./dom.js";
import { whole } from "./numbers.js";

/** Quick presses count as one, in milliseconds. */
const QUIET = 250;

export class BlockEditor {
  /**
   * @param {(words: string[]) => void} onblocks  Other blocks are wanted.
   * @param {() => void} again
   */
  constructor(onblocks, again) {
    this.onblocks = onblocks;
    this.again = again;
    /** @type {Record<string, any> | null} What the page said last. */
    this.data = null;
    /** @type {string[]} The blocks as they are wanted here. */
    this.words = [];
    /** @type {string[] | null} Wanted, and not answered yet. */
    this.wanted = null;
    this.index = -1;
    this.box = element("div", { class: "cnn-editor", role: "dialog", "aria-label": "Block", "data-testid": "block-editor", hidden: true,
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        this.close(true);
      } });
    this.why = element("span", { "data-testid": "blocks-error" });
    this.undo = element("button", { type: "button", "data-testid": "blocks-undo", onclick: () => this.takeBack() }, "Undo");
    this.alarm = element("div", { class: "cnn-impossible", role: "alert", hidden: true }, this.why, this.undo);
    this.root = element("div", { class: "cnn-editing" }, this.box, this.alarm);
    document.addEventListener("pointerdown", (this.outside = (/** @type {PointerEvent} */ event) => {
      if (!this.box.hidden && !event.composedPath().includes(this.box) && !event.composedPath().includes(this.opener ?? this.box)) this.close();
    }), true);
  }

  end() {
    document.removeEventListener("pointerdown", this.outside, true);
    window.clearTimeout(this.timer);
  }

  update(/** @type {Record<string, any> | null} */ data) {
    this.data = data;
    if (!data) return;
    if (this.wanted && JSON.stringify(this.wanted) === JSON.stringify(data.words)) this.wanted = null;
    if (!this.wanted) this.words = [...data.words];
    this.warn();
    say(this.why, data.error ? `${data.error} The last network that works is kept meanwhile.` : "");
    if (!this.box.hidden && this.index >= 0) this.fill();
  }

  /** Opens one block, below its head. */
  open(/** @type {number} */ index, /** @type {HTMLElement} */ head) {
    if (!this.box.hidden && this.index === index) return void this.close(true);
    this.index = index;
    this.opener = head;
    this.built = "";
    this.fill();
    this.show(head);
    this.box.querySelector("input, button")?.focus({ preventScroll: true });
  }

  /** Which kind of block to put before another. */
  choose(/** @type {number} */ before, /** @type {HTMLElement} */ button) {
    const { kinds, longest } = /** @type {Record<string, any>} */ (this.data);
    this.index = -1;
    this.opener = button;
    const full = this.words.length >= longest;
    const choices = Object.entries(kinds).map(([kind, one]) => element("button", {
      type: "button", class: "cnn-kind", "data-testid": `add-${kind}`, title: one.help, disabled: full,
      onclick: () => {
        this.want([...this.words.slice(0, before), one.start, ...this.words.slice(before)]);
        this.index = before;
        this.built = "";
        this.fill();
      },
    }, one.title));
    this.built = "kinds";
    this.box.replaceChildren(element("div", { class: "cnn-editor-title" }, element("strong", {}, full ? `At most ${longest} blocks` : "Add a block")), element("div", { class: "cnn-kinds" }, ...choices));
    this.show(button);
    choices[0].focus({ preventScroll: true });
  }

  /** The alarm stands back while the open block says the same. */
  warn() {
    this.alarm.hidden = !this.data?.error || !this.box.hidden;
  }

  show(/** @type {HTMLElement} */ near) {
    this.box.hidden = false;
    this.warn();
    const [place, head] = [this.root.getBoundingClientRect(), near.getBoundingClientRect()];
    const wide = this.box.offsetWidth;
    const x = Math.min(Math.max(0, head.left + head.width / 2 - place.left - wide / 2), Math.max(0, place.width - wide));
    this.box.style.left = `${x}px`;
    this.box.style.top = `${head.bottom - place.top + 4}px`;
  }

  /** @returns {boolean} Whether it was open. */
  close(back = false) {
    if (this.box.hidden) return false;
    this.box.hidden = true;
    this.index = -1;
    this.warn();
    if (back) this.opener?.focus();
    return true;
  }

  /** The open block's numbers; rebuilt only for another kind of block or place. */
  fill() {
    const word = this.words[this.index];
    const { kinds, stages } = /** @type {Record<string, any>} */ (this.data);
    if (word === undefined) return void this.close();
    const [kind, ...given] = word.split(":");
    const { title, numbers, help, norm } = kinds[kind];
    const key = `${this.index} ${kind} ${this.words.length}`;
    if (key !== this.built) {
      this.built = key;
      const fields = numbers.map((/** @type {any} */ one, /** @type {number} */ i) => this.field(one, i));
      const batch = norm ? element("label", { class: "toggle" }, element("input", { type: "checkbox", "data-testid": "block-bn", onchange: (/** @type {any} */ event) => this.norm(event.target.checked) }), "batch normalisation") : null;
      const act = (/** @type {string} */ id, /** @type {string} */ label, /** @type {() => void} */ does, off = false) => element("button", { type: "button", class: "act", "data-testid": id, disabled: off, onclick: does }, label);
      this.result = element("div", { class: "cnn-result", "data-testid": "block-result" });
      this.box.replaceChildren(
        element("div", { class: "cnn-editor-title" }, element("strong", {}, `${this.index + 1}. ${title}`), element("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => this.close(true) }, icon("close"))),
        element("div", { class: "cnn-help" }, help), ...fields, batch, this.result,
        element("div", { class: "cnn-acts" },
          act("block-left", "\u2190 Earlier", () => this.move(-1), this.index === 0), act("block-right", "Later \u2192", () => this.move(1), this.index === this.words.length - 1),
          act("block-remove", "Remove", () => this.remove())));
    }
    this.box.querySelectorAll("input[type=number]").forEach((/** @type {any} */ input, /** @type {number} */ i) => {
      const value = given[i] ?? "";
      if (input !== /** @type {any} */ (this.box.getRootNode()).activeElement && input.value !== value) input.value = value;
    });
    const check = this.box.querySelector("[data-testid=block-bn]");
    if (check) check.checked = given.includes("bn");
    const stage = stages?.[this.index];
    const stale = Boolean(this.wanted);
    mark(this.result, "data-wrong", stage?.wrong && !stale ? "" : null);
    if (stale || !stage) return;
    say(this.result, stage.wrong ? stage.wrong : `${stage.given.join(" \u00d7 ")} becomes ${stage.shape.join(" \u00d7 ")}. ${stage.told ?? `${whole(stage.params)} parameters.`}`);
  }

  /** A number with a minus and a plus. */
  field(/** @type {{name: string, least: number, most: number, steps: number[] | null}} */ { name, least, most, steps }, /** @type {number} */ i) {
    const input = element("input", { type: "number", min: least, max: most, step: 1, "aria-label": name, "data-testid": `block-${name}`, onchange: () => this.put(i, Number(input.value), least, most) });
    const by = (/** @type {number} */ sign) => {
      const now = Number(this.words[this.index].split(":")[i + 1]);
      const next = steps ? (sign > 0 ? steps.find((one) => one > now) ?? now : [...steps].reverse().find((one) => one < now) ?? now) : now + sign;
      this.put(i, next, least, most);
    };
    return element("div", { class: "cnn-number" }, element("span", {}, name),
      element("div", { class: "stepper" },
        element("button", { type: "button", "aria-label": `Less ${name}`, "data-testid": `block-${name}-less`, onclick: () => by(-1) }, icon("minus")), input,
        element("button", { type: "button", "aria-label": `More ${name}`, "data-testid": `block-${name}-more`, onclick: () => by(1) }, icon("plus"))));
  }

  put(/** @type {number} */ i, /** @type {number} */ value, /** @type {number} */ least, /** @type {number} */ most) {
    const parts = this.words[this.index].split(":");
    if (!Number.isFinite(value)) return this.fill();
    parts[i + 1] = String(Math.min(most, Math.max(least, Math.round(value))));
    this.swap(parts.join(":"));
    const input = this.box.querySelectorAll("input[type=number]")[i];
    if (input) /** @type {any} */ (input).value = parts[i + 1];
  }

  norm(/** @type {boolean} */ on) {
    const parts = this.words[this.index].split(":").filter((part) => part !== "bn");
    this.swap([...parts, ...(on ? ["bn"] : [])].join(":"));
  }

  swap(/** @type {string} */ word) {
    this.want(this.words.map((one, i) => (i === this.index ? word : one)));
    this.fill();
  }

  move(/** @type {number} */ by) {
    const words = [...this.words];
    const [word] = words.splice(this.index, 1);
    words.splice(this.index + by, 0, word);
    this.index += by;
    this.want(words);
    this.built = "";
    this.fill();
  }

  remove() {
    this.want(this.words.filter((_, i) => i !== this.index));
    this.close(true);
  }

  /** Back to the network that runs: the last one that was possible. What was said meanwhile is not said any more. */
  takeBack() {
    const kept = this.data?.kept;
    if (!kept) return;
    window.clearTimeout(this.timer);
    this.wanted = this.words = [...kept];
    this.close();
    this.onblocks(this.words);
  }

  /** Says what is wanted, a little later, so that quick presses count as one. */
  want(/** @type {string[]} */ words) {
    if (JSON.stringify(words) === JSON.stringify(this.words)) return;
    this.wanted = this.words = words;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.onblocks(words), QUIET);
    this.again();
  }
}
