import { choices } from "#app/choices.ts";

export const LANGUAGES = ["en", "zh-CN", "zh-TW", "ja"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each in its own words: who cannot read the page finds the way out. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: "English", "zh-CN": "简体中文", "zh-TW": "繁體中文", ja: "日本語" };

const NAME = "millrace.language";

/** The first wish (language tags, the dearest first) that is spoken here; English when none is. */
export function negotiate(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const [primary, ...rest] = wish.toLowerCase().split("-");
    if (primary === "en" || primary === "ja") return primary;
    if (primary === "zh") return isTraditional(rest) ? "zh-TW" : "zh-CN";
  }
  return "en";
}

function isTraditional(subtags: readonly string[]): boolean {
  if (subtags.includes("hans")) return false;
  return ["hant", "tw", "hk", "mo"].some((subtag) => subtags.includes(subtag));
}

export function chosenLanguage(): Language {
  return LANGUAGES.find((language) => language === choices.get(NAME)) ?? negotiate(navigator.languages);
}

export function keepLanguage(language: Language): void {
  choices.set(NAME, language);
}
