import type { DatabaseSync } from "node:sqlite";
import type { SaveOrigin } from "#store/draft-store";
import { NameTaken, NotFound, StaleRevision } from "#store/errors";
import { forgetResultsOfWorkflow } from "#store/sql/node-result-verbs";
import { readWorkflow, type StoredWorkflow, WORKFLOW_COLUMNS, workflowChecksum } from "#store/sql/workflow-row";
import { finish } from "#store/sqlite/finish";
import { DraftHistoryWriter, type KeptSave } from "#store/sqlite/writer/draft-history-writer";
import { draftWriter } from "#store/sqlite/writer/draft-writer";

import { insertTenant } from "#store/sqlite/writer/tenant";
import { VersionWriter } from "#store/sqlite/writer/version-writer";
import type { NewVersion, Published, VersionCopy } from "#store/version-store";

export interface DraftChange extends SaveOrigin {
  readonly name: string;
  /** JSON text. */
  readonly document: string;
  readonly at: number;
  readonly ifRevision?: number;
}

export function workflowVerbs(database: DatabaseSync) {
  const table = new WorkflowTable(database);
  const versions = new VersionWriter(database);
  const drafts = draftWriter(database);
  const history = new DraftHistoryWriter(database);
  const saveDraft = (tenantId: string, id: string, { name, document, at, ifRevision, ...origin }: DraftChange): number => {
    const before = table.require(tenantId, id);
    if (ifRevision !== undefined && ifRevision !== before.revision) throw new StaleRevision(ifRevision, before.revision);
    table.requireFreeName(tenantId, name, id);
    // Saved by a release that kept no history.
    if (history.isEmpty(tenantId, id)) history.keep(tenantId, id, "saved", { ...before, at: before.updatedAt });
    const { revision } = table.update({ ...before, name, document, revision: before.revision + 1, updatedAt: at });
    history.keep(tenantId, id, "saved", { document, revision, at, ...origin });
    return revision;
  };
  return {
    createWorkflow(row: StoredWorkflow, origin: SaveOrigin = {}, version?: NewVersion): void {
      table.insert(row);
      history.keep(row.tenantId, row.id, "saved", { ...row, ...origin, at: row.createdAt });
      if (version) versions.add(row.tenantId, row.id, version, { releasedAt: null });
    },

    /** The new revision. Throws NotFound, NameTaken, StaleRevision. */
    saveDraft,

    /** Its entry in the history. Throws NotFound. */
    keepRefusedDraft(tenantId: string, id: string, save: KeptSave): number {
      table.require(tenantId, id);
      return history.keep(tenantId, id, "refused", save);
    },

    /** The name of the version. Throws NotFound, NameTaken. */
    importVersion(tenantId: string, id: string, draft: DraftChange, version: NewVersion): string {
      saveDraft(tenantId, id, draft);
      return versions.add(tenantId, id, version, { releasedAt: null });
    },

    /** The name of the copy. Throws NotFound for the workflow and for the source, VersionTaken. */
    copyVersion(tenantId: string, id: string, copy: VersionCopy): string {
      const row = table.require(tenantId, id);
      const version = versions.copy(tenantId, id, copy);
      if (copy.live) table.update({ ...row, liveVersion: version, updatedAt: copy.at });
      return version;
    },

    setApiEnabled(tenantId: string, id: string, apiEnabled: boolean, at: number): void {
      table.change(tenantId, id, (row) => ({ ...row, apiEnabled, updatedAt: at }));
    },

    deleteWorkflow(tenantId: string, id: string, at: number): void {
      table.change(tenantId, id, (row) => ({ ...row, updatedAt: at, deletedAt: at }));
      history.forget(tenantId, id);
      finish(database, forgetResultsOfWorkflow(tenantId, id));
    },

    publish(tenantId: string, id: string, version: NewVersion): Published {
      const row = table.require(tenantId, id);
      const published = versions.publish(tenantId, id, row.liveVersion, version);
      if (published.changed) table.update({ ...row, liveVersion: published.version, updatedAt: version.at });
      return published;
    },

    keepDraft(tenantId: string, id: string, draft: Omit<NewVersion, "note">): string {
      table.require(tenantId, id);
      return drafts.keep(tenantId, id, draft);
    },

    /** The version that was live before. Throws NotFound. */
    promote(tenantId: string, id: string, version: string, at: number): string | null {
      const row = table.require(tenantId, id);
      versions.release(tenantId, id, version, at);
      table.update({ ...row, liveVersion: version, updatedAt: at });
      return row.liveVersion;
    },
  };
}

class WorkflowTable {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #tenant: ReturnType<typeof insertTenant>;

  constructor(database: DatabaseSync) {
    this.#sql = prepare(database);
    this.#tenant = insertTenant(database);
  }

  insert(row: StoredWorkflow): void {
    this.requireFreeName(row.tenantId, row.name, row.id);
    this.#tenant(row.tenantId, row.createdAt);
    this.#sql.insert.run(...columns(row), workflowChecksum(row));
  }

  change(tenantId: string, id: string, change: (row: StoredWorkflow) => StoredWorkflow): StoredWorkflow {
    return this.update(change(this.require(tenantId, id)));
  }

  require(tenantId: string, id: string): StoredWorkflow {
    const row = this.#sql.byId.get(tenantId, id);
    if (!row || row["deleted_at"] !== null) throw new NotFound(`the workflow ${id}`);
    return readWorkflow(row);
  }

  requireFreeName(tenantId: string, name: string, id: string): void {
    const owner = this.#sql.byName.get(tenantId, name);
    if (owner && owner["id"] !== id) throw new NameTaken(name);
  }

  update(row: StoredWorkflow): StoredWorkflow {
    const { name, document, revision, liveVersion, apiEnabled, updatedAt, deletedAt, tenantId, id } = row;
    const checksum = workflowChecksum(row);
    this.#sql.update.run(name, document, revision, liveVersion, Number(apiEnabled), updatedAt, deletedAt, checksum, tenantId, id);
    return row;
  }
}

function columns(row: StoredWorkflow) {
  const { tenantId, id, name, document, revision, liveVersion, apiEnabled, createdAt, updatedAt, deletedAt } = row;
  return [tenantId, id, name, document, revision, liveVersion, Number(apiEnabled), createdAt, updatedAt, deletedAt] as const;
}

function prepare(database: DatabaseSync) {
  const find = `SELECT ${WORKFLOW_COLUMNS} FROM workflows WHERE tenant_id = ?`;
  return {
    byId: database.prepare(`${find} AND id = ?`),
    byName: database.prepare(`${find} AND name = ? AND deleted_at IS NULL`),
    insert: database.prepare(`INSERT INTO workflows (${WORKFLOW_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    update: database.prepare(`
      UPDATE workflows SET name = ?, document = ?, revision = ?, live_version = ?, api_enabled = ?, updated_at = ?, deleted_at = ?, checksum = ?
      WHERE tenant_id = ? AND id = ?`),
  };
}
