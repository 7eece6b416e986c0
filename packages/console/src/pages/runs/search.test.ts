import assert from "node:assert/strict";
import { test } from "node:test";
import { amount, filterOf, isFiltered, isSearched, runsSearch } from "#pages/runs/search.ts";

test("an address is read as far as it makes sense", () => {
  const read = runsSearch({ status: "FAILED", workflow: 12, trigger: "nope", time: "7d", other: "x" });
  assert.deepEqual(JSON.parse(JSON.stringify(read)), { status: "FAILED", workflow: "12", time: "7d" });
});

test("a time is a moment of the server, and stays the same within a minute", () => {
  const now = 1_790_000_060_001;
  assert.equal(filterOf({ time: "1h" }, now).since, filterOf({ time: "1h" }, now + 100).since);
  assert.ok(Math.abs((filterOf({ time: "1h" }, now).since ?? 0) - (now - 3_600_000)) < 60_000);
  assert.equal(filterOf({}, now).since, undefined);
});

test("what is shown beside the list is no filter", () => {
  assert.equal(isFiltered(runsSearch({ job: "x", show: "errors" })), false);
  assert.equal(isFiltered(runsSearch({ status: "FAILED" })), true);
});

test("what is searched for is asked of the server in its units, and told apart from what it has indexes of", () => {
  const search = runsSearch({ version: 1, cost: "0.5", latency: 2.5, where: 'input.topic ~ "AI"', text: "" });
  const { version, creditsAbove, msAbove, where, text } = filterOf(search, 0);
  assert.deepEqual(
    { version, creditsAbove, msAbove, where, text },
    { version: "1", creditsAbove: 0.5, msAbove: 2_500, where: 'input.topic ~ "AI"', text: undefined },
  );
  assert.deepEqual([isSearched(search), isSearched(runsSearch({ status: "FAILED", time: "1h" }))], [true, false]);
});

test("an amount may be written in full width; what is none is no filter", () => {
  assert.deepEqual(["１２", "1.5", -1, "x", ""].map(amount), [12, 1.5, undefined, undefined, undefined]);
});
