// The units of one step: how strong they are as a tint, and what they say of themselves in numbers.

import { css, mix, rgb } from "./colours.js";
import { decimal } from "./numbers.js";
import { BACKWARD, UPDATE } from "./step_pen.js";
import { fine, same } from "./step_scene.js";

/** @typedef {import("./step_pen.js").Pen} Pen */
/** @typedef {import("./step_layout.js").Box} Box */

/** A unit, its words and its bias. */
export function drawUnit(/** @type {Pen} */ pen, /** @type {Box} */ box, /** @type {number} */ column, /** @type {number} */ index) {
  const { context, theme, scene, view } = pen;
  const known = pen.knows(column);
  const back = pen.returned(column) && view.phase === BACKWARD;
  const value = scene.unit("values", view.row, column, index);
  const shown = back ? scene.unit("sum_gradients", view.row, column, index) : value;
  const dim = view.focus !== null && !onPath(pen, column, index);
  context.globalAlpha = dim ? 0.35 : 1;
  const tint = known && Number.isFinite(shown) ? Math.min(0.34, 0.08 + (0.26 * Math.abs(shown)) / (back ? pen.steep : 1)) : 0;
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
  words(pen, box, column, index, known, back);
  if (column > 0 && (pen.layout.look === "wide" || pen.layout.look === "narrow")) bias(pen, box, column, index);
  context.globalAlpha = 1;
}

/** Whether a unit lies on the way from what is pointed at to the loss. */
function onPath(/** @type {Pen} */ pen, /** @type {number} */ column, /** @type {number} */ index) {
  const { scene, view } = pen;
  const { layer, to, from } = view.focus;
  if (column === layer) return index === from;
  return column > layer + 1 || (column === layer + 1 && index === to) || column === scene.last;
}

/** What a unit says of itself: its name; its sum and output; on the way back their gradients. */
function words(/** @type {Pen} */ pen, /** @type {Box} */ box, column, index, known, back) {
  const { context, theme, scene, view } = pen;
  const look = pen.layout.looks[column];
  if (look === "dot") return;
  const write = back ? fine : decimal;
  const [name, read] = [scene.unitName(column, index), (/** @type {string} */ kind) => write(scene.unit(kind, view.row, column, index))];
  context.fillStyle = theme.ink;
  if (look === "line") {
    pen.font();
    const number = known ? read(back ? "sum_gradients" : "values") : "";
    const both = box.w > view.size * 6;
    const room = both ? box.w - view.size * 4.4 : box.w - 6;
    context.textAlign = both ? "left" : "center";
    if (both || !known) context.fillText(pen.cut(name, room), both ? box.x - box.w / 2 + view.size * 0.4 : box.x, box.y + 0.5);
    context.textAlign = both ? "right" : "center";
    context.fillText(number, both ? box.x + box.w / 2 - view.size * 0.4 : box.x, box.y + 0.5);
    return;
  }
  const rows = [];
  if (column === 0) rows.push(["", read("values")]);
  else if (look === "wide") {
    if (back) rows.push(["\u2202L/\u2202a", read("output_gradients")], ["\u2202L/\u2202z", read("sum_gradients")]);
    else if (known) rows.push(["z", read("sums")], [column !== scene.last ? "a" : scene.header.answers.length ? "logit" : "output", read("values")]);
  } else if (!back && known && column === scene.last && scene.header.answers.length) rows.push(["logit", read("values")]);
  else if (back) rows.push(["\u2202a", read("output_gradients")], ["\u2202z", read("sum_gradients")]);
  else if (known) rows.push(["z", read("sums")], ["a", read("values")]);
  const step = view.size * 1.3;
  const first = box.y - (step * rows.length) / 2;
  pen.font(true);
  context.textAlign = "center";
  const [left, right] = [box.x - box.w / 2 + view.size * 0.5, box.x + box.w / 2 - view.size * 0.5];
  context.fillText(pen.cut(name, box.w - 6), box.x, rows.length ? first : box.y);
  rows.forEach(([label, number], k) => {
    const y = first + step * (k + 1);
    pen.font();
    context.textAlign = "left";
    context.fillStyle = theme.muted;
    if (label) context.fillText(label, left, y);
    context.fillStyle = theme.ink;
    context.textAlign = label ? "right" : "center";
    context.fillText(number, label ? right : box.x, y);
  });
}

/** The bias under a unit. */
function bias(/** @type {Pen} */ pen, /** @type {Box} */ box, column, index) {
  const { context, scene, view } = pen;
  const ref = { layer: column - 1, to: index, from: null };
  const [now, after] = [scene.link("weights", ref), scene.link("new_weights", ref)];
  const back = view.phase === BACKWARD && pen.returned(column);
  let text = `b ${decimal(now)}`;
  if (back) text = `\u2202b ${pen.gradient(ref, pen.layout.look === "wide")}`;
  else if (view.phase === UPDATE) text = pen.layout.look === "wide" ? `b ${decimal(now)} \u2192 ${decimal(after)}` : `b ${decimal(view.progress < 0.5 ? now : after)}`;
  pen.font(same(ref, view.focus));
  const wide = Math.max(box.w * 0.9, context.measureText(text).width + view.size * 0.7);
  context.globalAlpha = pen.faded(ref) || (view.focus !== null && view.focus.layer === ref.layer && view.focus.to !== ref.to) ? 0.35 : 1;
  pen.tag(ref, { x: box.x, y: box.y + box.h / 2 + view.size * 0.85, w: wide, h: view.size * 1.4 }, text);
}
