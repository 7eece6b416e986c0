import { setTimeout as sleep } from "node:timers/promises";
import type { Finding } from "#doctor/check";

/** Time for the database to answer, in ms. */
const ANSWER_MS = 5_000;

/** Of a table that the first start has not made yet. */
const UNDEFINED_TABLE = "42P01";

/** The first row; undefined: there is none, or no table yet. Rejects where the database does not answer. */
export async function askPostgres(url: string, sql: string, values: readonly string[] = []): Promise<Record<string, unknown> | undefined> {
  const { Client, DatabaseError } = (await import("pg")).default;
  const client = new Client({ connectionString: url, connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS });
  // A connection that breaks is told by the query.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql, [...values])).rows[0];
  } catch (error) {
    if (error instanceof DatabaseError && error.code === UNDEFINED_TABLE) return undefined;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const NEEDED = 15;

/** Of one process: those that read and write, and those that hear of changes and say whose turn it is. */
const CONNECTIONS = 12;

/** A process that has just started sees to nothing yet; longer than it takes to become the one that does, in ms. */
const LOOK_AGAIN_MS = 3_000;

const FACTS = `
  SELECT pg_is_in_recovery() AS copies, CAST(current_setting('server_version_num') AS INT) / 10000 AS version,
    CAST(current_setting('max_connections') AS INT) - CAST(current_setting('superuser_reserved_connections') AS INT)
      - (SELECT CAST(count(*) AS INT) FROM pg_stat_activity WHERE backend_type = 'client backend') AS free`;
/** Servers on this database, and those of them that see to webhooks and schedules: the holder of the lock "LEAD". */
const PROCESSES = `
  SELECT CAST(count(*) FILTER (WHERE application_name = 'millrace changes') AS INT) AS processes,
    (SELECT CAST(count(*) AS INT) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = ${0x4c454144}
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS leaders
  FROM pg_stat_activity WHERE datname = current_database()`;
const MOVE = "SELECT origin FROM moves LIMIT 1";

/** `hasServer`: one of its processes runs here, and has its connections. */
export async function checkPostgres(url: string, hasServer: boolean): Promise<Finding> {
  try {
    return (await checkServer(url, hasServer)) ?? (await checkData(url)) ?? (await checkDuties(url));
  } catch (error) {
    return { problem: `the database cannot be reached: ${(error as Error).message}`, fix: "start it, or correct MILLRACE_DATABASE_URL" };
  }
}

async function checkServer(url: string, hasServer: boolean): Promise<Finding> {
  const { copies, version, free } = (await askPostgres(url, FACTS)) ?? {};
  if (copies === true) return { problem: "the database is a copy that takes no writes", fix: "name the primary" };
  if (Number(version) < NEEDED) return { problem: `this is PostgreSQL ${version}`, fix: `upgrade it to ${NEEDED} or newer` };
  if (hasServer || Number(free) >= CONNECTIONS) return null;
  return { problem: `the database has ${free} connections left, a process takes ${CONNECTIONS}`, fix: "raise its max_connections" };
}

async function checkData(url: string): Promise<Finding> {
  const move = await askPostgres(url, MOVE);
  if (move === undefined) return null;
  return { problem: `the data that is moved here from ${move["origin"]} is not whole`, fix: "go on with millrace migrate-store" };
}

async function checkDuties(url: string): Promise<Finding> {
  if (await isSeenTo(url)) return null;
  await sleep(LOOK_AGAIN_MS);
  if (await isSeenTo(url)) return null;
  return { problem: "no process sees to webhooks, schedules and retention", fix: "start one with MILLRACE_ROLE all or worker" };
}

/** Also where no process is there that could. */
async function isSeenTo(url: string): Promise<boolean> {
  const { processes, leaders } = (await askPostgres(url, PROCESSES)) ?? {};
  return processes === 0 || leaders !== 0;
}
