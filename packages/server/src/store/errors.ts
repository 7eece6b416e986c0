/** What the store refuses or reports. `args` are the constructor's: an error that crosses a thread is made again from them. */
export abstract class StoreError extends Error {
  readonly args: readonly (string | number)[];
  protected constructor(name: string, message: string, args: readonly (string | number)[], options?: ErrorOptions) {
    super(message, options);
    this.name = name;
    this.args = args;
  }
}

/** The claim is not the newest, or the run has ended: its holder stops at once. */
export class Fenced extends StoreError {
  constructor(runId: string) {
    super("Fenced", `the run ${runId} belongs to another owner, or has ended`, [runId]);
  }
}

/** Another run was accepted under the same Idempotency-Key: this one does not exist. */
export class IdempotencyKeyTaken extends StoreError {
  readonly runId: string;
  readonly requestHash: string;
  constructor(runId: string, requestHash: string) {
    super("IdempotencyKeyTaken", `the run ${runId} was accepted under the same Idempotency-Key`, [runId, requestHash]);
    this.runId = runId;
    this.requestHash = requestHash;
  }
}

export class NotFound extends StoreError {
  constructor(what: string) {
    super("NotFound", `${what} does not exist`, [what]);
  }
}

export class NameTaken extends StoreError {
  readonly workflowName: string;
  constructor(name: string) {
    super("NameTaken", `a workflow named ${name} exists already`, [name]);
    this.workflowName = name;
  }
}

export class VersionTaken extends StoreError {
  readonly version: string;
  constructor(version: string) {
    super("VersionTaken", `the version ${version} exists already`, [version]);
    this.version = version;
  }
}

export class StaleRevision extends StoreError {
  readonly revision: number;
  constructor(given: number, revision: number) {
    super("StaleRevision", `the draft has revision ${revision}, not ${given}`, [given, revision]);
    this.revision = revision;
  }
}

/** A stored journal does not verify: it is reported and never served. */
export class JournalCorrupt extends StoreError {
  readonly runId: string;
  constructor(runId: string, reason: string) {
    super("JournalCorrupt", `the journal of run ${runId} is damaged: ${reason}`, [runId, reason]);
    this.runId = runId;
  }
}

/** Another process serves this data directory. */
export class DataDirInUse extends StoreError {
  constructor(dataDir: string) {
    super("DataDirInUse", `another server uses the data directory ${dataDir}`, [dataDir]);
  }
}

/** The disk is full: nothing was written, and writing may work again later. */
export class StoreFull extends StoreError {
  constructor() {
    super("StoreFull", "the disk of the data directory is full", []);
  }
}

/** The data was written by a newer release. */
export class StoreTooNew extends StoreError {
  constructor(found: number, known: number) {
    super("StoreTooNew", `the data has schema ${found}, this build knows ${known}: install a newer release`, [found, known]);
  }
}

/** The schema has to be brought up to date, and there is no room for the backup that comes before. Nothing was changed. */
export class NoRoomToMigrate extends StoreError {
  constructor(freeBytes: number, neededBytes: number) {
    const message = `the upgrade of the data needs ${neededBytes} bytes free, there are ${freeBytes}`;
    super("NoRoomToMigrate", message, [freeBytes, neededBytes]);
  }
}

/** The archive is not what was written: nothing of it is used. */
export class BackupDamaged extends StoreError {
  constructor(file: string, reason: string) {
    super("BackupDamaged", `${file} is no intact backup: ${reason}`, [file, reason]);
  }
}

/** What a restore or a move would put there would lie among other data. */
export class TargetNotEmpty extends StoreError {
  constructor(target: string) {
    super("TargetNotEmpty", `${target} is not empty`, [target]);
  }
}

/** A server is connected to the database. */
export class StoreInUse extends StoreError {
  constructor(store: string) {
    super("StoreInUse", `a server uses ${store}`, [store]);
  }
}

/** Data is on its way into this store from another one: it is not whole yet. */
export class MoveUnfinished extends StoreError {
  constructor(origin: string) {
    super("MoveUnfinished", `the data that is moved here from ${origin} is not whole yet`, [origin]);
  }
}

/** Data of another store is on its way into this one. */
export class MoveFromElsewhere extends StoreError {
  constructor(store: string, origin: string) {
    super("MoveFromElsewhere", `a move into ${store} was begun from ${origin}`, [store, origin]);
  }
}

/** What was moved is not what is there. */
export class MoveDiffers extends StoreError {
  constructor(store: string, table: string, key: string) {
    super("MoveDiffers", `${store} has other data than the store that it was moved from: ${table}, ${key}`, [store, table, key]);
  }
}

