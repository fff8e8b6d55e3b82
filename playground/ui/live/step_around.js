// What stands around the network of one step: the targets and the loss, what each column is, and how to read the lines.

import { decimal, short } from "./numbers.js";
import { BACKWARD, LOSS } from "./step_pen.js";

/** @typedef {import("./step_pen.js").Pen} Pen */

/** The targets and the loss, right of the outputs. */
export function drawOutcome(/** @type {Pen} */ pen) {
  const { context, theme, scene, view } = pen;
  const { targets, boxes } = pen.layout;
  const reached = view.phase >= LOSS;
  const share = view.phase === LOSS ? Math.min(1, view.progress * 2) : 1;
  const one = view.row < scene.batch;
  targets.forEach((box, i) => {
    const output = boxes[scene.last][i];
    context.setLineDash([2, 3]);
    context.strokeStyle = reached ? theme.ink : theme.border;
    context.lineWidth = 1.2;
    const [x0, x1] = [output.x + output.w / 2, box.x - box.w / 2];
    pen.line(x0, output.y, reached ? x0 + (x1 - x0) * share : x1, box.y);
    context.beginPath();
    context.roundRect(box.x - box.w / 2, box.y - box.h / 2, box.w, box.h, 8);
    context.stroke();
    context.setLineDash([]);
    pen.font(true);
    context.textAlign = "center";
    context.fillStyle = theme.ink;
    context.fillText(one ? decimal(scene.header.targets[view.row][i]) : "batch", box.x, box.y + 0.5);
  });
  if (!reached || (view.phase === LOSS && view.progress < 0.5)) return;
  const last = targets[targets.length - 1];
  const y = last.y + last.h / 2 + view.size * 1.3;
  pen.font();
  context.fillStyle = theme.muted;
  context.fillText(one ? "loss" : "mean loss", last.x, y);
  pen.font(true, 1.15);
  context.fillStyle = theme.ink;
  context.fillText(decimal(one ? scene.header.losses[view.row] : scene.header.loss), last.x, y + view.size * 1.35);
}

/** What each column is, and what stands on the links between. */
export function drawHeadings(/** @type {Pen} */ pen) {
  const { context, theme, scene, view } = pen;
  const { boxes, targets, gap } = pen.layout;
  const hidden = scene.header.counts;
  const y = view.size * 0.8;
  context.textAlign = "center";
  const names = boxes.map((_, c) => {
    const more = hidden[c] > scene.columns[c] ? `, ${scene.columns[c]} of ${hidden[c]}` : "";
    return c === 0 ? `Inputs${more}` : c === scene.last ? (hidden[c] > 1 ? `Outputs${more}` : "Output") : `${scene.last > 2 ? `Hidden ${c}` : "Hidden"}${more}`;
  });
  pen.font(true);
  context.fillStyle = theme.ink;
  names.forEach((name, c) => {
    const wide = context.measureText(name).width;
    const x = Math.min(Math.max(boxes[c][0].x, wide / 2 + 1), pen.width - wide / 2);
    context.fillText(pen.cut(name, boxes[c][0].w + gap * 0.6), x, y);
  });
  context.fillText("Target", targets[0].x, y);
  pen.font();
  context.fillStyle = theme.muted;
  const whole = "\u2202L/\u2202w";
  const words = pen.apart() && pen.roomy ? [`${whole}: sample of batch`, whole] : [whole];
  const word = ["weight w", "w \u00d7 input", "weight w", words.find((one) => context.measureText(one).width < gap * 0.95) ?? "", "old \u2192 new w"][view.phase];
  for (let layer = 0; layer < scene.last; layer += 1) {
    const [a, b] = [boxes[layer][0], boxes[layer + 1][0]];
    const middle = (a.x + a.w / 2 + b.x - b.w / 2) / 2;
    const over = (/** @type {number} */ c) => Math.max(0, context.measureText(names[c]).width * 0.55 - boxes[c][0].w / 2);
    if (context.measureText(word).width / 2 < gap / 2 - Math.max(over(layer), over(layer + 1)) - view.size * 0.4) context.fillText(word, middle, y);
  }
}

/** How to read the lines. */
export function drawLegend(/** @type {Pen} */ pen) {
  const { context, theme, view } = pen;
  const y = pen.height - view.size * 0.8;
  const what = view.phase === BACKWARD ? "gradient" : "weight";
  const items = [["positive", theme.positive, []], ["negative", theme.negative, [7, 4]]];
  pen.font();
  context.textAlign = "left";
  let x = 2;
  for (const [word, colour, dash] of items) {
    context.strokeStyle = /** @type {string} */ (colour);
    context.setLineDash(/** @type {number[]} */ (dash));
    context.lineWidth = 3;
    pen.line(x, y, x + 26, y);
    context.setLineDash([]);
    context.fillStyle = theme.muted;
    context.fillText(/** @type {string} */ (word), x + 31, y);
    x += 31 + context.measureText(/** @type {string} */ (word)).width + view.size;
  }
  context.fillText(what, x - view.size * 0.7, y);
  x += context.measureText(what).width + view.size * 0.6;
  const rest = `width: its size, full at ${short(view.phase === BACKWARD ? pen.steep : pen.scale)}`;
  if (x + context.measureText(rest).width < pen.width) context.fillText(rest, x, y);
}
