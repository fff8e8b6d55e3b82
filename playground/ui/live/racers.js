// Who races: a pill for each optimizer, and for each that takes part its learning rate and, where asked for, its own settings.

import { Host, hosted } from "./host.js";
import { element, mark, say, Sheet } from "./dom.js";
import { walker } from "./heights.js";
import { setting } from "./walk.js";

/** The six best known stand first; the rest behind *more*. */
const FIRST = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"];
/** The slider's lowest rate and its steps, in decades. */
const [LOWEST, NOTCH] = [-6, 0.05];
/** Settings near 1 are what matters of a memory: their sliders go by the distance from 1, in decades. */
const CLOSEST = -4;

/** A number with two digits: what a slider can be set to. */
const rounded = (/** @type {number} */ value) => Number(value.toPrecision(2));

class Racers extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "racers", ["racers.css"]);
    this.open = false;
    this.shape = "";
    /** @type {{sheet: Sheet, hue: number}[]} */
    this.dots = [];
    /** @type {Record<string, Field>} */
    this.fields = {};
    this.label = element("p", { class: "title" });
    this.pills = element("div", { class: "pills", role: "group" });
    this.cards = element("div", { class: "cards" });
    this.root.append(this.label, this.pills, this.cards);
  }

  update(/** @type {Record<string, any>} */ data) {
    say(this.label, data.label);
    mark(this.pills, "aria-label", `${data.label}, up to ${data.most}`);
    const shape = JSON.stringify([data.racers.map((/** @type {any} */ { rule, hue, settings }) => [rule, hue, settings.map((/** @type {any} */ one) => one.name)]), data.edits, data.hidden, this.open]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.build(data);
    }
    for (const racer of data.racers) {
      const fitting = this.rule(racer.rule).fitting;
      this.fields[racer.rule]?.show(racer.rate);
      const auto = this.autos[racer.rule];
      if (auto) {
        mark(auto, "aria-pressed", String(!racer.own));
        mark(auto, "title", racer.own ? `Use ${setting(fitting)}, which suits this surface` : `${setting(fitting)} suits this surface`);
      }
      for (const one of racer.settings) this.fields[`${racer.rule}.${one.name}`]?.show(one.value);
    }
  }

  rule(/** @type {string} */ name) {
    return this.data?.rules.find((/** @type {any} */ { rule }) => rule === name);
  }

  /** Everything anew: who takes part has changed. The focus stays with what it was on. */
  build(/** @type {Record<string, any>} */ data) {
    const focus = /** @type {ShadowRoot} */ (this.root.getRootNode()).activeElement?.getAttribute("data-testid");
    const chosen = data.racers.map((/** @type {any} */ { rule }) => rule);
    const first = data.rules.filter((/** @type {any} */ { rule }) => this.open || FIRST.includes(rule) || chosen.includes(rule));
    const full = chosen.length >= data.most;
    this.dots = [];
    this.fields = {};
    /** @type {Record<string, HTMLElement>} */
    this.autos = {};
    this.pills.hidden = data.hidden.includes("optimizer");
    this.pills.replaceChildren(...first.map((/** @type {any} */ { rule, title, summary }) => {
      const racer = data.racers.find((/** @type {any} */ one) => one.rule === rule);
      const barred = !this.may("optimizer") || (racer ? chosen.length === 1 : full);
      const why = racer ? (chosen.length === 1 ? "One has to race" : summary) : full ? `${data.most} at most: take one off first` : summary;
      return element("button", {
        type: "button", class: "pill", "aria-pressed": String(Boolean(racer)), "aria-disabled": barred ? "true" : null, title: why, "data-testid": `pill-${rule}`,
        onclick: () => !barred && this.toggle(rule),
      }, racer && this.dot(racer.hue), title);
    }), element("button", {
      type: "button", class: "pill more", "aria-expanded": String(this.open), "data-testid": "pill-more",
      onclick: () => { this.open = !this.open; this.update(/** @type {any} */ (this.data)); this.again(); },
    }, this.open ? "Fewer" : "More"));
    this.cards.hidden = data.hidden.includes("lr");
    this.cards.replaceChildren(...data.racers.map((/** @type {any} */ racer) => this.card(racer, data)));
    if (focus) /** @type {HTMLElement | null} */ (this.root.querySelector(`[data-testid="${focus}"]`))?.focus();
  }

  /** One joins or leaves, here at once: the page follows, and the next press may come before it does. */
  toggle(/** @type {string} */ rule) {
    const data = /** @type {Record<string, any>} */ (this.data);
    const { hue, fitting } = this.rule(rule);
    const others = data.racers.filter((/** @type {any} */ one) => one.rule !== rule);
    const racers = others.length < data.racers.length ? others : [...others, { rule, hue, rate: fitting, own: false, settings: [] }];
    this.data = { ...data, racers };
    this.update(this.data);
    this.again();
    this.edit({ optimizer: racers.map((/** @type {any} */ one) => one.rule) });
  }

  dot(/** @type {number} */ hue) {
    const sheet = new Sheet({ class: "dot", "aria-hidden": "true" });
    this.dots.push({ sheet, hue });
    return sheet.canvas;
  }

  /** One optimizer's rate and settings. */
  card(/** @type {any} */ racer, /** @type {Record<string, any>} */ data) {
    const { rule, hue } = racer;
    const { title } = data.rules.find((/** @type {any} */ one) => one.rule === rule);
    const rate = new Field({
      name: `${title}: learning rate`, test: `rate-${rule}`, able: this.may("lr"), low: LOWEST, high: Math.log10(data.top), step: NOTCH,
      to: (place) => rounded(10 ** place), from: (value) => Math.log10(Math.max(value, 10 ** LOWEST)), least: 0, most: data.top,
      told: (value, settled) => this.edit({ lr: this.rates(rule, value) }, settled),
    });
    const auto = element("button", { type: "button", class: "auto", disabled: !this.may("lr"), "data-testid": `auto-${rule}`, onclick: () => this.edit({ lr: this.rates(rule, 0) }) }, "auto");
    this.fields[rule] = rate;
    this.autos[rule] = auto;
    const settings = racer.settings.map((/** @type {any} */ one) => this.setting(rule, title, one));
    return element("div", { class: "card-of", role: "group", "aria-label": title },
      element("div", { class: "row" }, this.dot(hue), element("strong", {}, title), element("span", { class: "rate" }, "rate"), rate.box),
      rate.wrong, element("div", { class: "row" }, rate.slider, auto), ...settings);
  }

  /** One of an optimizer's own settings. */
  setting(/** @type {string} */ rule, /** @type {string} */ title, /** @type {any} */ { name, label, help, low, high }) {
    const field = new Field({
      name: `${title}: ${label}`, test: `setting-${rule}-${name}`, able: this.may("hyper"), least: low, most: high, ...scaleOf(low, high),
      told: (value, settled) => this.edit({ hyper: this.settings(rule, name, value) }, settled),
    });
    this.fields[`${rule}.${name}`] = field;
    return element("div", { class: "setting" }, element("div", { class: "row own", title: help }, element("span", { class: "name" }, label), field.slider, field.box), field.wrong);
  }

  /** The rates of all, 0 where one is to suit the surface, with one of them changed; kept until the page has followed. */
  rates(/** @type {string} */ rule, /** @type {number} */ value) {
    const racers = this.data?.racers ?? [];
    const racer = racers.find((/** @type {any} */ one) => one.rule === rule);
    Object.assign(racer, { own: value > 0, rate: value || this.rule(rule).fitting });
    return racers.map((/** @type {any} */ one) => (one.own ? one.rate : 0));
  }

  /** The settings of all as they are written, with one of them changed; kept likewise. */
  settings(/** @type {string} */ rule, /** @type {string} */ name, /** @type {number} */ value) {
    const racers = this.data?.racers ?? [];
    racers.find((/** @type {any} */ one) => one.rule === rule).settings.find((/** @type {any} */ one) => one.name === name).value = value;
    return racers.flatMap((/** @type {any} */ racer) => racer.settings.map((/** @type {any} */ one) => `${racer.rule}.${one.name}=${one.value}`));
  }

  draw(/** @type {import("./colours.js").Theme} */ theme) {
    for (const { sheet, hue } of this.dots) {
      sheet.fit();
      walker(sheet.blank(), theme, { x: [0], y: [0], colour: theme.classes[hue], marker: hue }, sheet.width / 2, sheet.height / 2, sheet.width * 0.29);
    }
  }
}

