// One step in words and equations: what each phase computes, with the numbers of the weight that is looked at.

import { element } from "./dom.js";
import { decimal, short, whole } from "./numbers.js";
import { PHASES } from "./step_pen.js";
import { fine } from "./step_scene.js";

const [, FORWARD, LOSS, BACKWARD, UPDATE] = PHASES;
/** Terms of a sum that are written out; the rest is counted. */
const TERMS = 8;

/**
 * @typedef {import("./step_scene.js").Scene} Scene
 * @typedef {import("./step_scene.js").Ref} Ref
 */

/** One over another, as fractions are written. */
function over(/** @type {string} */ top, /** @type {string} */ below) {
  return element("span", { class: "fraction" }, element("span", {}, top), element("span", {}, below));
}

/** A number with its sign's line under it. */
function value(/** @type {number} */ x, strong = false) {
  return element(strong ? "b" : "span", { class: x < 0 ? "number negative" : "number positive" }, fine(x));
}

/** A factor or term: in brackets where it is negative. */
function term(/** @type {number} */ x) {
  return x < 0 ? element("span", {}, "(", value(x), ")") : value(x);
}

function row(/** @type {(Node | string)[]} */ ...parts) {
  return element("div", { class: "equation row" }, ...parts);
}

function said(/** @type {string} */ text) {
  return element("p", { class: "said" }, text);
}

/** Parts with a sign between them; many of them are counted at the end. */
function joined(/** @type {Node[]} */ parts, /** @type {string} */ sign, more = 0) {
  const all = parts.flatMap((part, i) => (i ? [` ${sign} `, part] : [part]));
  return more ? [...all, ` ${sign} \u2026 (${more} more)`] : all;
}

function sampleName(/** @type {Scene} */ scene, /** @type {number} */ sample) {
  const { samples, n } = scene.header;
  return sample === scene.batch ? (n === 1 ? "the batch of one" : `the batch of ${whole(n)}`) : samples[sample];
}

/**
 * What the panel says.
 *
 * @param {Scene} scene
 * @param {{phase: string, row: number, ref: Ref, chosen: boolean, history: number[]}} view
 * @returns {{title: string, nodes: Node[]}}
 */
export function explained(scene, view) {
  if (view.phase === FORWARD) return { title: "Forward: multiply and add", nodes: forward(scene, view) };
  if (view.phase === LOSS) return { title: "Loss: how far off", nodes: loss(scene, view) };
  if (view.phase === BACKWARD) return { title: "Backward: the chain rule", nodes: backward(scene, view) };
  if (view.phase === UPDATE) return { title: "Update: the optimizer moves the weights", nodes: update(scene, view) };
  const { counts, parameters, n } = scene.header;
  return { title: "One step of learning", nodes: [
    said(`A network of ${counts.join("-")} units with ${whole(parameters)} weights and biases, and a batch of ${n === 1 ? "1 sample" : `${whole(n)} samples`}.`),
    said("Next goes through the step: the numbers flow forward, the loss is taken, the gradients flow back, the weights move."),
  ] };
}

/** The unit's sum, written out, and what becomes of it. */
function forward(scene, { row: sample, ref }) {
  const column = ref.layer + 1;
  const unit = scene.unitName(column, ref.to);
  const refs = Array.from({ length: scene.columns[ref.layer] }, (_, from) => ({ layer: ref.layer, to: ref.to, from }));
  const hidden = scene.header.counts[ref.layer] - refs.length;
  const products = refs.slice(0, TERMS).map((one) => {
    const part = element("span", { class: "product" }, term(scene.link("weights", one)), "\u00a0\u00d7\u00a0", term(scene.input(one, sample)));
    part.toggleAttribute("data-chosen", one.from === ref.from);
    return part;
  });
  const bias = element("span", { class: "product" }, term(scene.link("weights", { ...ref, from: null })));
  bias.toggleAttribute("data-chosen", ref.from === null);
  const more = refs.length - products.length + hidden;
  const sum = scene.unit("sums", sample, column, ref.to);
  const out = scene.unit("values", sample, column, ref.to);
  const last = column === scene.last;
  return [
    said(sample === scene.batch ? `${unit}, as the mean over ${sampleName(scene, sample)}:` : `${unit}, for ${sampleName(scene, sample)}: each input times its weight, plus the bias.`),
    row("z = ", ...joined([...products, bias], "+", more), " = ", value(sum, true)),
    last
      ? row(scene.header.answers.length ? "the output is z itself, a logit: " : "the output is z itself: ", value(out, true))
      : sample === scene.batch && scene.header.n > 1
        ? row(`a, as the mean of each sample's ${scene.header.activation}(z): `, value(out, true))
        : row(`a = ${scene.header.activation}(`, value(sum), ") = ", value(out, true)),
    ...(last && scene.header.answers.length && sample < scene.batch
      ? [row(`probability p = ${scene.columns[scene.last] > 1 ? "softmax of all outputs" : "\u03c3(z)"} = `, value(scene.header.answers[sample][ref.to], true))] : []),
  ];
}

