// The same surface as a hill that can be turned, with the paths lying on it.
//
// The hill is painted once for a view of it, the far parts first; while something plays only the paths are drawn.

import { mark, Sheet } from "./dom.js";
import { lastOf, meets, same, sign, signed, sizes, walker } from "./heights.js";
import { drawBox, drawEdges, drawHill, sample } from "./hill.js";
import { Names } from "./names.js";
import { HEIGHT, View } from "./view.js";

/**
 * @typedef {import("./heights.js").Relief} Relief
 * @typedef {import("./heights.js").Path} Path
 * @typedef {import("./hill.js").Grid} Grid
 *
 * @typedef {object} Scene
 * @property {number} size             Of the type, in CSS pixels.
 * @property {Relief} relief           Painted again when it shows something else.
 * @property {number[][]} domain       `[[x0, x1], [y0, y1]]`.
 * @property {string[]} [names]        Of the axes.
 * @property {Path[]} [paths]          With `share`; a step outside the domain breaks the line.
 * @property {string} [scale]          What its height says; "loss" unless told otherwise.
 */

/** Samples along a side of the hill: smooth while it stands, few enough to follow the hand while it is turned. */
const [FINE, COARSE] = [81, 41];
/** So long after the last turn it is painted finely again, in milliseconds. */
const SETTLED = 160;
/** One arrow key turns it this far. */
const NUDGE = 0.12;
/** Paths lie this far above the ground, so that it does not swallow them. */
const LIFT = 0.012;
export class Terrain {
  /**
   * @param {string} name                What tests find it by.
   * @param {string} label               Its text alternative, until a better one is set on the canvas.
   * @param {() => void} again           Asks for a drawing.
   */
  constructor(name, label, again) {
    this.sheet = new Sheet({ class: "sheet", role: "img", "data-testid": name, "aria-label": label, tabindex: "0", "data-arrows": true, title: "Drag it, or use the arrow keys, to turn it" });
    this.again = again;
    this.view = new View();
    this.names = new Names();
    this.ground = document.createElement("canvas");
    this.painted = "";
    /** @type {Relief | null} */
    this.relief = null;
    /** @type {{fine: Grid, coarse: Grid} | null} */
    this.grids = null;
    this.turning = false;
    /** @type {WeakMap<object, {seen: number, hidden: Uint8Array}>} */
    this.covered = new WeakMap();
    /** Counts the views that were painted: which steps are hidden is good for one. */
    this.seen = 0;
    this.turns();
  }

