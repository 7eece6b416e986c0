import assert from "node:assert/strict";
import { test } from "node:test";
import { wordsOf } from "#knowledge/words";

test("words in lower case and one width, without marks around them", () => {
  assert.deepEqual(wordsOf("The KEEPER'S lamp, No. 12 (３)!", "en"), ["the", "keepers", "lamp", "no", "12", "3"]);
  assert.deepEqual(wordsOf("Größe Ελλάς", null), ["größe", "ελλάς"]);
  assert.deepEqual(wordsOf("  …—  ", null), []);
});

test("scripts without spaces: every pair of neighbours, and the dictionary's longer and shorter words", () => {
  const chinese = wordsOf("退款会到账。", "zh");
  for (const pair of ["退款", "款会", "会到", "到账"]) assert.ok(chinese.includes(pair), pair);
  assert.ok(chinese.includes("会"));
  const japanese = wordsOf("図書館へ返金", "ja");
  for (const word of ["図書", "書館", "返金", "図書館"]) assert.ok(japanese.includes(word), word);
  // A mark ends a run.
  assert.ok(!wordsOf("東、京", "ja").includes("東京"));
  // One beside the other.
  assert.deepEqual(wordsOf("用 PDF 文件", "zh").includes("pdf"), true);
});

test("no words of a text come twice because of their width, and none is lost that is long", () => {
  assert.deepEqual(wordsOf("ＡＢＣ abc", null), ["abc", "abc"]);
  assert.equal(wordsOf("a".repeat(10_000), null)[0]?.length, 10_000);
});
