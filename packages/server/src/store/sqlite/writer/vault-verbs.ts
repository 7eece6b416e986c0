import type { DatabaseSync } from "node:sqlite";
import { text } from "#store/sqlite/rows";
import { readVaultRow, VAULT_COLUMNS, vaultChecksum } from "#store/sqlite/vault-row";
import { insertTenant } from "#store/sqlite/writer/tenant";
import type { VaultContents, VaultKind, VaultRow } from "#store/vault-store";

export function vaultVerbs(database: DatabaseSync) {
  const sql = prepare(database);
  const tenant = insertTenant(database);
  return {
    putVaultRow(tenantId: string, kind: VaultKind, name: string, { facts, sealed }: VaultContents, at: number): VaultRow {
      tenant(tenantId, at);
      const before = sql.one.get(tenantId, kind, name);
      const { createdAt = at, lastUsedAt = null } = before ? readVaultRow(before) : {};
      const row = { name, sealed, createdAt, updatedAt: at };
      const json = JSON.stringify(facts);
      const checksum = vaultChecksum(tenantId, kind, { ...row, facts: json });
      sql.put.run(tenantId, kind, name, json, sealed, createdAt, at, lastUsedAt, checksum);
      return { ...row, facts, lastUsedAt };
    },

    deleteVaultRow(tenantId: string, kind: VaultKind, name: string): boolean {
      return sql.delete.run(tenantId, kind, name).changes === 1;
    },

    touchVaultRow(tenantId: string, kind: VaultKind, name: string, at: number): void {
      sql.touch.run(at, tenantId, kind, name, at);
    },

    keepKeyFingerprint(fingerprint: string): string {
      sql.keepFingerprint.run(fingerprint);
      const row = sql.fingerprint.get();
      return row ? text(row, "fingerprint") : fingerprint;
    },
  };
}

function prepare(database: DatabaseSync) {
  return {
    one: database.prepare(`SELECT ${VAULT_COLUMNS} FROM vault WHERE tenant_id = ? AND kind = ? AND name = ?`),
    put: database.prepare(`INSERT OR REPLACE INTO vault (${VAULT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    delete: database.prepare("DELETE FROM vault WHERE tenant_id = ? AND kind = ? AND name = ?"),
    touch: database.prepare(`
      UPDATE vault SET last_used_at = ? WHERE tenant_id = ? AND kind = ? AND name = ? AND (last_used_at IS NULL OR last_used_at < ?)`),
    keepFingerprint: database.prepare("INSERT INTO secret_key (id, fingerprint) VALUES (1, ?) ON CONFLICT (id) DO NOTHING"),
    fingerprint: database.prepare("SELECT fingerprint FROM secret_key WHERE id = 1"),
  };
}
