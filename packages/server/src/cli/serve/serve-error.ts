import { CliError } from "#cli/cli-error";
import { EXIT } from "#cli/exit-codes";
import { readServerFile } from "#cli/server-file";
import { shownPath } from "#cli/shown-path";
import { InvalidSetting } from "#config/read-variable";
import type { Settings } from "#config/settings";
import { VARIABLES } from "#config/variables";
import type { WrongSecretKey } from "#keys/secret-key";

/** Why a server does not start, in words that say what to do. Errors that are nobody's mistake stay as they are. */
export function serveError(error: unknown, settings: Settings, cwd: string): unknown {
  if (!(error instanceof Error)) return error;
  switch (error.name) {
    case "DataDirInUse":
      return inUse(settings, cwd);
    case "StoreTooNew":
      return new CliError("schema_too_new", error.message, EXIT.version);
    case "StoreUnreachable":
    case "CommitUnknown":
      return new CliError("database_unreachable", error.message, EXIT.unknown, {
        hint: `start it, or correct ${VARIABLES.databaseUrl.name}`,
      });
    case "StoreInUse":
      return new CliError("database_in_use", error.message, EXIT.conflict, {
        hint: "stop every server on it, and wait until none moves data",
      });
    case "MoveUnfinished":
      return new CliError("move_unfinished", error.message, EXIT.conflict, {
        hint: "millrace migrate-store goes on where it ended; or empty this store",
      });
    case "NoRoomToMigrate":
      return new CliError("no_room_to_migrate", error.message, EXIT.version, { hint: "free space; nothing was changed" });
    case "WrongSecretKey":
      return new CliError("wrong_secret_key", error.message, EXIT.no, { hint: (error as WrongSecretKey).fix });
    case "AllowListError":
      return new InvalidSetting(VARIABLES.egressAllow.name, settings.egressAllow, `${VARIABLES.egressAllow.accepts} (${error.message})`);
    default:
      return fromSystem(error, settings);
  }
}

function inUse({ dataDir }: Settings, cwd: string): CliError {
  const running = readServerFile(dataDir);
  const place = running === null ? "" : `: ${running.url}`;
  const stop = running === null ? "stop it" : `use it, or stop process ${running.pid}`;
  return new CliError("data_dir_in_use", `a server runs in ${shownPath(cwd, dataDir)} already${place}`, EXIT.conflict, {
    hint: `${stop}, or choose another directory with MILLRACE_DATA_DIR`,
  });
}

function fromSystem(error: ListenError, settings: Settings): unknown {
  if (error.syscall === "listen" || error.syscall === "getaddrinfo") return cannotListen(error, addressOf(error, settings));
  const { dataDir } = settings;
  const denied = ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ENAMETOOLONG"].includes(error.code ?? "");
  return denied && error.path?.startsWith(dataDir)
    ? new InvalidSetting(VARIABLES.dataDir.name, dataDir, `a directory that can be written (${error.code})`)
    : error;
}

/** As Node tells of an address that could not be had. */
interface ListenError extends NodeJS.ErrnoException {
  readonly port?: number;
  readonly hostname?: string;
}

interface Address {
  readonly host: string;
  readonly port: number;
  /** How another port is chosen. */
  readonly how: string;
  readonly variables: { readonly host: typeof VARIABLES.host; readonly port: typeof VARIABLES.port };
}

/** Of the server's two: where callers find it, and where an engine finds it as a worker. */
function addressOf(error: ListenError, { host, port, workerHost, workerPort }: Settings): Address {
  const isWorkers = error.hostname === undefined ? error.port === workerPort : error.hostname === workerHost;
  const isCallers = error.hostname === undefined ? error.port === port : error.hostname === host;
  return isWorkers && !isCallers
    ? {
        host: workerHost,
        port: workerPort,
        how: VARIABLES.workerPort.name,
        variables: { host: VARIABLES.workerHost, port: VARIABLES.workerPort },
      }
    : { host, port, how: `--port or ${VARIABLES.port.name}`, variables: VARIABLES };
}

function cannotListen(error: ListenError, { host, port, how, variables }: Address): CliError | InvalidSetting {
  if (error.code === "EADDRINUSE")
    return new CliError("port_in_use", `port ${port} of ${host} is taken`, EXIT.conflict, { hint: `choose another with ${how}` });
  if (error.code === "EACCES")
    return new InvalidSetting(variables.port.name, String(port), "a port that this user may listen on (1024 or higher)");
  return new InvalidSetting(variables.host.name, host, `${variables.host.accepts} (${error.code})`);
}
