import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeTrace, RunDetail } from "@millrace/contract";
import { busyStretches, keyOf, spansOf } from "#pages/run/spans.ts";

const node = (nodeId: string, more: Partial<NodeTrace> = {}): NodeTrace => ({
  nodeId,
  nodeType: "code",
  path: nodeId,
  status: "SUCCEED",
  attempts: 1,
  startedAt: 100,
  endedAt: 200,
  ...more,
});

const run = (nodes: readonly NodeTrace[], more: Partial<RunDetail> = {}): RunDetail => ({
  id: "0198f3c2-5b15-7cbf-999c-1b21893466b0",
  workflowId: "0123456789abcdef01234567",
  workflowName: "flow",
  version: "1.0.0",
  status: "SUCCEED",
  trigger: "api",
  acceptedAt: 50,
  startedAt: 90,
  endedAt: 1_000,
  input: {},
  nodes: [...nodes],
  ...more,
});

const TELLING = { now: 2_000, itemLabel: (number: number, item: string | null) => `${number} ${item ?? ""}`.trim() };

test("a row for the run, one a node, and for each iteration one with its nodes", () => {
  const items = [
    { label: "Hawaii", status: "SUCCEED", startedAt: 100, endedAt: 150 },
    { label: "News", status: "FAILED", startedAt: 150, endedAt: 200 },
  ] as const;
  const inner = (index: number, status: "SUCCEED" | "FAILED") => node("one", { path: "each/one", iteration: [index], status });
  const rows = spansOf(
    run([node("each", { items: [...items] }), inner(1, "FAILED"), inner(0, "SUCCEED"), node("end")]),
    "SUCCEED",
    TELLING,
  );
  assert.deepEqual(
    rows.map(({ key, depth, label: text, status }) => [key, depth, text, status]),
    [
      ["", 0, "flow", "SUCCEED"],
      ["each", 1, "each", "SUCCEED"],
      ["each[0]", 2, "1 Hawaii", "SUCCEED"],
      ["each[0]/one", 3, "one", "SUCCEED"],
      ["each[1]", 2, "2 News", "FAILED"],
      ["each[1]/one", 3, "one", "FAILED"],
      ["end", 1, "end", "SUCCEED"],
    ],
  );
});

test("every attempt is a piece, and what is between them is a wait", () => {
  const tries = [
    { attempt: 1, startedAt: 100, endedAt: 110, error: { code: 503, type: "http_503", message: "busy" } },
    { attempt: 2, startedAt: 150, endedAt: 200 },
  ];
  const [, row] = spansOf(run([node("call", { attempts: 2, attemptList: tries })]), "SUCCEED", TELLING);
  assert.deepEqual(row?.pieces, [
    { from: 100, to: 110, kind: "ran", failed: true },
    { from: 110, to: 150, kind: "wait", failed: false },
    { from: 150, to: 200, kind: "ran", failed: false },
  ]);
});

test("what goes on ends now; a node that waits is no work, and is told from one that tries again", () => {
  const failed = { code: 503, type: "http_503", message: "busy" };
  const nodes = [
    node("ask", { status: "WAITING", endedAt: undefined as unknown as number }),
    node("call", { status: "WAITING", error: failed, attemptList: [{ attempt: 1, startedAt: 100, endedAt: 120, error: failed }] }),
  ];
  const rows = spansOf(run(nodes, { status: "RUNNING" }), "WAITING", TELLING);
  assert.deepEqual(
    rows.map(({ status }) => status),
    ["WAITING", "WAITING", "RETRYING"],
  );
  assert.deepEqual(rows[1]?.pieces, [{ from: 100, to: 2_000, kind: "wait", failed: false }]);
  assert.deepEqual(
    busyStretches(rows).map(({ from, to }) => [from, to]),
    [[100, 120]],
  );
});

test("the time before a run began is queued", () => {
  const [first] = spansOf(run([]), "SUCCEED", TELLING);
  assert.deepEqual(
    first?.pieces.map(({ from, to, kind }) => [from, to, kind]),
    [
      [50, 90, "queued"],
      [90, 1_000, "ran"],
    ],
  );
});

test("the place of an execution has an index for each loop around it", () => {
  assert.equal(keyOf(node("x", { path: "a/b/x", iteration: [2, 0] })), "a[2]/b[0]/x");
  assert.equal(keyOf(node("x")), "x");
});

test("an attempt that was lost with its process is a mark, and the wait for the next one", () => {
  const attemptList = [
    { attempt: 1, startedAt: 100, lost: true },
    { attempt: 2, startedAt: 150, endedAt: 200 },
  ] as const;
  const row = spansOf(run([node("ask", { attemptList: [...attemptList] })]), "SUCCEED", TELLING).find(({ key }) => key === "ask");
  assert.deepEqual(row?.pieces, [
    { from: 100, to: 100, kind: "ran", failed: true },
    { from: 100, to: 150, kind: "wait", failed: false },
    { from: 150, to: 200, kind: "ran", failed: false },
  ]);
});

test("under a node that called a run stand the nodes of that run, as deep as they are shown", () => {
  const inner = run([node("start"), node("deep", { nodeType: "workflow" })], { id: "0198f3c2-5b15-7cbf-999c-1b21893466b1" });
  const called = new Map([
    ["each[0]/call", inner],
    ["each[0]/call>deep", run([node("last")])],
  ]);
  const items = [{ status: "SUCCEED", startedAt: 100, endedAt: 200 }] as const;
  const call = node("call", { nodeType: "workflow", path: "each/call", iteration: [0] });
  const rows = spansOf(run([node("each", { items: [...items] }), call, node("end")]), "SUCCEED", { ...TELLING, called });
  assert.deepEqual(
    rows.map(({ key, depth }) => [key, depth]),
    [
      ["", 0],
      ["each", 1],
      ["each[0]", 2],
      ["each[0]/call", 3],
      ["each[0]/call>start", 4],
      ["each[0]/call>deep", 4],
      ["each[0]/call>deep>last", 5],
      ["end", 1],
    ],
  );
  assert.equal(rows[4]?.run, inner);
});
