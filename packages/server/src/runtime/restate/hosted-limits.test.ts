import assert from "node:assert/strict";
import { test } from "node:test";
import { hostedLimits } from "#runtime/restate/hosted-limits";

test("L7 a run has no more attempts under way than it may, than there are places, and than 124", () => {
  const most = (concurrency: number | undefined, places: number) =>
    hostedLimits(concurrency === undefined ? {} : { concurrency }, places).concurrency;
  assert.deepEqual([most(31, 32), most(32, 32), most(33, 32)], [31, 32, 32]);
  assert.deepEqual([most(123, 1_000), most(124, 1_000), most(125, 1_000)], [123, 124, 124]);
  assert.deepEqual([most(undefined, 123), most(undefined, 125)], [123, 124]);
});

test("what else bounds a run is as the server was told", () => {
  assert.equal(hostedLimits({ maxOutputBytes: 7 }, 1).maxOutputBytes, 7);
});
