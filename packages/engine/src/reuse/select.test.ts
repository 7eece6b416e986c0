import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import fc from "fast-check";
import { replay } from "#apply";
import type { Entry, RunAccepted } from "#journal";
import { reuse } from "#reuse";
import { compareVersions } from "#reuse/compare";
import { previewReuse } from "#reuse/preview";
import { type Selection, selectEntries } from "#reuse/select";
import { Chance, generateGraph, toDocument } from "#testing/generate";
import { planTest, TestRun } from "#testing/host";
import { type ModelGraph, type ModelNode, runModel } from "#testing/model";

const shape = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  size: fc.integer({ min: 1, max: 10 }),
  depth: fc.integer({ min: 0, max: 2 }),
});

/** Completions in an order drawn from `chance`, `most` of them at most. */
function advance(run: TestRun, chance: Chance, most = Number.POSITIVE_INFINITY): TestRun {
  for (let done = 0; done < most && run.choices > 0; done++) run.complete(chance.below(run.choices));
  return run;
}

function versionOf(graph: ModelGraph) {
  const document = toDocument(graph);
  return { plan: planTest(document), document: document as unknown as JsonObject };
}

interface Retried {
  readonly run: TestRun;
  /** Paths of what was taken over. */
  readonly reused: ReadonlySet<string>;
  readonly preview: ReturnType<typeof previewReuse>;
}

/** A retry of the run in this version, as a host begins it. */
function retryOf(source: TestRun, graph: ModelGraph, selection: Selection): Retried {
  const { plan } = versionOf(graph);
  const accepted = { ...source.state.run, runId: "retry", retryOf: "run", at: 900_000 } satisfies RunAccepted & { at: number };
  const taken = reuse(plan, accepted, selectEntries(plan, source.entries, selection));
  const journal: Entry[] = [accepted, ...taken.entries];
  const { plan: _, ...replayed } = replay(plan, journal);
  const { plan: __, ...rebuilt } = taken.state;
  assert.deepEqual(replayed, rebuilt, "U1 the journal stands for the state, without its source");
  const reused = new Set(taken.entries.flatMap((entry) => (entry.reused && "path" in entry ? [entry.path] : [])));
  return { run: new TestRun(plan, journal), reused, preview: previewReuse(plan, taken) };
}

const resultOf = ({ state: { finished } }: TestRun) => ({ status: finished?.status, output: finished?.output ?? {} });

const idOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

function executedIn({ entries }: TestRun): Set<string> {
  return new Set(entries.flatMap((entry) => (entry.type === "node-started" && !entry.reused && !entry.iterate ? [idOf(entry.path)] : [])));
}

function graphsIn(graph: ModelGraph): ModelGraph[] {
  return [graph, ...graph.nodes.flatMap(({ body }) => (body ? graphsIn(body) : []))];
}

/** The same graph with one of its graphs, at any depth, put in place of another. */
function withGraph(graph: ModelGraph, old: ModelGraph, changed: ModelGraph): ModelGraph {
  if (graph === old) return changed;
  const nodes = graph.nodes.map((node) => (node.body ? { ...node, body: withGraph(node.body, old, changed) } : node));
  return { ...graph, nodes };
}

/** One edit, as a person makes it between a failed run and its replay; null: nothing of the kind can be done here. */
function edited(graph: ModelGraph, chance: Chance): ModelGraph | null {
  const place = chance.pick(graphsIn(graph));
  if (place.nodes.length === 0) return null;
  const node = chance.pick(place.nodes);
  const put = (changed: ModelGraph) => withGraph(graph, place, changed);
  const roll = chance.below(3);
  if (roll === 0) return put({ ...place, nodes: place.nodes.map((one) => (one === node ? otherwise(one) : one)) });
  if (roll === 1) return withoutNode(graph, place, node);
  const [from, to] = [place.nodes.indexOf(node), chance.below(place.nodes.length)];
  const target = place.nodes[to];
  // Edges lead forward, so that there is no cycle; one more waits for more, and takes no other way.
  if (!target || from >= to || node.type !== "work" || place.edges.some((edge) => edge.from === node.id && edge.to === target.id))
    return null;
  return put({ ...place, edges: [...place.edges, { from: node.id, port: "out", to: target.id }] });
}

