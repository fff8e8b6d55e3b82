// One head's arithmetic for one piece: its query over all keys, scores, softmax, and the values mixed by it.

import { css } from "./colours.js";
import { decimal, doubled } from "./numbers.js";

/** The parts of the arithmetic, in order. */
export const CHAPTERS = /** @type {const} */ (["query", "scores", "softmax", "mix"]);
export const CHAPTER_WORDS = { query: "Query and keys", scores: "Scores", softmax: "Softmax", mix: "Mix" };

/** How many steps there are for so many pieces: the query, a score each, the softmax, a value each, the whole. */
export const steps = (/** @type {number} */ count) => 2 * count + 2;

/**
 * Where a step is.
 *
 * @returns {{chapter: "query" | "scores" | "softmax" | "mix", at: number, scored: number, shared: boolean, added: number, whole: boolean}}
 */
export function where(/** @type {number} */ step, /** @type {number} */ count) {
  const whole = step >= steps(count);
  if (step <= 0) return { chapter: "query", at: -1, scored: 0, shared: false, added: 0, whole };
  if (step <= count) return { chapter: "scores", at: step - 1, scored: step, shared: false, added: 0, whole };
  if (step === count + 1) return { chapter: "softmax", at: -1, scored: count, shared: true, added: 0, whole };
  const added = Math.min(count, step - count - 1);
  return { chapter: "mix", at: whole ? -1 : added - 1, scored: count, shared: true, added, whole };
}

/** The first step of a part. */
export function begins(/** @type {string} */ chapter, /** @type {number} */ count) {
  return { query: 0, scores: 1, softmax: count + 1, mix: count + 2 }[chapter] ?? 0;
}

/**
 * @param {import("./inside_bert_scene.js").InsideScene} scene
 * @param {import("./inside_bert_pen.js").InsidePen} pen
 * @param {{width: number, height: number, piece: number, step: number, row: ReturnType<import("./inside_bert_scene.js").InsideScene["row"]>, pointed: number, narrow: boolean}} view
 * @returns {import("./inside_bert_arcs.js").Spot[]}
 */
