import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jsonTokens } from "#ui/json-tokens.ts";

test("keys, strings, numbers and words are told apart", () => {
  const kinds = jsonTokens('{"a": [1, -2.5e3, true, "b:\\"c"]}').filter(({ kind }) => kind !== null);
  assert.deepEqual(kinds, [
    { kind: "key", text: '"a"' },
    { kind: "number", text: "1" },
    { kind: "number", text: "-2.5e3" },
    { kind: "word", text: "true" },
    { kind: "string", text: '"b:\\"c"' },
  ]);
});

test("together the tokens are the text, also where it breaks off", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), (value, length) => {
      const text = JSON.stringify(value, null, 2).slice(0, length);
      const joined = jsonTokens(text)
        .map((token) => token.text)
        .join("");
      assert.equal(joined, text);
    }),
  );
});
