// What an optimizer has in mind, drawn where it stands: downhill, its velocity, the usual size of its gradient, its step.
//
// Arrows show the way and, of one another, the length; how long the longest is drawn follows its size within the run. The
// bracket is the step along each axis, enlarged where it would be too short to see.

import { drawing, element } from "./dom.js";

/** Lengths in CSS pixels at a type size of 12. */
const [SHORTEST, LONGEST, LEAST, BRACKET, SQUARE] = [22, 66, 7, 30, 17];

/** @typedef {{context: CanvasRenderingContext2D, theme: import("./colours.js").Theme, scale: number}} Pen */

/**
 * @param {Pen} pen
 * @param {object} told
 * @param {import("./walk.js").Racer} told.racer
 * @param {number} told.index                 The position it stands at.
 * @param {string} told.colour
 * @param {number[]} told.here                In CSS pixels.
 * @param {number[]} told.pixels              CSS pixels to one unit, right and up.
 * @returns {number[][]} Where nothing should be written: places and radii.
 */
export function drawState(pen, { racer, index, colour, here, pixels }) {
  const onto = (/** @type {number[] | null} */ vector, /** @type {number} */ sign) => vector && [sign * vector[0] * pixels[0], -sign * (vector[1] ?? 0) * pixels[1]];
  const [gradient, velocity, step] = [racer.vector("gradient", index), racer.vector("velocity", index), racer.vector("step", index)];
  if (!step || !gradient) return [];
  const [down, true_, heading] = [onto(gradient, -1), onto(racer.vector("true", index), -1), onto(velocity, -1)];
  const arrows = [down, true_, heading].filter((arrow) => arrow !== null);
  const most = Math.max(...arrows.map((arrow) => Math.hypot(...arrow)));
  const size = Math.max(Math.hypot(...gradient), velocity ? Math.hypot(...velocity) : 0);
  const long = (SHORTEST + (LONGEST - SHORTEST) * Math.sqrt(Math.min(1, size / steepest(racer)))) * pen.scale;
  const sized = (/** @type {number[]} */ arrow) => {
    const length = Math.hypot(...arrow);
    return arrow.map((part) => (length ? (part / length) * Math.max(LEAST * pen.scale, (long * length) / most) : 0));
  };
  bracket(pen, here, enlarged(/** @type {number[]} */ (onto(step, 1)), BRACKET * pen.scale));
  if (true_) arrow(pen, here, sized(true_), pen.theme.muted, 1.5, [2, 3]);
  if (down) arrow(pen, here, sized(down), pen.theme.ink, 2, [5, 3]);
  if (heading) arrow(pen, here, sized(heading), colour, 3.5, []);
  const usual = racer.vector("size", index);
  const tip = sized(heading ?? down ?? [0, 0]);
  const taken = [0.5, 1].map((part) => [here[0] + tip[0] * part, here[1] + tip[1] * part, 8 * pen.scale]);
  return usual ? [...taken, ...squares(pen, here, usual, colour, tip[0] > 0 ? -1 : 1)] : taken;
}

/** The largest gradient or velocity of a run. */
function steepest(/** @type {import("./walk.js").Racer} */ racer) {
  if (!racer.steepest) {
    let most = 0;
    for (const name of ["gradient", "velocity"]) {
      const { data = [], wide = 1 } = racer.numbers[name] ?? {};
      for (let i = 0; i + wide <= data.length; i += wide) {
        const length = Math.hypot(data[i], wide > 1 ? data[i + 1] : 0);
        if (Number.isFinite(length)) most = Math.max(most, length);
      }
    }
    racer.steepest = most || 1;
  }
  return racer.steepest;
}

/** A step as it is, or enlarged to a length that can be seen. */
function enlarged(/** @type {number[]} */ step, /** @type {number} */ least) {
  const length = Math.max(...step.map(Math.abs));
  return length > 0 && length < least ? step.map((part) => (part / length) * least) : step.map((part) => Math.max(-1e4, Math.min(1e4, part)));
}

/** Each line twice, first wider and in the paper's colour, so that it reads on any ground. */
function cased({ context, theme }, /** @type {() => void} */ trace, /** @type {string} */ colour, /** @type {number} */ width, /** @type {number[]} */ dash) {
  Object.assign(context, { lineCap: "round", lineJoin: "round", strokeStyle: theme.paper, lineWidth: width + 3, globalAlpha: 0.85 });
  context.setLineDash([]);
  context.beginPath();
  trace();
  context.stroke();
  Object.assign(context, { strokeStyle: colour, lineWidth: width, globalAlpha: 1, lineCap: dash.length ? "butt" : "round" });
  context.setLineDash(dash);
  context.beginPath();
  trace();
  context.stroke();
  context.setLineDash([]);
}

