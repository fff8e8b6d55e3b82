// What every canvas component stands on: it is kept across reruns, draws when something changed, and knows the theme.
//
// Streamlit calls a component's default export at every run of the page's script with the same parent element. What lives
// there (what is looked at, how far a scrubber is, the pictures) is kept by that element; a call that brings nothing new
// changes nothing.

import { oneEntry } from "./arrival.js";
import { onAccent, readTheme } from "./colours.js";
import { element, mark } from "./dom.js";
import { decode } from "./frame.js";

oneEntry(window.history);

/** Narrower than this it is a phone: one column, the transport at the screen's lower edge. */
const NARROW = 640;
/** From this on there is room for what is merely good to have. */
const AMPLE = 960;
/** A page that waits asks its script again after so long, in milliseconds: news may have been lost on the way. */
const LOST = 5000;
/** While a hand drags, the page's script hears of it at most this often, in milliseconds. */
const OFTEN = 150;

/**
 * The default export of a component: makes one instance for each place on the page, and ends it when that is gone.
 *
 * @param {new (parent: HTMLElement | ShadowRoot) => Host} Kind
 */
export function hosted(Kind) {
  /** @type {WeakMap<Node, Host>} */
  const kept = new WeakMap();
  return function mount(/** @type {{parentElement: HTMLElement | ShadowRoot, data: Record<string, any>, setTriggerValue: (name: string, value: any) => void}} */ component) {
    const parent = component.parentElement;
    const host = kept.get(parent) ?? new Kind(parent);
    kept.set(parent, host);
    host.trigger = component.setTriggerValue;
    host.data = component.data;
    host.root.toggleAttribute("data-present", Boolean(component.data.present));
    host.root.toggleAttribute("data-views", Boolean(component.data.views));
    if (component.data.height) host.root.style.setProperty("--height", `${component.data.height}px`);
    if (component.data.frame && component.data.frame !== host.packed) {
      host.packed = component.data.frame;
      host.frame = decode(Uint8Array.from(atob(host.packed), (letter) => letter.charCodeAt(0)).buffer);
      host.take(host.frame);
    }
    host.update(component.data);
    host.expect(Boolean(component.data.waiting || component.data.expecting) || host.frame?.header?.state === "waiting");
    host.again();
    return () => window.setTimeout(() => { // really gone, or only re-run? The page knows a moment later
      if (host.root.isConnected) return;
      kept.delete(parent);
      host.end();
    }, 0);
  };
}

export class Host {
  /** What the hand did and the page has not been told, when it was told last, and when it will be. */
  #pending = {};
  #told = -OFTEN;
  #telling = false;
  #timer = 0;
  #expected = 0;

  /**
   * @param {HTMLElement | ShadowRoot} parent
   * @param {string} name                      What tests find it by.
   * @param {string[]} [sheets]                Style sheets beside `live.css`.
   */
  constructor(parent, name, sheets = []) {
    /** @type {Record<string, any> | null} What the page said last. */
    this.data = null;
    /** @type {import("./frame.js").Frame | null} What is shown, where the page's script computes it. */
    this.frame = null;
    this.packed = "";
    /** @type {(name: string, value: any) => void} Tells the page's script. */
    this.trigger = () => {};
    /** Counts the themes that were seen: what is drawn ahead of time is good for one. */
    this.version = 0;
    this.asked = 0;
    this.root = element("div", { class: "playground", "data-testid": name });
    this.root.style.visibility = "hidden";
    const links = ["live.css", ...sheets].map((sheet) => element("link", { rel: "stylesheet", href: new URL(sheet, import.meta.url).href }));
    this.links = links;
    parent.append(...links, this.root);
    const read = (/** @type {HTMLLinkElement} */ link) => new Promise((done) => { link.onload = link.onerror = done; });
    Promise.all(links.map(read)).then(() => { // not before: without its sheets it would jump
      this.root.style.visibility = "";
      this.again();
    });
    this.sizes = new ResizeObserver(() => this.again());
    this.sizes.observe(this.root);
    this.motion = window.matchMedia("(prefers-reduced-motion: reduce)");
  }

