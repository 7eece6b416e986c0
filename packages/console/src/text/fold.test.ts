import assert from "node:assert/strict";
import { test } from "node:test";
import { folded } from "#text/fold.ts";

test("C15: half-width kana, full-width letters and case are the same to a search", () => {
  assert.equal(folded("ﾆｭｰｽ"), folded("ニュース"));
  assert.equal(folded("にゅーす"), folded("ニュース"));
  assert.equal(folded("ＡＢＣ１"), folded("abc1"));
  assert.equal(folded("ｶﾞ"), folded("ガ"));
  assert.notEqual(folded("ニュース"), folded("ニュー"));
});
