import { DRAFT_COLUMNS, draftChecksum, draftColumns, type StoredDraft } from "#store/sql/draft-row";
import { numberOrNull, type Row, text } from "#store/sql/rows";
import { run, type Steps, upsert } from "#store/sql/steps";
import { draftVersionName, isDraftVersion } from "#store/version-name";
import type { NewVersion } from "#store/version-store";

// Drafts of runs. One that is kept again is as good as new: it outlives the runs that ended before.

const PUT = upsert("draft_versions", `${DRAFT_COLUMNS}, canonical`, "tenant_id, workflow_id, version");
const FORGET = `
  DELETE FROM draft_versions WHERE tenant_id = ? AND workflow_id = ? AND version = ? AND kept_at <= ? AND NOT EXISTS (
    SELECT 1 FROM runs INDEXED BY runs_draft
    WHERE tenant_id = draft_versions.tenant_id AND workflow_id = draft_versions.workflow_id AND version = draft_versions.version
      AND version >= 'draft-' AND version < 'draft.')`;

/** Its name as a version. */
export function* keepDraftVersion(
  tenantId: string,
  workflowId: string,
  { canonical, hash, layout, at }: Omit<NewVersion, "note" | "changes">,
): Steps<string> {
  const version = draftVersionName(hash);
  const row: StoredDraft = { tenantId, workflowId, version, hash, layout, keptAt: at };
  yield* run(PUT, ...draftColumns(row), draftChecksum(row), canonical);
  return version;
}

/** Takes a draft away with the last of its runs: to be called with what is left of a run's row. */
export function* forgetDraftVersion(tenantId: string, left: Row): Steps<void> {
  const version = text(left, "version");
  if (isDraftVersion(version)) yield* run(FORGET, tenantId, text(left, "workflow_id"), version, numberOrNull(left, "ended_at"));
}
