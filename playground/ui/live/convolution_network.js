// The first depth: every map of every layer, and on all of them the part that one pixel came from.

import { fitted } from "./convolution_pen.js";
import { percent } from "./numbers.js";

const GAP = 3;

/** Where the maps of a column lie: as large as they can be. */
function laid(/** @type {import("./convolution_pen.js").Box} */ room, /** @type {number} */ count) {
  let best = { across: 1, cell: 0 };
  for (let across = 1; across <= Math.min(8, count); across += 1) {
    const down = Math.ceil(count / across);
    const cell = Math.min((room.w - GAP * (across - 1)) / across, (room.h - GAP * (down - 1)) / down);
    if (cell > best.cell + 0.01) best = { across, cell };
  }
  const cell = Math.floor(Math.min(best.cell, 78));
  const down = Math.ceil(count / best.across);
  const left = room.x + (room.w - (cell + GAP) * best.across + GAP) / 2;
  const top = room.y + (room.h - (cell + GAP) * down + GAP) / 2;
  return Array.from({ length: count }, (_, k) => ({ x: Math.round(left + (k % best.across) * (cell + GAP)), y: Math.round(top + Math.floor(k / best.across) * (cell + GAP)), w: cell, h: cell }));
}

/**
 * @param {import("./convolution_scene.js").NetworkScene} scene
 * @param {any} room
 */
export function drawNetwork(scene, { pen, width, height, narrow, spot, known }) {
  const { context, theme, size } = pen;
  const head = Math.round(size * (narrow ? 1.6 : 3.1));
  const between = narrow ? 7 : 14;
  const { layers, mapped } = scene;
  const bars = narrow ? 50 : Math.round(size * 7.2);
  const first = Math.round(Math.min(narrow ? 58 : 124, width * 0.17));
  const weights = mapped.map((at) => Math.sqrt(layers[at].shape[2])); // larger maps get more of the rest
  const rest = width - first - bars - between * (mapped.length + 1);
  const all = weights.reduce((a, b) => a + b, 0);
  let x = first + between;
  const columns = mapped.map((at, k) => {
    const w = (rest * weights[k]) / all;
    const column = { at, x, w, boxes: laid({ x, y: head, w, h: height - head - 4 }, layers[at].shape[0]) };
    x += w + between;
    return column;
  });
  const input = fitted({ x: 0, y: head, w: first, h: height - head - 4 });
  const trace = scene.trace(spot);
  const chosen = columns.findIndex(({ at }) => at === spot.stage);

  // Wires to the chosen map, behind everything: as wide as its kernel is strong, coloured by its sign.
  const target = columns[chosen].boxes[spot.channel];
  const sources = chosen === 0 ? [input] : columns[chosen - 1].boxes;
  const layer = layers[spot.stage];
  const strength = sources.map((_, k) => {
    if (layer.kind !== "conv") return k === spot.channel ? 1 : 0;
    return scene.kernel(spot.stage, spot.channel, k).reduce((sum, one) => sum + one, 0);
  });
  const most = Math.max(1e-6, ...strength.map(Math.abs));
  columns.forEach(({ at, boxes }, k) => { // a bundle of quiet wires says which column feeds which
    if (at === spot.stage) return;
    const from = k === 0 ? [input] : columns[k - 1].boxes;
    const right = Math.max(...from.map((box) => box.x + box.w));
    const left = Math.min(...boxes.map((box) => box.x));
    pen.text("\u203a", (right + left) / 2, input.y + input.h / 2, { quiet: true, share: narrow ? 1 : 1.5 });
  });

  // The picture.
  const low = Math.min(...scene.input);
  pen.pixels({ values: scene.input, rows: scene.side, columns: scene.side }, input, "grey", Math.max(...scene.input), low);
  const hole = pen.part(input, scene.side, scene.side, [...trace[0].rows, ...trace[0].columns]);

  // Every map, and on those before the chosen one what the pixel came from.
  const spots = [];
  columns.forEach(({ at, boxes }, k) => {
    const one = layers[at];
    const [, rows, across] = one.shape;
    boxes.forEach((box, channel) => {
      const is = at === spot.stage && channel === spot.channel;
      pen.pixels({ values: one.maps[channel], rows, columns: across }, box, "grey", one.high, 0, is ? known : Infinity);
      spots.push({ box: { x: box.x - 1, y: box.y - 1, w: box.w + GAP, h: box.h + GAP }, rows, columns: across, spot: { stage: at, channel } });
      if (k < chosen && (k === chosen - 1 ? strength[channel] !== 0 : true)) {
        const part = pen.part(box, rows, across, [...trace[at + 1].rows, ...trace[at + 1].columns]);
        if (box.w > 22) pen.ring(part, 1);
        else pen.frame(part, theme.paper, 1);
      }
    });
    if (!narrow) {
      headed(pen, [one.short, one.short.split(" ")[0]], columns[k], size * 0.7, between, false);
      headed(pen, [one.shape.join(" \u00d7 "), one.shape.slice(1).join(" \u00d7 "), String(one.shape[0])], columns[k], size * 2.05, between, true);
    }
  });
  const end = { x: target.x, y: target.y + target.h / 2 };
  sources.forEach((box, k) => {
    if (!strength[k]) return;
    const share = Math.abs(strength[k]) / most;
    if (share < 0.04) return;
    context.globalAlpha = 0.35 + 0.6 * share;
    const inner = sources.length > 1 ? box.x + box.w : input.x + input.w;
    pen.wire(inner, box.y + box.h / 2, end.x, end.y, layer.kind === "conv" ? pen.sign(strength[k]) : theme.muted, 0.75 + 2.25 * share, strength[k] < 0 ? [4, 3] : []);
    context.globalAlpha = 1;
  });
  pen.ring(target, 2.5);
  const [, rows, across] = layer.shape;
  pen.ring(pen.part(target, rows, across, [spot.row, spot.row + 1, spot.column, spot.column + 1]), 1.25);
  pen.ring(hole, 2);
  if (!narrow) {
    pen.text("Picture", first / 2, size * 0.7);
    pen.text(`${scene.side} \u00d7 ${scene.side}`, first / 2, size * 2.05, { quiet: true });
    below(scene, pen, input, height, trace[0], low);
  }
  output(scene, pen, { x: width - bars, y: head, w: bars, h: height - head - 4 }, narrow);
  return spots;
}

