import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { replay } from "#apply";
import type { Entry, RunAccepted } from "#journal";
import type { Plan } from "#plan/plan-types";
import { reuse } from "#reuse";
import { Chance, generateGraph, toDocument } from "#testing/generate";
import { planTest, TestRun } from "#testing/host";
import { type ModelGraph, type ModelNode, runModel } from "#testing/model";

const shape = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  size: fc.integer({ min: 1, max: 12 }),
  depth: fc.integer({ min: 0, max: 2 }),
});

/** Completions in an order drawn from `chance`, `most` of them at most. */
function advance(run: TestRun, chance: Chance, most = Number.POSITIVE_INFINITY): TestRun {
  for (let done = 0; done < most && run.choices > 0; done++) run.complete(chance.below(run.choices));
  return run;
}

/** The retry of a run from where it failed, as a host begins it. */
function retryOf(source: TestRun, planned: Plan): TestRun {
  const accepted = { ...source.state.run, runId: "retry", retryOf: "run", at: 900_000 } satisfies RunAccepted & { at: number };
  const { entries, state } = reuse(planned, accepted, source.entries);
  const journal: Entry[] = [accepted, ...entries];
  const { plan: _, ...replayed } = replay(planned, journal);
  const { plan: __, ...rebuilt } = state;
  assert.deepEqual(replayed, rebuilt, "U1 the journal stands for the state, without its source");
  return new TestRun(planned, journal);
}

const resultOf = (run: TestRun) => ({ status: run.state.finished?.status, output: run.state.finished?.output ?? {} });

const finishedIn = (entries: readonly Entry[]) => new Set(entries.flatMap((entry) => (entry.type === "node-finished" ? [entry.path] : [])));

/** U2: nothing that the source had finished was executed again, or finished twice. */
function assertNotRepeated(source: TestRun, retry: TestRun): void {
  const done = finishedIn(source.entries);
  const settled = new Set<string>();
  for (const entry of retry.entries) {
    if (entry.type === "node-started" && !entry.reused) assert.ok(!done.has(entry.path), `${entry.path} runs again`);
    if (entry.type !== "node-finished") continue;
    assert.ok(!settled.has(entry.path), `${entry.path} finished twice`);
    settled.add(entry.path);
    assert.equal(entry.reused === true, done.has(entry.path), `${entry.path} is reused where it was finished, and nowhere else`);
  }
}

/** The graph with one of its working nodes, at any depth, failing for good. */
function withFailure(graph: ModelGraph, id: string): ModelGraph {
  const changed = (node: ModelNode): ModelNode => ({
    ...node,
    ...(node.id === id && { config: { ...node.config, failures: 99 } }),
    ...(node.body && { body: withFailure(node.body, id) }),
  });
  return { ...graph, nodes: graph.nodes.map(changed) };
}

function workingNodes(graph: ModelGraph): string[] {
  return graph.nodes.flatMap((node) => [...(node.type === "work" ? [node.id] : []), ...(node.body ? workingNodes(node.body) : [])]);
}

test("U2 retried from its failure with the failure removed, a run ends like one that never failed, and repeats nothing", (t) => {
  let failed = 0;
  let reused = 0;
  fc.assert(
    fc.property(shape, fc.integer(), fc.integer({ min: 1, max: 4 }), fc.nat(), ({ seed, size, depth }, order, concurrency, pick) => {
      const graph = generateGraph(seed, size, depth, false);
      const ids = workingNodes(graph);
      const id = ids[pick % Math.max(1, ids.length)];
      if (id === undefined) return;
      const planned = planTest(toDocument(withFailure(graph, id)));
      const source = advance(new TestRun(planned, undefined, concurrency), new Chance(order));
      if (source.state.finished?.status !== "FAILED" || source.state.failure === null) return;
      const retry = advance(retryOf(source, planTest(toDocument(graph))), new Chance(order + 1));
      assert.deepEqual(resultOf(retry), runModel(graph));
      assertNotRepeated(source, retry);
      failed += 1;
      reused += finishedIn(source.entries).size;
    }),
    { numRuns: 1_500 },
  );
  t.diagnostic(`${failed} failed runs were retried, ${reused} results reused`);
  assert.ok(failed > 100, `only ${failed} runs failed`);
});

test("U2 cancelled anywhere and retried, a run ends as it would have, handled errors and failed items included", () => {
  fc.assert(
    fc.property(shape, fc.integer(), fc.nat({ max: 30 }), ({ seed, size, depth }, order, after) => {
      const graph = generateGraph(seed, size, depth);
      const planned = planTest(toDocument(graph));
      const source = advance(new TestRun(planned), new Chance(order), after);
      if (source.state.finished) return;
      source.cancel();
      const retry = advance(retryOf(source, planned), new Chance(order + 1));
      assert.deepEqual(resultOf(retry), runModel(graph));
      assertNotRepeated(source, retry);
    }),
    { numRuns: 1_000 },
  );
});

