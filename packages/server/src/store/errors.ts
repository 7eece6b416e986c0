/** The claim is not the newest, or the run has ended: its holder stops at once. */
export class Fenced extends Error {
  constructor(runId: string) {
    super(`the run ${runId} belongs to another owner, or has ended`);
    this.name = "Fenced";
  }
}

export class NotFound extends Error {
  constructor(what: string) {
    super(`${what} does not exist`);
    this.name = "NotFound";
  }
}

export class NameTaken extends Error {
  readonly workflowName: string;
  constructor(name: string) {
    super(`a workflow named ${name} exists already`);
    this.name = "NameTaken";
    this.workflowName = name;
  }
}

export class StaleRevision extends Error {
  readonly revision: number;
  constructor(given: number, revision: number) {
    super(`the draft has revision ${revision}, not ${given}`);
    this.name = "StaleRevision";
    this.revision = revision;
  }
}

/** A stored journal does not verify: it is reported and never served. */
export class JournalCorrupt extends Error {
  readonly runId: string;
  constructor(runId: string, reason: string) {
    super(`the journal of run ${runId} is damaged: ${reason}`);
    this.name = "JournalCorrupt";
    this.runId = runId;
  }
}

/** Another process serves this data directory. */
export class DataDirInUse extends Error {
  constructor(dataDir: string) {
    super(`another server uses the data directory ${dataDir}`);
    this.name = "DataDirInUse";
  }
}

/** The disk is full: nothing was written, and writing may work again later. */
export class StoreFull extends Error {
  constructor() {
    super("the disk of the data directory is full");
    this.name = "StoreFull";
  }
}

/** The data was written by a newer release. */
export class StoreTooNew extends Error {
  constructor(found: number, known: number) {
    super(`the data has schema ${found}, this build knows ${known}: install a newer release`);
    this.name = "StoreTooNew";
  }
}

/** The database itself does not verify: it is reported and never served. */
export class StoreCorrupt extends Error {
  constructor(reason: string) {
    super(`the database is damaged: ${reason}; restore a backup`);
    this.name = "StoreCorrupt";
  }
}

/** Another program holds the database's lock for too long: nothing was written, and writing may work again later. */
export class StoreBusy extends Error {
  constructor() {
    super("another program holds the lock of the database; close it");
    this.name = "StoreBusy";
  }
}

/** Reading or writing the disk failed. Whether the last writes are on it is unknown until the next start; until then nothing is written. */
export class StoreFailed extends Error {
  constructor(cause: unknown) {
    super(`the disk of the data directory fails: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = "StoreFailed";
  }
}

export class StoreClosed extends Error {
  constructor() {
    super("the store is closed");
    this.name = "StoreClosed";
  }
}

/** The owner did not say in time that it lives, and its runs were given to another. */
export class LeaseLost extends Error {
  constructor(owner: string) {
    super(`the owner ${owner} was given up, and its runs may belong to another`);
    this.name = "LeaseLost";
  }
}

/** Nothing was written, and the same write may succeed later. */
export function isPassing(error: unknown): boolean {
  return error instanceof StoreFull || error instanceof StoreBusy;
}
