// What the network was fed: the photo with the part that was cut out, that part in the network's own pixels, and what one
// of its stages makes of it, map by map.

import { pixel } from "./colours.js";
import { element, mark, say } from "./dom.js";
import { hosted } from "./host.js";
import { decimal } from "./numbers.js";
import { Opened, paintRgb } from "./opened.js";
import { Raster } from "./raster.js";
import { Shot, fit } from "./shot.js";

const GREYS = Uint32Array.from({ length: 256 }, (_, k) => pixel([k, k, k]));
/** How far each key goes in the grid of maps; a row is as long as it stands there. */
const KEYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

class Fed extends Opened {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "fed", ["fed.css"]);
    this.whole = new Shot("whole", "The photo");
    this.input = new Raster();
    this.input.canvas.className = "crisp";
    mark(this.input.canvas, "role", "img");
    mark(this.input.canvas, "data-testid", "input");
    this.inputTitle = element("h3", {});
    this.inputFrame = element("div", { class: "shot" }, this.input.canvas);
    this.notes = element("p", { class: "quiet", "data-testid": "notes" });
    this.steps = element("ol", { class: "steps quiet", "data-testid": "steps" });
    this.stages = element("div", { class: "stages", role: "group", "aria-label": "Stage of the network" });
    this.grid = element("div", { class: "maps", role: "group", "aria-label": "Feature maps", onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event) });
    this.large = new Raster();
    this.large.canvas.className = "crisp";
    mark(this.large.canvas, "role", "img");
    this.largeTitle = element("h3", { "data-testid": "channel" });
    this.scale = new Raster();
    this.scale.canvas.className = "scale";
    this.scale.paint(Uint8Array.from({ length: 256 }, (_, k) => k), 256, 1, GREYS);
    this.low = element("span", {});
    this.high = element("span", {});
    this.side = element("div", { class: "panel" },
      element("h3", {}, "Stages, from the input to the answer"), this.stages,
      element("div", { class: "look" },
        this.grid,
        element("div", { class: "large" }, this.largeTitle, element("div", { class: "shot" }, this.large.canvas), this.scale.canvas, element("div", { class: "ends" }, this.low, this.high))));
    this.root.append(
      element("div", { class: "stage" },
        element("div", { class: "shots" }, this.whole.root, element("div", { class: "figure" }, this.inputTitle, this.inputFrame)),
        this.steps, this.notes),
      this.side);
    /** @type {Raster[]} */
    this.maps = [];
    this.listed = "";
    /** Which map is enlarged: the one that was chosen, or the one under the pointer. */
    this.chosen = 0;
    this.over = -1;
  }

  accept(/** @type {import("./opened.js").Answer} */ { header, blocks }) {
    this.chosen = 0;
    this.over = -1;
    const [height, width] = blocks.picture.shape;
    paintRgb(this.input, blocks.picture.data, width, height);
    say(this.inputTitle, `What it gets: ${width} \u00d7 ${height} pixels`);
    mark(this.input.canvas, "aria-label", `The network's input, ${width} by ${height} pixels`);
    this.steps.replaceChildren(...header.steps.map((/** @type {string} */ step) => element("li", {}, step)));
    const [count, high, wide] = blocks.maps.shape;
    this.maps = Array.from({ length: count }, (_, k) => {
      const map = new Raster();
      map.canvas.className = "crisp";
      map.paint(blocks.maps.data.subarray(k * high * wide, (k + 1) * high * wide), wide, high, GREYS);
      return map;
    });
    this.grid.replaceChildren(...this.maps.map((map, k) => element("button", {
      type: "button", class: "map", "data-testid": `channel-${header.channels[k]}`, "aria-label": `Channel ${header.channels[k]}, ${this.range(blocks, k)}`,
      onclick: () => { this.chosen = k; this.again(); },
      onfocus: () => { this.chosen = k; this.again(); },
      onpointerenter: (/** @type {PointerEvent} */ event) => { if (event.pointerType === "mouse") { this.over = k; this.again(); } },
      onpointerleave: () => { this.over = -1; this.again(); },
    }, map.canvas, element("span", {}, String(header.channels[k])))));
    const listed = JSON.stringify(header.stages);
    if (listed === this.listed) return;
    this.listed = listed;
    this.stages.replaceChildren(...header.stages.map((/** @type {string[]} */ [name, shape], /** @type {number} */ k) => element("button", {
      type: "button", class: "one", "data-testid": `stage-${k}`, onclick: () => this.edit({ stage: k }),
    }, element("span", {}, name), element("small", {}, shape))));
  }

  /** The values that black and white stand for, in words. */
  range(/** @type {Record<string, import("./frame.js").Block>} */ blocks, /** @type {number} */ k) {
    return `from ${decimal(blocks.scales.data[2 * k])} to ${decimal(blocks.scales.data[2 * k + 1])}`;
  }

  key(/** @type {KeyboardEvent} */ event) {
    const step = KEYS[/** @type {keyof typeof KEYS} */ (event.key)];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const cells = [...this.grid.children];
    const row = Math.max(1, cells.filter((cell) => cell.offsetTop === cells[0].offsetTop).length);
    const to = Math.min(cells.length - 1, Math.max(0, this.chosen + step[0] + step[1] * row));
    cells[to].focus();
  }

  draw() {
    this.state();
    const { page } = this;
    this.whole.show(this.photo, "What is cut out", page ? "The photo with an outline around the part that the network sees" : "The photo");
    this.whole.outline(page ? page.header.seen : null);
    this.whole.said.show(this.words, this.status);
    this.place(page);
    this.root.toggleAttribute("data-stale", this.stale);
    for (const node of [this.inputFrame.parentElement, this.steps, this.side]) node.style.visibility = page ? "" : "hidden";
    if (!page) return;
    const { header, blocks } = page;
    say(this.notes, header.notes.join(" "));
    this.side.hidden = !this.maps.length;
    [...this.stages.children].forEach((button, k) => {
      mark(button, "aria-pressed", String(k === header.stage));
      button.disabled = !this.may("stage");
    });
    this.maps.forEach((_, k) => {
      mark(this.grid.children[k], "aria-pressed", String(k === this.chosen));
      mark(this.grid.children[k], "tabindex", k === this.chosen ? "0" : "-1");
    });
    this.enlarge(this.over >= 0 ? this.over : this.chosen, header, blocks);
    mark(this.root, "data-stage", String(header.stage));
  }

  place(page) {
    const shots = /** @type {HTMLElement} */ (this.whole.root.parentElement);
    const parent = /** @type {HTMLElement} */ (shots.parentElement);
    const width = (shots.clientWidth - 16) / 2;
    const height = this.narrow ? 320 : Math.max(150, 0.66 * parent.clientHeight);
    this.whole.fit(width, height, this.ratio);
    const [high, wide] = page?.blocks.picture.shape ?? [1, 1];
    fit(this.inputFrame, width, height, wide / high);
  }

  /** One map large, with what its greys stand for. */
  enlarge(/** @type {number} */ k, header, blocks) {
    const [, high, wide] = blocks.maps.shape;
    const map = this.maps[k];
    if (!map) return;
    say(this.largeTitle, `Channel ${header.channels[k]}`);
    this.large.size(wide, high);
    this.large.context.drawImage(map.canvas, 0, 0);
    /** @type {HTMLElement} */ (this.large.canvas.parentElement).style.aspectRatio = `${wide} / ${high}`;
    mark(this.large.canvas, "aria-label", `Channel ${header.channels[k]} enlarged, ${wide} by ${high} values ${this.range(blocks, k)}`);
    say(this.low, decimal(blocks.scales.data[2 * k]));
    say(this.high, decimal(blocks.scales.data[2 * k + 1]));
    mark(this.root, "data-channel", String(header.channels[k]));
  }
}

export default hosted(Fed);
