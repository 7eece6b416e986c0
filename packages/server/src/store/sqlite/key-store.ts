import type { DatabaseSync } from "node:sqlite";
import { NotFound, StoreCorrupt } from "#store/errors";
import { rowChecksum } from "#store/row-checksum";
import type { Committer } from "#store/sqlite/committer";
import { reading } from "#store/sqlite/failure";
import { number, numberOrNull, type Row, text } from "#store/sqlite/rows";
import { insertTenant } from "#store/sqlite/tenant";
import type { Change, KeyRow, KeyStore, NewKey } from "#store/store";

interface StoredKey extends KeyRow {
  readonly hash: string;
}

const COLUMNS = "tenant_id, id, hash, hint, name, scopes, all_workflows, created_at, expires_at, revoked_at, last_used_at, checksum";

export class SqliteKeys implements KeyStore {
  readonly #committer: Committer;
  readonly #changed: (change: Change) => void;
  readonly #write: ReturnType<typeof prepareWrites>;
  readonly #read: ReturnType<typeof prepareReads>;

  constructor(writer: DatabaseSync, reader: DatabaseSync, committer: Committer, changed: (change: Change) => void) {
    this.#committer = committer;
    this.#changed = changed;
    this.#write = prepareWrites(writer);
    this.#read = prepareReads(reader);
  }

  async create(tenantId: string, key: NewKey): Promise<KeyRow> {
    const workflowIds = key.workflowIds && [...new Set(key.workflowIds)].sort();
    const stored: StoredKey = { ...key, workflowIds, tenantId, revokedAt: null, lastUsedAt: null };
    await this.#committer.write(() => {
      for (const id of workflowIds ?? []) if (!this.#write.workflow.get(tenantId, id)) throw new NotFound(`the workflow ${id}`);
      this.#write.tenant(tenantId, key.createdAt);
      this.#write.insert.run(
        tenantId,
        key.id,
        key.hash,
        key.hint,
        key.name,
        JSON.stringify(key.scopes),
        Number(workflowIds === null),
        key.createdAt,
        key.expiresAt,
        checksum(stored),
      );
      for (const id of workflowIds ?? []) this.#write.insertWorkflow.run(tenantId, key.id, id);
    });
    this.#changed({ kind: "key", id: key.id });
    return withoutHash(stored);
  }

  /** Newest first. */
  async list(tenantId: string): Promise<readonly KeyRow[]> {
    return reading(() => this.#read.list.all(tenantId).map((row) => withoutHash(this.#stored(row, this.#read))));
  }

  async revoke(tenantId: string, id: string, at: number): Promise<boolean> {
    const outcome = await this.#committer.write(() => {
      const row = this.#write.byId.get(tenantId, id);
      if (!row) return "unknown";
      const stored = this.#stored(row, this.#write);
      if (stored.revokedAt !== null) return "revoked before";
      this.#write.revoke.run(at, checksum({ ...stored, revokedAt: at }), tenantId, id);
      return "revoked";
    });
    if (outcome === "revoked") this.#changed({ kind: "key", id });
    return outcome !== "unknown";
  }

  async findByHash(hash: string): Promise<KeyRow | null> {
    return reading(() => {
      const row = this.#read.byHash.get(hash);
      return row ? withoutHash(this.#stored(row, this.#read)) : null;
    });
  }

  async touch(uses: readonly { readonly id: string; readonly at: number }[]): Promise<void> {
    if (uses.length === 0) return;
    await this.#committer.write(() => {
      for (const { id, at } of uses) this.#write.touch.run(at, id, at);
    });
  }

  /** Throws StoreCorrupt where the rows are not what was written: a flipped bit must not widen what a key may do. */
  #stored(row: Row, { workflows }: Pick<ReturnType<typeof prepareReads>, "workflows">): StoredKey {
    const tenantId = text(row, "tenant_id");
    const id = text(row, "id");
    const all = number(row, "all_workflows") === 1;
    const stored: StoredKey = {
      tenantId,
      id,
      hash: text(row, "hash"),
      hint: text(row, "hint"),
      name: text(row, "name"),
      scopes: scopesOf(id, text(row, "scopes")),
      workflowIds: all ? null : workflows.all(tenantId, id).map((one) => text(one, "workflow_id")),
      createdAt: number(row, "created_at"),
      expiresAt: numberOrNull(row, "expires_at"),
      revokedAt: numberOrNull(row, "revoked_at"),
      lastUsedAt: numberOrNull(row, "last_used_at"),
    };
    if (checksum(stored) !== row["checksum"]) throw damaged(id);
    return stored;
  }
}

function scopesOf(id: string, json: string): readonly string[] {
  try {
    return JSON.parse(json) as readonly string[];
  } catch {
    throw damaged(id);
  }
}

function damaged(id: string): StoreCorrupt {
  return new StoreCorrupt(`the row of key ${id} is not what was written`);
}

function withoutHash({ hash: _, ...row }: StoredKey): KeyRow {
  return row;
}

function checksum(key: StoredKey): number {
  const { tenantId, id, hash, hint, name, scopes, workflowIds, createdAt, expiresAt, revokedAt } = key;
  return rowChecksum([
    tenantId,
    id,
    hash,
    hint,
    name,
    JSON.stringify(scopes),
    JSON.stringify(workflowIds),
    createdAt,
    expiresAt,
    revokedAt,
  ]);
}

function prepareWrites(database: DatabaseSync) {
  return {
    tenant: insertTenant(database),
    workflow: database.prepare("SELECT 1 FROM workflows WHERE tenant_id = ? AND id = ? AND deleted_at IS NULL"),
    byId: database.prepare(`SELECT ${COLUMNS} FROM api_keys WHERE tenant_id = ? AND id = ?`),
    workflows: selectWorkflows(database),
    insert: database.prepare(`
      INSERT INTO api_keys (tenant_id, id, hash, hint, name, scopes, all_workflows, created_at, expires_at, checksum)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    insertWorkflow: database.prepare("INSERT INTO key_workflows (tenant_id, key_id, workflow_id) VALUES (?, ?, ?)"),
    revoke: database.prepare("UPDATE api_keys SET revoked_at = ?, checksum = ? WHERE tenant_id = ? AND id = ?"),
    touch: database.prepare("UPDATE api_keys SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)"),
  };
}

function prepareReads(database: DatabaseSync) {
  return {
    workflows: selectWorkflows(database),
    list: database.prepare(`SELECT ${COLUMNS} FROM api_keys WHERE tenant_id = ? ORDER BY created_at DESC, id DESC`),
    byHash: database.prepare(`SELECT ${COLUMNS} FROM api_keys WHERE hash = ?`),
  };
}

function selectWorkflows(database: DatabaseSync) {
  return database.prepare("SELECT workflow_id FROM key_workflows WHERE tenant_id = ? AND key_id = ? ORDER BY workflow_id");
}