/** The node gives another result, where its type has one to give. */
function otherwise(node: ModelNode): ModelNode {
  const { config } = node;
  if (node.type === "each") return { ...node, config: { ...config, items: [...(config["items"] as number[]), 7] } };
  if (node.type === "repeat") return { ...node, config: { ...config, count: Number(config["count"]) + 1 } };
  return { ...node, reads: node.reads.slice(1) };
}

/** Without a node that nothing follows and nobody reads. */
function withoutNode(graph: ModelGraph, place: ModelGraph, { id, type }: ModelNode): ModelGraph | null {
  const isRead = JSON.stringify(graph).includes(`"node":"${id}"`) || place.edges.some((edge) => edge.from === id);
  if (isRead || !["work", "calc", "put", "nap"].includes(type)) return null;
  const changed = { nodes: place.nodes.filter((one) => one.id !== id), edges: place.edges.filter((edge) => edge.to !== id) };
  const without = (one: ModelNode): ModelNode => ({
    ...one,
    ...(one.collect && { collect: one.collect.filter((name) => name !== id) }),
    ...(one.body && { body: { ...one.body, nodes: one.body.nodes.map(without) } }),
  });
  const whole = withGraph(graph, place, changed);
  return { ...whole, nodes: whole.nodes.map(without) };
}

test("C1 C2 a run that was stopped anywhere and is replayed in an edited version ends as a run of that version does", (t) => {
  let [replayed, reused] = [0, 0];
  fc.assert(
    fc.property(shape, fc.integer(), fc.nat({ max: 40 }), ({ seed, size, depth }, order, after) => {
      const graph = generateGraph(seed, size, depth);
      const next = edited(graph, new Chance(order ^ seed));
      if (!next) return;
      const source = advance(new TestRun(versionOf(graph).plan), new Chance(order), after);
      if (!source.state.finished) source.cancel();
      const comparison = compareVersions(versionOf(graph), versionOf(next));
      const retry = retryOf(source, next, { from: null, comparison });
      advance(retry.run, new Chance(order + 1));
      assert.deepEqual(resultOf(retry.run), runModel(next));
      replayed += 1;
      reused += retry.reused.size;
    }),
    { numRuns: 3_000 },
  );
  t.diagnostic(`${replayed} runs were replayed in another version, ${reused} results reused`);
  assert.ok(replayed > 700 && reused > 2_000, `${replayed} replayed, ${reused} reused`);
});

test("a version that says the same reuses all that its own would", () => {
  fc.assert(
    fc.property(shape, fc.integer(), fc.nat({ max: 30 }), ({ seed, size, depth }, order, after) => {
      const graph = generateGraph(seed, size, depth);
      const source = advance(new TestRun(versionOf(graph).plan), new Chance(order), after);
      if (source.state.finished) return;
      source.cancel();
      const comparison = compareVersions(versionOf(graph), versionOf(graph));
      assert.deepEqual(
        retryOf(source, graph, { from: null, comparison }).reused,
        retryOf(source, graph, { from: null, comparison: null }).reused,
      );
    }),
    { numRuns: 300 },
  );
});

test("from a node on, that node and what follows it run again, nothing else does, and the end is the same", (t) => {
  let again = 0;
  fc.assert(
    fc.property(shape, fc.integer(), fc.nat(), ({ seed, size, depth }, order, pick) => {
      const graph = generateGraph(seed, size, depth, false);
      const source = advance(new TestRun(versionOf(graph).plan), new Chance(order));
      const ran = [...executedIn(source)];
      const from = ran[pick % Math.max(1, ran.length)];
      if (from === undefined || source.state.finished?.status !== "SUCCEED") return;
      const retry = retryOf(source, graph, { from, comparison: null });
      assert.ok(![...retry.reused].some((path) => idOf(path) === from), `${from} is not reused`);
      advance(retry.run, new Chance(order + 1));
      assert.deepEqual(resultOf(retry.run), runModel(graph));
      const executed = executedIn(retry.run);
      assert.ok(executed.has(from));
      const open = new Set(retry.preview.again.map(({ id }) => id));
      for (const id of executed) assert.ok(open.has(id), `${id} ran again, and was not announced`);
      again += executed.size;
    }),
    { numRuns: 1_500 },
  );
  t.diagnostic(`${again} nodes ran again`);
  assert.ok(again > 500, `only ${again} nodes ran again`);
});

