import { hash } from "node:crypto";
import type { ChangeCounts, Json, JsonObject } from "@millrace/contract";
import { DRAFT_COLUMNS, damagedDraft, readDraft } from "#store/sql/draft-row";
import { number, type Row, text } from "#store/sql/rows";
import { all, one, type Steps } from "#store/sql/steps";
import { damagedVersion, readVersion, type StoredVersion, VERSION_COLUMNS } from "#store/sql/version-row";
import type { VersionDocument, VersionRow, VersionRuns } from "#store/version-store";

/** Which version is live is the workflow's to say. */
const LIVE = "CASE WHEN w.live_version = v.version THEN 1 ELSE 0 END AS live";
const FROM = `
  FROM versions AS v JOIN workflows AS w ON w.tenant_id = v.tenant_id AND w.id = v.workflow_id
  WHERE v.tenant_id = ? AND v.workflow_id = ?`;
const LIST = `SELECT ${VERSION_COLUMNS}, ${LIVE} ${FROM} AND v.ordinal < ? ORDER BY v.ordinal DESC LIMIT ?`;
const DOCUMENT = `SELECT ${VERSION_COLUMNS}, ${LIVE}, v.canonical ${FROM} AND v.version = ?`;
const DRAFT = `SELECT ${DRAFT_COLUMNS}, canonical FROM draft_versions WHERE tenant_id = ? AND workflow_id = ? AND version = ?`;
const RUNS = `
  SELECT version, count(*) AS total, count(ended_at) AS ended, count(*) FILTER (WHERE status = 'FAILED') AS failed FROM (
    SELECT version, ended_at, status FROM runs INDEXED BY runs_workflow WHERE tenant_id = ? AND workflow_id = ? ORDER BY id DESC LIMIT ?
  ) AS newest GROUP BY version`;

/** More than there ever are. */
const ALL = Number.MAX_SAFE_INTEGER;

/** Newest first; drafts of runs are not among them. */
export function* listVersions(tenantId: string, workflowId: string, before = ALL, limit = ALL): Steps<readonly VersionRow[]> {
  return (yield* all(LIST, tenantId, workflowId, before, limit)).map((row) => versionRow(readVersion(row), row));
}

export function* countVersionRuns(tenantId: string, workflowId: string, limit: number): Steps<ReadonlyMap<string, VersionRuns>> {
  const rows = yield* all(RUNS, tenantId, workflowId, limit);
  return new Map(
    rows.map((row) => [text(row, "version"), { total: number(row, "total"), ended: number(row, "ended"), failed: number(row, "failed") }]),
  );
}

export function* findVersion(tenantId: string, workflowId: string, version: string): Steps<VersionDocument | null> {
  const row = yield* one(DOCUMENT, tenantId, workflowId, version);
  if (!row) return yield* findDraft(tenantId, workflowId, version);
  const stored = readVersion(row);
  const canonical = text(row, "canonical");
  if (hash("sha256", canonical, "hex") !== stored.hash) throw damagedVersion(stored);
  return { ...versionRow(stored, row), document: withLayout(canonical, stored.layout) };
}

function* findDraft(tenantId: string, workflowId: string, version: string): Steps<VersionDocument | null> {
  const row = yield* one(DRAFT, tenantId, workflowId, version);
  if (!row) return null;
  const stored = readDraft(row);
  const canonical = text(row, "canonical");
  if (hash("sha256", canonical, "hex") !== stored.hash) throw damagedDraft(stored);
  const { keptAt: createdAt, layout } = stored;
  const unpublished = { number: 0, note: "", changes: null, live: false, by: null, releasedAt: null } as const;
  return { ...unpublished, version, hash: stored.hash, createdAt, document: withLayout(canonical, layout) };
}

function withLayout(canonical: string, layout: string | null): JsonObject {
  const document = JSON.parse(canonical) as JsonObject;
  return layout === null ? document : { ...document, layout: JSON.parse(layout) as Json };
}

function versionRow({ ordinal, version, hash, note, changes, by, createdAt, releasedAt }: StoredVersion, row: Row): VersionRow {
  const counts = changes === null ? null : (JSON.parse(changes) as ChangeCounts);
  return { number: ordinal, version, hash, note, changes: counts, live: row["live"] === 1, by, createdAt, releasedAt };
}
