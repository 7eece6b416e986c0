import { JournalCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import { number, numberOrNull, type Row, text, textOrNull } from "#store/sql/rows";
import type { NewRun, RunOrigin, RunRow, RunSummary } from "#store/store";
import { isDraftVersion } from "#store/version-name";

/** What of a run never changes. */
export type RunIdentity = Omit<NewRun, "owner">;

/** The columns that are read; owner and fence are for claims only. */
export const RUN_COLUMNS =
  "tenant_id, id, workflow_id, workflow_name, version, user_id, key_id, accepted_at, started_by, starter_id, status, started_at, ended_at, execution_ms, total_cost, total_tokens, error_type, entries, first_segment, last_segment, webhooks, checksum";

export interface StoredRun {
  readonly tenantId: string;
  readonly run: RunRow;
  /** Entries in the journal. */
  readonly entries: number;
  /** Places of its first and its last segment. */
  readonly firstSegment: number;
  readonly lastSegment: number;
  /** Deliveries that wait for its end. */
  readonly webhooks: number;
}

export function runChecksum(
  tenantId: string,
  run: RunIdentity,
  summary: RunSummary,
  entries: number,
  firstSegment: number,
  lastSegment: number,
  webhooks: number,
): number {
  const { id, workflowId, workflowName, version, userId, keyId, acceptedAt, origin } = run;
  const { status, startedAt, endedAt, executionMs, totalCost, totalTokens, errorType } = summary;
  return rowChecksum([
    tenantId,
    id,
    workflowId,
    workflowName,
    version,
    userId,
    keyId,
    acceptedAt,
    status,
    startedAt,
    endedAt,
    executionMs,
    totalCost,
    totalTokens,
    errorType,
    entries,
    firstSegment,
    lastSegment,
    // Rows that are older than these columns have none of them.
    ...(webhooks === 0 ? [] : [webhooks]),
    ...(origin === null ? [] : [origin.trigger, origin.id]),
  ]);
}

function runIdentity(row: Row): RunIdentity {
  return {
    id: text(row, "id"),
    workflowId: text(row, "workflow_id"),
    workflowName: text(row, "workflow_name"),
    version: text(row, "version"),
    userId: textOrNull(row, "user_id"),
    keyId: textOrNull(row, "key_id"),
    acceptedAt: number(row, "accepted_at"),
    origin: originOf(row),
  };
}

/** The table takes no other words, and the checksum says that it is the one that was written. */
function originOf(row: Row): RunOrigin | null {
  return originFrom(textOrNull(row, "started_by") as StoredTrigger | null, textOrNull(row, "starter_id"), text(row, "version"));
}

type StoredTrigger = Exclude<RunOrigin["trigger"], "draft">;

export function originFrom(trigger: StoredTrigger | null, id: string | null, version: string): RunOrigin | null {
  if (trigger === null) return null;
  return { trigger: trigger === "manual" && isDraftVersion(version) ? "draft" : trigger, id };
}

/** The word that the table has: a person who starts a run by hand starts one of a draft, or of a version. */
export function storedTrigger(trigger: RunOrigin["trigger"]): StoredTrigger {
  return trigger === "draft" ? "manual" : trigger;
}

/** Throws JournalCorrupt where the row is not what was written. */
export function readRun(row: Row): StoredRun {
  const tenantId = text(row, "tenant_id");
  const run: RunRow = {
    ...runIdentity(row),
    status: statusOf(text(row, "id"), text(row, "status")),
    startedAt: numberOrNull(row, "started_at"),
    endedAt: numberOrNull(row, "ended_at"),
    executionMs: number(row, "execution_ms"),
    totalCost: number(row, "total_cost"),
    totalTokens: number(row, "total_tokens"),
    errorType: textOrNull(row, "error_type"),
  };
  const entries = number(row, "entries");
  const firstSegment = number(row, "first_segment");
  const lastSegment = number(row, "last_segment");
  const webhooks = number(row, "webhooks");
  const checksum = runChecksum(tenantId, run, run, entries, firstSegment, lastSegment, webhooks);
  if (checksum !== row["checksum"]) throw new JournalCorrupt(run.id, "its row is not what was written");
  return { tenantId, run, entries, firstSegment, lastSegment, webhooks };
}

function statusOf(runId: string, status: string): RunSummary["status"] {
  if (status === "PENDING" || status === "RUNNING" || status === "SUCCEED" || status === "FAILED") return status;
  throw new JournalCorrupt(runId, "its status is none");
}
