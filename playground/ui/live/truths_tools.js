// Above and below a picture with true boxes: which class is drawn, what can be done, and what the lines mean.

import { drawing, element, icon, say } from "./dom.js";

const LINES = [["hit", "TP", "true positives"], ["wrong", "FP", "false positives"], ["missed", "FN", "false negatives"]];

/**
 * @typedef {object} Does
 * @property {(name: string) => void} name    Another class.
 * @property {() => void} add                 A box in the middle, for the keyboard.
 * @property {() => void} remove              The one that is held.
 * @property {() => void} undo
 * @property {() => void} clear
 * @property {(file: File) => void} upload
 * @property {(bare: boolean) => void} hide   The model's boxes, or not.
 */

export class Tools {
  constructor(/** @type {Does} */ does) {
    this.does = does;
    this.select = element("select", { "data-testid": "class", "aria-label": "Class", onchange: () => does.name(this.select.value) });
    this.label = element("span", {});
    this.plus = act("Add", "add", does.add, "A box in the middle: arrow keys move it, with shift they resize it");
    this.delete = act("Delete", "delete", does.remove, "Delete the box that is held (Delete key)");
    this.back = act("Undo", "undo", does.undo, "Take the last change back (Ctrl+Z)");
    this.clear = act("Clear", "clear-boxes", does.clear, "Remove all true boxes of this picture");
    this.file = element("input", { type: "file", accept: ".txt,text/plain", hidden: true, "data-testid": "txt", onchange: () => this.picked() });
    this.upload = act("YOLO txt", "upload-txt", () => this.file.click(), "Take the true boxes from a file: a line each, class, centre x, centre y, width, height");
    this.upload.prepend(icon("plus"));
    this.root = element("div", { class: "tools" },
      element("label", { class: "class" }, this.label, this.select),
      element("div", { class: "acts" }, this.plus, this.delete, this.back, this.clear, this.upload, this.file));
    this.counts = LINES.map(([kind]) => ({ kind, count: element("b", { "data-testid": `count-${kind}` }) }));
    this.origin = element("span", { "data-testid": "origin" });
    this.without = element("input", { type: "checkbox", checked: true, "data-testid": "model-boxes", onchange: () => does.hide(!this.without.checked) });
    this.key = element("div", { class: "key" },
      ...this.counts.map(({ kind, count }, k) => element("span", { class: `one ${kind}` }, sample(), element("i", {}, LINES[k][1]), LINES[k][2], count)),
      element("span", { class: "one found" }, sample(), this.origin),
      element("label", { class: "toggle" }, this.without, "Model's boxes"));
    this.listed = "";
  }

  picked() {
    if (this.file.files[0]) this.does.upload(this.file.files[0]);
    this.file.value = ""; // the same file may be chosen again
  }

  /** @param {{names: string[], often: string[], now: string, held: boolean, open: boolean, any: boolean, back: boolean, origin: string}} state */
  draw({ names, often, now, held, open, any, back, origin }) {
    say(this.origin, any ? `true box, ${origin}` : "true box");
    const all = now && !names.includes(now) ? [now, ...names] : names;
    const key = JSON.stringify([all, often]);
    if (key !== this.listed) {
      this.listed = key;
      const options = (/** @type {string[]} */ some) => some.map((name) => element("option", { value: name }, name));
      const rest = all.filter((name) => !often.includes(name));
      this.select.replaceChildren(...(often.length && rest.length ? [element("optgroup", { label: "Found here" }, ...options(often)), element("optgroup", { label: "All others" }, ...options(rest))] : options(all)));
    }
    if (this.select.value !== now) this.select.value = now;
    say(this.label, held ? "This is a" : "Draw a");
    for (const node of [this.select, this.plus, this.upload]) node.disabled = !open;
    this.delete.disabled = !open || !held;
    this.back.disabled = !open || !back;
    this.clear.disabled = !open || !any;
  }

  /** How many of each there are, or nothing. */
  count(/** @type {import("./verdicts.js").Counts | null} */ now) {
    for (const { kind, count } of this.counts) {
      const n = now ? { hit: now.hits, missed: now.misses, wrong: now.false }[kind] : 0;
      say(count, now ? String(n) : "");
    }
  }
}

function act(/** @type {string} */ words, /** @type {string} */ testid, /** @type {() => void} */ does, /** @type {string} */ title) {
  return element("button", { type: "button", class: "act", "data-testid": testid, title, onclick: does }, words);
}

function sample() {
  return drawing({ viewBox: "0 0 26 12", class: "sample" }, { tag: "rect", x: 2, y: 2, width: 22, height: 8, rx: 1 });
}
