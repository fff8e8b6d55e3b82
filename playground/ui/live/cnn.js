// A convolutional network that trains in front of the visitor: the canvas component's entry.

import { CnnPanel } from "./cnn_panel.js";
import { CnnStage } from "./cnn_stage.js";
import { CnnViews } from "./cnn_views.js";
import { element, mark, say } from "./dom.js";
import { hosted } from "./host.js";
import { listen } from "./keys.js";
import { sayState } from "./notice.js";
import { counted, decimal, percent, whole } from "./numbers.js";
import { Running } from "./running.js";
import { sayEnd } from "./the_end.js";

/** The text alternative changes at most this often, in milliseconds. */
const SPOKEN = 3000;

class Convolutional extends Running {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "cnn", ["cnn.css", "pad.css"]);
    /** What is looked at, beside the views: a picture and a map. */
    this.image = /** @type {Record<string, any> | null} */ (null);
    this.stage = new CnnStage(() => this.look(), (words) => this.trigger("blocks", words), () => this.again());
    this.panel = new CnnPanel(() => this.again(), () => this.connection?.send("test"));
    this.views = new CnnViews((view) => this.say(view), () => this.again());
    this.passed = element("i", {});
    this.done = element("div", { class: "cnn-done", role: "progressbar", "aria-label": "This epoch", "aria-valuemin": 0, "aria-valuemax": 100 }, this.passed);
    this.transport.root.append(this.done);
    this.stage.root.append(this.views.root);
    this.root.append(this.transport.root, this.stage.root, this.panel.root, this.live);
    this.silence = listen(this.root, (name) => (name === "close" ? this.stage.close() : this.transport.press(name)));
    for (const node of [this.stage.field, this.panel.root, this.views.root]) this.sizes.observe(node);
  }

  /** See `Host.update`. */
  update(/** @type {Record<string, any>} */ data) {
    this.staged = false;
    super.update(data);
  }

  /** Says where one looks now. */
  say(/** @type {Record<string, any>} */ view) {
    if ("image" in view || "wrong" in view || "pick" in view) this.image = view;
    this.connection?.send("look", view);
  }

  /** See `Running.opened`. */
  opened() {
    for (const view of this.views.standing()) this.connection?.send("look", view);
    this.ask();
  }

  /** See `Running.begin`. A network built anew knows nothing of what is looked at: the drawing, the sample, the cell. */
  begin(/** @type {import("./frame.js").Frame} */ scene) {
    this.panel.take(scene.header);
    this.views.take(scene);
    this.staged = false;
    const sample = this.image?.image;
    if (sample > 0 && sample < scene.header.sample_labels.length) this.connection?.send("look", { image: sample });
    for (const view of this.views.standing()) this.connection?.send("look", view);
  }

  /** See `Running.command`. */
  command(/** @type {string} */ cmd, /** @type {Record<string, any> | undefined} */ more) {
    if (cmd !== "speed") this.longer = false;
    return super.command(cmd, more);
  }

  /** See `Running.act`. More epochs are a setting of the page; once the run has heard of it, it plays on. */
  act(/** @type {import("./notice.js").Said} */ said) {
    super.act(said.does === "longer" ? { ...said, does: "" } : said);
    this.longer = said.does === "longer";
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    const { scene, tick, stage, panel, narrow, size } = this;
    if (narrow) this.root.style.setProperty("--bar", `${this.transport.root.offsetHeight}px`);
    if (!this.staged) stage.update(/** @type {any} */ (this.data), scene?.header ?? null);
    this.staged = true;
    if (scene && tick) {
      const { clientWidth: width, clientHeight: height } = stage.field;
      const type = Math.min(16, size); // projected, room for maps is worth more than the last points of type
      stage.picture.place(scene.header, { width, height: narrow ? 0 : height, size: type, narrow, head: 34 });
      stage.stand(narrow, Math.min(15, size));
      stage.picture.draw(theme, scene, tick, { marked: stage.marked, size: type });
      stage.show(theme, scene, tick, narrow);
      panel.draw(theme, tick, size);
      this.views.draw(theme, scene, tick, size);
    }
    this.notice.show(sayEnd(tick?.header, this.data?.epochs) ?? sayState(tick?.header ?? null, /** @type {any} */ (this.link)), { picture: stage.field, quiet: this.views.quiet, narrow });
    if (scene && tick) this.report(tick.header, scene.header);
  }

  /** The numbers, for eyes, for ears and for tests. */
  report(tick, scene) {
    if (this.fresh) {
      this.fresh = false;
      this.transport.update(tick, { ...scene, task: "classes" });
      if (this.longer && tick.status !== "done") this.transport.press("play");
      this.panel.report(tick);
      const { seen = 0, total = 0 } = tick.progress ?? {};
      const share = total ? Math.min(1, seen / total) : 0;
      this.passed.style.transform = `scaleX(${share.toFixed(3)})`;
      mark(this.done, "aria-valuenow", String(Math.round(100 * share)));
      mark(this.done, "title", total ? `${counted(seen, "picture")} of ${whole(total)} in this epoch` : null);
      mark(this.root, "data-prediction", String(scene.classes[tick.prediction] ?? ""));
      mark(this.root, "data-image", `${tick.image?.kind ?? ""} ${tick.image?.index ?? ""}`);
    }
    this.told(tick);
    this.speak(tick, scene);
  }

  /** The pictures in words, changed seldom enough to be listened to. */
  speak(tick, scene) {
    const now = performance.now();
    if (tick.alt === this.spoken || now - (this.spokenAt ?? -SPOKEN) < SPOKEN) {
      if (tick.alt !== this.spoken) window.setTimeout(() => this.again(), SPOKEN);
      return;
    }
    Object.assign(this, { spoken: tick.alt, spokenAt: now });
    say(this.live, tick.alt);
    const { train_loss: train, val_loss: validation, val_accuracy: accuracy } = tick.metrics;
    mark(this.panel.curves.sheet.canvas, "aria-label", `After epoch ${whole(tick.epoch)}: training loss ${decimal(train)}, validation loss ${decimal(validation)}, validation accuracy ${percent(accuracy)}.`);
    mark(this.stage.picture.sheet.canvas, "aria-label", `${scene.title}: ${scene.stages.map((/** @type {any} */ stage) => stage.title).join(", ")}. ${tick.alt}`);
  }

  /** A map is looked at: the run sends that one in full, and its kernels. */
  look() {
    window.clearTimeout(this.asking);
    this.asking = window.setTimeout(() => this.ask(), 60);
    this.again();
  }

  ask() {
    const { marked } = this.stage;
    const focus = marked && this.scene?.header.stages[marked.stage]?.maps ? [marked.stage, marked.map] : null;
    if (JSON.stringify(focus) === JSON.stringify(this.tick?.header.focus ?? null)) return;
    this.connection?.send("look", { focus });
  }

  /** See `Host.end`. */
  end() {
    this.stage.editor.end();
    this.views.pad.end();
    this.silence();
    super.end();
  }
}

export default hosted(Convolutional);
