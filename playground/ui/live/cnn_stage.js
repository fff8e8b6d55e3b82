// The network's place on the page: heads that are its blocks, a button on each map, the pointer, the card.

import { BlockEditor } from "./cnn_blocks.js";
import { MapCard } from "./cnn_card.js";
import { NetworkOfMaps } from "./cnn_network.js";
import { element, icon, mark, say } from "./dom.js";
import { whole } from "./numbers.js";

/** @typedef {{stage: number, map: number, at?: {x: number, y: number}}} Ref */

const SHORT = { conv: "Conv", res: "Residual", max: "Max", avg: "Mean", gap: "Mean", drop: "Dropout", dense: "Dense" };

/** A block in a word or two: `Conv 16`, `Max 2×2`. */
export function brief(/** @type {string} */ word, /** @type {boolean} */ last = false) {
  const [kind, first] = word.split(":");
  if (last) return "Output";
  if (kind === "max" || kind === "avg") return `${SHORT[kind]} ${first}\u00d7${first}`;
  return kind === "gap" ? SHORT.gap : `${SHORT[/** @type {"conv"} */ (kind)] ?? kind} ${first}${kind === "drop" ? "\u2009%" : ""}`;
}

/** How far apart the head of a column may reach: to the nearer of its neighbours' middles. */
function roomOf(/** @type {import("./cnn_layout.js").Column[]} */ columns, /** @type {number} */ at) {
  const [before, here, after] = [columns[at - 1], columns[at], columns[at + 1]].map((column) => column?.middle);
  return Math.min(before === undefined ? 999 : here - before, after === undefined ? 999 : after - here);
}

