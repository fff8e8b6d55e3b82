// How long each piece's vector is after the embeddings and after each layer: the one that is looked at over all the others.

import { tick, ticks } from "./numbers.js";

/** @param {import("./inside_bert_scene.js").InsideScene} scene */
export function drawLengths(scene, /** @type {import("./inside_bert_pen.js").InsidePen} */ pen, { width, height, piece }) {
  const { size, theme, context } = pen;
  const all = scene.lengths.flatMap((row) => [...row]);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = Math.max(0.15 * (most - least), 0.02 * most);
  const [low, high] = [Math.max(0, least - room), most + room];
  const box = { x: size * 2.4, y: size * 1.7, w: width - size * 3.4, h: height - size * 4.4 };
  if (box.h < size * 2) return;
  const x = (/** @type {number} */ layer) => box.x + (layer / (scene.lengths.length - 1)) * box.w;
  const y = (/** @type {number} */ value) => box.y + box.h - ((value - low) / (high - low)) * box.h;
  pen.text("length of the vector", box.x, size * 0.7, { align: "left", quiet: true });
  const { values, step } = ticks(low, high, 3);
  for (const value of values) {
    Object.assign(context, { strokeStyle: theme.grid, lineWidth: 1 });
    context.beginPath();
    context.moveTo(box.x, y(value));
    context.lineTo(box.x + box.w, y(value));
    context.stroke();
    pen.text(tick(value, step), box.x - 5, y(value), { align: "right", quiet: true });
  }
  const line = (/** @type {number} */ k) => {
    context.beginPath();
    scene.lengths.forEach((row, layer) => (layer ? context.lineTo(x(layer), y(row[k])) : context.moveTo(x(layer), y(row[k]))));
    context.stroke();
  };
  Object.assign(context, { strokeStyle: theme.border, lineWidth: 1 });
  for (let k = 0; k < scene.count; k += 1) if (k !== piece) line(k);
  Object.assign(context, { strokeStyle: theme.accent, lineWidth: 2.5 });
  line(piece);
  const every = Math.ceil(((scene.lengths.length - 1) * size * 1.6) / box.w);
  scene.lengths.forEach((row, layer) => {
    context.beginPath();
    context.arc(x(layer), y(row[piece]), 3.2, 0, 2 * Math.PI);
    context.fillStyle = theme.accent;
    context.fill();
    if (layer % every === 0) pen.text(layer ? String(layer) : "0", x(layer), box.y + box.h + size * 0.95, { quiet: true });
  });
  pen.text("after layer (0: embeddings)", box.x + box.w / 2, box.y + box.h + size * 2.1, { quiet: true });
}
