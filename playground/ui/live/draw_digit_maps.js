// What each convolution makes of the digit: its maps as small squares, black where nothing stirs.

import { element, mark, say } from "./dom.js";

export class DigitMaps {
  constructor() {
    this.layers = /** @type {any[]} */ ([]);
    this.row = element("div", { class: "digit-layers" });
    this.root = element("section", { class: "digit-maps", "aria-label": "Maps of the convolutional network" }, element("h3", {}, "What its convolutions see: black where nothing stirs"), this.row);
  }

  show(/** @type {Record<string, any>} */ header, /** @type {Record<string, import("./frame.js").Block>} */ blocks) {
    if (this.layers.length !== header.layers.length) {
      this.layers = header.layers.map((/** @type {any} */ _, /** @type {number} */ at) => {
        const parts = { canvas: element("canvas", { role: "img", "data-testid": `maps-${at}` }), title: element("h4"), shape: element("p") };
        return { ...parts, root: element("figure", {}, parts.title, parts.shape, parts.canvas) };
      });
      this.row.replaceChildren(...this.layers.map(({ root }) => root));
    }
    this.layers.forEach(({ canvas, title, shape }, at) => {
      say(title, header.layers[at].title);
      say(shape, header.layers[at].shape);
      mark(canvas, "aria-label", `${header.layers[at].title}: ${header.layers[at].shape}`);
      paint(canvas, blocks[`maps${at}`]);
    });
  }
}

/** All maps of a layer in rows, a pixel of room between them. */
function paint(/** @type {HTMLCanvasElement} */ canvas, /** @type {import("./frame.js").Block} */ { data, shape }) {
  const [count, high, wide] = shape;
  const across = count <= 16 ? 4 : 8;
  const [width, height] = [across * (wide + 1) - 1, Math.ceil(count / across) * (high + 1) - 1];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(width, height);
  for (let map = 0; map < count; map += 1) {
    const [left, top] = [(map % across) * (wide + 1), Math.floor(map / across) * (high + 1)];
    for (let y = 0; y < high; y += 1) {
      for (let x = 0; x < wide; x += 1) {
        const value = data[(map * high + y) * wide + x];
        image.data.set([value, value, value, 255], 4 * ((top + y) * width + left + x));
      }
    }
  }
  context.putImageData(image, 0, 0);
}
