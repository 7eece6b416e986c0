import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { pragma } from "#store/sqlite/pragmas";
import { startChild } from "#store/sqlite/testing/child";
import { inDirectory, openStore } from "#store/sqlite/testing/directory";
import type { Store } from "#store/store";
import { OWNER, TENANT } from "#store/testing/fixture";
import { AT, acceptEnded, acceptRunning, newRun } from "#store/testing/runs";

const DAY_MS = 86_400_000;
const LATER = AT + 60_000;
const onAndOn = async (): Promise<boolean> => true;

/** Is kept as a file of its own. */
const large = (letter: string): { value: string } => ({ value: letter.repeat(100_000) });

/** A store, and a clock that goes when it is told to. */
async function open(dataDir: string) {
  let now = AT;
  const store = await openStore({ dataDir, owner: OWNER, clock: { now: () => now, mono: () => 0 } });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { store, pass };
}

const valuesIn = (dataDir: string): readonly string[] =>
  readdirSync(join(dataDir, "blobs"), { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));

function segmentsIn(dataDir: string): unknown {
  using database = new DatabaseSync(join(dataDir, "millrace.db"), { readOnly: true });
  return database.prepare("SELECT count(*) AS count FROM journal").get()?.["count"];
}

test(
  "a large value goes a day after the last run that referred to it",
  inDirectory(async (dataDir) => {
    const { store, pass } = await open(dataDir);
    const { runs, upkeep } = store;
    await acceptEnded(runs, newRun(), large("a"));
    await acceptEnded(runs, newRun(), large("b"));
    const staying = newRun();
    await acceptRunning(runs, staying, large("b"));
    pass(30 * DAY_MS);
    assert.equal(await upkeep.sweep(LATER, onAndOn), 0, "all are referred to");
    assert.equal(await upkeep.prune(LATER, onAndOn), 2);
    assert.equal(await upkeep.sweep(LATER, onAndOn), 0, "a backup may be reading them");
    pass(DAY_MS + 1);
    assert.equal(await upkeep.sweep(LATER, onAndOn), 1);
    assert.equal(valuesIn(dataDir).length, 1);
    assert.deepEqual((await runs.view(TENANT, null, staying.id))?.input, large("b"));
  }),
);

test(
  "a value that comes again just before it would go stays, and one that went is written anew",
  inDirectory(async (dataDir) => {
    const { store, pass } = await open(dataDir);
    const { runs, upkeep } = store;
    await acceptEnded(runs, newRun(), large("a"));
    await upkeep.prune(LATER, onAndOn);
    pass(2 * DAY_MS);
    const [swept] = await Promise.all([upkeep.sweep(LATER, onAndOn), acceptRunning(runs, newRun(), large("a"))]);
    assert.ok(swept <= 1);
    const [run] = await runs.list(TENANT, { limit: 10 });
    assert.deepEqual((await runs.view(TENANT, null, run?.id ?? ""))?.input, large("a"));
    assert.equal(await upkeep.sweep(LATER, onAndOn), 0);
    assert.equal(valuesIn(dataDir).length, 1);
  }),
);

test(
  "free pages are given back in steps, but for what comes next",
  inDirectory(async (dataDir) => {
    const { store } = await open(dataDir);
    const text = "t".repeat(60_000);
    await Promise.all(Array.from({ length: 1_500 }, () => acceptEnded(store.runs, newRun(), { text }, { text: "x" })));
    assert.equal(await store.upkeep.prune(LATER, onAndOn), 1_500);
    let steps = 0;
    await store.upkeep.shrink(async () => {
      steps += 1;
      return true;
    });
    assert.ok(steps > 10, `${steps} steps`);
    await store.close();
    using database = new DatabaseSync(join(dataDir, "millrace.db"));
    assert.ok(Number(pragma(database, "freelist_count")) <= 600);
    assert.deepEqual(pragma(database, "integrity_check"), "ok");
    assert.ok(statSync(join(dataDir, "millrace.db")).size < 8_000_000);
  }),
);

test(
  "a death in the middle of deleting leaves nothing for ever",
  inDirectory(async (dataDir) => {
    const child = startChild(dataDir, "prune", "retention.mid:kill@1");
    assert.equal(await child.ended, "SIGKILL");
    const { store } = await open(dataDir);
    const left = await store.runs.list(TENANT, { limit: 10 });
    assert.ok(Number(segmentsIn(dataDir)) > left.length, "the run is gone, and part of its journal is not");
    await store.upkeep.prune(LATER, onAndOn);
    await store.upkeep.sweep(LATER, onAndOn);
    assert.equal(segmentsIn(dataDir), 0);
    await isWhole(store, dataDir);
  }),
);

async function isWhole(store: Store, dataDir: string): Promise<void> {
  await store.close();
  using database = new DatabaseSync(join(dataDir, "millrace.db"));
  assert.equal(pragma(database, "integrity_check"), "ok");
}
