// Elements in one line each, and canvases that stay sharp.

/**
 * An element with attributes, listeners (`onclick: f`) and children (elements or text; empty ones are left out).
 *
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `true` sets an empty attribute; `false` and `null` set none.
 * @param {...(Node | string | null | false)} children
 * @returns {any}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  for (const child of children) if (child) node.append(child);
  return node;
}

/** Sets a text only where it differs: a text that stays the same costs no layout. */
export function say(/** @type {Element} */ node, /** @type {string} */ text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets an attribute only where it differs; `null` takes it away. */
export function mark(/** @type {Element} */ node, /** @type {string} */ name, /** @type {string | null} */ value) {
  if (value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

const ICONS = {
  play: "M7 4.5v15l13-7.5z",
  pause: "M6 4.5h4v15H6zM14 4.5h4v15h-4z",
  step: "M5 4.5h3v15H5zM10.5 4.5v15l10-7.5z",
  epoch: "M3.5 5v14l8-7zM11.5 5v14l8-7zM19 5h2.5v14H19z",
  reset: "M12 4.5a7.5 7.5 0 1 1-7.1 5.1l2.3.8A5.1 5.1 0 1 0 12 6.9V10L6.5 5.7 12 1.5z",
  minus: "M5 10.8h14v2.4H5z",
  close: "M6.7 5.2 12 10.5l5.3-5.3 1.5 1.5-5.3 5.3 5.3 5.3-1.5 1.5-5.3-5.3-5.3 5.3-1.5-1.5 5.3-5.3-5.3-5.3z",
  camera: "M9 4.5h6l1.6 2.3H20a1.6 1.6 0 0 1 1.6 1.6v9.5a1.6 1.6 0 0 1-1.6 1.6H4a1.6 1.6 0 0 1-1.6-1.6V8.4A1.6 1.6 0 0 1 4 6.8h3.4zM12 8.8a4.2 4.2 0 1 0 .01 0z",
  plus: "M10.8 5h2.4v5.8H19v2.4h-5.8V19h-2.4v-5.8H5v-2.4h5.8z",
};

/** One of our own icons, drawn in the colour of the text around it. */
export function icon(/** @type {keyof typeof ICONS} */ name) {
  return drawing({ viewBox: "0 0 24 24" }, { d: ICONS[name] });
}

/** A short line with its dash, as lines on a picture are drawn: for a table or a legend. */
export function dashed(/** @type {number[]} */ dash) {
  return drawing({ viewBox: "0 0 26 10" }, { d: "M0 5h26", "stroke-width": 3, "stroke-dasharray": dash.join(" ") });
}

/**
 * A small drawing in SVG; it takes its colours from the sheets. Who listens does not hear of it: words stand beside it.
 *
 * @param {Record<string, any>} attributes
 * @param {...Record<string, any>} parts Attributes of each; a path unless its `tag` says otherwise.
 */
export function drawing(attributes, ...parts) {
  const made = (/** @type {string} */ tag, /** @type {Record<string, any>} */ all) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(all)) node.setAttribute(name, String(value));
    return node;
  };
  const svg = made("svg", { "aria-hidden": "true", ...attributes });
  svg.append(...parts.map(({ tag = "path", ...all }) => made(tag, all)));
  return svg;
}

/** A canvas of one device pixel per dot, whatever the screen: draw on it in CSS pixels. */
export class Sheet {
  /** @param {Record<string, any>} attributes */
  constructor(attributes) {
    /** @type {HTMLCanvasElement} */
    this.canvas = element("canvas", attributes);
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.width = 0;
    this.height = 0;
    this.ratio = 0;
  }

  /**
   * Takes the size its place in the page has now.
   *
   * @returns {boolean} Whether it changed (the canvas is then blank).
   */
  fit() {
    const ratio = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === this.width && height === this.height && ratio === this.ratio) return false;
    Object.assign(this, { width, height, ratio });
    this.canvas.width = Math.max(1, Math.round(width * ratio));
    this.canvas.height = Math.max(1, Math.round(height * ratio));
    return true;
  }

  /** Wipes it and hands out its context, one unit being one CSS pixel. */
  blank() {
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.context.clearRect(0, 0, this.width, this.height);
    return this.context;
  }
}
