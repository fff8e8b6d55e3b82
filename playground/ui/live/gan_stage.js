// What happens, from left to right: a latent becomes a picture, 64 such pictures, real ones beside them, and what the
// discriminator says of both. Below, the same pictures at earlier steps.

import { picture } from "./cnn_paint.js";
import { drawing, element, mark, say, Sheet } from "./dom.js";
import { GanFilm } from "./gan_film.js";
import { GanGrid } from "./gan_grid.js";
import { GanScores } from "./gan_scores.js";
import { counted, decimal, percent, whole } from "./numbers.js";
import { Raster } from "./raster.js";

const arrow = () => element("span", { class: "gan-arrow" }, drawing({ viewBox: "0 0 12 12" }, { d: "M6 11 1.5 5h3V1h3v4h3z" }));
/** So many real pictures stand beside the made ones at most. */
const REAL = 24;

export class GanStage {
  /**
   * @param {(view: Record<string, any>) => void} onlook  An earlier step, or one class only.
   * @param {() => void} again
   */
  constructor(onlook, again) {
    this.again = again;
    this.onlook = onlook;
    this.view = /** @type {{snapshot: number | null, class: number | null}} */ ({ snapshot: null, class: null });
    this.chosen = 0;
    this.grid = new GanGrid((cell) => { this.chosen = cell; again(); });
    this.film = new GanFilm((view) => this.look(view), again);
    this.scores = new GanScores();
    this.latent = new Sheet({ class: "sheet", role: "img", "data-testid": "latent", "aria-label": "The latent: the numbers that the chosen picture is made from" });
    this.one = new Raster();
    this.real = new Raster();
    for (const [raster, id, label] of /** @type {const} */ ([[this.one, "chosen-picture", "The chosen picture, large"], [this.real, "real-pictures", "Real pictures"]])) {
      mark(raster.canvas, "data-testid", id);
      mark(raster.canvas, "role", "img");
      mark(raster.canvas, "aria-label", label);
    }
    const box = (/** @type {string} */ name) => {
      const [title, words] = [element("b"), element("span")];
      return { title, words, root: element("div", { class: `gan-box ${name}` }, title, words) };
    };
    this.maker = box("generator");
    this.judge = box("discriminator");
    this.verdicts = ["real", "fake"].map((kind) => {
      const [words, bar, value] = [element("span"), element("i"), element("b")];
      return { words, bar, value, root: element("div", { class: `gan-verdict ${kind}` }, words, element("span", { class: "gan-track" }, bar), value) };
    });
    this.noise = element("b", {}, "Latent");
    this.flow = element("div", { class: "gan-flow", "data-testid": "flow" },
      element("div", { class: "gan-head" }, this.noise), element("div", { class: "gan-latent" }, this.latent.canvas), arrow(),
      this.maker.root, arrow(), element("div", { class: "gan-one" }, this.one.canvas), arrow(), this.judge.root, arrow(),
      element("div", { class: "gan-verdicts" }, ...this.verdicts.map(({ root }) => root)));
    this.title = element("b");
    this.when = element("span", { "data-testid": "shown" });
    this.classes = element("div", { class: "gan-classes", role: "group", "aria-label": "Which class the grid shows", onkeydown: (/** @type {KeyboardEvent} */ event) => this.walk(event) });
    this.field = element("div", { class: "field gan-field" }, this.grid.root);
    this.fakes = element("div", { class: "gan-fakes" }, element("div", { class: "gan-head" }, this.title, this.when), this.classes, this.field);
    this.told = element("b");
    this.right = element("div", { class: "gan-right" },
      element("div", { class: "gan-head" }, element("b", {}, "Real pictures"), this.told), element("div", { class: "gan-real" }, this.real.canvas), element("div", { class: "gan-scores" }, this.scores.root));
    this.between = element("div", { class: "gan-between" });
    this.root = element("section", { class: "stage gan-stage", "aria-label": "Pictures" },
      element("div", { class: "gan-columns" }, this.flow, this.fakes, this.right), this.between, element("div", { class: "gan-film" }, this.film.root));
  }

  /** Looks at an earlier step, or at one class. */
  look(/** @type {Record<string, any>} */ view) {
    Object.assign(this.view, view);
    this.onlook(view);
    this.again();
  }

  /** Back to where training is. */
  now() {
    if (this.view.snapshot !== null) this.look({ snapshot: null });
  }

  /** What is looked at, for a run that does not know it; null where that is what it shows anyway. */
  standing() {
    const { snapshot, class: one } = this.view;
    return snapshot === null && one === null ? null : { ...this.view };
  }

