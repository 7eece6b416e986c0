import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { Pool } from "pg";
import { StoreTooNew } from "#store/errors";
import { migrate } from "#store/postgres/migrate";
import { MIGRATIONS } from "#store/postgres/migrations";
import { openPool } from "#store/postgres/pool";
import { newDatabase } from "#store/postgres/testing/fixture";
import { describeSchema } from "#store/postgres/testing/schema";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";

const GOLDEN = new URL("./schema.golden.txt", import.meta.url);
const NEWEST = MIGRATIONS.at(-1)?.version ?? 0;
const SILENT = { warn: () => undefined };

test("migrations are numbered in order, and named by their number", () => {
  assert.deepEqual(
    MIGRATIONS.map(({ version }) => version),
    MIGRATIONS.map((_, index) => index + 1),
  );
  for (const { version, file } of MIGRATIONS) assert.match(file, new RegExp(`^${String(version).padStart(4, "0")}-[a-z-]+\\.sql$`));
});

describe("the schema on PostgreSQL", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.close());

  async function withPool(body: (pool: Pool, url: string) => Promise<void>): Promise<void> {
    const url = newDatabase(server);
    const pool = openPool(url, SILENT, 4);
    try {
      await body(pool, url);
    } finally {
      await pool.end();
    }
  }

  test("the migrations make the schema of schema.golden.txt", () =>
    withPool(async (pool) => {
      await migrate(pool);
      const schema = await describeSchema(pool);
      assert.equal(schema, readFileSync(GOLDEN, "utf8"), "copy the schema to schema.golden.txt if the change is meant");
    }));

  test("processes that start at once bring it up to date once, and a later one changes nothing", () =>
    withPool(async (pool, url) => {
      const others = [1, 2].map(() => openPool(url, SILENT, 1));
      await Promise.all([pool, ...others].map((each) => migrate(each)));
      await migrate(pool);
      const { rows } = await pool.query("SELECT version FROM schema_version ORDER BY version");
      assert.deepEqual(
        rows.map(({ version }) => version),
        MIGRATIONS.map(({ version }) => version),
      );
      await Promise.all(others.map((each) => each.end()));
    }));

  test("a step that fails leaves the schema as it was", () =>
    withPool(async (pool) => {
      await migrate(pool);
      const before = await describeSchema(pool);
      // The first step once more, as the last: its tables exist.
      const again = { version: NEWEST + 1, file: "0001-initial.sql" };
      await assert.rejects(migrate(pool, [...MIGRATIONS, again]), /already exists/);
      assert.equal(await describeSchema(pool), before);
      await migrate(pool);
    }));

  test("data of a newer release is refused", () =>
    withPool(async (pool) => {
      await migrate(pool);
      await pool.query("INSERT INTO schema_version (version) VALUES ($1)", [NEWEST + 1]);
      await assert.rejects(migrate(pool), StoreTooNew);
    }));

  test("the triggers refuse what would change history", () =>
    withPool(async (pool) => {
      await migrate(pool);
      await pool.query("INSERT INTO journal VALUES (1, 't', 'r', 0, 1, NULL, 1, 2, 'h', '{}')");
      await assert.rejects(pool.query("UPDATE journal SET text = 'x'"), /only appended to/);
      await pool.query(`INSERT INTO runs VALUES
        ('t', 'r', 'w', 'w', '1', NULL, NULL, 1, '', 1, 'RUNNING', 1, NULL, 0, 0, 0, NULL, 1, 1, 1, 0, 0, NULL, NULL)`);
      await assert.rejects(pool.query("DELETE FROM runs"), /never deleted/);
      await assert.rejects(pool.query("DELETE FROM journal"), /deleted after the run/);
      await pool.query("UPDATE runs SET status = 'FAILED', ended_at = 2");
      await assert.rejects(pool.query("UPDATE runs SET version = '2'"), /never changes/);
      await pool.query("DELETE FROM runs");
      await pool.query("DELETE FROM journal");
      const entry = "(tenant_id, at, actor_kind, action, targets, result, checksum) VALUES ('t', 1, 'system', 'a', '{}', 'done', 0)";
      for (let n = 0; n < 2; n++) await pool.query(`INSERT INTO audit_log ${entry}`);
      await assert.rejects(pool.query("UPDATE audit_log SET action = 'b'"), /never changed/);
      await assert.rejects(
        pool.query("DELETE FROM audit_log WHERE position = (SELECT max(position) FROM audit_log)"),
        /at its beginning only/,
      );
    }));
});
