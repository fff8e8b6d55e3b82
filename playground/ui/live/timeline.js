// How many objects of each class are in sight when, under a clip that plays: the line moves with the clip, and a press on the
// time line moves the clip. The clip itself is the page's own video element.

import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";
import { counted, tick, ticks } from "./numbers.js";

const SVG = "http://www.w3.org/2000/svg";
/** A frame that was looked at is what is seen until the next one; players round their clocks by less than this, in seconds. */
const ROUNDING = 0.02;
const HEARD = ["timeupdate", "seeking", "seeked", "play", "pause", "loadedmetadata"];

class Timeline extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "timeline", ["timeline.css"]);
    this.root.classList.add("timeline");
    this.rows = element("div", { class: "rows" });
    this.seek = element("input", { type: "range", class: "seek", min: 0, step: 0.01, value: 0, "data-testid": "seek", "aria-label": "Time in the clip, in seconds", oninput: () => this.go(Number(this.seek.value)) });
    this.more = element("p", { class: "quiet" });
    this.lives = element("div", { class: "lives" });
    this.all = element("details", {}, element("summary", {}, "Every track"), this.lives);
    this.root.append(this.rows, this.more, this.all);
    this.cursors = /** @type {HTMLElement[]} */ ([]);
    this.nows = /** @type {HTMLElement[]} */ ([]);
    this.made = "";
    /** @type {HTMLVideoElement | null} */
    this.video = null;
    this.at = 0;
    this.hear = () => this.again();
    this.search = window.setInterval(() => this.link(), 400); // the page may put another element in its place at any run
  }

  update(/** @type {Record<string, any>} */ data) {
    const made = JSON.stringify(data);
    if (made === this.made) return;
    this.made = made;
    this.at = 0;
    this.build(data);
    this.link();
  }

  build(/** @type {Record<string, any>} */ data) {
    const press = (/** @type {PointerEvent} */ event) => {
      if (event.type === "pointermove" && event.buttons !== 1) return;
      const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
      this.go((data.duration * (event.clientX - box.left)) / Math.max(1, box.width));
    };
    this.cursors = [];
    this.nows = [];
    const parts = data.rows.map((/** @type {any} */ row) => {
      const most = Math.max(1, ...row.counts);
      const cursor = element("div", { class: "cursor" });
      const now = element("div", { class: "now" });
      this.cursors.push(cursor);
      this.nows.push(now);
      const track = element("div", { class: "track", role: "img", "aria-label": spoken(row, data.times), onpointerdown: press, onpointermove: press }, area(row, data, most), cursor);
      const followed = element("small", {}, row.followed ? counted(row.followed, "track") : "no track");
      const name = element("div", { class: "name" }, element("span", { class: "swatch", style: `background:${row.colour}` }), element("b", { title: row.name }, row.name), followed);
      return [name, track, now];
    });
    const scale = element("div", { class: "scale", "aria-hidden": "true" });
    const { values, step } = ticks(0, data.duration, 6);
    for (const value of values) scale.append(element("span", { style: `left:${(100 * value) / data.duration}%` }, `${tick(value, step)}${value === values[values.length - 1] ? " s" : ""}`));
    this.seek.max = String(data.duration);
    this.head = element("div", { class: "foot" }, "Time");
    this.clock = element("div", { class: "now foot", "data-testid": "clock" });
    this.rows.replaceChildren(...parts.flat(), this.head, element("div", {}, this.seek, scale), this.clock);
    this.rows.hidden = !data.rows.length;
    say(this.more, data.more ? `And ${data.more} further ${data.more === 1 ? "class" : "classes"}, in the table that can be downloaded.` : "");
    this.more.hidden = !data.more;
    this.all.hidden = !data.lives.length;
    this.lives.replaceChildren(this.table(data));
  }

  /** Each track with its number; a press goes to where it is first seen. */
  table(/** @type {Record<string, any>} */ data) {
    const head = element("tr", {}, ...["Track", "Class", "From", "To", "Frames"].map((name) => element("th", { scope: "col" }, name)));
    const rows = data.lives.map((/** @type {any[]} */ [number, name, from, to, frames]) => element("tr", {},
      element("td", {}, element("button", { type: "button", onclick: () => this.go(from) }, `#${number}`)),
      element("td", {}, name), element("td", {}, `${from.toFixed(1)} s`), element("td", {}, `${to.toFixed(1)} s`), element("td", {}, String(frames))));
    const rest = data.others ? [element("tr", {}, element("td", { colspan: 5 }, `and ${data.others} more`))] : [];
    return element("table", { "data-testid": "lives" }, element("thead", {}, head), element("tbody", {}, ...rows, ...rest));
  }

  /** The clip above, as soon as it is there. */
  link() {
    /** @type {HTMLVideoElement | null} */
    const video = document.querySelector(`.${this.data?.video} video`);
    if (video === this.video) return;
    this.unlink();
    this.video = video;
    for (const kind of HEARD) video?.addEventListener(kind, this.hear);
    this.again();
  }

  unlink() {
    for (const kind of HEARD) this.video?.removeEventListener(kind, this.hear);
  }

  /** Shows another moment, in the clip too. */
  go(/** @type {number} */ seconds) {
    this.at = Math.min(this.data?.duration ?? 0, Math.max(0, seconds));
    if (this.video) {
      this.video.pause();
      this.video.currentTime = this.at;
    }
    this.again();
  }

  draw() {
    const { data, video } = this;
    if (!data) return;
    if (video && (!video.seeking || !video.paused)) this.at = Math.min(video.currentTime, data.duration);
    let k = 0;
    while (k + 1 < data.times.length && data.times[k + 1] <= this.at + ROUNDING) k += 1;
    const left = `${(100 * this.at) / Math.max(1e-9, data.duration)}%`;
    this.cursors.forEach((cursor) => { cursor.style.left = left; });
    this.nows.forEach((now, row) => { say(now, String(data.rows[row].counts[k] ?? 0)); });
    const words = `${this.at.toFixed(1)} s`;
    say(this.clock, words);
    if (this.root.getRootNode().activeElement !== this.seek || !video?.paused) this.seek.value = String(this.at);
    mark(this.seek, "aria-valuetext", `${words}: ${data.rows.map((/** @type {any} */ row) => `${row.counts[k] ?? 0} ${row.name}`).join(", ")}`);
    mark(this.root, "data-at", this.at.toFixed(2));
    if (video && !video.paused && !this.calm) this.again();
  }

  end() {
    window.clearInterval(this.search);
    this.unlink();
    super.end();
  }
}

/** One class: how many are in sight, as steps from frame to frame. */
function area(/** @type {any} */ row, /** @type {any} */ { times, duration }, /** @type {number} */ most) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", `0 0 ${duration} 1`);
  svg.setAttribute("preserveAspectRatio", "none");
  const steps = row.counts.map((/** @type {number} */ count, /** @type {number} */ k) => {
    const until = k + 1 < times.length ? times[k + 1] : duration;
    const high = (1 - (0.9 * count) / most).toFixed(4);
    return `L${times[k]} ${high}L${until} ${high}`;
  });
  path.setAttribute("d", `M0 1${steps.join("")}L${duration} 1Z`);
  path.setAttribute("fill", row.colour);
  svg.append(path);
  return svg;
}

/** A row in words. */
function spoken(/** @type {any} */ row, /** @type {number[]} */ times) {
  const most = Math.max(0, ...row.counts);
  const first = times[row.counts.findIndex((/** @type {number} */ count) => count > 0)] ?? 0;
  return `${row.name}: ${counted(row.followed, "track")}, at most ${most} in sight at once, first at ${first.toFixed(1)} s`;
}

export default hosted(Timeline);
