import { type MoveStep, moveData } from "#app";
import { asBackupError } from "#cli/backups";
import { CliError, usageError } from "#cli/cli-error";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";
import type { Given } from "#cli/given";
import { humanLog } from "#cli/serve/log";
import { serverSettings } from "#cli/server-settings";
import { shownPath } from "#cli/shown-path";
import { duration } from "#cli/table";
import type { Settings } from "#config/settings";
import { VARIABLES } from "#config/variables";

/** Rows between two lines that say how far a table has come. */
const TOLD_ROWS = 10_000;

export const run: Action = async (context, given) => {
  const { settings } = serverSettings(context);
  const to = targetOf(given);
  const { databaseUrl } = settings;
  if (databaseUrl === null) throw usageError(`migrate-store: ${VARIABLES.databaseUrl.name} is missing`, "it names the PostgreSQL database");
  const began = performance.now();
  const log = humanLog(settings.logLevel);
  const moved = await moveData({ settings, databaseUrl, to, log: log.log, progress: teller(context) }).catch((error: unknown) => {
    throw asMoveError(error, settings, context.cwd);
  });
  await log.end();
  const tables = moved.tables.filter(({ rows }) => rows > 0);
  const sum = tables.reduce((rows, table) => rows + table.rows, 0);
  const ms = Math.round(performance.now() - began);
  context.output.note(
    `  ${sum} rows moved and compared in ${duration(ms)}${moved.resumed ? ", going on where an earlier move ended" : ""}`,
  );
  context.output.note(aboutTheKey(settings, context.cwd, to));
  context.output.note(afterwards(moved.from, to));
  await context.output.data(
    { ...moved, ms },
    { rows: tables.map(({ table, rows }) => ({ table, rows })), names: tables.map(({ table }) => table) },
  );
};

function targetOf(given: Given): "sqlite" | "postgres" {
  const [from, to] = [given.text("from"), given.text("to")];
  const missing = [from === undefined && "--from", to === undefined && "--to"].filter((flag) => flag !== false);
  if (missing.length > 0) throw usageError(`migrate-store: ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} missing`);
  if (from === to) throw usageError("migrate-store: --from and --to name the same store", "one is sqlite, the other postgres");
  return to === "postgres" ? "postgres" : "sqlite";
}

/** Each table when it is through, and large ones on their way. */
function teller({ output }: CliContext): (step: MoveStep) => void {
  let told = 0;
  return ({ phase, table, rows, of }) => {
    const isThrough = rows >= of;
    if (rows === 0 || (!isThrough && rows - told < TOLD_ROWS)) return;
    told = isThrough ? 0 : rows;
    output.note(`  ${phase === "copy" ? `${table}: ${rows} of ${of}` : `${table}: ${rows} compared`}`);
  };
}

/** What is sealed is moved as it is: the key that opens it is not among the data. */
function aboutTheKey({ secretKey, dataDir }: Settings, cwd: string, to: "sqlite" | "postgres"): string {
  if (secretKey !== null) return "  the secret key is not among the data: every process needs the same MILLRACE_SECRET_KEY as before";
  const file = `${shownPath(cwd, dataDir)}/secret.key`;
  return to === "postgres"
    ? `  the secret key is not among the data: give every process what ${file} holds as MILLRACE_SECRET_KEY, or this data directory`
    : `  the secret key is not among the data: ${file} has to be the one that the processes on PostgreSQL had`;
}

function afterwards(from: string, to: "sqlite" | "postgres"): string {
  const start = to === "postgres" ? "start with MILLRACE_DATABASE_URL" : "start without MILLRACE_DATABASE_URL";
  return `  ${start}; what lies in ${from} stays as it was: keep it until all is well, and start no server on it`;
}

function asMoveError(error: unknown, settings: Settings, cwd: string): unknown {
  if (!(error instanceof Error)) return error;
  switch (error.name) {
    case "TargetNotEmpty":
      return new CliError("target_not_empty", `${error.message}: it holds other data`, EXIT.conflict, {
        hint: "name an empty database with MILLRACE_DATABASE_URL, or an empty directory with MILLRACE_DATA_DIR",
      });
    case "MoveFromElsewhere":
      return new CliError("move_from_elsewhere", error.message, EXIT.conflict, {
        hint: "finish that one, or empty the target",
      });
    case "MoveDiffers":
      return new CliError("move_differs", error.message, EXIT.no, {
        hint: "a server ran on one of them between two tries: empty the target and begin anew; the source was not changed",
      });
    default:
      return asBackupError(error, settings, cwd);
  }
}
