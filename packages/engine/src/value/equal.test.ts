import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { Json } from "@millrace/contract";
import fc from "fast-check";
import { equal } from "#value/equal";

test("equal is strict and deep", () => {
  const same: readonly (readonly [Json, Json])[] = [
    [1, 1],
    [0, -0],
    ["a", "a"],
    [null, null],
    [
      [1, [2]],
      [1, [2]],
    ],
    [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ],
    [JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":1}}')],
  ];
  const different: readonly (readonly [Json, Json])[] = [
    [1, "1"],
    [0, false],
    [null, false],
    [null, ""],
    [[], {}],
    [[1], [1, 2]],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: 1, b: null }],
    [{ a: null }, { b: null }],
    [{}, { toString: null }],
    [{ constructor: 1 }, { a: 1 }],
    ["a", "A"],
    [JSON.parse('{"__proto__":1}'), {}],
  ];
  for (const [l, r] of same) assert.ok(equal(l, r) && equal(r, l), JSON.stringify([l, r]));
  for (const [l, r] of different) assert.ok(!equal(l, r) && !equal(r, l), JSON.stringify([l, r]));
});

test("equal agrees with the host's deep equality", () => {
  const json = fc.jsonValue({ maxDepth: 3, depthSize: "small" }).map((value) => JSON.parse(JSON.stringify(value)) as Json);
  fc.assert(fc.property(json, json, (l, r) => assert.equal(equal(l, r), isDeepStrictEqual(l, r))));
  fc.assert(fc.property(json, (value) => assert.ok(equal(value, JSON.parse(JSON.stringify(value))))));
});

test("depth does not exhaust the stack", () => {
  const nest = (): Json => {
    let value: Json = 1;
    for (let i = 0; i < 200_000; i++) value = i % 2 === 0 ? [value] : { a: value };
    return value;
  };
  assert.ok(equal(nest(), nest()));
});

test("the charge sees the length of strings and lists before they are read", () => {
  let read = 0;
  equal("x".repeat(1000), "y".repeat(1000), (_values, characters) => {
    read += characters;
  });
  assert.equal(read, 1000);
  assert.throws(
    () =>
      equal(new Array(1e6).fill(0), new Array(1e6).fill(0), (n) => {
        if (n > 1000) throw new Error("limit");
      }),
    /limit/,
  );
});
