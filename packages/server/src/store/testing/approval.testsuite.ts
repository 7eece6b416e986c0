import assert from "node:assert/strict";
import { test } from "node:test";
import { type ApprovalRow, approvalId, readApprovalId } from "#store/approval-store";
import { Fenced } from "#store/errors";
import type { NewRun } from "#store/store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import { AT, accepted, acceptRunning, finished, newRun, nodeFinished, RUNNING, SUCCEEDED } from "#store/testing/runs";

const ABOUT = {
  title: "Refund?",
  actions: [{ name: "approve", style: "primary", form: true, needed: 1 }],
  approvers: {},
} as const;

function newApproval({ id: runId, workflowId, workflowName }: NewRun, seq: number, values: Partial<ApprovalRow> = {}): ApprovalRow {
  const node = { nodeId: "ask", nodeName: "Ask", path: "ask" };
  const open = { askedAt: AT, until: null, answers: [], status: "OPEN", endedAt: null } as const;
  const about = { ...ABOUT, actions: [...ABOUT.actions] };
  return { id: approvalId(runId, seq), runId, workflowId, workflowName, ...node, about, ...open, ...values };
}

const answer = { action: "approve", person: "ann", by: "Ann", form: { amount: 7 }, comment: null, at: AT + 1 };

export function approvalSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("an approval is written with the entries that asked and settled it, and read by its tenant alone", async ({ store, reopen }) => {
    const run = newRun();
    const row = newApproval(run, 1);
    const claim = await store.runs.accept(TENANT, run, [accepted(run)], RUNNING, { approvals: [row] });
    assert.deepEqual(await store.approvals.get(TENANT, row.id), row);
    const decided = { ...row, answers: [answer], status: "DECIDED", endedAt: AT + 1 } as const;
    const other = newApproval(run, 3);
    await store.runs.append(claim, [nodeFinished("ask", {})], RUNNING, [decided, other]);
    const { approvals } = await reopen();
    assert.deepEqual([await approvals.get(TENANT, row.id), await approvals.get(TENANT, other.id)], [decided, other]);
    assert.deepEqual([await approvals.get(OTHER_TENANT, row.id), await approvals.list(OTHER_TENANT, { limit: 9 })], [null, []]);
  });

  check("with an old claim nothing is written", async ({ store: { runs, approvals }, owner }) => {
    const run = newRun();
    const claim = await acceptRunning(runs, run);
    await runs.sleep(claim, { until: null, pause: null });
    assert.ok(await runs.wakeOne(owner, TENANT, run.id));
    const row = newApproval(run, 2);
    await assert.rejects(runs.append(claim, [nodeFinished("a", 1)], RUNNING, [row]), Fenced);
    assert.equal(await approvals.get(TENANT, row.id), null);
  });

  check("lists have the newest runs first, in pages, of a status, a workflow or a run", async ({ store: { runs, approvals } }) => {
    const [first, second] = [newRun(), newRun({ workflowId: "abcdefabcdefabcdefabcdef" })];
    const rows = [newApproval(first, 2), newApproval(first, 10, { status: "CANCELLED", endedAt: AT }), newApproval(second, 2)] as const;
    await runs.accept(TENANT, first, [accepted(first)], RUNNING, { approvals: rows.slice(0, 2) });
    await runs.accept(TENANT, second, [accepted(second)], RUNNING, { approvals: rows.slice(2) });
    const list = async (filter: object) =>
      (await approvals.list(TENANT, { limit: 9, ...filter })).map(({ id }) => rows.findIndex((row) => row.id === id));
    assert.deepEqual(await list({}), [2, 1, 0]);
    assert.deepEqual(await list({ limit: 2 }), [2, 1]);
    assert.deepEqual(await list({ before: rows[1].id }), [0]);
    assert.deepEqual(await list({ status: "OPEN" }), [2, 0]);
    assert.deepEqual(await list({ workflowId: first.workflowId }), [1, 0]);
    assert.deepEqual(await list({ runId: first.id, status: "OPEN", workflowId: first.workflowId }), [0]);
    assert.deepEqual(await list({ runId: second.id, before: rows[2].id }), []);
  });

  check("they go with their run", async ({ store: { runs, approvals, upkeep } }) => {
    const [run, kept] = [newRun(), newRun()];
    const row = newApproval(run, 1, { status: "CANCELLED", endedAt: AT });
    const other = newApproval(kept, 1);
    await runs.accept(TENANT, run, [accepted(run), finished()], SUCCEEDED, { approvals: [row] });
    await runs.accept(TENANT, kept, [accepted(kept)], RUNNING, { approvals: [other] });
    await upkeep.prune(AT + 60_000, async () => true);
    assert.deepEqual(await approvals.list(TENANT, { limit: 9 }), [other]);
  });

  test("an approval's id names its run and its entry, and nothing else is one", () => {
    const { id } = newRun();
    for (const seq of [0, 12, 123_456]) assert.deepEqual(readApprovalId(approvalId(id, seq)), { runId: id, seq });
    for (const text of ["", id, `${id}-`, `${id}-1`, `${id}-0000001`, `${id}-x`, `x${approvalId(id, 1)}`])
      assert.equal(readApprovalId(text), null);
  });
}
