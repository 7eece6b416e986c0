import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseLanguage, currentLanguage, negotiate, t, withNodes } from "./language.js";

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

test("a chosen language is spoken at once; an unknown one is English", () => {
  chooseLanguage("ja");
  assert.equal(currentLanguage(), "ja");
  assert.equal(t("app.runs"), "実行");
  chooseLanguage("tlh");
  assert.equal(currentLanguage(), "en");
});

test("placeholders are filled; a value that looks like one is text", () => {
  chooseLanguage("en");
  assert.equal(t("run.title", { id: "{id}" }), "Run {id}");
  assert.deepEqual(withNodes("sign_in.where", { command: "<A>", file: "<B>" }), [
    "",
    "<A>",
    " keeps one in ",
    "<B>",
    ". On the machine of the server, this prints a link that signs in by itself:",
  ]);
});
