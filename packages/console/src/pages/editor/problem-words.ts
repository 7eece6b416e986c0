import type { Words } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { EditorStore } from "#pages/editor/store.ts";
import type { Language } from "#text/language.ts";
import { useLanguage } from "#text/text.tsx";

const LOADERS: Readonly<Record<Exclude<Language, "en">, () => Promise<{ readonly default: Words }>>> = {
  "zh-CN": () => import("@millrace/nodes/words/zh-CN"),
  "zh-TW": () => import("@millrace/nodes/words/zh-TW"),
  ja: () => import("@millrace/nodes/words/ja"),
};

/** The editor's problems, in the language of the page. */
export function useProblemWords(store: EditorStore): void {
  const { language } = useLanguage();
  const { data } = useQuery({
    queryKey: ["problem-words", language],
    queryFn: async () => (language === "en" ? {} : (await LOADERS[language]()).default),
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => store.tellIn(data), [store, data]);
}
