// What is said beside the canvas: what this piece is, what it attends to, what its arithmetic comes to.

import { element } from "./dom.js";
import { habit } from "./inside_bert_overview.js";
import { MEASURES } from "./inside_bert_reason.js";
import { CHAPTER_WORDS, where } from "./inside_bert_steps.js";
import { decimal, percent, whole } from "./numbers.js";

const p = (/** @type {string} */ text, kind = "said") => element("p", { class: kind }, text);
const quoted = (/** @type {string} */ text) => `\u201c${text}\u201d`;
const NTH = ["first", "second", "third", "fourth", "fifth", "sixth"];
const NAMED = NTH.length;
const ROWS = 7;

/**
 * @param {import("./inside_bert_scene.js").InsideScene} scene
 * @param {Record<string, any>} view
 * @returns {{title: string, nodes: Node[]}}
 */
export function told(scene, view) {
  if (view.depth === "pieces") return piece(scene, view.piece);
  if (view.depth === "attention") return view.look === "layers" ? followed(scene, view.piece) : taken(scene, view);
  if (view.depth === "steps") return stepped(scene, view);
  return weighed(scene, view.measure);
}

function piece(scene, /** @type {number} */ k) {
  const one = scene.pieces[k];
  const siblings = scene.pieces.filter((/** @type {any} */ other) => other.word === one.word && !one.mark);
  const nodes = [fact("token id", `${whole(one.number)} of ${whole(scene.header.vocabulary)}`), fact("position", `${k + 1} of ${scene.count}`)];
  if (one.mark) nodes.push(p(MARKS[one.text] ?? "A special token that the model adds by itself; it stands for nothing in the text."));
  else if (one.unknown) nodes.push(p(`The vocabulary has nothing for ${quoted(scene.part(one))}. The model reads ${one.text} here, as for everything else it has never seen.`));
  else {
    nodes.push(fact("stands for", scene.part(one)));
    const at = siblings.indexOf(one) + 1;
    const word = scene.letters.slice(siblings[0].start, siblings.at(-1).end).join("");
    nodes.push(p(siblings.length > 1
      ? `${at > NAMED ? `Number ${at}` : `The ${NTH[at - 1]}`} of ${siblings.length} word pieces of ${quoted(word)}, which is not whole in the vocabulary.`
      : "A word or sign that the vocabulary has whole."));
  }
  nodes.push(p("For each token id the model looks up a vector, a list of numbers it has learnt, and adds one for the position. Below: how long this piece's vector is after each layer, and all others in grey; each layer scales them to be alike.", "aside"));
  return { title: one.name, nodes };
}

const MARKS = {
  "[CLS]": "A special token, put before every text. What the layers gather here is what the verdict is read from.",
  "<s>": "A special token, put before every text. What the layers gather here is what the verdict is read from.",
  "[SEP]": "A special token, put after every text: here it ends. Heads that find nothing to look for often attend to it.",
  "</s>": "A special token, put after every text: here it ends. Heads that find nothing to look for often attend to it.",
};

/** Which pieces a piece attends to, or which attend to it. */
function taken(scene, { layer, head, piece: k, asked }) {
  const ranked = (asked ? scene.takers(layer, head, k) : scene.ranked(layer, head, k)).slice(0, ROWS);
  const rest = 1 - ranked.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.weight, 0);
  const name = scene.pieces[k].name;
  const rows = ranked.map(({ j, weight }) => bar(scene.pieces[j].name, weight, j === k));
  if (!asked && rest > 0.005 && scene.count > ROWS) rows.push(bar(`${scene.count - ROWS} others`, rest, false, true));
  return {
    title: `Layer ${layer + 1}, head ${head + 1}`,
    nodes: [
      p(asked ? `Which pieces attend to ${quoted(name)}, and with how much of their attention:` : `What ${quoted(name)} attends to:`),
      element("table", { class: "takes", "data-testid": "takes" }, element("tbody", {}, ...rows)),
      p(`This head ${habit(scene.said(layer, head))}.`, "said habit"),
      p(asked ? "The shares of a column need not add up to anything: each piece deals out its own attention." : "The shares of a row add up to 1. Arrow keys: another piece; with shift, another head or layer.", "aside"),
    ],
  };
}

function bar(/** @type {string} */ name, /** @type {number} */ weight, /** @type {boolean} */ own, quiet = false) {
  return element("tr", { "data-own": own, "data-quiet": quiet },
    element("th", { scope: "row", dir: "auto" }, name),
    element("td", {}, element("span", { class: "bar-room" }, element("span", { class: "bar", style: `width:${100 * weight}%` }))),
    element("td", { class: "figure-number" }, percent(weight)));
}

