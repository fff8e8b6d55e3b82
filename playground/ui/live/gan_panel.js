// Beside the pictures: both losses, how well real and drawn are told apart, how far made pictures are from real ones.

import { duration } from "./cnn_panel.js";
import { element, mark, say } from "./dom.js";
import { decimal, doubled, percent } from "./numbers.js";
import { Plot } from "./plot.js";

/** Columns of the curve, as `training/gan_history.py` has them. */
const [STEP, G_LOSS, D_LOSS, D_REAL, D_FAKE, FRECHET] = [1, 2, 3, 4, 5, 6];
/** Room for numbers and names, in multiples of the type's size: the three lie exactly below each other. */
const ROOM = { numbers: 2.6, names: 5.6 };

export class GanPanel {
  /** @param {() => void} again */
  constructor(again) {
    this.losses = new Plot("canvas-losses", "Losses", again);
    this.judged = new Plot("canvas-judged", "How real and made pictures are told apart", again);
    this.distance = new Plot("canvas-distance", "Distance between real and made pictures", again);
    const fact = (/** @type {string} */ id, /** @type {string} */ label, /** @type {string} */ title) => {
      const value = element("dd", { "data-testid": id }, "\u2013");
      return { value, root: element("div", { class: "readout", title }, element("dt", {}, label), value) };
    };
    this.facts = {
      real: fact("told-real", "real, told right", ""),
      fake: fact("told-fake", "made, told right", ""),
      best: fact("best", "best distance", "The smallest distance that was measured"),
      generator: fact("gradient-g", "gradient of G", "Length of the generator's gradient in the last step: where it vanishes, nothing is learnt"),
      discriminator: fact("gradient-d", "gradient of D", "Length of the discriminator's gradient in the last step"),
      eta: fact("eta", "time left", "How long until the last epoch, at this pace"),
    };
    this.notes = element("div", { class: "cnn-notes" });
    const plot = (/** @type {Plot} */ one, /** @type {string} */ name) => element("div", { class: `gan-plot ${name}` }, one.sheet.canvas);
    this.root = element("section", { class: "panel cnn-panel gan-panel", "aria-label": "Progress" },
      plot(this.losses, "losses"), plot(this.judged, "judged"), plot(this.distance, "distance"),
      element("dl", { class: "cnn-facts" }, ...Object.values(this.facts).map(({ root }) => root)), this.notes);
    this.forget();
  }

  /** Axes of another run begin small again. */
  forget() {
    this.latest = -1;
    this.most = { loss: 0, under: 0, score: 0 };
    this.decades = /** @type {[number, number] | null} */ (null);
  }

  /** A new scene: perhaps other pictures or another loss. */
  take(/** @type {Record<string, any>} */ scene) {
    say(this.notes, scene.notes.join(" "));
    mark(this.notes, "title", scene.notes.join(" ") || null);
    mark(this.distance.sheet.canvas, "title", `Fr\u00e9chet distance between the features of real and of made pictures, as ${scene.frechet_name} sees them: the smaller, the more alike. Compare only runs on the same pictures`);
    const key = JSON.stringify([scene.loss.name, scene.dataset]);
    if (key !== this.key) this.forget();
    this.key = key;
  }

  draw(/** @type {import("./colours.js").Theme} */ theme, scene, tick, /** @type {number} */ size) {
    const { curve } = tick.blocks;
    const n = curve?.shape[1] ?? 0;
    const column = (/** @type {number} */ k) => curve.data.subarray(k * n, (k + 1) * n);
    const steps = n ? column(STEP) : [0];
    const last = Math.max(0, ...steps);
    if (last < this.latest) this.forget(); // begun again
    this.latest = last;
    const x = { low: 0, high: doubled(last, 100), label: "" };
    const line = (/** @type {number} */ k, /** @type {Record<string, any>} */ look, scale = 1) => ({ ...known(n ? steps : [], n ? column(k) : [], scale), width: 1.8, ...look });
    const [hue, other] = [theme.classes[0], theme.classes[3]];
    const { judge } = scene.header;
    const critic = judge.kind === "critic";
    const lines = [line(G_LOSS, { name: "generator", colour: hue }), line(D_LOSS, { name: critic ? "critic" : "discrim.", colour: other, dash: [5, 3] })];
    this.losses.draw(theme, { size, x, y: this.reach(lines, "loss", "loss"), lines, ordered: true, ...ROOM });
    this.drawJudged(theme, judge, line, x, size);
    this.drawDistance(theme, scene.header, [line(FRECHET, { colour: theme.ink, name: "" })], x, size, tick.header);
  }

