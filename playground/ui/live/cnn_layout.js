// Where everything of a convolutional network stands: a column for each stage on a desk, a row for each on a phone.

/** Between two maps of a stage, in CSS pixels. */
const GAP = 4;
/** Between two columns at least. */
const LEAST = 13;
/** A head has room for its words from this width on. */
const HEAD = 57;
/** Maps are drawn at most, and at least, this large. */
const [LARGEST, SMALLEST] = [92, 9];
/** Maps this small tell little: rather than that, fewer of each stage are drawn. */
const [PLAIN, CAPS] = [30, [24, 16, 12, 8, 6]];
/** Coarser maps are drawn a little smaller: so a network is seen to narrow. */
const TAPER = 0.28;
/** The classes that have a bar; of more, the likeliest have one. */
export const BARS = 12;

/**
 * @typedef {{x: number, y: number, w: number, h: number}} Box
 * @typedef {{kind: "input" | "maps" | "flat" | "none" | "output", box: Box, tiles: Box[], middle: number}} Column
 * @typedef {{columns: Column[], height: number, rows: boolean}} Layout The first column is the picture, the last the output.
 */

/** What is drawn of a stage: maps, a flat row of units, nothing (dropout on its way), or the output. */
function kindOf(/** @type {Record<string, any>} */ stage, /** @type {boolean} */ last) {
  if (last) return "output";
  if (stage.maps > 0) return "maps";
  return stage.units > 0 ? "flat" : "none";
}

/** Maps of one stage in a block of a given height: their size, columns and rows. */
function pack(/** @type {Record<string, any>} */ stage, /** @type {number} */ cap, /** @type {number} */ tile, /** @type {number} */ side, /** @type {number} */ high) {
  const maps = Math.min(stage.maps, cap);
  const share = Math.min(1, Math.max(0.5, (stage.shape[1] / side) ** TAPER));
  const size = Math.max(SMALLEST, Math.floor(tile * share));
  const most = Math.max(1, Math.floor((high + GAP) / (size + GAP)));
  const across = Math.ceil(maps / most);
  const down = Math.ceil(maps / across);
  return { size, maps, across, down, wide: across * (size + GAP) - GAP };
}

/** A flat stage: so many cells in one or two narrow columns. */
function cells(/** @type {number} */ units, /** @type {number} */ high, w = 10) {
  const across = units > 64 ? 2 : 1;
  const down = Math.ceil(units / across);
  return { across, down, w, h: Math.min(w + 2, high / down) };
}

/**
 * A column for each stage, the largest maps that fit.
 *
 * @param {Record<string, any>} scene Header of the scene.
 * @param {{width: number, height: number, size: number}} room `size`: of the type.
 * @returns {Layout}
 */
export function columns(scene, { width, height, size }) {
  const { stages, shape: [, side] } = scene;
  const input = Math.min(height * 0.5, width * 0.14, 132);
  const names = Math.max(...scene.classes.map((/** @type {string} */ name) => name.length));
  const output = Math.round((Math.min(11, Math.max(2, names)) * 0.56 + (size > 14 ? 7.2 : 8)) * size);
  const kinds = stages.map((/** @type {any} */ stage, /** @type {number} */ s) => kindOf(stage, s === stages.length - 1));
  const cell = stages.length > 4 ? 10 : 22;
  const measure = (/** @type {number} */ cap, /** @type {number} */ tile) => stages.map((/** @type {any} */ stage, /** @type {number} */ s) => {
    if (kinds[s] === "maps") return pack(stage, cap, tile, side, height);
    const wide = { none: 8, output, flat: cells(stage.units, height).across * (cell + 2) }[/** @type {"none"} */ (kinds[s])];
    return { size: 0, maps: 0, across: 1, down: 1, wide };
  });
  let floor = 0;
  const room = (/** @type {any} */ one, /** @type {number} */ s) => Math.max(one.wide, kinds[s] === "output" ? 0 : floor);
  const wide = (/** @type {any[]} */ packed) => packed.reduce((sum, one, s) => sum + room(one, s), input);
  let [packed, best] = [measure(6, SMALLEST), 0];
  for (const least of [HEAD, 40, 24]) { // room for the words above first; as many maps as can be told apart
    if (best >= PLAIN) break;
    floor = least - LEAST;
    for (const cap of CAPS) {
      let tile = LARGEST;
      while (tile > SMALLEST && wide(measure(cap, tile)) + LEAST * stages.length > width) tile -= 1;
      if (tile > best) [packed, best] = [measure(cap, tile), tile];
      if (tile >= PLAIN) break;
    }
  }
  const taken = wide(packed);
  const apart = Math.max(6, (width - taken) / stages.length);
  const made = /** @type {Column[]} */ ([]);
  const box = { x: 0, y: (height - input) / 2, w: input, h: input };
  made.push({ kind: "input", box, tiles: [box], middle: input / 2 });
  let x = input + apart;
  packed.forEach((/** @type {any} */ one, /** @type {number} */ s) => {
    const free = room(one, s);
    made.push(column(stages[s], kinds[s], { ...one, cell }, { x: x + (free - one.wide) / 2, y: 0, w: one.wide, h: height }));
    x += free + apart;
  });
  return { columns: made, height, rows: false };
}

