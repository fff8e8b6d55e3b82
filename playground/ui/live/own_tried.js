// One picture, new or held out, and what each of the classifiers says of it.

import { Bars } from "./bars.js";
import { element, icon, mark, say } from "./dom.js";
import { OwnCamera } from "./own_camera.js";
import { PICTURES, cut, open } from "./own_store.js";

/** Between two looks of the camera, in milliseconds, and how long an answer is waited for. */
const EVERY = 300;
const LOST = 4000;

export class OwnTried {
  constructor(/** @type {import("./own_pictures.js").OwnPictures} */ host) {
    this.host = host;
    this.file = element("input", { type: "file", accept: "image/*", hidden: true, "data-testid": "try-file", onchange: () => this.picked() });
    this.upload = element("button", { type: "button", class: "act", "data-testid": "try-upload", onclick: () => this.file.click() }, icon("plus"), "Upload");
    this.live = element("button", { type: "button", class: "act", "data-testid": "try-camera", onclick: () => this.toggle() }, icon("camera"), "Camera");
    this.image = element("img", { class: "own-tried", alt: "", draggable: "false" });
    this.place = element("div", { class: "own-stage" }, this.image);
    this.words = element("p", { class: "quiet", "data-testid": "tried-words" });
    this.answers = element("div", { class: "own-answers" });
    this.root = element("section", { class: "own-try", "data-testid": "own-try" }, element("h3", {}, "Try it"), element("div", { class: "row" }, this.upload, this.live), this.file, this.place, this.words, this.answers);
    /** @type {OwnCamera | null} */
    this.camera = null;
    /** @type {Bars[]} */
    this.bars = [];
    /** @type {any[]} */
    this.heads = [];
    this.timer = 0;
    this.sent = { id: "", at: 0 };
    for (const kind of ["dragover", "dragleave", "drop"]) this.root.addEventListener(kind, (/** @type {DragEvent} */ event) => this.drag(event));
  }

  async take(/** @type {Iterable<File>} */ files) {
    this.close();
    this.host.complain(await open([...files].slice(0, 1), ({ id, data }) => this.host.op({ do: "try", picture: id, data })));
  }

  picked() {
    const files = [...this.file.files];
    this.file.value = "";
    this.take(files);
  }

  drag(/** @type {DragEvent} */ event) {
    if (this.host.locked || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.root.toggleAttribute("data-over", event.type === "dragover");
    if (event.type === "drop") this.take([...event.dataTransfer.files]);
  }

  toggle() {
    if (this.camera) this.close();
    else {
      this.host.closeCameras();
      this.camera = new OwnCamera("try-live", () => {}, () => this.close());
      this.camera.doing.hidden = true; // it looks by itself
      this.place.append(this.camera.root);
      this.timer = window.setInterval(() => this.look(), EVERY);
    }
    mark(this.live, "aria-pressed", String(Boolean(this.camera)));
    this.host.again();
  }

  /** What the camera sees now, unless the last look has not been answered yet. */
  look() {
    const answered = this.host.data?.tried?.answered === this.sent.id;
    if (!this.camera?.ready || document.hidden || (!answered && performance.now() - this.sent.at < LOST)) return;
    const { video } = this.camera;
    if (this.sent.id) PICTURES.delete(this.sent.id);
    const { id, data } = cut(video, video.videoWidth, video.videoHeight);
    this.sent = { id, at: performance.now() };
    this.host.op({ do: "try", picture: id, data });
  }

  close() {
    window.clearInterval(this.timer);
    this.camera?.end();
    this.camera = null;
    mark(this.live, "aria-pressed", "false");
    this.host.again();
  }

  draw(/** @type {any} */ data) {
    const { tried } = data;
    const src = tried ? PICTURES.get(tried.id)?.large ?? tried.src : "";
    this.image.hidden = Boolean(this.camera) || !src;
    if (src && this.image.getAttribute("src") !== src) this.image.src = src;
    mark(this.image, "alt", tried?.label ? `A picture of the class ${tried.label}` : "Your picture");
    for (const button of [this.upload, this.live]) button.disabled = this.host.locked;
    const rows = tried?.state === "there" ? tried.rows : [];
    say(this.words, this.tell(tried, data));
    mark(this.root, "data-answered", tried?.answered ?? "");
    this.root.toggleAttribute("data-many", rows.length > 2);
    while (this.bars.length < rows.length) {
      const [head, bars] = [element("h4", {}), new Bars("own-bars")];
      this.heads.push(head);
      this.bars.push(bars);
      this.answers.append(element("div", { class: "own-answer" }, head, bars.root));
    }
    [...this.answers.children].forEach((node, at) => { /** @type {any} */ (node).hidden = at >= rows.length; });
    rows.forEach((/** @type {any} */ row, /** @type {number} */ at) => {
      say(this.heads[at], row.title);
      const bars = row.scores.map((/** @type {number} */ score, /** @type {number} */ k) => ({ label: data.names[k] ?? "", score }));
      this.bars[at].show(bars.sort((/** @type {any} */ a, /** @type {any} */ b) => b.score - a.score), bars.length);
    });
  }

  tell(/** @type {any} */ tried, /** @type {any} */ data) {
    if (tried?.state === "refused") return tried.words;
    if (!data.ways.some((/** @type {any} */ one) => one.result)) return "Once something is trained, it answers here.";
    if (this.camera) return "It answers what the camera sees.";
    if (!tried) return "Bring a new picture, or choose one of the small ones.";
    if (tried.answered !== tried.id) return tried.words || "Looking.";
    return tried.label ? `One of ${tried.label}. Choose another one of the small pictures, or bring a new one.` : "A new picture.";
  }
}
