// @ts-check
import { tab } from "./storage.js";

const NAME = "millrace.key";
const KEY = /^mr_[A-Za-z0-9_-]{40}$/;

/** @param {string} text */
export function isKey(text) {
  return KEY.test(text);
}

/** The key of this tab, or null when nobody is signed in. */
export function currentKey() {
  return tab.get(NAME);
}

/** @param {string} key */
export function signIn(key) {
  tab.set(NAME, key);
}

export function signOut() {
  tab.set(NAME, null);
}

/**
 * `#key=mr_…` signs in once. It leaves the address at once, so that it is neither bookmarked nor shared.
 * @returns {boolean} whether a key was taken
 */
export function takeKeyFromAddress() {
  const { hash, pathname, search } = location;
  if (!hash.startsWith("#key=")) return false;
  history.replaceState(history.state, "", pathname + search);
  const key = hash.slice("#key=".length);
  if (!isKey(key)) return false;
  signIn(key);
  return true;
}
