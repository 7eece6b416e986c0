import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LANGUAGES, negotiateLanguage } from "#language";

const CASES: readonly (readonly [string | undefined, string])[] = [
  [undefined, "en"],
  ["", "en"],
  ["fr", "en"],
  ["*", "en"],
  ["en-GB,en;q=0.9", "en"],
  ["ja", "ja"],
  ["ja-JP", "ja"],
  ["zh", "zh-CN"],
  ["zh-CN", "zh-CN"],
  ["zh-Hans-HK", "zh-CN"],
  ["zh-SG", "zh-CN"],
  ["zh-TW", "zh-TW"],
  ["zh-hant", "zh-TW"],
  ["ZH-HK", "zh-TW"],
  ["zh-MO", "zh-TW"],
  ["fr-FR, ja;q=0.5, en;q=0.4", "ja"],
  ["en;q=0.4, zh-TW;q=0.8", "zh-TW"],
  ["ja;q=0.5, zh;q=0.5", "ja"],
  ["ja;q=0, *;q=0.1", "en"],
  ["ja;q=2", "en"],
  ["ja;q=", "en"],
  ["ja ; Q=0.3", "ja"],
];

for (const [header, language] of CASES) {
  test(`Accept-Language ${JSON.stringify(header)} is ${language}`, () => assert.equal(negotiateLanguage(header), language));
}

test("only the first 32 ranges count", () => {
  assert.equal(negotiateLanguage(`${"fr,".repeat(31)}ja`), "ja");
  assert.equal(negotiateLanguage(`${"fr,".repeat(32)}ja`), "en");
});

test("any header gives a language", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (header) => LANGUAGES.includes(negotiateLanguage(header))));
});
