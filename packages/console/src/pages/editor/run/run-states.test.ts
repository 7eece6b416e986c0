import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeTrace } from "@millrace/contract";
import { samplesOf, statesOf } from "#pages/editor/run/run-states.ts";

function trace(nodeId: string, status: NodeTrace["status"], more: Partial<NodeTrace> = {}): NodeTrace {
  return { nodeId, nodeType: "code", path: nodeId, status, attempts: 1, ...more };
}

test("a node's state, its duration and its attempts are the trace's", () => {
  const states = statesOf({ nodes: [trace("a", "SUCCEED", { startedAt: 100, endedAt: 350, attempts: 2 })] }, 1_000);
  assert.deepEqual(states.get("a"), { status: "SUCCEED", durationMs: 250, attempts: 2 });
});

test("what is under way has lasted until now; when the run has ended it was cancelled", () => {
  const nodes = [trace("a", "RUNNING", { startedAt: 100 })];
  assert.deepEqual(statesOf({ nodes }, 400).get("a"), { status: "RUNNING", durationMs: 300, attempts: 1 });
  assert.equal(statesOf({ nodes, endedAt: 500 }, 500).get("a")?.status, "CANCELLED");
});

test("an attempt that failed and is made again reads Retrying, with its error", () => {
  const error = { code: 1, type: "http_503", message: "busy" };
  assert.deepEqual(statesOf({ nodes: [trace("a", "WAITING", { error })] }, 0).get("a"), {
    status: "RETRYING",
    attempts: 1,
    error: { type: "http_503", message: "busy" },
  });
});

test("C29: of three iterations the failed one is told, with their number", () => {
  const error = { code: 1, type: "code_error", message: "no" };
  const nodes = [
    trace("a", "SUCCEED", { iteration: [0], output: 1 }),
    trace("a", "FAILED", { iteration: [1], error, startedAt: 5, endedAt: 9 }),
    trace("a", "SUCCEED", { iteration: [2], output: 3 }),
  ];
  const state = statesOf({ nodes, endedAt: 10 }, 10).get("a");
  assert.equal(state?.status, "FAILED");
  assert.equal(state?.count, 3);
  assert.equal(state?.error?.type, "code_error");
  assert.equal(samplesOf({ nodes }).get("a"), 3);
});
