// The keyboard: space plays, arrow right steps, shift and arrow right goes on by an epoch, R begins again, escape lets go.

const TYPED = new Set(["INPUT", "TEXTAREA", "SELECT"]);

/**
 * Listens for the transport's keys while the focus is in the component or on the page around it (which Streamlit's main
 * section takes at a click), never while someone types or another control has it.
 *
 * @param {Element} root
 * @param {(name: string) => void} press
 * @param {Record<string, string>} [more] Further keys and what they are called.
 * @returns {() => void} Ends it.
 */
export function listen(root, press, more = {}) {
  const handle = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    const inside = event.composedPath().includes(root);
    if (!inside && !around(target, root)) return;
    if (TYPED.has(target.tagName) || target.isContentEditable) return;
    if (event.key === "Escape") return press("close"); // and whoever else listens for it
    const name = command(event, target, inside, more);
    if (!name || (event.repeat && !event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // R would also re-run Streamlit's page
    press(name);
  };
  document.addEventListener("keydown", handle, true);
  return () => document.removeEventListener("keydown", handle, true);
}

/** Whether a node only holds the component, as the page's body does. */
function around(/** @type {Node} */ target, /** @type {Element} */ root) {
  const tree = root.getRootNode();
  return target.contains(tree instanceof ShadowRoot ? tree.host : root);
}

/** What has arrows of its own while it has the focus. */
const MOVED = ".spot, .handle, [role=tab], [role=slider], [data-arrows]";

function command(/** @type {KeyboardEvent} */ event, /** @type {HTMLElement} */ target, /** @type {boolean} */ inside, /** @type {Record<string, string>} */ more) {
  if (event.key === " ") return inside && target.tagName === "BUTTON" ? "" : "play"; // a button is pressed by it
  if (event.key.startsWith("Arrow") && target.matches(MOVED)) return "";
  if (event.key === "ArrowRight") return event.shiftKey ? "epoch" : "step";
  if (more[event.key]) return more[event.key];
  return event.key === "r" || event.key === "R" ? "reset" : "";
}
