import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalText, type Json, type JsonObject } from "@millrace/contract";
import { plan } from "@millrace/engine";
import { nodeSpecs } from "@millrace/nodes/specs";
import fc from "fast-check";
import { exportFlow } from "#flow/export/export";
import { importJson } from "#flow/testing/flows";
import { PIECES, type Recipe, randomFlow } from "#flow/testing/random-flow";
import { type NativeRecipe, randomNative } from "#flow/testing/random-native";

const RUNS = { numRuns: 500 };
const AT = 1_790_000_000_000;

const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 4 }).map((pieces) => pieces.join(""));

const { recipes } = fc.letrec<{ recipes: readonly (Recipe & NativeRecipe)[] }>((tie) => ({
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

const canonical = (document: unknown) => canonicalText(document as JsonObject);

/** The document that an exported file is; throws where it is refused. */
function throughFile(document: JsonObject): JsonObject {
  const { file, refusals } = exportFlow(document, AT);
  assert.deepEqual(refusals, []);
  assert.ok(file);
  const { document: imported, faults } = importJson(file);
  assert.deepEqual(faults, []);
  return imported as unknown as JsonObject;
}

test("L30: 500 vendor files: import, export and import again is import, byte by byte", (t) => {
  let bytes = 0;
  fc.assert(
    fc.property(recipes.map(randomFlow), (file) => {
      const document = importJson(file).document as unknown as JsonObject;
      assert.equal(canonical(throughFile(document)), canonical(document));
      bytes += canonical(document).length;
    }),
    RUNS,
  );
  t.diagnostic(`${RUNS.numRuns} vendor files, ${bytes} bytes: 0 differ after import, export and import`);
});

test("500 native documents that .flow can say are exported, and their files come through for good", () => {
  fc.assert(
    fc.property(
      recipes.map((list) => randomNative(list, true)),
      (document) => {
        assert.deepEqual(
          plan(document, nodeSpecs).problems.filter(({ level }) => level === "error"),
          [],
        );
        const once = throughFile(document);
        assert.equal(canonical(throughFile(once)), canonical(once));
      },
    ),
    RUNS,
  );
});

test("500 native documents of any kind are planned without an exception, and exported or refused with place and reason", (t) => {
  const count = { nodes: 0, problems: 0, exported: 0, refused: 0 };
  fc.assert(
    fc.property(
      recipes.map((list) => randomNative(list, false)),
      (document) => {
        count.problems += plan(document, nodeSpecs).problems.length;
        const { file, refusals } = exportFlow(document, AT);
        count.nodes += (document["nodes"] as Json[]).length;
        count[file ? "exported" : "refused"] += 1;
        assert.equal(file === null, refusals.length > 0);
        for (const { path, reason } of refusals) assert.ok(path.startsWith("/") && reason !== "");
        if (file) assert.equal(importJson(file).faults.length, 0);
      },
    ),
    RUNS,
  );
  const { nodes, problems, exported, refused } = count;
  t.diagnostic(
    `${RUNS.numRuns} generated workflows, ${nodes} nodes: planned with 0 exceptions and ${problems} problems; ${exported} exported, ${refused} refused`,
  );
});

test("any JSON is an answer, never an exception", () => {
  const shaped = fc.record({ nodes: fc.jsonValue(), edges: fc.jsonValue(), flow: fc.jsonValue(), layout: fc.jsonValue() });
  fc.assert(
    fc.property(fc.oneof(shaped, shaped.map(insideNodes)), (document) => void exportFlow(document as JsonObject, AT)),
    RUNS,
  );
});

/** The same values as members of a node. */
function insideNodes({ nodes, edges, flow, layout }: { nodes: unknown; edges: unknown; flow: unknown; layout: unknown }): JsonObject {
  const members = { inputs: nodes, outputs: edges, items: edges, collect: layout, cases: nodes, request: edges, flow, name: layout } as {
    [name: string]: Json;
  };
  const types = ["loop", "batch", "http", "condition", "code", "aggregate", "set", "end", "start", "tool"];
  return {
    format: "millrace/1",
    name: "any",
    nodes: types.map((type, index) => ({ id: `n${index}`, type, body: nodes as Json, ...members })),
    edges: ["n0 -> n1"],
  };
}
