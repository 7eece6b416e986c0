import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json, WorkflowNode } from "@millrace/contract";
import fc from "fast-check";
import { apply, replay } from "#apply";
import { decide } from "#decide";
import type { Entry } from "#journal";
import { concurrencyKey } from "#outcome/lane";
import { isPaused, nextTimerAt, pauseOf } from "#pause";
import { Chance, generateGraph, toDocument } from "#testing/generate";
import { accepted, planTest, TestRun } from "#testing/host";
import { runModel } from "#testing/model";

function beside(...nodes: readonly WorkflowNode[]) {
  const edges = nodes.flatMap(({ id }) => [`begin -> ${id}`, `${id} -> finish`]);
  const all = [{ id: "begin", type: "begin" }, ...nodes, { id: "finish", type: "finish", args: nodes.map(({ id }) => `{{ ${id} }}`) }];
  return planTest({ format: "millrace/1", name: "signals", nodes: all, edges });
}

const hear = (id: string, hears: string, more: object = {}): WorkflowNode => ({ id, type: "hear", hears, ...more });
const values = (run: TestRun) => (run.state.finished?.output?.["finish"] as { value: Json }[] | undefined)?.map((one) => one.value);
const typesOf = (entries: readonly Entry[]) => entries.map(({ type }) => type);

test("a node that waits for a signal is done when it comes, with its value; no attempt is under way meanwhile", () => {
  const run = new TestRun(beside(hear("paid", "paid")));
  assert.deepEqual(typesOf(run.entries).slice(-1), ["signal-awaited"]);
  const { pause, until } = { pause: pauseOf(run.state), until: nextTimerAt(run.state) };
  assert.deepEqual(pause, { type: "signal", nodeId: "paid", nodeName: "paid", since: 1_000, until: null });
  assert.equal(until, null);
  run.signal("other", 1);
  assert.equal(run.state.finished, null);
  run.signal("paid", { amount: 42 });
  assert.deepEqual(values(run), [{ amount: 42 }]);
});

test("a signal that comes before anyone waits is kept for who does, the oldest first", () => {
  const planned = planTest({
    format: "millrace/1",
    name: "early",
    nodes: [
      { id: "begin", type: "begin" },
      { id: "pause", type: "nap", ms: 10 },
      hear("one", "go"),
      hear("two", "go"),
      { id: "finish", type: "finish", args: ["{{ one }}", "{{ two }}"] },
    ],
    edges: ["begin -> pause", "pause -> one", "one -> two", "two -> finish"],
  });
  const run = new TestRun(planned);
  run.signal("go", 1);
  run.signal("go", 2);
  run.complete(0);
  assert.deepEqual(values(run), [1, 2]);
});

test("a signal goes to whoever has waited longest, and its sender's id counts once", () => {
  const run = new TestRun(beside(hear("first", "go"), hear("second", "go")));
  run.signal("go", "a", "id-1");
  run.signal("go", "b", "id-1");
  assert.equal(run.state.finished, null);
  run.signal("go", "c", "id-2");
  assert.deepEqual(values(run), ["a", "c"]);
});

test("a deadline ends the wait, and a signal that comes after it is kept for the next", () => {
  const run = new TestRun(
    beside(hear("paid", "paid", { timeoutMs: 100, onError: { do: "default", output: { value: "none" } } }), hear("more", "paid")),
  );
  run.complete(0);
  run.signal("paid", 7);
  assert.deepEqual(values(run), ["none", 7]);
});

test("a run that is to begin later does nothing before, and that time is no execution time", () => {
  const planned = beside({ id: "work", type: "work" });
  const early = replay(planned, [accepted(planned, { startAt: 5_000 })]);
  assert.deepEqual(decide(early), [{ do: "wait", path: "", timer: "start", until: 5_000 }]);
  assert.deepEqual([isPaused(early), pauseOf(early), nextTimerAt(early)], [true, null, 5_000]);
  const begun = apply(early, { type: "timer-fired", path: "", timer: "start", at: 5_000 });
  assert.deepEqual(decide(begun), [{ do: "record", entry: { type: "run-started" } }]);
  assert.equal(apply(begun, { type: "run-started", at: 5_001 }).pausedMs, 0);
  const cancelled = apply(early, { type: "run-cancelled", at: 2_000 });
  const [command] = decide(cancelled);
  assert.equal(command?.do === "record" && command.entry.type === "run-finished" && command.entry.error?.type, "cancelled");
});

test("a run whose turn does not come in time fails with queue_expired", () => {
  const planned = beside({ id: "work", type: "work" });
  const [command] = decide(apply(replay(planned, [accepted(planned)]), { type: "timer-fired", path: "", timer: "queue", at: 2_000 }));
  assert.equal(command?.do === "record" && command.entry.type === "run-finished" && command.entry.error?.type, "queue_expired");
});

test("the key of a limit is read from the input, the run and the environment; what cannot be read is null", () => {
  const keyed = (key: string) => {
    const nodes = [
      { id: "begin", type: "begin" },
      { id: "finish", type: "finish", args: [] },
    ];
    const planned = planTest({
      format: "millrace/1",
      name: "k",
      env: { R: "sg" },
      concurrency: { limit: 1, key },
      nodes,
      edges: ["begin -> finish"],
    });
    return concurrencyKey(replay(planned, [accepted(planned, { userId: "u1" })]), { customer: "c", deep: { n: 1 } });
  };
  assert.equal(keyed("{{ begin.customer }}"), '"c"');
  assert.equal(keyed("{{ [begin.deep.n, env.R, run.userId] }}"), '[1,"sg","u1"]');
  assert.equal(keyed("{{ begin.customer.slice(begin.deep) }}"), "null");
});

test("property: with signals at any moment a run comes to what the model says", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1 }), fc.integer({ min: 1 }), (seed, order) => {
      const graph = generateGraph(seed, 8, 2);
      const run = new TestRun(planTest(toDocument(graph)));
      const chance = new Chance(order);
      while (run.choices > 0) {
        if (chance.chance(0.2)) run.signal(chance.pick(["one", "two"]), null);
        if (run.choices > 0) run.complete(chance.below(run.choices));
      }
      const { status, output } = runModel(graph);
      assert.equal(run.state.finished?.status, status);
      if (status === "SUCCEED") assert.deepEqual(run.state.finished?.output, output);
      assert.deepEqual(replay(run.state.plan, run.entries), run.state);
    }),
  );
});