export function drawSteps(scene, pen, { width, height, piece, step, row, pointed, narrow }) {
  const { size, theme, context } = pen;
  const { count, pieces, cache } = scene;
  const now = where(step, count);
  const lit = pointed >= 0 ? pointed : now.at;
  const head = size * 3.6, foot = size * 3.4;
  const tall = Math.min((height - head - foot) / count, size * 2.4);
  const top = head + Math.max(0, (height - head - foot - count * tall) / 3);
  const middle = (/** @type {number} */ j) => top + (j + 0.5) * tall;
  pen.font(true);
  const longest = Math.max(...pieces.map(({ name }) => context.measureText(name).width)) + size;
  const label = Math.min(longest, width * 0.2);
  const gap = narrow ? size * 0.6 : size * 1.3;
  const [bars, shareBars] = narrow ? [size * 5.4, size * 4] : [size * 7.4, size * 7.4];
  const wide = (width - label - bars - shareBars - 4 * gap) / 2;
  const keys = { x: label + gap * 0.6, w: wide };
  const score = { x: keys.x + wide + gap, w: bars };
  const share = { x: score.x + bars + gap, w: shareBars };
  const values = { x: share.x + shareBars + gap, w: wide };
  const thick = Math.max(2, Math.min(tall - 2, size * 1.4));
  const highest = Math.max(...row.scores.map(Math.abs), 1e-6);
  const full = doubled(Math.max(...row.weights), 0.125); // the share whose bar is as long as there is room

  // The query, over the keys: its numbers stand above the numbers that they are multiplied by.
  const queryBox = { x: keys.x, y: top - size * 1.9, w: keys.w, h: size * 1.3 };
  pen.strip(cache, `q${piece}`, scene.query[piece], queryBox, scene.highest.key);
  pen.frame(queryBox, theme.accent, 2);
  pen.text(pieces[piece].name, keys.x - gap * 0.6, queryBox.y + queryBox.h / 2, { align: "right", bold: true, room: label });
  const title = (/** @type {string} */ words, /** @type {number} */ x, /** @type {boolean} */ on, /** @type {"left" | "center"} */ align = "left", room = Infinity) => pen.text(words, x, size * 0.8, { align, bold: on, quiet: !on, room });
  title(narrow ? "query q, keys k" : `its query q, and each key k below`, keys.x, now.chapter === "query", "left", wide + gap);
  title(narrow ? "score" : "q \u00b7 k / \u221ad", score.x + bars / 2, now.chapter === "scores", "center");
  title(narrow ? "share" : "softmax", share.x + shareBars / 2, now.chapter === "softmax", "center");
  title(narrow ? "values v" : "values v", values.x, now.chapter === "mix");

  const zero = score.x + bars / 2;
  for (let j = 0; j < count; j += 1) {
    const y = middle(j) - thick / 2;
    const mine = j === lit;
    const keyOn = now.chapter === "query" || mine || (now.chapter === "scores" && lit < 0);
    const valueOn = mine || (now.chapter === "mix" && (now.whole || j < now.added));
    const quiet = theme.dark ? 0.42 : 0.3;
    if (mine) {
      context.globalAlpha = 0.09;
      context.fillStyle = theme.ink;
      context.fillRect(0, middle(j) - tall / 2, width, tall);
      context.globalAlpha = 1;
    }
    pen.strip(cache, `k${j}`, scene.key[j], { x: keys.x, y, w: keys.w, h: thick }, scene.highest.key, keyOn ? 1 : now.scored > j && now.chapter === "scores" ? 0.6 : quiet);
    if (j < now.scored) {
      const long = (row.scores[j] / highest) * (bars / 2 - size * 0.2);
      context.globalAlpha = mine || now.chapter !== "mix" ? 1 : 0.45;
      context.fillStyle = pen.sign(row.scores[j]);
      context.fillRect(Math.min(zero, zero + long), y + thick * 0.18, Math.abs(long), thick * 0.64);
      context.globalAlpha = 1;
      if (mine || tall >= size * 1.15) number(pen, narrow ? row.scores[j].toFixed(2).replace("-", "\u2212") : decimal(row.scores[j]), row.scores[j] < 0 ? zero + 4 : zero - 4, middle(j), row.scores[j] < 0 ? "left" : "right", mine, narrow);
    }
    if (now.shared) {
      context.fillStyle = css(pen.deep);
      context.globalAlpha = mine || now.chapter === "softmax" || now.whole || j < now.added ? 1 : 0.5;
      context.fillRect(share.x, y + thick * 0.18, Math.max(1, (row.weights[j] / full) * (shareBars - size * 3.1)), thick * 0.64);
      context.globalAlpha = 1;
      if (mine || tall >= size * 1.15) pen.text(percentage(row.weights[j]), share.x + (row.weights[j] / full) * (shareBars - size * 3.1) + 4, middle(j), { align: "left", bold: mine });
    }
    pen.strip(cache, `v${j}`, scene.value[j], { x: values.x, y, w: values.w, h: thick }, scene.highest.value, valueOn ? (now.chapter === "mix" ? 0.25 + 0.75 * Math.sqrt(row.weights[j]) : 1) : now.chapter === "query" ? 0.6 : quiet);
  }
  context.setLineDash([2, 3]);
  Object.assign(context, { strokeStyle: theme.border, lineWidth: 1 });
  context.beginPath();
  context.moveTo(zero, top - 2);
  context.lineTo(zero, top + count * tall + 2);
  context.stroke();
  context.setLineDash([]);
  pen.names(pieces.map(({ name }) => name), middle, {
    x: keys.x - gap * 0.6, align: "right", room: label, first: lit >= 0 ? [lit, piece] : [piece],
    look: (j) => ({ bold: j === lit, alpha: lit < 0 || j === lit ? 1 : 0.6 }),
  });

  // The mix, under the values.
  const below = top + count * tall;
  const mixBox = { x: values.x, y: below + size * 0.7, w: values.w, h: size * 1.3 };
  const mixed = now.added ? sum(scene, row.weights, now.added) : null;
  if (mixed) pen.strip(new Map(), "", mixed, mixBox, scene.highest.value);
  else {
    context.fillStyle = css(pen.blank);
    context.fillRect(mixBox.x, mixBox.y, mixBox.w, mixBox.h);
  }
  pen.frame(mixBox, now.whole ? theme.accent : theme.border, now.whole ? 2 : 1);
  const said = now.whole ? "what the head hands on" : now.added ? `the first ${now.added} of ${count}, mixed` : "the mix";
  pen.text(narrow ? "mix" : said, values.x - gap * 0.5, mixBox.y + mixBox.h / 2, { align: "right", bold: now.whole, quiet: !now.added, room: bars * 2 });

  // From q over k to the score, and from the share through v to the mix: what becomes of the row that is lit.
  if (lit >= 0 && now.chapter === "scores") {
    pen.wire(queryBox.x + queryBox.w, queryBox.y + queryBox.h / 2, score.x, middle(lit), theme.accent, 1.5);
    pen.frame({ x: keys.x, y: middle(lit) - thick / 2, w: keys.w, h: thick }, theme.accent, 1.5);
  }
  if (lit >= 0 && now.chapter === "mix") {
    pen.frame({ x: values.x, y: middle(lit) - thick / 2, w: values.w, h: thick }, theme.accent, 1.5);
  }
  return pieces.map((_, j) => ({ box: { x: 0, y: middle(j) - tall / 2, w: width, h: tall }, piece: j, asked: false }));
}

/** The values of the first pieces, mixed. */
function sum(scene, /** @type {number[]} */ weights, /** @type {number} */ many) {
  const found = new Float64Array(scene.size);
  for (let j = 0; j < many; j += 1) for (let k = 0; k < found.length; k += 1) found[k] += weights[j] * scene.value[j][k];
  return found;
}

function number(pen, /** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y, /** @type {"left" | "right"} */ align, /** @type {boolean} */ bold, /** @type {boolean} */ narrow) {
  if (narrow && !bold) return;
  pen.text(text, x, y, { align, bold, quiet: !bold });
}

function percentage(/** @type {number} */ share) {
  return share >= 0.0995 ? `${Math.round(100 * share)} %` : `${(100 * share).toFixed(1)} %`;
}
