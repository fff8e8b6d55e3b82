/**
 * A choice by picture: a grid of buttons, each with a small drawing or two lines of words.
 *
 * Behaves as a radio group: one stop of the tab key, arrow keys, Home and End move, Space or Enter chooses; the chosen
 * tile is marked by a frame and a tick. Beyond the first few tiles the rest opens and closes again; what is chosen is
 * always among those shown.
 */

const SHEET = `
  :host, .picker { font-family: var(--st-font, sans-serif); color: var(--st-text-color); }
  .label { font-size: 0.93rem; margin: 0 0 4px; }
  .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(max(60px, 4.2rem), 1fr)); gap: 6px; }
  /* A page may want all of them in one row that scrolls. */
  @media (max-width: 640px) {
    .grid { grid-auto-flow: var(--picker-flow, row); grid-template-columns: var(--picker-columns, repeat(auto-fill, minmax(max(60px, 4.2rem), 1fr)));
      grid-auto-columns: minmax(4.2rem, 1fr); overflow-x: var(--picker-overflow, visible); scrollbar-width: none; }
    .label { display: var(--picker-label, block); }
  }
  button { font: inherit; color: inherit; background: var(--st-secondary-background-color); padding: 3px 1px 2px;
    border: 1px solid var(--st-border-color); border-radius: 6px; cursor: pointer; min-width: 0; min-height: 44px; position: relative; }
  button:hover:not(:disabled) { border-color: var(--st-text-color); }
  button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
  button[aria-checked="true"] { border-color: var(--st-primary-color); box-shadow: inset 0 0 0 1px var(--st-primary-color); }
  button[aria-checked="true"]::after { content: "✓"; position: absolute; top: 1px; right: 4px; font-size: 0.86rem; }
  button:disabled { cursor: not-allowed; opacity: 0.6; }
  .picture { display: block; width: 100%; max-width: 46px; aspect-ratio: 1; margin: 0 auto 1px; }
  .picture svg { display: block; width: 100%; height: 100%; }
  .title, .caption { display: block; font-size: 0.86rem; line-height: 1.2; }
  .caption { opacity: 0.75; }
  .wide { grid-column: span 1; padding: 6px 1px; }
  .more { grid-column: 1 / -1; background: none; border-style: dashed; font-size: 0.86rem; min-height: 28px; }
  @media (max-width: 640px) { .more { min-height: 44px; } }
`;

/** How far each key moves; Home and End are far enough for any grid. */
const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };

/** What is kept between reruns, by the element the component lives in. */
const kept = new WeakMap();

/** @param {{parentElement: HTMLElement|ShadowRoot, data: any, setTriggerValue: (name: string, value: any) => void}} component */
export default function mount(component) {
  const { parentElement, data } = component;
  let state = kept.get(parentElement);
  if (!state) {
    const root = document.createElement("div");
    root.className = "picker";
    const sheet = document.createElement("style");
    sheet.textContent = SHEET;
    (parentElement.querySelector(".root") ?? parentElement).replaceChildren(sheet, root);
    state = { root, open: false, drawn: "" };
    kept.set(parentElement, state);
  }
  state.component = component;
  const text = JSON.stringify(data) + state.open;
  if (text !== state.drawn) draw(state, data);
  return () => {};
}

/** The tiles that stand there while the rest is closed: the first few, and the chosen one. */
function shut(data) {
  return data.tiles.filter((tile, i) => i < data.first || tile.name === data.chosen);
}

/** Draw all tiles anew, keeping the keyboard's place. */
function draw(state, data) {
  state.drawn = JSON.stringify(data) + state.open;
  const focused = state.root.getRootNode().activeElement?.dataset?.name;
  const few = data.tiles.length > data.first + 1 ? shut(data) : data.tiles;
  const tiles = state.open ? data.tiles : few;

  const label = document.createElement("div");
  label.className = "label";
  label.id = "label";
  label.textContent = data.label;
  const grid = document.createElement("div");
  grid.className = "grid";
  grid.setAttribute("role", "radiogroup");
  grid.setAttribute("aria-labelledby", "label");
  const buttons = tiles.map((tile) => button(state, data, tile));
  grid.append(...buttons);
  const stop = (at) => buttons.forEach((one, i) => { one.tabIndex = i === at ? 0 : -1; });
  stop(Math.max(0, tiles.findIndex((tile) => tile.name === data.chosen)));
  grid.onkeydown = (event) => {
    const step = MOVES[event.key];
    const at = buttons.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const to = Number.isFinite(step) ? (at + step + buttons.length) % buttons.length : step < 0 ? 0 : buttons.length - 1;
    stop(to);
    buttons[to].focus();
  };
  state.root.replaceChildren(label, grid);
  if (few.length < data.tiles.length) grid.append(more(state, data, data.tiles.length - few.length));
  if (focused === "more") grid.lastElementChild?.focus();
  else if (focused) {
    const at = buttons.findIndex((one) => one.dataset.name === focused);
    if (at >= 0) stop(at);
    buttons[at]?.focus();
  }
}

function button(state, data, tile) {
  const made = document.createElement("button");
  const chosen = tile.name === data.chosen;
  made.type = "button";
  made.dataset.name = tile.name;
  made.dataset.testid = `pick-${tile.name}`;
  made.setAttribute("role", "radio");
  made.setAttribute("aria-checked", String(chosen));
  made.disabled = data.locked;
  made.title = tile.title;
  if (tile.picture) {
    const picture = document.createElement("span");
    picture.className = "picture";
    picture.setAttribute("aria-hidden", "true");
    picture.innerHTML = tile.picture; // drawn by our own server, never a visitor's text
    made.append(picture);
  } else {
    made.classList.add("wide");
  }
  for (const [kind, words] of [["title", tile.title], ["caption", tile.caption]]) {
    if (!words) continue;
    const line = document.createElement("span");
    line.className = kind;
    line.textContent = words;
    made.append(line);
  }
  made.onclick = () => {
    if (tile.name !== data.chosen) state.component.setTriggerValue("pick", tile.name);
  };
  return made;
}

/** Opens the rest, or closes it again. */
function more(state, data, hidden) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "more";
  made.dataset.name = "more";
  made.dataset.testid = "pick-more";
  made.setAttribute("aria-expanded", String(state.open));
  made.textContent = state.open ? "Fewer" : `${hidden} more`;
  made.onclick = () => {
    state.open = !state.open;
    draw(state, state.component.data);
  };
  return made;
}
