// Where a row or a list goes on beyond its edge, that edge fades: nobody looks for what gives no sign of being there.

import { mark } from "./dom.js";

/** So much may be hidden without a word, in pixels: less than that is rounding. */
const SLACK = 4;

/**
 * Marks an element that scrolls with `data-more` as long as something lies beyond its end; the sheets let that end fade.
 *
 * @param {HTMLElement} node
 * @returns {() => void} To be called when its content or its size has changed.
 */
export function more(node) {
  const look = () => {
    const down = node.scrollHeight - node.clientHeight - node.scrollTop > SLACK;
    const across = node.scrollWidth - node.clientWidth - node.scrollLeft > SLACK;
    mark(node, "data-more", down ? "down" : across ? "across" : null);
  };
  node.addEventListener("scroll", look, { passive: true });
  return look;
}
