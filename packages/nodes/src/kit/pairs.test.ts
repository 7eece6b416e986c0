import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeForm, pairsOf, percentEncode } from "#kit/pairs";
import { withQuery } from "#kit/with-query";

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string(),
  fc.constantFrom("\ud800", "a\udc00b", "%", "+", "&=;", "\r\n", "~!'()*"),
);
const pairs = fc.array(fc.tuple(anyText, anyText), { minLength: 1, maxLength: 5 });

test("a form body is what URLSearchParams writes", () => {
  fc.assert(
    fc.property(pairs, (given) => assert.equal(encodeForm(given), new URLSearchParams(given).toString())),
    { numRuns: 2_000 },
  );
});

test("a query reads back as it was, behind whatever the URL had", () => {
  fc.assert(
    fc.property(fc.constantFrom("", "?", "?a=1", "?a=1&", "#x", "?a=1#x?y"), pairs, (rest, given) => {
      const url = new URL(withQuery(`https://example.com/p${rest}`, given));
      const before = rest.includes("a=1") ? [["a", "1"]] : [];
      assert.deepEqual([...url.searchParams], [...before, ...given.map((pair) => pair.map((text) => text.toWellFormed()))]);
      assert.equal(url.pathname, "/p");
      assert.equal(url.hash, "");
    }),
    { numRuns: 2_000 },
  );
});

test("without pairs a URL stays as it is", () => {
  assert.equal(withQuery("https://example.com/?#x", []), "https://example.com/?#x");
});

test("percent-encoding never throws, lone surrogates included", () => {
  assert.equal(percentEncode("\ud800/"), "%EF%BF%BD%2F");
});

test("arrays repeat a name, null is left out, other values are their text", () => {
  const given = { a: ["x", null, 1], b: null, c: { d: [true] }, e: "", f: false, g: [] };
  assert.deepEqual(pairsOf(given), [
    ["a", "x"],
    ["a", "1"],
    ["c", '{"d":[true]}'],
    ["e", ""],
    ["f", "false"],
  ]);
});
