// Below the network, one at a time: pictures to choose from, the confusion matrix, the worst mistakes, filters, the pad.

import { Confusion } from "./cnn_confusion.js";
import { Filters } from "./cnn_filters.js";
import { Gallery } from "./cnn_gallery.js";
import { element, mark, say } from "./dom.js";
import { percent } from "./numbers.js";
import { Pad } from "./pad.js";

const VIEWS = [["samples", "Samples"], ["confusion", "Confusion"], ["wrong", "Most wrong"], ["filters", "Filters and gradients"], ["draw", "Draw"]];
const STEPS = ["drawn", "cut out", "scaled to 20 pixels", "centred by weight"];

/** Bytes as base 64. */
function encoded(/** @type {Uint8Array} */ bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 1) text += String.fromCharCode(bytes[i]);
  return btoa(text);
}

export class CnnViews {
  /**
   * @param {(view: Record<string, any>) => void} onlook  Another picture, another cell.
   * @param {() => void} again
   */
  constructor(onlook, again) {
    this.onlook = onlook;
    this.again = again;
    this.view = "samples";
    this.cell = /** @type {[number, number] | null} */ (null);
    this.saliency = true;
    this.samples = new Gallery("sample", "Validation pictures: choose one", (i) => onlook({ image: i }));
    this.augmented = new Gallery("augmented", "The first picture as training changes it", null);
    this.changed = element("div", { class: "cnn-augmented" }, this.augmented.root, element("span", { class: "label" }, "the first one, as it is changed for learning"));
    this.confusion = new Confusion((cell) => this.open(cell));
    this.confusion.again = again;
    this.inside = new Gallery("cell", "Pictures of this cell", (i) => onlook({ pick: i }));
    this.told = element("div", { class: "cnn-told", "data-testid": "cell-told" });
    const box = element("input", { type: "checkbox", checked: true, "data-testid": "saliency", onchange: () => { this.saliency = box.checked; this.again(); } });
    this.toggle = element("label", { class: "toggle", title: "Which pixels the answer hangs on: how much each one moves it" }, box, "show where it looked");
    this.order = element("p", { class: "label" }, "By loss, highest first: what it is \u2192 what it was taken for, and how surely");
    this.wrong = new Gallery("wrong", "The mistakes with the highest loss, highest first", (i) => onlook({ wrong: i }));
    this.none = element("p", { class: "quiet" });
    this.filters = new Filters();
    this.pad = new Pad({ changed: (ink) => this.send(ink), again, hint: "Draw a digit here" });
    this.steps = new Gallery("step", "How a drawing becomes a picture like those it learns from", null);
    this.padNote = element("p", { class: "quiet cnn-pad-note" });
    this.padSays = element("p", { class: "cnn-pad-says", "data-testid": "pad-says" });
    this.bodies = {
      samples: element("div", { class: "cnn-view-samples" }, this.samples.root, this.changed),
      confusion: element("div", { class: "cnn-view-confusion" }, this.confusion.root, element("div", { class: "cnn-cell" }, this.told, this.inside.root, this.toggle)),
      wrong: element("div", { class: "cnn-view-wrong" }, this.order, this.wrong.root, this.none),
      filters: this.filters.root,
      draw: element("div", { class: "cnn-view-draw" }, this.pad.root, element("div", { class: "cnn-steps" }, this.padSays, this.steps.root, this.padNote)),
    };
    this.tabs = VIEWS.map(([name, label], i) => element("button", {
      type: "button", role: "tab", "data-testid": `view-${name}`, tabindex: i ? -1 : 0, "aria-selected": String(!i), onclick: () => this.show(name),
    }, ...(name === "filters" ? ["Filters", element("span", { class: "cnn-long" }, " and gradients")] : [label])));
    this.quiet = element("div", { class: "cnn-quiet" });
    this.root = element("div", { class: "cnn-views", "data-view": "samples" },
      element("div", { class: "cnn-tabs-row" }, element("div", { class: "cnn-tabs", role: "tablist", "aria-label": "Below the network", onkeydown: (/** @type {KeyboardEvent} */ event) => this.walk(event) }, ...this.tabs), this.quiet),
      ...Object.values(this.bodies));
    this.show("samples");
  }

  show(/** @type {string} */ name) {
    if (this.tabs[VIEWS.findIndex(([one]) => one === name)].getAttribute("aria-disabled")) return;
    const before = this.view;
    this.view = name;
    mark(this.root, "data-view", name);
    VIEWS.forEach(([one], i) => {
      mark(this.tabs[i], "aria-selected", String(one === name));
      this.tabs[i].tabIndex = one === name ? 0 : -1;
      this.bodies[/** @type {"draw"} */ (one)].hidden = one !== name;
    });
    if (before === "draw" && name !== "draw") this.onlook({ pad: null });
    if (name === "draw" && before !== "draw") this.send(this.pad.ink());
    this.onlook({ tab: VIEWS.findIndex(([one]) => one === name) });
    this.again();
  }

