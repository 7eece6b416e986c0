import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import pg from "pg";
import { openPostgresStore } from "#store/postgres/open";
import { newDatabase } from "#store/postgres/testing/fixture";
import type { Change, Store } from "#store/store";
import { TENANT } from "#store/testing/fixture";
import { AT } from "#store/testing/runs";
import { newWorkflow } from "#store/testing/workflow.testsuite";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";

/** Resolves with the first change of this kind that the store tells. */
function next(store: Store, kind: Change["kind"]): Promise<Change> {
  return new Promise((resolve) => {
    const stop = store.watch((change) => {
      if (change.kind !== kind) return;
      stop();
      resolve(change);
    });
  });
}

/** A process that listens, and never says that it has heard. Resolves with the way to end it. */
async function frozenProcess(url: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url, application_name: "millrace changes" });
  await client.connect();
  await client.query("LISTEN millrace_changes");
  return () => client.end();
}

describe("changes on PostgreSQL", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.close());

  async function withTwo(body: (one: Store, other: Store, warnings: string[], url: string) => Promise<void>): Promise<void> {
    const url = newDatabase(server);
    const warnings: string[] = [];
    const logger = { info: () => undefined, warn: (...said: unknown[]) => void warnings.push(String(said[1])), error: () => undefined };
    const stores = await Promise.all(["a", "b"].map((owner) => openPostgresStore({ url, owner, connections: 3, logger })));
    const [one, other] = stores as [Store, Store];
    try {
      await body(one, other, warnings, url);
    } finally {
      await Promise.all(stores.map((store) => store.close()));
    }
  }

  test("what one process changes is told in the other one, and once in its own", () =>
    withTwo(async (one, other) => {
      const own: Change[] = [];
      one.watch((change) => own.push(change));
      const [told, heard] = [next(one, "workflow"), next(other, "workflow")];
      const { id } = await one.workflows.create(TENANT, newWorkflow());
      const change = { kind: "workflow", id };
      assert.deepEqual([await told, await heard], [change, change]);
      // What comes back to it would have come before this.
      const budget = next(one, "budget");
      const of = { dimension: "tenant", value: "" } as const;
      await other.budgets.put(TENANT, { id: "b", of, period: "day", timeZone: "UTC", credits: 1n, at: AT });
      await budget;
      assert.deepEqual(
        own.map(({ kind }) => kind),
        ["workflow", "budget"],
      );
    }));

  test("what a workflow or a key has become is heard in the other one before whoever changed it is told that it is done", () =>
    withTwo(async (one, other) => {
      const heard: Change[] = [];
      other.watch((change) => heard.push(change));
      const { id } = await one.workflows.create(TENANT, newWorkflow());
      await one.workflows.setApiEnabled(TENANT, id, false, AT);
      await one.workflows.delete(TENANT, id, AT);
      assert.deepEqual(
        heard,
        [1, 2, 3].map(() => ({ kind: "workflow", id })),
      );
    }));

  test("however many words are said at once, and however long they are, all of them are heard", () =>
    withTwo(async (one, other, warnings) => {
      const said = Array.from({ length: 300 }, (_, n) => `${n} "${"狐".repeat(100)}"`);
      const heard: string[] = [];
      other.shared?.hear(({ kind, id }) => kind === "turn" && heard.push(id));
      for (const id of said) one.shared?.say({ kind: "turn", id });
      await one.shared?.told();
      await other.shared?.caughtUp();
      assert.deepEqual(heard, said);
      assert.deepEqual(warnings, []);
    }));

  test("one that is frozen holds up nobody for long", () =>
    withTwo(async (one, other, warnings, url) => {
      const frozen = await frozenProcess(url);
      try {
        const { id } = await one.workflows.create(TENANT, newWorkflow());
        assert.equal((await other.workflows.get(TENANT, id))?.id, id);
        assert.deepEqual(warnings, []);
      } finally {
        await frozen();
      }
    }));

  test("where the connection that listens breaks, everything may have changed, and then changes are heard again", () =>
    withTwo(async (one, other, warnings) => {
      const [missed, alsoMissed] = [next(other, "key"), next(other, "alert")];
      server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'millrace changes'");
      assert.deepEqual(await Promise.all([missed, alsoMissed]), [
        { kind: "key", id: "" },
        { kind: "alert", id: "" },
      ]);
      assert.ok(warnings.includes("the connection that hears of changes broke; it is made anew"));
      const heard = next(other, "workflow");
      const { id } = await one.workflows.create(TENANT, newWorkflow());
      assert.deepEqual(await heard, { kind: "workflow", id });
    }));

  test("one that leaves tells nobody any more", () =>
    withTwo(async (one, other) => {
      await other.close();
      await one.workflows.create(TENANT, newWorkflow());
    }));
});
