import assert from "node:assert/strict";
import { test } from "node:test";
import { brokenNode, lostNodes } from "#pages/run/interrupted.ts";

const broken = { type: "made_to_fail", code: 503, message: "as asked" };

test("nodes whose attempts were lost are named once, and one that was made to fail by its own name", () => {
  const nodes = [
    {
      nodeId: "ask",
      nodeName: "Ask",
      attemptList: [
        { attempt: 1, startedAt: 1, lost: true as const },
        { attempt: 2, startedAt: 3, endedAt: 4 },
      ],
    },
    { nodeId: "ask", nodeName: "Ask", attemptList: [{ attempt: 1, startedAt: 1, lost: true as const }] },
    { nodeId: "fetch", attemptList: [{ attempt: 1, startedAt: 1, endedAt: 2, error: broken }] },
  ];
  assert.deepEqual(lostNodes(nodes), ["Ask"]);
  assert.equal(brokenNode(nodes), "fetch");
  assert.deepEqual([lostNodes([{ nodeId: "end" }]), brokenNode([{ nodeId: "end" }])], [[], null]);
});
