// @ts-check

/**
 * A browser may refuse storage altogether; then a choice lasts as long as the page.
 * @param {() => Storage} open
 */
function lenient(open) {
  /** @type {Map<string, string>} */
  const memory = new Map();
  return {
    /** @param {string} name */
    get(name) {
      try {
        return open().getItem(name);
      } catch {
        return memory.get(name) ?? null;
      }
    },
    /** @param {string} name @param {string | null} value */
    set(name, value) {
      try {
        if (value === null) open().removeItem(name);
        else open().setItem(name, value);
      } catch {
        if (value === null) memory.delete(name);
        else memory.set(name, value);
      }
    },
  };
}

/** Choices that outlive the tab: language and theme. */
export const choices = lenient(() => localStorage);
