import { StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import type { ScheduleRow, ScheduleSettings } from "#store/schedule-store";
import { number, numberOrNull, type Row, text, textOrNull } from "#store/sql/rows";

/** A schedule as stored: what people set is one text. */
export interface StoredSchedule {
  readonly tenantId: string;
  readonly id: string;
  readonly workflowId: string;
  readonly definition: string;
  readonly enabled: boolean;
  readonly dueAt: number | null;
  readonly lastDueAt: number | null;
  readonly lastRunId: string | null;
  readonly lastError: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export const SCHEDULE_COLUMNS =
  "tenant_id, id, workflow_id, definition, enabled, due_at, last_due_at, last_run_id, last_error, created_at, updated_at, checksum";

export function scheduleColumns(row: StoredSchedule) {
  const { tenantId, id, workflowId, definition, dueAt, lastDueAt, lastRunId, lastError, createdAt, updatedAt } = row;
  const state = [Number(row.enabled), dueAt, lastDueAt, lastRunId, lastError] as const;
  const values = [tenantId, id, workflowId, definition, ...state, createdAt, updatedAt] as const;
  return [...values, rowChecksum(values)] as const;
}

/** Throws StoreCorrupt where the row is not what was written: it must not start what nobody asked for. */
export function readSchedule(row: Row): StoredSchedule {
  const stored: StoredSchedule = {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    workflowId: text(row, "workflow_id"),
    definition: text(row, "definition"),
    enabled: number(row, "enabled") === 1,
    dueAt: numberOrNull(row, "due_at"),
    lastDueAt: numberOrNull(row, "last_due_at"),
    lastRunId: textOrNull(row, "last_run_id"),
    lastError: textOrNull(row, "last_error"),
    createdAt: number(row, "created_at"),
    updatedAt: number(row, "updated_at"),
  };
  if (scheduleColumns(stored).at(-1) !== row["checksum"])
    throw new StoreCorrupt(`the row of schedule ${stored.id} is not what was written`);
  return stored;
}

type Definition = Omit<ScheduleSettings, "enabled">;

export function definitionText({ name, version, cron, timeZone, catchUp, input, userId }: Definition): string {
  return JSON.stringify({ name, version, cron, timeZone, catchUp, input, userId } satisfies Definition);
}

export function storedSchedule(tenantId: string, row: ScheduleRow): StoredSchedule {
  const { id, workflowId, enabled, dueAt, lastDueAt, lastRunId, lastError, createdAt, updatedAt } = row;
  const definition = definitionText(row);
  return { tenantId, id, workflowId, definition, enabled, dueAt, lastDueAt, lastRunId, lastError, createdAt, updatedAt };
}

export function scheduleRow({ tenantId: _, definition, ...row }: StoredSchedule): ScheduleRow {
  return { ...(JSON.parse(definition) as Definition), ...row };
}
