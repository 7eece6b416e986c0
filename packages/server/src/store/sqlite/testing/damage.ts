import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { NewRun, Store } from "#store/store";
import { TENANT } from "#store/testing/fixture";
import { acceptEnded, acceptRunning, finished, newRun, nodeFinished, RUNNING, SUCCEEDED } from "#store/testing/runs";
import { newWorkflow } from "#store/testing/workflow.testsuite";

export const LARGE = "l".repeat(100_000);

/** A run of three segments, one that ended at once, and one with a large value; all of one workflow. */
export async function makeRuns(store: Store): Promise<readonly NewRun[]> {
  const runs = [newRun({ userId: "user-1" }), newRun(), newRun()];
  const [long, short, large] = runs;
  assert.ok(long && short && large);
  await store.workflows.create(TENANT, newWorkflow({ id: long.workflowId }));
  const claim = await acceptRunning(store.runs, long, { topic: "long" });
  // The segments of other runs lie in between.
  await acceptEnded(store.runs, short, { topic: "short" }, { news: "short" });
  await store.runs.append(claim, [nodeFinished("a", { text: "between" })], RUNNING);
  await store.runs.append(claim, [finished({ news: "long" })], SUCCEEDED);
  await acceptEnded(store.runs, large, { topic: LARGE }, { news: LARGE });
  return runs;
}

export function openToDamage(dataDir: string): DatabaseSync {
  return new DatabaseSync(join(dataDir, "millrace.db"), { defensive: false, enableForeignKeyConstraints: false });
}

/** Changes the closed database as a fault of the medium would: no trigger sees it. */
export function damage(dataDir: string, sql: string): number {
  const database = openToDamage(dataDir);
  for (const row of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all())
    database.exec(`DROP TRIGGER ${row["name"]}`);
  database.exec("PRAGMA ignore_check_constraints = ON");
  const before = Number(database.prepare("SELECT total_changes() AS count").get()?.["count"]);
  database.exec(sql);
  const after = Number(database.prepare("SELECT total_changes() AS count").get()?.["count"]);
  database.close();
  return after - before;
}

/** Changes the table of the runs alone: its index by workflow, which lies on other pages of the file, stays as it is. */
export function damageRunsAlone(dataDir: string, sql: string): number {
  const entry = withOpenSchema(dataDir, (database) => {
    const row = database.prepare("SELECT * FROM sqlite_schema WHERE name = 'runs_workflow'").get();
    database.exec("DELETE FROM sqlite_schema WHERE name = 'runs_workflow'");
    return Object.values(row ?? assert.fail("there is no such index"));
  });
  // This connection knows of no index, so it changes none.
  const changes = damage(dataDir, sql);
  withOpenSchema(dataDir, (database) => database.prepare("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)").run(...entry));
  return changes;
}

function withOpenSchema<T>(dataDir: string, change: (database: DatabaseSync) => T): T {
  const database = openToDamage(dataDir);
  database.exec("PRAGMA writable_schema = ON");
  const result = change(database);
  database.close();
  return result;
}

/** A file of large values. */
export function blobPath(dataDir: string): string {
  const name = readdirSync(join(dataDir, "blobs"), { recursive: true, encoding: "utf8" }).find((one) => one.length > 64);
  return join(dataDir, "blobs", name ?? assert.fail("no blob"));
}
