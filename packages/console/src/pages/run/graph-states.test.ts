import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeTrace } from "@millrace/contract";
import { graphStates } from "#pages/run/graph-states.ts";

const node = (nodeId: string, more: Partial<NodeTrace> = {}): NodeTrace => ({
  nodeId,
  nodeType: "code",
  path: nodeId,
  status: "SUCCEED",
  attempts: 1,
  startedAt: 100,
  endedAt: 150,
  ...more,
});

test("a node in a loop is one, with what was worst and how often", () => {
  const error = { code: 50_000, type: "code_error", message: "no luck" };
  const states = graphStates([
    node("start"),
    node("one", { path: "each/one", iteration: [0] }),
    node("one", { path: "each/one", iteration: [1], status: "FAILED", error, attempts: 2 }),
    node("one", { path: "each/one", iteration: [2] }),
  ]);
  assert.deepEqual(states.get("start"), { status: "SUCCEED", durationMs: 50, attempts: 1 });
  assert.deepEqual(states.get("one"), {
    status: "FAILED",
    durationMs: 150,
    attempts: 2,
    error: { type: "code_error", message: "no luck" },
    count: 1,
    of: 3,
  });
});

test("what waits, goes on or was skipped is not said to have taken 0 ms", () => {
  const { endedAt: _, ...open } = node("open");
  for (const status of ["WAITING", "RUNNING"] as const) {
    const states = graphStates([{ ...open, status } as NodeTrace]);
    assert.deepEqual(states.get("open"), { status, attempts: 1 });
  }
  assert.deepEqual(graphStates([node("no", { status: "SKIPPED", endedAt: 100, attempts: 0 })]).get("no"), {
    status: "SKIPPED",
    attempts: 0,
  });
});