function arrow(pen, [x, y], [dx, dy], /** @type {string} */ colour, /** @type {number} */ width, /** @type {number[]} */ dash) {
  const length = Math.hypot(dx, dy);
  if (!(length > 1)) return;
  const [ux, uy] = [dx / length, dy / length];
  const head = Math.min(length, (5 + width) * pen.scale);
  cased(pen, () => {
    pen.context.moveTo(x, y);
    pen.context.lineTo(x + dx - ux * head * 0.5, y + dy - uy * head * 0.5);
  }, colour, width * pen.scale, dash);
  cased(pen, () => {
    pen.context.moveTo(x + dx - head * (ux + uy * 0.6), y + dy - head * (uy - ux * 0.6));
    pen.context.lineTo(x + dx, y + dy);
    pen.context.lineTo(x + dx - head * (ux - uy * 0.6), y + dy - head * (uy + ux * 0.6));
  }, colour, width * pen.scale, []);
}

/** Along x, then along y, with a short bar at each end. */
function bracket(pen, [x, y], [dx, dy]) {
  const bar = 3.5 * pen.scale;
  cased(pen, () => {
    pen.context.moveTo(x, y);
    pen.context.lineTo(x + dx, y);
    if (!dy) {
      pen.context.moveTo(x + dx, y - bar);
      pen.context.lineTo(x + dx, y + bar);
      return;
    }
    pen.context.lineTo(x + dx, y + dy);
    pen.context.moveTo(x + dx - bar, y + dy);
    pen.context.lineTo(x + dx + bar, y + dy);
  }, pen.theme.ink, 1.5 * pen.scale, []);
}

/** One square for each axis: its side is the usual size of the gradient, its area the mean of squares. */
function squares({ context, theme, scale }, [x, y], /** @type {number[]} */ usual, /** @type {string} */ colour, /** @type {number} */ side) {
  const most = Math.max(...usual);
  const edge = SQUARE * scale;
  const names = ["x", "y"];
  context.textAlign = "center";
  context.textBaseline = "top";
  return usual.map((size, i) => {
    const wide = most > 0 ? Math.max(2.5, (edge * size) / most) : 2.5;
    const middle = x + side * (14 * scale + edge / 2 + (side > 0 ? i : usual.length - 1 - i) * (edge + 4 * scale));
    const bottom = y - 9 * scale;
    Object.assign(context, { strokeStyle: theme.paper, lineWidth: 4, lineJoin: "miter" });
    context.strokeRect(middle - wide / 2, bottom - wide, wide, wide);
    Object.assign(context, { fillStyle: colour, strokeStyle: theme.ink, lineWidth: 1 });
    context.fillRect(middle - wide / 2, bottom - wide, wide, wide);
    context.strokeRect(middle - wide / 2, bottom - wide, wide, wide);
    if (usual.length > 1) {
      Object.assign(context, { strokeStyle: theme.paper, lineWidth: 3, fillStyle: theme.ink });
      context.strokeText(names[i], middle, bottom + 1);
      context.fillText(names[i], middle, bottom + 1);
    }
    return [middle, bottom, edge * 0.8];
  });
}

const SIGNS = {
  gradient: { d: "M2 9.5 17 3.5M12.5 2.2 17.6 3.3 14.2 7.4", width: 1.8, dash: "3.4 2.2" },
  velocity: { d: "M2 9.5 16 4M12 2 17.6 3.3 14 8", width: 3, dash: "" },
  size: { d: "M2 10.5h6v-6h-6zM11 10.5h6v-9h-6z", width: 1.2, dash: "" },
  step: { d: "M3 10.5H15V2M12.5 2H17.5", width: 1.6, dash: "" },
};

/** The same marks in small, for the sentence that each belongs to. */
function sign(/** @type {keyof typeof SIGNS} */ name) {
  const { d, width, dash } = SIGNS[name];
  return drawing({ viewBox: "0 0 20 12", class: `sign ${name}` }, { d, "stroke-width": width, ...(dash && { "stroke-dasharray": dash }) });
}

/** A sentence with its mark. */
export function line(/** @type {import("./walk.js").Said} */ { sign: name, text }) {
  return element("li", { class: name }, sign(name), element("span", {}, text));
}
