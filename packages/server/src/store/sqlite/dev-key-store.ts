import type { DatabaseSync } from "node:sqlite";
import type { DevKeyRow, DevKeyStore, NewDevKey } from "#store/dev-key-store";
import { DEV_KEY_COLUMNS, readDevKey, type StoredDevKey } from "#store/sql/dev-key-row";
import { reading } from "#store/sqlite/failure";
import type { Writer } from "#store/sqlite/writer/writer";

export class SqliteDevKeys implements DevKeyStore {
  readonly #writer: Writer;
  readonly #read: ReturnType<typeof prepareReads>;

  constructor(writer: Writer, reader: DatabaseSync) {
    this.#writer = writer;
    this.#read = prepareReads(reader);
  }

  async create(tenantId: string, key: NewDevKey): Promise<DevKeyRow> {
    const stored: StoredDevKey = { ...key, tenantId, revokedAt: null };
    await this.#writer.write("createDevKey", [stored]);
    return withoutHash(stored);
  }

  async list(tenantId: string): Promise<readonly DevKeyRow[]> {
    return reading(() => this.#read.list.all(tenantId).map((row) => withoutHash(readDevKey(row))));
  }

  revoke(tenantId: string, id: string, at: number): Promise<boolean> {
    return this.#writer.write("revokeDevKey", [tenantId, id, at]);
  }

  async findByHash(hash: string): Promise<DevKeyRow | null> {
    return reading(() => {
      const row = this.#read.byHash.get(hash);
      return row ? withoutHash(readDevKey(row)) : null;
    });
  }
}

function withoutHash({ hash: _, ...row }: StoredDevKey): DevKeyRow {
  return row;
}

function prepareReads(database: DatabaseSync) {
  return {
    list: database.prepare(`SELECT ${DEV_KEY_COLUMNS} FROM dev_keys WHERE tenant_id = ? ORDER BY created_at DESC, id DESC`),
    byHash: database.prepare(`SELECT ${DEV_KEY_COLUMNS} FROM dev_keys WHERE hash = ?`),
  };
}
