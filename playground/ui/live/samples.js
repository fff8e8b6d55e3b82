// What the lines and bars of the network mean: tiny samples with a word each.

import { drawing, element } from "./dom.js";

/** One sample; its parts take their colours from live.css. */
const small = (/** @type {Record<string, any>[]} */ ...parts) => drawing({ viewBox: "0 0 26 10" }, ...parts);

/** The legend of the network; its colours are set as `--positive` and `--negative` on the component. */
export function samples() {
  const item = (/** @type {string} */ name, /** @type {string} */ word, /** @type {string} */ title, /** @type {SVGElement} */ picture, aside = "") =>
    element("span", { class: `sample ${name}`, title }, picture, element("span", {}, word, aside && element("span", { class: "aside" }, aside)));
  return element(
    "div", { class: "samples", role: "note", "aria-label": "Blue solid lines are positive weights, orange dashed ones negative; the wider, the larger. The small bar under a unit is its bias.", "data-testid": "legend" },
    item("positive", "positive", "A blue solid line is a positive weight", small({ d: "M1 5h24", "stroke-width": 3.4 })),
    item("negative", "negative", "An orange dashed line is a negative weight", small({ d: "M1 5h24", "stroke-width": 3.4, "stroke-dasharray": "6 3.6" }), " weight"),
    item("width", "width: size", "The wider a line, the larger the weight (without its sign)", small({ d: "M1 4.4 25 1.6v6.8L1 5.6z" })),
    item("bias", "bias", "The small bar under a unit is its bias: to the right positive, to the left negative", small(
      { tag: "rect", class: "unit", x: 8, y: 0.5, width: 10, height: 5 }, { tag: "rect", class: "minus", x: 7, y: 7.2, width: 6, height: 2.4 }, { tag: "rect", class: "plus", x: 13.4, y: 7.2, width: 5.6, height: 2.4 })),
  );
}
