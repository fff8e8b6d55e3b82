// What the canvas of Inside BERT is made of: the box, the bar, the views and what stands beside them.

import { Sheet, element, mark, say } from "./dom.js";
import { Asked } from "./inside_bert_asked.js";
import { Pieces } from "./inside_bert_pieces.js";
import { ReasonView } from "./inside_bert_reason.js";
import { CHAPTERS, CHAPTER_WORDS } from "./inside_bert_steps.js";
import { Scrubber } from "./scrubber.js";

export const DEPTHS = { pieces: "Pieces", attention: "Attention", steps: "Step by step", reason: "Not a reason" };
export const LOOKS = { arcs: "Arcs", matrix: "Matrix", layers: "Through the layers" };
/** So many characters of a sentence name it. */
const NAMED = 60;
/** Steps a second, unless another speed is chosen. */
const PACE = 2;

/**
 * All of its elements by name; `rows` are those that the root holds.
 *
 * @param {object} hand
 * @param {(said: {text: string, number: number, length: number}) => void} hand.tell  A text was typed.
 * @param {(example: string) => void} hand.choose
 * @param {(changes: Record<string, any>) => void} hand.put
 * @param {(step: number) => void} hand.moved
 * @param {() => void} hand.settle
 * @param {(chapter: string) => void} hand.goTo
 * @param {(piece: number) => void} hand.point
 * @param {() => void} hand.typed   Something else stands in the box.
 */
export function furnished(hand) {
  const tab = (/** @type {string} */ kind, /** @type {string} */ name, /** @type {string} */ words, /** @type {() => void} */ onclick, /** @type {any} */ ...more) =>
    element("button", { type: "button", class: kind, "data-testid": `${kind}-${name}`, "aria-label": words, onclick }, ...more, element("span", {}, words));
  const canvas = (/** @type {string} */ name) => new Sheet({ class: "sheet", role: "img", tabindex: 0, "data-testid": name, "data-arrows": true });
  const row = (/** @type {string} */ label, /** @type {HTMLElement[]} */ buttons) => element("div", { class: "looks", role: "group", "aria-label": label }, ...buttons);

  const ask = new Asked(hand);
  const bar = new Scrubber({ onmove: hand.moved, again: hand.settle, label: "Inside", unit: "step", first: 1 });
  bar.chosen = PACE;
  const marks = Object.entries(DEPTHS).map(([name, words], k) => tab("phase", name, words, () => hand.put({ depth: name }), element("span", { class: "phase-number", "aria-hidden": "true" }, String(k + 1))));
  bar.root.prepend(element("div", { class: "buttons phases", role: "group", "aria-label": "View" }, ...marks));
  const [reader, verdict] = [element("dt", {}, "verdict"), element("dd", { "data-testid": "verdict" }, "\u2013")];
  bar.root.append(element("dl", { class: "readouts verdict-out" }, element("div", { class: "readout" }, reader, verdict)));

  const looks = Object.entries(LOOKS).map(([name, words]) => tab("look", name, words, () => hand.put({ look: name })));
  const chapters = CHAPTERS.map((name) => tab("look", name, CHAPTER_WORDS[name], () => hand.goTo(name)));
  const [lookRow, chapterRow] = [row("One head as", looks), row("Part of the arithmetic", chapters)];
  const pieces = new Pieces({ onpoint: hand.point, onchoose: (piece) => hand.put({ piece }) });
  const reason = new ReasonView((measure) => hand.put({ measure }));
  const [sheet, overview, closer] = ["inside-sheet", "overview", "closer"].map(canvas);
  const overviewRoom = element("div", { class: "overview" }, overview.canvas);
  const heads = element("div", { class: "drawn" }, overviewRoom, element("div", { class: "one" }, lookRow, chapterRow, element("div", { class: "field" }, sheet.canvas)));

  const ghost = element("p", { class: "sentence ghost", dir: "auto" });
  const lateWords = element("p", { class: "late", dir: "auto", "data-testid": "late" });
  const title = element("h3", { dir: "auto" });
  const words = element("div", { class: "explain", "data-testid": "explain" });
  const closerRoom = element("div", { class: "closer" }, closer.canvas);
  const alt = element("div", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
  const notice = element("p", { class: "refused", role: "status", "data-testid": "refused" });
  const rows = [
    ask.root, notice, bar.root,
    element("div", { class: "stage" }, ghost, pieces.root, heads, reason.root, lateWords),
    element("div", { class: "panel" }, title, words, closerRoom),
    alt,
  ];
  return { ask, bar, marks, reader, verdict, looks, chapters, lookRow, chapterRow, pieces, reason, sheet, overview, closer, overviewRoom, heads, title, words, closerRoom, alt, notice, ghost, lateWords, rows };
}

/** Shows what the open view is made of, and nothing else; the sentence alone as long as there is no answer. */
export function opened(/** @type {any} */ it, /** @type {string} */ depth) {
  it.marks.forEach((/** @type {Element} */ button, /** @type {number} */ k) => mark(button, "aria-current", Object.keys(DEPTHS)[k] === depth ? "step" : null));
  it.pieces.root.hidden = depth !== "pieces";
  it.reason.root.hidden = depth !== "reason";
  it.heads.hidden = depth !== "attention" && depth !== "steps";
  it.overviewRoom.hidden = it.lookRow.hidden = depth !== "attention";
  it.chapterRow.hidden = depth !== "steps";
}

/** Says how what is shown stands to what was asked: a picture of another sentence than the one in the box is dimmed and named. */
export function standing(/** @type {any} */ it) {
  const header = it.frame?.header, there = it.scene?.header, typed = it.data?.typed, { box } = it.ask;
  const refused = header?.stale && header.stale !== "waiting";
  mark(it.root, "data-stale", header?.stale ? (refused ? "refused" : "waiting") : null);
  say(it.notice, there ? (refused ? header.stale : "") : header?.words ?? "");
  say(it.ghost, there ? "" : header?.text ?? "");
  const coming = there && typed && (box.waiting || box.number > typed.heard || (there.of && !refused));
  const late = coming ? "coming" : there?.of ? "refused" : null;
  mark(it.root, "data-late", late);
  const still = `Still \u201c${there?.of || [...(there?.text ?? "")].slice(0, NAMED).join("")}\u201d`;
  say(it.lateWords, late ? `${still}${coming ? ": the new answer is on its way." : "."}` : "");
}

/** Marks the chosen one of several buttons. */
export function pressed(/** @type {Element[]} */ buttons, /** @type {readonly string[]} */ names, /** @type {string} */ chosen) {
  buttons.forEach((button, k) => mark(button, "aria-pressed", String(names[k] === chosen)));
}

/** What lies where a pointer is, in what was drawn on its canvas. */
export function within(/** @type {any[]} */ list, /** @type {PointerEvent} */ event) {
  const canvas = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
  const [x, y] = [event.clientX - canvas.left, event.clientY - canvas.top];
  return list.findLast(({ box }) => x >= box.x && y >= box.y && x < box.x + box.w && y < box.y + box.h) ?? null;
}
