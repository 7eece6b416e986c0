import type { DatabaseSync } from "node:sqlite";
import { DEV_KEY_COLUMNS, devKeyChecksum, devKeyColumns, readDevKey, type StoredDevKey } from "#store/sql/dev-key-row";
import { insertTenant } from "#store/sqlite/writer/tenant";

export function devKeyVerbs(database: DatabaseSync) {
  const insert = database.prepare(`INSERT INTO dev_keys (${DEV_KEY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const find = database.prepare(`SELECT ${DEV_KEY_COLUMNS} FROM dev_keys WHERE tenant_id = ? AND id = ?`);
  const revoke = database.prepare("UPDATE dev_keys SET revoked_at = ?, checksum = ? WHERE tenant_id = ? AND id = ?");
  const tenant = insertTenant(database);
  return {
    createDevKey(key: StoredDevKey): void {
      tenant(key.tenantId, key.createdAt);
      insert.run(...devKeyColumns(key), devKeyChecksum(key));
    },

    /** False: there is none. */
    revokeDevKey(tenantId: string, id: string, at: number): boolean {
      const row = find.get(tenantId, id);
      if (!row) return false;
      const stored = readDevKey(row);
      if (stored.revokedAt === null) revoke.run(at, devKeyChecksum({ ...stored, revokedAt: at }), tenantId, id);
      return true;
    },
  };
}
