import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeTrace, WorkflowDocument } from "@millrace/contract";
import { expandedGraph } from "#pages/run/expanded.ts";

const DOCUMENT: WorkflowDocument = {
  format: "millrace/1",
  name: "looping",
  nodes: [
    { id: "start", type: "start" },
    {
      id: "each",
      type: "batch",
      body: {
        nodes: [
          { id: "one", type: "code", name: "One" },
          { id: "two", type: "code" },
        ],
        edges: ["one.error -> two"],
      },
    },
  ],
  edges: ["start -> each"],
  layout: { start: [0, 0], each: [200, 0], "each/one": [10, 10] },
};

const trace = (nodeId: string, more: Partial<NodeTrace> = {}): NodeTrace => ({
  nodeId,
  nodeType: "code",
  path: nodeId,
  status: "SUCCEED",
  attempts: 1,
  ...more,
});

test("a body that ran twice is there twice, each node under the key of its row, with what became of it", () => {
  const item = { status: "SUCCEED", startedAt: 0 } as const;
  const error = { code: 1, type: "code_error", message: "no luck" };
  const { document, states } = expandedGraph(
    DOCUMENT,
    [
      trace("start"),
      trace("each", { items: [{ ...item, label: "Hawaii" }, item] }),
      trace("one", { path: "each/one", iteration: [0] }),
      trace("one", { path: "each/one", iteration: [1], status: "FAILED", error }),
    ],
    (number, label) => [number, label ?? ""].join(" ").trim(),
  );
  const body = document.nodes[1]?.["body"] as unknown as Pick<WorkflowDocument, "nodes" | "edges">;
  assert.deepEqual(
    body.nodes.map(({ id, name }) => [id, name]),
    [
      ["each[0]/one", "One · 1 Hawaii"],
      ["each[0]/two", "two · 1 Hawaii"],
      ["each[1]/one", "One · 2"],
      ["each[1]/two", "two · 2"],
    ],
  );
  assert.deepEqual(body.edges, [
    { from: "each[0]/one", port: "error", to: "each[0]/two" },
    { from: "each[1]/one", port: "error", to: "each[1]/two" },
  ]);
  assert.equal(document.layout, undefined);
  assert.deepEqual(
    ["each[0]/one", "each[1]/one", "each[1]/two"].map((key) => states.get(key)?.status),
    ["SUCCEED", "FAILED", undefined],
  );
});
