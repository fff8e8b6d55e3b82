// The answer about the covered picture. Nothing is seen of it: it hands what the page says to the picture, and back what was done there.

import { tell } from "./cover_told.js";
import { Host, hosted } from "./host.js";

class CoverAnswer extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "cover-answer", ["cover.css"]);
    this.root.classList.add("unseen");
  }

  update(/** @type {Record<string, any>} */ data) {
    tell(data.to, { ...data, ask: (/** @type {number[][]} */ covers) => this.trigger("covers", covers) });
  }
}

export default hosted(CoverAnswer);
