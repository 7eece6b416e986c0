import type { DatabaseSync } from "node:sqlite";
import { reading } from "#store/sqlite/failure";
import { text } from "#store/sqlite/rows";
import { readVaultRow, VAULT_COLUMNS } from "#store/sqlite/vault-row";
import type { Writer } from "#store/sqlite/writer/writer";
import type { VaultContents, VaultKind, VaultRow, VaultStore } from "#store/vault-store";

export class SqliteVault implements VaultStore {
  readonly #writer: Writer;
  readonly #read: ReturnType<typeof prepareReads>;

  constructor(writer: Writer, reader: DatabaseSync) {
    this.#writer = writer;
    this.#read = prepareReads(reader);
  }

  async get(tenantId: string, kind: VaultKind, name: string): Promise<VaultRow | null> {
    return reading(() => {
      const row = this.#read.one.get(tenantId, kind, name);
      return row ? readVaultRow(row) : null;
    });
  }

  async list(tenantId: string, kind: VaultKind): Promise<readonly VaultRow[]> {
    return reading(() => this.#read.all.all(tenantId, kind).map(readVaultRow));
  }

  put(tenantId: string, kind: VaultKind, name: string, contents: VaultContents, at: number): Promise<VaultRow> {
    return this.#writer.write("putVaultRow", [tenantId, kind, name, contents, at]);
  }

  delete(tenantId: string, kind: VaultKind, name: string): Promise<boolean> {
    return this.#writer.write("deleteVaultRow", [tenantId, kind, name]);
  }

  touch(tenantId: string, kind: VaultKind, name: string, at: number): Promise<void> {
    return this.#writer.write("touchVaultRow", [tenantId, kind, name, at]);
  }

  async keyFingerprint(): Promise<string | null> {
    return reading(() => {
      const row = this.#read.fingerprint.get();
      return row ? text(row, "fingerprint") : null;
    });
  }

  keepKeyFingerprint(fingerprint: string): Promise<string> {
    return this.#writer.write("keepKeyFingerprint", [fingerprint]);
  }
}

function prepareReads(database: DatabaseSync) {
  return {
    one: database.prepare(`SELECT ${VAULT_COLUMNS} FROM vault WHERE tenant_id = ? AND kind = ? AND name = ?`),
    all: database.prepare(`SELECT ${VAULT_COLUMNS} FROM vault WHERE tenant_id = ? AND kind = ? ORDER BY name`),
    fingerprint: database.prepare("SELECT fingerprint FROM secret_key WHERE id = 1"),
  };
}