/** One stage in its box; its maps stand in the middle of the height. */
function column(/** @type {any} */ stage, /** @type {any} */ kind, /** @type {any} */ one, /** @type {Box} */ room) {
  const middle = room.x + room.w / 2;
  if (kind === "maps") {
    const high = one.down * (one.size + GAP) - GAP;
    const top = room.y + (room.h - high) / 2;
    const tiles = Array.from({ length: one.maps }, (_, i) => ({
      x: room.x + Math.floor(i / one.down) * (one.size + GAP), y: top + (i % one.down) * (one.size + GAP), w: one.size, h: one.size,
    }));
    return { kind, box: { ...room, y: top, h: high }, tiles, middle };
  }
  if (kind === "flat") {
    const { across, down, w, h } = cells(stage.units, room.h, one.cell);
    const top = room.y + (room.h - down * h) / 2;
    const tiles = Array.from({ length: across }, (_, i) => ({ x: room.x + i * (w + 2), y: top, w, h: down * h }));
    return { kind, box: { x: room.x, y: top, w: across * (w + 2) - 2, h: down * h }, tiles, middle };
  }
  return { kind, box: room, tiles: [], middle };
}

/**
 * A row for each stage, top to bottom; the picture and the answer stand beside each other at the top.
 *
 * @param {Record<string, any>} scene Header of the scene.
 * @param {{width: number, head: number, size: number}} room `head`: height of the words above each row.
 * @returns {Layout}
 */
export function rows(scene, { width, head, size }) {
  const { stages } = scene;
  const input = Math.min(132, width * 0.36);
  const bars = Math.max(input, Math.min(BARS, scene.classes.length) * size * 1.5);
  const first = { x: 0, y: 0, w: input, h: input };
  const made = /** @type {Column[]} */ ([{ kind: "input", box: first, tiles: [first], middle: input / 2 }]);
  let y = bars + 10;
  stages.forEach((/** @type {any} */ stage, /** @type {number} */ s) => {
    const kind = kindOf(stage, s === stages.length - 1);
    if (kind === "output") {
      made.push({ kind, box: { x: input + 12, y: 0, w: width - input - 12, h: bars }, tiles: [], middle: width / 2 });
      return;
    }
    y += head;
    if (kind === "maps") {
      const wanted = stage.maps <= 8 ? Math.min(64, (width + GAP) / stage.maps - GAP) : 44;
      const across = Math.max(1, Math.floor((width + GAP) / (wanted + GAP)));
      const tile = Math.min(64, (width + GAP) / across - GAP);
      const tiles = Array.from({ length: stage.maps }, (_, i) => ({ x: (i % across) * (tile + GAP), y: y + Math.floor(i / across) * (tile + GAP), w: tile, h: tile }));
      const high = Math.ceil(stage.maps / across) * (tile + GAP) - GAP;
      made.push({ kind, box: { x: 0, y, w: width, h: high }, tiles, middle: width / 2 });
      y += high;
    } else {
      const high = kind === "flat" ? 16 : 0;
      const box = { x: 0, y, w: width, h: high };
      made.push({ kind, box, tiles: kind === "flat" ? [box] : [], middle: width / 2 });
      y += high;
    }
    y += 8;
  });
  return { columns: made, height: y, rows: true };
}