/** How a setting's slider goes: evenly, by decades, or, for a memory, by decades of its distance from 1. */
function scaleOf(/** @type {number} */ low, /** @type {number} */ high) {
  if (high < 1 && high > 0.99) {
    const end = Math.max(CLOSEST, Math.log10(1 - high));
    return { low: 0, high: -end, step: 0.05, to: (/** @type {number} */ place) => Number((1 - 10 ** -place).toPrecision(place > 2 ? 4 : place > 1 ? 3 : 2)), from: (/** @type {number} */ value) => -Math.log10(Math.max(10 ** end, 1 - value)) };
  }
  const least = low > 0 ? Math.log10(low) : -5;
  return { low: least, high: Math.log10(high), step: 0.1, to: (/** @type {number} */ place) => (place <= least && low === 0 ? 0 : rounded(10 ** place)), from: (/** @type {number} */ value) => Math.log10(Math.max(value, 10 ** least)) };
}

/** A slider and a box to type in, for one number. */
class Field {
  /** @param {{name: string, test: string, able: boolean, low: number, high: number, step: number, least: number, most: number, to: (place: number) => number, from: (value: number) => number, told: (value: number, settled: boolean) => void}} how */
  constructor(how) {
    this.how = how;
    this.value = NaN;
    this.slider = element("input", {
      type: "range", min: how.low, max: how.high, step: how.step, disabled: !how.able, "aria-label": how.name, "data-testid": how.test,
      oninput: () => this.slid(false), onchange: () => this.slid(true),
    });
    this.wrong = element("p", { class: "wrong", id: `${how.test}-wrong`, "aria-live": "polite", "data-testid": `${how.test}-wrong` });
    this.box = element("input", {
      type: "text", inputmode: "decimal", size: 7, disabled: !how.able, "aria-label": `${how.name}, as a number`, "data-testid": `${how.test}-box`,
      onchange: () => this.typed(), onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && this.typed(),
    });
  }

