import assert from "node:assert/strict";
import { test } from "node:test";
import { scaleOf } from "./trace.js";

const node = (startedAt?: number, endedAt?: number) => ({
  nodeId: "a",
  nodeType: "code",
  path: "a",
  status: "SUCCEED" as const,
  attempts: 1,
  ...(startedAt !== undefined && { startedAt }),
  ...(endedAt !== undefined && { endedAt }),
});

test("the scale of a run that has ended reaches from its first node's start to its last node's end", () => {
  assert.deepEqual(scaleOf({ nodes: [node(120, 130), node(100, 110), node(), node(130, 400)], endedAt: 500 }, 9_000), {
    fromAt: 100,
    spanMs: 300,
  });
});

test("the scale of a run that goes on reaches to now", () => {
  assert.deepEqual(scaleOf({ nodes: [node(100, 110), node(110)] }, 1_100), { fromAt: 100, spanMs: 1_000 });
});

test("a run of no time has a scale all the same: nothing is divided by zero", () => {
  assert.deepEqual(scaleOf({ nodes: [node(100, 100)], endedAt: 100 }, 9_000), { fromAt: 100, spanMs: 1 });
});
