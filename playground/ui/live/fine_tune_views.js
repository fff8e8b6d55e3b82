// Below the sentence, one at a time: the texts it learns from, the confusion matrix with the texts of a cell, the worst mistakes.

import { Confusion } from "./cnn_confusion.js";
import { hue } from "./colours.js";
import { element, mark, say } from "./dom.js";
import { counted, percent, whole } from "./numbers.js";

const VIEWS = [["data", "Texts"], ["confusion", "Confusion"], ["wrong", "Most wrong"]];

/** A list of texts; each may be followed from then on. */
class TextList {
  constructor(/** @type {string} */ name, /** @type {string} */ label, /** @type {(text: string) => void} */ onpick) {
    this.name = name;
    this.onpick = onpick;
    this.shown = "";
    this.root = element("div", { class: "ft-texts", role: "group", "aria-label": label, "data-testid": `${name}-list` });
  }

  /** @param {{text: string, label: number, tag: string, title: string}[]} items */
  fill(theme, items) {
    const key = JSON.stringify([theme.key, items]);
    if (key === this.shown) return;
    this.shown = key;
    const kept = this.root.scrollTop;
    this.root.replaceChildren(...items.map((item, i) => element("button", {
      type: "button", class: "ft-text", "data-testid": `${this.name}-${i}`, title: `${item.title}\n${item.text}\nClick to follow it above`, style: `--hue:${hue(theme, item.label)}`, onclick: () => this.onpick(item.text),
    }, element("span", { class: "ft-tag" }, item.tag), element("span", { class: "ft-words", dir: "auto" }, item.text))));
    this.root.scrollTop = kept;
  }
}

export class FineViews {
  /**
   * @param {(view: Record<string, any>) => void} onlook
   * @param {(text: string) => void} onpick  A text is to be followed.
   * @param {() => void} again
   */
  constructor(onlook, onpick, again) {
    this.onlook = onlook;
    this.again = again;
    this.view = "data";
    this.cell = /** @type {[number, number] | null} */ (null);
    this.counts = element("div", { class: "ft-counts", "data-testid": "class-counts" });
    this.examples = new TextList("example", "Texts it learns from: press one to follow it", onpick);
    this.confusion = new Confusion((cell) => this.open(cell), "text");
    this.confusion.again = again;
    this.told = element("div", { class: "cnn-told", "data-testid": "cell-told" });
    this.inside = new TextList("cell", "Texts of this cell", onpick);
    this.wrong = new TextList("wrong", "The mistakes with the highest loss, highest first", onpick);
    this.none = element("p", { class: "quiet" });
    this.bodies = {
      data: element("div", { class: "ft-view-data" }, this.counts, this.examples.root),
      confusion: element("div", { class: "ft-view-confusion" }, this.confusion.root, element("div", { class: "cnn-cell" }, this.told, this.inside.root)),
      wrong: element("div", { class: "ft-view-wrong" }, this.wrong.root, this.none),
    };
    this.tabs = VIEWS.map(([name, label], i) => element("button", {
      type: "button", role: "tab", "data-testid": `view-${name}`, tabindex: i ? -1 : 0, "aria-selected": String(!i), onclick: () => this.show(name),
    }, label));
    this.quiet = element("div", { class: "cnn-quiet" });
    this.root = element("div", { class: "cnn-views ft-views", "data-view": "data" },
      element("div", { class: "cnn-tabs-row" }, element("div", { class: "cnn-tabs", role: "tablist", "aria-label": "Below the sentence", onkeydown: (/** @type {KeyboardEvent} */ event) => this.walk(event) }, ...this.tabs), this.quiet),
      ...Object.values(this.bodies));
    this.show("data");
  }

