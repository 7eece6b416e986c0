import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeTrace } from "@millrace/contract";
import { compareNodes } from "#pages/compare/compare.ts";

const node = (nodeId: string, output: unknown, more: Partial<NodeTrace> = {}): NodeTrace => ({
  nodeId,
  nodeType: "code",
  path: nodeId,
  status: "SUCCEED",
  attempts: 1,
  output,
  ...more,
});

test("nodes stand side by side; what changed or ran in one only is marked", () => {
  const rows = compareNodes(
    [node("a", { x: 1 }), node("b", 1), node("only", 1)],
    [node("a", { x: 1 }), node("b", 2), node("each", 3, { path: "each/one", iteration: [1] })],
  );
  assert.deepEqual(
    rows.map(({ key, a, b, changed }) => [key, a !== null, b !== null, changed]),
    [
      ["a", true, true, false],
      ["b", true, true, true],
      ["only", true, false, true],
      ["each/one [1]", false, true, true],
    ],
  );
  assert.equal(rows.at(-1)?.name, "each [1]");
});