  /** A new scene: perhaps other pictures, or one more snapshot. */
  take(/** @type {import("./frame.js").Frame} */ { header, blocks }) {
    const key = JSON.stringify([header.title, header.dataset, header.class_names, header.shape, header.params, header.loss.name, header.columns]);
    if (key !== this.key) {
      this.key = key;
      Object.assign(this, { chosen: 0, view: { snapshot: null, class: null }, painted: "" });
      this.buildClasses(header.class_names);
    }
    this.film.take({ header, blocks });
  }

  /** A button for each class, and one for all. */
  buildClasses(/** @type {string[]} */ names) {
    this.classes.hidden = !names.length;
    const button = (/** @type {string} */ words, /** @type {number | null} */ one) => element("button", {
      type: "button", "data-arrows": true, "data-testid": `class-${one ?? "all"}`, tabindex: one === null ? 0 : -1, title: one === null ? "Every class" : `Only ${words}`, onclick: () => this.look({ class: one }),
    }, words);
    this.classes.replaceChildren(...(names.length ? [button("All", null), ...names.map((name, i) => button(name, i))] : []));
  }

  walk(/** @type {KeyboardEvent} */ event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const all = [...this.classes.children];
    const at = all.indexOf(/** @type {Element} */ (event.target));
    if (!by || at < 0 || event.shiftKey) return;
    event.preventDefault();
    all[at].tabIndex = -1;
    const next = all[(at + by + all.length) % all.length];
    next.tabIndex = 0;
    next.focus();
  }

  draw(/** @type {import("./colours.js").Theme} */ theme, scene, tick, /** @type {number} */ size, /** @type {boolean} */ narrow) {
    const { header } = tick;
    const { grid } = header;
    const named = grid.cells[0] >= 0 && grid.class === null ? 1.5 * size : 0; // above the columns
    const [h, w] = tick.blocks.grid.shape.slice(1);
    const ratio = (grid.columns * w) / (grid.rows * h);
    const fit = Math.min((this.field.clientHeight - named) * ratio, this.root.clientWidth * 0.57);
    this.fakes.style.width = narrow ? "" : `${Math.max(120, Math.floor(fit))}px`;
    const { clientWidth: wide } = this.field;
    this.root.style.setProperty("--grid", (wide / (wide / ratio + named || 1)).toFixed(3));
    this.grid.draw(theme, scene, tick, size);
    this.chosen = Math.min(this.grid.chosen ?? this.chosen, tick.blocks.grid.shape[0] - 1);
    this.film.draw(theme, scene, tick, size);
    this.scores.draw(theme, scene, tick, size);
    this.say(scene.header, header);
    this.drawFlow(theme, scene, tick, size);
    this.drawReal(scene, header);
  }

  /** What is seen, and of when. */
  say(/** @type {Record<string, any>} */ scene, /** @type {Record<string, any>} */ { grid, latest, snapshots, step }) {
    const kept = grid.kind === "snapshot";
    say(this.title, kept ? "Made earlier" : "Made by the generator");
    const now = latest?.step ?? step;
    say(this.when, kept ? `step ${whole(grid.step)}; training is at ${whole(now)}` : grid.step ? `step ${whole(grid.step)}` : "before training: noise");
    this.fakes.toggleAttribute("data-kept", kept);
    mark(this.when, "title", `Always the same latents: what changes is the generator. ${counted(snapshots ?? 0, "snapshot")} kept below.`);
    [...this.classes.children].forEach((one, i) => mark(one, "aria-pressed", String((grid.class ?? null) === (i ? i - 1 : null))));
    say(this.told, counted(scene.counts.train ?? 0, "picture"));
  }

