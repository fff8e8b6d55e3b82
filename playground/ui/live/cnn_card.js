// The card beside a map: the map at a size one can read, the kernels that made it, what it is in words.

import { NetworkOfMaps } from "./cnn_network.js";
import { table } from "./cnn_paint.js";
import { element, mark, say } from "./dom.js";
import { decimal, whole } from "./numbers.js";
import { Raster } from "./raster.js";

const KERNELS = 8;

export class MapCard {
  constructor() {
    this.map = new Raster();
    this.map.canvas.className = "cnn-large";
    this.title = element("strong", {});
    this.lines = element("div", { class: "card-lines" });
    this.kernels = element("div", { class: "cnn-kernels" });
    /** @type {Raster[]} */
    this.rasters = [];
    this.root = element("div", { class: "card cnn-card", "data-testid": "map-card", hidden: true },
      this.map.canvas, element("div", { class: "cnn-card-words" }, this.title, this.lines, this.kernels));
  }

  hide() {
    this.root.hidden = true;
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {import("./frame.js").Frame} scene
   * @param {import("./frame.js").Frame} tick
   * @param {{stage: number, map: number}} marked
   */
  fill(theme, scene, tick, marked) {
    const stage = scene.header.stages[marked.stage];
    const { focus, focus_scale: scale, stage_scales: scales, stage_signed: signs } = tick.header;
    const here = Boolean(focus && focus[0] === marked.stage && focus[1] === marked.map);
    const signed = Boolean(signs?.[marked.stage]);
    const flat = stage.maps === 0;
    this.map.canvas.hidden = flat;
    if (!flat) {
      const { data, h, w } = NetworkOfMaps.mapsOf(scene, tick, marked.stage);
      const large = here && tick.blocks.focus;
      if (large) this.map.paint(large.data, large.shape[1], large.shape[0], table(theme, signed));
      else if (data) this.map.paint(data.subarray(marked.map * h * w, (marked.map + 1) * h * w), w, h, table(theme, signed));
    }
    say(this.title, flat ? stage.title : `${stage.title}: map ${marked.map + 1}`);
    const top = (here && scale) || scales?.[marked.stage];
    const lines = [];
    if (flat) lines.push(`${whole(stage.shape[0])} units, one cell each`);
    else lines.push(`${stage.shape[1]} \u00d7 ${stage.shape[2]}, ${whole(stage.shape[0])} map${stage.shape[0] === 1 ? "" : "s"}`);
    if (top) lines.push(signed ? `from \u2212${decimal(top)} to ${decimal(top)}` : `black 0, brightest ${decimal(top)}`);
    if (stage.field) lines.push(`each value sees ${stage.field} \u00d7 ${stage.field} pixels`);
    if (stage.params) lines.push(`${whole(stage.params)} parameters in this block`);
    if (this.lines.children.length !== lines.length) this.lines.replaceChildren(...lines.map(() => element("div", {})));
    lines.forEach((words, i) => say(this.lines.children[i], words));
    this.showKernels(theme, here ? tick.blocks.focus_kernel : null);
    this.root.hidden = false;
  }

  /** The kernels over the maps before: what this map is the sum of. */
  showKernels(theme, /** @type {import("./frame.js").Block | null | undefined} */ block) {
    this.kernels.hidden = !block || !block.data.length;
    if (!block || !block.data.length) return;
    const [n, h, w] = block.shape;
    const most = Math.max(1e-9, ...[...block.data].map(Math.abs));
    while (this.rasters.length < Math.min(n, KERNELS)) {
      const raster = new Raster();
      this.rasters.push(raster);
      this.kernels.append(raster.canvas);
    }
    this.rasters.forEach((raster, k) => {
      raster.canvas.hidden = k >= n;
      if (k >= n) return;
      const bytes = Uint8Array.from(block.data.subarray(k * h * w, (k + 1) * h * w), (v) => Math.round(127.5 + (127.5 * v) / most));
      raster.paint(bytes, w, h, theme.diverging);
    });
    mark(this.kernels, "title", `Kernels over the first ${n} maps before, from \u2212${decimal(most)} to ${decimal(most)}`);
  }

  /** Beside its map, where there is room; on a phone at the lower edge. */
  stand(/** @type {{x: number, y: number, w: number, h: number}} */ box, sheet, /** @type {boolean} */ narrow) {
    if (narrow) {
      this.root.style.transform = "";
      return;
    }
    const { offsetWidth: wide, offsetHeight: high } = this.root;
    const right = box.x + box.w + 14;
    const x = right + wide <= sheet.width + 40 ? right : Math.max(-8, box.x - wide - 14);
    const y = Math.max(-40, Math.min(box.y + box.h / 2 - high / 2, sheet.height - high));
    this.root.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }
}
