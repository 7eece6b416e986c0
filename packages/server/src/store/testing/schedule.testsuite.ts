import assert from "node:assert/strict";
import { test } from "node:test";
import { NotFound } from "#store/errors";
import type { ScheduleRow } from "#store/schedule-store";
import type { Store } from "#store/store";
import { type OpenStore, OTHER_TENANT, TENANT, withStore } from "#store/testing/fixture";
import { AT } from "#store/testing/runs";
import { newWorkflow } from "#store/testing/workflow.testsuite";

let made = 0;

function newSchedule(workflowId: string, values: Partial<ScheduleRow> = {}): ScheduleRow {
  made += 1;
  const settings = { name: "", version: null, cron: "0 * * * *", timeZone: "UTC", catchUp: "last", input: { a: 1 }, userId: null } as const;
  const times = { dueAt: AT, lastDueAt: null, lastRunId: null, lastError: null, createdAt: AT, updatedAt: AT };
  return { ...settings, ...times, enabled: true, id: `5${made.toString(16).padStart(23, "0")}`, workflowId, ...values };
}

export function scheduleSuite(open: OpenStore): void {
  const check = (name: string, body: (store: Store, workflowId: string) => Promise<void>) =>
    test(
      name,
      withStore(open, async ({ store }) => {
        const { id } = await store.workflows.create(TENANT, newWorkflow());
        await body(store, id);
      }),
    );

  check("a schedule is read as it was made, by its tenant alone, and is gone once deleted", async ({ schedules }, workflowId) => {
    const row = newSchedule(workflowId, { name: "n", version: "1.0.0", userId: "u" });
    await schedules.create(TENANT, row);
    assert.deepEqual(await schedules.get(TENANT, row.id), row);
    assert.equal(await schedules.get(OTHER_TENANT, row.id), null);
    assert.equal(await schedules.delete(OTHER_TENANT, row.id), false);
    await assert.rejects(schedules.update(OTHER_TENANT, row.id, row, null, AT), NotFound);
    await assert.rejects(schedules.create(OTHER_TENANT, newSchedule(workflowId)), NotFound);
    assert.deepEqual([await schedules.delete(TENANT, row.id), await schedules.delete(TENANT, row.id)], [true, false]);
  });

  check(
    "those that are due come first due first, of every tenant; one that is paused is never due",
    async ({ schedules, workflows }, workflowId) => {
      const { id: foreign } = await workflows.create(OTHER_TENANT, newWorkflow());
      const [late, early, paused] = [
        newSchedule(workflowId, { dueAt: AT + 2 }),
        newSchedule(foreign, { dueAt: AT + 1 }),
        newSchedule(workflowId),
      ];
      await schedules.create(TENANT, late);
      await schedules.create(OTHER_TENANT, early);
      await schedules.create(TENANT, paused);
      await schedules.update(TENANT, paused.id, { ...paused, enabled: false }, null, AT);
      const due = async (at: number, limit = 9) => (await schedules.due(at, limit)).map(({ tenantId, id }) => [tenantId, id]);
      assert.deepEqual(await due(AT), []);
      assert.deepEqual(await due(AT + 2), [
        [OTHER_TENANT, early.id],
        [TENANT, late.id],
      ]);
      assert.deepEqual(await due(AT + 2, 1), [[OTHER_TENANT, early.id]]);
      assert.deepEqual([await schedules.nextDueAt(AT + 1), await schedules.nextDueAt(AT + 2)], [AT + 2, null]);
    },
  );

  check("what came of a due time is noted; one that was changed meanwhile keeps its own", async ({ schedules }, workflowId) => {
    const row = newSchedule(workflowId);
    await schedules.create(TENANT, row);
    const last = { dueAt: AT, runId: "run-1", error: null };
    await schedules.settle(TENANT, row.id, AT, { dueAt: AT + 60, enabled: true, last });
    const settled = await schedules.get(TENANT, row.id);
    assert.deepEqual([settled?.dueAt, settled?.lastDueAt, settled?.lastRunId, settled?.input], [AT + 60, AT, "run-1", { a: 1 }]);
    await schedules.settle(TENANT, row.id, AT, { dueAt: AT + 90, enabled: false, last: { dueAt: AT, runId: null, error: "no" } });
    const again = await schedules.get(TENANT, row.id);
    assert.deepEqual([again?.dueAt, again?.enabled, again?.lastError], [AT + 60, true, "no"]);
    await schedules.settle(TENANT, row.id, AT + 60, { dueAt: null, enabled: false });
    const ended = await schedules.get(TENANT, row.id);
    assert.deepEqual([ended?.dueAt, ended?.enabled, ended?.lastError], [null, false, "no"]);
    await schedules.settle(OTHER_TENANT, row.id, AT, { dueAt: AT, enabled: true });
  });

  check("lists are newest first, in pages, of one workflow or of all", async ({ schedules, workflows }, workflowId) => {
    const { id: other } = await workflows.create(TENANT, newWorkflow());
    const rows = [newSchedule(workflowId), newSchedule(other), newSchedule(workflowId)];
    for (const row of rows) await schedules.create(TENANT, row);
    const listed = async (filter: Parameters<typeof schedules.list>[1]) => (await schedules.list(TENANT, filter)).map(({ id }) => id);
    const [first, second, third] = rows.map(({ id }) => id);
    assert.deepEqual(await listed({ limit: 2 }), [third, second]);
    assert.deepEqual(await listed({ limit: 2, before: second ?? "" }), [first]);
    assert.deepEqual(await listed({ limit: 9, workflowId }), [third, first]);
    assert.deepEqual(await schedules.list(OTHER_TENANT, { limit: 9 }), []);
  });
}
