// The models: a calm list, one row each, with what may be done about it; a press on a name opens all that is known of it.

import { element, mark, say } from "./dom.js";
import { Host, hosted } from "./host.js";

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {string} title
 * @property {string} summary
 * @property {string} task
 * @property {string} kind
 * @property {boolean} here
 * @property {boolean} proposed  The owner typed its name, and has not said yet that it is to be fetched.
 * @property {string} size
 * @property {string} licence
 * @property {string} cited     Authors and year of its paper.
 * @property {string} memory
 * @property {string} engine
 * @property {boolean} pinned
 * @property {{state: string, what: string, share: number, words: string} | null} pull
 * @property {string[]} may
 * @property {string[][]} facts
 * @property {{name: string, size: string, sha256: string}[]} files
 * @property {string} link
 */

/** What each deed is called on its button, and what it does. */
const DEEDS = {
  pull: ["Download", "Bring its files to disk, and check them"],
  cancel: ["Stop", "What has arrived is kept for the next try"],
  verify: ["Verify", "Read the files again and compare their hashes"],
  remove: ["Remove", "Delete its files"],
  evict: ["Evict", "Let it leave memory"],
  pin: ["Pin", "Keep it in memory, whatever else is loaded"],
  unpin: ["Unpin", "It may leave memory again"],
};

