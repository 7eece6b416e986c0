import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import pg from "pg";
import { openPostgresStore } from "#store/postgres/open";
import { newDatabase } from "#store/postgres/testing/fixture";
import type { Store } from "#store/store";
import { TENANT } from "#store/testing/fixture";
import { indexed, newBase, newDocument, passage } from "#store/testing/knowledge.testsuite";
import { hasPgvector, type PostgresServer, startPostgres } from "#testing/database-servers";

const DIMENSIONS = 24;

/** The same at every run of the test; of length 1. */
function scattered(seed: number): readonly number[] {
  const numbers = Array.from({ length: DIMENSIONS }, (_, at) => Math.sin((seed + 1) * (at + 3) * 12.9898) * 43_758.5453).map(
    (x) => x - Math.round(x),
  );
  const length = Math.hypot(...numbers);
  return numbers.map((one) => one / length);
}

describe("vectors that the database compares", { skip: hasPgvector ? false : "no pgvector on this machine" }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.close());

  test("are found as those that the process compares: with a copy, without one, and with filters", async () => {
    const url = newDatabase(server);
    const open = (owner: string, pgvector: boolean) => openPostgresStore({ url, owner, pgvector, connections: 3 });
    const stores = await Promise.all([open("without", false), open("with", true)]);
    const [without, beside] = stores as [Store, Store];
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const base = newBase("a");
      await without.knowledge.createBase(TENANT, base);
      const add = (name: string, kind: string, vectors: readonly (readonly number[])[]) =>
        indexed(
          without.knowledge,
          newDocument(base.id, name, { metadata: { kind } }),
          vectors.map((vector, at) => passage(`${name} ${at}`, vector)),
        );
      const find = (store: Store, at: number, limit: number, kind?: string) =>
        store.knowledge.byVector(TENANT, base.id, new Float32Array(scattered(at)), {
          limit,
          filter: kind === undefined ? [] : [{ key: "kind", is: "in", values: [kind] }],
        });
      const same = async () => {
        for (const at of [0, 7, 250, 5_000])
          for (const [limit, kind] of [[1], [20], [20, "y"], [700]] as const)
            assert.deepEqual(await find(beside, at, limit, kind), await find(without, at, limit, kind), `${at} ${limit} ${kind}`);
      };
      // Twice the same, and one of another model among them.
      await add("one", "x", [
        ...Array.from({ length: 300 }, (_, at) => scattered(at)),
        ...Array.from({ length: 300 }, (_, at) => scattered(at)),
        [1, 0],
      ]);
      await same();
      const copied = async () => Number((await client.query("SELECT count(*) AS count FROM knowledge_embeddings")).rows[0]?.count);
      while ((await copied()) < 601) await find(beside, 0, 1);
      await same();
      await add(
        "two",
        "y",
        Array.from({ length: 40 }, (_, at) => scattered(1_000 + at)),
      );
      await same();
    } finally {
      await client.end();
      await Promise.all(stores.map((store) => store.close()));
    }
  });
});
