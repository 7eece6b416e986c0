import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@millrace/contract";
import { type ServerProcess, startServer } from "./process.ts";
import { WORKFLOWS } from "./workflows.ts";

export const CLI = new URL("../../packages/server/dist/cli.js", import.meta.url);

/** As good as any: the server lives as long as a benchmark, on loopback. */
export const ADMIN_KEY = `mr_${"b".repeat(40)}`;

/** Millrace as it is installed: the bundle, started by its own command, with a data directory of its own. */
export interface Millrace extends ServerProcess {
  /** The key of each of the benchmark's workflows, by name. */
  readonly keys: { readonly [workflow: string]: string };
  readonly dataDir: string;
  /** A call of the management API; throws where it fails. */
  manage(method: string, path: string, body?: object): Promise<JsonObject>;
  /** Ends the process; the data stays until `stop`, and another server may have it. */
  halt(): Promise<void>;
}

export async function startMillrace(
  environment: NodeJS.ProcessEnv = {},
  dataDir = mkdtempSync(join(tmpdir(), "millrace-bench-")),
): Promise<Millrace> {
  const server = await startServer(CLI, ["start"], {
    MILLRACE_PORT: "0",
    MILLRACE_DATA_DIR: dataDir,
    MILLRACE_ADMIN_KEY: ADMIN_KEY,
    MILLRACE_EGRESS_ALLOW: "127.0.0.1",
    ...environment,
  });
  const keys: { [workflow: string]: string } = {};
  const manage = (method: string, path: string, body?: object) => call(server.port, method, path, body);
  for (const document of Object.values(WORKFLOWS)) keys[document.name] = await publish(manage, document);
  let halted: Promise<void> | null = null;
  const halt = (): Promise<void> => {
    halted ??= server.stop();
    return halted;
  };
  const stop = async (): Promise<void> => {
    await halt();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...server, keys, dataDir, manage, halt, stop };
}

/** Resolves with a key for it. */
export async function publish(manage: Millrace["manage"], document: JsonObject & { readonly name: string }): Promise<string> {
  await manage("POST", "/api/v1/deploy", { document, publish: true });
  const { key } = await manage("POST", "/api/v1/keys", { name: document.name, workflows: [document.name], scopes: ["invoke", "query"] });
  return String(key);
}

async function call(port: number, method: string, path: string, body?: object): Promise<JsonObject> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { Authorization: `Bearer ${ADMIN_KEY}`, ...(body && { "Content-Type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? {} : ((await answer.json()) as JsonObject);
}