/** The head of a column, in the longest words that have room. */
function headed(pen, /** @type {string[]} */ choices, column, /** @type {number} */ y, /** @type {number} */ between, /** @type {boolean} */ quiet) {
  pen.font();
  const room = column.w + between - 4;
  const words = choices.find((one) => pen.context.measureText(one).width <= room) ?? choices[choices.length - 1];
  pen.text(words, column.x + column.w / 2, y, { quiet, room });
}

/** What it saw, enlarged under the picture. */
function below(scene, pen, /** @type {import("./convolution_pen.js").Box} */ input, /** @type {number} */ height, { rows, columns }, /** @type {number} */ low) {
  const { size } = pen;
  const top = input.y + input.h + size * 2.4;
  const room = Math.min(input.w, height - top - 4);
  if (room < 50) return;
  const [down, across] = [rows[1] - rows[0], columns[1] - columns[0]];
  const values = new Float32Array(down * across);
  for (let i = 0; i < values.length; i += 1) {
    const [y, x] = [rows[0] + Math.floor(i / across), columns[0] + (i % across)];
    const inside = y >= 0 && x >= 0 && y < scene.side && x < scene.side;
    values[i] = inside ? scene.input[y * scene.side + x] : 0; // the padding's zeros
  }
  const box = fitted({ x: input.x, y: top, w: input.w, h: room }, down, across);
  box.y = top;
  pen.text(`It saw ${down} \u00d7 ${across}`, input.x + input.w / 2, top - size * 0.8, { quiet: true });
  pen.pixels({ values, rows: down, columns: across }, box, "grey", Math.max(...scene.input), low);
  pen.ring(box, 2);
}

/** What the network says: a bar for each class. */
function output(scene, pen, /** @type {import("./convolution_pen.js").Box} */ box, /** @type {boolean} */ narrow) {
  const { context, theme, size } = pen;
  const { answer, classes } = scene.header;
  const tall = Math.min(box.h / classes.length, size * 2.4);
  const top = box.y + (box.h - tall * classes.length) / 2;
  const best = answer.indexOf(Math.max(...answer));
  const left = box.x + (narrow ? 0 : size * 1.4);
  const wide = box.w - (narrow ? 0 : size * 1.4) - (narrow ? 2 : size * 4.2);
  if (!narrow) {
    pen.text("Answer", box.x + box.w / 2, size * 0.7);
    pen.text("mean, dense", box.x + box.w / 2, size * 2.05, { quiet: true });
  }
  classes.forEach((/** @type {string} */ name, /** @type {number} */ k) => {
    const y = top + (k + 0.5) * tall;
    const [top_, high] = narrow ? [y + tall * 0.18, tall * 0.22] : [y - tall * 0.26, tall * 0.52]; // on a phone the words stand over the bar
    pen.text(name, box.x + size * 0.5, narrow ? y - tall * 0.12 : y, { bold: k === best });
    context.fillStyle = theme.grid;
    context.fillRect(left, top_, wide, high);
    context.fillStyle = k === best ? theme.accent : theme.muted;
    context.fillRect(left, top_, Math.max(1, wide * answer[k]), high);
    if (k !== best && answer[k] <= 0.02) return;
    const words = narrow ? (answer[k] >= 0.995 ? "> 99 %" : `${Math.round(100 * answer[k])} %`) : percent(answer[k]);
    pen.text(words, box.x + box.w - (narrow ? 2 : 0), narrow ? y - tall * 0.12 : y, { align: "right", quiet: k !== best });
  });
}
