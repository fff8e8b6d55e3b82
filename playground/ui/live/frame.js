// A live picture as bytes, read back. The twin of `playground/core/frames.py`, where the layout is written down.

/**
 * @typedef {{data: Uint8Array | Int8Array | Uint16Array | Int16Array | Float32Array, shape: number[]}} Block
 * @typedef {{kind: string, header: Record<string, any>, blocks: Record<string, Block>}} Frame
 */

const MAGIC = 0x31504c44; // "DLP1", little-endian
const ARRAYS = { u1: Uint8Array, i1: Int8Array, u2: Uint16Array, i2: Int16Array, f4: Float32Array };

/**
 * Header and blocks of a packed frame. The blocks are views on the buffer, not copies.
 *
 * @param {ArrayBuffer} buffer
 * @returns {Frame}
 * @throws {RangeError} Not a frame, or cut short.
 */
export function decode(buffer) {
  const view = new DataView(buffer);
  if (buffer.byteLength < 8 || view.getUint32(0, true) !== MAGIC) {
    throw new RangeError("Not a frame: the first four bytes are not 'DLP1'.");
  }
  const length = view.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  /** @type {Record<string, Block>} */
  const blocks = {};
  let offset = 8 + length;
  for (const [name, dtype, shape] of header.blocks) {
    const Kind = ARRAYS[dtype];
    if (!Kind) throw new RangeError(`Block '${name}' has the unknown type '${dtype}'.`);
    const count = shape.reduce((/** @type {number} */ product, /** @type {number} */ n) => product * n, 1);
    blocks[name] = { data: new Kind(buffer, offset, count), shape };
    offset += Math.ceil(blocks[name].data.byteLength / 4) * 4;
  }
  return { kind: header.kind, header, blocks };
}
