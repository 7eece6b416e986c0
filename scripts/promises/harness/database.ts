import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export type Row = { readonly [column: string]: unknown };

/** The store's file, seen from outside the server. */
export function withDatabase<T>(dataDir: string, use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(join(dataDir, "millrace.db"));
  try {
    return use(database);
  } finally {
    database.close();
  }
}

export function tablesOf(database: DatabaseSync): string[] {
  return database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all()
    .map(({ name }) => String(name));
}

export function columnsOf(database: DatabaseSync, table: string): string[] {
  return database
    .prepare("SELECT name FROM pragma_table_info(?)")
    .all(table)
    .map(({ name }) => String(name));
}

/** Every row of a table, in one order. */
export function rowsOf(database: DatabaseSync, table: string): Row[] {
  return database.prepare(`SELECT * FROM ${table} ORDER BY ${columnsOf(database, table).join(", ")}`).all();
}

/** The first line that a pragma answers. */
export function pragma(database: DatabaseSync, name: string): string {
  return String(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}
