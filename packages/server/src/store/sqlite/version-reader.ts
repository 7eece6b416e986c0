import { hash } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Json, JsonObject } from "@millrace/contract";
import { DRAFT_COLUMNS, damagedDraft, readDraft } from "#store/sqlite/draft-row";
import { type Row, text } from "#store/sqlite/rows";
import { damagedVersion, readVersion, type StoredVersion, VERSION_COLUMNS } from "#store/sqlite/version-row";
import type { VersionDocument, VersionRow } from "#store/version-store";

/** Which version is live is the workflow's to say. */
const FROM = `
  FROM versions AS v JOIN workflows AS w ON w.tenant_id = v.tenant_id AND w.id = v.workflow_id
  WHERE v.tenant_id = ? AND v.workflow_id = ?`;

/** More than there ever are. */
const ALL = Number.MAX_SAFE_INTEGER;

export class VersionReader {
  readonly #list: StatementSync;
  readonly #document: StatementSync;
  readonly #draft: StatementSync;

  constructor(database: DatabaseSync) {
    this.#list = database.prepare(
      `SELECT ${VERSION_COLUMNS}, w.live_version = v.version AS live ${FROM} AND v.ordinal < ? ORDER BY v.ordinal DESC LIMIT ?`,
    );
    this.#document = database.prepare(
      `SELECT ${VERSION_COLUMNS}, w.live_version = v.version AS live, v.canonical ${FROM} AND v.version = ?`,
    );
    this.#draft = database.prepare(`
      SELECT ${DRAFT_COLUMNS}, canonical FROM draft_versions WHERE tenant_id = ? AND workflow_id = ? AND version = ?`);
  }

  /** Newest first; drafts of runs are not among them. */
  list(tenantId: string, workflowId: string, before = ALL, limit = ALL): readonly VersionRow[] {
    return this.#list.all(tenantId, workflowId, before, limit).map((row) => versionRow(readVersion(row), row));
  }

  document(tenantId: string, workflowId: string, version: string): VersionDocument | null {
    const row = this.#document.get(tenantId, workflowId, version);
    if (!row) return this.#draftDocument(tenantId, workflowId, version);
    const stored = readVersion(row);
    const canonical = text(row, "canonical");
    if (hash("sha256", canonical, "hex") !== stored.hash) throw damagedVersion(stored);
    return { ...versionRow(stored, row), document: withLayout(canonical, stored.layout) };
  }

  #draftDocument(tenantId: string, workflowId: string, version: string): VersionDocument | null {
    const row = this.#draft.get(tenantId, workflowId, version);
    if (!row) return null;
    const stored = readDraft(row);
    const canonical = text(row, "canonical");
    if (hash("sha256", canonical, "hex") !== stored.hash) throw damagedDraft(stored);
    const { keptAt: createdAt, layout } = stored;
    const unpublished = { number: 0, note: "", live: false, by: null, releasedAt: null } as const;
    return { ...unpublished, version, hash: stored.hash, createdAt, document: withLayout(canonical, layout) };
  }
}

function withLayout(canonical: string, layout: string | null): JsonObject {
  const document = JSON.parse(canonical) as JsonObject;
  return layout === null ? document : { ...document, layout: JSON.parse(layout) as Json };
}

function versionRow({ ordinal, version, hash, note, by, createdAt, releasedAt }: StoredVersion, row: Row): VersionRow {
  return { number: ordinal, version, hash, note, live: row["live"] === 1, by, createdAt, releasedAt };
}