const line = (...nodes: readonly (Partial<ModelNode> & { readonly id: string })[]): ModelGraph => ({
  nodes: nodes.map((node) => ({ type: "work", reads: [], config: {}, ...node })),
  edges: nodes.slice(1).map(({ id }, at) => ({ from: nodes[at]?.id ?? "", port: "out", to: id })),
});

function wholeOf(before: JsonObject, after: JsonObject): string[] {
  const planned = (document: JsonObject) => ({ plan: planTest(document as never), document });
  return [...compareVersions(planned(before), planned(after)).whole];
}

test("C1 a name and a note may differ, a definition may not", () => {
  const document = toDocument(line({ id: "a", type: "begin" }, { id: "b" }, { id: "c", type: "finish" })) as unknown as JsonObject;
  const nodes = document["nodes"] as JsonObject[];
  const named = { ...document, nodes: nodes.map((node) => ({ ...node, name: "Other", note: "why" })) };
  assert.deepEqual(wholeOf(document, named), ["a", "b", "c"]);
  const slower = { ...document, nodes: nodes.map((node) => (node["id"] === "b" ? { ...node, timeoutMs: 5 } : node)) };
  assert.deepEqual(wholeOf(document, slower), ["a"]);
});

test("C3 what reads the version runs again in another, and what reads env where that was changed", () => {
  const reads = (text: string) => {
    const document = toDocument(line({ id: "a", type: "begin" }, { id: "b" }, { id: "c", type: "finish" })) as unknown as JsonObject;
    const nodes = (document["nodes"] as JsonObject[]).map((node) => (node["id"] === "b" ? { ...node, args: [text] } : node));
    return { ...document, nodes, env: { REGION: "sg" } };
  };
  assert.deepEqual(wholeOf(reads("{{ workflow.version }}"), reads("{{ workflow.version }}")), ["a"]);
  assert.deepEqual(wholeOf(reads("{{ env.REGION }}"), reads("{{ env.REGION }}")), ["a", "b", "c"]);
  assert.deepEqual(wholeOf(reads("{{ env.REGION }}"), { ...reads("{{ env.REGION }}"), env: { REGION: "jp" } }), ["a"]);
});

test("C2 a loop whose body lost what set a variable begins anew with its second iteration", () => {
  const put: ModelNode = { id: "set", type: "put", reads: [{ around: "index" }], config: { sets: "acc" } };
  const reader: ModelNode = { id: "reader", type: "calc", reads: [{ around: "acc" }], config: {} };
  const loop = (body: ModelGraph) =>
    line(
      { id: "a", type: "begin" },
      { id: "loop", type: "repeat", config: { count: 3, start: 50 }, body, collect: ["reader"] },
      { id: "b" },
      { id: "c", type: "finish", reads: [{ node: "loop", field: "items" }] },
    );
  const before = loop(line(reader, put));
  const after = loop(line(reader));
  const source = advance(new TestRun(versionOf(before).plan), new Chance(1));
  const comparison = compareVersions(versionOf(before), versionOf(after));
  const retry = retryOf(source, after, { from: null, comparison });
  assert.ok(retry.reused.has("loop[0]/reader") && !retry.reused.has("loop[1]/reader"));
  assert.deepEqual(resultOf(advance(retry.run, new Chance(1))), runModel(after));
});

test("from a node in a container that ran out of time, the container is open again", () => {
  const body = line({ id: "inner" });
  const config = { items: [1], concurrency: 1, onItemError: "fail", timeoutMs: 100 };
  const graph = line(
    { id: "a", type: "begin" },
    { id: "each", type: "each", config, onError: "continue", body },
    { id: "c", type: "finish" },
  );
  const source = new TestRun(versionOf(graph).plan);
  // The deadline comes before the item's answer.
  source.complete(0);
  assert.ok(source.entries.some((entry) => entry.type === "node-failed" && entry.path === "each"));
  const { run, reused } = retryOf(source, graph, { from: "inner", comparison: null });
  assert.ok(!reused.has("each[0]/inner") && executedIn(run).has("inner"));
});
