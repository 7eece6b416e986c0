import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { StoreInUse } from "#store/errors";
import { storeError } from "#store/postgres/failure";
import { migrate, SCHEMA_LOCK } from "#store/postgres/migrate";
import { openPool } from "#store/postgres/pool";
import { runSteps } from "#store/postgres/run-steps";
import { spelled } from "#store/postgres/texts";
import { wordTable } from "#store/postgres/word-index";
import type { Counters, IndexedPassage, MovedKey, MovedTable, MoveTarget } from "#store/sql/movable";
import { countMoved, forgetArrivals, noteArrival, readArrivals, readMoved } from "#store/sql/move-statements";
import { COUNTED_TABLES } from "#store/sql/moved-tables";
import { number, type Row, type SqlValue, text } from "#store/sql/rows";
import { all, one, type Steps } from "#store/sql/steps";

const SILENT = { warn: () => undefined };

/** How often it is looked for servers, and how long is waited in between, in ms. */
const LOOKS = 20;
const LOOK_AGAIN_MS = 250;

const TYPES_OF =
  "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ? ORDER BY ordinal_position";
const TAKE_LOCK = "SELECT CASE WHEN pg_try_advisory_lock(?) THEN 1 ELSE 0 END AS got";
const OTHERS = `
  SELECT count(*) AS count FROM pg_stat_activity
  WHERE datname = current_database() AND application_name LIKE 'millrace%' AND pid <> pg_backend_pid()`;
const UNINDEXED = `
  SELECT count(*) AS count FROM knowledge_passages AS passage
  JOIN knowledge_bases AS base ON base.tenant_id = passage.tenant_id AND base.id = passage.base_id
  WHERE NOT EXISTS (SELECT 1 FROM knowledge_lengths WHERE passage_id = passage.id)`;
const NEXT_PLACE = "SELECT setval('journal_places', greatest(max(position), 1)) FROM journal";

/**
 * A database whose data is moved, its schema up to date. Servers that start meanwhile wait for the lock of the schema. Rejects with StoreInUse
 * where one runs, StoreTooNew, StoreUnreachable.
 */
export async function openMovablePostgres(url: string): Promise<MoveTarget> {
  const pool = openPool(url, SILENT, 1);
  try {
    await migrate(pool);
    const client = await pool.connect();
    const name = nameOf(url);
    if (!(await hasForItself(client))) {
      client.release(true);
      throw new StoreInUse(name);
    }
    return new MovablePostgres(name, pool, client);
  } catch (error) {
    await pool.end();
    throw storeError(error);
  }
}

/** The lock is taken, and no server is connected: one that died a moment ago may be seen until the database has noticed. */
async function hasForItself(client: PoolClient): Promise<boolean> {
  let isLocked = false;
  for (let looks = 0; looks < LOOKS; looks++) {
    if (looks > 0) await sleep(LOOK_AGAIN_MS);
    isLocked ||= (await runSteps(client, one(TAKE_LOCK, SCHEMA_LOCK)))?.["got"] === 1;
    if (isLocked && (await runSteps(client, one(OTHERS)))?.["count"] === 0) return true;
  }
  return false;
}

function nameOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `postgres://${host}${pathname}`;
}

class MovablePostgres implements MoveTarget {
  readonly name: string;
  readonly #pool: Pool;
  /** Holds the lock, and does everything. */
  readonly #client: PoolClient;
  /** By table: its columns with their types. */
  readonly #types = new Map<string, ReadonlyMap<string, string>>();

  constructor(name: string, pool: Pool, client: PoolClient) {
    this.name = name;
    this.#pool = pool;
    this.#client = client;
  }

  async columns(table: MovedTable): Promise<readonly string[]> {
    return [...(await this.#typesOf(table)).keys()];
  }

  count(table: MovedTable): Promise<number> {
    return this.#run(countMoved(table));
  }

  async read(table: MovedTable, after: MovedKey | null, limit: number): Promise<readonly Row[]> {
    return await this.#run(readMoved(table, await this.columns(table), after, limit));
  }

  async counters(): Promise<Counters> {
    const counters = new Map<string, number>();
    for (const [table, column] of COUNTED_TABLES) {
      const row = await this.#run(
        one("SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(?, ?)::regclass), 0) AS last", table, column),
      );
      counters.set(table, number(row ?? {}, "last"));
    }
    return counters;
  }

  arrivals() {
    return this.#run(readArrivals());
  }

  async write(
    table: MovedTable,
    rows: readonly Row[],
    arrival: Parameters<MoveTarget["write"]>[2],
    indexed: readonly IndexedPassage[],
  ): Promise<void> {
    const types = await this.#typesOf(table);
    await this.#atomically(async () => {
      if (rows.length > 0) await this.#insert(table, rows, types);
      for (const passage of indexed) await runSteps(this.#client, index(passage));
      await runSteps(this.#client, noteArrival(arrival));
    });
  }

  async unindexed(): Promise<number> {
    return number((await this.#run(one(UNINDEXED))) ?? {}, "count");
  }

  finish(counters: Counters): Promise<void> {
    return this.#atomically(async () => {
      for (const [table, column] of COUNTED_TABLES) {
        const last = counters.get(table) ?? 0;
        await this.#client.query("SELECT setval(pg_get_serial_sequence($1, $2), greatest($3::bigint, 1), $3::bigint > 0)", [
          table,
          column,
          last,
        ]);
      }
      await this.#client.query(NEXT_PLACE);
      await runSteps(this.#client, forgetArrivals());
    });
  }

  async close(): Promise<void> {
    // The lock goes with the connection.
    this.#client.release(true);
    await this.#pool.end();
  }

  /** One statement for all rows, the same for every batch: each column is an array. */
  async #insert(table: MovedTable, rows: readonly Row[], types: ReadonlyMap<string, string>): Promise<void> {
    const columns = [...types.keys()];
    const arrays = [...types.values()].map((type, at) => `$${at + 1}::${type}[]`);
    const values = columns.map((column) => rows.map((row) => bound(row[column] ?? null)));
    const name = `move ${table.name}`;
    const sql = `INSERT INTO ${table.name} (${columns.join(", ")}) SELECT * FROM unnest(${arrays.join(", ")})`;
    await this.#client.query({ name, text: sql, values });
  }

  async #typesOf({ name }: MovedTable): Promise<ReadonlyMap<string, string>> {
    const known = this.#types.get(name);
    if (known) return known;
    const rows = await this.#run(all(TYPES_OF, name));
    const types = new Map(rows.map((row) => [text(row, "column_name"), text(row, "data_type")]));
    this.#types.set(name, types);
    return types;
  }

  async #run<T>(steps: Steps<T>): Promise<T> {
    try {
      return await runSteps(this.#client, steps);
    } catch (error) {
      throw storeError(error);
    }
  }

  async #atomically(work: () => Promise<void>): Promise<void> {
    try {
      await this.#client.query("BEGIN");
      await work();
      await this.#client.query("COMMIT");
    } catch (error) {
      await this.#client.query("ROLLBACK").catch(() => undefined);
      throw storeError(error);
    }
  }
}

function* index({ tenantId, baseId, number: of, id, words }: IndexedPassage): Steps<void> {
  yield* wordTable.add({ tenantId, id: baseId, number: of }, [{ id, words }]);
}

/** In an array, the driver tells bytes by their class. */
function bound(value: SqlValue): SqlValue {
  if (typeof value === "string") return spelled(value);
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
