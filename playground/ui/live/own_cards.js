// The classes as cards: a name, the pictures, and the ways to bring more.

import { element, icon, mark, say } from "./dom.js";
import { counted } from "./numbers.js";
import { OwnCamera } from "./own_camera.js";
import { open, paint } from "./own_store.js";

const ACCEPT = "image/*";

/** One class; kept as long as it is there, so that a name being typed and an open camera survive whatever else changes. */
export class OwnCard {
  /**
   * @param {import("./own_pictures.js").OwnPictures} host
   * @param {string} id
   */
  constructor(host, id) {
    this.host = host;
    this.id = id;
    this.name = element("input", {
      class: "card-name", "aria-label": "Name of the class", maxlength: 40, spellcheck: "false", "data-testid": "class-name",
      onfocus: () => this.name.select(), onchange: () => host.op({ do: "name", class: id, name: this.name.value }),
      onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter") this.name.blur(); },
    });
    this.count = element("span", { class: "card-count", "data-testid": "class-count" });
    this.drop = element("button", { type: "button", class: "mini", "aria-label": "Remove this class", title: "Remove this class", "data-testid": "drop-class", onclick: () => host.op({ do: "drop", class: id }) }, icon("close"));
    this.file = element("input", { type: "file", multiple: true, accept: ACCEPT, hidden: true, "data-testid": "class-file", onchange: () => this.picked() });
    this.upload = element("button", { type: "button", class: "act", "data-testid": "class-upload", onclick: () => this.file.click() }, icon("plus"), "Upload");
    this.shoot = element("button", { type: "button", class: "act", "data-testid": "class-camera", onclick: () => this.toggle() }, icon("camera"), "Camera");
    this.empty = element("button", { type: "button", class: "act plain", "data-testid": "empty-class", onclick: () => host.op({ do: "empty", class: id }) }, "Clear");
    this.place = element("div", { class: "camera-place" });
    this.tiles = element("div", { class: "own-tiles", role: "group", "aria-label": "Pictures: choose one to try it, Delete takes it away" });
    this.marked = element("p", { class: "own-marked" }, element("i", { "aria-hidden": "true" }), "dashed: held out, the newest quarter");
    this.root = element(
      "section", { class: "own-class", "data-testid": "own-class", "data-id": id },
      element("header", {}, this.name, this.count, this.drop), element("div", { class: "row" }, this.upload, this.shoot, this.empty), this.file, this.place, this.marked, this.tiles,
    );
    /** @type {OwnCamera | null} */
    this.camera = null;
    this.drawnAs = "";
    for (const kind of ["dragover", "dragleave", "drop"]) this.root.addEventListener(kind, (/** @type {DragEvent} */ event) => this.drag(event));
  }

  async take(/** @type {Iterable<File>} */ files) {
    this.host.complain(await open(files, (picture) => this.add(picture)));
  }

  add(/** @type {{id: string, data: string}} */ { id, data }) {
    this.host.op({ do: "add", class: this.id, picture: id, data });
  }

  picked() {
    const files = [...this.file.files];
    this.file.value = ""; // the same file may be chosen again
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
      this.camera = new OwnCamera("class-shots", (picture) => this.add(picture), () => this.close());
      this.place.append(this.camera.root);
    }
    mark(this.shoot, "aria-pressed", String(Boolean(this.camera)));
  }

  close() {
    this.camera?.end();
    this.camera = null;
    mark(this.shoot, "aria-pressed", "false");
  }

  /**
   * @param {any} said     The class as the page knows it.
   * @param {any[]} coming Its pictures that are on their way.
   */
  draw(said, coming) {
    const { host } = this;
    const root = /** @type {any} */ (this.root.getRootNode());
    if (root.activeElement !== this.name && this.name.value !== said.name) this.name.value = said.name;
    const count = said.count + coming.length;
    say(this.count, `${counted(count, "picture")}${said.held ? `, ${said.held} held out` : ""}${said.full ? ", full" : ""}`);
    mark(this.root, "data-count", String(count));
    for (const button of [this.upload, this.shoot]) button.disabled = host.locked || said.full;
    this.name.disabled = this.drop.disabled = this.empty.disabled = host.locked;
    this.empty.hidden = !count;
    this.marked.hidden = !said.held;
    if (said.full && this.camera) this.close();
    const tiles = [...coming.map((one) => ({ id: one.picture, held: false, coming: true })), ...said.tiles.toReversed()];
    const words = JSON.stringify([tiles.map(({ src, ...rest }) => rest), host.triedId]);
    if (words === this.drawnAs) return;
    this.drawnAs = words;
    const focused = root.activeElement?.dataset?.tile;
    this.tiles.replaceChildren(...tiles.map((one) => this.tile(one)));
    if (focused) this.tiles.querySelector(`[data-tile="${focused}"]`)?.focus();
  }

  tile(/** @type {any} */ one) {
    const { host } = this;
    const button = element("button", {
      type: "button", class: "own-tile", "data-tile": one.id, "data-testid": "own-tile", "data-held": Boolean(one.held), "data-tried": one.id === host.triedId, disabled: Boolean(one.coming),
      "aria-label": `${this.name.value}${one.held ? ", held out" : ""}`, title: one.held ? "Held out. Choose it to try it; Delete takes it away" : "Choose it to try it; Delete takes it away",
      onclick: () => host.op({ do: "try", picture: one.id }),
      onkeydown: (/** @type {KeyboardEvent} */ event) => { if (["Delete", "Backspace"].includes(event.key) && !host.locked) host.op({ do: "remove", class: this.id, picture: one.id }); },
    });
    paint(button, one, host.sheet);
    const remove = element("button", { type: "button", class: "own-remove", tabindex: "-1", "aria-label": "Remove this picture", title: "Remove", onclick: () => host.op({ do: "remove", class: this.id, picture: one.id }) }, icon("close"));
    return element("span", { class: "own-spot" }, button, one.coming || host.locked ? null : remove);
  }

  end() {
    this.close();
    this.root.remove();
  }
}