/** Each sample's loss, and their mean. */
function loss(scene, { row: sample }) {
  const { losses, n, loss_name: name, loss_title: title, answers, targets } = scene.header;
  const nodes = [];
  if (sample < scene.batch) {
    const [many, t] = [scene.columns[scene.last] > 1, targets[sample]];
    const z = scene.unit("values", sample, scene.last, 0);
    if (name === "mse" && !many) {
      nodes.push(said("Squared error: output less target, squared."), row("(", value(z), " \u2212 ", term(t[0]), ")\u00b2 = ", value(losses[sample], true)));
    } else if (name === "cross_entropy" && !many) {
      nodes.push(said("Cross-entropy: minus the logarithm of the probability given to the target."));
      nodes.push(row("p = \u03c3(", value(z), ") = ", value(answers[sample][0])));
      if (t[0] === 0 || t[0] === 1) nodes.push(row(t[0] ? "\u2212ln p = " : "\u2212ln(1 \u2212 p) = ", value(losses[sample], true)));
      else nodes.push(row("\u2212t ln p \u2212 (1 \u2212 t) ln(1 \u2212 p) = ", value(losses[sample], true)));
    } else if (name === "cross_entropy") {
      const right = t.indexOf(Math.max(...t));
      nodes.push(said(`Cross-entropy: minus the logarithm of the probability given to ${scene.unitName(scene.last, right)}.`));
      nodes.push(row("\u2212ln ", value(answers[sample][right]), " = ", value(losses[sample], true)));
    } else nodes.push(row(`${title} of ${sampleName(scene, sample)}: `, value(losses[sample], true)));
  }
  const parts = losses.slice(0, TERMS).map((/** @type {number} */ one) => value(one));
  nodes.push(said(n === 1 ? "One sample: its loss is L." : `L is the mean over the ${whole(n)} samples. It is what gets smaller.`));
  nodes.push(row("L = ", ...(n === 1 ? [] : ["(", ...joined(parts, "+", n - parts.length), `) / ${whole(n)} = `]), value(scene.header.loss, true)));
  return nodes;
}

/** The chain rule with its numbers, the sum over the batch, and what autograd says. */
function backward(scene, { row: sample, ref, chosen }) {
  const { n, check } = scene.header;
  const [letter, name] = [ref.from === null ? "b" : "w", scene.linkName(ref)];
  const gradient = scene.link("gradients", ref);
  const d = (/** @type {string} */ of, top = "L") => over(`\u2202${top}`, `\u2202${of}`);
  const nodes = [said(`${chosen ? (ref.from === null ? "B" : "W") : `For example ${ref.from === null ? "b" : "w"}`}${ref.from === null ? name.slice(1) : `eight ${name}`}${sample < scene.batch ? `, ${sampleName(scene, sample)}` : ""}:`)];
  const column = ref.layer + 1;
  if (sample < scene.batch) {
    const factors = [scene.unit("output_gradients", sample, column, ref.to), scene.unit("slopes", sample, column, ref.to), scene.input(ref, sample)];
    nodes.push(row(d(letter), " = ", d("a"), "\u00a0\u00b7\u00a0", d("z", "a"), "\u00a0\u00b7\u00a0", d(letter, "z")));
    const written = row("= ", ...joined(factors.map(term), "\u00b7"), " = ", value(scene.share(ref, sample), true));
    written.dataset.testid = "chain";
    nodes.push(written);
    nodes.push(element("p", { class: "aside" }, origin(scene, ref, sample)));
  }
  if (n > 1) {
    const parts = Array.from({ length: Math.min(scene.batch, TERMS) }, (_, k) => {
      const share = term(scene.share(ref, k));
      const part = element("span", { class: "product" }, share);
      part.toggleAttribute("data-chosen", k === sample);
      return part;
    });
    const sum = row("Batch: ", ...joined(parts, "+", n - parts.length), " = ", value(gradient, true));
    sum.dataset.testid = "batch-sum";
    nodes.push(sum);
  }
  if (check) {
    const theirs = scene.link("checked", ref);
    const agreed = row(`${check.library}: `, value(theirs), `, largest difference anywhere ${exact(check.largest)}`);
    agreed.dataset.testid = "check";
    agreed.title = `at ${check.where}`;
    nodes.push(agreed);
  }
  return nodes;
}

/** Where the three factors come from. */
function origin(scene, /** @type {Ref} */ ref, /** @type {number} */ sample) {
  const column = ref.layer + 1;
  const unit = scene.unitName(column, ref.to);
  const { n } = scene.header;
  const last = column === scene.last;
  const from = last
    ? `\u2202L/\u2202a comes from the loss${n > 1 ? `, divided by ${whole(n)} because L is a mean` : ""}; the output has no activation, so \u2202a/\u2202z is 1`
    : `\u2202L/\u2202a of ${unit} came back along its links: each weight times \u2202L/\u2202z of the unit it leads to, added up; \u2202a/\u2202z is the slope of ${scene.header.activation} at z = ${decimal(scene.unit("sums", sample, column, ref.to))}`;
  return `${from}; \u2202z/\u2202${ref.from === null ? "b is 1" : `w is the input ${scene.unitName(ref.layer, ref.from)}`}.`;
}

