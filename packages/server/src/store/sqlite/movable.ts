import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { NotFound } from "#store/errors";
import type { Arrival, Counters, IndexedPassage, Movable, MovedKey, MovedTable, MoveTarget } from "#store/sql/movable";
import { countMoved, forgetArrivals, noteArrival, readArrivals, readMoved } from "#store/sql/move-statements";
import { COUNTED_TABLES } from "#store/sql/moved-tables";
import { number, type Row, text } from "#store/sql/rows";
import { all, insert, one, run } from "#store/sql/steps";
import { openReader, openWriter } from "#store/sqlite/connections";
import { DataDir } from "#store/sqlite/data-dir";
import { storeError } from "#store/sqlite/failure";
import { type Finish, finisher } from "#store/sqlite/finish";
import { lockDataDir, type ProcessLock } from "#store/sqlite/lock";
import { migrate } from "#store/sqlite/migrate";
import { FILE_COLUMNS, MovedFiles } from "#store/sqlite/moved-files";
import { type OpenOptions, openSqliteStore } from "#store/sqlite/open";
import { ftsWords } from "#store/sqlite/word-index";

/** Pages of the log that are copied into the database while it is written: as many as SQLite does by itself. */
const CHECKPOINT_PAGES = 1_000;

/** A table that a data directory has as files. */
const FILES = "large_values";

const UNINDEXED = `
  SELECT count(*) AS count FROM knowledge_passages AS passage
  JOIN knowledge_bases AS base ON base.tenant_id = passage.tenant_id AND base.id = passage.base_id
  WHERE passage.id NOT IN (SELECT rowid FROM knowledge_words)`;

/**
 * A data directory whose data is moved elsewhere: checked and brought up to date as by a start, and kept from every server until it is closed.
 * Rejects with NotFound, DataDirInUse, MoveUnfinished, or what a start says.
 */
export async function openSqliteOrigin(options: Omit<OpenOptions, "owner">): Promise<Movable> {
  const dataDir = new DataDir(options.dataDir);
  if (!existsSync(dataDir.database)) throw new NotFound(`the database ${dataDir.database}`);
  await (await openSqliteStore({ ...options, owner: "move" })).close();
  return opened(dataDir, () => openReader(dataDir.database));
}

/** A data directory that data is moved to, made where it is missing. Throws DataDirInUse, StoreTooNew. */
export function openSqliteTarget(path: string): MoveTarget {
  const dataDir = new DataDir(path);
  dataDir.prepare();
  return opened(dataDir, () => {
    const database = openWriter(dataDir.database);
    database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    migrate(database);
    return database;
  });
}

function opened(dataDir: DataDir, open: () => DatabaseSync): MovableSqlite {
  const lock = lockDataDir(dataDir);
  try {
    return new MovableSqlite(dataDir, open(), lock);
  } catch (error) {
    lock.release();
    throw storeError(error);
  }
}

class MovableSqlite implements MoveTarget {
  readonly name: string;
  readonly #database: DatabaseSync;
  readonly #lock: ProcessLock;
  readonly #finish: Finish;
  readonly #files: MovedFiles;
  readonly #columns = new Map<string, readonly string[]>();

  constructor(dataDir: DataDir, database: DatabaseSync, lock: ProcessLock) {
    this.name = dataDir.path;
    this.#database = database;
    this.#lock = lock;
    this.#finish = finisher(database);
    this.#files = new MovedFiles(dataDir.blobs);
  }

  async columns(table: MovedTable): Promise<readonly string[]> {
    return this.#columnsOf(table);
  }

  async count(table: MovedTable): Promise<number> {
    return table.name === FILES ? this.#files.count() : this.#finish(countMoved(table));
  }

  async read(table: MovedTable, after: MovedKey | null, limit: number): Promise<readonly Row[]> {
    if (table.name === FILES) return this.#files.read(after, limit);
    return this.#finish(readMoved(table, this.#columnsOf(table), after, limit));
  }

  async counters(): Promise<Counters> {
    const rows = this.#finish(all("SELECT name, seq FROM sqlite_sequence"));
    return new Map(rows.map((row) => [text(row, "name"), number(row, "seq")]));
  }

  async arrivals(): Promise<readonly Arrival[]> {
    return this.#finish(readArrivals());
  }

  async write(table: MovedTable, rows: readonly Row[], arrival: Arrival, indexed: readonly IndexedPassage[]): Promise<void> {
    if (table.name === FILES) await this.#files.write(rows);
    this.#atomically(() => {
      if (table.name !== FILES) this.#insert(table, rows);
      for (const { tenantId, baseId, number: of, id, words } of indexed)
        this.#finish(ftsWords.add({ tenantId, id: baseId, number: of }, [{ id, words }]));
      this.#finish(noteArrival(arrival));
    });
  }

  async unindexed(): Promise<number> {
    return number(this.#finish(one(UNINDEXED)) ?? {}, "count");
  }

  async finish(counters: Counters): Promise<void> {
    this.#atomically(() => {
      for (const [table] of COUNTED_TABLES) this.#finish(countOn(table, counters.get(table) ?? 0));
      this.#finish(forgetArrivals());
    });
  }

  async close(): Promise<void> {
    this.#database.close();
    this.#lock.release();
  }

  #insert(table: MovedTable, rows: readonly Row[]): void {
    const columns = this.#columnsOf(table);
    const sql = insert(table.name, columns.join(", "));
    for (const row of rows) this.#finish(run(sql, ...columns.map((column) => row[column] ?? null)));
  }

  #columnsOf({ name }: MovedTable): readonly string[] {
    if (name === FILES) return FILE_COLUMNS;
    const known =
      this.#columns.get(name) ?? this.#finish(all("SELECT name FROM pragma_table_info(?)", name)).map((row) => text(row, "name"));
    this.#columns.set(name, known);
    return known;
  }

  #atomically(work: () => void): void {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw storeError(error);
    }
  }
}

/** The table gives out no number again that it gave out before it was moved. */
function* countOn(table: string, last: number) {
  const changed = yield* run("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", last, table);
  if (changed === 0 && last > 0) yield* run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", table, last);
}
