import { randomBytes } from "node:crypto";
import { after, before } from "node:test";
import type { JsonObject } from "@millrace/contract";
import pg from "pg";
import type { DestinationStream } from "pino";
import type { Surroundings } from "#app";
import { newDatabase } from "#store/postgres/testing/fixture";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";
import { hasRestate, type RestateServer, startRestate } from "#testing/restate-server";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { type Gate, openGate } from "../postgres/harness.ts";

/** Why there is nothing to test with; false: there is. */
export const skip = !hasPostgres ? "no PostgreSQL on this machine" : !hasRestate ? "no Restate server on this machine" : false;

const ADMIN_KEY = `mr_${"A1b2".repeat(10)}`;

const LOGS = "FROM sys_journal log JOIN sys_invocation run ON run.id = log.id";

/** PostgreSQL, a Restate server, and as many processes of ours on them as a test asks for. */
export class RestateHouse {
  postgres!: PostgresServer;
  restate!: RestateServer;
  databaseUrl = "";
  readonly secretKey = randomBytes(32).toString("base64");
  readonly #servers: TestServer[] = [];

  async open(): Promise<void> {
    [this.postgres, this.restate] = await Promise.all([startPostgres(), startRestate()]);
    this.databaseUrl = newDatabase(this.postgres);
  }

  /** What a process has to be told to be one of them. */
  get settings() {
    const { databaseUrl, secretKey, restate } = this;
    const engine = { engine: "restate", restateUrl: restate.ingress, restateAdminUrl: restate.admin, workerPort: "0" };
    return { databaseUrl, secretKey, egressAllow: "127.0.0.1", ...engine };
  }

  /** The variables of a worker of its own, as a process: the engine calls it at this port. */
  workerVariables(workerPort: number): Readonly<Record<string, string>> {
    const { databaseUrl, secretKey, restate } = this;
    return {
      MILLRACE_DATABASE_URL: databaseUrl,
      MILLRACE_SECRET_KEY: secretKey,
      MILLRACE_ADMIN_KEY: ADMIN_KEY,
      MILLRACE_EGRESS_ALLOW: "127.0.0.1",
      MILLRACE_ENGINE: "restate",
      MILLRACE_RESTATE_URL: restate.ingress,
      MILLRACE_RESTATE_ADMIN_URL: restate.admin,
      MILLRACE_WORKER_PORT: String(workerPort),
    };
  }

  /** What the database answers. */
  async sql<Row>(text: string, ...values: readonly unknown[]): Promise<readonly Row[]> {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    await client.connect();
    try {
      return (await client.query(text, [...values])).rows as Row[];
    } finally {
      await client.end();
    }
  }

  async server(
    settings: Readonly<Record<string, string>> = {},
    surroundings: Surroundings = {},
    log?: DestinationStream,
  ): Promise<TestServer> {
    const server = await startTestServer({ settings: { ...this.settings, ...settings }, surroundings, ...(log && { log }) });
    this.#servers.push(server);
    return server;
  }

  /** Characters of what the engine shows of its log of a run that goes on. */
  async shownOfLog(runId: string): Promise<number> {
    return Number(await this.#ask(`SELECT sum(length(log.entry_json)) AS answer ${LOGS}`, runId, "run"));
  }

  /** What a run that goes on has asked of the engine, in its order. */
  async commandsOf(runId: string): Promise<readonly string[]> {
    const select =
      "SELECT string_agg(CASE WHEN log.entry_type LIKE 'Command: %' THEN log.entry_type END, ',' ORDER BY log.index) AS answer";
    return String(await this.#ask(`${select} ${LOGS}`, runId, "run"))
      .replaceAll("Command: ", "")
      .split(",");
  }

  /** In the engine; of the run itself, or of what is asked of it. */
  statusOf(runId: string, handler: "run" | "whenEnded" = "run"): Promise<unknown> {
    return this.#ask("SELECT run.status AS answer FROM sys_invocation run", runId, handler);
  }

  async #ask(select: string, runId: string, handler: string): Promise<unknown> {
    const query = `${select} WHERE run.target_service_key = '${runId}' AND run.target_handler_name = '${handler}'`;
    const headers = { "content-type": "application/json", accept: "application/json" };
    const answer = await fetch(`${this.restate.admin}/query`, { method: "POST", headers, body: JSON.stringify({ query }) });
    const { rows } = (await answer.json()) as { rows: readonly { readonly answer: unknown }[] };
    return rows[0]?.answer;
  }

  async close(): Promise<void> {
    for (const server of this.#servers) await server.close();
    await Promise.all([this.postgres?.close(), this.restate?.close()]);
  }
}

/**
 * A worker, a process that answers and hosts nothing, and a server outside that answers when the test says so: there from the suite that asks
 * for them to its end.
 */
export class GatedHouse extends RestateHouse {
  gate!: Gate;
  /** Answers, and hosts nothing. */
  api!: TestServer;

  static ofSuite(): GatedHouse {
    const house = new GatedHouse();
    before(() => house.open());
    after(() => house.close());
    return house;
  }

  override async open(): Promise<void> {
    [this.gate] = await Promise.all([openGate(), super.open()]);
    await this.server({ role: "worker" });
    this.api = await this.server({ role: "api" });
    await healthy(this.api);
  }

  /** A node that waits for the gate. */
  call(id: string): JsonObject {
    return { id, type: "http", request: { method: "POST", url: this.gate.url } };
  }

  /** A run of these nodes between a start and an end. */
  begin(nodes: readonly JsonObject[], edges: readonly string[]) {
    return begun(this.api, document("gated", [start({}), ...nodes, { id: "end", type: "end", output: {} }], [...edges]));
  }

  override async close(): Promise<void> {
    await this.gate?.close();
    await super.close();
  }
}

/** Resolves once the engine does something when it is asked to. */
export async function healthy(api: TestServer): Promise<void> {
  while ((await api.call("GET", "/readyz")).status !== 200) await new Promise((resolve) => setTimeout(resolve, 100));
  await api.app.runtime.lookAround();
}

/** A run of this document, accepted and not waited for, and a key that it answers to. */
export async function begun(api: TestServer, document: JsonObject): Promise<{ readonly key: string; readonly runId: string }> {
  const { key } = await api.publish(document);
  const { json, text } = await api.invoke(key, { input: {}, isAsync: true });
  if (typeof json["workflowRunId"] !== "string") throw new Error(text);
  return { key, runId: json["workflowRunId"] };
}

/** The run's body once it has ended. */
export async function ended(server: TestServer, key: string, runId: unknown) {
  for (;;) {
    const queried = await server.query(key, runId);
    if (queried.json["endTime"] !== undefined) return queried;
  }
}
