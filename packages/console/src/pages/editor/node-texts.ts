import english from "@millrace/nodes/texts/en";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo } from "react";
import type { Language } from "#text/language.ts";
import { useLanguage } from "#text/text.tsx";

// What node types and their fields are called: texts of the node folders, in the language of the page.

interface MemberTexts {
  readonly label?: string;
  readonly help?: string;
}

interface TypeTexts {
  readonly title: string;
  readonly summary: string;
  readonly members: Readonly<Record<string, MemberTexts>>;
}

type TypeFile = Readonly<Record<string, TypeTexts>>;

const LOADERS: Readonly<Record<Exclude<Language, "en">, () => Promise<{ readonly default: unknown }>>> = {
  "zh-CN": () => import("@millrace/nodes/texts/zh-CN"),
  "zh-TW": () => import("@millrace/nodes/texts/zh-TW"),
  ja: () => import("@millrace/nodes/texts/ja"),
};

export interface NodeTexts {
  title(type: string): string;
  summary(type: string): string;
  /** @param path dotted, without indexes: `request.url`, `cases.rows.left` */
  member(type: string, path: string): MemberTexts | null;
}

/** A page waits for them, so that its nodes are never called first in English; when the language changes, the old ones stay until then. */
export function useNodeTexts(): NodeTexts {
  const language = useDeferredValue(useLanguage().language);
  const { data } = useSuspenseQuery({
    queryKey: ["node-texts", language],
    queryFn: async () => (language === "en" ? english : (await LOADERS[language]()).default),
    ...(language === "en" && { initialData: english }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return useMemo(() => textsOf(data as TypeFile), [data]);
}

function textsOf(file: TypeFile): NodeTexts {
  return {
    title: (type) => file[type]?.title ?? type,
    summary: (type) => file[type]?.summary ?? "",
    member: (type, path) => file[type]?.members[path] ?? null,
  };
}
