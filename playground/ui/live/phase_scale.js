// The colours of the phase diagram, from quick to slow, and the legend that says what they mean.

import { css, mix, rgb } from "./colours.js";
import { short } from "./numbers.js";
import { stripes } from "./stripes.js";

/**
 * @typedef {import("./phase_map.js").PhaseMap} PhaseMap
 * @typedef {import("./phase_map.js").Diagram} Diagram
 */

/** Cividis, quick (light) to slow (dark): as even for the colour-blind as for others. */
const STOPS = ["#fee838", "#e1cc55", "#c3b369", "#a59c74", "#8a8678", "#707173", "#575d6d", "#3b496c", "#123570", "#00224e"];
/** Bands of the scale: between two of them one can see an edge. */
export const BANDS = 24;

/** The colours from quick to slow, a little nearer to the paper so that words stand out on them. */
export function scale(/** @type {import("./colours.js").Theme} */ theme) {
  const [stops, paper] = [STOPS.map(rgb), rgb(theme.paper)];
  return Array.from({ length: BANDS }, (_, i) => {
    const at = (i / (BANDS - 1)) * (stops.length - 1);
    const k = Math.min(stops.length - 2, Math.floor(at));
    return mix(mix(stops[k], stops[k + 1], at - k), paper, theme.dark ? 0.2 : 0.16);
  });
}

/** What diverges has no colour of the scale. */
export function outside(theme) {
  return mix(rgb(theme.paper), rgb(theme.ink), theme.dark ? 0.2 : 0.14);
}

/** What the colours mean, below the diagram. */
export function drawLegend(/** @type {PhaseMap} */ map, context, theme, /** @type {number} */ size) {
  const { fastest, slowest } = /** @type {Diagram} */ (map.diagram);
  const { x, y, w, h } = map.box;
  const top = y + h + size * 3.7;
  const wide = w - context.measureText("diverges").width - size * 3.6;
  bar(context, theme, x, top, wide, size);
  context.textBaseline = "top";
  const name = "steps for one more digit";
  context.fillText(name, x, top + size * 1.15);
  Object.assign(context, { fillStyle: theme.muted, textAlign: "center" });
  let from = x + context.measureText(name).width;
  for (const value of [3, 10, 30, 100, 300, 1000]) {
    const at = x + (wide * Math.log(value / fastest)) / Math.log(slowest / fastest);
    const text = value === slowest ? `${short(value)}+` : short(value);
    const half = context.measureText(text).width / 2;
    if (at - half < from + size * 0.6) continue;
    from = at + half;
    context.fillText(text, at, top + size * 1.15);
  }
}

/** The same in one line above the diagram, with the two ends of the scale alone. */
export function drawStrip(/** @type {PhaseMap} */ map, context, theme, /** @type {number} */ size) {
  const { fastest, slowest } = /** @type {Diagram} */ (map.diagram);
  const { x, w } = map.box;
  const [low, high, axis, tail] = [`steps a digit: ${short(fastest)}`, `${short(slowest)}+`, "momentum", "diverges"].map((text) => ({ text, wide: context.measureText(text).width }));
  const wide = Math.min(size * 9, x + w - axis.wide - low.wide - high.wide - tail.wide - size * 7);
  if (wide < size) return;
  const left = x + w - tail.wide - size * 5 - high.wide - wide;
  Object.assign(context, { fillStyle: theme.ink, textAlign: "left", textBaseline: "top" });
  context.fillText(low.text, left - size * 0.5 - low.wide, 0);
  context.fillText(high.text, left + wide + size * 0.5, 0);
  bar(context, theme, left, size * 0.05, wide, size, high.wide + size * 1.5);
}

/** The colours from quick to slow, and behind a gap what has none of them. */
function bar(context, theme, /** @type {number} */ x, /** @type {number} */ top, /** @type {number} */ wide, /** @type {number} */ size, gap = size) {
  scale(theme).forEach((colour, i) => {
    context.fillStyle = css(colour);
    context.fillRect(x + (wide * i) / BANDS, top, wide / BANDS + 0.5, size * 0.9);
  });
  const right = x + wide + gap;
  context.save();
  context.beginPath();
  context.rect(right, top, size * 2, size * 0.9);
  context.fillStyle = css(outside(theme));
  context.fill();
  context.clip();
  stripes(context, theme, right, top, size * 2, size * 0.9);
  context.restore();
  Object.assign(context, { fillStyle: theme.ink, textAlign: "left", textBaseline: "middle" });
  context.fillText("diverges", right + size * 2.4, top + size * 0.5);
}
