// @ts-check
import { en } from "./locales/en.js";
import { ja } from "./locales/ja.js";
import { zhCN } from "./locales/zh-CN.js";
import { zhTW } from "./locales/zh-TW.js";
import { choices } from "./storage.js";

/** @typedef {import("./locales/en.js").TextKey} TextKey */
/** @typedef {import("./locales/en.js").Texts} Texts */
/** @typedef {"en" | "zh-CN" | "zh-TW" | "ja"} Language */

const NAME = "millrace.language";

/** @type {Readonly<Record<Language, Texts>>} */
const TEXTS = { en, "zh-CN": zhCN, "zh-TW": zhTW, ja };

/** Each in its own words: who cannot read the page finds the way out. @type {Readonly<Record<Language, string>>} */
export const LANGUAGE_NAMES = { en: "English", "zh-CN": "简体中文", "zh-TW": "繁體中文", ja: "日本語" };

/** @type {readonly Language[]} */
export const LANGUAGES = ["en", "zh-CN", "zh-TW", "ja"];

/**
 * The first wish that is spoken here; English when none is.
 * @param {readonly string[]} wishes language tags, the dearest first
 * @returns {Language}
 */
export function negotiate(wishes) {
  for (const wish of wishes) {
    const [primary, ...rest] = wish.toLowerCase().split("-");
    if (primary === "en" || primary === "ja") return primary;
    if (primary === "zh") return isTraditional(rest) ? "zh-TW" : "zh-CN";
  }
  return "en";
}

/** @param {readonly string[]} subtags of a Chinese language tag */
function isTraditional(subtags) {
  if (subtags.includes("hans")) return false;
  return ["hant", "tw", "hk", "mo"].some((subtag) => subtags.includes(subtag));
}

/** @type {Language | null} */
let chosen = null;

/** @returns {Language} */
export function currentLanguage() {
  chosen ??= LANGUAGES.find((language) => language === choices.get(NAME)) ?? negotiate(navigator.languages);
  return chosen;
}

/** @param {string} language */
export function chooseLanguage(language) {
  chosen = LANGUAGES.find((known) => known === language) ?? "en";
  choices.set(NAME, chosen);
}

/**
 * A text in the current language.
 * @param {TextKey} key
 * @param {Readonly<Record<string, string | number>>} [values] of the `{names}` in it
 */
export function t(key, values = {}) {
  return pieces(TEXTS[currentLanguage()][key])
    .map((piece) => (piece.name === null ? piece.text : String(values[piece.name] ?? piece.text)))
    .join("");
}

/**
 * A text whose `{names}` are elements: code, links, times.
 * @param {TextKey} key
 * @param {Readonly<Record<string, Node | string>>} nodes
 * @returns {(Node | string)[]}
 */
export function withNodes(key, nodes) {
  return pieces(TEXTS[currentLanguage()][key]).map((piece) => (piece.name === null ? piece.text : (nodes[piece.name] ?? piece.text)));
}

/** @param {string} text @returns {{ text: string, name: string | null }[]} */
function pieces(text) {
  return text.split(/(\{[a-z_]+\})/).map((part) => ({ text: part, name: part.startsWith("{") ? part.slice(1, -1) : null }));
}
