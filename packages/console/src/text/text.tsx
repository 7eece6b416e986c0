import { createContext, Fragment, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { chosenLanguage, keepLanguage, type Language } from "#text/language.ts";
import { boundTogether, fill, formOf, type Messages, piecesOf, type Values } from "#text/messages.ts";

// Texts live beside what shows them, in `messages/<language>.ts` of each folder. English comes with the code; another language comes in one
// file when somebody reads it, and until then the page does not change.

type Files = Readonly<Record<string, Messages>>;

const LOADERS: Readonly<Record<Exclude<Language, "en">, () => Promise<{ readonly default: Files }>>> = {
  "zh-CN": () => import("#text/catalogues/zh-CN.ts"),
  "zh-TW": () => import("#text/catalogues/zh-TW.ts"),
  ja: () => import("#text/catalogues/ja.ts"),
};

/** Folder (`pages/runs`) -> its texts. */
type Catalogue = ReadonlyMap<string, Messages>;

interface Texts {
  readonly language: Language;
  readonly catalogue: Catalogue;
  readonly choose: (language: Language) => void;
}

const EMPTY: Catalogue = new Map();
const Context = createContext<Texts>({ language: "en", catalogue: EMPTY, choose: () => {} });

export async function loadCatalogue(language: Language): Promise<Catalogue> {
  if (language === "en") return EMPTY;
  const { default: files } = await LOADERS[language]();
  return new Map(Object.entries(files).map(([path, messages]) => [folderOf(path), boundTogether(messages)]));
}

/** `../../pages/runs/messages/ja.ts` -> `pages/runs` */
function folderOf(path: string): string {
  return path.replace(/^(?:\.\.\/)+/, "").replace(/\/messages\/[^/]+$/, "");
}

/** The language and its texts are there before anything is shown: see main.tsx. */
export function TextProvider({ initial, children }: { initial: { language: Language; catalogue: Catalogue }; children: ReactNode }) {
  const [{ language, catalogue }, set] = useState(initial);
  const choose = useCallback((next: Language) => {
    keepLanguage(next);
    void loadCatalogue(next).then((loaded) => set({ language: next, catalogue: loaded }));
  }, []);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return <Context value={useMemo(() => ({ language, catalogue, choose }), [language, catalogue, choose])}>{children}</Context>;
}

export function initialLanguage(): Language {
  return chosenLanguage();
}

export function useLanguage(): { readonly language: Language; readonly choose: (language: Language) => void } {
  return useContext(Context);
}

/** `t(key, values)`: a text. `t.rich(key, parts)`: one whose `{names}` are elements. */
export interface Translate<Key extends string> {
  (key: Key, values?: Values): string;
  rich(key: Key, parts: Readonly<Record<string, ReactNode>>, values?: Values): ReactNode;
}

/**
 * The hook of a folder's texts: `export const useText = textOf("pages/runs", en)`.
 * @param folder its path under src, by which the other languages' files are found
 */
export function textOf<const M extends Messages>(folder: string, english: M): () => Translate<Extract<keyof M, string>> {
  return function useFolderText() {
    const { language, catalogue } = useContext(Context);
    return useMemo(() => {
      const texts = catalogue.get(folder) ?? english;
      const message = (key: Extract<keyof M, string>) => texts[key] ?? english[key] ?? key;
      const translate = (key: Extract<keyof M, string>, values: Values = {}) => fill(message(key), values, language);
      const rich = (key: Extract<keyof M, string>, parts: Readonly<Record<string, ReactNode>>, values: Values = {}) =>
        piecesOf(formOf(message(key), values, language)).map(({ text, name }) => (
          <Fragment key={name ?? text}>{name === null ? text : (parts[name] ?? String(values[name] ?? text))}</Fragment>
        ));
      return Object.assign(translate, { rich });
    }, [language, catalogue]);
  };
}
