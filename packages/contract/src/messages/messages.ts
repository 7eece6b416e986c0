import { WIRE_ERRORS, type WireErrorType } from "#errors";
import type { Language } from "#language";
import { MESSAGES_EN, type MessageKey, PHRASES_EN, type PhraseKey } from "#messages/en";
import { MESSAGES_JA, PHRASES_JA, TITLES_JA } from "#messages/ja";
import { MESSAGES_ZH_CN, PHRASES_ZH_CN, TITLES_ZH_CN } from "#messages/zh-CN";
import { MESSAGES_ZH_TW, PHRASES_ZH_TW, TITLES_ZH_TW } from "#messages/zh-TW";

export type MessageParams = Readonly<Record<string, string | number>>;

const TITLES = { "zh-CN": TITLES_ZH_CN, "zh-TW": TITLES_ZH_TW, ja: TITLES_JA } as const;
const MESSAGES: Readonly<Record<Language, Readonly<Record<MessageKey, string>>>> = {
  en: MESSAGES_EN,
  "zh-CN": MESSAGES_ZH_CN,
  "zh-TW": MESSAGES_ZH_TW,
  ja: MESSAGES_JA,
};
const PHRASES: Readonly<Record<Language, Readonly<Record<PhraseKey, string>>>> = {
  en: PHRASES_EN,
  "zh-CN": PHRASES_ZH_CN,
  "zh-TW": PHRASES_ZH_TW,
  ja: PHRASES_JA,
};

export function errorTitle(type: WireErrorType, language: Language): string {
  return language === "en" ? WIRE_ERRORS[type].title : TITLES[language][type];
}

/** The message of an error answer. Every `{name}` of the template needs a parameter of that name. */
export function errorMessage(key: MessageKey, language: Language, params: MessageParams = {}): string {
  return fill(MESSAGES[language][key], params);
}

export function phrase(key: PhraseKey, language: Language, params: MessageParams = {}): string {
  return fill(PHRASES[language][key], params);
}

/** One pass: a parameter's own braces are never filled again. */
function fill(template: string, params: MessageParams): string {
  return template.replace(/\{([a-z]+)\}/g, (whole, name: string) => (Object.hasOwn(params, name) ? String(params[name]) : whole));
}
