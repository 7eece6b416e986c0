import assert from "node:assert/strict";
import { test } from "node:test";
import { rangeOf } from "#ui/visible-range.ts";

test("what is seen is mounted, with some rows to spare, and never more than there are", () => {
  assert.deepEqual(rangeOf(1_000, 28, 0, 560), { start: 0, end: 32 });
  assert.deepEqual(rangeOf(1_000, 28, 2_800, 560), { start: 88, end: 132 });
  assert.deepEqual(rangeOf(5, 28, 0, 560), { start: 0, end: 5 });
  assert.deepEqual(rangeOf(0, 28, 0, 560), { start: 0, end: 0 });
  assert.deepEqual(rangeOf(10, 28, 100_000, 560), { start: 10, end: 10 });
});
