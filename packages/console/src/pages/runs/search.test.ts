import assert from "node:assert/strict";
import { test } from "node:test";
import { filterOf, isFiltered, runsSearch } from "#pages/runs/search.ts";

test("an address is read as far as it makes sense", () => {
  const read = runsSearch({ status: "FAILED", workflow: 12, trigger: "nope", time: "7d", other: "x" });
  assert.deepEqual(
    { ...read },
    { status: "FAILED", workflow: "12", trigger: undefined, user: undefined, time: "7d", starter: undefined, job: undefined },
  );
});

test("a time is a moment of the server, and stays the same within a minute", () => {
  const now = 1_790_000_060_001;
  assert.equal(filterOf({ time: "1h" }, now).since, filterOf({ time: "1h" }, now + 100).since);
  assert.ok(Math.abs((filterOf({ time: "1h" }, now).since ?? 0) - (now - 3_600_000)) < 60_000);
  assert.equal(filterOf({}, now).since, undefined);
});

test("what is shown beside the list is no filter", () => {
  assert.equal(isFiltered(runsSearch({ job: "x" })), false);
  assert.equal(isFiltered(runsSearch({ status: "FAILED" })), true);
});
