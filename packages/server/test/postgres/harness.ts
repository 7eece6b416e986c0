import { randomBytes } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "@millrace/contract";
import pg from "pg";
import { type Clock, systemClock } from "#clock";
import { newDatabase } from "#store/postgres/testing/fixture";
import { type PostgresServer, startPostgres } from "#testing/database-servers";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

const ADMIN_KEY = `mr_${"A1b2".repeat(10)}`;

/** Servers on one database, in this process or, with `env`, in others. */
export class Processes {
  readonly #secretKey = randomBytes(32).toString("base64");
  #postgres: PostgresServer | null = null;
  #databaseUrl = "";
  #servers: TestServer[] = [];
  /** Of the monotonic clock of all servers of this process, in ms. */
  ahead = 0;

  async begin(): Promise<void> {
    this.#postgres = await startPostgres();
  }

  async end(): Promise<void> {
    await this.#postgres?.close();
  }

  /** The database dies at once. */
  async outage(): Promise<void> {
    await this.#postgres?.kill();
  }

  async outageOver(): Promise<void> {
    await this.#postgres?.start();
  }

  /** What the database itself answers. */
  async sql(text: string, ...values: readonly unknown[]): Promise<readonly Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.#databaseUrl });
    await client.connect();
    try {
      return (await client.query(text, [...values])).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  }

  /** Nobody reads or writes the table until what this resolves to is called. */
  async lock(table: string): Promise<() => Promise<void>> {
    const client = new pg.Client({ connectionString: this.#databaseUrl });
    await client.connect();
    await client.query(`BEGIN; LOCK TABLE ${table}`);
    return () => client.end();
  }

  /** Resolves when so many connections wait for a lock. */
  async waiting(count: number): Promise<void> {
    const waiting = "SELECT count(*)::int AS count FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    while (Number((await this.sql(waiting))[0]?.["count"]) < count);
  }

  newDatabase(): void {
    if (!this.#postgres) throw new Error("no database server");
    this.#databaseUrl = newDatabase(this.#postgres);
  }

  /** Of a server in a process of its own. */
  get env() {
    return {
      MILLRACE_DATABASE_URL: this.#databaseUrl,
      MILLRACE_SECRET_KEY: this.#secretKey,
      MILLRACE_ADMIN_KEY: ADMIN_KEY,
      MILLRACE_EGRESS_ALLOW: "127.0.0.1",
    };
  }

  /** `time`: the wall clock and the timers of the server. */
  async open(settings: Readonly<Record<string, string>> = {}, time: Clock = systemClock): Promise<TestServer> {
    const clock: Clock = {
      now: () => time.now(),
      at: (...timer) => time.at(...timer),
      soon: (wake) => time.soon(wake),
      mono: () => systemClock.mono() + this.ahead,
    };
    const common = { databaseUrl: this.#databaseUrl, secretKey: this.#secretKey, egressAllow: "127.0.0.1" };
    const server = await startTestServer({ settings: { ...common, ...settings }, surroundings: { clock } });
    this.#servers.push(server);
    return server;
  }

  /** One of them stops in order. */
  async leave(server: TestServer): Promise<void> {
    this.#servers = this.#servers.filter((one) => one !== server);
    await server.close();
  }

  async close(): Promise<void> {
    for (const server of this.#servers) await server.close();
    this.#servers = [];
  }
}

/** Asks the server outside, and ends with its answer. */
export function asking({ url }: Gate): JsonObject {
  return document(
    "asks",
    [
      start({}),
      { id: "ask", type: "http", request: { method: "POST", url } },
      { id: "end", type: "end", output: { answer: "{{ ask.body }}" } },
    ],
    ["start -> ask", "ask -> end"],
  );
}

/** The run as a query tells it, once it has ended. */
export async function ended(server: TestServer, key: string, runId: unknown) {
  for (;;) {
    const { json } = await server.query(key, runId);
    if (json["endTime"] !== undefined) return json;
  }
}

export interface Asked {
  readonly idempotencyKey: string | undefined;
  answer(text: string): void;
}

export interface Gate {
  readonly url: string;
  readonly count: number;
  /** Resolves with the next request, which is answered when the test says so. */
  asked(): Promise<Asked>;
  close(): Promise<void>;
}

/** A server outside, which answers when the test says so. */
export async function openGate(): Promise<Gate> {
  const came: Asked[] = [];
  const waiting: Array<(asked: Asked) => void> = [];
  let count = 0;
  const server: Server = createServer((request, response: ServerResponse) => {
    count += 1;
    const header = request.headers["idempotency-key"];
    const asked = { idempotencyKey: Array.isArray(header) ? header[0] : header, answer: (text: string) => void response.end(text) };
    const next = waiting.shift();
    if (next) next(asked);
    else came.push(asked);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get count() {
      return count;
    },
    asked: () => {
      const next = came.shift();
      return next ? Promise.resolve(next) : new Promise((resolve) => waiting.push(resolve));
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