/** Old weight, less learning rate times gradient, is the new weight: of one, then of all. */
function update(scene, { ref, history }) {
  const { lr, plain, rule, rule_title: title, loss: before, new_loss: after } = scene.header;
  const letter = ref.from === null ? "b" : "w";
  const [old, gradient, next] = ["weights", "gradients", "new_weights"].map((name) => scene.link(/** @type {any} */ (name), ref));
  const nodes = [];
  if (plain) {
    nodes.push(row(element("span", { class: "product", "data-chosen": true }, scene.linkName(ref)), `: ${letter} \u2212 \u03b7 \u00b7 \u2202L/\u2202${letter}`));
    const written = row("= ", value(old), ` \u2212 ${short(lr)} \u00b7 `, term(gradient), " = ", value(next, true));
    written.dataset.testid = "updated";
    nodes.push(written);
  } else {
    nodes.push(said(rule === "sgd"
      ? "The penalty pulls at each weight besides its gradient, so that the step is not the learning rate times the gradient alone."
      : `${title} makes of each gradient, and of what it remembers, a step of its own.`));
    nodes.push(row(`${scene.linkName(ref)}: `, value(old), ` ${next < old ? "\u2212" : "+"} ${decimal(Math.abs(next - old))} = `, value(next, true)));
  }
  const path = [...history.slice(-4), before].map((one) => decimal(one)).join(" \u2192 ");
  const losses = row(`Loss ${path} \u2192 `, element("b", {}, decimal(after)), after > before ? ": the step was too long." : "");
  losses.dataset.testid = "losses";
  nodes.push(losses);
  const table = element("table", { class: "moves" }, element("thead", {}, element("tr", {},
    ...["", "old", "gradient", "step", "new"].map((head) => element("th", { scope: "col" }, head)))));
  const body = element("tbody");
  let rows = 0;
  for (const one of scene.refs()) {
    if (++rows > 80) break;
    const line = element("tr", {}, element("th", { scope: "row" }, scene.linkName(one)),
      ...steps(scene, one).map((number) => element("td", {}, fine(number))));
    line.toggleAttribute("data-chosen", one.layer === ref.layer && one.to === ref.to && one.from === ref.from);
    body.append(line);
  }
  table.append(body);
  nodes.push(element("div", { class: "moves-room", tabindex: "0", role: "region", "aria-label": "Every weight before and after", "data-testid": "moves" }, table));
  return nodes;
}

/** Old weight, gradient, what is added to the weight, and the new weight. */
function steps(scene, /** @type {Ref} */ ref) {
  const [old, gradient, next] = ["weights", "gradients", "new_weights"].map((kind) => scene.link(/** @type {any} */ (kind), ref));
  return [old, gradient, scene.header.plain ? -scene.header.lr * gradient : next - old, next];
}

/** A difference as small as rounding, `2.8e-17`; none at all is `0`. */
function exact(/** @type {number | null} */ x) {
  if (x === null) return "\u2013";
  return x === 0 ? "0" : x.toExponential(1).replace("-", "\u2212");
}

/**
 * The phase in a sentence with its numbers, for those who do not see the picture.
 *
 * @param {Scene} scene
 * @param {{phase: string, row: number, ref: Ref}} view
 */
export function spoken(scene, { phase, row: sample, ref }) {
  const { loss: before, new_loss: after, n, losses, counts } = scene.header;
  const outputs = Array.from({ length: scene.columns[scene.last] }, (_, i) => `${scene.unitName(scene.last, i)} ${decimal(scene.unit("values", sample, scene.last, i))}`);
  const who = sampleName(scene, sample);
  if (phase === FORWARD) {
    const hidden = scene.columns.slice(1, -1).flatMap((count, k) => Array.from({ length: count }, (_, i) => `${scene.unitName(k + 1, i)} ${decimal(scene.unit("values", sample, k + 1, i))}`));
    return `Forward, ${who}: ${[...hidden.slice(0, 16), ...outputs].join(", ")}.`;
  }
  if (phase === LOSS) {
    const one = sample < scene.batch ? `${outputs.join(", ")}; loss of ${who} ${decimal(losses[sample])}. ` : "";
    return `Loss: ${one}Mean over the batch of ${n}: ${decimal(before)}.`;
  }
  if (phase === BACKWARD) return `Backward: the gradient of ${scene.linkName(ref)} is ${fine(scene.link("gradients", ref))}.`;
  if (phase === UPDATE) {
    return `Update: ${scene.linkName(ref)} goes from ${decimal(scene.link("weights", ref))} to ${decimal(scene.link("new_weights", ref))}; the loss from ${decimal(before)} to ${decimal(after)}.`;
  }
  return `A network of ${counts.join("-")} units, before the step. Weight ${scene.linkName(ref)} is ${decimal(scene.link("weights", ref))}.`;
}