/** What a piece attends to, layer by layer, all heads together. */
function followed(scene, /** @type {number} */ k) {
  const rows = [];
  for (let layer = scene.layers - 1; layer >= 0; layer -= 1) {
    const mean = scene.mean(layer);
    const order = scene.pieces.map((/** @type {any} */ _, /** @type {number} */ j) => j).sort((/** @type {number} */ a, /** @type {number} */ b) => mean[k * scene.count + b] - mean[k * scene.count + a]);
    const cell = order.slice(0, 2).map((/** @type {number} */ j) => `${scene.pieces[j].name} ${Math.round(100 * mean[k * scene.count + j])} %`);
    rows.push(element("tr", {}, element("th", { scope: "row" }, String(layer + 1)), ...cell.map((/** @type {string} */ text) => element("td", { dir: "auto" }, text))));
  }
  const head = element("thead", {}, element("tr", {}, ...["layer", "attends most to", "then to"].map((word) => element("th", { scope: "col" }, word))));
  return {
    title: `${scene.pieces[k].name} through the layers`,
    nodes: [
      element("div", { class: "way-room" }, element("table", { class: "way", "data-testid": "way" }, head, element("tbody", {}, ...rows))),
      p("In each layer a piece keeps what it was (the straight line) and adds what its heads bring; lines show the mean of the heads."),
      p("On the left, attention rollout: what the top is made of if each layer keeps one half and mixes the other.", "aside"),
    ],
  };
}

/** The arithmetic with its numbers put in. */
function stepped(scene, { piece: k, step, row, pointed }) {
  const now = where(step, scene.count);
  const j = pointed >= 0 ? pointed : now.at;
  const names = (/** @type {number} */ n) => quoted(scene.pieces[n].name);
  const title = `${CHAPTER_WORDS[now.chapter]}: layer ${scene.header.layer + 1}, head ${scene.header.head + 1}`;
  const d = scene.size;
  if (now.chapter === "query") {
    return { title, nodes: [
      p(`${names(k)} is a list of numbers. Three learnt matrices make three shorter lists of it, of ${d} numbers each:`),
      triple("query q", "what it looks for"), triple("key k", "what it can be found by"), triple("value v", "what it hands over"),
      p(`The framed strip is the query of ${names(k)}; below it are the keys of all pieces, and on the right their values. Blue is positive, orange negative.`),
      p("Click a piece to let it ask.", "aside"),
    ] };
  }
  if (now.chapter === "scores") {
    const products = row.products[j];
    const order = [...products.keys()].sort((a, b) => Math.abs(products[b]) - Math.abs(products[a])).slice(0, 3).sort((a, b) => a - b);
    const terms = order.flatMap((n, at) => [at ? " + " : "", term(scene.query[k][n], scene.key[j][n])]);
    return { title, nodes: [
      p(`How well does the key of ${names(j)} fit the query of ${names(k)}? Number times number, all added up:`),
      element("div", { class: "equation row", "data-testid": "equation" }, `q \u00b7 k = ${d > 3 ? "\u2026 + " : ""}`, ...terms, ` + \u2026 = `, element("b", {}, decimal(row.dots[j]))),
      element("div", { class: "equation row" }, `${decimal(row.dots[j])} / \u221a${d} = `, element("b", { "data-testid": "result" }, decimal(row.scores[j]))),
      p(`The three largest of ${d} products are written out. Divided by \u221a${d}, scores do not grow with the length of the lists.`, "aside"),
    ] };
  }
  if (now.chapter === "softmax") {
    const best = j >= 0 ? j : row.weights.indexOf(Math.max(...row.weights));
    return { title, nodes: [
      p("Softmax makes shares of the scores: each becomes a power of e, and is divided by their sum."),
      element("div", { class: "equation row" }, `${names(best)}: e^${decimal(row.scores[best])} = `, element("b", {}, decimal(Math.exp(row.scores[best])))),
      element("div", { class: "equation row" }, `sum of all ${scene.count}: `, element("b", {}, decimal(Math.exp(row.top) * row.total))),
      element("div", { class: "equation row" }, `${decimal(Math.exp(row.scores[best]))} / ${decimal(Math.exp(row.top) * row.total)} = `, element("b", { "data-testid": "result" }, percent(row.weights[best]))),
      p("One more in the score is 2.7 times the share. Nothing is ever quite zero: every piece gives a little.", "aside"),
    ] };
  }
  if (j >= 0 && !now.whole) {
    const n = scene.value[j].reduce((/** @type {number} */ top, /** @type {number} */ x, /** @type {number} */ at, /** @type {Float32Array} */ all) => (Math.abs(x) > Math.abs(all[top]) ? at : top), 0);
    return { title, nodes: [
      p(`${names(j)} gives ${percent(row.weights[j])} of its value. Its largest number is number ${n + 1} of ${d}:`),
      element("div", { class: "equation row", "data-testid": "equation" }, `${row.weights[j].toFixed(3)} \u00b7 ${bracketed(scene.value[j][n])} = `, element("b", {}, decimal(row.weights[j] * scene.value[j][n]))),
      p(`Added up number by number over all pieces, this becomes the strip at the bottom: ${now.added} of ${scene.count} are in it.`),
    ] };
  }
  return { title, nodes: [
    p(`This is what the head hands on for ${names(k)}: ${d} numbers, a mix of ${scene.count} values.`),
    p(scene.heads > 1
      ? `All ${scene.heads} heads of the layer do this with matrices of their own. Their strips are put side by side, multiplied by one more matrix, and added to what ${names(k)} was.`
      : `The strip is multiplied by one more matrix and added to what ${names(k)} was.`),
    p("Then each piece goes through a small network of two layers by itself, and the next layer begins with new queries, keys and values.", "aside"),
  ] };
}

