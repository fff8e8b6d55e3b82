// What every canvas with a run behind it stands on: the connection, scenes and ticks, commands and their answers.

import { element, mark } from "./dom.js";
import { Host } from "./host.js";
import { Notice } from "./notice.js";
import { address, Connection } from "./socket.js";
import { Transport } from "./transport.js";

/** The command that is answered by a refusal comes back within this, in milliseconds. */
const ANSWERED = 1000;

export class Running extends Host {
  /**
   * @param {HTMLElement | ShadowRoot} parent
   * @param {string} name      What tests find it by; its frames are `name.scene` and `name.tick`.
   * @param {string[]} [sheets]
   * @param {typeof Transport} [Bar]  The bar above the picture.
   */
  constructor(parent, name, sheets = [], Bar = Transport) {
    super(parent, name, sheets);
    this.name = name;
    mark(this.root, "data-status", "waiting");
    /** @type {Connection | null} */
    this.connection = null;
    /** @type {import("./frame.js").Frame | null} */
    this.scene = null;
    /** @type {import("./frame.js").Frame | null} A scene whose first tick has not come: the old picture stays till then. */
    this.coming = null;
    /** @type {import("./frame.js").Frame | null} */
    this.tick = null;
    this.fresh = false;
    this.owed = 0;
    this.frames = 0;
    this.link = { state: "connecting", attempt: 0, until: 0, words: "" };
    this.transport = new Bar((cmd, more) => this.command(cmd, more));
    this.notice = new Notice((said) => this.act(said), () => this.again());
    this.live = element("div", { class: "unseen", "aria-live": "polite", "data-testid": "alt" });
    this.countdown = window.setInterval(() => this.link.state === "waiting" && this.again(), 1000);
  }

  /** A call from the page: perhaps another run. */
  update(/** @type {Record<string, any>} */ data) {
    if (this.job === data.job) return;
    this.job = data.job;
    this.connect(data.socket);
  }

  connect(/** @type {string} */ route) {
    this.connection?.close();
    this.owed = 0;
    this.coming = null;
    this.connection = new Connection(address(route), (frame) => this.receive(frame), (link) => {
      this.link = link;
      this.transport.enable(link.state === "open");
      if (link.state === "open") this.opened();
      this.again();
    });
  }

  /** The way to the run is clear (again): what is looked at can be said anew. */
  opened() {}

  /** Another scene is shown from now on. */
  begin(/** @type {import("./frame.js").Frame} */ scene) { void scene; }

  /** A message: kept, and drawn at the next frame of the screen; only the newest tick counts. */
  receive(/** @type {import("./frame.js").Frame} */ frame) {
    this.owed += 1;
    if (frame.kind === `${this.name}.scene`) this.coming = frame;
    else if (frame.kind === `${this.name}.tick`) {
      if (this.coming && this.coming.header.scene === frame.header.scene) {
        this.scene = this.coming;
        this.coming = null;
        this.begin(this.scene);
      }
      if (this.scene?.header.scene === frame.header.scene) {
        this.tick = frame;
        this.fresh = true;
        this.frames += 1;
        if (this.commanded) this.answered();
      }
    }
    this.again();
  }

  /** What was drawn is paid for: the next frame may come. */
  drawn() {
    for (; this.owed > 0; this.owed -= 1) this.connection?.acknowledge();
  }

  /** Where the run stands, for tests. */
  told(/** @type {Record<string, any>} */ tick) {
    for (const name of ["epoch", "step", "lr", "status"]) mark(this.root, `data-${name}`, String(tick[name]));
    mark(this.root, "data-frames", String(this.frames));
  }

  /** Says a command; what the run answers is said even where the same words were put away before. */
  command(/** @type {string} */ cmd, /** @type {Record<string, any> | undefined} */ more) {
    if (cmd !== "speed") {
      window.clearTimeout(this.commanded);
      this.commanded = window.setTimeout(() => this.answered(), ANSWERED);
    }
    return this.connection?.send(cmd, more) ?? false;
  }

  answered() {
    window.clearTimeout(this.commanded);
    this.commanded = 0;
    this.notice.unhush();
  }

  act(/** @type {import("./notice.js").Said} */ { does, settings }) {
    if (does === "reload") window.location.reload();
    else if (does === "retry") this.connection?.retry();
    else if (does) this.connection?.send(does);
    if (settings) this.trigger("settings", settings); // the page's own controls follow
  }

  /** See `Host.end`. */
  end() {
    this.connection?.close();
    window.clearInterval(this.countdown);
    super.end();
  }
}
