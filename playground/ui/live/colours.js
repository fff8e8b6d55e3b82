// The page's theme as the canvases need it, and the colours of data: one role, one colour.

/**
 * @typedef {[number, number, number]} Rgb
 * @typedef {object} Theme
 * @property {boolean} dark
 * @property {string} ink       Text and lines.
 * @property {string} muted     Text that steps back, still 4.5 : 1.
 * @property {string} paper     The page behind everything.
 * @property {string} grid      Lines barely there.
 * @property {string} border
 * @property {string} accent    Selection and the main button.
 * @property {string} font
 * @property {string} negative  Below zero, class 0.
 * @property {string} positive  Above zero, class 1.
 * @property {string} neutral
 * @property {Uint32Array} diverging  256 colours from negative over neutral to positive, as canvas pixels.
 * @property {string[]} classes One hue a class where there are more than two.
 * @property {string[]} marks   Colours of the points of class 0 and 1: a shade deeper than the surface they lie on.
 * @property {string} real      Of real pictures, and of made ones: never of anything else.
 * @property {string} fake
 * @property {string} key       Changes when any of it does.
 */

/** The same palette as `playground/viz/theme.py`. */
const LIGHT = {
  negative: "#F59322", neutral: "#E8EAEB", positive: "#0877BD", marks: ["#D97800", "#075F99"], real: "#0B8484", fake: "#B3257C",
  classes: ["#7B4FB0", "#1B8A5A", "#B8437B", "#8A6D1F", "#5B6B7A", "#3C8D93"],
};
const DARK = {
  negative: "#FFB35C", neutral: "#2A2E33", positive: "#4FB3F0", marks: ["#FFC988", "#8FD2FA"], real: "#4CC4BE", fake: "#F178BC",
  classes: ["#B48CE6", "#55C596", "#EC86B4", "#D3B45A", "#A3B1BF", "#74C6CC"],
};

const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** Red, green and blue (0..255) of any CSS colour. */
export function rgb(/** @type {string} */ css) {
  if (!probe) return /** @type {Rgb} */ ([0, 0, 0]);
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = "#000";
  probe.fillStyle = css;
  probe.fillRect(0, 0, 1, 1);
  return /** @type {Rgb} */ ([...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)]);
}

/** A colour between two, `share` of the way from the first to the second. */
export function mix(/** @type {Rgb} */ a, /** @type {Rgb} */ b, /** @type {number} */ share) {
  return /** @type {Rgb} */ (a.map((from, i) => Math.round(from + (b[i] - from) * share)));
}

export function css(/** @type {Rgb} */ [r, g, b]) {
  return `rgb(${r},${g},${b})`;
}

/** Perceived lightness between 0 and 1 (Rec. 709 weights). */
export function lightness(/** @type {Rgb} */ [r, g, b]) {
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}

/** One canvas pixel (little-endian RGBA). */
export function pixel(/** @type {Rgb} */ [r, g, b], alpha = 255) {
  return ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/**
 * 256 pixels from one colour over a middle to another.
 *
 * @param {number} [bands] Steps instead of a smooth passage.
 */
export function ramp(/** @type {Rgb} */ low, /** @type {Rgb} */ middle, /** @type {Rgb} */ high, bands = 0) {
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i += 1) {
    let share = i / 255;
    if (bands) share = Math.min(bands - 1, Math.floor(share * bands)) / (bands - 1);
    const side = share * 2 - 1;
    table[i] = pixel(mix(middle, side < 0 ? low : high, Math.abs(side)));
  }
  return table;
}

/**
 * What the page looks like now, from the custom properties Streamlit sets around a component.
 *
 * @param {Element} node
 * @returns {Theme}
 */
export function readTheme(node) {
  const style = getComputedStyle(node);
  const read = (/** @type {string} */ name, /** @type {string} */ otherwise) => {
    const value = style.getPropertyValue(name).trim();
    return value && value !== "unset" ? value : otherwise;
  };
  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const paper = read("--st-background-color", prefersDark ? "#15181c" : "#ffffff");
  const dark = lightness(rgb(paper)) < 0.5;
  const ink = read("--st-text-color", dark ? "#e6e8ea" : "#1f2328");
  const accent = read("--st-primary-color", dark ? "#b9a7ff" : "#4b3f9e");
  const font = read("--st-font", "system-ui, sans-serif");
  const data = dark ? DARK : LIGHT;
  const [back, fore] = [rgb(paper), rgb(ink)];
  return {
    dark, ink, paper, accent, font, ...data,
    muted: css(mix(back, fore, 0.68)),
    grid: css(mix(back, fore, dark ? 0.14 : 0.09)),
    border: css(mix(back, fore, 0.24)),
    diverging: ramp(rgb(data.negative), rgb(data.neutral), rgb(data.positive)),
    key: [paper, ink, accent, font].join("|"),
  };
}

/** Ink that can be read on a filled accent. */
export function onAccent(/** @type {Theme} */ theme) {
  return lightness(rgb(theme.accent)) > 0.5 ? "#111418" : "#ffffff";
}

/** The hue of a class where there are more than two; more than six begin again, told apart by their shapes. */
export function hue(/** @type {Theme} */ theme, /** @type {number} */ index) {
  return theme.classes[index % theme.classes.length];
}
