import assert from "node:assert/strict";
import { test } from "node:test";
import { type Json, NODE_ID_PATTERN, type WorkflowNode } from "@millrace/contract";
import fc from "fast-check";
import { importFlow } from "#flow/import";
import { expressionsOf, rootsOf } from "#flow/testing/expressions";
import { importJson } from "#flow/testing/flows";
import { PIECES, type Recipe, randomFlow } from "#flow/testing/random-flow";
import { rebuild } from "#flow/testing/rebuild";

const RUNS = { numRuns: 500 };

const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join(""));
const { recipes } = fc.letrec<{ recipes: readonly Recipe[] }>((tie) => ({
  recipes: fc.array(
    fc.record({
      kind: fc.nat(),
      from: fc.nat(),
      refs: fc.array(fc.nat(), { maxLength: 4 }),
      text,
      body: fc.oneof({ maxDepth: 3, withCrossShrink: true }, fc.constant([]), tie("recipes")),
    }),
    { maxLength: 6 },
  ),
}));

const files = recipes.map(randomFlow);

function* allNodes(nodes: readonly WorkflowNode[]): Generator<WorkflowNode> {
  for (const node of nodes) {
    yield node;
    const body = node["body"] as { readonly nodes: readonly WorkflowNode[] } | undefined;
    if (body) yield* allNodes(body.nodes);
  }
}

test("any text is an answer, never an exception", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => void importFlow(text)),
    RUNS,
  );
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => void importFlow(bytes)),
    RUNS,
  );
  const shaped = fc
    .json()
    .map((text) => ({ exportType: "WORKFLOW", botType: "Workflow", name: "w", workflow: { workflowNodes: JSON.parse(text) as Json } }));
  fc.assert(
    fc.property(shaped, (file) => void importJson(file)),
    RUNS,
  );
});

test("random files import without fault, twice the same, and lose nothing", () => {
  fc.assert(
    fc.property(files, (file) => {
      const result = importJson(file);
      assert.deepEqual(result.faults, []);
      assert.deepEqual(importJson(file), result);
      assert.ok(result.document);
      assert.deepEqual(rebuild(result.document), JSON.parse(JSON.stringify(file)));
      assert.deepEqual(importJson(rebuild(result.document)).document, result.document);
    }),
    RUNS,
  );
});

test("every id of a document is an identifier and unique, and every expression in it can be read", () => {
  fc.assert(
    fc.property(files, (file) => {
      const { document, warnings } = importJson(file);
      assert.ok(document);
      const nodes = [...allNodes(document.nodes)];
      const ids = new Set(nodes.map(({ id }) => id));
      assert.equal(ids.size, nodes.length);
      for (const id of ids) assert.match(id, new RegExp(NODE_ID_PATTERN));
      const known = new Set([...ids, "inputs", "result", "env", "run", "workflow"]);
      const roots = nodes.flatMap((node) => expressionsOf(node).flatMap((expression) => [...rootsOf(expression)]));
      const excused = warnings.some(({ code }) => code === "MR_REF_UNKNOWN" || code === "MR_REF_SYNTAX");
      assert.deepEqual(
        roots.filter((root) => !known.has(root) && !excused),
        [],
      );
    }),
    RUNS,
  );
});
