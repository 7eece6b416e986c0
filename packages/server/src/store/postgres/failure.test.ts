import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import pg, { type PoolClient } from "pg";
import { isPassing, StoreUnreachable } from "#store/errors";
import { storeError } from "#store/postgres/failure";
import { newDatabase } from "#store/postgres/testing/fixture";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";

const skip = hasPostgres ? false : "no PostgreSQL on this machine";

/** Of the pool, for a connection: one is made in a hundredth of that. */
const PATIENCE_MS = 1_000;

describe("a connection that is gone is a database that cannot be reached", { skip }, () => {
  let server: PostgresServer;
  let pool: pg.Pool;

  before(async () => {
    server = await startPostgres();
    pool = new pg.Pool({ connectionString: newDatabase(server), pipeline: true, max: 1, connectionTimeoutMillis: PATIENCE_MS });
  });
  after(async () => {
    await pool?.end();
    await server?.close();
  });

  /** Whoever asked may ask again. */
  async function failsAsGone(ask: () => Promise<unknown>): Promise<void> {
    const thrown = await ask().then(() => assert.fail("it was answered"), storeError);
    assert.ok(thrown instanceof StoreUnreachable && isPassing(thrown), String(thrown));
  }

  async function withClient(use: (client: PoolClient) => Promise<void>): Promise<void> {
    const client = await pool.connect();
    try {
      await use(client);
    } finally {
      client.release(true);
    }
  }

  test("while something is asked, and when something is asked afterwards", () =>
    withClient(async (client) => {
      const broken = once(client, "error");
      const asked = failsAsGone(() => client.query("SELECT pg_sleep(60)"));
      client.connection.stream.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
      await Promise.all([asked, broken]);
      await failsAsGone(() => client.query("SELECT 1"));
    }));

  test("when it was ended", () =>
    withClient(async (client) => {
      await (client as unknown as pg.Client).end();
      await failsAsGone(() => client.query("SELECT 1"));
    }));

  test("when none comes free", () => withClient(() => failsAsGone(() => pool.connect())));
});
