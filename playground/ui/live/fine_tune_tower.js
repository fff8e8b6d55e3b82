// The network as a tower: word pieces go in at the bottom, the new classifier stands on top. Each layer shows how far training
// has moved it; frozen ones are hatched, and the gradient that comes down from the loss ends above them.

import { css, mix, rgb } from "./colours.js";
import { amount } from "./fine_tune_path.js";
import { element, mark, Sheet } from "./dom.js";
import { doubled, percent, whole } from "./numbers.js";

/** Between two layers, in CSS pixels, and the least and most height of one. */
const [GAP, LEAST, MOST] = [6, 13, 54];
/** Above and below the tower: what comes out, what goes in. */
const [ABOVE, BELOW] = [24, 24];

/** `2.1 %`, `0.04 %`, `12 %`, `110 %`: how far something moved. */
export function distance(/** @type {number} */ share) {
  const percent = 100 * share;
  if (!(percent >= 0.005)) return "0 %";
  return `${percent >= 9.95 ? whole(percent) : percent.toFixed(percent >= 0.095 ? 1 : 2)} %`;
}

export class Tower {
  /**
   * @param {(freeze: number) => void} onfreeze So many layers are to be frozen; -1: all but the classifier.
   */
  constructor(onfreeze) {
    this.onfreeze = onfreeze;
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "canvas-tower", "aria-label": "Network" });
    this.spots = element("div", { class: "spots" });
    this.field = element("div", { class: "field ft-tower", onkeydown: (/** @type {KeyboardEvent} */ event) => this.walk(event) }, this.sheet.canvas, this.spots);
    this.scale = 0.01;
    this.built = "";
    this.free = false;
    /** @type {{x: number, y: number, w: number, h: number}[]} From the embeddings up. */
    this.boxes = [];
    this.spots.addEventListener("pointerover", (/** @type {PointerEvent} */ event) => this.point(/** @type {HTMLElement} */ (event.target)));
    this.spots.addEventListener("pointerleave", () => this.point(null));
    this.again = () => {};
    this.hover = -1;
  }

  /** Another network. */
  take(/** @type {Record<string, any>} */ scene) {
    const layers = scene.parts;
    const key = JSON.stringify(layers);
    if (key === this.built) return;
    this.built = key;
    this.scale = 0.01;
    this.layers = layers;
    this.spots.replaceChildren(...layers.map((/** @type {any} */ layer, /** @type {number} */ i) => element("button", {
      type: "button", class: "spot ft-layer", tabindex: i === layers.length - 1 ? 0 : -1, "data-at": i, "data-testid": `layer-${i}`, onclick: () => this.choose(i),
    })));
  }

  /** Freezes everything up to a layer; a frozen one thaws, with all above it. */
  choose(/** @type {number} */ i) {
    const layer = this.layers?.[i];
    if (!this.free || !layer || layer.kind === "classifier") return;
    const encoder = this.layers.filter((/** @type {any} */ one) => one.kind === "layer").length;
    if (layer.kind === "pooler") return this.onfreeze(layer.frozen ? encoder : -1);
    if (layer.kind === "embeddings") return this.onfreeze(layer.frozen ? 0 : Math.min(1, encoder));
    this.onfreeze(layer.frozen ? i - 1 : i);
  }

  point(/** @type {HTMLElement | null} */ target) {
    const at = target?.matches(".spot") ? Number(target.dataset.at) : -1;
    if (at === this.hover) return;
    this.hover = at;
    this.again();
  }

  walk(/** @type {KeyboardEvent} */ event) {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const from = /** @type {HTMLElement} */ (event.target);
    if (!step || !from.matches(".spot")) return;
    event.preventDefault();
    const next = this.spots.children[Math.min(this.spots.children.length - 1, Math.max(0, Number(from.dataset.at) + step))];
    from.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  /** How high the tower would like to stand. */
  wish() {
    return ABOVE + BELOW + (this.layers?.length ?? 6) * (34 + GAP);
  }

  /** @param {{free: boolean, size: number}} view `free`: a click may freeze. */
  draw(/** @type {import("./colours.js").Theme} */ theme, scene, tick, { free, size }) {
    this.free = free;
    this.sheet.fit();
    const context = this.sheet.blank();
    const layers = scene.header.parts;
    const n = layers.length;
    const { width, height } = this.sheet;
    const each = Math.min(MOST, Math.max(LEAST, (height - ABOVE - BELOW) / n - GAP));
    const total = n * (each + GAP) - GAP;
    const bottom = Math.min(height - BELOW, ABOVE + total + Math.max(0, (height - ABOVE - BELOW - total) / 2));
    const type = Math.min(size, Math.max(9, each - 3));
    context.font = `${type}px ${theme.font}`;
    const right = Math.round(context.measureText("1,110 %").width + 8);
    const left = 29;
    const w = Math.max(60, width - left - right);
    const moved = tick.blocks.moved?.data ?? [];
    const gradients = tick.blocks.gradients?.data ?? [];
    // The classifier begins next to nothing and moves by far more than all others: its bar may be full.
    this.scale = doubled(Math.max(this.scale, ...moved.slice(0, n - 1)), 0.01);
    this.boxes = layers.map((/** @type {any} */ _, /** @type {number} */ i) => ({ x: left, y: bottom - i * (each + GAP) - each, w, h: each }));
    const [paper, ink] = [rgb(theme.paper), rgb(theme.ink)];
    const lowest = layers.findIndex((/** @type {any} */ layer) => !layer.frozen);
    this.flow(context, theme, layers, gradients, lowest, { left, bottom, total, each });
    layers.forEach((/** @type {any} */ layer, /** @type {number} */ i) => {
      const box = this.boxes[i];
      const fresh = layer.kind === "classifier";
      context.beginPath();
      context.roundRect(box.x, box.y, box.w, box.h, 5);
      context.fillStyle = css(mix(paper, ink, layer.frozen ? 0.03 : 0.07));
      context.fill();
      context.save();
      context.clip();
      if (layer.frozen) hatch(context, css(mix(paper, ink, 0.2)), box);
      else {
        const share = Math.min(1, (moved[i] ?? 0) / this.scale);
        context.fillStyle = css(mix(paper, ink, 0.26));
        context.fillRect(box.x, box.y, box.w * share, box.h);
      }
      context.restore();
      context.beginPath();
      context.roundRect(box.x, box.y, box.w, box.h, 5);
      context.strokeStyle = i === this.hover && free && !fresh ? theme.ink : fresh ? theme.accent : theme.border;
      context.lineWidth = fresh ? 1.8 : 1;
      context.setLineDash(fresh ? [5, 3] : []);
      context.stroke();
      context.setLineDash([]);
      context.textBaseline = "middle";
      context.textAlign = "left";
      const middle = box.y + box.h / 2 + 0.5;
      const name = fresh && !(tick.header.step > 0) && box.w > 150 ? `${layer.title}, new` : layer.title;
      if (layer.frozen) {
        const wide = context.measureText(name).width + 8;
        context.fillStyle = theme.paper;
        context.fillRect(box.x + 5, middle - type * 0.62, wide, type * 1.25);
      }
      context.fillStyle = layer.frozen ? theme.muted : theme.ink;
      context.fillText(name, box.x + 9, middle);
      const count = layer.parameters ? amount(layer.parameters) : "";
      if (count && !layer.frozen && box.w - context.measureText(name).width > context.measureText(count).width + 30) {
        context.textAlign = "right";
        context.fillStyle = theme.ink;
        context.fillText(count, box.x + box.w - 8, middle);
      }
      context.textAlign = "left";
      if (layer.frozen) lock(context, theme.muted, box.x + box.w + 8, middle, type);
      else {
        context.fillStyle = theme.ink;
        context.fillText(distance(moved[i] ?? 0), box.x + box.w + 6, middle);
      }
    });
    context.font = `${size}px ${theme.font}`;
    context.fillStyle = theme.muted;
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    const top = bottom - total;
    context.fillText(`one of ${scene.header.classes.length} classes`, left, top - 9);
    context.textAlign = "right";
    context.fillText("moved", width - 2, top - 9);
    context.textAlign = "left";
    context.textBaseline = "top";
    context.fillText("word pieces", left, bottom + 8);
    this.stand(layers, moved, free);
  }

  /** What goes up, and the gradient that comes down as far as anything learns. */
  flow(context, theme, layers, gradients, /** @type {number} */ lowest, { left, bottom, total, each }) {
    const x = left - 10;
    const top = bottom - total;
    const n = layers.length;
    const strongest = Math.max(1e-12, ...gradients);
    context.strokeStyle = theme.accent;
    context.fillStyle = theme.accent;
    for (let i = layers.length - 1; i >= Math.max(0, lowest); i -= 1) {
      const size = gradients[i] > 0 ? 1 + 3.5 * Math.max(0, 1 + Math.log10(gradients[i] / strongest) / 3) : 1;
      const y = bottom - i * (each + GAP) - each;
      context.globalAlpha = gradients[i] > 0 ? 0.9 : 0.3;
      context.lineWidth = size;
      context.beginPath();
      context.moveTo(x, y - (i === layers.length - 1 ? 8 : GAP));
      context.lineTo(x, y + each);
      context.stroke();
    }
    const end = lowest < 0 ? top : bottom - lowest * (each + GAP);
    context.globalAlpha = 0.9;
    context.beginPath();
    if (lowest > 0) {
      context.rect(x - 5, end + 1, 10, 2.5); // it ends here: what lies below is frozen
    } else {
      context.moveTo(x - 4, end - 1);
      context.lineTo(x + 4, end - 1);
      context.lineTo(x, end + 6);
    }
    context.fill();
    context.globalAlpha = 1;
    context.save();
    context.translate(7, top + (n - Math.max(0, lowest)) * (each + GAP) * 0.5);
    context.rotate(-Math.PI / 2);
    context.fillStyle = theme.muted;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText("\u2190 gradient", 0, 0);
    context.restore();
  }

  /** Buttons where the layers are drawn, for fingers and keyboards and those who listen. */
  stand(layers, moved, /** @type {boolean} */ free) {
    layers.forEach((/** @type {any} */ layer, /** @type {number} */ i) => {
      const spot = this.spots.children[i];
      const { x, y, w, h } = this.boxes[i];
      const place = `left:${x}px;top:${y}px;width:${w}px;height:${h}px`;
      if (spot.dataset.place !== place) {
        spot.dataset.place = place;
        spot.style.cssText = place;
      }
      const does = !free || layer.kind === "classifier" ? "" : layer.frozen ? " Click to thaw it and all above." : " Click to freeze it and all below.";
      const numbers = layer.parameters ? `, ${amount(layer.parameters)} parameters` : "";
      const words = layer.frozen ? `${layer.title}${numbers}: frozen, it stays as it was.${does}` : `${layer.title}${numbers}: it has moved by ${distance(moved[i] ?? 0)} of its length.${does}`;
      mark(spot, "aria-label", words);
      mark(spot, "title", words);
      mark(spot, "aria-pressed", free && layer.kind !== "classifier" ? String(layer.frozen) : null);
      mark(spot, "data-frozen", layer.frozen ? "" : null);
    });
  }
}

