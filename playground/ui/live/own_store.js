// A visitor's own pictures in the browser: cut to a small square before anything is sent, and kept here to be shown again.

import { element } from "./dom.js";

/** Height and width of what is sent, and of the small copies. */
const SIDE = 224;
const SMALL = 56;
/** Larger files are not opened. */
const LARGEST = 60e6;

/** @type {Map<string, {small: string, large: string}>} By id; they live as long as the page is open, however often it is left. */
export const PICTURES = new Map();

export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The middle square of a picture, kept under a new id.
 *
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 * @returns {{id: string, data: string}} `data` is a JPEG in base 64.
 */
export function cut(source, width, height) {
  const side = Math.min(width, height);
  const [large, small] = [SIDE, SMALL].map((size) => {
    const canvas = element("canvas", { width: size, height: size });
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.fillStyle = "#fff"; // transparent parts are shown on white
    context.fillRect(0, 0, size, size);
    context.drawImage(source, (width - side) / 2, (height - side) / 2, side, side, 0, 0, size, size);
    return canvas.toDataURL("image/jpeg", 0.9);
  });
  const id = newId();
  PICTURES.set(id, { small, large });
  return { id, data: large.slice(large.indexOf(",") + 1) };
}

/**
 * Opens files one after the other.
 *
 * @param {Iterable<File>} files
 * @param {(picture: {id: string, data: string}) => void} take
 * @returns {Promise<string[]>} Why some could not be opened, in words.
 */
export async function open(files, take) {
  const problems = [];
  for (const file of files) {
    try {
      if (file.size > LARGEST) throw new Error("large");
      const bitmap = await createImageBitmap(file);
      take(cut(bitmap, bitmap.width, bitmap.height));
      bitmap.close();
    } catch {
      problems.push(`${file.name} cannot be opened by this browser as a picture. Save it as JPEG or PNG first.`);
    }
  }
  return problems.length > 3 ? [...problems.slice(0, 2), `${problems.length - 2} more files cannot be opened either.`] : problems;
}

/** Small pictures of one's own from the browser, those of the example from its sheet, others as the page sent them. */
export function paint(/** @type {HTMLElement} */ node, /** @type {any} */ tile, /** @type {number[]} */ [rows, columns]) {
  const src = PICTURES.get(tile.id)?.small ?? tile.src;
  const sheet = !src && tile.at;
  const address = sheet ? new URL("own_pictures.jpg", import.meta.url).href : src;
  node.style.backgroundImage = address ? `url("${address}")` : "";
  node.style.backgroundSize = sheet ? `${columns * 100}% ${rows * 100}%` : "cover";
  if (sheet) node.style.backgroundPosition = `${(tile.at[1] / (columns - 1)) * 100}% ${(tile.at[0] / (rows - 1)) * 100}%`;
}
