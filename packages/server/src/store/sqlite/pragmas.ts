import type { DatabaseSync, SQLOutputValue } from "node:sqlite";

/**
 * The first release whose WAL cannot be corrupted by two connections that write and checkpoint at the same moment.
 * Older ones (3.7.0 to 3.51.2) have that fault.
 */
export const MIN_SQLITE = "3.51.3";

/** 8 KiB: a run of a few small nodes fills a page of 4 KiB badly. Measured: 2 % to 20 % less CPU a run than 4 KiB, 16 KiB is worse again. */
export const PAGE_BYTES = 8_192;

/** The WAL file is cut back to this after a burst. */
const WAL_FILE_LIMIT_BYTES = 64 * 1024 * 1024;

/** An outside tool may hold a lock for a moment. */
export const BUSY_TIMEOUT_MS = 5_000;

type Setting = readonly [name: string, value: number | string];

/** Each is set and read back: a build of SQLite may be made to ignore one. */
const COMMON: readonly Setting[] = [
  ["busy_timeout", BUSY_TIMEOUT_MS],
  // I/O errors stay errors instead of signals, and no stale page is ever mapped.
  ["mmap_size", 0],
  ["foreign_keys", 1],
  ["trusted_schema", 0],
  ["cell_size_check", 1],
  // No temporary files on a full disk.
  ["temp_store", 2],
];

/** Before the first table, or they say nothing any more. */
const NEW_FILE: readonly Setting[] = [
  ["page_size", PAGE_BYTES],
  // 2 = INCREMENTAL: retention can give space back in small steps.
  ["auto_vacuum", 2],
];

const WRITER: readonly Setting[] = [
  ["journal_mode", "wal"],
  // 2 = FULL: NORMAL may lose acknowledged commits at a power loss.
  ["synchronous", 2],
  // Checkpoints happen where the committer chooses.
  ["wal_autocheckpoint", 0],
  ["journal_size_limit", WAL_FILE_LIMIT_BYTES],
];

/** A plain fsync there does not reach the medium. */
const MACOS: readonly Setting[] = [
  ["fullfsync", 1],
  ["checkpoint_fullfsync", 1],
];

export function configureWriter(database: DatabaseSync, platform: NodeJS.Platform = process.platform): void {
  const settings = [...COMMON, ...NEW_FILE, ...WRITER, ...(platform === "darwin" ? MACOS : [])];
  for (const setting of settings) set(database, setting);
  for (const setting of settings) verify(database, setting);
}

export function configureReader(database: DatabaseSync): void {
  for (const setting of COMMON) set(database, setting);
  for (const setting of COMMON) verify(database, setting);
}

/** Throws where the SQLite of this Node can damage a database. */
export function requireSafeSqlite(database: DatabaseSync): void {
  const version = String(database.prepare("SELECT sqlite_version() AS version").get()?.["version"]);
  if (isOlder(version, MIN_SQLITE)) throw new Error(`this Node carries SQLite ${version}; ${MIN_SQLITE} or newer is needed: use Node 24`);
}

export function isOlder(version: string, than: string): boolean {
  const [left, right] = [version, than].map((text) => text.split(".").map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** The value of a pragma, as the database reports it. */
export function pragma(database: DatabaseSync, name: string): SQLOutputValue | undefined {
  const row = database.prepare(`PRAGMA ${name}`).get();
  return row === undefined ? undefined : Object.values(row)[0];
}

function set(database: DatabaseSync, [name, value]: Setting): void {
  database.exec(`PRAGMA ${name} = ${value}`);
}

function verify(database: DatabaseSync, [name, value]: Setting): void {
  const found = pragma(database, name);
  if (found !== value) throw new Error(`SQLite runs with ${name} = ${String(found)} where ${value} was set: the data would not be safe`);
}
