// Where the evidence for a class lay: the photo with the map over it, and beside it the photo alone or the map of a scrambled network.

import { share } from "./bars.js";
import { pixel } from "./colours.js";
import { element, mark, say } from "./dom.js";
import { hosted } from "./host.js";
import { Opened } from "./opened.js";
import { Raster } from "./raster.js";
import { Shared } from "./shared.js";
import { Shot } from "./shot.js";

/** The page hears of another strength once the slider has rested for so long, in milliseconds. */
const REST = 500;

class Heat extends Opened {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "heat", ["heat.css"]);
    this.shared = new Shared();
    this.plain = new Shot("plain", "The photo");
    this.map = new Shot("map", "The map");
    this.other = new Shot("scrambled", "The map of the scrambled network");
    this.shots = element("div", { class: "shots" }, this.map.root, this.plain.root, this.other.root);
    this.classes = element("div", { class: "classes", role: "group", "aria-label": "Class explained" });
    this.slider = element("input", {
      type: "range", min: 0, max: 1, step: 0.01, "data-testid": "opacity", "aria-label": "Overlay",
      oninput: () => this.turn(Number(this.slider.value)),
    });
    this.share = element("output", {});
    this.hold = element("button", { type: "button", class: "act hold", "data-testid": "hold", "aria-pressed": "false" }, "Hold: photo alone");
    this.scale = new Raster();
    this.scale.canvas.className = "scale";
    this.ends = element("div", { class: "ends" }, element("span", {}), element("span", {}), element("span", {}));
    this.same = element("dd", { "data-testid": "agreement" });
    this.sure = element("p", { class: "quiet" });
    this.fact = element("dl", { class: "same" }, element("dt", {}, "Rank correlation of both maps"), this.same, this.sure);
    this.notes = element("p", { class: "quiet", "data-testid": "notes" });
    this.under = element("div", { class: "under" },
      element("div", { class: "slide" }, element("label", {}, "Overlay", this.share), this.slider),
      element("div", { class: "legend", "data-testid": "legend" }, this.scale.canvas, this.ends),
      this.hold);
    this.side = element("div", { class: "panel" }, element("h3", {}, "Class explained"), this.classes, this.fact, this.notes);
    this.root.append(
      element("div", { class: "stage" }, this.shots, this.under), this.side);
    for (const node of [this.hold, this.map.frame, this.other.frame]) {
      node.addEventListener("pointerdown", () => this.bare(true));
      for (const name of ["pointerup", "pointercancel", "pointerleave"]) node.addEventListener(name, () => this.bare(false));
    }
    this.hold.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => { if (event.key === " " || event.key === "Enter") this.bare(true); });
    for (const name of ["keyup", "blur"]) this.hold.addEventListener(name, () => this.bare(false));
    this.without = false;
    this.painted = "";
    this.listed = "";
    this.rest = 0;
  }

  take(/** @type {import("./frame.js").Frame} */ frame) {
    super.take(frame);
    this.painted = "";
  }

  update(/** @type {Record<string, any>} */ data) {
    this.shared.hear({ opacity: data.opacity });
  }

  /** Another strength: only a matter of style here, and the page hears of it later, for the link and the download. */
  turn(/** @type {number} */ opacity) {
    if (!this.may("opacity")) return;
    this.shared.values.opacity = opacity;
    window.clearTimeout(this.rest);
    this.rest = window.setTimeout(() => this.edit(this.shared.set({ opacity })), REST);
    this.again();
  }

  /** The photo without the map, for as long as it is held. */
  bare(/** @type {boolean} */ without) {
    if (this.without === without) return;
    this.without = without;
    this.again();
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    this.state();
    const head = this.page?.header;
    const scrambled = head?.scrambled;
    this.plain.root.hidden = this.narrow || Boolean(scrambled); // whoever holds the map sees the photo alone
    this.other.root.hidden = !scrambled;
    this.hold.hidden = !this.narrow;
    mark(this.hold, "aria-pressed", String(this.without));
    const title = head ? `${head.method}: ${head.target.brief}${scrambled ? ", as trained" : ""}` : "The map";
    this.plain.show(this.photo, "The photo", "The photo without a map");
    this.map.show(this.photo, title, head ? `The photo with the map of ${title}` : "The photo; the map is under way");
    this.other.show(this.photo, scrambled?.title ?? "", "The map of the same class by the scrambled network");
    this.place();
    this.paint(theme);
    const opacity = this.without ? 0 : this.shared.values.opacity;
    for (const shot of [this.map, this.other]) {
      shot.mix(opacity);
      shot.frame.toggleAttribute("data-stale", this.stale);
    }
    this.map.said.show(this.words, this.status);
    this.other.said.show(this.stale ? "" : scrambled?.words ?? "", scrambled?.state ?? "there");
    for (const node of [this.under, this.side]) node.style.visibility = head ? "" : "hidden";
    this.choices(head);
    this.strength();
    this.explain(head);
    mark(this.root, "data-target", head ? String(head.target.index) : "");
    mark(this.root, "data-method", head?.method ?? "");
    mark(this.root, "data-opacity", String(opacity));
  }

  /** All pictures at one size, the largest that fits. */
  place() {
    const shots = [this.plain, this.map, this.other].filter((shot) => !shot.root.hidden);
    const { clientWidth, parentElement } = this.shots;
    const width = this.narrow ? clientWidth : (clientWidth - 16 * (shots.length - 1)) / shots.length;
    const height = this.narrow ? 420 : parentElement.clientHeight - 1.6 * this.size - 64;
    for (const shot of shots) shot.fit(width, height, this.ratio);
  }

  /** The maps in their colours; only anew where the answer or the theme is another. */
  paint(theme) {
    const key = `${this.version} ${this.page ? "there" : ""}`;
    if (this.painted === key) return;
    this.painted = key;
    const { header, blocks } = this.page ?? { header: null, blocks: null };
    const table = header?.signed ? theme.diverging : blocks ? tableOf(blocks.colours.data) : theme.diverging;
    for (const [shot, block] of /** @type {const} */ ([[this.map, blocks?.heat], [this.other, blocks?.scrambled]])) {
      shot.outline(header?.seen ?? null);
      shot.cover(block ?? null, table);
    }
    this.scale.paint(Uint8Array.from({ length: 256 }, (_, k) => k), 256, 1, table);
    const words = header?.signed ? ["\u2212 against it", "0", "+ for it"] : ["no evidence", "", "most evidence"];
    words.forEach((word, k) => say(this.ends.children[k], word));
    mark(this.root, "data-signed", header ? String(header.signed) : "");
  }

  /** The answers to choose from: which one is explained. */
  choices(/** @type {Record<string, any> | undefined} */ head) {
    const key = JSON.stringify(head?.listed ?? []);
    if (head && key !== this.listed) {
      this.listed = key;
      this.classes.replaceChildren(...head.listed.map((/** @type {any} */ one) => element("button", {
        type: "button", class: "choice", "data-testid": `class-${one.index}`, title: one.label, onclick: () => this.edit({ target: one.index }),
      }, element("span", { class: "bar", style: `width:${(100 * one.score).toFixed(1)}%` }), element("span", { class: "name" }, one.label), element("span", { class: "score" }, share(one.score)))));
    }
    (head?.listed ?? []).forEach((/** @type {any} */ one, /** @type {number} */ k) => {
      mark(this.classes.children[k], "aria-pressed", String(one.index === head?.target.index));
      /** @type {HTMLButtonElement} */ (this.classes.children[k]).disabled = !this.may("target");
    });
  }

  strength() {
    const { opacity } = this.shared.values;
    this.slider.disabled = !this.may("opacity");
    if (Number(this.slider.value) !== opacity) this.slider.value = String(opacity);
    const words = `${Math.round(100 * opacity)} %`;
    say(this.share, words);
    mark(this.slider, "aria-valuetext", words);
  }

  /** What has to be said of the map, and how alike both are. */
  explain(/** @type {Record<string, any> | undefined} */ head) {
    const scrambled = head?.scrambled;
    this.fact.hidden = !scrambled;
    const { agreement, score } = scrambled ?? {};
    say(this.same, agreement === null || agreement === undefined ? "\u2013" : agreement.toFixed(2).replace("-", "\u2212"));
    say(this.sure, score === null || score === undefined ? "" : `Scrambled, the network gives \u201c${head?.target.brief}\u201d ${share(score)}.`);
    say(this.notes, (head?.notes ?? []).join(" "));
  }

  end() {
    window.clearTimeout(this.rest);
    super.end();
  }
}

/** 256 canvas pixels from as many colours in a row. */
function tableOf(/** @type {ArrayLike<number>} */ colours) {
  return Uint32Array.from({ length: 256 }, (_, k) => pixel([colours[3 * k], colours[3 * k + 1], colours[3 * k + 2]]));
}

export default hosted(Heat);
