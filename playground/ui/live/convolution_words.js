// What is said beside the three depths: which pixel it is, where it came from, its sum with the numbers put in.

import { patch } from "./convolve.js";
import { brief, fitted } from "./convolution_pen.js";
import { element } from "./dom.js";
import { counted, decimal, whole } from "./numbers.js";

const p = (/** @type {string} */ text, kind = "said") => element("p", { class: kind }, text);

/**
 * @param {import("./convolution_scene.js").NetworkScene} scene
 * @param {any} view
 * @param {(source: number) => void} choose
 * @returns {{title: string, nodes: Node[], closer: ((pen: any, width: number, height: number) => void) | null}}
 */
export function told(scene, view, choose) {
  const { spot, depth } = view;
  const layer = scene.layers[spot.stage];
  const title = `Layer ${spot.stage + 1}, ${layer.short}: map ${spot.channel + 1} of ${layer.shape[0]}`;
  const value = layer.maps[spot.channel][spot.row * layer.shape[2] + spot.column];
  const where = p(`Row ${spot.row + 1}, column ${spot.column + 1} holds ${decimal(value)}.`);
  if (depth === "network") return { title, nodes: [where, came(scene, spot), p(about(layer), "aside")], closer: (pen, width, height) => closeUp(scene, spot, view.known, pen, width, height) };
  if (depth === "channel") return { title, nodes: [where, ...summed(scene, view, choose), p(remark(layer), "aside")], closer: null };
  return { title, nodes: [where, ...multiplied(scene, view), p("Arrow keys move the window; press a bar to see another map's share.", "aside")], closer: null };
}

/** The map that is looked at, large. */
function closeUp(scene, spot, known, pen, /** @type {number} */ width, /** @type {number} */ height) {
  const layer = scene.layers[spot.stage];
  const [, rows, columns] = layer.shape;
  const box = fitted({ x: 0, y: 2, w: width, h: height - pen.size * 1.9 }, rows, columns);
  const grid = { values: layer.maps[spot.channel], rows, columns };
  pen.pixels(grid, box, "grey", layer.high, 0, known);
  pen.numbers(grid, box, "grey", layer.high, 0, known);
  pen.ring(pen.part(box, rows, columns, [spot.row, spot.row + 1, spot.column, spot.column + 1]), 2);
  pen.legend({ x: box.x + pen.size * 2.2, y: box.y + box.h + pen.size * 0.7, w: box.w - pen.size * 5, h: pen.size * 0.6 }, "grey", layer.high, 0, "+");
}

/** Where the pixel came from, layer by layer, as a small table. */
function came(scene, spot) {
  const trace = scene.trace(spot);
  const rows = trace.slice(0, -1).map(({ rows: [top, bottom], columns: [left, right] }, k) => {
    const layer = scene.layers[k - 1];
    const size = k === 0 ? [scene.side, scene.side] : layer.shape.slice(1);
    const outside = top < 0 || left < 0 || bottom > size[0] || right > size[1];
    const reads = k === 0 || scene.layers[spot.stage].kind === "conv" || k < spot.stage ? (k === 0 ? "the picture" : counted(layer.shape[0], "map")) : "1 map";
    return element("tr", {}, element("th", { scope: "row" }, k === 0 ? "Picture" : `Layer ${k}`), element("td", {}, `${bottom - top} \u00d7 ${right - left}${outside ? "*" : ""}`), element("td", {}, reads));
  }).reverse();
  const head = element("thead", {}, element("tr", {}, ...["It came from", "pixels", "of"].map((word) => element("th", { scope: "col" }, word))));
  const table = element("table", { "data-testid": "came-from" }, head, element("tbody", {}, ...rows));
  const beyond = table.textContent?.includes("*");
  return element("div", {}, table, beyond ? p("* partly in the padding of zeros", "aside") : null);
}

function about(layer) {
  if (layer.kind !== "conv") return "Pooling learns nothing: each map is made smaller by itself.";
  const maps = layer.shape[0];
  const weights = maps * layer.given[0] * layer.kernel * layer.kernel;
  const rest = layer.norm ? `${maps} scales and ${maps} shifts of the batch normalisation` : `${maps} biases`;
  return `${whole(layer.parameters)} numbers were learnt here: ${maps} times ${counted(layer.given[0], "kernel")} of ${layer.kernel} \u00d7 ${layer.kernel} (${whole(weights)}), and ${rest}. Wires: blue adds, orange and dashed takes away.`;
}

function remark(layer) {
  if (layer.kind !== "conv") return "Only the map of the same number is read, and nothing is learnt.";
  const norm = layer.norm ? " Batch normalisation is multiplied into the kernels and the bias, which changes no result." : "";
  return `A kernel for each map before; their maps are added up, place by place.${norm}`;
}