class Models extends Host {
  constructor(/** @type {HTMLElement | ShadowRoot} */ parent) {
    super(parent, "models", ["models.css"]);
    this.root.classList.add("models");
    /** @type {Map<string, {key: string, node: any}>} Rows as they are drawn. */
    this.rows = new Map();
    this.open = new Set();
    /** Of which model the removal was asked for, and not confirmed yet. */
    this.doomed = "";
    this.arrangement = "";

    this.task = element("select", { "aria-label": "Task", onchange: () => this.again() });
    this.only = element("input", { type: "checkbox", "data-testid": "only-here", onchange: () => this.again() });
    this.text = element("input", {
      type: "text", placeholder: "resnet34 or resnet34.a1_in1k", maxlength: "100", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      "aria-label": "Name of any timm model", "data-testid": "timm-name",
    });
    this.go = element("button", { type: "submit", "data-testid": "find" }, "Find");
    this.form = element("form", { class: "find", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.wish("find", this.text.value); } },
      element("span", { class: "tag" }, "Any timm model"), this.text, this.go);
    this.rescan = element("button", { type: "button", "data-testid": "rescan", onclick: () => this.wish("rescan") }, "Rescan");
    this.told = element("p", { class: "told", role: "status", "data-testid": "told" });
    this.public = element("p", { class: "told", "data-testid": "public" });
    this.room = element("i");
    this.disk = element("p", { class: "disk" }, element("span", { class: "bar", "aria-hidden": "true" }, this.room), element("span", { class: "said", "data-testid": "disk" }));
    this.list = element("div", { class: "list", role: "list", "aria-label": "Models" });
    this.problems = element("section", { class: "problems", "data-testid": "problems" });
    this.root.append(
      element("div", { class: "top" }, this.task, element("label", { class: "only" }, this.only, "On disk only"), this.rescan, this.form),
      this.public, this.told, this.disk, this.list, this.problems,
    );
  }

  wish(/** @type {string} */ deed, /** @type {string} */ name = "") {
    this.trigger("wish", { do: deed, name });
  }

  draw() {
    const data = /** @type {Record<string, any>} */ (this.data);
    this.form.hidden = this.rescan.hidden = !data.may;
    this.go.disabled = data.asking;
    say(this.public, data.public);
    this.public.hidden = !data.public;
    say(this.told, data.words);
    mark(this.told, "data-wrong", data.wrong ? "" : null);
    say(this.disk.querySelector(".said"), data.disk.words);
    this.room.style.width = `${100 * data.disk.share}%`;
    this.choices(data.tasks);
    this.arrange(data.rows.filter((/** @type {Row} */ row) => (!this.task.value || row.task === this.task.value) && (!this.only.checked || row.here)));
    this.wrong(data.problems);
  }

  choices(/** @type {string[][]} */ tasks) {
    if (this.task.options.length === tasks.length + 1) return;
    const chosen = this.task.value;
    this.task.replaceChildren(...[["", "Every task"], ...tasks].map(([value, words]) => element("option", { value }, words)));
    this.task.value = chosen;
  }

  /** Puts the rows in their groups; a row that says the same as before is left as it is. */
  arrange(/** @type {Row[]} */ rows) {
    const groups = [
      ["Not fetched yet: is this the one?", rows.filter((row) => row.proposed)],
      ["Ready here", rows.filter((row) => !row.proposed && row.here)],
      ["To fetch", rows.filter((row) => !row.proposed && !row.here)],
    ];
    const wanted = groups.flatMap(([title, some]) => some.length ? [title, .../** @type {Row[]} */ (some).map((row) => this.row(row))] : []);
    for (const name of this.rows.keys()) if (!rows.some((row) => row.name === name)) this.rows.delete(name);
    const arrangement = JSON.stringify([...rows.map((row) => [row.name, row.here, row.proposed])]);
    if (arrangement !== this.arrangement) {
      this.arrangement = arrangement;
      const held = this.held();
      this.list.replaceChildren(...wanted.map((one) => typeof one === "string" ? element("h2", {}, one) : one));
      this.focus(held);
      if (!rows.length) this.list.append(element("p", { class: "none" }, "No model is on disk for this task. Show all of them and fetch one."));
    }
  }

  /** Which button has the keyboard's place. */
  held() {
    const at = /** @type {any} */ (this.root.getRootNode()).activeElement;
    return at?.dataset?.act ? [at.closest(".row")?.dataset.name, at.dataset.act] : null;
  }

  focus(/** @type {string[] | null} */ held) {
    if (!held) return;
    const row = this.rows.get(held[0])?.node;
    (row?.querySelector(`[data-act="${held[1]}"]`) ?? row?.querySelector("[data-act]"))?.focus();
  }

  row(/** @type {Row} */ row) {
    const { pull, memory, ...rest } = row;
    const open = this.open.has(row.name);
    const key = JSON.stringify([rest, Boolean(memory), pull && [pull.state, pull.what], open, this.doomed === row.name]);
    let kept = this.rows.get(row.name);
    if (kept?.key !== key) {
      const made = this.made(row, open);
      const held = this.held();
      kept?.node.replaceWith(made);
      this.rows.set(row.name, kept = { key, node: made });
      if (held?.[0] === row.name) this.focus(held);
    }
    this.progress(kept.node, row);
    return kept.node;
  }

  /** What changes all the time, put into a row that stays. */
  progress(/** @type {any} */ node, /** @type {Row} */ { memory, pull }) {
    say(node.querySelector(".in-memory"), memory);
    const line = node.querySelector(".under-way");
    if (!pull) return;
    say(line.querySelector(".said"), pull.words);
    const bar = line.querySelector(".bar");
    if (!bar) return;
    bar.firstChild.style.width = `${100 * pull.share}%`;
    mark(bar, "aria-valuenow", String(Math.round(100 * pull.share)));
  }

  made(/** @type {Row} */ row, /** @type {boolean} */ open) {
    const { name, title, kind, summary, size, engine, pull, proposed, licence, cited, link } = row;
    const task = this.data?.tasks.find((/** @type {string[]} */ one) => one[0] === row.task)?.[1];
    const running = pull && ["waiting", "running"].includes(pull.state);
    const toggle = () => {
      if (!this.open.delete(name)) this.open.add(name);
      this.again();
    };
    const bar = running && element("span", { class: "bar", role: "progressbar", "aria-label": `${title}: ${pull.what === "pull" ? "download" : "reading"}`, "aria-valuemin": "0", "aria-valuemax": "100" }, element("i"));
    const dismiss = pull && !running && row.may.length > 0 && element("button", { type: "button", class: "plain", "data-act": "forget", onclick: () => this.wish("forget", name) }, "Dismiss");
    return element(
      "div",
      { class: "row", role: "listitem", "data-name": name, "data-testid": `model-${name}`, "data-here": row.here },
      element("div", { class: "what" },
        element("button", { type: "button", class: "title", "aria-expanded": String(open), "data-act": "open", onclick: toggle }, title),
        kind ? element("span", { class: "kind" }, kind) : null, element("p", {}, summary)),
      element("div", { class: "size" }, size),
      element("div", { class: "memory" },
        element("span", { class: "in-memory" }), engine ? element("span", { class: "engine" }, engine) : null,
        element("span", {}, [task, licence].filter(Boolean).join(", ")),
        element("span", {}, cited ? `${cited}${link ? ", " : ""}` : null, link ? element("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, "model page") : null)),
      element("div", { class: "deeds" }, ...this.deeds(row, proposed)),
      pull ? element("div", { class: "under-way", "data-state": pull.state }, bar || null, element("span", { class: "said", "aria-live": running ? "off" : "polite" }), dismiss || null) : element("div", { class: "under-way", hidden: true }),
      open ? this.detail(row) : null,
    );
  }

  deeds(/** @type {Row} */ { name, title, size, may }, /** @type {boolean} */ proposed) {
    const button = (/** @type {string} */ act, /** @type {string} */ words, /** @type {string} */ meaning, /** @type {() => void} */ onclick) =>
      element("button", { type: "button", "data-act": act, "aria-label": `${words} ${title}`, title: meaning, onclick }, words);
    if (this.doomed === name && may.includes("remove")) {
      const end = () => { this.doomed = ""; this.again(); };
      return [
        element("span", { class: "sure" }, `Delete its ${size}?`),
        button("remove-sure", "Delete", "Delete its files", () => { end(); this.wish("remove", name); }),
        button("keep", "Keep", "Leave it on disk", end),
      ];
    }
    const made = may.map((deed) => {
      const [words, meaning] = DEEDS[/** @type {keyof typeof DEEDS} */ (deed)];
      return button(deed, words, meaning, () => {
        if (deed === "remove") { this.doomed = name; this.again(); } else this.wish(deed, name);
      });
    });
    return proposed ? [...made, button("forget", "No", "Do not fetch it", () => this.wish("forget", name))] : made;
  }

  detail(/** @type {Row} */ { facts, files, link, here }) {
    return element(
      "div", { class: "detail" },
      element("dl", {}, ...facts.flatMap(([label, value]) => [element("dt", {}, label), element("dd", {}, value)]),
        link ? element("dt", {}, "Page") : null, link ? element("dd", {}, element("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, link.replace("https://", ""))) : null),
      element("div", { class: "files" }, ...files.map(({ name, size, sha256 }) => element("p", {},
        element("b", {}, name), ` ${size}`, element("code", {}, sha256 ? `sha256 ${sha256}` : here ? "no hash on record" : "its hash is recorded when it arrives")))),
    );
  }

  wrong(/** @type {string[][]} */ problems) {
    const key = JSON.stringify(problems);
    if (key === this.problems.dataset.key) return;
    this.problems.dataset.key = key;
    this.problems.replaceChildren(...problems.length ? [
      element("h2", {}, "Found in the models folder, and not usable"),
      ...problems.map(([path, words]) => element("p", {}, element("code", {}, path), " ", words)),
    ] : []);
  }
}

export default hosted(Models);
