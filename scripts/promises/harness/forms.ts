import { randomBytes } from "node:crypto";
import pg from "pg";
import { startPostgres } from "../../../packages/server/src/testing/database-servers.ts";
import { freePorts, startRestate } from "../../../packages/server/src/testing/restate-server.ts";
import type { Environment } from "./server-process.ts";

// What a server of the checks consists of: one process on its own file; three on one PostgreSQL; one that answers and one that drives runs, on
// a Restate server. The checks are the same: they know a data directory, and all servers on one have the same data.

export const FORMS = ["sqlite", "postgres", "restate"] as const;

export type Form = (typeof FORMS)[number];

/** Of the servers that this process starts. */
export const FORM = (process.env["MILLRACE_PROMISES_FORM"] ?? "sqlite") as Form;

/** Processes of a server on PostgreSQL. */
const PROCESSES = 3;

/** What servers of a form share. */
export interface OpenForm {
  /** Of a process that starts servers of it. */
  readonly variables: Environment;
  close(): Promise<void>;
}

export async function openForm(form: Form): Promise<OpenForm> {
  if (form === "sqlite") return { variables: {}, close: async () => undefined };
  const postgres = await startPostgres();
  const engine = form === "restate" ? await startRestate() : null;
  return {
    variables: {
      MILLRACE_PROMISES_FORM: form,
      MILLRACE_PROMISES_POSTGRES: postgres.url("postgres"),
      ...(engine && { MILLRACE_PROMISES_RESTATE: engine.ingress, MILLRACE_PROMISES_RESTATE_ADMIN: engine.admin }),
    },
    close: async () => {
      await engine?.close();
      await postgres.close();
    },
  };
}

/** The environment of each process of a server with these settings. */
export async function environmentsOf(settings: Environment): Promise<readonly Environment[]> {
  const dataDir = settings["MILLRACE_DATA_DIR"];
  if (FORM === "sqlite" || dataDir === undefined) return [settings];
  const { database, workerPort } = await placeOf(dataDir);
  const shared = { ...database, ...settings };
  if (FORM === "postgres") return Array.from({ length: PROCESSES }, () => shared);
  const engine = { ...shared, ...engineOf(workerPort) };
  return [
    { ...engine, MILLRACE_ROLE: "api" },
    { ...engine, MILLRACE_ROLE: "worker", MILLRACE_WORKER_PORT: String(workerPort) },
  ];
}

/** Whether a process with these settings answers callers. */
export function answers(settings: Environment | undefined): boolean {
  return settings?.["MILLRACE_ROLE"] !== "worker";
}

function engineOf(workerPort: number): Environment {
  return {
    MILLRACE_ENGINE: "restate",
    MILLRACE_RESTATE_URL: given("MILLRACE_PROMISES_RESTATE"),
    MILLRACE_RESTATE_ADMIN_URL: given("MILLRACE_PROMISES_RESTATE_ADMIN"),
    MILLRACE_RESTATE_PREFIX: `Promise${workerPort}`,
  };
}

/** Where the servers on a data directory have their data, and where their worker is found. */
interface Place {
  readonly database: Environment;
  readonly workerPort: number;
}

const places = new Map<string, Promise<Place>>();

function placeOf(dataDir: string): Promise<Place> {
  const place = places.get(dataDir) ?? makePlace();
  places.set(dataDir, place);
  return place;
}

async function makePlace(): Promise<Place> {
  const name = `promise_${randomBytes(8).toString("hex")}`;
  const url = new URL(given("MILLRACE_PROMISES_POSTGRES"));
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  url.pathname = name;
  const [workerPort = 0] = await freePorts(1);
  return { database: { MILLRACE_DATABASE_URL: url.href, MILLRACE_SECRET_KEY: randomBytes(32).toString("base64") }, workerPort };
}

function given(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: a check of this form is run by npm run promises`);
  return value;
}
