// A generator and a discriminator that learn against each other in front of the visitor: the canvas component's entry.

import { element, mark, say } from "./dom.js";
import { Doctor } from "./gan_doctor.js";
import { GanPanel } from "./gan_panel.js";
import { GanStage } from "./gan_stage.js";
import { GanBar } from "./gan_bar.js";
import { hosted } from "./host.js";
import { listen } from "./keys.js";
import { sayState } from "./notice.js";
import { counted, decimal, whole } from "./numbers.js";
import { Running } from "./running.js";
import { sayEnd } from "./the_end.js";

/** The text alternative changes at most this often, in milliseconds. */
const SPOKEN = 3000;

class ImageGan extends Running {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "gan", ["cnn.css", "gan_pictures.css", "gan.css"], GanBar);
    const again = () => this.again();
    this.stage = new GanStage((view) => this.connection?.send("look", view), again);
    this.doctor = new Doctor((change) => this.trigger("remedy", change));
    this.quiet = element("div", { class: "cnn-quiet" });
    this.panel = new GanPanel(again);
    this.passed = element("i", {});
    this.done = element("div", { class: "cnn-done", role: "progressbar", "aria-label": "All epochs", "aria-valuemin": 0, "aria-valuemax": 100 }, this.passed);
    this.transport.root.append(this.done);
    this.stage.between.append(this.doctor.root, this.quiet);
    this.root.classList.add("gan");
    this.root.append(this.transport.root, this.stage.root, this.panel.root, this.live);
    this.silence = listen(this.root, (name) => (name === "close" ? this.stage.now() : this.transport.press(name)));
    for (const node of [this.stage.root, this.panel.root]) this.sizes.observe(node);
  }

  /** See `Running.opened`. */
  opened() {
    const view = this.stage.standing();
    if (view) this.connection?.send("look", view);
  }

  /** See `Running.begin`. A new snapshot makes a new scene, too: what is looked at stays. */
  begin(/** @type {import("./frame.js").Frame} */ scene) {
    this.stage.take(scene);
    this.panel.take(scene.header);
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
    const { scene, tick, narrow } = this;
    this.root.style.setProperty("--real", theme.real);
    this.root.style.setProperty("--fake", theme.fake);
    if (narrow) this.root.style.setProperty("--bar", `${this.transport.root.offsetHeight}px`);
    if (scene && tick) {
      const type = Math.min(15, this.size);
      this.stage.draw(theme, scene, tick, type, narrow);
      this.panel.draw(theme, scene, tick, type);
    }
    this.notice.show(sayEnd(tick?.header, this.data?.epochs, { where: "" }) ?? sayState(tick?.header ?? null, /** @type {any} */ (this.link)), { picture: this.stage.field, quiet: this.quiet, narrow: false });
    if (scene && tick) this.report(tick.header, scene.header);
  }

  /** The numbers, for eyes, for ears and for tests. */
  report(/** @type {Record<string, any>} */ tick, /** @type {Record<string, any>} */ scene) {
    if (this.fresh) {
      this.fresh = false;
      this.transport.update(tick, scene);
      if (this.longer && tick.status !== "done") this.transport.press("play");
      this.doctor.report(tick, this.data?.fixed ?? [], scene.judge.kind === "critic");
      this.panel.report(tick, scene);
      const { seen = 0, total = 0 } = tick.progress ?? {};
      const wanted = this.data?.epochs?.now ?? 0;
      const share = total && wanted ? Math.min(1, (tick.epoch + seen / total) / wanted) : 0;
      this.passed.style.transform = `scaleX(${share.toFixed(3)})`;
      mark(this.done, "aria-valuenow", String(Math.round(100 * share)));
      mark(this.done, "title", total && wanted ? `${whole(tick.epoch)} of ${counted(wanted, "epoch")} done; ${whole(seen)} of ${counted(total, "picture")} of the next one` : null);
      this.learnt(tick);
      mark(this.root, "data-snapshots", String(tick.snapshots ?? 0));
      mark(this.root, "data-shown", String(tick.grid?.step ?? ""));
      mark(this.root, "data-class", String(tick.grid?.class ?? ""));
      mark(this.root, "data-drawing", Number.isFinite(tick.drawing) ? String(tick.drawing) : null);
    }
    this.told(tick);
    this.speak(tick, scene);
  }

  /** The page offers what was learnt: it hears of the first step, and of the end. */
  learnt(/** @type {Record<string, any>} */ { step, status }) {
    const now = status === "done" ? "done" : step > 0 ? "some" : "nothing";
    const before = this.known;
    this.known = now;
    if (before !== undefined && before !== now && now !== "nothing") this.trigger("learnt", `${this.job} ${now}`);
  }

  /** The pictures in words, changed seldom enough to be listened to. */
  speak(/** @type {Record<string, any>} */ tick, /** @type {Record<string, any>} */ scene) {
    const now = performance.now();
    if (tick.alt === this.spoken || now - (this.spokenAt ?? -SPOKEN) < SPOKEN) {
      if (tick.alt !== this.spoken) window.setTimeout(() => this.again(), SPOKEN);
      return;
    }
    Object.assign(this, { spoken: tick.alt, spokenAt: now });
    say(this.live, tick.alt);
    const { g_loss: generator, d_loss: discriminator } = tick.metrics;
    this.panel.speak(`After step ${whole(tick.step)}: loss of the generator ${decimal(generator)}, of the ${scene.judge.kind === "critic" ? "critic" : "discriminator"} ${decimal(discriminator)}.`, tick.alt);
  }

  /** See `Host.end`. */
  end() {
    this.silence();
    super.end();
  }
}

export default hosted(ImageGan);
