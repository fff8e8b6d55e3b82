// What is said once the last epoch is through, and the button that goes on.

import { counted } from "./numbers.js";

/**
 * The end of the wanted epochs, and what goes on from there; null elsewhere.
 *
 * @param {Record<string, any> | undefined} header Of the newest tick.
 * @param {{now: number, most: number, free: boolean} | undefined} epochs How many are wanted, how many may be, and by this visitor.
 * @param {{things?: string, where?: string}} [words] What is learnt from; where the number of epochs is set.
 * @returns {import("./notice.js").Said | null}
 */
export function sayEnd(header, epochs, { things = "pictures", where = ", under All controls," } = {}) {
  if (header?.status !== "done" || header.refused || header.message || !epochs) return null;
  if (header.epoch < epochs.now) return { words: `Stopped early: nothing better came on the validation ${things}. \u201cEarly stopping after\u201d, under All controls, may be raised to go on.`, tone: "calm" };
  const more = Math.min(10, epochs.most - epochs.now);
  const words = header.remark ? `Done. ${header.remark}` : `Done: all ${counted(epochs.now, "epoch")} are through.`;
  if (!epochs.free || more <= 0) return { words: `${words} ${more > 0 ? "" : "More are not allowed here. "}Reset begins again.`, tone: "calm" };
  return { words: header.remark ? words : `${words} \u201cEpochs\u201d${where} may be raised to go on.`, tone: "calm", action: counted(more, "more epoch"), does: "longer", settings: { epochs: epochs.now + more } };
}
