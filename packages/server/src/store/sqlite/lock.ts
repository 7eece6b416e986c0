import { DatabaseSync } from "node:sqlite";
import { DataDirInUse } from "#store/errors";
import type { DataDir } from "#store/sqlite/data-dir";
import { isSqliteError, PRIMARY, primaryCode } from "#store/sqlite/failure";

export interface ProcessLock {
  release(): void;
}

/**
 * Keeps every other process out of the data directory, by an exclusive transaction on a database of its own that is never committed.
 * The kernel releases it with the process, however that ends: no lock file can survive a crash. Throws DataDirInUse.
 */
export function lockDataDir(dataDir: DataDir): ProcessLock {
  const database = new DatabaseSync(dataDir.lock, { timeout: 0 });
  try {
    // Nothing is ever written there, so nothing has to be rolled back, and no journal file stays after a death.
    database.exec("PRAGMA journal_mode = MEMORY");
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (isSqliteError(error) && primaryCode(error) === PRIMARY.busy) throw new DataDirInUse(dataDir.path);
    throw error;
  }
  return { release: () => database.close() };
}
