// The network of one step: units with their numbers, links with theirs, and what flows between them.

import { Sheet } from "./dom.js";
import { doubled } from "./numbers.js";
import { drawHeadings, drawLegend, drawOutcome } from "./step_around.js";
import { arrange } from "./step_layout.js";
import { drawLabels, drawLinks } from "./step_links.js";
import { Pen } from "./step_pen.js";
import { drawUnit } from "./step_units.js";

/**
 * @typedef {import("./step_scene.js").Ref} Ref
 * @typedef {import("./step_layout.js").Box} Box
 */

export class StepPicture {
  constructor() {
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": "canvas-step", "aria-label": "The network" });
    this.scale = 1;
    this.steep = 0.25;
    /** @type {Pen | null} What it was drawn with. */
    this.pen = null;
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {import("./step_scene.js").Scene} scene
   * @param {import("./step_pen.js").View} view
   */
  draw(theme, scene, view) {
    this.sheet.fit();
    const context = this.sheet.blank();
    const { width, height } = this.sheet;
    const layout = arrange({ width, height, size: view.size, counts: scene.columns });
    this.scale = Math.max(this.scale, doubled(scene.largest("weights"), 1));
    this.steep = Math.max(this.steep, doubled(scene.largest("gradients"), 0.25));
    const pen = new Pen({ context, width, height, theme, scene, view, layout, scale: this.scale, steep: this.steep });
    this.pen = pen;
    context.textBaseline = "middle";
    for (let layer = 0; layer < scene.last; layer += 1) drawLinks(pen, layer);
    for (let layer = 0; layer < scene.last; layer += 1) drawLabels(pen, layer);
    layout.boxes.forEach((column, c) => column.forEach((box, i) => drawUnit(pen, box, c, i)));
    drawHeadings(pen);
    drawOutcome(pen);
    drawLegend(pen);
  }

  // -- what is at a place

  /** The weight or bias at a place: by its plate, by its link, or by its unit. */
  at(/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ reach) {
    if (!this.pen) return null;
    const { scene, layout, tags } = this.pen;
    const inside = (/** @type {Box} */ box, /** @type {number} */ more) => Math.abs(x - box.x) <= box.w / 2 + more && Math.abs(y - box.y) <= box.h / 2 + more;
    const plate = tags.find((tag) => inside(tag, 0));
    if (plate) return plate.ref;
    for (let c = 1; c <= scene.last; c += 1) {
      const to = layout.boxes[c].findIndex((/** @type {Box} */ box) => inside(box, 2));
      if (to >= 0) return { layer: c - 1, to, from: null };
    }
    let [best, found] = [reach, /** @type {Ref | null} */ (null)];
    for (const ref of scene.refs(false)) {
      const { from, to } = this.pen.ends(ref);
      const [x0, x1] = [from.x + from.w / 2, to.x - to.w / 2];
      if (x < x0 || x > x1) continue;
      const share = (x - x0) / (x1 - x0);
      const slope = (to.y - from.y) / (x1 - x0);
      const away = Math.abs(from.y + (to.y - from.y) * share - y) / Math.hypot(1, slope);
      if (away < best) [best, found] = [away, ref];
    }
    return found;
  }
}