export class CnnStage {
  /**
   * @param {(ref: Ref | null) => void} onmark        A map is looked at, or none any more.
   * @param {(words: string[]) => void} onblocks      The visitor wants other blocks.
   * @param {() => void} again
   */
  constructor(onmark, onblocks, again) {
    this.onmark = onmark;
    this.again = again;
    this.picture = new NetworkOfMaps();
    this.card = new MapCard();
    this.editor = new BlockEditor(onblocks, () => this.again());
    /** @type {Ref | null} */
    this.marked = null;
    this.pinned = false;
    /** Size of the type in heads, in CSS pixels. */
    this.type = 12;
    this.built = "";
    this.heads = element("div", { class: "cnn-heads" });
    this.spots = element("div", { class: "spots", role: "group", "aria-label": "Maps: move with the arrow keys" });
    this.caption = element("div", { class: "cnn-caption", "data-testid": "given" });
    this.field = element("div", { class: "field cnn-field" }, this.picture.sheet.canvas, this.spots, this.caption, this.card.root);
    this.root = element("section", { class: "stage cnn-stage", "aria-label": "Network" }, this.heads, this.editor.root, this.field);
    this.field.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => event.pointerType === "mouse" && !this.pinned && this.point(event, 2));
    this.field.addEventListener("pointerleave", () => !this.pinned && this.markRef(null));
    this.field.addEventListener("click", (/** @type {PointerEvent} */ event) => this.tap(event));
    this.spots.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.walk(event));
    this.spots.addEventListener("focusin", (/** @type {FocusEvent} */ event) => this.arrive(/** @type {HTMLElement} */ (event.target)));
    this.spots.addEventListener("focusout", () => !this.pinned && this.markRef(null));
  }

  /** Takes what the page asks for and what the run has; rebuilds only what is different. */
  update(/** @type {Record<string, any>} */ data, /** @type {Record<string, any> | null} */ scene) {
    this.editor.update(data.blocks ?? null);
    if (!scene) return;
    this.drafting = Boolean(data.blocks?.error);
    this.root.toggleAttribute("data-draft", this.drafting);
    const key = JSON.stringify([scene.scene, data.blocks?.stages, this.drafting]);
    if (key === this.built) return;
    this.built = key;
    this.stood = "";
    this.buildHeads(scene, data.blocks);
    this.buildSpots(scene);
    this.markRef(null);
  }

  /** A head for each stage: the block, what comes out of it, its parameters. It opens the editor. */
  buildHeads(/** @type {Record<string, any>} */ scene, /** @type {Record<string, any> | undefined} */ blocks) {
    const drafted = this.drafting ? /** @type {any[]} */ (blocks?.stages) : scene.stages;
    const editable = Boolean(blocks?.editable);
    const shape = (/** @type {number[] | null} */ sides) => element("span", { "data-shape": JSON.stringify(sides ?? []) }, (sides ?? []).join("\u00d7"));
    const nodes = [element("div", { class: "cnn-head", "data-column": 0 }, element("b", {}, "Picture"), shape(scene.shape), element("i", {}, "\u00a0"))];
    drafted.forEach((/** @type {any} */ stage, /** @type {number} */ s) => {
      const last = s === drafted.length - 1 && stage.output !== false;
      const parts = [element("b", {}, brief(stage.word, last)), shape(stage.shape), element("i", { "data-params": stage.params || 0 }, stage.params ? whole(stage.params) : "\u2013")];
      const title = `${stage.title ?? stage.word}${stage.shape ? `: gives ${stage.shape.join(" \u00d7 ")}, ${whole(stage.params)} parameters` : ""}`;
      const open = editable && !last;
      const head = open
        ? element("button", { type: "button", class: "cnn-head", title, "data-column": s + 1, "data-testid": `block-${s}`, "aria-label": `${title}. Change it`, onclick: () => this.editor.open(s, head) }, ...parts)
        : element("div", { class: "cnn-head", title, "data-column": s + 1 }, ...parts);
      if (stage.wrong) mark(head, "data-wrong", "");
      if (editable) {
        nodes.push(element("button", {
          type: "button", class: "cnn-add", "data-before": s, "data-testid": `block-add-${s}`, title: "Add a block here", "aria-label": `Add a block before ${brief(stage.word, last)}`,
          onclick: (/** @type {Event} */ event) => this.editor.choose(s, /** @type {HTMLElement} */ (event.currentTarget)),
        }, icon("plus")));
      }
      nodes.push(head);
    });
    this.heads.replaceChildren(...nodes);
  }

  /** One button a map, so that a keyboard and a screen reader reach it; the canvas below is only paint. */
  buildSpots(/** @type {Record<string, any>} */ scene) {
    const nodes = /** @type {Node[]} */ ([]);
    scene.stages.forEach((/** @type {any} */ stage, /** @type {number} */ s) => {
      for (let map = 0; map < stage.maps; map += 1) {
        nodes.push(element("button", {
          type: "button", class: "spot", tabindex: nodes.length ? -1 : 0, "data-stage": s, "data-map": map,
          "data-testid": `map-${s}-${map}`, "aria-label": `${stage.title}: map ${map + 1}`,
        }));
      }
    });
    this.spots.replaceChildren(...nodes);
  }

  /** Puts heads and buttons where the picture has their maps. */
  stand(/** @type {boolean} */ narrow, /** @type {number} */ size) {
    const { layout } = this.picture;
    if (!layout) return;
    const key = `${this.picture.placed} ${this.built}`;
    if (key === this.stood) return;
    this.stood = key;
    this.type = size;
    const { columns } = layout;
    const { width } = this.picture.sheet.canvas.getBoundingClientRect();
    this.field.style.height = narrow ? `${layout.height + (this.editor.data?.editable ? 34 : 0)}px` : "";
    const given = columns[0].box;
    this.caption.style.cssText = `left:${given.x}px;top:${given.y + given.h + 5}px;width:${narrow ? given.w : Math.max(given.w, (columns[1]?.box.x ?? 0) - 6)}px`;
    const full = narrow || this.drafting || this.roomy(columns, size);
    for (const head of this.heads.children) {
      this.word(head, full);
      if (this.drafting) {
        head.removeAttribute("style");
        continue;
      }
      const at = Number(head.dataset.column ?? head.dataset.before);
      const { box, middle } = columns[Math.min(at, columns.length - 1)];
      if (narrow) {
        const next = columns[Math.min(at + (head.dataset.before ? 1 : 0), columns.length - 1)];
        head.style.cssText = `top:${next.kind === "output" ? layout.height + 34 : next.box.y}px`;
        continue;
      }
      const after = columns[Math.min(at + 1, columns.length - 1)];
      const x = head.dataset.before === undefined ? middle : (box.x + box.w + after.box.x) / 2;
      const room = roomOf(columns, at);
      const cut = head.dataset.before === undefined && at > 0 && at < columns.length - 1;
      mark(head, "data-tight", cut && room < (head.querySelector("b")?.textContent.length ?? 0) * 0.6 * size ? "" : null);
      head.style.cssText = `left:${Math.min(width, Math.max(0, x))}px;${cut ? `max-width:${Math.max(26, room)}px` : ""}`;
    }
    for (const spot of this.spots.children) {
      const tile = columns[Number(spot.dataset.stage) + 1].tiles[Number(spot.dataset.map)];
      spot.hidden = !tile;
      if (!tile) continue;
      const { x, y, w, h } = tile;
      spot.style.cssText = `left:${x}px;top:${y}px;width:${w}px;height:${h}px`;
    }
  }

  /** Whether every head has room for its whole shape and number; else all of them are short, alike. */
  roomy(/** @type {import("./cnn_layout.js").Column[]} */ columns, /** @type {number} */ size) {
    return [...this.heads.children].every((head) => {
      const at = Number(head.dataset.column ?? 0);
      if (at < 1 || at >= columns.length - 1) return true;
      const { shape = "[]" } = head.querySelector("span").dataset;
      const letters = Math.max(JSON.parse(shape).join("x").length, whole(Number(head.querySelector("i").dataset.params)).length);
      return letters * 0.54 * size + 4 <= roomOf(columns, at);
    });
  }

  /** A head's shape and number of parameters: in full, or side by side only and in thousands. */
  word(/** @type {HTMLElement} */ head, /** @type {boolean} */ full) {
    const [shape, params] = ["[data-shape]", "[data-params]"].map((name) => /** @type {HTMLElement | null} */ (head.querySelector(name)));
    if (shape) {
      const sides = JSON.parse(shape.dataset.shape ?? "[]");
      say(shape, (full || sides.length < 3 ? sides : sides.slice(1)).join("\u00d7"));
    }
    const n = Number(params?.dataset.params);
    if (params && n) say(params, full || n < 10000 ? whole(n) : n < 1e6 ? `${Math.round(n / 1000)}k` : `${(n / 1e6).toFixed(1)}M`);
  }

  /** Follows the mouse. */
  point(/** @type {PointerEvent} */ event, /** @type {number} */ reach) {
    const box = this.field.getBoundingClientRect();
    this.markRef(this.picture.at(event.clientX - box.left, event.clientY - box.top, reach));
  }

  /** A tap, or a click, holds what it hits; the next one anywhere lets it go. */
  tap(/** @type {PointerEvent} */ event) {
    if (this.card.root.contains(/** @type {Node} */ (event.target))) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const box = this.field.getBoundingClientRect();
    const ref = event.detail === 0 && target.matches(".spot") // by the keyboard
      ? { stage: Number(target.dataset.stage), map: Number(target.dataset.map) }
      : this.picture.at(event.clientX - box.left, event.clientY - box.top, event.pointerType === "mouse" ? 2 : 8);
    const again = this.pinned && ref && this.marked?.stage === ref.stage && this.marked?.map === ref.map;
    this.pinned = ref !== null && !again;
    this.markRef(again ? null : ref);
  }

  close() {
    if (this.editor.close()) return;
    this.markRef(null);
  }

  walk(/** @type {KeyboardEvent} */ event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step || event.shiftKey) return;
    event.preventDefault();
    const all = [...this.spots.children].filter((spot) => !spot.hidden);
    const stages = [...new Set(all.map((spot) => Number(spot.dataset.stage)))];
    const at = stages.indexOf(Number(target.dataset.stage)) + step[0];
    const stage = stages[Math.min(stages.length - 1, Math.max(0, at))];
    const maps = all.filter((spot) => Number(spot.dataset.stage) === stage);
    const next = maps[Math.min(maps.length - 1, Math.max(0, Number(target.dataset.map) + step[1]))];
    target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  arrive(/** @type {HTMLElement} */ spot) {
    if (!spot.matches(":focus-visible")) return; // a click focuses too, and has said already what it means
    this.pinned = false;
    this.markRef({ stage: Number(spot.dataset.stage), map: Number(spot.dataset.map) });
  }

  markRef(/** @type {Ref | null} */ ref) {
    if (!ref) this.pinned = false;
    if (JSON.stringify(ref) === JSON.stringify(this.marked)) return;
    this.marked = ref;
    this.onmark(ref);
  }

  /** The card of what is looked at, with the newest numbers; what the picture is. */
  show(theme, scene, tick, /** @type {boolean} */ narrow) {
    const { image, prediction } = tick.header;
    const { classes } = scene.header;
    const truth = image?.label ?? null;
    const words = image?.kind === "pad" ? "Your drawing" : truth === null ? "" : prediction === truth ? "Right" : "Wrong";
    const letters = words.length + classes[truth ?? 0].length + 10;
    const apart = letters * 5.6 * (this.type > 12 ? 1.23 : 1) > parseFloat(this.caption.style.width) ? ":\n" : ": "; // breaks there or nowhere
    const line = [words, truth === null ? "" : `it is ${classes[truth]}`].filter(Boolean).join(apart);
    say(this.caption, image?.kind === "pad" && tick.header.pad_note ? tick.header.pad_note : line);
    mark(this.caption, "data-right", truth === null ? null : String(prediction === truth));
    const { marked } = this;
    const column = marked && this.picture.layout?.columns[marked.stage + 1];
    const tile = column?.tiles[column.kind === "maps" ? marked.map : 0];
    if (!tile) return this.card.hide();
    this.card.fill(theme, scene, tick, marked);
    this.card.stand(tile, this.picture.sheet, narrow);
  }
}
