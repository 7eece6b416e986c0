import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { NewDraft } from "#store/draft-store";
import { NotFound } from "#store/errors";
import { readWorkflow, type StoredWorkflow, WORKFLOW_COLUMNS, workflowRow } from "#store/sql/workflow-row";
import { reading } from "#store/sqlite/failure";
import { VersionReader } from "#store/sqlite/version-reader";
import type { Writer } from "#store/sqlite/writer/writer";
import type { Change, NewWorkflow, WorkflowRow, WorkflowStore } from "#store/store";
import type { ImportedDraft, NewVersion, Published, VersionCopy, VersionDocument, VersionRow, VersionRuns } from "#store/version-store";

/** Reads here, writes through the thread that writes; tells what changed when that is durable. */
export class SqliteWorkflows implements WorkflowStore {
  readonly #writer: Writer;
  readonly #changed: (change: Change) => void;
  readonly #read: ReturnType<typeof prepareReads>;
  readonly #versions: VersionReader;

  constructor(writer: Writer, reader: DatabaseSync, changed: (change: Change) => void) {
    this.#writer = writer;
    this.#changed = changed;
    this.#read = prepareReads(reader);
    this.#versions = new VersionReader(reader);
  }

  async create(tenantId: string, { id, name, document, at, version, apiEnabled = true, ...origin }: NewWorkflow): Promise<WorkflowRow> {
    if (version) checkHash(version);
    const row: StoredWorkflow = {
      tenantId,
      id,
      name,
      document: JSON.stringify(document),
      revision: 1,
      liveVersion: null,
      apiEnabled,
      createdAt: at,
      updatedAt: at,
      deletedAt: null,
    };
    const kept = version ? ([version] as const) : ([] as const);
    await this.#telling(id, this.#writer.write("createWorkflow", [row, origin, ...kept], row.document.length));
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

  saveDraft(tenantId: string, id: string, draft: NewDraft): Promise<number> {
    const document = JSON.stringify(draft.document);
    return this.#telling(id, this.#writer.write("saveDraft", [tenantId, id, { ...draft, document }], document.length));
  }

  setApiEnabled(tenantId: string, id: string, apiEnabled: boolean, at: number): Promise<void> {
    return this.#telling(id, this.#writer.write("setApiEnabled", [tenantId, id, apiEnabled, at]));
  }

  delete(tenantId: string, id: string, at: number): Promise<void> {
    return this.#telling(id, this.#writer.write("deleteWorkflow", [tenantId, id, at]));
  }

  async publish(tenantId: string, id: string, version: NewVersion): Promise<Published> {
    checkHash(version);
    const published = await this.#writer.write("publish", [tenantId, id, version], version.canonical.length);
    if (published.changed) this.#changed({ kind: "workflow", id });
    return published;
  }

  async importVersion(tenantId: string, id: string, { name, document, version }: ImportedDraft): Promise<string> {
    checkHash(version);
    const draft = { name, document: JSON.stringify(document), at: version.at, by: version.by };
    return this.#telling(id, this.#writer.write("importVersion", [tenantId, id, draft, version], draft.document.length * 2));
  }

  copyVersion(tenantId: string, id: string, copy: VersionCopy): Promise<string> {
    return this.#telling(id, this.#writer.write("copyVersion", [tenantId, id, copy]));
  }

  async keepDraft(tenantId: string, id: string, draft: Omit<NewVersion, "note">): Promise<string> {
    checkHash(draft);
    return this.#writer.write("keepDraft", [tenantId, id, draft], draft.canonical.length);
  }

  async versions(
    tenantId: string,
    id: string,
    page?: { readonly limit: number; readonly before?: number },
  ): Promise<readonly VersionRow[]> {
    return reading(() => this.#versions.list(tenantId, id, page?.before, page?.limit));
  }

  async version(tenantId: string, id: string, version: string): Promise<VersionDocument | null> {
    return reading(() => this.#versions.document(tenantId, id, version));
  }

  async versionRuns(tenantId: string, id: string, limit: number): Promise<ReadonlyMap<string, VersionRuns>> {
    return reading(() => this.#versions.runs(tenantId, id, limit));
  }

  promote(tenantId: string, id: string, version: string, at: number): Promise<string | null> {
    return this.#telling(id, this.#writer.write("promote", [tenantId, id, version, at]));
  }

  async #telling<T>(id: string, written: Promise<T>): Promise<T> {
    const result = await written;
    this.#changed({ kind: "workflow", id });
    return result;
  }
}

function checkHash({ canonical, hash: given }: Pick<NewVersion, "canonical" | "hash">): void {
  if (hash("sha256", canonical, "hex") !== given) throw new TypeError("the hash of a version is that of its canonical text");
}

function prepareReads(database: DatabaseSync) {
  const find = `SELECT ${WORKFLOW_COLUMNS} FROM workflows WHERE tenant_id = ?`;
  return {
    byId: database.prepare(`${find} AND id = ?`),
    byName: database.prepare(`${find} AND name = ? AND deleted_at IS NULL`),
    newest: database.prepare(`${find} AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT ?`),
    newestBefore: database.prepare(
      `${find} AND deleted_at IS NULL AND (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?`,
    ),
  };
}
