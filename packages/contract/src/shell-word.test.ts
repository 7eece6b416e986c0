import assert from "node:assert/strict";
import { test } from "node:test";
import { shellWord } from "#shell-word";

test("a word stays as it is, and what a shell would take apart or evaluate is quoted", () => {
  for (const plain of ["news", "flows/今日.yaml", "a-b_c.d", "127.0.0.1:80"]) assert.equal(shellWord(plain), plain);
  for (const text of ["my news", "a;b", "$HOME", "*", "", "~", "a\nb"]) assert.equal(shellWord(text), `'${text}'`);
  assert.equal(shellWord("Ada's"), `'Ada'\\''s'`);
});