/** The sum over kernel maps at this place. */
function summed(scene, { spot, apart, source }, choose) {
  const layer = scene.layers[spot.stage];
  const at = spot.row * layer.shape[2] + spot.column;
  if (layer.kind !== "conv") return [p(`The ${layer.kind === "max" ? "largest" : "mean"} of the ${layer.kernel * layer.kernel} values under the window.`)];
  const list = apart.parts.map((/** @type {Float64Array} */ part, /** @type {number} */ k) => ({ k, value: part[at] }));
  const shown = list.length > 9 ? [...list].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 8).sort((a, b) => a.k - b.k) : list;
  const rest = list.filter((one) => !shown.includes(one)).reduce((sum, { value }) => sum + value, 0);
  const line = (/** @type {string} */ name, /** @type {number} */ value, kind = "", chosen = false, onclick = null) => element(
    "tr", { class: kind, "data-chosen": chosen, onclick }, element("th", { scope: "row" }, name), element("td", { class: value < 0 ? "negative" : "positive" }, (value < 0 ? "" : "+") + decimal(value)),
  );
  const rows = shown.map(({ k, value }) => line(spot.stage === 0 ? "the picture" : `map ${k + 1}`, value, "pickable", k === source && list.length > 1, () => choose(k)));
  if (rest || list.length > shown.length) rows.push(line(`${list.length - shown.length} others`, rest));
  rows.push(line("bias", apart.bias));
  const z = apart.sum[at] + apart.bias;
  rows.push(line("sum", z, "total"), line("after ReLU", Math.max(0, z), "total"));
  return [element("table", { class: "parts", "data-testid": "parts" }, element("tbody", {}, ...rows))];
}

/** The sum over the window, product by product. */
function multiplied(scene, { spot, source, apart }) {
  const layer = scene.layers[spot.stage];
  const at = spot.row * layer.shape[2] + spot.column;
  const how = scene.sliding(spot.stage);
  const under = patch(scene.before(spot.stage).maps[layer.kind === "conv" ? source : spot.channel], how, spot.row, spot.column, layer.kind === "conv" ? 0 : -Infinity);
  if (layer.kind !== "conv") {
    const all = [...under].map(brief).join(", ");
    return [element("div", { class: "equation row", "data-testid": "equation" }, `${layer.kind === "max" ? "max" : "mean"}(${all}) = ${decimal(layer.maps[spot.channel][at])}`)];
  }
  const weights = scene.kernel(spot.stage, spot.channel, source);
  const terms = [...under].map((one, k) => [k ? " + " : "", element("span", { class: "product" }, `${brief(one)}\u00b7${bracketed(weights[k])}`)]).flat();
  const part = apart.parts[source][at];
  const others = apart.sum[at] - part;
  const z = apart.sum[at] + apart.bias;
  const more = apart.parts.length > 1 ? ` + ${bracketed(others, decimal)} from the other maps` : "";
  return [
    element("div", { class: "equation row", "data-testid": "equation" }, ...terms, ` = `, element("b", {}, decimal(part))),
    element("div", { class: "equation row" }, `${decimal(part)}${more} + ${bracketed(apart.bias, decimal)} bias = `, element("b", {}, decimal(z))),
    element("div", { class: "equation row" }, `ReLU(${decimal(z)}) = max(0, ${decimal(z)}) = `, element("b", { "data-testid": "result" }, decimal(Math.max(0, z)))),
  ];
}

function bracketed(/** @type {number} */ x, write = brief) {
  return x < 0 && write(x) !== "0" ? `(${write(x)})` : write(x);
}

/** The same for who listens. */
export function spoken(scene, view) {
  const { spot, depth, apart } = view;
  const layer = scene.layers[spot.stage];
  const at = spot.row * layer.shape[2] + spot.column;
  const trace = scene.trace(spot)[0];
  const best = scene.header.answer.indexOf(Math.max(...scene.header.answer));
  const start = `${layer.title}, map ${spot.channel + 1}, row ${spot.row + 1}, column ${spot.column + 1}: ${decimal(layer.maps[spot.channel][at])}.`;
  if (depth === "network") return `${start} It saw rows ${trace.rows[0] + 1} to ${trace.rows[1]} and columns ${trace.columns[0] + 1} to ${trace.columns[1]} of the picture. The network reads ${scene.header.classes[best]}.`;
  if (layer.kind !== "conv") return `${start} The ${layer.kind === "max" ? "largest" : "mean"} of ${layer.kernel} by ${layer.kernel} values of the map before.`;
  if (depth === "channel") return `${start} The sum of ${counted(apart.parts.length, "kernel map")}, ${decimal(apart.sum[at])}, plus the bias ${decimal(apart.bias)}, after ReLU.`;
  return `${start} Map ${view.source + 1} before adds ${decimal(apart.parts[view.source][at])} of ${decimal(apart.sum[at])}; the bias is ${decimal(apart.bias)}.`;
}
