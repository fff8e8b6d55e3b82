// The network of one step: units with their numbers, links with theirs, and what flows between them.

import { css, mix, rgb } from "./colours.js";
import { Sheet } from "./dom.js";
import { decimal, doubled, short } from "./numbers.js";
import { arrange, labelled } from "./step_layout.js";
import { fine, same } from "./step_scene.js";

/** The phases of a step. */
export const PHASES = /** @type {const} */ (["start", "forward", "loss", "backward", "update"]);
const [FORWARD, LOSS, BACKWARD, UPDATE] = [1, 2, 3, 4];

/**
 * @typedef {import("./step_scene.js").Ref} Ref
 * @typedef {import("./step_layout.js").Box} Box
 * @typedef {object} View
 * @property {number} phase      0..4, by `PHASES`.
 * @property {number} progress   How far the phase has come, 0..1.
 * @property {number} row        The sample that is looked at, or the scene's `batch`.
 * @property {Ref | null} focus  What is pointed at or chosen.
 * @property {number} size       Of the type.
 * @property {string} activation
 */

export class StepPicture {
  constructor() {
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "canvas-step", "aria-label": "The network" });
    /** @type {import("./step_layout.js").StepLayout | null} */
    this.layout = null;
    /** @type {{ref: Ref, x: number, y: number, w: number, h: number}[]} */
    this.tags = [];
    this.scale = 1;
    this.steep = 0.25;
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {import("./step_scene.js").Scene} scene
   * @param {View} view
   */
  draw(theme, scene, view) {
    this.sheet.fit();
    const context = this.sheet.blank();
    const { width, height } = this.sheet;
    this.layout = arrange({ width, height, size: view.size, counts: scene.columns });
    this.scale = Math.max(this.scale, doubled(scene.largest("weights"), 1));
    this.steep = Math.max(this.steep, doubled(scene.largest("gradients"), 0.25));
    this.tags = [];
    Object.assign(this, { context, theme, scene, view });
    context.textBaseline = "middle";
    this.roomy = false;
    for (let layer = 0; layer < scene.last; layer += 1) this.links(layer);
    for (let layer = 0; layer < scene.last; layer += 1) this.labels(layer);
    this.layout.boxes.forEach((column, c) => column.forEach((box, i) => this.unit(box, c, i)));
    this.headings();
    this.outcome();
    this.legend();
  }

  // -- how far things are

  /** How far the flow between two columns has come, 0..1: forwards from the left, backwards from the right. */
  flow(/** @type {number} */ layer) {
    const { scene, view } = /** @type {any} */ (this);
    const turn = view.phase === BACKWARD ? scene.last - 1 - layer : layer;
    return Math.min(1, Math.max(0, view.progress * scene.last - turn));
  }

  /** Whether a unit knows its value. */
  knows(/** @type {number} */ column) {
    const { view } = /** @type {any} */ (this);
    return column === 0 || view.phase > FORWARD || (view.phase === FORWARD && this.flow(column - 1) >= 1);
  }

  /** Whether a gradient has come back to a unit. */
  returned(/** @type {number} */ column) {
    const { scene, view } = /** @type {any} */ (this);
    if (column === 0) return false;
    return view.phase > BACKWARD || (view.phase === BACKWARD && (column === scene.last || this.flow(column) >= 1));
  }

  faded(/** @type {{layer: number, to: number, from: number | null}} */ link) {
    const { scene, view } = /** @type {any} */ (this);
    return view.focus !== null && !scene.reaches(view.focus, link);
  }

  font(bold = false, share = 1) {
    const { context, theme, view } = /** @type {any} */ (this);
    context.font = `${bold ? 600 : 400} ${Math.round(view.size * share)}px ${theme.font}`;
  }

  // -- links

  ends(/** @type {Ref} */ { layer, to, from }) {
    const { boxes } = /** @type {any} */ (this.layout);
    return { from: boxes[layer][from ?? 0], to: boxes[layer + 1][to] };
  }

  /** What a link's width and colour show: its weight, on the way back its gradient. */
  strength(/** @type {Ref} */ ref) {
    const { scene, view } = /** @type {any} */ (this);
    if (view.phase === BACKWARD && this.flow(ref.layer) >= 0.5) {
      return { value: scene.link("gradients", ref), scale: this.steep };
    }
    const [old, after] = [scene.link("weights", ref), scene.link("new_weights", ref)];
    return { value: view.phase === UPDATE ? old + (after - old) * view.progress : old, scale: this.scale };
  }

  links(/** @type {number} */ layer) {
    const { context, theme, scene, view } = /** @type {any} */ (this);
    const crowd = scene.columns[layer] * scene.columns[layer + 1] > 40 ? 0.6 : 1;
    const refs = [...scene.refs(false)].filter((ref) => ref.layer === layer);
    const rank = (/** @type {Ref} */ ref) => (same(ref, view.focus) ? 2 : this.faded(ref) ? 0 : 1);
    refs.sort((a, b) => rank(a) - rank(b));
    for (const ref of refs) {
      const { from, to } = this.ends(ref);
      const [x0, y0, x1, y1] = [from.x + from.w / 2, from.y, to.x - to.w / 2, to.y];
      const { value, scale } = this.strength(ref);
      const share = Math.min(1, Math.abs(value) / scale);
      const chosen = same(ref, view.focus);
      const aside = view.focus !== null && view.focus.layer === layer && !chosen && !this.faded(ref);
      context.globalAlpha = this.faded(ref) ? 0.14 : aside ? 0.5 : crowd < 1 && !view.focus ? 0.7 : 1;
      if (chosen) {
        context.setLineDash([]);
        context.strokeStyle = css(mix(rgb(theme.paper), rgb(theme.accent), 0.35));
        context.lineWidth = (1 + 6 * share) * crowd + 7;
        line(context, x0, y0, x1, y1);
      }
      context.strokeStyle = value < 0 ? theme.negative : theme.positive;
      context.lineWidth = (1 + 6 * share) * crowd;
      context.setLineDash(value < 0 ? [5 + context.lineWidth, 3 + context.lineWidth * 0.6] : []);
      line(context, x0, y0, x1, y1);
      context.setLineDash([]);
      this.pulse(ref, x0, y0, x1, y1);
    }
    context.globalAlpha = 1;
  }

  /** What flows along a link just now: a disc where it is positive, a ring where negative. */
  pulse(/** @type {Ref} */ ref, x0, y0, x1, y1) {
    const { context, theme, scene, view } = /** @type {any} */ (this);
    const flow = this.flow(ref.layer);
    if ((view.phase !== FORWARD && view.phase !== BACKWARD) || flow <= 0 || flow >= 1) return;
    const back = view.phase === BACKWARD;
    const carried = back ? scene.unit("sum_gradients", view.row, ref.layer + 1, ref.to) : scene.input(ref, view.row);
    const value = carried * scene.link("weights", ref);
    const at = back ? 1 - flow : flow;
    const eased = at * at * (3 - 2 * at);
    const radius = view.size * (0.22 + 0.34 * Math.min(1, Math.abs(value) / (back ? this.steep : this.scale)));
    context.beginPath();
    context.arc(x0 + (x1 - x0) * eased, y0 + (y1 - y0) * eased, radius, 0, 2 * Math.PI);
    context.fillStyle = value < 0 ? theme.paper : theme.positive;
    context.fill();
    context.strokeStyle = value < 0 ? theme.negative : theme.positive;
    context.lineWidth = 2.5;
    context.stroke();
  }

  /** What is written on a link. */
  text(/** @type {Ref} */ ref, /** @type {boolean} */ roomy) {
    const { scene, view } = /** @type {any} */ (this);
    const w = scene.link("weights", ref);
    if (view.phase === FORWARD && this.flow(ref.layer) > 0) {
      const input = scene.input(ref, view.row);
      return roomy ? `${number(w)} \u00d7 ${number(input)} = ${decimal(w * input)}` : decimal(w * input);
    }
    if (view.phase === BACKWARD && this.flow(ref.layer) >= 0.5) return this.gradient(ref, roomy);
    if (view.phase === UPDATE) {
      const after = scene.link("new_weights", ref);
      return roomy ? `${decimal(w)} \u2192 ${decimal(after)}` : decimal(view.progress < 0.5 ? w : after);
    }
    return decimal(w);
  }

  /** A gradient; where there is room, with what the sample that is looked at has in it. */
  gradient(/** @type {Ref} */ ref, /** @type {boolean} */ roomy) {
    const { scene, view } = /** @type {any} */ (this);
    const whole = fine(scene.link("gradients", ref));
    return roomy && this.apart() ? `${fine(scene.share(ref, view.row))} of ${whole}` : whole;
  }

  /** Whether a sample is looked at that is not the whole batch. */
  apart() {
    const { scene, view } = /** @type {any} */ (this);
    return view.row < scene.batch && scene.header.n > 1;
  }

  labels(/** @type {number} */ layer) {
    const { context, scene, view } = /** @type {any} */ (this);
    if (this.layout.look === "dot" && view.focus === null) return;
    this.font();
    const gap = this.layout.gap;
    const all = [...scene.refs(false)].filter((ref) => ref.layer === layer);
    const near = view.focus?.layer === layer ? all.filter((ref) => ref.to === view.focus.to) : [];
    const chosen = near.filter((ref) => same(ref, view.focus));
    const wanted = all.length > 20 ? [near, chosen] : [all, near, chosen];
    for (const refs of wanted) {
      if (!refs.length) continue;
      const links = refs.map((ref) => this.ends(ref));
      const wide = (/** @type {boolean} */ roomy) => Math.max(...refs.map((ref) => context.measureText(this.text(ref, roomy)).width)) + view.size * 0.8;
      const roomy = this.layout.look !== "dot" && widest(view, wide) < gap * 0.86;
      this.roomy = roomy;
      const width = roomy ? widest(view, wide) : wide(false);
      if (width > gap) continue;
      const t = labelled(links, width, view.size * 1.5);
      if (t === null) continue;
      for (const ref of refs) this.label(ref, this.text(ref, roomy), t, width);
      return;
    }
  }

  label(/** @type {Ref} */ ref, /** @type {string} */ text, /** @type {number} */ t, /** @type {number} */ width) {
    const { context, view } = /** @type {any} */ (this);
    const { from, to } = this.ends(ref);
    const [x0, x1] = [from.x + from.w / 2, to.x - to.w / 2];
    const box = { x: x0 + (x1 - x0) * t, y: from.y + (to.y - from.y) * t, w: width, h: view.size * 1.5 };
    context.globalAlpha = this.faded(ref) ? 0.3 : 1;
    this.tag(ref, box, text);
    context.globalAlpha = 1;
  }

  /** A small plate with a number that can be pointed at: a weight on its link, a bias under its unit. */
  tag(/** @type {Ref} */ ref, /** @type {Box} */ box, /** @type {string} */ text) {
    const { context, theme, view } = /** @type {any} */ (this);
    const chosen = same(ref, view.focus);
    context.beginPath();
    context.roundRect(box.x - box.w / 2, box.y - box.h / 2, box.w, box.h, 4);
    context.fillStyle = theme.paper;
    context.fill();
    context.strokeStyle = chosen ? theme.accent : theme.grid;
    context.lineWidth = chosen ? 2 : 1;
    context.stroke();
    this.font(chosen);
    context.textAlign = "center";
    context.fillStyle = theme.ink;
    context.fillText(text, box.x, box.y + 0.5);
    this.tags.push({ ref, ...box });
  }

  // -- units

  unit(/** @type {Box} */ box, /** @type {number} */ column, /** @type {number} */ index) {
    const { context, theme, scene, view } = /** @type {any} */ (this);
    const known = this.knows(column);
    const back = this.returned(column) && view.phase === BACKWARD;
    const value = scene.unit("values", view.row, column, index);
    const shown = back ? scene.unit("sum_gradients", view.row, column, index) : value;
    const dim = view.focus !== null && !this.onPath(column, index);
    context.globalAlpha = dim ? 0.35 : 1;
    const tint = known && Number.isFinite(shown) ? Math.min(0.34, 0.08 + (0.26 * Math.abs(shown)) / (back ? this.steep : 1)) : 0;
    context.beginPath();
    context.roundRect(box.x - box.w / 2, box.y - box.h / 2, box.w, box.h, Math.min(8, box.w * 0.3));
    context.fillStyle = css(mix(rgb(theme.paper), rgb(shown < 0 ? theme.negative : theme.positive), tint));
    context.globalAlpha = 1;
    context.fill();
    context.globalAlpha = dim ? 0.35 : 1;
    const into = view.focus !== null && view.focus.layer + 1 === column && view.focus.to === index;
    context.strokeStyle = into ? theme.accent : known ? theme.muted : theme.border;
    context.lineWidth = into ? 2 : 1.2;
    context.setLineDash(known && shown < 0 ? [5, 3] : []);
    context.stroke();
    context.setLineDash([]);
    this.words(box, column, index, known, back);
    if (column > 0 && (this.layout.look === "wide" || this.layout.look === "narrow")) this.bias(box, column, index);
    context.globalAlpha = 1;
  }

  onPath(/** @type {number} */ column, /** @type {number} */ index) {
    const { scene, view } = /** @type {any} */ (this);
    const { layer, to, from } = view.focus;
    if (column === layer) return index === from;
    return column > layer + 1 || (column === layer + 1 && index === to) || column === scene.last;
  }

  /** What a unit says of itself: its name; its sum and output; on the way back their gradients. */
  words(/** @type {Box} */ box, column, index, known, back) {
    const { context, theme, scene, view } = /** @type {any} */ (this);
    const look = this.layout.looks[column];
    if (look === "dot") return;
    const write = back ? fine : decimal;
    const [name, read] = [scene.unitName(column, index), (/** @type {string} */ kind) => write(scene.unit(kind, view.row, column, index))];
    context.fillStyle = theme.ink;
    if (look === "line") {
      this.font();
      const number = known ? read(back ? "sum_gradients" : "values") : "";
      const both = box.w > view.size * 6;
      const room = both ? box.w - view.size * 4.4 : box.w - 6;
      context.textAlign = both ? "left" : "center";
      if (both || !known) context.fillText(cut(context, name, room), both ? box.x - box.w / 2 + view.size * 0.4 : box.x, box.y + 0.5);
      context.textAlign = both ? "right" : "center";
      context.fillText(number, both ? box.x + box.w / 2 - view.size * 0.4 : box.x, box.y + 0.5);
      return;
    }
    const rows = [];
    if (column === 0) rows.push(["", read("values")]);
    else if (look === "wide") {
      if (back) rows.push(["\u2202L/\u2202a", read("output_gradients")], ["\u2202L/\u2202z", read("sum_gradients")]);
      else if (known) rows.push(["z", read("sums")], [column === scene.last ? "output" : "a", read("values")]);
    } else if (back) rows.push(["\u2202a", read("output_gradients")], ["\u2202z", read("sum_gradients")]);
    else if (known) rows.push(["z", read("sums")], ["a", read("values")]);
    const step = view.size * 1.3;
    const first = box.y - (step * rows.length) / 2;
    this.font(true);
    context.textAlign = "center";
    const [left, right] = [box.x - box.w / 2 + view.size * 0.5, box.x + box.w / 2 - view.size * 0.5];
    context.fillText(cut(context, name, box.w - 6), box.x, rows.length ? first : box.y);
    rows.forEach(([label, number], k) => {
      const y = first + step * (k + 1);
      this.font();
      context.textAlign = "left";
      context.fillStyle = theme.muted;
      if (label) context.fillText(label, left, y);
      context.fillStyle = theme.ink;
      context.textAlign = label ? "right" : "center";
      context.fillText(number, label ? right : box.x, y);
    });
  }

  bias(/** @type {Box} */ box, column, index) {
    const { context, scene, view } = /** @type {any} */ (this);
    const ref = { layer: column - 1, to: index, from: null };
    const [now, after] = [scene.link("weights", ref), scene.link("new_weights", ref)];
    const back = view.phase === BACKWARD && this.returned(column);
    let text = `b ${decimal(now)}`;
    if (back) text = `\u2202b ${this.gradient(ref, this.layout.look === "wide")}`;
    else if (view.phase === UPDATE) text = this.layout.look === "wide" ? `b ${decimal(now)} \u2192 ${decimal(after)}` : `b ${decimal(view.progress < 0.5 ? now : after)}`;
    this.font(same(ref, view.focus));
    const wide = Math.max(box.w * 0.9, context.measureText(text).width + view.size * 0.7);
    context.globalAlpha = this.faded(ref) || (view.focus !== null && view.focus.layer === ref.layer && view.focus.to !== ref.to) ? 0.35 : 1;
    this.tag(ref, { x: box.x, y: box.y + box.h / 2 + view.size * 0.85, w: wide, h: view.size * 1.4 }, text);
  }

  // -- beside and around

  /** The targets and the loss, right of the outputs. */
  outcome() {
    const { context, theme, scene, view } = /** @type {any} */ (this);
    const { targets, boxes } = this.layout;
    const reached = view.phase > LOSS || view.phase === LOSS;
    const share = view.phase === LOSS ? Math.min(1, view.progress * 2) : 1;
    const one = view.row < scene.batch;
    targets.forEach((box, i) => {
      const output = boxes[scene.last][i];
      context.setLineDash([2, 3]);
      context.strokeStyle = reached ? theme.ink : theme.border;
      context.lineWidth = 1.2;
      const [x0, x1] = [output.x + output.w / 2, box.x - box.w / 2];
      line(context, x0, output.y, reached ? x0 + (x1 - x0) * share : x1, box.y);
      context.beginPath();
      context.roundRect(box.x - box.w / 2, box.y - box.h / 2, box.w, box.h, 8);
      context.stroke();
      context.setLineDash([]);
      this.font(true);
      context.textAlign = "center";
      context.fillStyle = theme.ink;
      context.fillText(one ? decimal(scene.header.targets[view.row][i]) : "batch", box.x, box.y + 0.5);
    });
    if (!reached || (view.phase === LOSS && view.progress < 0.5)) return;
    const last = targets[targets.length - 1];
    const y = last.y + last.h / 2 + view.size * 1.3;
    this.font();
    context.fillStyle = theme.muted;
    context.fillText(one ? "loss" : "mean loss", last.x, y);
    this.font(true, 1.15);
    context.fillStyle = theme.ink;
    context.fillText(decimal(one ? scene.header.losses[view.row] : scene.header.loss), last.x, y + view.size * 1.35);
  }

  /** What each column is, and what stands on the links between. */
  headings() {
    const { context, theme, scene, view } = /** @type {any} */ (this);
    const { boxes, targets, gap } = this.layout;
    const hidden = scene.header.counts;
    const y = view.size * 0.8;
    context.textAlign = "center";
    const names = boxes.map((_, c) => {
      const more = hidden[c] > scene.columns[c] ? `, ${scene.columns[c]} of ${hidden[c]}` : "";
      return c === 0 ? `Inputs${more}` : c === scene.last ? (hidden[c] > 1 ? `Outputs${more}` : "Output") : `${scene.last > 2 ? `Hidden ${c}` : "Hidden"}${more}`;
    });
    this.font(true);
    context.fillStyle = theme.ink;
    names.forEach((name, c) => {
      const wide = context.measureText(name).width;
      const x = Math.min(Math.max(boxes[c][0].x, wide / 2 + 1), this.sheet.width - wide / 2);
      context.fillText(cut(context, name, boxes[c][0].w + gap * 0.6), x, y);
    });
    context.fillText("Target", targets[0].x, y);
    this.font();
    context.fillStyle = theme.muted;
    const whole = "\u2202L/\u2202w";
    const words = this.apart() && this.roomy ? [`${whole}: sample of batch`, whole] : [whole];
    const word = ["weight w", "w \u00d7 input", "weight w", words.find((one) => context.measureText(one).width < gap * 0.95) ?? "", "old \u2192 new w"][view.phase];
    for (let layer = 0; layer < scene.last; layer += 1) {
      const [a, b] = [boxes[layer][0], boxes[layer + 1][0]];
      const middle = (a.x + a.w / 2 + b.x - b.w / 2) / 2;
      const over = (/** @type {number} */ c) => Math.max(0, context.measureText(names[c]).width * 0.55 - boxes[c][0].w / 2);
      if (context.measureText(word).width / 2 < gap / 2 - Math.max(over(layer), over(layer + 1)) - view.size * 0.4) context.fillText(word, middle, y);
    }
  }

  /** How to read the lines. */
  legend() {
    const { context, theme, view } = /** @type {any} */ (this);
    const y = this.sheet.height - view.size * 0.8;
    const what = view.phase === BACKWARD ? "gradient" : "weight";
    const items = [["positive", theme.positive, []], ["negative", theme.negative, [7, 4]]];
    this.font();
    context.textAlign = "left";
    let x = 2;
    for (const [word, colour, dash] of items) {
      context.strokeStyle = /** @type {string} */ (colour);
      context.setLineDash(/** @type {number[]} */ (dash));
      context.lineWidth = 3;
      line(context, x, y, x + 26, y);
      context.setLineDash([]);
      context.fillStyle = theme.muted;
      context.fillText(/** @type {string} */ (word), x + 31, y);
      x += 31 + context.measureText(/** @type {string} */ (word)).width + view.size;
    }
    context.fillText(what, x - view.size * 0.7, y);
    x += context.measureText(what).width + view.size * 0.6;
    const rest = `width: its size, full at ${short(view.phase === BACKWARD ? this.steep : this.scale)}`;
    if (x + context.measureText(rest).width < this.sheet.width) context.fillText(rest, x, y);
  }

  // -- what is at a place

  /** The weight or bias at a place: by its plate, by its link, or by its unit. */
  at(/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ reach) {
    const { scene, layout } = /** @type {any} */ (this);
    if (!layout || !scene) return null;
    const inside = (/** @type {Box} */ box, /** @type {number} */ more) => Math.abs(x - box.x) <= box.w / 2 + more && Math.abs(y - box.y) <= box.h / 2 + more;
    const plate = this.tags.find((tag) => inside(tag, 0));
    if (plate) return plate.ref;
    for (let c = 1; c <= scene.last; c += 1) {
      const to = layout.boxes[c].findIndex((/** @type {Box} */ box) => inside(box, 2));
      if (to >= 0) return { layer: c - 1, to, from: null };
    }
    let [best, found] = [reach, /** @type {Ref | null} */ (null)];
    for (const ref of scene.refs(false)) {
      const { from, to } = this.ends(ref);
      const [x0, x1] = [from.x + from.w / 2, to.x - to.w / 2];
      if (x < x0 || x > x1) continue;
      const share = (x - x0) / (x1 - x0);
      const slope = (to.y - from.y) / (x1 - x0);
      const away = Math.abs(from.y + (to.y - from.y) * share - y) / Math.hypot(1, slope);
      if (away < best) [best, found] = [away, ref];
    }
    return found;
  }
}

/** A factor without more digits than it needs. */
function number(/** @type {number} */ x) {
  const text = short(x);
  return x < 0 ? `(${text})` : text;
}

/** A label's width with all that it may say in the phase it is in, so that its place does not change on the way. */
function widest(/** @type {View} */ view, /** @type {(roomy: boolean) => number} */ wide) {
  return Math.max(wide(true), view.phase === FORWARD ? view.size * 8 : 0);
}

function line(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/** A name, shortened to the room there is. */
function cut(context, /** @type {string} */ text, /** @type {number} */ room) {
  let shown = text;
  while (shown.length > 1 && context.measureText(shown).width > room) shown = `${shown.slice(0, -2)}\u2026`;
  return shown;
}
