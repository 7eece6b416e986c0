import type { SqlDatabase } from "#store/sql/database";
import { all, one } from "#store/sql/steps";
import { readVaultRow, VAULT_COLUMNS } from "#store/sql/vault-row";
import { keyFingerprint } from "#store/sql/vault-verbs";
import type { VaultContents, VaultKind, VaultRow, VaultStore } from "#store/vault-store";

const SELECT = `SELECT ${VAULT_COLUMNS} FROM vault WHERE tenant_id = ? AND kind = ?`;

export class SqlVault implements VaultStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async get(tenantId: string, kind: VaultKind, name: string): Promise<VaultRow | null> {
    const row = await this.#database.read(one(`${SELECT} AND name = ?`, tenantId, kind, name));
    return row ? readVaultRow(row) : null;
  }

  async list(tenantId: string, kind: VaultKind): Promise<readonly VaultRow[]> {
    return (await this.#database.read(all(`${SELECT} ORDER BY name`, tenantId, kind))).map(readVaultRow);
  }

  put(tenantId: string, kind: VaultKind, name: string, contents: VaultContents, at: number): Promise<VaultRow> {
    return this.#database.write("putVaultRow", [tenantId, kind, name, contents, at]);
  }

  delete(tenantId: string, kind: VaultKind, name: string): Promise<boolean> {
    return this.#database.write("deleteVaultRow", [tenantId, kind, name]);
  }

  touch(tenantId: string, kind: VaultKind, name: string, at: number): Promise<void> {
    return this.#database.write("touchVaultRow", [tenantId, kind, name, at]);
  }

  keyFingerprint(): Promise<string | null> {
    return this.#database.read(keyFingerprint());
  }

  keepKeyFingerprint(fingerprint: string): Promise<string> {
    return this.#database.write("keepKeyFingerprint", [fingerprint]);
  }
}
