import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromPointer, toDotted, toPointer } from "#pointer";

test("a pointer escapes ~ and /", () => {
  assert.equal(toPointer(["input", "a/b", "m~n", 0, ""]), "/input/a~1b/m~0n/0/");
  assert.equal(toPointer([]), "");
});

test("steps come back from their pointer", () => {
  fc.assert(fc.property(fc.array(fc.string()), (steps) => assert.deepEqual(fromPointer(toPointer(steps)), steps)));
  assert.deepEqual(fromPointer("/~01"), ["~1"]);
});

test("the dotted path of the whole body is body", () => {
  assert.equal(toDotted([]), "body");
  assert.equal(toDotted(["input", "list", 0]), "input.list.0");
});
