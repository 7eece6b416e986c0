import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isNestedDeeper } from "#sandbox/engine/json-depth";

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test("agrees with a walk through the parsed value", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), (text) => {
      const depth = depthOf(JSON.parse(text));
      const bytes = Buffer.from(JSON.stringify(JSON.parse(text)));
      assert.equal(isNestedDeeper(bytes, depth), false);
      if (depth > 0) assert.equal(isNestedDeeper(bytes, depth - 1), true);
    }),
  );
});

test("brackets, quotes and backslashes inside strings do not count", () => {
  assert.equal(isNestedDeeper(Buffer.from(JSON.stringify(['[[[["\\', "{{{{", '\\"[[[['])), 1), false);
});