  slid(/** @type {boolean} */ settled) {
    const value = this.how.to(Number(this.slider.value));
    this.moving = !settled;
    if (value === this.value && !settled) return;
    this.say(value);
    this.how.told(value, settled);
  }

  typed() {
    const value = Number(this.box.value.replace("\u2212", "-").replace(",", "."));
    const { least, most } = this.how;
    const good = this.box.value.trim() !== "" && Number.isFinite(value) && value >= least && value <= most;
    this.complain(good ? "" : `a number from ${setting(least)} to ${setting(most)}`);
    if (good && value !== this.value) this.how.told(value, true);
  }

  /** What is wrong with what was typed, below it; nothing takes it back. */
  complain(/** @type {string} */ words) {
    mark(this.box, "aria-invalid", words ? "true" : null);
    mark(this.box, "aria-describedby", words ? this.wrong.id : null);
    say(this.wrong, words);
  }

  /** Shows a value, unless the hand is on it just now. */
  show(/** @type {number} */ value) {
    if (this.moving) return;
    this.value = value;
    this.slider.value = String(this.how.from(value));
    this.say(value);
  }

  say(/** @type {number} */ value) {
    this.value = value;
    mark(this.slider, "aria-valuetext", setting(value));
    const root = /** @type {ShadowRoot} */ (this.box.getRootNode());
    if (root.activeElement !== this.box) {
      this.box.value = setting(value);
      this.complain("");
    }
  }
}

export default hosted(Racers);
