import assert from "node:assert/strict";
import { test } from "node:test";
import { negotiate } from "#text/language.ts";

test("the first wish that is spoken wins", () => {
  assert.equal(negotiate(["fr-FR", "ja-JP", "en"]), "ja");
  assert.equal(negotiate(["en-GB", "ja"]), "en");
  assert.equal(negotiate(["fr", "de"]), "en");
  assert.equal(negotiate([]), "en");
});

test("Chinese is traditional where it is written so", () => {
  for (const tag of ["zh", "zh-CN", "zh-SG", "zh-Hans", "zh-Hans-TW", "ZH-cn"]) assert.equal(negotiate([tag]), "zh-CN", tag);
  for (const tag of ["zh-TW", "zh-HK", "zh-MO", "zh-Hant", "zh-Hant-CN", "zh-hant"]) assert.equal(negotiate([tag]), "zh-TW", tag);
});
