// A pretrained text network that is fine-tuned in front of the visitor: the canvas component's entry.

import { element, mark, say } from "./dom.js";
import { FinePanel } from "./fine_tune_panel.js";
import { Path } from "./fine_tune_path.js";
import { OwnSentence } from "./fine_tune_sentence.js";
import { told, Tower } from "./fine_tune_tower.js";
import { FineViews } from "./fine_tune_views.js";
import { hosted } from "./host.js";
import { listen } from "./keys.js";
import { sayState } from "./notice.js";
import { counted, decimal, percent, whole } from "./numbers.js";
import { Running } from "./running.js";
import { sayEnd } from "./the_end.js";

/** The text alternative changes at most this often, in milliseconds. */
const SPOKEN = 3000;

class FineTuning extends Running {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "finetune", ["cnn.css", "text_box.css", "fine_tune.css"]);
    const again = () => this.again();
    this.path = new Path(again);
    this.tower = new Tower((freeze) => this.trigger("freeze", freeze));
    this.tower.again = again;
    this.own = new OwnSentence((text) => this.connection?.send("look", { text }), again);
    this.views = new FineViews((view) => this.connection?.send("look", view), (text) => this.own.put(text), again);
    this.panel = new FinePanel(again, () => this.connection?.send("test"));
    this.passed = element("i", {});
    this.done = element("div", { class: "cnn-done", role: "progressbar", "aria-label": "This epoch", "aria-valuemin": 0, "aria-valuemax": 100 }, this.passed);
    this.transport.root.append(this.done);
    this.stage = element("section", { class: "stage ft-stage", "aria-label": "Network" }, this.tower.field, element("div", { class: "ft-right" }, this.own.root, this.views.root));
    this.root.classList.add("ft");
    this.root.append(this.transport.root, this.path.root, this.stage, this.panel.root, this.live);
    this.silence = listen(this.root, (name) => (name === "close" ? this.path.close() : this.transport.press(name)));
    this.root.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (!this.path.root.contains(/** @type {Node} */ (event.target))) this.path.close();
    });
    for (const node of [this.tower.field, this.panel.root, this.own.root, this.views.root]) this.sizes.observe(node);
  }

  /** See `Running.opened`. */
  opened() {
    const { text, touched } = this.own; // the run begins with the example, and keeps what it was told
    this.connection?.send("look", { ...this.views.standing(), ...(text && touched ? { text } : {}) });
  }

  /** See `Running.begin`. */
  begin(/** @type {import("./frame.js").Frame} */ { header }) {
    this.panel.take(header);
    this.views.take(header);
    this.tower.take(header);
    this.own.take(header);
    this.opened();
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
    const { scene, tick, narrow, size } = this;
    if (narrow) this.root.style.setProperty("--bar", `${this.transport.root.offsetHeight}px`);
    if (scene && tick) {
      const type = Math.min(16, size);
      if (narrow) this.tower.field.style.height = `${this.tower.wish()}px`;
      else this.tower.field.style.height = "";
      this.path.show(scene.header, tick.header);
      this.tower.draw(theme, scene, tick, { free: Boolean(this.data?.may_freeze), size: type });
      this.own.draw(theme, scene, tick, type, narrow);
      this.views.draw(theme, scene.header, tick, type);
      this.panel.draw(theme, tick, size);
    }
    this.notice.show(sayEnd(tick?.header, this.data?.epochs, { things: "texts", where: "" }) ?? sayState(tick?.header ?? null, /** @type {any} */ (this.link)), { picture: this.tower.field, quiet: this.views.quiet, narrow: false });
    if (scene && tick) this.report(tick, scene.header);
  }

  /** The numbers, for eyes, for ears and for tests. */
  report(/** @type {import("./frame.js").Frame} */ { header, blocks }, /** @type {Record<string, any>} */ scene) {
    if (this.fresh) {
      this.fresh = false;
      this.transport.update(header, { ...scene, task: "classes" });
      if (this.longer && header.status !== "done") this.transport.press("play");
      this.panel.report(header);
      const { seen = 0, total = 0 } = header.progress ?? {};
      const share = total ? Math.min(1, seen / total) : 0;
      this.passed.style.transform = `scaleX(${share.toFixed(3)})`;
      mark(this.done, "aria-valuenow", String(Math.round(100 * share)));
      mark(this.done, "title", total ? `${counted(seen, "text")} of ${whole(total)} in this epoch` : null);
      this.learnt(header);
      mark(this.root, "data-stage", String(header.stage));
      mark(this.root, "data-own", header.own?.text ?? null);
    }
    this.told(header);
    this.speak(header, blocks, scene);
  }

  /** The page offers what was learnt: it hears of the first epoch, and of the end. */
  learnt(/** @type {Record<string, any>} */ { epoch, status }) {
    const now = status === "done" ? "done" : epoch > 0 ? "some" : "nothing";
    const before = this.known;
    this.known = now;
    if (before !== undefined && before !== now && now !== "nothing") this.trigger("learnt", `${this.job} ${now}`);
  }

  /** The pictures in words, changed seldom enough to be listened to. */
  speak(tick, blocks, scene) {
    const now = performance.now();
    if (tick.alt === this.spoken || now - (this.spokenAt ?? -SPOKEN) < SPOKEN) {
      if (tick.alt !== this.spoken) window.setTimeout(() => this.again(), SPOKEN);
      return;
    }
    Object.assign(this, { spoken: tick.alt, spokenAt: now });
    say(this.live, tick.alt);
    const { train_loss: train, val_loss: validation, val_accuracy: accuracy } = tick.metrics;
    mark(this.panel.curves.sheet.canvas, "aria-label", `After epoch ${whole(tick.epoch)}: training loss ${decimal(train)}, validation loss ${decimal(validation)}, validation accuracy ${percent(accuracy)}.`);
    mark(this.tower.sheet.canvas, "aria-label", told(scene, blocks.moved?.data ?? []));
  }

  /** See `Host.end`. */
  end() {
    this.own.end();
    this.silence();
    super.end();
  }
}

export default hosted(FineTuning);
