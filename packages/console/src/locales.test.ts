import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { en } from "./locales/en.js";
import { ja } from "./locales/ja.js";
import { zhCN } from "./locales/zh-CN.js";
import { zhTW } from "./locales/zh-TW.js";

const TRANSLATIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = { "zh-CN": zhCN, "zh-TW": zhTW, ja };

/** The same in every language. */
const NAMES = new Set(["app.version", "workflows.api"]);

const placeholders = (text: string) => [...text.matchAll(/\{[^}]*\}/g)].map(String).sort();

for (const [language, texts] of Object.entries(TRANSLATIONS)) {
  test(`${language} has the texts of English, in the same order, with the same placeholders`, () => {
    assert.deepEqual(Object.keys(texts), Object.keys(en));
    for (const [key, text] of Object.entries(en)) assert.deepEqual(placeholders(texts[key] ?? ""), placeholders(text), key);
  });

  test(`${language} translates every text but names`, () => {
    const untranslated = Object.entries(en).filter(([key, text]) => !NAMES.has(key) && texts[key] === text);
    assert.deepEqual(untranslated, []);
    assert.deepEqual(
      Object.values(texts).filter((text) => text.trim() === ""),
      [],
    );
  });
}

test("every text is used", () => {
  const folder = new URL("./", import.meta.url);
  const files = globSync("{*.js,views/*.js}", { cwd: folder }).map((path) => readFileSync(new URL(path, folder), "utf8"));
  const source = files.join("\n");
  // These are put together: t(`app.theme.${theme}`).
  const built = ["app.theme.", "run.waits."];
  const unused = Object.keys(en).filter((key) => !source.includes(`"${key}"`) && !built.some((start) => key.startsWith(start)));
  assert.deepEqual(unused, []);
});
