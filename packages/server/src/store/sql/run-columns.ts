import { originFrom, type RunIdentity, storedTrigger } from "#store/sql/run-row";
import type { RunSummary, Sleep } from "#store/store";

// Runs as they go over to the thread that writes. Flat lists: a structured clone of those costs a third of that of objects.

/** id, workflowId, workflowName, version, userId, keyId, acceptedAt, trigger, starterId. */
export type IdentityColumns = readonly [
  string,
  string,
  string,
  string,
  string | null,
  string | null,
  number,
  ReturnType<typeof storedTrigger> | null,
  string | null,
];

/** status, startedAt, endedAt, executionMs, totalCost, totalTokens, errorType. */
export type SummaryColumns = readonly [RunSummary["status"], number | null, number | null, number, number, number, string | null];

export type RunKey = readonly [tenantId: string, id: string];

/** until, pause. */
export type SleepColumns = readonly [number | null, string | null];

/** Number of its entries, and their text. */
export type SegmentColumns = readonly [count: number, text: string];

export function summaryOf(columns: SummaryColumns): RunSummary {
  const [status, startedAt, endedAt, executionMs, totalCost, totalTokens, errorType] = columns;
  return { status, startedAt, endedAt, executionMs, totalCost, totalTokens, errorType };
}

export function identityColumns(run: RunIdentity): IdentityColumns {
  const { id, workflowId, workflowName, version, userId, keyId, acceptedAt, origin } = run;
  return [id, workflowId, workflowName, version, userId, keyId, acceptedAt, origin && storedTrigger(origin.trigger), origin?.id ?? null];
}

export function identityOf(columns: IdentityColumns): RunIdentity {
  const [id, workflowId, workflowName, version, userId, keyId, acceptedAt, trigger, starterId] = columns;
  const origin = originFrom(trigger, starterId, version);
  return { id, workflowId, workflowName, version, userId, keyId, acceptedAt, origin };
}

export function summaryColumns(summary: RunSummary): SummaryColumns {
  const { status, startedAt, endedAt, executionMs, totalCost, totalTokens, errorType } = summary;
  return [status, startedAt, endedAt, executionMs, totalCost, totalTokens, errorType];
}

export function sleepColumns({ until, pause }: Sleep): SleepColumns {
  return [until, pause && JSON.stringify(pause)];
}
