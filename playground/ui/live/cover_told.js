// What one component tells another on the same page: so that a photo need not travel again with each small answer about it.

/** @type {Map<string, any>} */
const said = new Map();
/** @type {Map<string, (value: any) => void>} */
const listeners = new Map();

/** Says something under a name; who listens there hears it at once, who comes later hears the last. */
export function tell(/** @type {string} */ name, /** @type {any} */ value) {
  said.set(name, value);
  listeners.get(name)?.(value);
}

/** Listens under a name; `null` ends it. */
export function hear(/** @type {string} */ name, /** @type {((value: any) => void) | null} */ listener) {
  if (!listener) {
    listeners.delete(name);
    said.delete(name);
    return;
  }
  listeners.set(name, listener);
  if (said.has(name)) listener(said.get(name));
}
