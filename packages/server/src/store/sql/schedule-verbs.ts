import { NotFound } from "#store/errors";
import type { DueOutcome } from "#store/schedule-store";
import { readSchedule, SCHEDULE_COLUMNS, type StoredSchedule, scheduleColumns } from "#store/sql/schedule-row";
import { one, run, type Steps, upsert } from "#store/sql/steps";
import { requireWorkflow } from "#store/sql/workflow-exists";

export interface ScheduleChange extends Pick<StoredSchedule, "definition" | "enabled" | "dueAt"> {
  readonly at: number;
}

const PUT = upsert("schedules", SCHEDULE_COLUMNS, "tenant_id, id");

export const scheduleVerbs = {
  *createSchedule(row: StoredSchedule): Steps<void> {
    yield* requireWorkflow(row.tenantId, row.workflowId);
    yield* run(PUT, ...scheduleColumns(row));
  },

  *updateSchedule(tenantId: string, id: string, { at, ...change }: ScheduleChange): Steps<void> {
    const row = yield* found(tenantId, id);
    if (!row) throw new NotFound(`the schedule ${id}`);
    yield* run(PUT, ...scheduleColumns({ ...row, ...change, updatedAt: at }));
  },

  *deleteSchedule(tenantId: string, id: string): Steps<boolean> {
    return (yield* run("DELETE FROM schedules WHERE tenant_id = ? AND id = ?", tenantId, id)) === 1;
  },

  /** One that was deleted meanwhile is settled with that. */
  *settleSchedule(tenantId: string, id: string, seen: number, { dueAt, enabled, last }: DueOutcome): Steps<void> {
    const row = yield* found(tenantId, id);
    if (!row) return;
    const noted = last ? { ...row, lastDueAt: last.dueAt, lastRunId: last.runId, lastError: last.error } : row;
    yield* run(PUT, ...scheduleColumns(row.dueAt === seen ? { ...noted, dueAt, enabled } : noted));
  },
};

function* found(tenantId: string, id: string): Steps<StoredSchedule | null> {
  const row = yield* one(`SELECT ${SCHEDULE_COLUMNS} FROM schedules WHERE tenant_id = ? AND id = ?`, tenantId, id);
  return row ? readSchedule(row) : null;
}
