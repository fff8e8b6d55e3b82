// The pictures to choose from: those that a visitor brought, and ours. New ones come by the dialog, a drop or a paste anywhere
// on the page, or the camera; all of them go through the page's own uploader, as a file of any size does.

import { SHOT } from "./camera.js";
import { element, icon, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { more } from "./more.js";

/** What the file dialog offers. A phone that keeps its photos otherwise hands them over as one of these. */
const ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/bmp,image/tiff,image/avif,image/x-portable-pixmap";
/** How far each key moves; Home and End are far enough for any strip. */
const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
/**
 * Streamlit forgets an upload whose address it was just about to tell when a run of the page's script begins. What it has not
 * begun after so many milliseconds is handed over again (the page takes the same picture once); after the last it has failed.
 */
const TRIES = [2500, 4000, 8000, 16000];
/** What the uploader says where the server takes no more for now (429, Too Many Requests). */
const TOO_OFTEN = "status code 429";
/** After a run of the script its new uploader stands within this time. */
const SETTLED = 300;

class Strip extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "strip", ["strip.css"]);
    this.root.classList.add("strip");
    this.file = element("input", { type: "file", multiple: true, accept: ACCEPT, hidden: true, "data-testid": "own-file", onchange: () => this.picked() });
    this.label = element("span", {}, "Upload");
    this.add = element("button", { type: "button", class: "way", "data-testid": "upload", onclick: () => this.file.click() }, icon("plus"), this.label);
    this.camera = element("button", { type: "button", class: "way", "data-testid": "camera", onclick: () => this.edit({ camera: !this.data?.camera }) }, icon("camera"), element("span", {}, "Camera"));
    this.ways = element("div", { class: "ways" }, this.add, this.camera);
    this.hint = element("p", { class: "hint" });
    this.tiles = element("div", { class: "tiles", role: "radiogroup", "aria-label": "Pictures", onkeydown: (/** @type {KeyboardEvent} */ event) => this.move(event) });
    this.more = more(this.tiles);
    this.clear = element("button", { type: "button", class: "clear", "data-testid": "clear", onclick: () => this.edit({ clear: true }) }, "Remove all of yours");
    this.said = element("div", { class: "unseen", "aria-live": "polite" });
    this.root.append(this.ways, this.file, this.hint, this.tiles, this.clear, this.said);
    this.drawnAs = "";
    this.pasted = 0;
    this.shots = 0;
    /** What was handed over and has not come yet. @type {{files: File[], tries: number} | null} */
    this.waiting = null;
    /** What comes after it. @type {File[]} */
    this.next = [];
    /** Why some files were not even handed over; told once the others have come, so as not to disturb them. @type {any[]} */
    this.refused = [];
    this.timer = 0;
    this.turn = -1;
    this.onpaste = (/** @type {ClipboardEvent} */ event) => this.paste(event);
    this.ondrag = (/** @type {DragEvent} */ event) => this.drag(event);
    this.onshot = (/** @type {CustomEvent<Blob>} */ event) => this.shot(event.detail);
    document.addEventListener("paste", this.onpaste);
    document.addEventListener(SHOT, /** @type {any} */ (this.onshot));
    for (const kind of ["dragover", "drop", "dragleave"]) document.addEventListener(kind, /** @type {any} */ (this.ondrag), true);
  }

  update(/** @type {Record<string, any>} */ data) {
    if (data.turn !== this.turn) { // what was handed over has come
      this.turn = data.turn;
      this.waiting = null;
      window.clearTimeout(this.timer);
      if (this.next.length) this.timer = window.setTimeout(() => this.start(data.uploader), SETTLED);
      else {
        say(this.said, "");
        this.tell();
      }
    }
    this.open = !data.locked;
    mark(this.camera, "aria-pressed", String(Boolean(data.camera)));
    this.hint.toggleAttribute("hidden", this.present);
    for (const way of [this.add, this.camera]) way.disabled = Boolean(data.locked);
    say(this.hint, `Or drop or paste them here: at most ${data.most}, ${data.megabytes} MB each. Only you see them; they are in no link.`);
    this.clear.toggleAttribute("hidden", !data.tiles.some((/** @type {any} */ tile) => tile.own) || data.locked);
    const words = JSON.stringify([data.tiles.map(({ src, ...rest }) => [rest, src?.length]), data.chosen, data.locked]);
    if (words !== this.drawnAs) this.lay(data);
    this.drawnAs = words;
  }

  draw() {
    const busy = Boolean(this.waiting);
    say(this.label, busy ? "Uploading" : "Upload");
    mark(this.add, "aria-busy", String(busy));
    this.more();
    mark(this.root, "data-chosen", this.data?.chosen ?? "");
    mark(this.root, "data-own", String(this.data?.tiles.filter((/** @type {any} */ tile) => tile.own).length));
  }

  /** All tiles anew; the keyboard stays where it was. */
  lay(/** @type {Record<string, any>} */ data) {
    const focused = /** @type {any} */ (this.root.getRootNode()).activeElement?.dataset?.id;
    const chosen = Math.max(0, data.tiles.findIndex((/** @type {any} */ tile) => tile.id === data.chosen));
    this.tiles.replaceChildren(...data.tiles.map((/** @type {any} */ tile, /** @type {number} */ at) => this.tile(tile, data, at === chosen)));
    if (!focused) return;
    const again = [...this.buttons()].find((button) => button.dataset.id === focused) ?? this.buttons()[chosen];
    this.stop(again);
    again?.focus();
  }

  /** @returns {NodeListOf<HTMLButtonElement>} */
  buttons() {
    return this.tiles.querySelectorAll("[role=radio]");
  }

  tile(/** @type {any} */ tile, /** @type {Record<string, any>} */ data, /** @type {boolean} */ reached) {
    const chosen = tile.id === data.chosen;
    const name = [tile.name, tile.caption].filter(Boolean).join(": ");
    const picture = tile.src ? element("img", { src: tile.src, alt: "", draggable: "false" }) : element("span", { class: "none", "aria-hidden": "true" }, tile.wrong ? "!" : "…");
    const button = element(
      "button",
      {
        type: "button", role: "radio", "aria-checked": String(chosen), "aria-label": name, title: name, "data-id": tile.id,
        "data-testid": `picture-${tile.own ? "own" : tile.id}`, "data-wrong": Boolean(tile.wrong), disabled: Boolean(data.locked), tabindex: reached ? "0" : "-1",
        onclick: () => { if (tile.id !== this.data?.chosen) this.edit({ pick: tile.id }); },
      },
      picture,
      tile.caption ? element("span", { class: "caption" }, tile.wrong ? tile.name : tile.caption) : null,
    );
    const remove = tile.own && !data.locked && element(
      "button", { type: "button", class: "remove", "aria-label": `Remove ${tile.name}`, title: "Remove", onclick: () => this.edit({ remove: tile.id }) }, icon("close"),
    );
    return element("div", { class: "tile", "data-own": Boolean(tile.own) }, button, remove);
  }

  stop(/** @type {HTMLButtonElement | undefined} */ at) {
    for (const button of this.buttons()) button.tabIndex = button === at ? 0 : -1;
  }

  /** Arrow keys move, Enter and Space choose; Delete takes one's own picture away. */
  move(/** @type {KeyboardEvent} */ event) {
    const buttons = [...this.buttons()];
    const at = buttons.indexOf(/** @type {any} */ (event.target));
    if (at < 0) return;
    const tile = this.data?.tiles[at];
    if (event.key === "Delete" && tile.own && !this.data?.locked) {
      this.edit({ remove: tile.id });
      return;
    }
    const step = MOVES[/** @type {keyof typeof MOVES} */ (event.key)];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const to = Number.isFinite(step) ? (at + step + buttons.length) % buttons.length : step < 0 ? 0 : buttons.length - 1;
    this.stop(buttons[to]);
    buttons[to].focus();
  }

  picked() {
    this.give([...this.file.files]);
    this.file.value = ""; // the same file may be chosen again
  }

  paste(/** @type {ClipboardEvent} */ event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || !this.open) return;
    event.preventDefault();
    this.give(files.map((file) => {
      if (!/^image\.\w+$/.test(file.name)) return file;
      this.pasted += 1; // a copied picture has no name of its own
      return new File([file], `pasted ${this.pasted}.${file.name.split(".").pop()}`, { type: file.type });
    }));
  }

  shot(/** @type {Blob} */ taken) {
    this.shots += 1;
    this.give([new File([taken], `camera ${this.shots}.jpg`, { type: taken.type })]);
  }

  drag(/** @type {DragEvent} */ event) {
    if (!this.open || !event.dataTransfer?.types.includes("Files")) return;
    // Another uploader of the page takes what is dropped on it by itself.
    const taken = event.composedPath().some((at) => at instanceof HTMLElement && at.dataset.testid === "stFileUploaderDropzone");
    this.root.toggleAttribute("data-over", event.type === "dragover" && !taken);
    if (taken || event.type === "dragleave") return;
    event.preventDefault(); // or the browser would leave the page for the picture
    if (event.type !== "drop") return;
    event.stopPropagation();
    this.give([...event.dataTransfer.files]);
  }

  /** Hands files over to the page's uploader; what is too large or too many is said instead. */
  give(/** @type {File[]} */ files) {
    const { most, megabytes, uploader, tiles } = /** @type {Record<string, any>} */ (this.data);
    const room = most - tiles.filter((/** @type {any} */ tile) => tile.own && !tile.wrong).length - this.next.length - (this.waiting?.files.length ?? 0);
    const small = files.filter(({ size }) => size <= megabytes * 1e6);
    const taken = small.slice(0, Math.max(0, room));
    const not = (/** @type {File[]} */ some, /** @type {string} */ why) => some.map(({ name, size }) => ({ name: name.slice(-120), size, why }));
    this.refused.push(...not(files.filter((file) => !small.includes(file)), "large"), ...not(small.slice(taken.length), "many"));
    this.next.push(...taken);
    if (taken.length) {
      this.start(uploader);
      say(this.said, `Uploading ${taken.length} of ${files.length}`);
    }
    this.tell();
    this.again();
  }

  /** Says why files were not taken, unless others are on their way. */
  tell() {
    if (!this.refused.length || this.waiting || this.next.length) return;
    this.edit({ refused: this.refused.slice(0, this.data?.most), others: Math.max(0, this.refused.length - this.data?.most) });
    this.refused = [];
  }

  /** Hands over what is next, unless something is on its way: with that the page gets a new, empty uploader. */
  start(/** @type {string} */ uploader) {
    if (this.waiting || !this.next.length) return;
    this.waiting = { files: this.next, tries: 0 };
    this.next = [];
    this.upload(this.waiting.files, uploader);
  }

  upload(/** @type {File[]} */ files, /** @type {string} */ uploader) {
    /** @type {HTMLInputElement | null} */
    const input = document.querySelector(`.${uploader} input[type=file]`);
    if (input) {
      const held = new DataTransfer();
      for (const file of files) held.items.add(file);
      input.files = held.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.look(uploader), TRIES[/** @type {any} */ (this.waiting).tries]);
  }

  /** Whether what was handed over is on its way; once more if not. */
  look(/** @type {string} */ uploader) {
    const { waiting } = this;
    if (!waiting) return;
    const begun = document.querySelector(`.${uploader} [data-testid=stFileChip]`);
    const failed = begun && document.querySelector(`.${uploader} [aria-invalid]`);
    waiting.tries += 1;
    if (failed?.closest("[data-testid=stFileUploader]")?.outerHTML.includes(TOO_OFTEN)) {
      this.refused.push(...waiting.files.map(({ name, size }) => ({ name: name.slice(-120), size, why: "often" })));
    }
    if (failed || waiting.tries >= TRIES.length) {
      this.waiting = null; // the uploader says why by itself
      this.next = [];
      say(this.said, "");
      this.tell();
      this.again();
    } else if (begun) {
      waiting.tries = 0;
      this.timer = window.setTimeout(() => this.look(uploader), TRIES[0]);
    } else this.upload(waiting.files, uploader);
  }

  end() {
    window.clearTimeout(this.timer);
    document.removeEventListener("paste", this.onpaste);
    document.removeEventListener(SHOT, /** @type {any} */ (this.onshot));
    for (const kind of ["dragover", "drop", "dragleave"]) document.removeEventListener(kind, /** @type {any} */ (this.ondrag), true);
    super.end();
  }
}

export default hosted(Strip);
