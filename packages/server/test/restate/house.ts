import { randomBytes } from "node:crypto";
import type { DestinationStream } from "pino";
import type { Surroundings } from "#app";
import { newDatabase } from "#store/postgres/testing/fixture";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";
import { hasRestate, type RestateServer, startRestate } from "#testing/restate-server";
import { startTestServer, type TestServer } from "#testing/server";

/** Why there is nothing to test with; false: there is. */
export const skip = !hasPostgres ? "no PostgreSQL on this machine" : !hasRestate ? "no Restate server on this machine" : false;

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
    const log = "SELECT sum(length(log.entry_json)) AS answer FROM sys_journal log JOIN sys_invocation run ON run.id = log.id";
    return Number(await this.#ask(log, runId, "run"));
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

/** The run's body once it has ended. */
export async function ended(server: TestServer, key: string, runId: unknown) {
  for (;;) {
    const queried = await server.query(key, runId);
    if (queried.json["endTime"] !== undefined) return queried;
  }
}
