// What the tabs that open the network up have in common: one frame a state, and the earlier picture stays, greyed, while
// the next one is under way.

import { pixel } from "./colours.js";
import { mark } from "./dom.js";
import { Host } from "./host.js";

/**
 * @typedef {{header: Record<string, any>, blocks: Record<string, import("./frame.js").Block>}} Answer
 */

export class Opened extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent, /** @type {string} */ name, /** @type {string[]} */ sheets) {
    super(parent, name, ["visual.css", "opened.css", ...sheets]);
    /** @type {Answer | null} What is drawn. */
    this.page = null;
    /** @type {"there" | "waiting" | "refused"} */
    this.status = "waiting";
    this.words = "";
    /** @type {ImageBitmap | null} The photo as a person sees it. */
    this.photo = null;
    this.photoId = "";
    /** Width and height of the photo in pixels: known before it is decoded, so that nothing jumps. */
    this.shape = [4, 3];
  }

  /** Width over height of the photo. */
  get ratio() {
    return this.shape[0] / this.shape[1];
  }

  /** Whether what is drawn is the answer to an earlier question. */
  get stale() {
    return Boolean(this.page) && this.status !== "there";
  }

  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    this.status = header.state;
    this.words = header.words;
    if (blocks.photo && this.photoId !== header.id) {
      this.photoId = header.id;
      this.photo = null;
      this.read(blocks.photo.data, header.id);
    }
    if (header.state === "there") {
      this.page = { header, blocks };
      this.accept(this.page);
    } else if (header.state === "refused" || header.id !== this.page?.header.id) this.page = null;
    this.shape = header.size ?? this.shape;
  }

  /** The photo's file becomes a picture; one that has been overtaken by another is dropped. */
  async read(/** @type {any} */ bytes, /** @type {string} */ id) {
    const photo = await bitmap(bytes);
    if (this.photoId === id) {
      this.photo = photo;
      this.again();
    }
  }

  /** A new answer is there; comes before it is drawn. */
  accept(/** @type {Answer} */ answer) { void answer; }

  /** Says in attributes what is shown. */
  state() {
    mark(this.root, "data-state", this.status);
    mark(this.root, "data-photo", this.photo ? this.photoId : "");
  }
}

/** The picture in a file's bytes. */
export function bitmap(/** @type {Uint8Array<ArrayBuffer>} */ bytes) {
  return createImageBitmap(new Blob([bytes]));
}

/** Red, green and blue in a row become a picture. */
export function paintRgb(/** @type {import("./raster.js").Raster} */ raster, /** @type {ArrayLike<number>} */ rgb, /** @type {number} */ width, /** @type {number} */ height) {
  raster.size(width, height);
  for (let i = 0; i < raster.pixels.length; i += 1) raster.pixels[i] = pixel([rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]]);
  raster.show();
}
