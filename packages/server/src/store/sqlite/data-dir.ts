import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { syncDirectorySync } from "#files";

/** Everything that the store keeps lies here. Nobody else may open lock.db or millrace.db with file calls while the server runs: closing such a descriptor would drop the kernel's locks. */
export class DataDir {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  get database(): string {
    return join(this.path, "millrace.db");
  }

  /** The index of the log, which processes share. */
  get walIndex(): string {
    return `${this.database}-shm`;
  }

  get wal(): string {
    return `${this.database}-wal`;
  }

  get lock(): string {
    return join(this.path, "lock.db");
  }

  get blobs(): string {
    return join(this.path, "blobs");
  }

  /** Given up where the disk is full. */
  get reserve(): string {
    return join(this.path, "reserve");
  }

  /** There while a server runs, and after one that did not stop by itself. */
  get #running(): string {
    return join(this.path, "running");
  }

  /** Makes the directory, for its owner alone. */
  prepare(): void {
    const made = mkdirSync(this.path, { recursive: true, mode: PRIVATE_DIRECTORY });
    if (made !== undefined) syncEntries(made, this.path);
    else if (isOpenToOthers(this.path)) this.#makePrivate();
    mkdirSync(this.blobs, { recursive: true, mode: PRIVATE_DIRECTORY });
    syncDirectorySync(this.path);
  }

  /** Notes durably that a server runs. False: the one before did not stop by itself. */
  markRunning(): boolean {
    const wasClean = !existsSync(this.#running);
    const descriptor = openSync(this.#running, "w", PRIVATE_FILE);
    fsyncSync(descriptor);
    closeSync(descriptor);
    syncDirectorySync(this.path);
    return wasClean;
  }

  markStopped(): void {
    rmSync(this.#running, { force: true });
    syncDirectorySync(this.path);
  }

  /** Somebody's folder of other things is not ours to close to others. */
  #makePrivate(): void {
    const isOurs = existsSync(this.database) || readdirSync(this.path).length === 0;
    if (!isOurs)
      throw new Error(`${this.path} holds other files and is open to other users: choose a directory of its own, or chmod 700 it`);
    chmodSync(this.path, PRIVATE_DIRECTORY);
  }
}

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;
/** Permissions of the group and of everybody. */
const OTHERS = 0o077;

/** Makes durable that the directories from `first` down to `last` exist. */
function syncEntries(first: string, last: string): void {
  for (let path = last; ; path = dirname(path)) {
    syncDirectorySync(dirname(path));
    if (path === first || path === dirname(path)) return;
  }
}

function isOpenToOthers(path: string): boolean {
  return process.platform !== "win32" && (statSync(path).mode & OTHERS) !== 0;
}
