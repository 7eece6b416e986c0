import assert from "node:assert/strict";
import { test } from "node:test";
import { inWords, type Json, type JsonObject, say } from "@millrace/contract";
import { compare, faultOf, holds, isMatcher } from "#cases/match";

/** Expected, and values that it holds for and does not hold for. */
const TABLE: readonly (readonly [expected: Json, holds: readonly Json[], fails: readonly Json[]])[] = [
  [1, [1], [2, "1", null]],
  [null, [null], [0, "", false]],
  [{ a: [1, { b: 2 }] }, [{ a: [1, { b: 2 }] }], [{ a: [1] }, { a: [1, { b: 2 }], c: 3 }, {}]],
  [{ match: "^a+$" }, ["aa"], ["b", 1, null, ["aa"]]],
  [{ contains: "ai" }, ["rain"], ["sun", 1, ["sun"]]],
  [{ contains: 2 }, [[1, 2]], [[1], 2]],
  [{ contains: [1, { type: "string" }] }, [["x", 1, 5]], [[1, 2]]],
  [{ contains: { a: 1, b: { c: 2 } } }, [{ a: 1, b: { c: 2, d: 3 }, e: 4 }], [{ a: 1 }, { a: 1, b: { d: 3 } }]],
  [{ contains: { a: 1 } }, [[{ b: 2 }, { a: 1, b: 2 }]], [[{ a: 2 }], []]],
  [{ type: "integer" }, [1], [1.5, "1"]],
  [{ type: "number" }, [1.5], ["1"]],
  [{ type: "null" }, [null], [0]],
  [{ type: "array" }, [[]], [{}]],
  [{ type: "object" }, [{}], [[], null]],
  [{ range: [1, 2] }, [1, 1.5, 2], [0.9, 2.1, "1"]],
  [{ range: [null, 2] }, [-1e9, 2], [3]],
  [{ type: "integer", range: [1, null] }, [7], [7.5, 0]],
  [{ equals: { type: "string" } }, [{ type: "string" }], ["text", {}]],
  [{ list: [{ match: "a" }] }, [{ list: ["cat"] }], [{ list: ["dog"] }]],
];

test("a value is expected as it is, or by a matcher at any depth", () => {
  for (const [expected, good, bad] of TABLE) {
    for (const value of good) assert.equal(holds(expected, value), true, `${JSON.stringify(expected)} holds for ${JSON.stringify(value)}`);
    for (const value of bad) assert.equal(holds(expected, value), false, `${JSON.stringify(expected)} fails for ${JSON.stringify(value)}`);
  }
});

test("each difference is told at the smallest value that differs", () => {
  const differences = compare({ a: { b: 1, c: [1, 2] }, gone: 1 }, { a: { b: 2, c: [1, 3] }, more: true }, "output");
  assert.deepEqual(
    differences.map(({ at }) => at),
    ["output.a.b", "output.a.c[1]", "output.gone", "output.more"],
  );
  assert.equal(differences[0]?.message, "expected 1, and it is 2");
});

test("what an object lacks of what it is to contain is told by its name", () => {
  const differences = compare({ contains: { a: { b: 1 }, c: { range: [1, 2] }, d: 4 } }, { a: { b: 2, x: 1 }, c: 3, y: 1 }, "output");
  assert.deepEqual(
    differences.map(({ at }) => at),
    ["output.a.b", "output.c", "output.d"],
  );
});

test("an object is a matcher only where all of its members are", () => {
  assert.equal(isMatcher({ type: "string", range: [1, 2] }), true);
  assert.equal(isMatcher({ type: "string", name: "x" }), false);
  assert.equal(isMatcher({}), false);
});

test("a matcher that can match nothing is told of", () => {
  const told = (matcher: JsonObject): string => inWords(faultOf(matcher) ?? say``);
  assert.match(told({ match: "(" }), /RE2/);
  assert.match(told({ type: "text" }), /one of null/);
  assert.match(told({ range: [1] }), /two numbers/);
  assert.equal(faultOf({ match: "a", type: "string", range: [null, 1] }), null);
});
