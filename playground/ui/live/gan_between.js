// From one sample to another on two ways, straight and along the arc: two strips with the same ends, one place in both that
// plays, and how long the latents are on the way.

import { Atlas } from "./atlas.js";
import { element, mark, say, Sheet } from "./dom.js";
import { LengthPlot } from "./gan_between_lengths.js";
import { Ends } from "./gan_between_ends.js";
import { Host, hosted } from "./host.js";
import { decimal } from "./numbers.js";
import { Scrubber } from "./scrubber.js";
import { Said } from "./shot.js";

const WAYS = ["linear", "spherical"];
const GAP = 4;
/** Strips have pictures of this side, in CSS pixels: at a desk, and under a thumb; of this at most, where there is room. */
const [TILE, SMALL, LARGEST] = [60, 44, 64];

class Between extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "gan-between", ["visual.css", "scrubber.css", "gan_between.css"]);
    this.again = this.again.bind(this);
    this.scrubber = new Scrubber({ onmove: () => this.moved(), again: this.again, label: "From sample to sample", unit: "picture", first: 1 });
    this.ends = new Ends((pins) => this.edit({ pins }));
    this.plot = new LengthPlot(this.again);
    this.swatch = element("span", { class: "swatch" });
    this.said = new Said();
    this.sides = WAYS.map((name) => {
      const title = element("h3", {});
      const value = element("p", { class: "length", "data-testid": `length-${name}` });
      const large = element("canvas", { class: "crisp", role: "img", "data-testid": `large-${name}` });
      const strip = new Sheet({ class: "strip", role: "img", "data-testid": `strip-${name}`, onpointerdown: (/** @type {PointerEvent} */ event) => this.point(event), onpointermove: (/** @type {PointerEvent} */ event) => { if (event.buttons === 1) this.point(event); } });
      const label = element("span", { class: "way-name" });
      return {
        name, title, value, large, strip, label, atlas: new Atlas(), shown: -1,
        figure: element("figure", { class: "one" }, title, large, value),
        row: element("div", { class: "row" }, label, strip.canvas),
      };
    });
    this.root.append(
      this.scrubber.root, this.ends.root,
      element("div", { class: "pair" }, ...this.sides.map(({ figure }) => figure), this.said.root),
      element("div", { class: "panel" }, element("h3", {}, "Length of the latent on the way"), element("p", { class: "quiet band" }, this.swatch, "98 of 100 latents drawn by chance"), element("figure", { class: "figure" }, this.plot.sheet.canvas)),
      element("div", { class: "strips" }, ...this.sides.map(({ row }) => row)));
    /** @type {import("./frame.js").Frame | null} What is drawn: the newest answer. */
    this.page = null;
    this.status = "waiting";
    this.painted = "";
    this.question = "";
  }

  take(/** @type {import("./frame.js").Frame} */ frame) {
    const { header, blocks } = frame;
    this.status = header.state;
    this.said.show(header.words, header.state);
    if (blocks.sheet) this.ends.take(blocks.sheet);
    if (header.state === "refused") this.page = null;
    if (header.state !== "there") return;
    this.page = frame;
    for (const side of this.sides) {
      side.atlas.take(blocks[side.name]);
      side.shown = -1;
    }
    const last = blocks.linear.shape[0] - 1;
    const before = this.scrubber.length ? this.scrubber.at / this.scrubber.length : 0.5;
    this.scrubber.length = header.there_and_back ? 2 * last : last;
    // Another pair of ends is seen where the ways are furthest apart, in the middle of the first.
    if (header.id !== this.question) this.scrubber.at = this.question && this.scrubber.playing ? before * this.scrubber.length : header.stops[1] / 2;
    this.question = header.id;
    this.painted = "";
  }

  update(/** @type {Record<string, any>} */ data) {
    const header = this.frame?.header;
    if (!header) return;
    this.ends.update(header, data.edits.includes("pins"));
  }

  /** Which picture of the way is shown; there and back, the way is gone backwards from its middle on. */
  get at() {
    const last = (this.page?.blocks.linear.shape[0] ?? 1) - 1;
    const { at } = this.scrubber;
    return Math.min(last, at > last ? 2 * last - at : at);
  }

  /** A walk that ends where it began is begun anew. */
  moved() {
    if (!this.page?.header.endless || !this.scrubber.playing || this.scrubber.at < this.scrubber.length) return;
    queueMicrotask(() => this.scrubber.play());
  }

  /** A press on a strip goes to that place. */
  point(/** @type {PointerEvent} */ event) {
    if (!this.page) return;
    const last = this.page.blocks.linear.shape[0] - 1;
    const { side, count } = this.tiles();
    const wide = count * (side + GAP) - GAP;
    this.scrubber.pause();
    this.scrubber.to(Math.round(Math.min(1, Math.max(0, (event.offsetX - side / 2) / Math.max(1, wide - side))) * last));
  }

  /** How large the strips' pictures are, how many there are, and which: each stop is among them. */
  tiles() {
    const head = this.page?.header;
    const legs = Math.max(1, (head?.stops.length ?? 2) - 1);
    const room = this.sides[0].strip.canvas.clientWidth;
    const side = this.narrow ? SMALL : TILE;
    const wanted = Math.min(head?.tiles ?? 8, Math.floor(((room + GAP) / (side + GAP) - 1) / legs));
    const each = Math.max(1, wanted);
    const count = legs * each + 1;
    const fitted = Math.floor(Math.min(LARGEST, (room + GAP) / count - GAP));
    const last = (this.page?.blocks.linear.shape[0] ?? 1) - 1;
    return { side: fitted, count, frames: Array.from({ length: count }, (_, k) => Math.round((k * last) / (count - 1))), each };
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    mark(this.root, "data-state", this.status);
    this.root.toggleAttribute("data-stale", Boolean(this.page) && this.status !== "there");
    const { page } = this;
    for (const node of [this.plot.sheet.canvas, ...this.sides.map(({ row }) => row)]) node.style.visibility = page ? "" : "hidden";
    if (!page) return this.between();
    const { header, blocks } = page;
    const { at } = this;
    mark(this.root, "data-at", String(at));
    mark(this.root, "data-pictures", String(blocks.linear.shape[0]));
    this.sides.forEach((side, k) => {
      const length = blocks.lengths.data[k * blocks.lengths.shape[1] + at];
      side.figure.style.visibility = "";
      if (side.shown !== at) side.atlas.show(side.large, side.shown = at);
      side.large.style.aspectRatio = String(side.atlas.ratio);
      say(side.title, header.titles[k]);
      say(side.label, header.titles[k]);
      say(side.value, `latent ${decimal(length)} long`);
      mark(side.large, "aria-label", `${header.titles[k]}, picture ${at + 1} of ${blocks.linear.shape[0]}: a latent ${decimal(length)} long`);
      mark(side.strip.canvas, "aria-label", `${header.titles[k]}: the pictures on the way from ${header.ends.map((/** @type {any} */ one) => one.name).join(" to ")}`);
    });
    this.strips(theme, at);
    this.swatch.style.background = theme.grid;
    this.plot.show(theme, page, at, this.size);
  }

  /** Until the ways are drawn: from where to where. */
  between() {
    const { ends, sides } = this;
    sides.forEach(({ title, value, large, figure }, k) => {
      figure.style.visibility = ends.atlas.count > k ? "" : "hidden";
      if (ends.atlas.count > k) ends.atlas.show(large, k);
      large.style.aspectRatio = String(ends.atlas.ratio);
      say(title, k ? "To" : "From");
      say(value, "");
    });
  }

  /** Both strips under each other, the same places above the same. */
  strips(/** @type {import("./colours.js").Theme} */ theme, /** @type {number} */ at) {
    const { side, count, frames, each } = this.tiles();
    const last = frames[count - 1];
    const high = side / this.sides[0].atlas.ratio;
    this.root.style.setProperty("--strip", `${Math.round(high) + 10}px`);
    for (const { atlas, strip } of this.sides) {
      strip.fit();
      const context = strip.blank();
      frames.forEach((frame, k) => {
        const x = k * (side + GAP);
        atlas.paint(context, frame, x, 5, side, high);
        if (k % each) return;
        context.fillStyle = theme.ink; // a stop
        context.fillRect(x, high + 7, side, 3);
      });
      const x = side / 2 + (at / Math.max(1, last)) * (count - 1) * (side + GAP);
      context.fillStyle = theme.accent;
      context.fillRect(x - 1.5, 0, 3, high + 10);
      context.strokeStyle = theme.paper;
      context.lineWidth = 1;
      context.strokeRect(x - 2, 0.5, 4, high + 9);
    }
  }

  end() {
    this.scrubber.end();
    super.end();
  }
}

export default hosted(Between);
