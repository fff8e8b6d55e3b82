// What the lines and bars of the network mean: tiny samples with a word each.

import { element } from "./dom.js";

const NS = "http://www.w3.org/2000/svg";

/** A small drawing, 26 x 10; its parts take their colours from live.css. */
function drawing(/** @type {Record<string, any>[]} */ ...parts) {
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("viewBox", "0 0 26 10");
  svg.setAttribute("aria-hidden", "true");
  for (const { tag, ...attributes } of parts) {
    const part = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, String(value));
    svg.append(part);
  }
  return svg;
}

/** The legend of the network; its colours are set as `--positive` and `--negative` on the component. */
export function samples() {
  const item = (/** @type {string} */ name, /** @type {string} */ word, /** @type {string} */ title, /** @type {SVGElement} */ picture, aside = "") =>
    element("span", { class: `sample ${name}`, title }, picture, element("span", {}, word, aside && element("span", { class: "aside" }, aside)));
  return element(
    "div", { class: "samples", role: "note", "aria-label": "Blue solid lines are positive weights, orange dashed ones negative; the wider, the larger. The small bar under a unit is its bias.", "data-testid": "legend" },
    item("positive", "positive", "A blue solid line is a positive weight", drawing({ tag: "path", d: "M1 5h24", "stroke-width": 3.4 })),
    item("negative", "negative", "An orange dashed line is a negative weight", drawing({ tag: "path", d: "M1 5h24", "stroke-width": 3.4, "stroke-dasharray": "6 3.6" }), " weight"),
    item("width", "width: size", "The wider a line, the larger the weight (without its sign)", drawing({ tag: "path", d: "M1 4.4 25 1.6v6.8L1 5.6z" })),
    item("bias", "bias", "The small bar under a unit is its bias: to the right positive, to the left negative", drawing(
      { tag: "rect", class: "unit", x: 8, y: 0.5, width: 10, height: 5 }, { tag: "rect", class: "minus", x: 7, y: 7.2, width: 6, height: 2.4 }, { tag: "rect", class: "plus", x: 13.4, y: 7.2, width: 5.6, height: 2.4 })),
  );
}
