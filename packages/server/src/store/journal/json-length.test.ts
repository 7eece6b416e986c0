import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "@millrace/contract";
import fc from "fast-check";
import { jsonLength } from "#store/journal/json-length";

const VALUES: readonly Json[] = [
  ...[
    null,
    true,
    false,
    0,
    -0,
    1e21,
    5e-324,
    -1.5,
    "",
    "a",
    '"',
    "\\",
    "\n",
    "\u0000",
    "\u001f",
    "\u007f",
    "\u2028",
    "é",
    "😀",
    "\ud800",
    "\udc00a",
  ],
  ...[[], [[]], [null], [1, 2, 3], {}, { a: 1 }, { "\n": { "": [] } }, { a: [{}, "x"], b: null }],
  JSON.parse('{"__proto__":1,"a":[{"b":"c"}]}'),
];

test("the length is that of the JSON text", () => {
  for (const value of VALUES) assert.equal(jsonLength(value, 1_000), JSON.stringify(value).length, JSON.stringify(value));
});

test("members that are undefined have no length, items are null", () => {
  for (const value of [{ a: undefined }, { a: undefined, b: 1, c: undefined }, [undefined, 1]] as unknown as Json[]) {
    assert.equal(jsonLength(value, 1_000), JSON.stringify(value).length);
  }
});

test("any value: exact up to the limit, above it beyond", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), fc.nat(60), (value, limit) => {
      const exact = JSON.stringify(value).length;
      const length = jsonLength(value as Json, limit);
      assert.ok(exact <= limit ? length === exact : length > limit, `${length} for ${exact} at ${limit}`);
    }),
    { numRuns: 2_000 },
  );
});