  /** Shares told right, with the line of guessing; or mean scores, on a scale of their own. */
  drawJudged(theme, judge, line, x, /** @type {number} */ size) {
    const looks = [{ name: "real", colour: theme.real }, { name: "made", colour: theme.fake, dash: [5, 3] }];
    const scale = judge.accuracy ? 100 : 1;
    const lines = [line(D_REAL, looks[0], scale), line(D_FAKE, looks[1], scale)];
    const y = judge.accuracy ? { low: 0, high: 100, label: "told right by the discriminator, %" } : this.reach(lines, "score", "critic\u2019s mean score (no probability)");
    this.judged.draw(theme, { size, x, y, lines, ordered: true, guides: judge.accuracy ? [{ y: 50, label: lines[0].x.length ? "" : "guessing" }] : [], ...ROOM });
  }

  /** On whole decades, which only ever grow. */
  drawDistance(theme, scene, lines, x, /** @type {number} */ size, /** @type {Record<string, any>} */ { best, metrics, look_at: next, doing }) {
    const floor = metrics.frechet_real; // what two halves of the real pictures have between them
    const values = [...lines[0].y, floor].filter((/** @type {number} */ value) => value > 0);
    if (values.length) {
      const [low, high] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)) + 1e-9)];
      const [from, to] = this.decades ?? [low, Math.max(high, low + 1)];
      this.decades = [Math.min(from, low), Math.max(to, high)];
    }
    const [from, to] = this.decades ?? [0, 2];
    const context = this.distance.draw(theme, {
      size, x: { ...x, label: "step" }, lines, ...ROOM,
      y: { low: 10 ** from, high: 10 ** to, log: true, label: "Fr\u00e9chet distance of made to real" },
      points: best && values.length ? [{ x: best.step, y: best.frechet, colour: theme.accent, radius: 3.5, label: "best" }] : [],
      guides: floor > 0 ? [{ y: floor, label: "real to real" }] : [],
    });
    if (values.length || !next) return;
    const { x: left, y: top, w, h } = this.distance.box;
    Object.assign(context, { fillStyle: theme.muted, textAlign: "center", textBaseline: "middle" });
    context.fillText(doing ? "being measured" : `measured first at step ${next}`, left + w / 2, top + h / 2, w);
  }

  /** A level axis that holds zero and all values; its ends grow in doublings and never shrink while the run goes on. */
  reach(lines, /** @type {"loss" | "score"} */ kind, /** @type {string} */ label) {
    const values = lines.flatMap((/** @type {any} */ { y }) => [...y]).filter(Number.isFinite);
    const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
    this.most[kind] = Math.max(this.most[kind], doubled(high, 0.5));
    if (low < 0) this.most[`${kind}-under`] = Math.max(this.most[`${kind}-under`] ?? 0, doubled(-low, 0.5));
    return { low: -(this.most[`${kind}-under`] ?? 0), high: this.most[kind], label };
  }

  /** The numbers of a tick. */
  report(/** @type {Record<string, any>} */ tick, /** @type {Record<string, any>} */ scene) {
    const { facts } = this;
    const { judge, gradient_norms: norms = {}, best, eta, status } = tick;
    const named = scene.judge.accuracy;
    for (const [fact, share, mean, words] of /** @type {const} */ ([[facts.real, judge.right_real, judge.real, "real"], [facts.fake, judge.right_fake, judge.fake, "made"]])) {
      say(fact.root.firstChild, named ? `${words}, told right` : `score of ${words}`);
      say(fact.value, named ? percent(share) : decimal(mean));
      mark(fact.root, "title", named ? `Share of the ${words} pictures of the last steps that the discriminator tells rightly; 50 % is guessing` : `Mean score of the ${words} pictures of the last steps: it has no fixed scale, only the gap counts`);
    }
    say(facts.best.value, best ? decimal(best.frechet) : "\u2013");
    mark(facts.best.root, "title", best ? `The smallest distance that was measured, at step ${best.step}` : "The smallest distance that was measured");
    say(facts.generator.value, decimal(norms.generator));
    say(facts.discriminator.value, decimal(norms.discriminator));
    say(facts.eta.value, status === "playing" ? duration(eta) : "\u2013");
  }

  /** What the pictures show, for who listens. */
  speak(/** @type {string} */ losses, /** @type {string} */ all) {
    mark(this.losses.sheet.canvas, "aria-label", losses);
    mark(this.judged.sheet.canvas, "aria-label", all);
    mark(this.distance.sheet.canvas, "aria-label", all);
  }
}

/** Where a quantity was measured: it is not at each step. */
function known(/** @type {ArrayLike<number>} */ steps, /** @type {ArrayLike<number>} */ values, scale = 1) {
  const [x, y] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
  for (let i = 0; i < values.length; i += 1) {
    if (!Number.isFinite(values[i])) continue;
    x.push(steps[i]);
    y.push(values[i] * scale);
  }
  return { x, y };
}
