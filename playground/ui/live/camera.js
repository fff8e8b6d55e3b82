// The camera in the picture's place: the browser asks for it when this opens, and it is let go when this is gone. A shot goes
// to the strip beside it, which hands it over like any other picture (Streamlit's own camera loses one now and then).

import { element, icon, say } from "./dom.js";
import { Host, hosted } from "./host.js";

/** The strip listens for it; its detail is the shot, a JPEG `Blob`. */
export const SHOT = "playground-shot";
/** What is asked of the camera: more only makes the upload slower. On a phone the one at its back: that is what one points at things. */
export const WANTED = { width: { ideal: 1280 }, height: { ideal: 960 }, facingMode: { ideal: "environment" } };
/** After so many milliseconds a shot that has not come is lost. */
const LOST = 30000;
/** Why there is no picture, by the browser's own name of it. */
export const WORDS = {
  NotAllowedError: "The browser did not let this page use the camera. Allow it beside the address, close this, and open it again.",
  NotFoundError: "This device has no camera that the browser knows of. Upload a picture instead.",
  NotReadableError: "Another program holds the camera. Close that one, close this, and open it again.",
  insecure: "Browsers give the camera only to pages that come by https, or from this very computer. Upload a picture instead.",
};

class Camera extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "shooting", ["camera.css"]);
    this.root.classList.add("shooting");
    this.video = element("video", { autoplay: true, playsinline: true, muted: true, "aria-label": "What the camera sees" });
    this.video.muted = true; // the attribute alone is not heard
    this.video.addEventListener("playing", () => { this.shutter.disabled = false; });
    this.words = element("p", { class: "words", role: "status" }, "Waiting for the camera: the browser may ask you first.");
    this.shutter = element("button", { type: "button", class: "shutter", "data-testid": "shutter", disabled: true, onclick: () => this.shoot() }, icon("camera"), "Take the picture");
    this.turn = element("button", { type: "button", "data-testid": "turn-camera", hidden: true, onclick: () => this.open(this.next()) }, "Other camera");
    this.close = element("button", { type: "button", "data-testid": "close-camera", onclick: () => this.edit({ close: true }) }, icon("close"), "Close the camera");
    this.root.append(this.video, this.words, element("div", { class: "doing" }, this.shutter, this.turn, this.close));
    /** @type {MediaStream | null} */
    this.stream = null;
    /** Names of the cameras there are, and the one that is on. @type {string[]} */
    this.cameras = [];
    this.on = "";
    this.timer = 0;
    this.gone = false;
    this.open("");
  }

  /** The camera after the one that is on. */
  next() {
    return this.cameras[(this.cameras.indexOf(this.on) + 1) % this.cameras.length];
  }

  /** Opens one of the cameras; without a name whichever the browser finds best. */
  async open(/** @type {string} */ id) {
    this.release();
    this.shutter.disabled = true;
    try {
      if (!navigator.mediaDevices) throw Object.assign(new Error(), { name: "insecure" });
      const stream = await navigator.mediaDevices.getUserMedia({ video: id ? { ...WANTED, facingMode: undefined, deviceId: { exact: id } } : WANTED });
      this.stream = stream;
      if (this.gone) { // closed while the browser still asked
        this.release();
        return;
      }
      this.video.srcObject = stream;
      const { deviceId, facingMode } = stream.getVideoTracks()[0].getSettings();
      this.on = deviceId ?? "";
      this.root.toggleAttribute("data-mirror", facingMode === "user"); // as one knows oneself; the shot is the right way round
      this.cameras = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput").map((one) => one.deviceId);
      this.turn.hidden = this.cameras.length < 2;
      say(this.words, "What you take goes to this server and stays in this session.");
    } catch (/** @type {any} */ error) {
      say(this.words, WORDS[/** @type {keyof typeof WORDS} */ (error.name)] ?? `The camera could not be opened: ${error.message || error.name}. Upload a picture instead.`);
    }
  }

  /** Hands over what is seen now; it stands still until it is shown in this place. */
  shoot() {
    const { videoWidth: width, videoHeight: height } = this.video;
    this.video.pause();
    this.shutter.disabled = true;
    const canvas = element("canvas", { width, height });
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    canvas.toBlob((/** @type {Blob} */ shot) => document.dispatchEvent(new CustomEvent(SHOT, { detail: shot })), "image/jpeg", 0.92);
    say(this.words, "On its way.");
    this.timer = window.setTimeout(() => {
      this.video.play();
      say(this.words, "It has not arrived. Take it once more.");
    }, LOST);
  }

  release() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }

  end() {
    this.gone = true;
    window.clearTimeout(this.timer);
    this.release();
    super.end();
  }
}

export default hosted(Camera);
