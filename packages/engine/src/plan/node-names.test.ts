import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import fc from "fast-check";
import { namesReadBy, renameNode, usagesOfNode } from "#plan/node-names";
import { plan } from "#plan/plan";
import { generateGraph, toDocument } from "#testing/generate";
import { TEST_SPECS } from "#testing/specs";

const document: JsonObject = {
  format: "millrace/1",
  name: "test",
  nodes: [
    { id: "begin", type: "begin" },
    { id: "fetch", type: "calc", note: "{{ begin }} is only a note" },
    {
      id: "loop",
      type: "repeat",
      count: 1,
      args: ["{{ fetch.body }} and fetch.body", { deep: "{{ [1].map(fetch => fetch) }}" }],
      body: { nodes: [{ id: "inner", type: "calc", args: "{{ fetch.x + loop.index }}" }], edges: [] },
    },
    { id: "finish", type: "finish" },
  ],
  edges: ["begin -> fetch", { from: "fetch", to: "loop" }, "loop -> finish"],
  layout: { fetch: [0, 0], loop: [1, 1], "loop/inner": [2, 2] },
};

test("a renamed node takes its edges, its place and its readers along; nothing else changes", () => {
  const renamed = renameNode(document, TEST_SPECS, "fetch", "news");
  const text = JSON.stringify(document)
    .replace('"id":"fetch"', '"id":"news"')
    .replace("{{ fetch.body }}", "{{ news.body }}")
    .replace("{{ fetch.x", "{{ news.x")
    .replace("begin -> fetch", "begin -> news")
    .replace('"from":"fetch"', '"from":"news"')
    .replace('"fetch":[0,0]', '"news":[0,0]');
  assert.equal(JSON.stringify(renamed?.document), text);
  assert.equal(renamed?.usages, 2);
});

test("a container's body keeps its place in the layout", () => {
  const renamed = renameNode(document, TEST_SPECS, "loop", "each");
  assert.deepEqual(Object.keys(renamed?.document["layout"] as JsonObject), ["fetch", "each", "each/inner"]);
  assert.ok(JSON.stringify(renamed?.document).includes("fetch.x + each.index"));
});

test("who reads a node is told by node and path", () => {
  assert.deepEqual(usagesOfNode(document, TEST_SPECS, "fetch"), [
    { nodeId: "loop", path: "/nodes/2/args/0" },
    { nodeId: "inner", path: "/nodes/2/body/nodes/0/args" },
  ]);
  assert.deepEqual(usagesOfNode(document, TEST_SPECS, "finish"), []);
});

test("the names that each node reads, without parameters of its own", () => {
  const read = namesReadBy(document, TEST_SPECS);
  assert.deepEqual([...(read.get("loop") ?? [])], ["fetch"]);
  assert.deepEqual([...(read.get("inner") ?? [])], ["fetch", "loop"]);
  assert.equal(read.get("fetch"), undefined);
});

test("an id that is taken, reserved or no identifier is refused, and an absent node is", () => {
  for (const to of ["inner", "begin", "run", "inputs", "a b", "", "1a", "x".repeat(65)])
    assert.equal(renameNode(document, TEST_SPECS, "fetch", to), null, to);
  assert.equal(renameNode(document, TEST_SPECS, "absent", "free"), null);
  assert.ok(renameNode(document, TEST_SPECS, "fetch", "x".repeat(64)));
});

test("random renames leave no reference unresolved, and renaming back gives the document as it was", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 50 }), (seed, pick) => {
      const before = toDocument(generateGraph(seed, 6, 2)) as unknown as JsonObject;
      const ids = [...JSON.stringify(before).matchAll(/"id":"(\w+)"/g)].map(([, id = ""]) => id);
      const id = ids[pick % ids.length] ?? "";
      const after = renameNode(before, TEST_SPECS, id, "renamed");
      assert.ok(after);
      const { problems } = plan(before, TEST_SPECS);
      const expected = JSON.stringify(problems).replace(new RegExp(`\\b${id}\\b`, "g"), "renamed");
      assert.equal(JSON.stringify(plan(after.document, TEST_SPECS).problems), expected);
      assert.deepEqual(renameNode(after.document, TEST_SPECS, "renamed", id)?.document, before);
    }),
    { numRuns: 300 },
  );
});
