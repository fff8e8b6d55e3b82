// Numbers as people read them, with a steady number of digits so that nothing dances.

const MINUS = "\u2212";

/** `2,140`: whole numbers in groups of three. */
export function whole(/** @type {number | null | undefined} */ x) {
  if (!Number.isFinite(x)) return "\u2013";
  return (Math.round(/** @type {number} */ (x)) + 0).toLocaleString("en-US").replace("-", MINUS);
}

/** `0.031`, `1.24`, `31.4`, `2,140`, `1.2e-4`: about three significant digits. */
export function decimal(/** @type {number | null | undefined} */ x) {
  if (x === null || x === undefined || !Number.isFinite(x)) return "\u2013";
  const size = Math.abs(x);
  const sign = x < 0 ? MINUS : "";
  if (size === 0) return "0.000";
  if (size < 0.0005) return sign + size.toExponential(1).replace("-", MINUS);
  if (size < 1) return sign + size.toFixed(3);
  if (size < 10) return sign + size.toFixed(2);
  if (size < 100) return sign + size.toFixed(1);
  if (size < 1e6) return sign + whole(size);
  return sign + size.toExponential(1).replace("+", "");
}

/** `94.2 %` of a share between 0 and 1. */
export function percent(/** @type {number | null | undefined} */ share) {
  if (share === null || share === undefined || !Number.isFinite(share)) return "\u2013";
  return `${(100 * share).toFixed(1)} %`;
}

/** A number on an axis: no more digits than the step between two ticks needs. */
export function tick(/** @type {number} */ x, /** @type {number} */ step) {
  if (x !== 0 && (Math.abs(x) >= 1e6 || Math.abs(x) < 1e-3)) {
    return x.toExponential(0).replace("+", "").replace(/-/g, MINUS);
  }
  const digits = Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9)));
  return digits === 0 ? whole(x) : x.toFixed(digits).replace("-", MINUS);
}

/** A number without more digits than it needs: `1`, `0.25`, `64`, `1,560`. */
export function short(/** @type {number} */ x) {
  const size = Math.abs(x);
  if ((x !== 0 && size < 0.01) || size >= 1e6) return x.toExponential(0).replace("+", "").replaceAll("-", MINUS);
  return size >= 1000 ? whole(x) : String(+x.toPrecision(3)).replace("-", MINUS);
}

/** `1 unit`, `4 units`, `1,560 rows`. */
export function counted(/** @type {number} */ n, /** @type {string} */ what) {
  return `${whole(n)} ${what}${n === 1 ? "" : "s"}`;
}

/**
 * Round numbers between two ends, about as many as asked for.
 *
 * @returns {{values: number[], step: number}}
 */
export function ticks(/** @type {number} */ low, /** @type {number} */ high, /** @type {number} */ wanted) {
  const raw = (high - low) / Math.max(1, wanted);
  if (!(raw > 0)) return { values: [low], step: 1 };
  const decade = 10 ** Math.floor(Math.log10(raw));
  const step = decade * ([1, 2, 5].find((m) => m * decade >= raw * 0.7) ?? 10);
  const values = [];
  for (let k = Math.ceil(low / step - 1e-6); k * step <= high + step * 1e-6; k += 1) values.push(k * step);
  return { values, step };
}

/** The smallest of `start`, 2 `start`, 4 `start` ... that holds x: axes grow in doublings, never from frame to frame. */
export function doubled(/** @type {number} */ x, /** @type {number} */ start) {
  return x > start ? start * 2 ** Math.ceil(Math.log2(x / start) - 1e-9) : start;
}
