import type { DatabaseSync } from "node:sqlite";
import { NotFound } from "#store/errors";
import type { DueOutcome } from "#store/schedule-store";
import { readSchedule, SCHEDULE_COLUMNS, type StoredSchedule, scheduleColumns } from "#store/sqlite/schedule-row";

export interface ScheduleChange extends Pick<StoredSchedule, "definition" | "enabled" | "dueAt"> {
  readonly at: number;
}

export function scheduleVerbs(database: DatabaseSync) {
  const find = database.prepare(`SELECT ${SCHEDULE_COLUMNS} FROM schedules WHERE tenant_id = ? AND id = ?`);
  const workflow = database.prepare("SELECT 1 FROM workflows WHERE tenant_id = ? AND id = ? AND deleted_at IS NULL");
  const put = database.prepare(`INSERT OR REPLACE INTO schedules (${SCHEDULE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const remove = database.prepare("DELETE FROM schedules WHERE tenant_id = ? AND id = ?");
  const found = (tenantId: string, id: string): StoredSchedule | null => {
    const row = find.get(tenantId, id);
    return row ? readSchedule(row) : null;
  };
  return {
    createSchedule(row: StoredSchedule): void {
      if (!workflow.get(row.tenantId, row.workflowId)) throw new NotFound(`the workflow ${row.workflowId}`);
      put.run(...scheduleColumns(row));
    },

    updateSchedule(tenantId: string, id: string, { at, ...change }: ScheduleChange): void {
      const row = found(tenantId, id);
      if (!row) throw new NotFound(`the schedule ${id}`);
      put.run(...scheduleColumns({ ...row, ...change, updatedAt: at }));
    },

    deleteSchedule(tenantId: string, id: string): boolean {
      return remove.run(tenantId, id).changes === 1;
    },

    /** One that was deleted meanwhile is settled with that. */
    settleSchedule(tenantId: string, id: string, seen: number, { dueAt, enabled, last }: DueOutcome): void {
      const row = found(tenantId, id);
      if (!row) return;
      const noted = last ? { ...row, lastDueAt: last.dueAt, lastRunId: last.runId, lastError: last.error } : row;
      put.run(...scheduleColumns(row.dueAt === seen ? { ...noted, dueAt, enabled } : noted));
    },
  };
}