  show(/** @type {string} */ name) {
    this.view = name;
    mark(this.root, "data-view", name);
    VIEWS.forEach(([one], i) => {
      mark(this.tabs[i], "aria-selected", String(one === name));
      this.tabs[i].tabIndex = one === name ? 0 : -1;
      this.bodies[/** @type {"data"} */ (one)].hidden = one !== name;
    });
    this.onlook({ tab: VIEWS.findIndex(([one]) => one === name) });
    this.again();
  }

  walk(/** @type {KeyboardEvent} */ event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || event.shiftKey) return;
    event.preventDefault();
    const at = (VIEWS.findIndex(([name]) => name === this.view) + by + VIEWS.length) % VIEWS.length;
    this.show(VIEWS[at][0]);
    this.tabs[at].focus();
  }

  open(/** @type {[number, number] | null} */ cell) {
    this.cell = cell;
    this.onlook({ cell });
    this.again();
  }

  /** All of what is looked at, for a run that does not know it yet. */
  standing() {
    return { tab: VIEWS.findIndex(([one]) => one === this.view), ...(this.cell ? { cell: this.cell } : {}) };
  }

  /** A new scene: other texts. */
  take(/** @type {Record<string, any>} */ scene) {
    if (this.cell && Math.max(...this.cell) >= scene.classes.length) this.cell = null;
    this.scene = scene;
  }

  draw(theme, scene, tick, /** @type {number} */ size) {
    const { classes, class_counts: counts } = scene;
    const { header } = tick;
    if (this.view === "data") {
      const key = JSON.stringify([theme.key, classes, counts]);
      if (key !== this.counted) {
        this.counted = key;
        const most = Math.max(1, ...counts);
        this.counts.replaceChildren(...classes.map((/** @type {string} */ name, /** @type {number} */ i) => element("span", { class: "ft-count", style: `--hue:${hue(theme, i)};--share:${(100 * counts[i]) / most}%`, title: `${counted(counts[i], "text")} of ${name}` }, element("b", {}, name), element("i", {}), element("span", {}, whole(counts[i])))));
      }
      this.examples.fill(theme, scene.examples.map((/** @type {any} */ one) => ({ ...one, tag: classes[one.label], title: `A training text: ${classes[one.label]}` })));
    } else if (this.view === "confusion") this.drawConfusion(theme, classes, tick, size);
    else {
      const items = header.wrong_items ?? [];
      this.wrong.fill(theme, items.map((/** @type {any} */ item) => mistaken(classes, item)));
      say(this.none, items.length ? "" : header.measured >= 0 ? "No validation text is read wrongly." : "Nothing is measured yet: press Play, or Epoch.");
      this.none.hidden = items.length > 0;
      this.wrong.root.hidden = !items.length;
    }
  }

  drawConfusion(theme, classes, tick, /** @type {number} */ size) {
    const { cell: known, cell_items: items = [], measured } = tick.header;
    const { cell } = this;
    this.confusion.draw(theme, classes, tick.blocks.confusion, cell, size);
    const same = cell && known && known.true === cell[0] && known.predicted === cell[1];
    this.inside.fill(theme, same ? items.map((/** @type {any} */ item) => ({ ...mistaken(classes, item), tag: percent(item.confidence) })) : []);
    if (measured < 0) return say(this.told, "Nothing is measured yet. Press Play or Epoch: then each row counts the validation texts of one class by what they are taken for.");
    say(this.told, this.confusion.said || "Click a cell to read its texts.");
    if (cell && !this.confusion.said) say(this.told, this.confusion.words(classes, tick.blocks.confusion.data, cell));
  }
}

/** A text and what it is taken for. */
function mistaken(/** @type {string[]} */ classes, /** @type {any} */ { text, label, prediction, confidence }) {
  const [is, said] = [classes[label], classes[prediction]];
  const right = label === prediction;
  return { text, label: prediction, tag: `${is} \u2192 ${said} ${percent(confidence)}`, title: right ? `${is}: rightly so, ${percent(confidence)} sure` : `It is ${is}, taken for ${said}, ${percent(confidence)} sure` };
}
