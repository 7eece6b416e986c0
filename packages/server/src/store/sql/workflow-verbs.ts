import type { SaveOrigin } from "#store/draft-store";
import { NameTaken, NotFound, StaleRevision } from "#store/errors";
import { forgetSaves, type KeptSave, keepSave, lastSave } from "#store/sql/draft-history-writer";
import { keepDraftVersion } from "#store/sql/draft-writer";
import type { StoredKey } from "#store/sql/key-row";
import { createKey } from "#store/sql/key-verbs";
import { forgetResultsOfWorkflow } from "#store/sql/node-result-verbs";
import { insert, one, run, type Steps } from "#store/sql/steps";
import { insertTenant } from "#store/sql/tenant";
import { addVersion, copyOfVersion, publishVersion, releaseVersion } from "#store/sql/version-writer";
import { readWorkflow, type StoredWorkflow, WORKFLOW_COLUMNS, workflowChecksum } from "#store/sql/workflow-row";
import type { NewVersion, Published, VersionCopy } from "#store/version-store";

export interface DraftChange extends SaveOrigin {
  readonly name: string;
  /** JSON text. */
  readonly document: string;
  readonly at: number;
  readonly ifRevision?: number;
}

const SELECT = `SELECT ${WORKFLOW_COLUMNS} FROM workflows WHERE tenant_id = ?`;
const INSERT = insert("workflows", WORKFLOW_COLUMNS);
const UPDATE = `
  UPDATE workflows SET name = ?, document = ?, revision = ?, live_version = ?, api_enabled = ?, updated_at = ?, deleted_at = ?, checksum = ?
  WHERE tenant_id = ? AND id = ?`;

export const workflowVerbs = {
  *createWorkflow(
    row: StoredWorkflow,
    origin: SaveOrigin = {},
    version: NewVersion | null = null,
    key: StoredKey | null = null,
  ): Steps<void> {
    yield* requireFreeName(row.tenantId, row.name, row.id);
    yield* insertTenant(row.tenantId, row.createdAt);
    yield* run(INSERT, ...columns(row), workflowChecksum(row));
    yield* keepSave(row.tenantId, row.id, "saved", { ...row, ...origin, at: row.createdAt });
    if (version) yield* addVersion(row.tenantId, row.id, version, { releasedAt: null });
    if (key) yield* createKey(key);
  },

  saveDraft,

  /** Its entry in the history. Throws NotFound. */
  *keepRefusedDraft(tenantId: string, id: string, save: KeptSave): Steps<number> {
    yield* found(tenantId, id);
    return yield* keepSave(tenantId, id, "refused", save);
  },

  /** The name of the version. Throws NotFound, NameTaken. */
  *importVersion(tenantId: string, id: string, draft: DraftChange, version: NewVersion): Steps<string> {
    yield* saveDraft(tenantId, id, draft);
    return yield* addVersion(tenantId, id, version, { releasedAt: null });
  },

  /** The name of the copy. Throws NotFound for the workflow and for the source, VersionTaken. */
  *copyVersion(tenantId: string, id: string, copy: VersionCopy): Steps<string> {
    const row = yield* found(tenantId, id);
    const version = yield* copyOfVersion(tenantId, id, copy);
    if (copy.live) yield* update({ ...row, liveVersion: version, updatedAt: copy.at });
    return version;
  },

  *setApiEnabled(tenantId: string, id: string, apiEnabled: boolean, at: number): Steps<void> {
    yield* update({ ...(yield* found(tenantId, id)), apiEnabled, updatedAt: at });
  },

  *deleteWorkflow(tenantId: string, id: string, at: number): Steps<void> {
    yield* update({ ...(yield* found(tenantId, id)), updatedAt: at, deletedAt: at });
    yield* forgetSaves(tenantId, id);
    yield* forgetResultsOfWorkflow(tenantId, id);
  },

  *publish(tenantId: string, id: string, version: NewVersion): Steps<Published> {
    const row = yield* found(tenantId, id);
    const published = yield* publishVersion(tenantId, id, row.liveVersion, version);
    if (published.changed) yield* update({ ...row, liveVersion: published.version, updatedAt: version.at });
    return published;
  },

  *keepDraft(tenantId: string, id: string, draft: Omit<NewVersion, "note" | "changes">): Steps<string> {
    yield* found(tenantId, id);
    return yield* keepDraftVersion(tenantId, id, draft);
  },

  /** The version that was live before. Throws NotFound. */
  *promote(tenantId: string, id: string, version: string, at: number): Steps<string | null> {
    const row = yield* found(tenantId, id);
    yield* releaseVersion(tenantId, id, version, at);
    yield* update({ ...row, liveVersion: version, updatedAt: at });
    return row.liveVersion;
  },
};

/** The new revision. Throws NotFound, NameTaken, StaleRevision. */
function* saveDraft(tenantId: string, id: string, { name, document, at, ifRevision, ...origin }: DraftChange): Steps<number> {
  const before = yield* found(tenantId, id);
  if (ifRevision !== undefined && ifRevision !== before.revision) throw new StaleRevision(ifRevision, before.revision);
  yield* requireFreeName(tenantId, name, id);
  // Saved by a release that kept no history.
  if (!(yield* lastSave(tenantId, id))) yield* keepSave(tenantId, id, "saved", { ...before, at: before.updatedAt });
  const revision = before.revision + 1;
  yield* update({ ...before, name, document, revision, updatedAt: at });
  yield* keepSave(tenantId, id, "saved", { document, revision, at, ...origin });
  return revision;
}

function* found(tenantId: string, id: string): Steps<StoredWorkflow> {
  const row = yield* one(`${SELECT} AND id = ?`, tenantId, id);
  if (!row || row["deleted_at"] !== null) throw new NotFound(`the workflow ${id}`);
  return readWorkflow(row);
}

function* requireFreeName(tenantId: string, name: string, id: string): Steps<void> {
  const owner = yield* one(`${SELECT} AND name = ? AND deleted_at IS NULL`, tenantId, name);
  if (owner && owner["id"] !== id) throw new NameTaken(name);
}

function* update(row: StoredWorkflow): Steps<void> {
  const { name, document, revision, liveVersion, apiEnabled, updatedAt, deletedAt, tenantId, id } = row;
  const state = [name, document, revision, liveVersion, Number(apiEnabled), updatedAt, deletedAt] as const;
  yield* run(UPDATE, ...state, workflowChecksum(row), tenantId, id);
}

function columns(row: StoredWorkflow) {
  const { tenantId, id, name, document, revision, liveVersion, apiEnabled, createdAt, updatedAt, deletedAt } = row;
  return [tenantId, id, name, document, revision, liveVersion, Number(apiEnabled), createdAt, updatedAt, deletedAt] as const;
}
