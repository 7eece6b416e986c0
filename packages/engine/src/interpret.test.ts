import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { apply, replay } from "#apply";
import { JournalMismatch } from "#apply/spine";
import { decide } from "#decide";
import { RetryableError } from "#errors";
import { failed } from "#interpret";
import { Chance, generateGraph, toDocument } from "#testing/generate";
import { planTest, TestRun } from "#testing/host";
import { runModel } from "#testing/model";

const shape = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  size: fc.integer({ min: 1, max: 12 }),
  depth: fc.integer({ min: 0, max: 2 }),
});

/** Completions in an order drawn from `chance`. */
function runToEnd(run: TestRun, chance: Chance): TestRun {
  while (!run.state.finished) {
    assert.ok(run.choices > 0, "a run that has not ended waits for something");
    run.complete(chance.below(run.choices));
  }
  return run;
}

function resultOf(run: TestRun) {
  const { status, output } = run.state.finished ?? {};
  return { status, output: output ?? {} };
}

test("I4 the interpreter agrees with the reference model on random graphs, in any order of completion", (t) => {
  fc.assert(
    fc.property(shape, fc.integer(), fc.integer({ min: 1, max: 4 }), ({ seed, size, depth }, order, concurrency) => {
      const graph = generateGraph(seed, size, depth);
      const run = runToEnd(new TestRun(planTest(toDocument(graph)), undefined, concurrency), new Chance(order));
      assert.ok(run.mostAtOnce <= concurrency);
      assert.deepEqual(resultOf(run), runModel(graph));
    }),
    { numRuns: 1_000 },
  );
  t.diagnostic("1000 random graphs agree with the reference model");
});

test("every order of completion of a small graph gives the same result", (t) => {
  let orders = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
      const graph = generateGraph(seed, 4, 1, true);
      const expected = runModel(graph);
      const planned = planTest(toDocument(graph));
      for (const run of allOrders(planned, 300)) {
        orders += 1;
        assert.deepEqual(resultOf(run), expected);
      }
    }),
    { numRuns: 150 },
  );
  t.diagnostic(`${orders} orders of completion of 150 graphs`);
  assert.ok(orders > 300, `only ${orders} orders were tried`);
});

/** Every sequence of choices, depth first, up to `most` runs. */
function* allOrders(planned: ReturnType<typeof planTest>, most: number): Generator<TestRun> {
  const path: number[] = [];
  for (let count = 0; count < most; count++) {
    const run = new TestRun(planned);
    const widths: number[] = [];
    for (let step = 0; !run.state.finished; step++) {
      widths.push(run.choices);
      run.complete(path[step] ?? 0);
    }
    yield run;
    path.length = widths.length;
    for (let i = 0; i < path.length; i++) path[i] ??= 0;
    while (path.length > 0 && (path.at(-1) ?? 0) + 1 >= (widths[path.length - 1] ?? 0)) path.pop();
    const last = path.pop();
    if (last === undefined) return;
    path.push(last + 1);
  }
}

test("A1 I3 the state after every prefix of a journal is the replay of that prefix, through JSON and back", () => {
  fc.assert(
    fc.property(shape, fc.integer(), ({ seed, size, depth }, order) => {
      const planned = planTest(toDocument(generateGraph(seed, size, depth)));
      const run = runToEnd(new TestRun(planned), new Chance(order));
      const entries = JSON.parse(JSON.stringify(run.entries)) as typeof run.entries;
      run.states.forEach((state, index) => {
        const { plan: _, ...replayed } = replay(planned, entries.slice(0, index + 1));
        const { plan: __, ...live } = state;
        assert.deepEqual(JSON.parse(inspectable(replayed)), JSON.parse(inspectable(live)));
      });
    }),
    { numRuns: 60 },
  );
});

test("A1 I3 so it is of two hundred branches side by side, and a state that is kept goes on naming what was open then", () => {
  const branches = Array.from({ length: 200 }, (_, i) => ({ id: `n${i}`, type: "work" }));
  const nodes = [{ id: "begin", type: "begin" }, ...branches, { id: "finish", type: "finish", args: ["{{ n7 }}", "{{ n199 }}"] }];
  const edges = branches.flatMap(({ id }) => [`begin -> ${id}`, `${id} -> finish`]);
  const planned = planTest({ format: "millrace/1", name: "wide", nodes, edges });
  const outputs = [1, 2, 3].map((seed) => {
    const run = runToEnd(new TestRun(planned, undefined, 70), new Chance(seed));
    run.states.forEach((state, index) => {
      if (index % 29 !== 0) return;
      const again = replay(planned, run.entries.slice(0, index + 1));
      assert.deepEqual(JSON.parse(inspectable({ ...again, plan: null })), JSON.parse(inspectable({ ...state, plan: null })));
      assert.deepEqual(decide(state), decide(again));
    });
    return resultOf(run);
  });
  assert.deepEqual(outputs, [outputs[0], outputs[0], outputs[0]]);
});

