// One press of the browser's Back leaves a page that was come to by a link of this app.
//
// Such a link is short (`?run=...&visit=...`, or nothing). The page writes all its settings into the address at once, and Streamlit
// makes that a second entry: Back would lead to the short address, which the page fills in again.

/** The address of nothing but where one comes from. */
const SHORT = /^$|[?&]visit=/;
const DONE = Symbol.for("playground.arrival");

/**
 * The address that a page makes of a short one takes its place.
 *
 * @param {any} history The window's.
 */
export function oneEntry(history) {
  if (history[DONE]) return;
  history[DONE] = true;
  const push = history.pushState.bind(history);
  history.pushState = (/** @type {any} */ state, /** @type {string} */ unused, /** @type {string | URL | null} */ url) => {
    const to = new URL(String(url ?? ""), window.location.href);
    const filled = to.pathname === window.location.pathname && to.search !== "" && SHORT.test(window.location.search);
    return filled ? history.replaceState(state, unused, url) : push(state, unused, url);
  };
}
