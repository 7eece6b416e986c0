import type { DatabaseSync } from "node:sqlite";
import { forgetResultsOfRun } from "#store/sql/node-result-verbs";
import { numberOrNull, textOrNull } from "#store/sql/rows";
import { blobHashes } from "#store/sqlite/blob-references";
import { finish } from "#store/sqlite/finish";
import { draftDeletion } from "#store/sqlite/writer/draft-writer";

/** A run that is gone from the lists and whose journal is not gone yet: the place of its last segment that is left. */
export interface LeftSegments {
  readonly tenantId: string;
  readonly runId: string;
  readonly position: number;
}

/**
 * Deletes a run and everything that belongs to it. This is the one place that knows what that is: a table whose rows belong to a run is
 * deleted from here, in `deleteRow`.
 */
export function runDeletion(database: DatabaseSync) {
  const run = database.prepare("DELETE FROM runs WHERE tenant_id = ? AND id = ? RETURNING workflow_id, version, ended_at");
  const forgetDraft = draftDeletion(database);
  const key = database.prepare("DELETE FROM idempotency_keys WHERE tenant_id = ? AND run_id = ?");
  const deliveries = database.prepare("DELETE FROM deliveries WHERE tenant_id = ? AND run_id = ?");
  const attempts = database.prepare("DELETE FROM delivery_attempts WHERE tenant_id = ? AND run_id = ?");
  const suspect = database.prepare("DELETE FROM suspects WHERE tenant_id = ? AND run_id = ?");
  const approvals = database.prepare("DELETE FROM approvals WHERE tenant_id = ? AND id > ? || '-' AND id < ? || '.'");
  const usage = database.prepare("DELETE FROM usage WHERE tenant_id = ? AND run_id = ?");
  const segment = database.prepare(
    `DELETE FROM journal WHERE position = ? AND tenant_id = ? AND run_id = ?
     RETURNING previous, CASE WHEN instr(text, ',"blobs":[[') > 0 THEN text END AS text`,
  );
  return {
    /** The run's row, and what else names it: from here on it is unknown. Its journal comes after it, in steps. */
    deleteRow(tenantId: string, runId: string): void {
      const deleted = run.get(tenantId, runId);
      if (deleted) forgetDraft(tenantId, deleted);
      key.run(tenantId, runId);
      deliveries.run(tenantId, runId);
      attempts.run(tenantId, runId);
      suspect.run(tenantId, runId);
      approvals.run(tenantId, runId, runId);
      usage.run(tenantId, runId);
      finish(database, forgetResultsOfRun(tenantId, runId));
    },

    /** One segment, from the end of the journal; the one before it, or null. Adds the large values that it referred to. */
    deleteSegment({ tenantId, runId, position }: LeftSegments, values: Set<string>): LeftSegments | null {
      const row = segment.get(position, tenantId, runId);
      const previous = row === undefined ? null : numberOrNull(row, "previous");
      const text = row === undefined ? null : textOrNull(row, "text");
      if (text !== null) for (const hash of blobHashes(text)) values.add(hash);
      // A damaged link that led forward would never end.
      return previous === null || previous >= position ? null : { tenantId, runId, position: previous };
    },
  };
}
