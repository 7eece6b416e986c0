import { randomBytes } from "node:crypto";
import { startPostgres } from "../../../packages/server/src/testing/database-servers.ts";
import { withPostgres } from "../../../packages/server/src/testing/postgres-rows.ts";
import { freePorts, type RestateServer, startRestate } from "../../../packages/server/src/testing/restate-server.ts";
import type { Environment } from "../harness/server-process.ts";

// What a server of the checks consists of: one process on its own file; three on one PostgreSQL; one that answers and one that drives runs, on
// a Restate server. The checks are the same: they know a data directory, and all servers on one have the same data.

export const FORMS = ["sqlite", "postgres", "restate"] as const;

export type Form = (typeof FORMS)[number];

/** Of the servers that this process starts. */
export const FORM = (process.env["MILLRACE_PROMISES_FORM"] ?? "sqlite") as Form;

/** Processes of a server on PostgreSQL. */
const PROCESSES = 3;

/** Of a server's processes, those that callers reach. */
export const ANSWERING = FORM === "postgres" ? PROCESSES : 1;

/** What the servers of all checks share. */
export interface OpenForm {
  /** Of a process that starts servers of it. */
  readonly variables: Environment;
  close(): Promise<void>;
}

export async function openForm(form: Form): Promise<OpenForm> {
  if (form === "sqlite") return { variables: {}, close: async () => undefined };
  const postgres = await startPostgres();
  return {
    variables: { MILLRACE_PROMISES_FORM: form, MILLRACE_PROMISES_POSTGRES: postgres.url("postgres") },
    close: () => postgres.close(),
  };
}

/** Of this process: an engine goes on with the runs that a check has left, and is slow for the next one. */
let engine: Promise<RestateServer> | null = null;

/** What this process has started for its servers. */
export async function closeEngine(): Promise<void> {
  await (await engine)?.close();
}

/** The environment of each process of a server with these settings. */
export async function environmentsOf(settings: Environment): Promise<readonly Environment[]> {
  const place = await placeOf(settings["MILLRACE_DATA_DIR"]);
  if (place === null) return [settings];
  const shared = { ...settingsOf(place), ...settings };
  if (FORM === "postgres") return Array.from({ length: PROCESSES }, () => shared);
  const hosted = { ...shared, ...(await engineOf(place)) };
  return [
    { ...hosted, MILLRACE_ROLE: "api" },
    { ...hosted, MILLRACE_ROLE: "worker", MILLRACE_WORKER_PORT: String(place.workerPort) },
  ];
}

/** Of one process that has the data of these servers to itself, and drives nothing of what they have begun on an engine. */
export async function environmentAlone(settings: Environment): Promise<Environment> {
  const place = await placeOf(settings["MILLRACE_DATA_DIR"]);
  return place === null ? settings : { ...settingsOf(place), ...settings };
}

/** Whether a process with these settings answers callers. */
export function answers(settings: Environment | undefined): boolean {
  return settings?.["MILLRACE_ROLE"] !== "worker";
}

/** Where the servers on a data directory have their data, and where their worker is found. */
export interface Place {
  readonly databaseUrl: string;
  readonly secretKey: string;
  readonly workerPort: number;
}

const places = new Map<string, Promise<Place>>();

/** null: in the data directory itself, where there is one. */
export async function placeOf(dataDir: string | undefined): Promise<Place | null> {
  if (FORM === "sqlite" || dataDir === undefined) return null;
  const place = places.get(dataDir) ?? makePlace();
  places.set(dataDir, place);
  return place;
}

async function makePlace(): Promise<Place> {
  const name = `promise_${randomBytes(8).toString("hex")}`;
  const url = new URL(given("MILLRACE_PROMISES_POSTGRES"));
  await withPostgres(url.href, (ask) => ask(`CREATE DATABASE ${name}`));
  url.pathname = name;
  const [workerPort = 0] = await freePorts(1);
  return { databaseUrl: url.href, secretKey: randomBytes(32).toString("base64"), workerPort };
}

function settingsOf({ databaseUrl, secretKey }: Place): Environment {
  return { MILLRACE_DATABASE_URL: databaseUrl, MILLRACE_SECRET_KEY: secretKey };
}

async function engineOf({ workerPort }: Place): Promise<Environment> {
  engine ??= startRestate();
  const { ingress, admin } = await engine;
  return {
    MILLRACE_ENGINE: "restate",
    MILLRACE_RESTATE_URL: ingress,
    MILLRACE_RESTATE_ADMIN_URL: admin,
    MILLRACE_RESTATE_PREFIX: `Promise${workerPort}`,
  };
}

function given(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: a check of this form is run by npm run promises`);
  return value;
}
