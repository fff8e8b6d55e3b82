// What is out of the question, as in a map: slanted lines over it.

import { css, lightness, mix, rgb } from "./colours.js";

/** Slanted lines over a box. */
export function stripes(context, theme, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ w, /** @type {number} */ h, gap = 8) {
  const ink = rgb(theme.ink);
  Object.assign(context, { strokeStyle: css(mix(rgb(theme.paper), ink, lightness(ink) > 0.5 ? 0.42 : 0.32)), lineWidth: 1 });
  context.setLineDash([]);
  context.beginPath();
  for (let k = -h; k < w; k += gap) {
    context.moveTo(x + k, y + h);
    context.lineTo(x + k + h, y);
  }
  context.stroke();
}
