import type { DatabaseSync, StatementSync } from "node:sqlite";
import { NameTaken, NotFound, StaleRevision } from "#store/errors";
import type { Committer } from "#store/sqlite/committer";
import { reading } from "#store/sqlite/failure";
import { insertTenant } from "#store/sqlite/tenant";
import { VersionTable } from "#store/sqlite/version-table";
import { readWorkflow, type StoredWorkflow, WORKFLOW_COLUMNS, workflowChecksum, workflowRow } from "#store/sqlite/workflow-row";
import type { Change, NewVersion, NewWorkflow, Published, VersionDocument, VersionRow, WorkflowRow, WorkflowStore } from "#store/store";

export class SqliteWorkflows implements WorkflowStore {
  readonly #committer: Committer;
  readonly #changed: (change: Change) => void;
  readonly #write: ReturnType<typeof prepareWrites>;
  readonly #read: ReturnType<typeof prepareReads>;
  readonly #versions: VersionTable;

  constructor(writer: DatabaseSync, reader: DatabaseSync, committer: Committer, changed: (change: Change) => void) {
    this.#committer = committer;
    this.#changed = changed;
    this.#write = prepareWrites(writer);
    this.#read = prepareReads(reader);
    this.#versions = new VersionTable(writer, reader);
  }

  async create(tenantId: string, { id, name, document, at }: NewWorkflow): Promise<WorkflowRow> {
    const row: StoredWorkflow = {
      tenantId,
      id,
      name,
      document: JSON.stringify(document),
      revision: 1,
      liveVersion: null,
      apiEnabled: true,
      createdAt: at,
      updatedAt: at,
      deletedAt: null,
    };
    await this.#committer.write(() => {
      this.#requireFreeName(tenantId, name, id);
      this.#write.tenant(tenantId, at);
      this.#write.insert.run(...columns(row));
    }, row.document.length);
    this.#changed({ kind: "workflow", id });
    return workflowRow(row);
  }

  async get(tenantId: string, idOrName: string, options: { deleted?: boolean } = {}): Promise<WorkflowRow | null> {
    const row = reading(() => {
      const byId = this.#read.byId.get(tenantId, idOrName);
      if (byId && (options.deleted || byId["deleted_at"] === null)) return readWorkflow(byId);
      const byName = this.#read.byName.get(tenantId, idOrName);
      return byName ? readWorkflow(byName) : null;
    });
    return row && workflowRow(row);
  }

  async list(tenantId: string, { limit, cursor }: { limit: number; cursor?: string }): Promise<readonly WorkflowRow[]> {
    return reading(() => {
      if (cursor === undefined) return this.#read.newest.all(tenantId, limit).map(readWorkflow).map(workflowRow);
      const last = this.#read.byId.get(tenantId, cursor);
      if (!last) throw new NotFound(`the workflow ${cursor}, from which the list was to go on,`);
      const { createdAt, id } = readWorkflow(last);
      return this.#read.newestBefore.all(tenantId, createdAt, id, limit).map(readWorkflow).map(workflowRow);
    });
  }

  async saveDraft(tenantId: string, id: string, draft: Parameters<WorkflowStore["saveDraft"]>[2]): Promise<number> {
    const document = JSON.stringify(draft.document);
    const saved = await this.#change(tenantId, id, (row) => {
      if (draft.ifRevision !== undefined && draft.ifRevision !== row.revision) throw new StaleRevision(draft.ifRevision, row.revision);
      this.#requireFreeName(tenantId, draft.name, id);
      return { ...row, name: draft.name, document, revision: row.revision + 1, updatedAt: draft.at };
    });
    return saved.revision;
  }

  async setApiEnabled(tenantId: string, id: string, apiEnabled: boolean, at: number): Promise<void> {
    await this.#change(tenantId, id, (row) => ({ ...row, apiEnabled, updatedAt: at }));
  }

  async delete(tenantId: string, id: string, at: number): Promise<void> {
    await this.#change(tenantId, id, (row) => ({ ...row, updatedAt: at, deletedAt: at }));
  }

  async publish(tenantId: string, id: string, version: NewVersion): Promise<Published> {
    return this.#committer
      .write(() => {
        const row = this.#require(tenantId, id);
        const published = this.#versions.publish(tenantId, id, row.liveVersion, version);
        if (published.changed) this.#update({ ...row, liveVersion: published.version, updatedAt: version.at });
        return published;
      }, version.canonical.length)
      .then((published) => {
        if (published.changed) this.#changed({ kind: "workflow", id });
        return published;
      });
  }

  async versions(tenantId: string, id: string): Promise<readonly VersionRow[]> {
    return reading(() => this.#versions.list(tenantId, id));
  }

  async version(tenantId: string, id: string, version: string): Promise<VersionDocument | null> {
    return reading(() => this.#versions.document(tenantId, id, version));
  }

  async promote(tenantId: string, id: string, version: string, at: number): Promise<string | null> {
    let before: string | null = null;
    await this.#change(tenantId, id, (row) => {
      before = row.liveVersion;
      this.#versions.release(tenantId, id, version, at);
      return { ...row, liveVersion: version, updatedAt: at };
    });
    return before;
  }

  /** Reads, changes and writes one workflow in a transaction; tells it when that is durable. */
  async #change(tenantId: string, id: string, change: (row: StoredWorkflow) => StoredWorkflow): Promise<StoredWorkflow> {
    const changed = await this.#committer.write(() => this.#update(change(this.#require(tenantId, id))));
    this.#changed({ kind: "workflow", id });
    return changed;
  }

  #require(tenantId: string, id: string): StoredWorkflow {
    const row = this.#write.byId.get(tenantId, id);
    if (!row || row["deleted_at"] !== null) throw new NotFound(`the workflow ${id}`);
    return readWorkflow(row);
  }

  #requireFreeName(tenantId: string, name: string, id: string): void {
    const owner = this.#write.byName.get(tenantId, name);
    if (owner && owner["id"] !== id) throw new NameTaken(name);
  }

  #update(row: StoredWorkflow): StoredWorkflow {
    const { name, document, revision, liveVersion, apiEnabled, updatedAt, deletedAt, tenantId, id } = row;
    this.#write.update.run(
      name,
      document,
      revision,
      liveVersion,
      Number(apiEnabled),
      updatedAt,
      deletedAt,
      workflowChecksum(row),
      tenantId,
      id,
    );
    return row;
  }
}

