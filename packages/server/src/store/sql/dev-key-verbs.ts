import { DEV_KEY_COLUMNS, devKeyChecksum, devKeyColumns, readDevKey, type StoredDevKey } from "#store/sql/dev-key-row";
import { insert, one, run, type Steps } from "#store/sql/steps";
import { insertTenant } from "#store/sql/tenant";

const INSERT = insert("dev_keys", DEV_KEY_COLUMNS);
const FIND = `SELECT ${DEV_KEY_COLUMNS} FROM dev_keys WHERE tenant_id = ? AND id = ?`;
const REVOKE = "UPDATE dev_keys SET revoked_at = ?, checksum = ? WHERE tenant_id = ? AND id = ?";

export const devKeyVerbs = {
  *createDevKey(key: StoredDevKey): Steps<void> {
    yield* insertTenant(key.tenantId, key.createdAt);
    yield* run(INSERT, ...devKeyColumns(key), devKeyChecksum(key));
  },

  /** False: there is none. */
  *revokeDevKey(tenantId: string, id: string, at: number): Steps<boolean> {
    const row = yield* one(FIND, tenantId, id);
    if (!row) return false;
    const stored = readDevKey(row);
    if (stored.revokedAt === null) yield* run(REVOKE, at, devKeyChecksum({ ...stored, revokedAt: at }), tenantId, id);
    return true;
  },
};
