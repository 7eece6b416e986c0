import { backup, DatabaseSync } from "node:sqlite";
import { StoreCorrupt } from "#store/errors";
import { number, text } from "#store/sql/rows";
import { openReader } from "#store/sqlite/connections";
import { pragma } from "#store/sqlite/pragmas";

/** Rows of each table. */
export type RowCounts = { readonly [table: string]: number };

export interface Snapshot {
  readonly schema: number;
  readonly rows: RowCounts;
}

/** Pages copied before the copying thread looks up. */
const PAGES_A_STEP = 2_048;

/**
 * Copies the database as it is at one moment, whoever writes meanwhile, into one file without a log, and checks the copy.
 * Only reads the database: the log may grow until the copy is made, and nothing else of the server notices.
 */
export async function snapshot(database: string, copy: string, copied: (share: number) => void = () => undefined): Promise<Snapshot> {
  using reader = openReader(database);
  // One read transaction over counting and copying: both see the same moment, and no writer makes the copying begin again.
  reader.exec("BEGIN");
  const rows = countRows(reader);
  await backup(reader, copy, {
    rate: PAGES_A_STEP,
    progress: ({ totalPages, remainingPages }) => copied(1 - remainingPages / Math.max(1, totalPages)),
  });
  reader.exec("COMMIT");
  return { rows, schema: checkCopy(copy, rows) };
}

/** Throws StoreCorrupt unless the copy is whole and holds these rows. Its schema. */
export function checkCopy(copy: string, rows: RowCounts): number {
  using database = new DatabaseSync(copy, { allowExtension: false, defensive: true });
  // A file of its own, without a log beside it.
  database.exec("PRAGMA journal_mode = DELETE");
  const findings = [...findingsOf(database, "integrity_check"), ...findingsOf(database, "foreign_key_check")];
  if (findings.length > 0) throw new StoreCorrupt(findings.slice(0, 10).join("; "));
  const copied = countRows(database);
  const tables = new Set([...Object.keys(rows), ...Object.keys(copied)]);
  for (const table of tables) {
    if (rows[table] !== copied[table])
      throw new StoreCorrupt(`the copy has ${copied[table]} rows in ${table}, the original ${rows[table]}`);
  }
  return Number(pragma(database, "user_version"));
}

function findingsOf(database: DatabaseSync, check: string): string[] {
  const rows = database.prepare(`PRAGMA ${check}`).all();
  return rows.map((row) => Object.values(row).join(" ")).filter((finding) => finding !== "ok");
}

function countRows(database: DatabaseSync): RowCounts {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").all();
  return Object.fromEntries(tables.map((row) => [text(row, "name"), countOf(database, text(row, "name"))]));
}

function countOf(database: DatabaseSync, table: string): number {
  return number(database.prepare(`SELECT count(*) AS count FROM "${table}"`).get() ?? {}, "count");
}
