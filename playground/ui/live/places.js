// Marks of places on a map that do not move by themselves: minima, saddles, the start.

/** A place: a star where it is lowest, a cross on a saddle, a ring in a local minimum, else a dot. */
export function drawPlace(context, theme, /** @type {string} */ kind, /** @type {number} */ px, /** @type {number} */ py) {
  const draw = (/** @type {string} */ colour, /** @type {number} */ width) => {
    Object.assign(context, { strokeStyle: colour, lineWidth: width, lineCap: "round", lineJoin: "round" });
    context.beginPath();
    if (kind === "saddle") {
      for (const side of [-1, 1]) {
        context.moveTo(px - 5, py - 5 * side);
        context.lineTo(px + 5, py + 5 * side);
      }
    } else if (kind === "minimum") {
      for (let k = 0; k < 3; k += 1) {
        const [dx, dy] = [6.5 * Math.sin((k * Math.PI) / 3), 6.5 * Math.cos((k * Math.PI) / 3)];
        context.moveTo(px - dx, py - dy);
        context.lineTo(px + dx, py + dy);
      }
    } else context.arc(px, py, kind === "local" ? 5.5 : 2, 0, 2 * Math.PI);
    context.stroke();
  };
  draw(theme.paper, 5);
  draw(theme.ink, 2);
}

/** Where all begin: a ring that looks as if it could be moved, and can. */
export function drawStart(context, theme, /** @type {number} */ px, /** @type {number} */ py, /** @type {boolean} */ held) {
  const radius = held ? 9 : 7;
  const draw = (/** @type {string} */ colour, /** @type {number} */ width) => {
    Object.assign(context, { strokeStyle: colour, fillStyle: colour, lineWidth: width, lineJoin: "round" });
    context.beginPath();
    context.arc(px, py, radius, 0, 2 * Math.PI);
    context.stroke();
    context.beginPath();
    for (const [ux, uy] of [[1, 0], [0, 1], [-1, 0], [0, -1]]) { // four small arrows: it moves every way
      const [base, tip] = [radius + 3.5, radius + 7.5];
      context.moveTo(px + ux * tip, py + uy * tip);
      context.lineTo(px + ux * base - uy * 3.5, py + uy * base + ux * 3.5);
      context.lineTo(px + ux * base + uy * 3.5, py + uy * base - ux * 3.5);
      context.closePath();
    }
    context.fill();
    if (width > 3) context.stroke();
  };
  draw(theme.paper, 4.5);
  Object.assign(context, { fillStyle: theme.paper });
  context.beginPath();
  context.arc(px, py, radius, 0, 2 * Math.PI);
  context.fill();
  draw(theme.accent, 2.25);
}
