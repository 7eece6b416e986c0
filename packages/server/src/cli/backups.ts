import type { Manifest } from "#app";
import { CliError } from "#cli/cli-error";
import { EXIT } from "#cli/exit-codes";
import { serveError } from "#cli/serve/serve-error";
import type { Settings } from "#config/settings";
import { VARIABLES } from "#config/variables";

/** What a backup holds, for people and programs: of the files only how many. */
export function backupView({ createdAt, version, schema, rows, files }: Manifest) {
  return { createdAt, version, schema, rows, files: files.length };
}

/** For what is done to files: throws CliError where the data is in a database that several processes share. `instead`: what is done there. */
export function requireDataDir({ databaseUrl }: Pick<Settings, "databaseUrl">, instead: string): void {
  if (databaseUrl === null) return;
  const problem = `${VARIABLES.databaseUrl.name} is set: the data is in PostgreSQL, and not in the data directory`;
  throw new CliError("data_in_postgres", problem, EXIT.usage, { hint: instead });
}

/** Why a backup was not made or not restored. */
export function asBackupError(error: unknown, settings: Settings, cwd: string): unknown {
  if (!(error instanceof Error)) return error;
  switch (error.name) {
    case "BackupDamaged":
      return new CliError("backup_damaged", error.message, EXIT.no, { hint: "use another backup; nothing was changed" });
    case "StoreCorrupt":
      return new CliError("store_corrupt", error.message, EXIT.no);
    case "NotFound":
      return new CliError("not_found", error.message, EXIT.notFound, { hint: "set MILLRACE_DATA_DIR to the data directory" });
    case "TargetNotEmpty":
      return new CliError("target_not_empty", error.message, EXIT.conflict);
    default:
      return fromSystem(error) ?? serveError(error, settings, cwd);
  }
}

function fromSystem({ code, path, message }: NodeJS.ErrnoException): CliError | null {
  if (code === "ENOENT") return new CliError("not_found", `${path} does not exist`, EXIT.notFound);
  if (code === "ENOSPC") return new CliError("disk_full", message, EXIT.unknown, { hint: "free space, or choose another place" });
  return null;
}