function weighed(scene, /** @type {string} */ measure) {
  const found = scene.header.reason;
  const title = "Attention is no reason";
  if (!found?.spans) return { title, nodes: [] };
  const tau = found.tau[measure];
  const nodes = [
    fact("measure", MEASURES[/** @type {keyof typeof MEASURES} */ (measure)]),
    fact("goes to special tokens", percent(found.marks[measure])),
    fact("agreement \u03c4", tau === null ? "\u2013" : tau.toFixed(2)),
    p("\u03c4 (Kendall) is 1 where the word with more attention is always the one that matters more, 0 where the two orders have nothing in common, and \u22121 where they are opposite."),
    p(`Hidden: ${found.hidden}. Attention tells from where something was taken, not what, nor what became of it further up; and much of it goes to special tokens, which stand for no word.`, "aside"),
  ];
  if (found.leftOut) nodes.push(p(`${found.leftOut} further words are not shown: only the beginning is opened.`, "aside"));
  return { title, nodes };
}

function triple(/** @type {string} */ name, /** @type {string} */ words) {
  return element("div", { class: "triple" }, element("b", {}, name), element("span", {}, words));
}

function fact(/** @type {string} */ name, /** @type {string} */ value) {
  return element("div", { class: "fact" }, element("span", { class: "label" }, name), element("span", { class: "fact-value", dir: "auto" }, value));
}

const bracketed = (/** @type {number} */ x) => (x < 0 ? `(${decimal(x)})` : decimal(x));
const term = (/** @type {number} */ a, /** @type {number} */ b) => element("span", { class: "product" }, `${bracketed(a)}\u00b7${bracketed(b)}`);

/** The same in one sentence, for who listens. */
export function spoken(scene, view) {
  const { label, score } = scene.verdict;
  const name = scene.pieces[view.piece].name;
  if (view.depth === "pieces") return `${scene.count} word pieces. ${name}, token id ${scene.pieces[view.piece].number}, position ${view.piece + 1}.`;
  if (view.depth === "reason") {
    const found = scene.header.reason;
    if (!found?.spans) return found?.words ?? "";
    const word = (/** @type {number} */ k) => scene.letters.slice(...found.spans[k]).join("");
    return `${word(found.most[view.measure])} gets most attention, ${percent(found.attention[view.measure][found.most[view.measure]])}; without ${word(found.largest)} the verdict changes most, by ${(100 * Math.abs(found.effect[found.largest])).toFixed(1)} points.`;
  }
  if (view.depth === "steps") {
    const now = where(view.step, scene.count);
    const j = view.pointed >= 0 ? view.pointed : now.at;
    const at = j >= 0 ? ` ${scene.pieces[j].name}: score ${decimal(view.row.scores[j])}, share ${percent(view.row.weights[j])}.` : "";
    return `${CHAPTER_WORDS[now.chapter]}, ${name} asks.${at}`;
  }
  const ranked = scene.ranked(view.layer, view.head, view.piece).slice(0, 3);
  return `Layer ${view.layer + 1}, head ${view.head + 1}: ${name} attends ${ranked.map((/** @type {any} */ one) => `${percent(one.weight)} to ${scene.pieces[one.j].name}`).join(", ")}. The verdict is ${label}, ${percent(score)}.`;
}
