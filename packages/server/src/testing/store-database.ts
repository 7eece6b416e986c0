import { createHash } from "node:crypto";
import pg from "pg";
import { engineVariablesOf, ofOwnDriver } from "#testing/run-engine";

/** A database server for tests that are to run on PostgreSQL, and on it a database with the schema, of this name. */
const SERVER = "MILLRACE_TEST_POSTGRES";
const TEMPLATE = "millrace_template";

/** As many servers are on the database, and are asked in turn. */
const SERVERS = "MILLRACE_TEST_SERVERS";

const DUPLICATE_DATABASE = "42P04";

/** The database that stands for a data directory, made where it is not there; null: tests run on SQLite. */
export async function databaseOf(dataDir: string): Promise<string | null> {
  const url = serverUrl();
  if (!url) return null;
  const name = nameOf(dataDir);
  await asAdministrator(url, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`).catch((error: unknown) => {
      if (!(error instanceof pg.DatabaseError && error.code === DUPLICATE_DATABASE)) throw error;
    }),
  );
  url.pathname = `/${name}`;
  return url.href;
}

/** The variables of a server in a process of its own, on the data that belongs to this directory. */
export async function variablesOf(dataDir: string): Promise<Readonly<Record<string, string>>> {
  const url = await databaseOf(dataDir);
  return { MILLRACE_DATA_DIR: dataDir, ...(url !== null && { MILLRACE_DATABASE_URL: url, ...engineVariablesOf(dataDir) }) };
}

/** For tests about the files of a data directory, where SQLite has the data: on PostgreSQL there is nothing of it in them. */
export const ofTheFile: { readonly skip: string | false } = {
  skip: serverUrl() ? "about the files of SQLite" : false,
};

/** For tests of what no other process takes up, and what is not taken up again: on PostgreSQL it is. */
export const ofOneProcess: { readonly skip: string | false } = {
  skip: serverUrl() ? "another process, or another life of the run, goes on with it" : false,
};

/** More than one only where tests run on PostgreSQL. */
export function serversTogether(): number {
  return serverUrl() ? Number(process.env[SERVERS] ?? 1) : 1;
}

/** For tests of what each server does or bounds for itself: several on one database do it together, or each its share. */
export const ofOneServer: { readonly skip: string | false } = {
  skip: serversTogether() > 1 ? "about what each server has for itself" : false,
};

/** For tests of a process that drives runs itself, and alone. */
export const ofOneDriver: { readonly skip: string | false } = { skip: ofOwnDriver.skip || ofOneServer.skip };

/** As the data directory is removed. */
export async function dropDatabaseOf(dataDir: string): Promise<void> {
  const url = serverUrl();
  if (url) await asAdministrator(url, (client) => client.query(`DROP DATABASE IF EXISTS ${nameOf(dataDir)} WITH (FORCE)`));
}

function serverUrl(): URL | null {
  const given = process.env[SERVER];
  return given === undefined ? null : new URL(given);
}

function nameOf(dataDir: string): string {
  return `of_${createHash("sha256").update(dataDir).digest("hex").slice(0, 16)}`;
}

async function asAdministrator(url: URL, action: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await action(client);
  } finally {
    await client.end();
  }
}
