// One of several ways to look at the same answer.

/** What the views have in common: parts of the component, of which the first is the picture. */
export class View {
  constructor(/** @type {any} */ host) {
    this.host = host;
    /** @type {HTMLElement[]} */
    this.parts = [];
  }

  /** Another picture or model has been answered. */
  renew() {}

  /** Another view was opened. */
  leave() {}

  draw(/** @type {import("./colours.js").Theme} */ theme, /** @type {import("./decided_boxes.js").Proposals | null} */ proposals) { void theme; void proposals; }

  /** Gone from the page. */
  end() {}
}
