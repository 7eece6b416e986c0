import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Check } from "#doctor/check";
import { checkPostgres } from "#doctor/postgres";

/** What processes share is asked in any case; a file only where no server has it open, which would tell of it itself. */
export const checkDatabase: Check = ({ askServer, settings: { dataDir, databaseUrl } }) => {
  if (databaseUrl !== null) return checkPostgres(databaseUrl, askServer !== null);
  const file = join(dataDir, "millrace.db");
  return askServer === null && existsSync(file) ? readFile(file) : null;
};

function readFile(file: string) {
  const fix = `restore a backup of ${file}`;
  try {
    using database = new DatabaseSync(file, { readOnly: true });
    const [finding] = database
      .prepare("PRAGMA quick_check(1)")
      .all()
      .flatMap((row) => Object.values(row));
    // SQLite names the database in a line of its own.
    return finding === "ok" ? null : { problem: `the database is damaged: ${String(finding).replaceAll("\n", " ")}`, fix };
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_SQLITE_ERROR") throw error;
    return { problem: `the database cannot be read: ${(error as Error).message}`, fix };
  }
}
