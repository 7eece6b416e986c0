import { text } from "#store/sql/rows";
import { one, run, type Steps, upsert } from "#store/sql/steps";
import { insertTenant } from "#store/sql/tenant";
import { readVaultRow, VAULT_COLUMNS, vaultChecksum } from "#store/sql/vault-row";
import type { VaultContents, VaultKind, VaultRow } from "#store/vault-store";

const FIND = `SELECT ${VAULT_COLUMNS} FROM vault WHERE tenant_id = ? AND kind = ? AND name = ?`;
const PUT = upsert("vault", VAULT_COLUMNS, "tenant_id, kind, name");
const TOUCH = `
  UPDATE vault SET last_used_at = ? WHERE tenant_id = ? AND kind = ? AND name = ? AND (last_used_at IS NULL OR last_used_at < ?)`;
const KEEP_FINGERPRINT = "INSERT INTO secret_key (id, fingerprint) VALUES (1, ?) ON CONFLICT (id) DO NOTHING";

export const vaultVerbs = {
  *putVaultRow(tenantId: string, kind: VaultKind, name: string, { facts, sealed }: VaultContents, at: number): Steps<VaultRow> {
    yield* insertTenant(tenantId, at);
    const before = yield* one(FIND, tenantId, kind, name);
    const { createdAt = at, lastUsedAt = null } = before ? readVaultRow(before) : {};
    const row = { name, sealed, createdAt, updatedAt: at };
    const json = JSON.stringify(facts);
    const checksum = vaultChecksum(tenantId, kind, { ...row, facts: json });
    yield* run(PUT, tenantId, kind, name, json, sealed, createdAt, at, lastUsedAt, checksum);
    return { ...row, facts, lastUsedAt };
  },

  *deleteVaultRow(tenantId: string, kind: VaultKind, name: string): Steps<boolean> {
    return (yield* run("DELETE FROM vault WHERE tenant_id = ? AND kind = ? AND name = ?", tenantId, kind, name)) === 1;
  },

  *touchVaultRow(tenantId: string, kind: VaultKind, name: string, at: number): Steps<void> {
    yield* run(TOUCH, at, tenantId, kind, name, at);
  },

  /** The one that is kept. */
  *keepKeyFingerprint(fingerprint: string): Steps<string> {
    yield* run(KEEP_FINGERPRINT, fingerprint);
    return (yield* keyFingerprint()) ?? fingerprint;
  },
};

export function* keyFingerprint(): Steps<string | null> {
  const row = yield* one("SELECT fingerprint FROM secret_key WHERE id = 1");
  return row ? text(row, "fingerprint") : null;
}
