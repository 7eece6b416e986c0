import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject, Scope } from "@millrace/contract";
import pino, { type DestinationStream } from "pino";
import { type App, createApp, DEFAULT_TENANT, type Surroundings } from "#app";
import { loadSettings } from "#config/load-settings";
import { engineOf } from "#testing/run-engine";
import { databaseOf, dropDatabaseOf, serversTogether } from "#testing/store-database";

/** A whole server on a real socket and a real data directory, for tests that come in through the front door. */
export interface TestServer {
  readonly app: App;
  readonly port: number;
  readonly dataDir: string;
  /** Deploys and publishes; resolves with a key for it. */
  publish(document: JsonObject, scopes?: readonly Scope[]): Promise<{ id: string; key: string; version: string }>;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** POST /v1/workflow/invoke. */
  invoke(key: string, body: unknown, headers?: Headers): Promise<Answer>;
  query(key: string, workflowRunId: unknown): Promise<Answer>;
  close(): Promise<void>;
}

type Headers = { readonly [name: string]: string };

export interface CallOptions {
  readonly key?: string;
  readonly headers?: Headers;
  /** A string or bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly text: string;
  readonly json: JsonObject;
}

export interface TestServerOptions {
  readonly dataDir?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly surroundings?: Surroundings;
  /** Takes the lines of the log, JSON each; absent: nobody does. */
  readonly log?: DestinationStream;
}

/** Passwords of tests are worth nothing. */
const CHEAP = { ln: 4, r: 8, p: 1 };

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "millrace-test-"));
  const ownUrl = options.settings?.["databaseUrl"];
  const databaseUrl = ownUrl ?? (await databaseOf(dataDir));
  const settingsOf = (index: number) => {
    const engine = ownUrl === undefined ? engineOf(dataDir, index) : {};
    const given = { stopGraceMs: "0", ...engine, ...options.settings, dataDir, port: "0", ...(databaseUrl !== null && { databaseUrl }) };
    return loadSettings({}, given, "0.0.0-test").settings;
  };
  const surroundings = { passwordCost: CHEAP, ...options.surroundings };
  const log = options.log ? pino({ level: "info" }, options.log) : pino({ level: "silent" });
  const open = (index: number) => createApp(settingsOf(index), log, surroundings);
  const app = await open(0);
  const port = await app.listen();
  const others: App[] = [];
  const ports = [port];
  while (databaseUrl !== null && ports.length < serversTogether()) {
    const other = await open(ports.length);
    others.push(other);
    ports.push(await other.listen());
  }
  let asked = 0;
  const call = (method: string, path: string, given: CallOptions = {}) => send(ports[asked++ % ports.length] ?? port, method, path, given);
  return {
    app,
    port,
    dataDir,
    publish: async (document, scopes) => {
      const { id, version } = await app.authoring.deploy(DEFAULT_TENANT, document, { publish: true });
      const { key } = await app.apiKeys.create(DEFAULT_TENANT, { workflows: [id ?? ""], ...(scopes && { scopes }) });
      return { id: id ?? "", key, version: version ?? "" };
    },
    call,
    invoke: (key, body, headers = {}) => call("POST", "/v1/workflow/invoke", { key, body, headers }),
    query: (key, workflowRunId) => call("POST", "/v1/workflow/query/result", { key, body: { workflowRunId } }),
    close: async () => {
      for (const one of [app, ...others]) await one.close();
      if (options.dataDir !== undefined) return;
      rmSync(dataDir, { recursive: true, force: true });
      await dropDatabaseOf(dataDir);
    },
  };
}

function send(port: number, method: string, path: string, { key, headers = {}, body }: CallOptions): Promise<Answer> {
  const bytes =
    body === undefined ? null : typeof body === "string" || Buffer.isBuffer(body) ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  const authorization = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        port,
        host: "127.0.0.1",
        method,
        path,
        headers: { ...authorization, ...(bytes && { "Content-Length": bytes.length }), ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parse(text) });
        });
      },
    );
    sent.on("error", reject);
    sent.end(bytes ?? undefined);
  });
}

function parse(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return {};
  }
}
