import type { DatabaseSync } from "node:sqlite";
import type { HookRow, HookSettings, HookStore, OwnedHook } from "#store/hook-store";
import type { StarterFilter } from "#store/schedule-store";
import { reading } from "#store/sqlite/failure";
import { HOOK_COLUMNS, hookDefinition, hookRow, readHook, storedHook } from "#store/sqlite/hook-row";
import { starterQuery } from "#store/sqlite/starter-query";
import type { Writer } from "#store/sqlite/writer/writer";

export class SqliteHooks implements HookStore {
  readonly #writer: Writer;
  readonly #reader: DatabaseSync;
  readonly #read: ReturnType<typeof prepareReads>;

  constructor(writer: Writer, reader: DatabaseSync) {
    this.#writer = writer;
    this.#reader = reader;
    this.#read = prepareReads(reader);
  }

  create(tenantId: string, hook: HookRow, tokenHash: string): Promise<void> {
    return this.#writer.write("createHook", [storedHook(tenantId, hook, tokenHash)]);
  }

  update(tenantId: string, id: string, settings: HookSettings, at: number): Promise<void> {
    const { enabled, secret } = settings;
    return this.#writer.write("updateHook", [tenantId, id, { definition: hookDefinition(settings), enabled, secret, at }]);
  }

  rotate(tenantId: string, id: string, token: { hash: string; hint: string }, previousUntil: number, at: number): Promise<void> {
    return this.#writer.write("rotateHook", [tenantId, id, token, previousUntil, at]);
  }

  delete(tenantId: string, id: string): Promise<boolean> {
    return this.#writer.write("deleteHook", [tenantId, id]);
  }

  async get(tenantId: string, id: string): Promise<HookRow | null> {
    return reading(() => {
      const row = this.#read.one.get(tenantId, id);
      return row ? hookRow(readHook(row)) : null;
    });
  }

  async list(tenantId: string, filter: StarterFilter): Promise<readonly HookRow[]> {
    const { sql, values } = starterQuery("hooks", HOOK_COLUMNS, tenantId, filter);
    return reading(() => {
      const rows = this.#reader.prepare(sql).all(...values);
      return rows.map((row) => hookRow(readHook(row)));
    });
  }

  async findByToken(hash: string, at: number): Promise<OwnedHook | null> {
    return reading(() => {
      const row = this.#read.byToken.get(hash) ?? this.#read.byPrevious.get(hash, at);
      if (!row) return null;
      const stored = readHook(row);
      return { ...hookRow(stored), tenantId: stored.tenantId };
    });
  }
}

function prepareReads(database: DatabaseSync) {
  const select = `SELECT ${HOOK_COLUMNS} FROM hooks`;
  return {
    one: database.prepare(`${select} WHERE tenant_id = ? AND id = ?`),
    byToken: database.prepare(`${select} WHERE token_hash = ?`),
    byPrevious: database.prepare(`${select} WHERE previous_hash = ? AND previous_until > ?`),
  };
}
