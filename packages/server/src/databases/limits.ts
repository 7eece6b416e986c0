const MIB = 1024 * 1024;

/** Connections to one database at once, where its connection does not say. */
export const DEFAULT_CONNECTIONS = 4;

/** What is unused for so long is closed. */
export const IDLE_MS = 60_000;

/** Until a connection stands. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** After a statement was stopped: how long its connection may take to say so. */
export const CANCEL_GRACE_MS = 1_000;

/** Rows are asked for so many at a time. */
export const BATCH_ROWS = 100;

/** What comes over a connection for one statement: a single row has no other bound. */
export const MAX_WIRE_BYTES = 32 * MIB;
export const WATCH_MS = 50;

/** Of the process that has a SQLite file open. */
export const SQLITE_HEAP_BYTES = 128 * MIB;
export const SQLITE_MEMORY_BYTES = 256 * MIB;
