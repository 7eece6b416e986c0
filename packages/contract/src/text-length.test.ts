import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { countCodePoints, countUtf8Bytes, isLongerThan } from "#text-length";

const text = fc.string({
  unit: fc.oneof(fc.constantFrom("a", "é", "語", "😀", "\ud800", "\udc00"), fc.string({ unit: "binary", maxLength: 1 })),
});

test("code points are counted as a string's own iterator counts them", () => {
  fc.assert(fc.property(text, (value) => assert.equal(countCodePoints(value), [...value].length)));
});

test("UTF-8 bytes are those of an encoder", () => {
  fc.assert(fc.property(text, (value) => assert.equal(countUtf8Bytes(value), new TextEncoder().encode(value).length)));
});

test("longer than a limit means more code points than the limit", () => {
  fc.assert(fc.property(text, fc.nat(12), (value, limit) => assert.equal(isLongerThan(value, limit), [...value].length > limit)));
});
