import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
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

/** `{names}`, code, and where a link leads. */
const KEPT = /(\{[A-Za-z]+\}|`[^`]*`|\]\([^)]*\))/;

/** Every word longer by two fifths, but for what is kept. */
function pseudo(text: string): string {
  return text
    .split(KEPT)
    .map((part) => (KEPT.test(part) ? part : part.replace(/[A-Za-z]+/g, longer)))
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

/** The lines of the HTTP API's reference, made longer. */
async function pseudoReference(language: string): Promise<object> {
  const text = await readFile(new URL(`pages/reference/texts/api-${language}.json`, SOURCES), "utf8");
  return Object.fromEntries(Object.keys(JSON.parse(text) as object).map((line) => [line, pseudo(line)]));
}

/** What a visitor with the language gets instead of its texts, of those of the HTTP API, and of the pages of the errors. */
export async function servePseudo(context: BrowserContext, language: "ja"): Promise<void> {
  const chunks = { [`${language}-`]: await pseudoCatalogue(language), [`api-${language}-`]: await pseudoReference(language) };
  for (const [name, texts] of Object.entries(chunks)) {
    const body = `export default ${JSON.stringify(texts)}`;
    await context.route(new RegExp(`/assets/${name}[^/]+\\.js$`), (route) => route.fulfill({ contentType: "text/javascript", body }));
  }
  await context.route("**/errors/*", async (route) => {
    if (route.request().isNavigationRequest()) return route.continue();
    const response = await route.fetch({ headers: { ...route.request().headers(), "accept-language": "en" } });
    return route.fulfill({ response, body: pseudo(await response.text()) });
  });
}
