// The sentence as the model is given it: words cut into pieces of its vocabulary, and their ids.

import { element, mark } from "./dom.js";
import { whole } from "./numbers.js";

export class Pieces {
  /**
   * @param {object} told
   * @param {(piece: number) => void} told.onpoint   A piece is pointed at; -1 when none is any more.
   * @param {(piece: number) => void} told.onchoose
   */
  constructor({ onpoint, onchoose }) {
    Object.assign(this, { onpoint, onchoose });
    this.sentence = element("p", { class: "sentence", dir: "auto", "data-testid": "sentence" });
    this.flow = element("div", { class: "flow", role: "group", "aria-label": "Word pieces", onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event) });
    this.legend = element("p", { class: "pieces-legend" });
    this.root = element("div", { class: "pieces", "data-testid": "pieces", onpointerleave: () => onpoint(-1) }, this.sentence, this.flow, this.legend);
    /** @type {HTMLButtonElement[]} */
    this.chips = [];
    /** @type {HTMLElement[]} */
    this.parts = [];
    /** @type {unknown} */
    this.of = null;
  }

  /** @param {import("./inside_bert_scene.js").InsideScene} scene */
  show(scene, /** @type {number} */ piece, /** @type {number} */ chosen) {
    if (this.of !== scene) this.build(scene);
    this.chips.forEach((chip, k) => {
      mark(chip, "data-lit", k === piece ? "" : null);
      mark(chip, "aria-pressed", String(k === chosen));
      chip.tabIndex = k === chosen ? 0 : -1;
    });
    this.parts.forEach((part, k) => mark(part, "data-lit", k === piece && !scene.pieces[k].mark ? "" : null));
  }

  build(/** @type {import("./inside_bert_scene.js").InsideScene} */ scene) {
    const focused = this.chips.findIndex((chip) => chip.getRootNode() instanceof ShadowRoot ? chip.getRootNode().activeElement === chip : document.activeElement === chip);
    this.of = scene;
    this.parts = [];
    const nodes = [];
    let at = 0;
    scene.pieces.forEach((one, k) => {
      this.parts[k] = element("span", { class: "part", "data-odd": one.word % 2 === 1, "data-unknown": one.unknown }, one.mark ? "" : scene.letters.slice(Math.max(at, one.start), one.end).join(""));
      if (one.mark) return;
      if (one.start > at) nodes.push(document.createTextNode(scene.letters.slice(at, one.start).join("")));
      this.parts[k].onpointerenter = () => this.onpoint(k);
      nodes.push(this.parts[k]);
      at = Math.max(at, one.end);
    });
    if (at < scene.letters.length) nodes.push(element("span", { class: "beyond" }, scene.letters.slice(at).join("")));
    this.sentence.replaceChildren(...nodes);

    this.chips = scene.pieces.map((one, k) => {
      const stands = one.mark ? "a special token" : `stands for ${scene.part(one)}`;
      return element("button", {
        type: "button", class: "chip", "data-testid": `piece-${k}`, "data-mark": one.mark, "data-unknown": one.unknown,
        "aria-label": `${one.text}, token id ${one.number}, ${one.unknown ? "unknown, " : ""}${stands}`,
        onpointerenter: () => this.onpoint(k), onfocus: () => this.onpoint(k), onclick: () => this.onchoose(k),
      }, element("span", { class: "chip-name", dir: "auto" }, one.name), element("span", { class: "chip-number" }, whole(one.number)));
    });
    const groups = [];
    for (let k = 0; k < this.chips.length;) {
      const { word } = scene.pieces[k];
      let end = k + 1;
      while (word >= 0 && end < this.chips.length && scene.pieces[end].word === word) end += 1;
      const several = end - k > 1;
      const text = several ? scene.letters.slice(scene.pieces[k].start, scene.pieces[end - 1].end).join("") : "";
      groups.push(element("div", { class: "group", "data-several": several },
        element("span", { class: "group-word", "aria-hidden": "true", dir: "auto" }, text),
        element("div", { class: "group-chips" }, ...this.chips.slice(k, end))));
      k = end;
    }
    this.flow.replaceChildren(...groups);
    if (focused >= 0) this.chips[Math.min(focused, this.chips.length - 1)].focus({ preventScroll: true });
    const rare = scene.pieces.some(({ unknown }) => unknown);
    this.legend.replaceChildren(
      sample("", "a word piece (token) and its token id"),
      sample("joined", "## goes on with the word before"),
      sample("mark", "a special token that the model adds"),
      ...(rare ? [sample("unknown", "nothing in the vocabulary: always the same id")] : []),
    );
  }

  key(/** @type {KeyboardEvent} */ event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const now = this.chips.indexOf(/** @type {any} */ (event.target));
    if (!by || now < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = Math.min(this.chips.length - 1, Math.max(0, now + by));
    this.onchoose(next);
    this.chips[next].focus();
  }
}

function sample(/** @type {string} */ kind, /** @type {string} */ words) {
  const shown = kind === "joined" ? "##" : kind === "mark" ? "[ ]" : kind === "unknown" ? "?" : "a";
  return element("span", { class: "pieces-sample" }, element("span", { class: "chip tiny", "data-mark": kind === "mark", "data-unknown": kind === "unknown" }, shown), words);
}