test("a retry of a retry reuses what both got done", () => {
  fc.assert(
    fc.property(shape, fc.integer(), fc.nat({ max: 15 }), ({ seed, size, depth }, order, after) => {
      const graph = generateGraph(seed, size, depth, false);
      const planned = planTest(toDocument(graph));
      const first = advance(new TestRun(planned), new Chance(order), after);
      if (first.state.finished) return;
      first.cancel();
      const second = advance(retryOf(first, planned), new Chance(order + 1), after);
      if (second.state.finished) return;
      second.cancel();
      const third = advance(retryOf(second, planned), new Chance(order + 2));
      assert.deepEqual(resultOf(third), runModel(graph));
      assertNotRepeated(second, third);
    }),
    { numRuns: 300 },
  );
});

test("a failure that stays fails the retry as well", () => {
  fc.assert(
    fc.property(shape, fc.integer(), ({ seed, size, depth }, order) => {
      const planned = planTest(toDocument(generateGraph(seed, size, depth)));
      const source = advance(new TestRun(planned), new Chance(order));
      if (source.state.finished?.status !== "FAILED") return;
      const retry = advance(retryOf(source, planned), new Chance(order + 1));
      assert.equal(retry.state.finished?.status, "FAILED");
    }),
    { numRuns: 500 },
  );
});

test("a container that ran out of time, and whose failure was taken, is not run again", () => {
  const begin = { id: "a", type: "begin", reads: [], config: {} };
  const body: ModelGraph = { nodes: [{ id: "inner", type: "work", reads: [], config: {} }], edges: [] };
  const each: ModelNode = {
    id: "b",
    type: "each",
    reads: [],
    config: { items: [1], concurrency: 1, onItemError: "fail", timeoutMs: 100 },
    onError: "continue",
    body,
  };
  const graph = (failures: number): ModelGraph => ({
    nodes: [begin, each, { id: "c", type: "work", reads: [], config: { failures } }, { id: "d", type: "finish", reads: [], config: {} }],
    edges: [
      { from: "a", port: "out", to: "b" },
      { from: "b", port: "out", to: "c" },
      { from: "c", port: "out", to: "d" },
    ],
  });
  const source = new TestRun(planTest(toDocument(graph(99))));
  // The deadline comes before the item's answer.
  source.complete(0);
  advance(source, new Chance(1));
  assert.equal(source.state.finished?.error?.nodeId, "c");
  const retry = advance(retryOf(source, planTest(toDocument(graph(0)))), new Chance(1));
  assert.equal(retry.state.finished?.status, "SUCCEED");
  const executed = retry.entries.flatMap((entry) => (entry.type === "node-started" && !entry.reused ? [entry.path] : []));
  assert.deepEqual(executed, ["c"]);
});

test("U3 what is reused costs nothing, and its attempts are not this run's", () => {
  const document = toDocument({
    nodes: [
      { id: "a", type: "begin", reads: [], config: {} },
      { id: "b", type: "work", reads: [], config: { failures: 1 }, retry: { maxAttempts: 2 } },
      { id: "c", type: "work", reads: [], config: { failures: 99 } },
      { id: "d", type: "finish", reads: [], config: {} },
    ],
    edges: [
      { from: "a", port: "out", to: "b" },
      { from: "b", port: "out", to: "c" },
      { from: "c", port: "out", to: "d" },
    ],
  });
  const planned = planTest(document);
  const source = advance(new TestRun(planned), new Chance(1));
  const usage = [{ kind: "chat", inputTokens: 1, outputTokens: 2, credits: "0.5" }] as const;
  const priced = source.entries.map((entry) => (entry.type === "node-finished" && entry.path === "b" ? { ...entry, usage } : entry));
  const accepted = { ...source.state.run, runId: "retry", retryOf: "run", at: 900_000 };
  const { entries, state } = reuse(planned, accepted, priced);
  assert.deepEqual(
    entries.map((entry) => [entry.type, "path" in entry ? entry.path : "", entry.at, entry.reused ?? false]),
    [
      ["run-started", "", 900_000, false],
      ["node-finished", "a", 900_000, true],
      ["node-finished", "b", 900_000, true],
    ],
  );
  assert.deepEqual([state.totals.credits, state.totals.tokens], [0n, 0]);
  assert.ok(!JSON.stringify(entries).includes("usage"));
});