  /** Whether nothing should move that does not have to. */
  get calm() {
    return this.motion.matches;
  }

  /** Whether it is projected: larger type, no prose. */
  get present() {
    return Boolean(this.data?.present);
  }

  /** Whether it stands on a phone. */
  get narrow() {
    return this.root.clientWidth < NARROW;
  }

  /** Size of the type in pictures, in CSS pixels. */
  get size() {
    return this.present ? 18 : 12;
  }

  /** A frame that the page's script computed anew; comes before `update`. */
  take(/** @type {import("./frame.js").Frame} */ frame) { void frame; }

  /** A call from the page with new data; what is drawn follows by itself. */
  update(/** @type {Record<string, any>} */ data) { void data; }

  /** Draws everything as it is now. */
  draw(/** @type {import("./colours.js").Theme} */ theme) { void theme; }

  /** Draws soon, once, however often it is asked. */
  again() {
    if (this.asked) return;
    this.asked = window.requestAnimationFrame(() => {
      this.asked = 0;
      if (this.data && this.root.clientWidth > 0) {
        mark(this.root, "data-width", this.narrow ? "narrow" : "wide");
        mark(this.root, "data-room", this.root.clientWidth >= AMPLE && !this.present ? "ample" : "tight");
        this.draw(this.themed());
      }
      this.drawn();
    });
  }

  /** After each drawing, also where there was nothing to draw. */
  drawn() {}

  /** The theme, read again at each drawing: cheap, and right at once when the visitor switches it. */
  themed() {
    const now = getComputedStyle(this.root);
    const key = ["--st-background-color", "--st-text-color", "--st-primary-color", "--st-font"].map((name) => now.getPropertyValue(name)).join();
    if (key !== this.themeKey || !this.theme) {
      this.themeKey = key;
      this.theme = readTheme(this.root);
      this.version += 1;
      this.root.dataset.theme = this.theme.dark ? "dark" : "light";
      this.root.style.setProperty("--on-accent", onAccent(this.theme));
      this.root.style.setProperty("--positive", this.theme.positive);
      this.root.style.setProperty("--negative", this.theme.negative);
    }
    return this.theme;
  }

  /**
   * Tells the page's script what the hand did on the picture: at once where it has let go, now and then while it drags.
   *
   * @param {Record<string, any>} changes Fields of the experiment; `data.edits` names those that may be changed.
   * @param {boolean} [settled]
   */
  edit(changes, settled = true) {
    this.#pending = { ...this.#pending, ...changes };
    const wait = settled ? 0 : OFTEN - (performance.now() - this.#told);
    window.clearTimeout(this.#timer);
    const tell = () => {
      this.#told = performance.now();
      this.trigger("edit", this.#pending);
      this.#pending = {};
      this.#telling = false;
    };
    if (this.#telling) return;
    if (wait <= 0) {
      this.#telling = true;
      queueMicrotask(tell); // all that is said in one turn goes in one message: of two, only the last would be heard
    }
    else this.#timer = window.setTimeout(tell, wait);
  }

  /** Whether an answer is still to come; the page's script is asked again where it does not. */
  expect(/** @type {boolean} */ waiting) {
    window.clearTimeout(this.#expected);
    if (!waiting) return;
    this.#expected = window.setTimeout(() => {
      this.trigger("edit", {});
      this.expect(true);
    }, LOST);
  }

  /** Whether the hand may change a field here. */
  may(/** @type {string} */ field) {
    return Boolean(this.data?.edits?.includes(field));
  }

  /** Called once it is gone from the page. */
  end() {
    this.sizes.disconnect();
    window.cancelAnimationFrame(this.asked);
    window.clearTimeout(this.#timer);
    window.clearTimeout(this.#expected);
    for (const link of this.links) link.remove();
    this.root.remove();
  }
}
