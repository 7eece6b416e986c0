import type { DatabaseSync } from "node:sqlite";
import { failpoint } from "#failpoint";
import { StoreTooNew } from "#store/errors";
import { MIGRATIONS, type Migration, migrationSql } from "#store/sqlite/migrations";
import { pragma } from "#store/sqlite/pragmas";

/** "MILL" as a 32-bit number: says in the file whose it is. */
export const APPLICATION_ID = 0x4d494c4c;

/** Throws where the file is another program's, or of a newer release. Changes nothing. */
export function refuseUnknown(database: DatabaseSync, migrations: readonly Migration[] = MIGRATIONS): void {
  const id = Number(pragma(database, "application_id"));
  const tables = database.prepare("SELECT count(*) AS count FROM sqlite_schema").get()?.["count"];
  // A new file is empty and belongs to nobody.
  if (id !== APPLICATION_ID && (id !== 0 || tables !== 0)) {
    throw new Error(`${database.location()} is a database of another program; choose another data directory`);
  }
  const found = schemaVersion(database);
  const known = migrations.at(-1)?.version ?? 0;
  if (found > known) throw new StoreTooNew(found, known);
}

/** Brings the schema up to date, one transaction a step: a death in between leaves the schema before or after it. */
export function migrate(database: DatabaseSync, migrations: readonly Migration[] = MIGRATIONS): void {
  const found = schemaVersion(database);
  for (const migration of migrations) if (migration.version > found) apply(database, migration);
}

function apply(database: DatabaseSync, migration: Migration): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    database.exec(migrationSql(migration));
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migration.version}`);
    failpoint("migrate.afterStep");
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

export function schemaVersion(database: DatabaseSync): number {
  return Number(pragma(database, "user_version"));
}
