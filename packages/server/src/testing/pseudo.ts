import { readdirSync } from "node:fs";
import type { BrowserContext } from "playwright-core";

// A language that nobody speaks: the English texts, longer and with marks on their letters. What overflows in it, or stays as it was, is
// seen without waiting for a language that is as long.

const SOURCES = new URL("../../../console/src/", import.meta.url);
const ACCENTS: Readonly<Record<string, string>> = {
  a: "å",
  e: "é",
  i: "î",
  o: "ö",
  u: "ü",
  c: "ç",
  n: "ñ",
  y: "ÿ",
  A: "Å",
  E: "É",
  O: "Ö",
  S: "Š",
};

/** Every word longer by two fifths; `{names}` stay. */
function pseudo(text: string): string {
  return text
    .split(/(\{[A-Za-z]+\})/)
    .map((part) => (part.startsWith("{") ? part : part.replace(/[A-Za-z]+/g, longer)))
    .join("");
}

function longer(word: string): string {
  return word.replace(/./g, (letter) => ACCENTS[letter] ?? letter) + "ẋ".repeat(Math.ceil(word.length * 0.4));
}

type Message = string | Readonly<Record<string, string>>;

/** The English texts of every folder, made longer, under the names that a language's file has them by. */
async function pseudoCatalogue(language: string): Promise<object> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("/messages/en.ts"));
  const entries = files.map(async (file) => {
    const { default: texts } = (await import(new URL(file, SOURCES).href)) as { default: Readonly<Record<string, Message>> };
    const changed = Object.entries(texts).map(([key, message]) => [
      key,
      typeof message === "string"
        ? pseudo(message)
        : Object.fromEntries(Object.entries(message).map(([form, text]) => [form, pseudo(text)])),
    ]);
    return [`../../${file.replace("/en.ts", `/${language}.ts`)}`, Object.fromEntries(changed)];
  });
  return Object.fromEntries(await Promise.all(entries)) as object;
}

/** What a visitor with the language gets instead of its texts. */
export async function servePseudo(context: BrowserContext, language: "ja"): Promise<void> {
  const body = `export default ${JSON.stringify(await pseudoCatalogue(language))}`;
  await context.route(new RegExp(`/assets/${language}-[^/]+\\.js$`), (route) => route.fulfill({ contentType: "text/javascript", body }));
}
