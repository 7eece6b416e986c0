import type { DevKeyRow, DevKeyStore, NewDevKey } from "#store/dev-key-store";
import type { SqlDatabase } from "#store/sql/database";
import { DEV_KEY_COLUMNS, readDevKey, type StoredDevKey } from "#store/sql/dev-key-row";
import { all, one } from "#store/sql/steps";

const SELECT = `SELECT ${DEV_KEY_COLUMNS} FROM dev_keys`;

export class SqlDevKeys implements DevKeyStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async create(tenantId: string, key: NewDevKey): Promise<DevKeyRow> {
    const stored: StoredDevKey = { ...key, tenantId, revokedAt: null };
    await this.#database.write("createDevKey", [stored]);
    return withoutHash(stored);
  }

  async list(tenantId: string): Promise<readonly DevKeyRow[]> {
    const rows = await this.#database.read(all(`${SELECT} WHERE tenant_id = ? ORDER BY created_at DESC, id DESC`, tenantId));
    return rows.map((row) => withoutHash(readDevKey(row)));
  }

  revoke(tenantId: string, id: string, at: number): Promise<boolean> {
    return this.#database.write("revokeDevKey", [tenantId, id, at]);
  }

  async findByHash(hash: string): Promise<DevKeyRow | null> {
    const row = await this.#database.read(one(`${SELECT} WHERE hash = ?`, hash));
    return row ? withoutHash(readDevKey(row)) : null;
  }
}

function withoutHash({ hash: _, ...row }: StoredDevKey): DevKeyRow {
  return row;
}
