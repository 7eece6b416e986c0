import assert from "node:assert/strict";
import { test } from "node:test";
import { staleBy } from "#app/freshen.ts";

const names = (kind: Parameters<typeof staleBy>[0], told = {}) => staleBy(kind, told).map(({ key }) => key.join(" "));

test("a run that went on makes itself, the lists of runs and the figures stale", () => {
  const stale = staleBy("run", { id: "r1" });
  assert.deepEqual(names("run", { id: "r1" }).slice(0, 3), ["run r1", "home", "runs"]);
  const [run, , list] = stale;
  const figures = stale.find(({ key }) => key[0] === "run-stats");
  assert.ok(run && list && figures && run.everyMs < list.everyMs && list.everyMs < figures.everyMs);
});

test("a workflow that changed makes its draft stale before the lists of workflows", () => {
  assert.deepEqual(names("workflow", { id: "w1" }), ["draft w1", "home", "workflows", "versions"]);
});

test("what belongs to a run is told by the run's id", () => {
  assert.ok(names("approval", { runId: "r1" }).includes("run r1"));
  assert.deepEqual(names("job", { id: "j1" }), ["bulk-job j1"]);
  assert.deepEqual(names("job"), []);
  assert.deepEqual(names("schedule", { id: "s1" }), []);
});
