import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanLines } from "#sandbox/log-lines";

test("what a terminal or a reader would obey becomes visible", () => {
  assert.deepEqual(cleanLines(["log \u001b[2J\u202e\u0000", "log a\tb\nc", "log \ud800"], 1_000), [
    "log \\u001b[2J\\u202e\\u0000",
    "log a\tb\nc",
    "log \ufffd",
  ]);
});

test("cuts by bytes, and the last line says so", () => {
  assert.deepEqual(cleanLines(["ééé", "éé"], 10), ["ééé", "éé"]);
  const [first, last] = cleanLines(["ééé", "ééa"], 10);
  assert.equal(first, "ééé");
  assert.match(last ?? "", /cut here/);
});