/** The state without its plan: graphs are shared by identity and need no comparing. */
function inspectable(state: object): string {
  return JSON.stringify(state, (key, value: unknown) => (key === "graph" ? undefined : typeof value === "bigint" ? `${value}n` : value));
}

test("I2 A3 a run that is resumed from any prefix ends like one that was never interrupted", () => {
  fc.assert(
    fc.property(shape, fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), ({ seed, size, depth }, order, share) => {
      const graph = generateGraph(seed, size, depth, false);
      const planned = planTest(toDocument(graph));
      const whole = runToEnd(new TestRun(planned), new Chance(order));
      const cut = 1 + Math.floor(share * (whole.entries.length - 1));
      const resumed = runToEnd(TestRun.resume(planned, whole.entries.slice(0, cut)), new Chance(order + 1));
      assert.deepEqual(resultOf(resumed), runModel(graph));
      assertRunOnce(resumed);
    }),
    { numRuns: 300 },
  );
});

/** I2: no node finishes twice, and none runs again once it has finished. */
function assertRunOnce(run: TestRun): void {
  const finished = new Set<string>();
  for (const entry of run.entries) {
    if (entry.type === "node-started") assert.ok(!finished.has(entry.path), `${entry.path} runs again`);
    if (entry.type !== "node-finished") continue;
    assert.ok(!finished.has(entry.path), `${entry.path} finished twice`);
    finished.add(entry.path);
  }
}

test("A4 a cancelled run ends FAILED once, and nothing is under way any more", () => {
  fc.assert(
    fc.property(shape, fc.integer(), fc.integer({ min: 0, max: 20 }), ({ seed, size, depth }, order, after) => {
      const run = new TestRun(planTest(toDocument(generateGraph(seed, size, depth))));
      const chance = new Chance(order);
      for (let i = 0; i < after && run.choices > 0; i++) run.complete(chance.below(run.choices));
      if (run.state.finished) return;
      run.cancel();
      const last = run.entries.at(-1);
      assert.equal(last?.type === "run-finished" && last.status, "FAILED");
      assert.equal(last?.type === "run-finished" && last.error?.type, "cancelled");
      assert.equal(run.choices, 0);
      assert.equal(run.entries.filter((entry) => entry.type === "run-finished").length, 1);
    }),
    { numRuns: 300 },
  );
});

test("the wait before a retry begins when the attempt failed, however long ago the last entry was", () => {
  const work = { id: "n2", type: "work", retry: { maxAttempts: 2, initialMs: 500, jitter: false } };
  const nodes = [{ id: "n1", type: "begin" }, work, { id: "n3", type: "finish" }];
  const { state } = new TestRun(planTest({ format: "millrace/1", name: "retry", nodes, edges: ["n1 -> n2", "n2 -> n3"] }));
  const command = decide(state).find((one) => one.do === "execute");
  assert.ok(command?.do === "execute");
  const entry = failed(state, command, new RetryableError("http_503", "late"), state.at + 20_000);
  assert.equal(entry.retryAt, state.at + 20_500);
});

test("A2 an entry that does not fit the state is a mismatch, never a guess", () => {
  const { state } = runToEnd(new TestRun(planTest(toDocument(generateGraph(1, 3, 0, false)))), new Chance(1));
  const finished = state.root.graph.nodes[0]?.id ?? "";
  const at = state.at;
  assert.throws(() => apply(state, { type: "node-skipped", path: "nowhere", at }), JournalMismatch);
  assert.throws(() => apply(state, { type: "node-skipped", path: "nowhere[0]/n1", at }), JournalMismatch);
  assert.throws(() => apply(state, { type: "node-finished", path: finished, port: "out", output: {}, at }), JournalMismatch);
  assert.throws(() => apply(state, { type: "item-closed", path: finished, index: 0, how: "completed", at }), JournalMismatch);
});
