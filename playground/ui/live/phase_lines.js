// What theory says of the phase diagram: where swinging begins, the limit, the best places, with a word each.

import { word } from "./word.js";

/**
 * @typedef {import("./phase_map.js").PhaseMap} PhaseMap
 * @typedef {import("./phase_map.js").Diagram} Diagram
 */

/** Where the swinging of each axis begins, and the limit. */
export function drawBorders(/** @type {PhaseMap} */ map, context, theme) {
  const { diverges, highest, curvatures } = /** @type {Diagram} */ (map.diagram);
  context.save();
  const { x, y, w, h } = map.box;
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  Object.assign(context, { strokeStyle: theme.ink, globalAlpha: 0.75, lineWidth: 1.25, lineJoin: "round" });
  context.setLineDash([2, 4]);
  for (const curvature of curvatures) { // equal roots: (1 + m - r c)² = 4 m, that is m = (1 - √(r c))²
    context.beginPath();
    for (let i = 0; i <= 200; i += 1) {
      const lr = (highest * i) / 200;
      context.lineTo(...map.where({ lr, momentum: (1 - Math.sqrt(lr * curvature)) ** 2 }));
    }
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(map.where({ lr: diverges, momentum: 0 })[0], y + h);
  context.lineTo(...map.where({ lr: diverges, momentum: 0 }));
  context.lineTo(...map.where({ lr: 2 * diverges, momentum: 1 }));
  context.stroke();
  context.restore();
}

/** The words, as many as there is room for. */
export function drawLabels(/** @type {PhaseMap} */ map, context, theme, /** @type {number} */ size, /** @type {boolean} */ brief) {
  const { overshoots, diverges, highest, optimum, plain } = /** @type {Diagram} */ (map.diagram);
  const { x, y, w, h } = map.box;
  Object.assign(context, { textBaseline: "middle", textAlign: "left" });
  const low = brief || h < size * 13; // no room for everything
  for (const [lr, said, dash] of /** @type {[number, string, number[]][]} */ ([[overshoots, brief ? "overshoots" : "1 / curvature: overshoots", [5, 4]], [diverges, brief ? "diverges" : "2 / curvature: diverges", []]])) {
    const at = Math.round(x + (w * lr) / highest) + 0.5;
    Object.assign(context, { strokeStyle: theme.ink, lineWidth: 2 });
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(at, y + h);
    context.lineTo(at, y + h - size * (low ? 3 : 4));
    if (dash.length) context.stroke();
    context.setLineDash([]);
    const wide = context.measureText(said).width;
    const tier = y + h - size * (!dash.length ? 1 : low ? 2.6 : 3.4);
    word(context, theme, said, at + 6 + wide < x + w ? at + 6 : at - 6 - wide, tier);
  }
  regions(map, context, theme, size);
  if (w > size * 26 && !low) { // along the limit
    const [[x0, y0], [x1, y1]] = [map.where({ lr: diverges, momentum: 0 }), map.where({ lr: 2 * diverges, momentum: 1 })];
    context.save();
    context.translate(x0 + 0.62 * (x1 - x0), y0 + 0.62 * (y1 - y0));
    context.rotate(Math.atan2(y1 - y0, x1 - x0));
    context.textAlign = "center";
    word(context, theme, "2 (1 + m) / curvature", 0, size * 0.95);
    context.restore();
  }
  place(map, context, theme, plain, low ? "" : "best without momentum", size, false);
  place(map, context, theme, optimum, brief ? "best" : "best: Polyak 1964", size, true);
}

/** What the axes do between the dotted lines, where there is room to say so. */
function regions(/** @type {PhaseMap} */ map, context, theme, /** @type {number} */ size) {
  const { curvatures, highest } = /** @type {Diagram} */ (map.diagram);
  const border = (/** @type {number} */ lr, /** @type {number} */ c) => Math.max(0, 1 - Math.sqrt(lr * c)) ** 2;
  context.textAlign = "center";
  for (const [said, lr, low, high] of /** @type {[string, number, number, number][]} */ ([
    ["both axes swing", 0.52 * highest, border(0.52 * highest, curvatures[0]), 1],
    ["one axis swings", 0.3 * highest, 0.25, border(0.3 * highest, curvatures[0])],
  ])) {
    const [px, top] = map.where({ lr, momentum: high });
    const bottom = map.where({ lr, momentum: low })[1];
    if (bottom - top > size * 3.4 && map.box.w > size * 26) word(context, theme, said, px, (top + bottom) / 2);
  }
  context.textAlign = "left";
}

/** A place of the theory: a star, or a small ring. */
function place(/** @type {PhaseMap} */ map, context, theme, pair, /** @type {string} */ said, /** @type {number} */ size, /** @type {boolean} */ star) {
  const { x, w } = map.box;
  const [px, py] = map.where(pair);
  for (const [colour, wide] of /** @type {[string, number][]} */ ([[theme.paper, 5], [theme.ink, 2]])) {
    Object.assign(context, { strokeStyle: colour, lineWidth: wide, lineCap: "round" });
    context.beginPath();
    if (star) {
      for (let k = 0; k < 3; k += 1) {
        const [dx, dy] = [7 * Math.sin((k * Math.PI) / 3), 7 * Math.cos((k * Math.PI) / 3)];
        context.moveTo(px - dx, py - dy);
        context.lineTo(px + dx, py + dy);
      }
    } else context.arc(px, py, 4.5, 0, 2 * Math.PI);
    context.stroke();
  }
  const wide = context.measureText(said).width;
  const left = px - 12 - wide > x + 2;
  Object.assign(context, { textAlign: "left", textBaseline: "middle" });
  const at = left ? px - 12 - wide : Math.min(px + 12, x + w - wide - 2);
  if (star || px - x > wide) word(context, theme, said, at, py - (star ? 0 : size * 0.75));
}
