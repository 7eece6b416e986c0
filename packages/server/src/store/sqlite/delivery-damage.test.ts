import assert from "node:assert/strict";
import { test } from "node:test";
import { laneOf } from "#store/delivery-target";
import { StoreCorrupt } from "#store/errors";
import { openToDamage } from "#store/sqlite/testing/damage";
import { inDirectory, openStore } from "#store/sqlite/testing/directory";
import { OWNER, TENANT } from "#store/testing/fixture";
import { AT, accepted, finished, newRun, SUCCEEDED } from "#store/testing/runs";

const HOOK = { method: "POST", url: "https://hooks.example.com/a", headers: { "X-Team": "harbour" } };
const LATER = AT + 1_000;

const CASES: readonly (readonly [name: string, change: string])[] = [
  ["method", "method = 'PUT'"],
  ["url", "url = replace(url, 'hooks', 'hookz')"],
  ["headers", "headers = replace(headers, 'harbour', 'harbor')"],
  ["headers that are no JSON", "headers = '{'"],
  ["endpoint", "endpoint = url || '/'"],
  ["lane", "lane = lane || ' '"],
  ["accepted_at", "accepted_at = accepted_at + 1"],
  ["due_at", "due_at = due_at + 1"],
  ["tries", "tries = 3"],
  ["attempts", "attempts = 3"],
  ["workflow_id", "workflow_id = 'another'"],
];

for (const [name, change] of CASES) {
  test(
    `a delivery whose ${name} is damaged goes nowhere and is not served, and holds up no other`,
    inDirectory(async (dataDir) => {
      const store = await openStore({ dataDir, owner: OWNER });
      const [damaged, whole] = [newRun(), newRun()];
      for (const run of [damaged, whole])
        await store.runs.accept(TENANT, run, [accepted(run), finished()], SUCCEEDED, { webhooks: [HOOK] });
      const database = openToDamage(dataDir);
      assert.equal(database.prepare(`UPDATE deliveries SET ${change} WHERE run_id = ?`).run(damaged.id).changes, 1);
      database.close();
      const due = await store.webhooks.due(laneOf(whole.workflowId, HOOK), LATER, 9);
      assert.deepEqual(
        due.map(({ runId }) => runId),
        [whole.id],
      );
      await assert.rejects(store.webhooks.get({ tenantId: TENANT, runId: damaged.id, ordinal: 0 }), StoreCorrupt);
      await assert.rejects(store.webhooks.list(TENANT, { limit: 9 }), StoreCorrupt);
    }),
  );
}

test(
  "a run whose number of webhooks is damaged is reported, so that none is lost in silence",
  inDirectory(async (dataDir) => {
    const store = await openStore({ dataDir, owner: OWNER });
    const run = newRun();
    await store.runs.accept(TENANT, run, [accepted(run), finished()], SUCCEEDED, { webhooks: [HOOK] });
    const database = openToDamage(dataDir);
    database.exec("DROP TRIGGER runs_ended_are_final; UPDATE runs SET webhooks = 0");
    database.close();
    await assert.rejects(store.runs.get(TENANT, null, run.id), /damaged/);
  }),
);
