import type { Language, Words } from "@millrace/contract";

const LOADERS: Readonly<Record<Exclude<Language, "en">, () => Promise<{ readonly default: Words }>>> = {
  "zh-CN": () => import("@millrace/nodes/words/zh-CN", { with: { type: "json" } }),
  "zh-TW": () => import("@millrace/nodes/words/zh-TW", { with: { type: "json" } }),
  ja: () => import("@millrace/nodes/words/ja", { with: { type: "json" } }),
};

/** What the problems of documents are told in; undefined: as they are, in English. */
export async function problemWords(language: Language): Promise<Words | undefined> {
  return language === "en" ? undefined : (await LOADERS[language]()).default;
}