  /** Listens for the hand. */
  turns() {
    const { canvas } = this.sheet;
    canvas.style.touchAction = "pan-y"; // a finger that goes up or down scrolls the page
    canvas.style.cursor = "grab";
    /** @type {{x: number, y: number} | null} */
    let held = null;
    canvas.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (event.button) return;
      held = { x: event.clientX, y: event.clientY };
      canvas.setPointerCapture(event.pointerId);
      canvas.style.cursor = "grabbing";
    });
    canvas.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      if (!held) return;
      const up = event.pointerType === "touch" ? 0 : event.clientY - held.y;
      this.turn((event.clientX - held.x) * 0.008, up * 0.006);
      held = { x: event.clientX, y: event.clientY };
    });
    const release = () => {
      held = null;
      canvas.style.cursor = "grab";
    };
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(name, release);
    canvas.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const by = { ArrowLeft: [-NUDGE, 0], ArrowRight: [NUDGE, 0], ArrowUp: [0, NUDGE], ArrowDown: [0, -NUDGE] }[event.key];
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.turn(by[0], by[1]);
    });
  }

  turn(/** @type {number} */ across, /** @type {number} */ up) {
    this.view.turn(across, up);
    mark(this.sheet.canvas, "data-yaw", this.view.yaw.toFixed(2));
    this.coarsely();
    this.again();
  }

  /** Paints coarsely for a moment, at once; finely when nothing has changed for a while. */
  coarsely() {
    this.turning = true;
    window.clearTimeout(this.settling);
    this.settling = window.setTimeout(() => {
      this.turning = false;
      this.again();
    }, SETTLED);
  }

  /** Says in words what it shows. */
  say(/** @type {string} */ words) {
    mark(this.sheet.canvas, "aria-label", words);
  }

  /** From a place on the surface and its share of the height to CSS pixels. */
  where(/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ share) {
    const [[x0, x1], [y0, y1]] = this.domain;
    return this.view.project((x - x0) / (x1 - x0) - 0.5, (y - y0) / (y1 - y0) - 0.5, share);
  }

  /**
   * @param {import("./colours.js").Theme} theme
   * @param {Scene} scene
   * @returns {CanvasRenderingContext2D}
   */
  draw(theme, scene) {
    this.sheet.fit();
    const context = this.sheet.blank();
    const { width, height, ratio } = this.sheet;
    this.domain = scene.domain;
    this.view.fit(width, height, scene.size);
    const other = !same(scene.relief, this.relief);
    if (other) {
      this.grids = { fine: sample(scene.relief, FINE), coarse: sample(scene.relief, COARSE) };
      this.coarsely();
    }
    const key = [theme.key, width, height, ratio, scene.size, scene.domain, scene.names, scene.scale, this.view.yaw, this.view.tilt, this.turning].join("|");
    if (other || key !== this.painted) {
      Object.assign(this, { painted: key, relief: scene.relief });
      this.seen += 1;
      this.paint(theme, scene);
    }
    context.drawImage(this.ground, 0, 0, width, height);
    context.font = `${scene.size}px ${theme.font}`;
    const paths = scene.paths ?? [];
    for (const path of paths) this.trace(context, theme, path);
    this.names.begin({ x: 0, y: 0, w: width, h: height });
    const ends = paths.map((path) => this.end(path));
    for (const end of ends) if (end) this.names.take(end.x, end.y, 8);
    const radii = sizes(ends, Math.max(5.5, scene.size * 0.45));
    ends.forEach((end, i) => end && walker(context, theme, paths[i], end.x, end.y, radii[i]));
    ends.forEach((end, i) => {
      const { name } = paths[i];
      if (!end || !name) return;
      const marked = meets(ends, i);
      const spot = this.names.place(`path ${i}`, end.x, end.y, signed(context, name, scene.size, marked), scene.size * 1.2, { needed: false });
      if (spot) sign(context, theme, paths[i], spot, scene.size, marked);
    });
    return context;
  }

  paint(theme, /** @type {Scene} */ scene) {
    this.ground.width = this.sheet.canvas.width;
    this.ground.height = this.sheet.canvas.height;
    const context = /** @type {CanvasRenderingContext2D} */ (this.ground.getContext("2d"));
    context.setTransform(this.sheet.ratio, 0, 0, this.sheet.ratio, 0, 0);
    context.font = `${scene.size}px ${theme.font}`;
    drawBox(context, theme, this.view);
    drawHill(context, theme, /** @type {{fine: Grid, coarse: Grid}} */ (this.grids)[this.turning ? "coarse" : "fine"], this.view);
    drawEdges(context, theme, this.view, scene);
  }

  /** A path: strong where it is seen, faint where the hill stands before it. */
  trace(context, theme, /** @type {Path} */ path) {
    const last = lastOf(path);
    if (last < 1 || !path.share) return;
    const hidden = this.hiddenOf(path);
    for (const [colour, width, alpha, behind] of /** @type {[string, number, number, boolean][]} */ ([
      [path.colour, 2, 0.4, true], [theme.paper, 4.5, 0.85, false], [path.colour, 2.5, 1, false],
    ])) {
      context.beginPath();
      let pen = false;
      for (let i = 0; i <= last; i += 1) {
        const mine = hidden[i] !== OUT && (hidden[i] === BEHIND) === behind;
        const spot = mine || pen ? this.where(path.x[i], path.y[i], path.share[i] + LIFT) : null;
        if (!mine) {
          if (pen && spot && hidden[i] !== OUT) context.lineTo(...spot); // as far as the edge it goes behind
          pen = false;
        } else if (pen) context.lineTo(.../** @type {[number, number]} */ (spot));
        else {
          context.moveTo(.../** @type {[number, number]} */ (spot));
          pen = true;
        }
      }
      Object.assign(context, { strokeStyle: colour, lineWidth: width, lineJoin: "round", lineCap: "round", globalAlpha: alpha });
      context.setLineDash(behind ? [1, 4] : []);
      context.stroke();
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  /** For each step whether it is seen, lies behind the hill, or outside the domain; worked out once a view. */
  hiddenOf(/** @type {Path} */ path) {
    const kept = this.covered.get(path.x);
    if (kept && kept.seen === this.seen) return kept.hidden;
    const [[x0, x1], [y0, y1]] = this.domain;
    const hidden = new Uint8Array(path.x.length);
    for (let i = 0; i < hidden.length; i += 1) {
      const [u, v] = [(path.x[i] - x0) / (x1 - x0), (path.y[i] - y0) / (y1 - y0)];
      if (!(u >= 0 && u <= 1 && v >= 0 && v <= 1)) hidden[i] = OUT;
      else if (this.behind(u, v, path.share[i] + LIFT)) hidden[i] = BEHIND;
    }
    this.covered.set(/** @type {object} */ (path.x), { seen: this.seen, hidden });
    return hidden;
  }

  /** Whether the ground stands between a place (0 to 1 both ways) and who looks: it is followed towards them. */
  behind(/** @type {number} */ u, /** @type {number} */ v, /** @type {number} */ h) {
    const { side, heights } = /** @type {{coarse: Grid}} */ (this.grids).coarse;
    const step = 1 / 40;
    const up = (step * Math.tan(this.view.tilt)) / HEIGHT;
    let [a, b, level] = [u, v, h];
    for (let k = 0; k < 56; k += 1) {
      [a, b, level] = [a - this.view.sin * step, b - this.view.cos * step, level + up];
      if (a < 0 || a > 1 || b < 0 || b > 1 || level > 1) return false;
      if (heights[Math.round(b * (side - 1)) * side + Math.round(a * (side - 1))] > level + 0.01) return true;
    }
    return false;
  }

  /** Where the walker stands, at the last step that lies on the hill. */
  end(/** @type {Path} */ path) {
    if (!path.share) return null;
    const hidden = this.hiddenOf(path);
    let i = lastOf(path);
    while (i >= 0 && hidden[i] === OUT) i -= 1;
    if (i < 0) return null;
    const [x, y] = this.where(path.x[i], path.y[i], path.share[i] + LIFT);
    return { x, y };
  }
}

const [BEHIND, OUT] = [1, 2];
