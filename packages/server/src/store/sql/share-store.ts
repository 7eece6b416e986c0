import type { NewShare, OwnedShare, ShareRow, ShareStore } from "#store/share-store";
import type { SqlDatabase } from "#store/sql/database";
import { readShare, SHARE_COLUMNS } from "#store/sql/share-row";
import { all, one } from "#store/sql/steps";

const SELECT = `SELECT ${SHARE_COLUMNS} FROM run_shares`;

export class SqlShares implements ShareStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  create(tenantId: string, share: NewShare): Promise<void> {
    return this.#database.write("createShare", [tenantId, share]);
  }

  async list(tenantId: string, runId: string): Promise<readonly ShareRow[]> {
    const sql = `${SELECT} WHERE tenant_id = ? AND run_id = ? ORDER BY created_at DESC, id DESC`;
    return (await this.#database.read(all(sql, tenantId, runId))).map(readShare).map(({ tenantId: _, ...share }) => share);
  }

  delete(tenantId: string, runId: string, id: string): Promise<boolean> {
    return this.#database.write("deleteShare", [tenantId, runId, id]);
  }

  async findByHash(hash: string): Promise<OwnedShare | null> {
    const row = await this.#database.read(one(`${SELECT} WHERE hash = ?`, hash));
    return row ? readShare(row) : null;
  }
}
