// The links of one step: as wide as their weights, with what flows along them and what is written on them.

import { css, mix, rgb } from "./colours.js";
import { decimal, short } from "./numbers.js";
import { labelled } from "./step_layout.js";
import { BACKWARD, FORWARD, UPDATE } from "./step_pen.js";
import { same } from "./step_scene.js";

/** @typedef {import("./step_pen.js").Pen} Pen */
/** @typedef {import("./step_scene.js").Ref} Ref */
/** @typedef {import("./step_pen.js").View} View */

/** The links between two columns. */
export function drawLinks(/** @type {Pen} */ pen, /** @type {number} */ layer) {
  const { context, theme, scene, view } = pen;
  const crowd = scene.columns[layer] * scene.columns[layer + 1] > 40 ? 0.6 : 1;
  const refs = [...scene.refs(false)].filter((ref) => ref.layer === layer);
  const rank = (/** @type {Ref} */ ref) => (same(ref, view.focus) ? 2 : pen.faded(ref) ? 0 : 1);
  refs.sort((a, b) => rank(a) - rank(b));
  for (const ref of refs) {
    const { from, to } = pen.ends(ref);
    const [x0, y0, x1, y1] = [from.x + from.w / 2, from.y, to.x - to.w / 2, to.y];
    const { value, scale } = strength(pen, ref);
    const share = Math.min(1, Math.abs(value) / scale);
    const chosen = same(ref, view.focus);
    const aside = view.focus !== null && view.focus.layer === layer && !chosen && !pen.faded(ref);
    context.globalAlpha = pen.faded(ref) ? 0.14 : aside ? 0.5 : crowd < 1 && !view.focus ? 0.7 : 1;
    if (chosen) {
      context.setLineDash([]);
      context.strokeStyle = css(mix(rgb(theme.paper), rgb(theme.accent), 0.35));
      context.lineWidth = (1 + 6 * share) * crowd + 7;
      pen.line(x0, y0, x1, y1);
    }
    context.strokeStyle = value < 0 ? theme.negative : theme.positive;
    context.lineWidth = (1 + 6 * share) * crowd;
    context.setLineDash(value < 0 ? [5 + context.lineWidth, 3 + context.lineWidth * 0.6] : []);
    pen.line(x0, y0, x1, y1);
    context.setLineDash([]);
    pulse(pen, ref, x0, y0, x1, y1);
  }
  context.globalAlpha = 1;
}

/** What a link's width and colour show: its weight, on the way back its gradient. */
function strength(/** @type {Pen} */ pen, /** @type {Ref} */ ref) {
  const { scene, view } = pen;
  if (view.phase === BACKWARD && pen.flow(ref.layer) >= 0.5) {
    return { value: scene.link("gradients", ref), scale: pen.steep };
  }
  const [old, after] = [scene.link("weights", ref), scene.link("new_weights", ref)];
  return { value: view.phase === UPDATE ? old + (after - old) * view.progress : old, scale: pen.scale };
}

/** What flows along a link just now: a disc where it is positive, a ring where negative. */
function pulse(/** @type {Pen} */ pen, /** @type {Ref} */ ref, x0, y0, x1, y1) {
  const { context, theme, scene, view } = pen;
  const flow = pen.flow(ref.layer);
  if ((view.phase !== FORWARD && view.phase !== BACKWARD) || flow <= 0 || flow >= 1) return;
  const back = view.phase === BACKWARD;
  const carried = back ? scene.unit("sum_gradients", view.row, ref.layer + 1, ref.to) : scene.input(ref, view.row);
  const value = carried * scene.link("weights", ref);
  const at = back ? 1 - flow : flow;
  const eased = at * at * (3 - 2 * at);
  const radius = view.size * (0.22 + 0.34 * Math.min(1, Math.abs(value) / (back ? pen.steep : pen.scale)));
  context.beginPath();
  context.arc(x0 + (x1 - x0) * eased, y0 + (y1 - y0) * eased, radius, 0, 2 * Math.PI);
  context.fillStyle = value < 0 ? theme.paper : theme.positive;
  context.fill();
  context.strokeStyle = value < 0 ? theme.negative : theme.positive;
  context.lineWidth = 2.5;
  context.stroke();
}

/** The numbers on the links between two columns, as many as there is room for. */
export function drawLabels(/** @type {Pen} */ pen, /** @type {number} */ layer) {
  const { context, scene, view } = pen;
  if (pen.layout.look === "dot" && view.focus === null) return;
  pen.font();
  const gap = pen.layout.gap;
  const all = [...scene.refs(false)].filter((ref) => ref.layer === layer);
  const near = view.focus?.layer === layer ? all.filter((ref) => ref.to === view.focus.to) : [];
  const chosen = near.filter((ref) => same(ref, view.focus));
  const wanted = all.length > 20 ? [near, chosen] : [all, near, chosen];
  for (const refs of wanted) {
    if (!refs.length) continue;
    const links = refs.map((ref) => pen.ends(ref));
    const wide = (/** @type {boolean} */ roomy) => Math.max(...refs.map((ref) => context.measureText(text(pen, ref, roomy)).width)) + view.size * 0.8;
    const roomy = pen.layout.look !== "dot" && widest(view, wide) < gap * 0.86;
    pen.roomy = roomy;
    const width = roomy ? widest(view, wide) : wide(false);
    if (width > gap) continue;
    const t = labelled(links, width, view.size * 1.5);
    if (t === null) continue;
    for (const ref of refs) label(pen, ref, text(pen, ref, roomy), t, width);
    return;
  }
}

function label(/** @type {Pen} */ pen, /** @type {Ref} */ ref, /** @type {string} */ text, /** @type {number} */ t, /** @type {number} */ width) {
  const { context, view } = pen;
  const { from, to } = pen.ends(ref);
  const [x0, x1] = [from.x + from.w / 2, to.x - to.w / 2];
  const box = { x: x0 + (x1 - x0) * t, y: from.y + (to.y - from.y) * t, w: width, h: view.size * 1.5 };
  context.globalAlpha = pen.faded(ref) ? 0.3 : 1;
  pen.tag(ref, box, text);
  context.globalAlpha = 1;
}

/** What is written on a link. */
function text(/** @type {Pen} */ pen, /** @type {Ref} */ ref, /** @type {boolean} */ roomy) {
  const { scene, view } = pen;
  const w = scene.link("weights", ref);
  if (view.phase === FORWARD && pen.flow(ref.layer) > 0) {
    const input = scene.input(ref, view.row);
    return roomy ? `${number(w)} \u00d7 ${number(input)} = ${decimal(w * input)}` : decimal(w * input);
  }
  if (view.phase === BACKWARD && pen.flow(ref.layer) >= 0.5) return pen.gradient(ref, roomy);
  if (view.phase === UPDATE) {
    const after = scene.link("new_weights", ref);
    return roomy ? `${decimal(w)} \u2192 ${decimal(after)}` : decimal(view.progress < 0.5 ? w : after);
  }
  return decimal(w);
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
