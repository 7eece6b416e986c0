import { hash } from "node:crypto";
import { compareCodePoints } from "@millrace/contract";
import type { NewDraft } from "#store/draft-store";
import { NotFound } from "#store/errors";
import { Conditions } from "#store/sql/conditions";
import type { SqlDatabase } from "#store/sql/database";
import type { Dialect } from "#store/sql/dialect";
import { storedKey } from "#store/sql/key-row";
import { number, text } from "#store/sql/rows";
import { all, one, type Steps } from "#store/sql/steps";
import { countVersionRuns, findVersion, listVersions } from "#store/sql/version-reader";
import { readWorkflow, type StoredWorkflow, WORKFLOW_COLUMNS, workflowRow } from "#store/sql/workflow-row";
import type { NewWorkflow, TagCount, WorkflowPage, WorkflowRow, WorkflowStore } from "#store/store";
import type { ImportedDraft, NewVersion, Published, VersionCopy, VersionDocument, VersionRow, VersionRuns } from "#store/version-store";

const SELECT = `SELECT ${WORKFLOW_COLUMNS} FROM workflows WHERE tenant_id = ?`;
const LIVING = `${SELECT} AND deleted_at IS NULL`;
const NEWEST = "ORDER BY created_at DESC, id DESC LIMIT ?";

/** Tells what changed when that is durable. */
export class SqlWorkflows implements WorkflowStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async create(tenantId: string, given: NewWorkflow): Promise<WorkflowRow> {
    const { id, name, document, at, version = null, key = null, apiEnabled = true, ...origin } = given;
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
    const made = key && storedKey(tenantId, key);
    await this.#telling(id, this.#database.write("createWorkflow", [row, origin, version, made], row.document.length));
    if (made) await this.#database.changedEverywhere({ kind: "key", id: made.id });
    return workflowRow(row);
  }

  async get(tenantId: string, idOrName: string, options: { deleted?: boolean } = {}): Promise<WorkflowRow | null> {
    const row = await this.#database.read(find(tenantId, idOrName, options.deleted ?? false));
    return row && workflowRow(row);
  }

  async list(tenantId: string, page: WorkflowPage): Promise<readonly WorkflowRow[]> {
    return (await this.#database.read(newest(tenantId, page, this.#database.dialect))).map(workflowRow);
  }

  async tags(tenantId: string, limit: number): Promise<readonly TagCount[]> {
    const counted = await this.#database.read(countTags(tenantId, limit, this.#database.dialect));
    return counted.toSorted((a, b) => compareCodePoints(a.tag, b.tag));
  }

  saveDraft(tenantId: string, id: string, draft: NewDraft): Promise<number> {
    const document = JSON.stringify(draft.document);
    return this.#telling(id, this.#database.write("saveDraft", [tenantId, id, { ...draft, document }], document.length));
  }

  setApiEnabled(tenantId: string, id: string, apiEnabled: boolean, at: number): Promise<void> {
    return this.#telling(id, this.#database.write("setApiEnabled", [tenantId, id, apiEnabled, at]));
  }

  delete(tenantId: string, id: string, at: number): Promise<void> {
    return this.#telling(id, this.#database.write("deleteWorkflow", [tenantId, id, at]));
  }

  async publish(tenantId: string, id: string, version: NewVersion): Promise<Published> {
    checkHash(version);
    const published = await this.#database.write("publish", [tenantId, id, version], version.canonical.length);
    if (published.changed) await this.#database.changedEverywhere({ kind: "workflow", id });
    return published;
  }

  async importVersion(tenantId: string, id: string, { name, document, version }: ImportedDraft): Promise<string> {
    checkHash(version);
    const draft = { name, document: JSON.stringify(document), at: version.at, by: version.by };
    return this.#telling(id, this.#database.write("importVersion", [tenantId, id, draft, version], draft.document.length * 2));
  }

  copyVersion(tenantId: string, id: string, copy: VersionCopy): Promise<string> {
    return this.#telling(id, this.#database.write("copyVersion", [tenantId, id, copy]));
  }

  async keepDraft(tenantId: string, id: string, draft: Omit<NewVersion, "note" | "changes">): Promise<string> {
    checkHash(draft);
    return this.#database.write("keepDraft", [tenantId, id, draft], draft.canonical.length);
  }

  versions(tenantId: string, id: string, page?: { readonly limit: number; readonly before?: number }): Promise<readonly VersionRow[]> {
    return this.#database.read(listVersions(tenantId, id, page?.before, page?.limit));
  }

  version(tenantId: string, id: string, version: string): Promise<VersionDocument | null> {
    return this.#database.read(findVersion(tenantId, id, version));
  }

  versionRuns(tenantId: string, id: string, limit: number): Promise<ReadonlyMap<string, VersionRuns>> {
    return this.#database.read(countVersionRuns(tenantId, id, limit));
  }

  promote(tenantId: string, id: string, version: string, at: number): Promise<string | null> {
    return this.#telling(id, this.#database.write("promote", [tenantId, id, version, at]));
  }

  async #telling<T>(id: string, written: Promise<T>): Promise<T> {
    const result = await written;
    await this.#database.changedEverywhere({ kind: "workflow", id });
    return result;
  }
}

function checkHash({ canonical, hash: given }: Pick<NewVersion, "canonical" | "hash">): void {
  if (hash("sha256", canonical, "hex") !== given) throw new TypeError("the hash of a version is that of its canonical text");
}

function* find(tenantId: string, idOrName: string, deleted: boolean): Steps<StoredWorkflow | null> {
  const byId = yield* one(`${SELECT} AND id = ?`, tenantId, idOrName);
  if (byId && (deleted || byId["deleted_at"] === null)) return readWorkflow(byId);
  const byName = yield* one(`${LIVING} AND name = ?`, tenantId, idOrName);
  return byName ? readWorkflow(byName) : null;
}

function* newest(tenantId: string, { limit, cursor, tag }: WorkflowPage, dialect: Dialect): Steps<readonly StoredWorkflow[]> {
  const where = new Conditions("tenant_id = ?", tenantId).with("deleted_at IS NULL");
  if (tag !== undefined) where.with(`EXISTS (SELECT 1 FROM ${tagElements(dialect)} WHERE ${IS_TAG} AND element.value = ?)`, tag);
  if (cursor !== undefined) {
    const last = yield* one(`${SELECT} AND id = ?`, tenantId, cursor);
    if (!last) throw new NotFound(`the workflow ${cursor}, from which the list was to go on,`);
    const { createdAt, id } = readWorkflow(last);
    where.with("(created_at, id) < (?, ?)", createdAt, id);
  }
  const listed = `SELECT ${WORKFLOW_COLUMNS} FROM workflows WHERE ${where.sql} ${NEWEST}`;
  return (yield* all(listed, ...where.values, limit)).map(readWorkflow);
}

const IS_TAG = "element.type = 'text'";
const tagElements = (dialect: Dialect): string => dialect.elements("workflows.document", "tags");

function* countTags(tenantId: string, limit: number, dialect: Dialect): Steps<readonly TagCount[]> {
  const rows = yield* all(
    `SELECT element.value AS tag, count(DISTINCT workflows.id) AS count FROM workflows, ${tagElements(dialect)}
     WHERE workflows.tenant_id = ? AND workflows.deleted_at IS NULL AND ${IS_TAG} GROUP BY element.value ORDER BY count DESC LIMIT ?`,
    tenantId,
    limit,
  );
  return rows.map((row) => ({ tag: text(row, "tag"), count: number(row, "count") }));
}
