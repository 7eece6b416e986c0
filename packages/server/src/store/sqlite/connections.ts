import { DatabaseSync } from "node:sqlite";
import { refuseUnknown } from "#store/sqlite/migrate";
import { configureReader, configureWriter, requireSafeSqlite } from "#store/sqlite/pragmas";

/** The one connection that writes. Throws before it changes a file that is another program's or a newer release's. */
export function openWriter(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { allowExtension: false, defensive: true });
  try {
    requireSafeSqlite(database);
    refuseUnknown(database);
    configureWriter(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A connection that cannot write. */
export function openReader(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, allowExtension: false, defensive: true });
  configureReader(database);
  return database;
}
