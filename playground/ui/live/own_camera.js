// A camera that takes one picture after the other while its button is held, or looks on for as long as it is open.

import { WANTED, WORDS } from "./camera.js";
import { element, icon, say } from "./dom.js";
import { cut } from "./own_store.js";

/** Between two pictures while the button is held, in milliseconds. */
const EVERY = 220;

export class OwnCamera {
  /**
   * @param {string} testid
   * @param {(picture: {id: string, data: string}) => void} take  Is given each picture.
   * @param {() => void} closed
   */
  constructor(testid, take, closed) {
    this.take = take;
    this.video = element("video", { autoplay: true, playsinline: true, muted: true, "aria-label": "What the camera sees" });
    this.video.muted = true; // the attribute alone is not heard
    this.words = element("p", { class: "quiet", role: "status" }, "Waiting for the camera: the browser may ask you first.");
    this.shutter = element("button", {
      type: "button", class: "act strong", "data-testid": `${testid}-hold`, disabled: true,
      onpointerdown: (/** @type {PointerEvent} */ event) => { this.shutter.setPointerCapture(event.pointerId); this.hold(); },
      onpointerup: () => this.release(), onpointercancel: () => this.release(), onlostpointercapture: () => this.release(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => { if ([" ", "Enter"].includes(event.key)) { event.preventDefault(); if (!event.repeat) this.hold(); } },
      onkeyup: () => this.release(), onblur: () => this.release(), oncontextmenu: (/** @type {Event} */ event) => event.preventDefault(),
    }, icon("camera"), "Hold to take pictures");
    const close = element("button", { type: "button", class: "act", "aria-label": "Close the camera", title: "Close the camera", onclick: () => { this.end(); closed(); } }, icon("close"));
    this.doing = element("div", { class: "row" }, this.shutter, close);
    this.root = element("div", { class: "own-camera", "data-testid": testid }, this.video, this.doing, this.words);
    /** @type {MediaStream | null} */
    this.stream = null;
    this.timer = 0;
    this.gone = false;
    this.video.addEventListener("playing", () => { this.shutter.disabled = false; });
    this.open();
  }

  /** Whether there is something to see. */
  get ready() {
    return this.video.videoWidth > 0;
  }

  async open() {
    try {
      if (!navigator.mediaDevices) throw Object.assign(new Error(), { name: "insecure" });
      const stream = await navigator.mediaDevices.getUserMedia({ video: WANTED });
      this.stream = stream;
      if (this.gone) { // closed while the browser still asked
        this.end();
        return;
      }
      this.video.srcObject = stream;
      this.root.toggleAttribute("data-mirror", stream.getVideoTracks()[0].getSettings().facingMode === "user");
      say(this.words, "");
    } catch (/** @type {any} */ error) {
      say(this.words, WORDS[/** @type {keyof typeof WORDS} */ (error.name)] ?? `The camera could not be opened: ${error.message || error.name}. Upload pictures instead.`);
    }
  }

  shot() {
    if (this.ready) this.take(cut(this.video, this.video.videoWidth, this.video.videoHeight));
  }

  hold() {
    this.release();
    this.shot();
    this.timer = window.setInterval(() => this.shot(), EVERY);
  }

  release() {
    window.clearInterval(this.timer);
    this.timer = 0;
  }

  end() {
    this.gone = true;
    this.release();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.root.remove();
  }
}
