import assert from "node:assert/strict";
import { test } from "node:test";
import type { WorkflowNode } from "@millrace/contract";
import fc from "fast-check";
import { decide } from "#decide";
import type { Entry } from "#journal";
import { nextTimerAt, pauseOf } from "#pause";
import { Chance, generateGraph, toDocument } from "#testing/generate";
import { planTest, TestRun } from "#testing/host";

/** `begin`, then the given nodes side by side, then `finish`. */
function beside(...nodes: readonly WorkflowNode[]) {
  const edges = nodes.flatMap(({ id }) => [`begin -> ${id}`, `${id} -> finish`]);
  const all = [{ id: "begin", type: "begin" }, ...nodes, { id: "finish", type: "finish", args: nodes.map(({ id }) => `{{ ${id} }}`) }];
  return planTest({ format: "millrace/1", name: "waits", nodes: all, edges });
}

const nap = (id: string, ms: number, more: object = {}): WorkflowNode => ({ id, type: "nap", ms, ...more });

/** The output of `finish`. */
function result(run: TestRun) {
  return run.state.finished?.output?.["finish"];
}

const typesOf = (entries: readonly Entry[]) => entries.map(({ type }) => type);

test("a wait is two entries and no attempt; its moment is recorded, and its result is when it fired", () => {
  const run = new TestRun(beside(nap("pause", 500)));
  assert.deepEqual(typesOf(run.entries).slice(-1), ["timer-set"]);
  const set = run.entries.at(-1);
  assert.deepEqual(set, { type: "timer-set", path: "pause", until: 1_500, at: 1_000 });
  run.complete(0);
  assert.deepEqual(typesOf(run.entries).slice(4), ["timer-fired", "node-finished", "node-finished", "run-finished"]);
  assert.deepEqual(result(run), [{ firedAt: 1_500 }]);
});

test("a run that is resumed long after the moment waits for that moment, not for another", () => {
  const planned = beside(nap("pause", 500));
  const { entries } = new TestRun(planned);
  const resumed = TestRun.resume(planned, entries);
  const waits = decide(resumed.state).filter((one) => one.do === "wait" && one.path === "pause");
  assert.deepEqual(waits, [{ do: "wait", path: "pause", timer: "wait", until: 1_500 }]);
});

test("declared outputs are made of the result of a wait; where they cannot be, the node fails", () => {
  const declared = (type: string) => beside(nap("pause", 5, { outputs: { when: { type, value: "{{ result.firedAt }}" } } }));
  const run = new TestRun(declared("string"));
  run.complete(0);
  assert.deepEqual(result(run), [{ when: "1005" }]);
  const failing = new TestRun(declared("array<string>"));
  failing.complete(0);
  assert.equal(failing.state.finished?.error?.type, "type_error");
});

test("a deadline cuts a longer wait short, and onError decides; a wait that is over by then is not cut", () => {
  const late = new TestRun(beside(nap("pause", 500, { timeoutMs: 100 })));
  assert.equal(late.choices, 2);
  late.complete(0);
  assert.equal(late.state.finished?.error?.type, "node_timeout");
  assert.equal(late.state.finished?.at, 1_100);
  const handled = new TestRun(beside(nap("pause", 500, { timeoutMs: 100, onError: { do: "default", output: { v: 1 } } })));
  handled.complete(0);
  assert.deepEqual(result(handled), [{ v: 1 }]);
  const inTime = new TestRun(beside(nap("pause", 100, { timeoutMs: 100 })));
  assert.equal(inTime.choices, 1);
});