function columns(row: StoredWorkflow) {
  const { tenantId, id, name, document, revision, liveVersion, apiEnabled, createdAt, updatedAt, deletedAt } = row;
  return [
    tenantId,
    id,
    name,
    document,
    revision,
    liveVersion,
    Number(apiEnabled),
    createdAt,
    updatedAt,
    deletedAt,
    workflowChecksum(row),
  ] as const;
}

function prepareWrites(database: DatabaseSync) {
  return {
    tenant: insertTenant(database),
    byId: selectById(database),
    byName: selectByName(database),
    insert: database.prepare(`INSERT INTO workflows (${WORKFLOW_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    update: database.prepare(`
      UPDATE workflows SET name = ?, document = ?, revision = ?, live_version = ?, api_enabled = ?, updated_at = ?, deleted_at = ?, checksum = ?
      WHERE tenant_id = ? AND id = ?`),
  };
}

function prepareReads(database: DatabaseSync) {
  const page = `SELECT ${WORKFLOW_COLUMNS} FROM workflows WHERE tenant_id = ? AND deleted_at IS NULL`;
  return {
    byId: selectById(database),
    byName: selectByName(database),
    newest: database.prepare(`${page} ORDER BY created_at DESC, id DESC LIMIT ?`),
    newestBefore: database.prepare(`${page} AND (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?`),
  };
}

function selectById(database: DatabaseSync): StatementSync {
  return database.prepare(`SELECT ${WORKFLOW_COLUMNS} FROM workflows WHERE tenant_id = ? AND id = ?`);
}

function selectByName(database: DatabaseSync): StatementSync {
  return database.prepare(`SELECT ${WORKFLOW_COLUMNS} FROM workflows WHERE tenant_id = ? AND name = ? AND deleted_at IS NULL`);
}
