import type { DatabaseSync } from "node:sqlite";
import { reading } from "#store/sqlite/failure";
import { KEY_COLUMNS, type KeyReplacement, readKey, type StoredKey, selectKeyWorkflows } from "#store/sqlite/key-row";
import type { Writer } from "#store/sqlite/writer/writer";
import type { Change, KeyRow, KeyStore, NewKey } from "#store/store";

export class SqliteKeys implements KeyStore {
  readonly #writer: Writer;
  readonly #changed: (change: Change) => void;
  readonly #read: ReturnType<typeof prepareReads>;

  constructor(writer: Writer, reader: DatabaseSync, changed: (change: Change) => void) {
    this.#writer = writer;
    this.#changed = changed;
    this.#read = prepareReads(reader);
  }

  async create(tenantId: string, key: NewKey): Promise<KeyRow> {
    const workflowIds = key.workflowIds && [...new Set(key.workflowIds)].sort();
    const stored: StoredKey = { ...key, workflowIds, tenantId, revokedAt: null, lastUsedAt: null, replacedBy: null };
    await this.#writer.write("createKey", [stored]);
    this.#changed({ kind: "key", id: key.id });
    return withoutHash(stored);
  }

  /** Newest first. */
  async list(tenantId: string): Promise<readonly KeyRow[]> {
    return reading(() => this.#read.list.all(tenantId).map((row) => withoutHash(readKey(row, this.#read.workflows))));
  }

  async revoke(tenantId: string, id: string, at: number): Promise<boolean> {
    const outcome = await this.#writer.write("revokeKey", [tenantId, id, at]);
    if (outcome === "revoked") this.#changed({ kind: "key", id });
    return outcome !== "unknown";
  }

  async get(tenantId: string, id: string): Promise<KeyRow | null> {
    return reading(() => {
      const row = this.#read.byId.get(tenantId, id);
      return row ? withoutHash(readKey(row, this.#read.workflows)) : null;
    });
  }

  async rotate(tenantId: string, id: string, replacement: KeyReplacement, oldUntil: number): Promise<KeyRow> {
    const stored = await this.#writer.write("rotateKey", [tenantId, id, replacement, oldUntil]);
    this.#changed({ kind: "key", id });
    return withoutHash(stored);
  }

  async findByHash(hash: string): Promise<KeyRow | null> {
    return reading(() => {
      const row = this.#read.byHash.get(hash);
      return row ? withoutHash(readKey(row, this.#read.workflows)) : null;
    });
  }

  async touch(uses: readonly { readonly id: string; readonly at: number }[]): Promise<void> {
    if (uses.length > 0) await this.#writer.write("touchKeys", [uses]);
  }
}

function withoutHash({ hash: _, ...row }: StoredKey): KeyRow {
  return row;
}

function prepareReads(database: DatabaseSync) {
  return {
    workflows: selectKeyWorkflows(database),
    list: database.prepare(`SELECT ${KEY_COLUMNS} FROM api_keys WHERE tenant_id = ? ORDER BY created_at DESC, id DESC`),
    byId: database.prepare(`SELECT ${KEY_COLUMNS} FROM api_keys WHERE tenant_id = ? AND id = ?`),
    byHash: database.prepare(`SELECT ${KEY_COLUMNS} FROM api_keys WHERE hash = ?`),
  };
}
