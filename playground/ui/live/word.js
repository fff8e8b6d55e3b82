// Words on a picture that can be read on whatever lies under them.

/** A word with a rim of paper round its letters, set as the context says: its font, and where its place is. */
export function word(context, theme, /** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y) {
  context.save();
  Object.assign(context, { lineJoin: "round", strokeStyle: theme.paper, lineWidth: 4, fillStyle: theme.ink });
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
  context.restore();
}
