import type { DatabaseSync } from "node:sqlite";
import { DRAFT_COLUMNS, draftChecksum, draftColumns, type StoredDraft } from "#store/sql/draft-row";
import { numberOrNull, type Row, text } from "#store/sql/rows";
import { draftVersionName } from "#store/version-name";
import type { NewVersion } from "#store/version-store";

/** Drafts of runs. One that is kept again is as good as new: it outlives the runs that ended before. */
export function draftWriter(database: DatabaseSync) {
  const put = database.prepare(`INSERT OR REPLACE INTO draft_versions (${DRAFT_COLUMNS}, canonical) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  return {
    /** Its name as a version. */
    keep(tenantId: string, workflowId: string, { canonical, hash, layout, at }: Omit<NewVersion, "note">): string {
      const version = draftVersionName(hash);
      const row: StoredDraft = { tenantId, workflowId, version, hash, layout, keptAt: at };
      put.run(...draftColumns(row), draftChecksum(row), canonical);
      return version;
    },
  };
}

/** Takes a draft away with the last of its runs: to be called with what is left of a run's row. */
export function draftDeletion(database: DatabaseSync): (tenantId: string, run: Row) => void {
  const forget = database.prepare(`
    DELETE FROM draft_versions WHERE tenant_id = ? AND workflow_id = ? AND version = ? AND kept_at <= ? AND NOT EXISTS (
      SELECT 1 FROM runs INDEXED BY runs_draft
      WHERE tenant_id = draft_versions.tenant_id AND workflow_id = draft_versions.workflow_id AND version = draft_versions.version
        AND version >= 'draft-' AND version < 'draft.')`);
  return (tenantId, run) => {
    const version = text(run, "version");
    if (version.startsWith("draft-")) forget.run(tenantId, text(run, "workflow_id"), version, numberOrNull(run, "ended_at"));
  };
}
