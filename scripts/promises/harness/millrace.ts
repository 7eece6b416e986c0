import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@millrace/contract";
import { answers, environmentsOf } from "../forms/forms.ts";
import { asOne } from "./as-one.ts";
import { type Answer, type Call, send } from "./send.ts";
import { type Environment, type ServerProcess, type StartOptions, startProcess } from "./server-process.ts";
import { until } from "./until.ts";

/** An admin key that every server of the harness is started with: it lives as long as a check, on loopback. */
export const ADMIN_KEY = `mr_${"p".repeat(40)}`;

/** Before an engine that has just started can do what it is asked to. */
const READY_MS = 60_000;

/** A server, of one process or of several that are one to whoever calls it. */
export interface Millrace extends ServerProcess {
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** A call with the admin key; throws where it fails. */
  manage(method: string, path: string, body?: object): Promise<JsonObject>;
  /** Publishes; answers the workflow's id and a key for it. */
  publish(document: JsonObject, scopes?: readonly string[]): Promise<{ id: string; key: string }>;
}

/** Starts all processes that a server with these settings has on the form that is checked. Resolves when runs can begin. */
export async function startMillrace(environment: Environment, options: StartOptions = {}): Promise<Millrace> {
  const environments = await environmentsOf(environment);
  const processes = await Promise.all(environments.map((one) => startProcess(one, options)));
  const server = await asOne(
    processes,
    processes.filter((_, index) => answers(environments[index])),
  );
  const call = (method: string, path: string, given?: Call) => send(server.port, method, path, given);
  const manage = async (method: string, path: string, body?: object): Promise<JsonObject> => {
    const answer = await call(method, path, { key: ADMIN_KEY, ...(body && { body }) });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  };
  const publish = async (document: JsonObject, scopes: readonly string[] = ["invoke", "query"]) => {
    const deployed = await manage("POST", "/api/v1/deploy", { document, publish: true });
    const [{ id } = { id: "" }] = deployed["workflows"] as { id: string }[];
    const { key } = await manage("POST", "/api/v1/keys", { workflows: [id], scopes });
    return { id, key: String(key) };
  };
  // An engine of its own may not be able to do anything yet.
  if (processes.length > 1) await until("runs to begin", async () => (await call("GET", "/readyz")).status === 200, READY_MS);
  return Object.assign(server, { call, manage, publish });
}

/** Compiled code of every thread of a server, for all of them: a check starts dozens, and each starts a fifth faster. */
const COMPILED = join(tmpdir(), `millrace-promises-compiled-${process.getuid?.() ?? ""}`);

/** The settings of a server on this data directory: an admin key, and a log of what went wrong only. */
export function settingsFor(dataDir: string, more: Environment = {}): Environment {
  const own = { MILLRACE_DATA_DIR: dataDir, MILLRACE_ADMIN_KEY: ADMIN_KEY, MILLRACE_LOG_LEVEL: "error" };
  return { NODE_COMPILE_CACHE: COMPILED, ...own, ...more };
}

export async function withDataDir<T>(use: (dataDir: string) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-promise-"));
  try {
    return await use(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A server with a data directory of its own, for as long as `use` takes. */
export function withMillrace<T>(more: Environment, use: (server: Millrace, dataDir: string) => Promise<T>): Promise<T> {
  return withDataDir(async (dataDir) => {
    const server = await startMillrace(settingsFor(dataDir, more));
    try {
      return await use(server, dataDir);
    } finally {
      await server.end("SIGKILL");
    }
  });
}