/** The database itself does not verify: it is reported and never served. */
export class StoreCorrupt extends StoreError {
  constructor(reason: string) {
    super("StoreCorrupt", `the database is damaged: ${reason}; restore a backup`, [reason]);
  }
}

/** Another program holds the database's lock for too long: nothing was written, and writing may work again later. */
export class StoreBusy extends StoreError {
  constructor(reason = "another program holds the lock of the database; close it") {
    super("StoreBusy", reason, [reason]);
  }
}

/** The process has as many files open as it may: nothing was written, and writing may work again later. */
export class OutOfFiles extends StoreError {
  constructor() {
    super("OutOfFiles", "no more files can be opened: raise the limit of open files (ulimit -n)", []);
  }
}

/** Reading or writing the disk failed. Whether the last writes are on it is unknown until the next start; until then nothing is written. */
export class StoreFailed extends StoreError {
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super("StoreFailed", `the disk of the data directory fails: ${reason}`, [reason], { cause });
  }
}

/** The database behind a network cannot be reached: nothing was written, and writing may work again later. */
export class StoreUnreachable extends StoreError {
  constructor(reason: string) {
    super("StoreUnreachable", `the database cannot be reached: ${reason}`, [reason]);
  }
}

/** The connection broke while the database made the write durable: whether it is there is known to the database alone. */
export class CommitUnknown extends StoreError {
  constructor(reason: string) {
    super("CommitUnknown", `whether the database kept the last write is unknown: ${reason}`, [reason]);
  }
}

export class StoreClosed extends StoreError {
  constructor() {
    super("StoreClosed", "the store is closed", []);
  }
}

/** The owner did not say in time that it lives, and its runs were given to another. */
export class LeaseLost extends StoreError {
  constructor(owner: string) {
    super("LeaseLost", `the owner ${owner} was given up, and its runs may belong to another`, [owner]);
  }
}

/** The delivery waits for the end of its run. */
export class RunNotEnded extends StoreError {
  constructor(runId: string) {
    super("RunNotEnded", `the run ${runId} has not ended`, [runId]);
  }
}

/** The receiver said that it is gone, and nobody has enabled it since. */
export class EndpointDisabled extends StoreError {
  readonly url: string;
  constructor(url: string) {
    super("EndpointDisabled", `the endpoint ${url} is disabled`, [url]);
    this.url = url;
  }
}

/** Without this owner nobody could manage the server. */
export class LastOwner extends StoreError {
  constructor(id: string) {
    super("LastOwner", `the member ${id} is the last owner who can sign in`, [id]);
  }
}

export class EmailTaken extends StoreError {
  readonly email: string;
  constructor(email: string) {
    super("EmailTaken", `a member with the email ${email} exists already`, [email]);
    this.email = email;
  }
}

/** The key cannot be replaced: it is revoked, has expired, or was replaced before. */
export class KeyNotRotatable extends StoreError {
  constructor(id: string) {
    super("KeyNotRotatable", `the key ${id} cannot be rotated`, [id]);
  }
}

/** Nothing was written, and the same write may succeed later. */
export function isPassing(error: unknown): boolean {
  return [StoreFull, StoreBusy, OutOfFiles, StoreUnreachable].some((passing) => error instanceof passing);
}

const BY_NAME = {
  Fenced,
  IdempotencyKeyTaken,
  NotFound,
  NameTaken,
  VersionTaken,
  StaleRevision,
  JournalCorrupt,
  DataDirInUse,
  StoreFull,
  StoreTooNew,
  NoRoomToMigrate,
  BackupDamaged,
  TargetNotEmpty,
  StoreInUse,
  MoveUnfinished,
  MoveFromElsewhere,
  MoveDiffers,
  StoreCorrupt,
  StoreBusy,
  OutOfFiles,
  StoreFailed,
  StoreUnreachable,
  CommitUnknown,
  StoreClosed,
  LeaseLost,
  RunNotEnded,
  EndpointDisabled,
  LastOwner,
  EmailTaken,
  KeyNotRotatable,
} as const;

/** An error as it crosses from one thread to another: a structured clone keeps neither its class nor its members. */
export interface ErrorMessage {
  readonly name: string;
  readonly args: readonly (string | number)[];
  readonly stack: string;
}

export function packError(error: unknown): ErrorMessage {
  if (error instanceof StoreError) return { name: error.name, args: error.args, stack: error.stack ?? "" };
  const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  return { name, args: [message], stack };
}

export function unpackError({ name, args, stack }: ErrorMessage): Error {
  const known = Object.hasOwn(BY_NAME, name) ? BY_NAME[name as keyof typeof BY_NAME] : null;
  // The arguments are those that the same class was made with.
  const error = known ? new (known as new (...given: readonly (string | number)[]) => Error)(...args) : new Error(String(args[0]));
  error.name = name;
  error.stack = stack;
  return error;
}