function hatch(context, /** @type {string} */ colour, { x, y, w, h }) {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = x - h; at < x + w; at += 6) {
    context.moveTo(at, y + h);
    context.lineTo(at + h, y);
  }
  context.stroke();
}

/** A small padlock. */
function lock(context, /** @type {string} */ colour, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ size) {
  const s = size * 0.75;
  context.fillStyle = context.strokeStyle = colour;
  context.lineWidth = 1.4;
  context.beginPath();
  context.roundRect(x, y - s * 0.15, s, s * 0.72, 1.5);
  context.fill();
  context.beginPath();
  context.arc(x + s / 2, y - s * 0.15, s * 0.3, Math.PI, 0);
  context.stroke();
}

/** All of it in a sentence. */
export function told(/** @type {Record<string, any>} */ scene, /** @type {ArrayLike<number>} */ moved) {
  const still = scene.parts.filter((/** @type {any} */ layer) => layer.frozen).length;
  const far = scene.parts.map((/** @type {any} */ layer, /** @type {number} */ i) => (layer.frozen ? "" : `${layer.title} moved by ${distance(moved[i] ?? 0)}`)).filter(Boolean).join(", ");
  return `${scene.base} with a new classifier for ${scene.classes.length} classes; ${still ? `${still} of ${scene.parts.length} parts are frozen` : "no part is frozen"}. ${far}. ${percent(scene.params ? scene.trainable / scene.params : 1)} of its parameters learn.`;
}
