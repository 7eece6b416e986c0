import type { HookRow, HookSettings, HookStore, OwnedHook } from "#store/hook-store";
import type { StarterFilter } from "#store/schedule-store";
import type { SqlDatabase } from "#store/sql/database";
import { HOOK_COLUMNS, hookDefinition, hookRow, readHook, storedHook } from "#store/sql/hook-row";
import { starters } from "#store/sql/starter-query";
import { one, type Steps } from "#store/sql/steps";

const SELECT = `SELECT ${HOOK_COLUMNS} FROM hooks`;

export class SqlHooks implements HookStore {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  create(tenantId: string, hook: HookRow, tokenHash: string): Promise<void> {
    return this.#database.write("createHook", [storedHook(tenantId, hook, tokenHash)]);
  }

  update(tenantId: string, id: string, settings: HookSettings, at: number): Promise<void> {
    const { enabled, secret } = settings;
    return this.#database.write("updateHook", [tenantId, id, { definition: hookDefinition(settings), enabled, secret, at }]);
  }

  rotate(tenantId: string, id: string, token: { hash: string; hint: string }, previousUntil: number, at: number): Promise<void> {
    return this.#database.write("rotateHook", [tenantId, id, token, previousUntil, at]);
  }

  delete(tenantId: string, id: string): Promise<boolean> {
    return this.#database.write("deleteHook", [tenantId, id]);
  }

  async get(tenantId: string, id: string): Promise<HookRow | null> {
    const row = await this.#database.read(one(`${SELECT} WHERE tenant_id = ? AND id = ?`, tenantId, id));
    return row ? hookRow(readHook(row)) : null;
  }

  async list(tenantId: string, filter: StarterFilter): Promise<readonly HookRow[]> {
    const rows = await this.#database.read(starters("hooks", HOOK_COLUMNS, tenantId, filter));
    return rows.map((row) => hookRow(readHook(row)));
  }

  findByToken(hash: string, at: number): Promise<OwnedHook | null> {
    return this.#database.read(byToken(hash, at));
  }
}

function* byToken(hash: string, at: number): Steps<OwnedHook | null> {
  const row =
    (yield* one(`${SELECT} WHERE token_hash = ?`, hash)) ??
    (yield* one(`${SELECT} WHERE previous_hash = ? AND previous_until > ?`, hash, at));
  if (!row) return null;
  const stored = readHook(row);
  return { ...hookRow(stored), tenantId: stored.tenantId };
}
