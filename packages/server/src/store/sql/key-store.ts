import type { KeyRow, KeyStore, KeyUse, NewKey } from "#store/key-store";
import type { SqlDatabase } from "#store/sql/database";
import { KEY_COLUMNS, type KeyReplacement, readKey, type StoredKey, storedKey } from "#store/sql/key-row";
import type { SqlValue } from "#store/sql/rows";
import { all, type Steps } from "#store/sql/steps";

const SELECT = `SELECT ${KEY_COLUMNS} FROM api_keys`;

export class SqlKeys implements KeyStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async create(tenantId: string, key: NewKey): Promise<KeyRow> {
    const stored = storedKey(tenantId, key);
    await this.#database.write("createKey", [stored]);
    await this.#database.changedEverywhere({ kind: "key", id: key.id });
    return withoutHash(stored);
  }

  /** Newest first. */
  list(tenantId: string): Promise<readonly KeyRow[]> {
    return this.#database.read(keys(`${SELECT} WHERE tenant_id = ? ORDER BY created_at DESC, id DESC`, tenantId));
  }

  async revoke(tenantId: string, id: string, at: number): Promise<boolean> {
    const outcome = await this.#database.write("revokeKey", [tenantId, id, at]);
    if (outcome === "revoked") await this.#database.changedEverywhere({ kind: "key", id });
    return outcome !== "unknown";
  }

  async get(tenantId: string, id: string): Promise<KeyRow | null> {
    const [key = null] = await this.#database.read(keys(`${SELECT} WHERE tenant_id = ? AND id = ?`, tenantId, id));
    return key;
  }

  async rotate(tenantId: string, id: string, replacement: KeyReplacement, oldUntil: number): Promise<KeyRow> {
    const stored = await this.#database.write("rotateKey", [tenantId, id, replacement, oldUntil]);
    await this.#database.changedEverywhere({ kind: "key", id });
    return withoutHash(stored);
  }

  async findByHash(hash: string): Promise<KeyRow | null> {
    const [key = null] = await this.#database.read(keys(`${SELECT} WHERE hash = ?`, hash));
    return key;
  }

  async touch(uses: readonly KeyUse[]): Promise<void> {
    if (uses.length > 0) await this.#database.write("touchKeys", [uses]);
  }
}

function* keys(sql: string, ...values: readonly SqlValue[]): Steps<readonly KeyRow[]> {
  const found: KeyRow[] = [];
  for (const row of yield* all(sql, ...values)) found.push(withoutHash(yield* readKey(row)));
  return found;
}

function withoutHash({ hash: _, ...row }: StoredKey): KeyRow {
  return row;
}
