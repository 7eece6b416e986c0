import { blobHashes } from "#store/sql/blob-references";
import { forgetDraftVersion } from "#store/sql/draft-writer";
import { forgetResultsOfRun } from "#store/sql/node-result-verbs";
import { numberOrNull, textOrNull } from "#store/sql/rows";
import { one, run, type Steps } from "#store/sql/steps";

/** A run that is gone from the lists and whose journal is not gone yet: the place of its last segment that is left. */
export interface LeftSegments {
  readonly tenantId: string;
  readonly runId: string;
  readonly position: number;
}

const DELETE_RUN = "DELETE FROM runs WHERE tenant_id = ? AND id = ? RETURNING workflow_id, version, ended_at";
/** Tables whose rows name the run that they belong to. */
const OF_RUN = ["idempotency_keys", "deliveries", "delivery_attempts", "suspects", "usage", "run_shares"].map(
  (table) => `DELETE FROM ${table} WHERE tenant_id = ? AND run_id = ?`,
);
const DELETE_APPROVALS = "DELETE FROM approvals WHERE tenant_id = ? AND id > ? AND id < ?";
const DELETE_SEGMENT = `
  DELETE FROM journal WHERE position = ? AND tenant_id = ? AND run_id = ?
  RETURNING previous, CASE WHEN text LIKE '%,"blobs":[[%' THEN text END AS text`;

/**
 * The run's row, and what else names it: from here on it is unknown. Its journal comes after it, in steps. This is the one place that knows
 * what belongs to a run: a table whose rows do is deleted from here.
 */
export function* deleteRun(tenantId: string, runId: string): Steps<void> {
  const deleted = yield* one(DELETE_RUN, tenantId, runId);
  if (deleted) yield* forgetDraftVersion(tenantId, deleted);
  for (const sql of OF_RUN) yield* run(sql, tenantId, runId);
  yield* run(DELETE_APPROVALS, tenantId, `${runId}-`, `${runId}.`);
  yield* forgetResultsOfRun(tenantId, runId);
}

/** One segment, from the end of the journal; comes to the one before it, or null. Adds the large values that it referred to. */
export function* deleteSegment({ tenantId, runId, position }: LeftSegments, values: Set<string>): Steps<LeftSegments | null> {
  const row = yield* one(DELETE_SEGMENT, position, tenantId, runId);
  const previous = row === undefined ? null : numberOrNull(row, "previous");
  const text = row === undefined ? null : textOrNull(row, "text");
  if (text !== null) for (const hash of blobHashes(text)) values.add(hash);
  // A damaged link that led forward would never end.
  return previous === null || previous >= position ? null : { tenantId, runId, position: previous };
}
