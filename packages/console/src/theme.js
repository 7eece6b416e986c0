// @ts-check
import { choices } from "./storage.js";

// theme-first.js reads the same choice before the first paint.
const NAME = "millrace.theme";

/** @typedef {"system" | "light" | "dark"} Theme */

/** @type {readonly Theme[]} */
const THEMES = ["system", "light", "dark"];

/** @returns {Theme} */
export function currentTheme() {
  const chosen = choices.get(NAME);
  return THEMES.find((theme) => theme === chosen) ?? "system";
}

/** @returns {Theme} what one press of the switch leads to */
export function nextTheme() {
  return THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length] ?? "system";
}

/** @param {Theme} theme */
export function chooseTheme(theme) {
  choices.set(NAME, theme === "system" ? null : theme);
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}