  /** One latent on its way: generator, picture, discriminator, verdict. */
  drawFlow(theme, scene, tick, /** @type {number} */ size) {
    const { header } = scene;
    const latents = tick.blocks.latents ?? scene.blocks.latents;
    const { judge } = tick.header;
    const name = header.class_names[tick.header.grid.cells?.[this.chosen] ?? -1];
    say(this.noise, name === undefined ? counted(header.latents, "latent") : `${counted(header.latents, "latent")} + \u201c${name}\u201d`);
    picture(this.one, tick.blocks.grid, this.chosen);
    const critic = header.judge.kind === "critic";
    const brief = (/** @type {number} */ n) => (n < 1e6 ? `${Math.round(n / 1000)}k` : `${(n / 1e6).toFixed(1)}M`);
    for (const [one, title, params, layers] of /** @type {const} */ ([[this.maker, "Generator", header.params.generator, header.generator], [this.judge, critic ? "Critic" : "Discriminator", header.params.discriminator, header.discriminator]])) {
      say(one.title, title);
      say(one.words, `${brief(params)} weights`);
      mark(one.root, "title", `${title}: ${whole(params)} parameters. ${layers.map((/** @type {any} */ layer) => `${layer.words} \u2192 ${layer.shape.join("\u00d7")}`).join("; ")}`);
    }
    const [low, high] = header.judge.kind === "probability" ? [0, 1] : judge.range ?? [-1, 1];
    this.verdicts.forEach(({ words, bar, value, root }, i) => {
      const mean = i ? judge.fake : judge.real;
      const known = Number.isFinite(mean);
      say(words, i ? "made" : "real");
      say(value, !known ? "\u2013" : header.judge.kind === "probability" ? `${Math.round(100 * mean)} %` : decimal(mean));
      bar.style.width = `${known ? Math.max(0, Math.min(100, (100 * (mean - low)) / (high - low || 1))) : 0}%`;
      mark(root, "title", known && header.judge.kind === "probability" ? `How likely the discriminator takes ${i ? "made" : "real"} pictures for real, on average: ${percent(mean)}` : `Mean ${header.judge.title} of ${i ? "made" : "real"} pictures`);
    });
    this.drawLatent(theme, latents, size);
  }

  /** The numbers that the chosen picture is made from, as bars about zero. */
  drawLatent(theme, /** @type {import("./frame.js").Block | undefined} */ latents, /** @type {number} */ size) {
    this.latent.fit();
    const context = this.latent.blank();
    if (!latents) return;
    const { width, height } = this.latent;
    const [rows, n] = latents.shape;
    const values = latents.data.subarray((this.chosen % rows) * n, (this.chosen % rows + 1) * n);
    const [step, middle] = [width / n, height / 2];
    values.forEach((/** @type {number} */ value, /** @type {number} */ i) => {
      const tall = Math.min(1, Math.abs(value) / 3) * (middle - 1);
      context.fillStyle = value < 0 ? theme.negative : theme.positive;
      context.fillRect(i * step, value < 0 ? middle : middle - tall, Math.max(0.8, step - 0.6), tall);
    });
    context.fillStyle = theme.border;
    context.fillRect(0, middle - 0.5, width, 1);
    void size;
  }

  /** Some real pictures, of the class that is looked at where it is one. */
  drawReal(scene, /** @type {Record<string, any>} */ { grid }) {
    const { real } = scene.blocks;
    const labels = scene.header.real_labels ?? [];
    const host = /** @type {HTMLElement} */ (this.real.canvas.parentElement);
    const { clientWidth: wide, clientHeight: high } = host;
    const key = [scene.header.scene, grid.class, wide, high].join();
    if (!real || key === this.painted || !wide || !high) return;
    this.painted = key;
    const [all, h, w, c] = real.shape;
    const one = grid.class !== null && grid.class !== undefined;
    const found = Array.from({ length: all }, (_, i) => i).filter((i) => !one || labels[i] === grid.class).slice(0, REAL);
    const columns = Math.max(1, best(found.length, wide / w, high / h));
    const lines = Math.max(1, Math.floor(found.length / columns));
    const rows = found.slice(0, columns * lines);
    const gap = 1;
    this.real.size(columns * (w + gap) - gap, Math.max(1, lines * (h + gap) - gap));
    this.real.pixels.fill(0);
    const { data } = real;
    rows.forEach((row, k) => {
      const corner = Math.floor(k / columns) * (h + gap) * this.real.canvas.width + (k % columns) * (w + gap);
      for (let y = 0; y < h; y += 1) for (let x = 0; x < w; x += 1) {
        const at = ((row * h + y) * w + x) * c;
        const [r, g, b] = c === 1 ? [data[at], data[at], data[at]] : [data[at], data[at + 1], data[at + 2]];
        this.real.pixels[corner + y * this.real.canvas.width + x] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
      }
    });
    this.real.show();
  }
}

/** How many of `n` tiles side by side fill a place best; its sides are in tiles' own. */
function best(/** @type {number} */ n, /** @type {number} */ wide, /** @type {number} */ high) {
  let [found, scale] = [1, 0];
  for (let columns = 1; columns <= n; columns += 1) {
    const fit = Math.min(wide / columns, high / Math.ceil(n / columns));
    if (fit > scale) [found, scale] = [columns, fit];
  }
  return found;
}
