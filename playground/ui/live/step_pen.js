// What every part of the picture of one step draws with: the sheet, the numbers, and how far the phase has come.

import { fine, same } from "./step_scene.js";

/** The phases of a step. */
export const PHASES = /** @type {const} */ (["start", "forward", "loss", "backward", "update"]);
export const [FORWARD, LOSS, BACKWARD, UPDATE] = [1, 2, 3, 4];

/**
 * @typedef {import("./step_scene.js").Ref} Ref
 * @typedef {import("./step_layout.js").Box} Box
 * @typedef {object} View
 * @property {number} phase      0..4, by `PHASES`.
 * @property {number} progress   How far the phase has come, 0..1.
 * @property {number} row        The sample that is looked at, or the scene's `batch`.
 * @property {Ref | null} focus  What is pointed at or chosen.
 * @property {number} size       Of the type.
 */

/** One drawing of the picture: what is drawn, on what, and at which moment of its phase. */
export class Pen {
  /**
   * @param {object} room
   * @param {CanvasRenderingContext2D} room.context
   * @param {number} room.width    Of the sheet.
   * @param {number} room.height
   * @param {import("./colours.js").Theme} room.theme
   * @param {import("./step_scene.js").Scene} room.scene
   * @param {View} room.view
   * @param {import("./step_layout.js").StepLayout} room.layout
   * @param {number} room.scale    The weight whose link is widest.
   * @param {number} room.steep    The gradient whose link is.
   */
  constructor(room) {
    this.context = room.context;
    this.width = room.width;
    this.height = room.height;
    this.theme = room.theme;
    this.scene = room.scene;
    this.view = room.view;
    this.layout = room.layout;
    this.scale = room.scale;
    this.steep = room.steep;
    /** @type {({ref: Ref} & Box)[]} Where weights and biases are written, so that they can be pointed at. */
    this.tags = [];
    /** Whether the links had room for more than one number each. */
    this.roomy = false;
  }

  // -- how far things are

  /** How far the flow between two columns has come, 0..1: forwards from the left, backwards from the right. */
  flow(/** @type {number} */ layer) {
    const { scene, view } = this;
    const turn = view.phase === BACKWARD ? scene.last - 1 - layer : layer;
    return Math.min(1, Math.max(0, view.progress * scene.last - turn));
  }

  /** Whether a unit knows its value. */
  knows(/** @type {number} */ column) {
    const { view } = this;
    return column === 0 || view.phase > FORWARD || (view.phase === FORWARD && this.flow(column - 1) >= 1);
  }

  /** Whether a gradient has come back to a unit. */
  returned(/** @type {number} */ column) {
    const { scene, view } = this;
    if (column === 0) return false;
    return view.phase > BACKWARD || (view.phase === BACKWARD && (column === scene.last || this.flow(column) >= 1));
  }

  /** Whether a link has no part in what is pointed at. */
  faded(/** @type {{layer: number, to: number, from: number | null}} */ link) {
    const { scene, view } = this;
    return view.focus !== null && !scene.reaches(view.focus, link);
  }

  // -- what is said of a weight

  /** The units at both ends of a link. */
  ends(/** @type {Ref} */ { layer, to, from }) {
    const { boxes } = this.layout;
    return { from: boxes[layer][from ?? 0], to: boxes[layer + 1][to] };
  }

  /** A gradient; where there is room, with what the sample that is looked at has in it. */
  gradient(/** @type {Ref} */ ref, /** @type {boolean} */ roomy) {
    const { scene, view } = this;
    const whole = fine(scene.link("gradients", ref));
    return roomy && this.apart() ? `${fine(scene.share(ref, view.row))} of ${whole}` : whole;
  }

  /** Whether a sample is looked at that is not the whole batch. */
  apart() {
    const { scene, view } = this;
    return view.row < scene.batch && scene.header.n > 1;
  }

  // -- drawing

  font(bold = false, share = 1) {
    const { context, theme, view } = this;
    context.font = `${bold ? 600 : 400} ${Math.round(view.size * share)}px ${theme.font}`;
  }

  line(/** @type {number} */ x0, /** @type {number} */ y0, /** @type {number} */ x1, /** @type {number} */ y1) {
    const { context } = this;
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  }

  /** A name, shortened to the room there is. */
  cut(/** @type {string} */ text, /** @type {number} */ room) {
    let shown = text;
    while (shown.length > 1 && this.context.measureText(shown).width > room) shown = `${shown.slice(0, -2)}\u2026`;
    return shown;
  }

  /** A small plate with a number that can be pointed at: a weight on its link, a bias under its unit. */
  tag(/** @type {Ref} */ ref, /** @type {Box} */ box, /** @type {string} */ text) {
    const { context, theme, view } = this;
    const chosen = same(ref, view.focus);
    context.beginPath();
    context.roundRect(box.x - box.w / 2, box.y - box.h / 2, box.w, box.h, 4);
    context.fillStyle = theme.paper;
    context.fill();
    context.strokeStyle = chosen ? theme.accent : theme.grid;
    context.lineWidth = chosen ? 2 : 1;
    context.stroke();
    this.font(chosen);
    context.textAlign = "center";
    context.fillStyle = theme.ink;
    context.fillText(text, box.x, box.y + 0.5);
    this.tags.push({ ref, ...box });
  }
}
