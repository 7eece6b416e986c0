import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { tokens } from "./json-view.js";

test("keys, strings, numbers and words are told apart", () => {
  const kinds = tokens('{\n  "a\\"b": "c: true",\n  "d": [-1.5e+3, true, null]\n}').filter(({ kind }) => kind !== null);
  assert.deepEqual(
    kinds.map(({ kind, text }) => `${kind} ${text}`),
    ['key "a\\"b"', 'string "c: true"', 'key "d"', "number -1.5e+3", "word true", "word null"],
  );
});

test("the tokens of any JSON are its text, also where a preview cuts it", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(200), (json, length) => {
      const text = JSON.stringify(JSON.parse(json), null, 2).slice(0, length);
      assert.equal(
        tokens(text)
          .map((token) => token.text)
          .join(""),
        text,
      );
    }),
  );
});

test("a string that a preview cuts is one token, not one for each quote in it", () => {
  const cut = `"${'\\"'.repeat(10_000)}`;
  assert.deepEqual(tokens(cut), [{ kind: "string", text: cut }]);
});
