import pg, { type Pool } from "pg";
import type { Logger } from "#log";
import { LEASE_MS } from "#store/lease";
import { TYPES } from "#store/postgres/types";

/** Connections of one process: a few write and listen, the others read. */
const MAX_CONNECTIONS = 10;

/** How long a connection is waited for, in ms: a database that is not there is told from one that is busy. */
const CONNECT_TIMEOUT_MS = 10_000;

/** No statement of ours takes as long; one that does holds locks that others wait for. */
const STATEMENT_TIMEOUT_MS = 60_000;

export function openPool(url: string, log: Pick<Logger, "warn">, connections = MAX_CONNECTIONS): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    types: TYPES,
    // What a group of writes says goes to the database together, and not each statement when the one before it was answered.
    pipeline: true,
    application_name: "millrace",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // A process that was frozen in a transaction holds rows which those that take over its runs wait for.
    idle_in_transaction_session_timeout: LEASE_MS,
    keepAlive: true,
  });
  // Of a connection that breaks while somebody uses it: what it was asked is rejected, and nobody else has to know.
  pool.on("connect", (client) => void client.on("error", () => undefined));
  // Of a connection that breaks while nobody uses it: the pool makes another.
  pool.on("error", (error) => log.warn({ err: error }, "a connection to the database broke"));
  return pool;
}
