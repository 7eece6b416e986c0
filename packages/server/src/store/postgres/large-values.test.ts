import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Pool } from "pg";
import { type Blob, blobOf } from "#store/journal/content";
import { MAX_INLINE_CHARACTERS } from "#store/journal/large-values";
import { LargeValueTable } from "#store/postgres/large-values";
import { migrate } from "#store/postgres/migrate";
import { openPool } from "#store/postgres/pool";
import { PostgresRunValues } from "#store/postgres/run-values";
import { newDatabase } from "#store/postgres/testing/fixture";
import { BlobDamaged } from "#store/sql/blobs";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";

const HOUR_MS = 3_600_000;
const onAndOn = async (): Promise<boolean> => true;
const large = (letter: string): Blob => blobOf(letter.repeat(100_000));

describe("large values on PostgreSQL", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.close());

  async function withTables(body: (one: LargeValueTable, other: LargeValueTable, pass: (ms: number) => void, pool: Pool) => Promise<void>) {
    const pool = openPool(newDatabase(server), { warn: () => undefined }, 4);
    let now = 0;
    const clock = { now: () => now };
    const pass = (ms: number): void => {
      now += ms;
    };
    try {
      await migrate(pool);
      await body(new LargeValueTable(pool, clock), new LargeValueTable(pool, clock), pass, pool);
    } finally {
      await pool.end();
    }
  }

  test("what one process keeps the other one reads, however many keep it at once; odd texts too", () =>
    withTables(async (one, other) => {
      const odd = blobOf("\u0000 \ud83d\ude00 é");
      await Promise.all([one.keep(large("a")), one.keep(large("a")), other.keep(large("a")), one.keep(odd)]);
      assert.equal(await other.read(large("a")), large("a").content);
      assert.equal(await other.read(odd), odd.content);
    }));

  test("what is missing, or is not what was written, is never served", () =>
    withTables(async (one, _, __, pool) => {
      await assert.rejects(one.read(large("a")), BlobDamaged);
      await one.keep(large("a"));
      await pool.query("UPDATE large_values SET content = set_byte(content, 5, 98)");
      await assert.rejects(one.read(large("a")), BlobDamaged);
    }));

  test("what nobody refers to goes once nobody has needed it since; what another process needs anew stays", () =>
    withTables(async (one, other, pass) => {
      for (const letter of ["a", "b", "c", "d"]) await one.keep(large(letter));
      pass(2 * HOUR_MS);
      await other.keep(large("a"));
      await one.touch([large("b").sha256, large("never kept").sha256]);
      assert.equal(await one.removeUnused(new Set([large("c").sha256]), HOUR_MS, onAndOn), 1);
      for (const letter of ["a", "b", "c"]) assert.equal(await one.read(large(letter)), large(letter).content);
      await assert.rejects(one.read(large("d")), BlobDamaged);
      // It is written anew by whoever removed it.
      await one.keep(large("d"));
      assert.equal(await other.read(large("d")), large("d").content);
    }));

  test("what a run has set apart stays as long as it is under way, and is the same again", () =>
    withTables(async (one, other, pass, pool) => {
      await pool.query(
        `INSERT INTO runs (tenant_id, id, workflow_id, workflow_name, version, accepted_at, owner, fence, status, execution_ms, total_cost,
          total_tokens, entries, first_segment, last_segment, checksum, webhooks)
        VALUES ('t', 'r', 'w', 'w', '1.0.0', 0, 'hosted', 2, 'RUNNING', 0, 0, 0, 1, 1, 1, 0, 0)`,
      );
      const values = new PostgresRunValues(pool, one);
      const small = { text: "x".repeat(MAX_INLINE_CHARACTERS - '{"text":""}'.length) };
      assert.equal(await values.setApart("t", "r", small), null);
      const whole = { text: "x".repeat(MAX_INLINE_CHARACTERS - 1), list: [large("b").content, { n: 1 }] };
      const apart = await values.setApart("t", "r", whole);
      assert.ok(apart);
      assert.deepEqual([apart.value, apart.blobs.length], [{ text: null, list: [null, { n: 1 }] }, 2]);
      const sweep = async (): Promise<number> => {
        pass(2 * HOUR_MS);
        return other.removeUnused(new Set(), HOUR_MS, onAndOn);
      };
      assert.equal(await sweep(), 0);
      assert.deepEqual(await new PostgresRunValues(pool, other).putTogether(structuredClone(apart)), whole);
      await pool.query("UPDATE runs SET status = 'SUCCEED', ended_at = 1");
      pass(2 * HOUR_MS);
      assert.equal(await other.removeUnused(new Set(), 3 * HOUR_MS, onAndOn), 0, "its time without a reference begins with the end");
      assert.equal(await other.removeUnused(new Set(), 100 * HOUR_MS, onAndOn), 2);
    }));
});
