// A multilayer perceptron that trains in front of the visitor: the canvas component's entry.

import { surfaceOf, tileOf, unitTitle } from "./card.js";
import { element, mark, say } from "./dom.js";
import { HistogramsPicture } from "./histograms.js";
import { hosted } from "./host.js";
import { listen } from "./keys.js";
import { sayState } from "./notice.js";
import { Panel } from "./panel.js";
import { Raster } from "./raster.js";
import { Running } from "./running.js";
import { samples } from "./samples.js";
import { Stage } from "./stage.js";
import { Voice } from "./voice.js";

class Playground extends Running {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "mlp");
    this.stage = new Stage(() => this.look(), (hidden) => this.edit(hidden), (edit) => this.connection?.send("edit", edit));
    this.panel = new Panel((view) => this.connection?.send("look", view), () => this.again(), () => this.connection?.send("test"));
    this.histograms = new HistogramsPicture();
    this.enlarged = new Raster();
    this.drawer = this.buildDrawer();
    this.stage.root.append(this.drawer);
    this.voice = new Voice(this.live, { output: this.panel.output.sheet.canvas, curves: this.panel.curves.sheet.canvas, network: this.stage.picture.sheet.canvas });
    this.root.append(this.transport.root, this.stage.root, this.panel.root, this.live);
    this.silence = listen(this.root, (name) => (name === "close" ? this.stage.close() : this.transport.press(name)));
    for (const node of [this.stage.field, this.panel.root, this.drawer]) this.sizes.observe(node);
  }

  /** Weights and gradients, below the network: opened when wanted, at the network's cost and not the page's. */
  buildDrawer() {
    const button = element("button", { type: "button", class: "drawer-handle", "aria-expanded": "false", "data-testid": "drawer", onclick: () => {
      const open = drawer.toggleAttribute("data-open");
      mark(button, "aria-expanded", String(open));
      this.again();
    } }, "Weights and gradients");
    this.quiet = element("div", { class: "drawer-head" }, button, samples());
    const drawer = element("div", { class: "drawer" }, this.quiet, this.histograms.sheet.canvas);
    return drawer;
  }

  /** See `Host.update`. */
  update(/** @type {Record<string, any>} */ data) {
    this.staged = false;
    super.update(data);
  }

  /** See `Running.opened`. */
  opened() {
    this.ask();
  }

  /** See `Running.begin`. */
  begin(/** @type {import("./frame.js").Frame} */ scene) {
    this.panel.take(scene);
    this.staged = false;
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    const { scene, tick, stage, panel, present, narrow, size } = this;
    const header = scene?.header ?? null;
    if (narrow) this.root.style.setProperty("--bar", `${this.transport.root.offsetHeight}px`);
    if (!this.staged) stage.update(this.data, header);
    this.staged = true;
    const names = header?.features ?? ["", ""];
    const labels = header && header.outputs > 1 ? header.classes : [];
    const font = `${size + (narrow || present ? 0 : 1)}px ${theme.font}`;
    stage.picture.place(stage.counts, { names, labels, present, narrow, calm: this.calm, font });
    stage.stand();
    if (tick) panel.output.paint(theme, scene, tick, panel.discretize);
    const output = panel.output.thumbnail(tick);
    stage.picture.draw(theme, scene, tick, { marked: stage.marked, output, font, names, labels });
    stage.showCard(theme, scene, tick, tick ? panel.output.raster.canvas : null, narrow);
    panel.output.draw(theme, scene, tick, { validation: panel.validation, shown: this.shown(theme), size, version: this.version });
    if (panel.fit()) this.again();
    panel.curves.draw(theme, tick, { task: header?.task ?? "binary", size });
    if (this.drawer.hasAttribute("data-open")) this.histograms.draw(theme, tick, { size, narrow });
    this.notice.show(sayState(tick?.header ?? null, /** @type {any} */ (this.link)), { picture: stage.field, quiet: this.quiet, narrow });
    if (tick) this.report(tick.header, header);
    if (stage.picture.moving) this.again();
    window.clearTimeout(this.later);
    const { late } = stage.picture.links;
    if (late > 0) this.later = window.setTimeout(() => this.again(), late);
  }

  /** The unit that is looked at, for the output's large picture; null for the output itself. */
  shown(theme) {
    const { marked, counts } = this.stage;
    const unit = marked?.kind === "unit" && this.tick && this.scene && tileOf(counts, marked.column, marked.index) >= 0;
    this.panel.root.toggleAttribute("data-unit", Boolean(unit));
    say(this.panel.title, unit ? unitTitle(this.scene.header, marked.column, marked.index) : "Output");
    if (!unit) return null;
    const { data, side } = surfaceOf(this.tick, counts, marked.column, marked.index);
    this.enlarged.paint(data, side, side, theme.diverging);
    return { picture: this.enlarged.canvas, from: { y: 0, side }, scale: this.tick.header.unit_scales[marked.column] };
  }

  /** The numbers, for eyes, for ears and for tests. */
  report(tick, scene) {
    if (this.fresh) {
      this.fresh = false;
      this.transport.update(tick, scene);
      this.panel.report(tick);
    }
    this.told(tick);
    const later = this.voice.speak(tick, scene);
    if (later > 0) window.setTimeout(() => this.again(), later); // what is said last is what is true at rest
  }

  /** A unit or link is looked at: the run sends that unit's surface in more detail. */
  look() {
    window.clearTimeout(this.asking);
    this.asking = window.setTimeout(() => this.ask(), 60);
    this.again();
  }

  ask() {
    const { marked, counts } = this.stage;
    const unit = marked?.kind === "unit" && tileOf(counts ?? [], marked.column, marked.index) >= 0;
    const focus = unit ? [marked.column, marked.index] : null;
    if (JSON.stringify(focus) === JSON.stringify(this.tick?.header.focus ?? null)) return;
    this.connection?.send("look", { focus });
  }

  /** Other layers: the page's script is told, a little later, so that quick presses count as one. */
  edit(/** @type {number[]} */ hidden) {
    window.clearTimeout(this.editing);
    this.editing = window.setTimeout(() => this.trigger("hidden", hidden), 200);
  }

  /** See `Host.end`. */
  end() {
    this.silence();
    super.end();
  }
}

export default hosted(Playground);
