import assert from "node:assert/strict";
import { test } from "node:test";
import { consoleSources } from "#testing/sources.ts";
import { LANGUAGES } from "#text/language.ts";
import { type Message, type Messages, piecesOf } from "#text/messages.ts";

const sources = consoleSources();
const folders = sources.filter(({ path }) => path.endsWith("/messages/en.ts")).map(({ path }) => path.replace("/messages/en.ts", ""));

async function textsOf(folder: string, language: string): Promise<Messages> {
  const { default: texts } = (await import(new URL(`../${folder}/messages/${language}.ts`, import.meta.url).href)) as { default: Messages };
  return texts;
}

function namesOf(message: Message): string[] {
  const forms = typeof message === "string" ? [message] : Object.values(message);
  const names = forms.flatMap(piecesOf).flatMap(({ name }) => (name === null ? [] : [name]));
  return [...new Set(names)].sort();
}

for (const folder of folders) {
  test(`C56: the texts of ${folder} have the same keys and names in every language`, async () => {
    const english = await textsOf(folder, "en");
    for (const language of LANGUAGES.filter((one) => one !== "en")) {
      const texts = await textsOf(folder, language);
      assert.deepEqual(Object.keys(texts).sort(), Object.keys(english).sort(), language);
      for (const [key, message] of Object.entries(texts)) {
        assert.deepEqual(namesOf(message), namesOf(english[key] ?? ""), `${language} ${key}`);
        assert.notEqual(message, "", `${language} ${key}`);
      }
    }
  });

  test(`no text of ${folder} is left unused`, async () => {
    const readers = sources
      .filter(({ path, text }) => !path.includes("/messages/") && text.includes(`#${folder}/`))
      .map(({ text }) => text);
    const all = readers.join("\n");
    const literals = new Set([...all.matchAll(/"([^"\n]*)"/g)].map(([, literal]) => literal));
    const patterns = [...all.matchAll(/`([a-z][^`\n]*\$\{[^`\n]*)`/g)].map(([, template = ""]) => patternOf(template));
    const unused = Object.keys(await textsOf(folder, "en")).filter(
      (key) => !literals.has(key) && !new RegExp(`[{ (]${escaped(key)}:`).test(all) && !patterns.some((pattern) => pattern.test(key)),
    );
    assert.deepEqual(unused, []);
  });
}

/** `status.${status}` -> every key that begins with "status." */
function patternOf(template: string): RegExp {
  const parts = template.split(/\$\{[^}]*\}/).map(escaped);
  return new RegExp(`^${parts.join(".+")}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