test("a paused run names the wait that ends first; a run that does anything else is not paused", () => {
  const paused = new TestRun(beside(nap("long", 900), { ...nap("short", 200), name: "Short" }));
  assert.deepEqual(pauseOf(paused.state), { type: "timer", nodeId: "short", nodeName: "Short", since: 1_000, until: 1_200 });
  paused.complete(1);
  assert.deepEqual(pauseOf(paused.state), { type: "timer", nodeId: "long", nodeName: "long", since: 1_000, until: 1_900 });
  paused.complete(0);
  assert.equal(pauseOf(paused.state), null);
  assert.equal(paused.state.pausedMs, 900);
  const busy = new TestRun(beside(nap("pause", 900), { id: "busy", type: "work" }));
  assert.equal(pauseOf(busy.state), null);
  busy.complete(busy.state.active.findIndex((one) => one.path === "pause") - 1);
  assert.equal(busy.state.at, 1_900);
  assert.equal(busy.state.pausedMs, 0);
});

test("R8 no wait ends early, and time in which nothing but waits is open is what a run is paused", (t) => {
  let waits = 0;
  const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 12 }), fc.integer(), (seed, size, order) => {
      const run = new TestRun(planTest(toDocument(generateGraph(seed, size, 2, false))));
      const chance = new Chance(order);
      while (!run.state.finished) run.complete(chance.below(run.choices));
      waits += assertNoneEarly(run.entries);
      assert.equal(run.state.pausedMs, pausedIn(run.entries));
      assert.ok(run.state.pausedMs <= run.state.at - (run.state.startedAt ?? 0));
    }),
    { numRuns: 500 },
  );
  t.diagnostic(`${waits} waits`);
  assert.ok(waits > 100);
});

function assertNoneEarly(entries: readonly Entry[]): number {
  const until = new Map(entries.flatMap((entry) => (entry.type === "timer-set" ? [[entry.path, entry.until] as const] : [])));
  const fired = entries.flatMap((entry) => (entry.type === "timer-fired" && entry.timer === "wait" ? [entry] : []));
  for (const { path, at } of fired) assert.ok(at >= (until.get(path) ?? Number.POSITIVE_INFINITY), path);
  assert.equal(new Set(fired.map(({ path }) => path)).size, fired.length, "a wait fired twice");
  return fired.length;
}

/** The same, said of the journal alone: what has begun and is not finished, of graphs in which nothing fails. */
function pausedIn(entries: readonly Entry[]): number {
  const attempts = new Set<string>();
  const waits = new Set<string>();
  let paused = 0;
  let before = 0;
  for (const entry of entries) {
    if (attempts.size === 0 && waits.size > 0) paused += entry.at - before;
    before = entry.at;
    if (entry.type === "node-started" && !entry.iterate) attempts.add(entry.path);
    if (entry.type === "timer-set") waits.add(entry.path);
    if (entry.type === "node-finished") for (const open of [attempts, waits]) open.delete(entry.path);
  }
  return paused;
}

test("a wait is none of the time that a run may take, and its deadline stands still meanwhile", () => {
  const planned = { ...beside(nap("pause", 5_000)), runTimeoutMs: 1_000 };
  const waiting = new TestRun(planned);
  assert.deepEqual(decide(waiting.state), [{ do: "wait", path: "pause", timer: "wait", until: 6_000 }]);
  assert.equal(nextTimerAt(waiting.state), 6_000);
  const busy = { ...beside(nap("pause", 5_000), { id: "busy", type: "work" }), runTimeoutMs: 1_000 };
  const deadline = (run: TestRun) => decide(run.state).flatMap((one) => (one.do === "wait" && one.path === "" ? [one.until] : []));
  assert.deepEqual(deadline(new TestRun(busy)), [2_000]);
  const twice = planTest({
    format: "millrace/1",
    name: "twice",
    nodes: [{ id: "begin", type: "begin" }, nap("pause", 5_000), { id: "work", type: "work" }, { id: "finish", type: "finish", args: [] }],
    edges: ["begin -> pause", "pause -> work", "work -> finish"],
  });
  const after = new TestRun({ ...twice, runTimeoutMs: 1_000 });
  after.complete(0);
  assert.deepEqual(deadline(after), [7_000]);
});