  walk(/** @type {KeyboardEvent} */ event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || event.shiftKey) return;
    event.preventDefault();
    const able = VIEWS.filter((_, i) => !this.tabs[i].getAttribute("aria-disabled")).map(([name]) => name);
    const next = able[(able.indexOf(this.view) + by + able.length) % able.length];
    this.show(next);
    this.tabs[VIEWS.findIndex(([name]) => name === next)].focus();
  }

  open(/** @type {[number, number] | null} */ cell) {
    this.cell = cell;
    this.onlook({ cell });
    this.again();
  }

  /** A drawing on its way to the run: while the hand moves, the newest one counts. */
  send(/** @type {Uint8Array} */ ink) {
    this.onlook({ pad: encoded(ink) });
  }

  /** All of what is looked at, for a run that does not know it yet. */
  standing() {
    const view = VIEWS.findIndex(([one]) => one === this.view);
    return [{ tab: view }, ...(this.cell ? [{ cell: this.cell }] : []), ...(this.view === "draw" ? [{ pad: encoded(this.pad.ink()) }] : [])];
  }

  /** A new scene: other pictures. */
  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    const draw = this.tabs[4];
    mark(draw, "aria-disabled", header.pad ? null : "true");
    mark(draw, "title", header.pad ? "Draw a digit and watch every layer follow" : "Only for networks that learn digits: choose Small digits or MNIST");
    if (!header.pad && this.view === "draw") this.show("samples");
    if (this.cell && Math.max(...this.cell) >= header.classes.length) this.open(null);
    this.samplesNow = { block: blocks.samples, told: header.sample_labels.map((/** @type {number} */ label, /** @type {number} */ i) => ({ words: "", title: `${header.classes[label]}, validation picture ${i + 1}` })) };
    this.changed.hidden = !blocks.augmented?.data.length;
    if (!this.changed.hidden) this.augmented.fill(blocks.augmented, Array.from({ length: blocks.augmented.shape[0] }, () => ({})));
  }

  draw(theme, scene, tick, /** @type {number} */ size) {
    const { classes } = scene.header;
    const { image } = tick.header;
    if (this.view === "samples" && this.samplesNow) {
      this.samples.fill(this.samplesNow.block, this.samplesNow.told, { chosen: image?.kind === "sample" ? image.index : -1 });
    } else if (this.view === "confusion") this.drawConfusion(theme, classes, tick, size);
    else if (this.view === "wrong") {
      const items = tick.header.wrong_items ?? [];
      this.wrong.fill(tick.blocks.wrong_images, items.map((/** @type {any} */ item) => ({ ...mistaken(classes, item), words: `${classes[item.label]}\n\u2192 ${classes[item.prediction]}\n${percent(item.confidence)}` })), { chosen: image?.kind === "wrong" ? items.findIndex((/** @type {any} */ item) => item.index === image.index) : -1 });
      say(this.none, items.length ? "" : tick.header.epoch ? "No validation picture is read wrongly." : "Nothing is measured yet: let it train for an epoch.");
      this.none.hidden = items.length > 0;
      this.order.hidden = !items.length;
    } else if (this.view === "filters") this.filters.draw(theme, scene, tick, size);
    else if (this.view === "draw") {
      this.pad.draw(theme);
      const steps = tick.blocks.pad_steps;
      if (steps) this.steps.fill({ ...steps, shape: [...steps.shape, 1] }, STEPS.map((words) => ({ words })));
      say(this.padNote, tick.header.pad_note ?? "");
      const read = image?.kind === "pad" && !this.pad.empty;
      say(this.padSays, read ? `The network says ${classes[tick.header.prediction]}, ${percent(tick.blocks.probabilities.data[tick.header.prediction])} sure` : "Its steps to a picture like those it learns from:");
      mark(this.padSays, "data-read", read ? "" : null);
    }
  }

  drawConfusion(theme, classes, tick, /** @type {number} */ size) {
    const { cell: known, cell_items: items = [] } = tick.header;
    const cell = this.cell ?? (known ? [known.true, known.predicted] : null);
    this.confusion.draw(theme, classes, tick.blocks.confusion, cell, size);
    const same = cell && known && known.true === cell[0] && known.predicted === cell[1];
    const { cell_images: images, cell_saliency: over } = tick.blocks;
    this.inside.fill(same ? images : null, items.map((/** @type {any} */ item) => ({ words: percent(item.confidence), title: mistaken(classes, item).title })), { over: this.saliency ? over : null, chosen: tick.header.image?.kind === "cell" ? items.findIndex((/** @type {any} */ item) => item.index === tick.header.image.index) : -1 });
    this.toggle.hidden = !same || !items.length;
    if (tick.header.measured < 0) return say(this.told, "Nothing is measured yet. Press Play or Step: then each row counts the pictures of one class by what they are taken for.");
    say(this.told, this.confusion.said || (cell ? "" : "Click a cell to see its pictures, and where the network looked."));
    if (cell && !this.confusion.said) say(this.told, this.confusion.words(classes, tick.blocks.confusion.data, /** @type {[number, number]} */ (cell)));
  }
}

/** A picture and what it is taken for, in a sentence. */
function mistaken(classes, item) {
  const [label, said] = [classes[item.label], classes[item.prediction]];
  return { title: item.label === item.prediction ? `${label}: rightly so, ${percent(item.confidence)} sure` : `It is ${label}, taken for ${said}, ${percent(item.confidence)} sure` };
}
