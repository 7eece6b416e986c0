import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The store's file, seen from outside the server. For what is of the file; rows are read and written by `withDatabase`, on every form. */
export function withFile<T>(dataDir: string, use: (database: DatabaseSync) => T): T {
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

/** The first line that a pragma answers. */
export function pragma(database: DatabaseSync, name: string): string {
  return String(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}
