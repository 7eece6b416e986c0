import assert from "node:assert/strict";
import { test } from "node:test";
import { changedNames, inputOf } from "#parts/replay/input.ts";

test("an input is a JSON object", () => {
  assert.deepEqual(inputOf('{"a": 1}'), { ok: true, value: { a: 1 } });
  for (const text of ["", "[1]", "null", "{", '"a"']) assert.equal(inputOf(text).ok, false, text);
});

test("what differs between two inputs has names", () => {
  assert.deepEqual(changedNames({ a: 1, b: [1], c: 3 }, { a: 1, b: [2], d: 4 }), ["b", "c", "d"]);
});
