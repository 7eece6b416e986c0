import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { test } from "node:test";
import { StoreFailed, StoreFull } from "#store/errors";
import { DataDir } from "#store/sqlite/data-dir";
import { RESERVE_BYTES, Reserve } from "#store/sqlite/reserve";
import { openStore } from "#store/sqlite/testing/directory";
import { leaveRoom, withSmallStore } from "#store/sqlite/testing/small-store";
import { OWNER, TENANT } from "#store/testing/fixture";
import { acceptEnded, acceptRunning, finished, newRun, nodeFinished, RUNNING, SUCCEEDED } from "#store/testing/runs";

/** Fills pages, but stays in the row. */
const VALUE = { text: "v".repeat(50_000) };

test(
  "a full disk refuses runs with StoreFull, acknowledges nothing falsely, and serves what it has",
  withSmallStore(async ({ dataDir, store, writer, fatal }) => {
    const before = newRun();
    await acceptEnded(store.runs, before);
    leaveRoom(writer, 20);
    const runs = Array.from({ length: 40 }, () => newRun());
    const outcomes = [];
    // One after the other, and a few at once: some fit, most do not.
    for (let at = 0; at < runs.length; at += 4) {
      outcomes.push(...(await Promise.allSettled(runs.slice(at, at + 4).map((run) => acceptEnded(store.runs, run, VALUE)))));
    }
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    assert.ok(refused.length > 0);
    for (const { reason } of refused) assert.ok(reason instanceof StoreFull);
    assert.ok(await store.runs.view(TENANT, null, before.id));
    for (const [index, run] of runs.entries()) {
      assert.equal((await store.runs.get(TENANT, null, run.id)) !== null, outcomes[index]?.status === "fulfilled");
    }
    assert.deepEqual(fatal, []);
    writer.exec("PRAGMA max_page_count = 1000000");
    await store.check();
    for (const run of runs.slice(-4)) await acceptEnded(store.runs, run, VALUE);
    await store.close();
    const reopened = await openStore({ dataDir, owner: OWNER });
    for (const run of runs.slice(-4)) assert.ok(await reopened.runs.view(TENANT, null, run.id));
    await reopened.close();
  }),
);

test(
  "an append that found the disk full is made again, and goes where it would have gone",
  withSmallStore(async ({ store, writer }) => {
    const run = newRun();
    const claim = await acceptRunning(store.runs, run);
    leaveRoom(writer, 0);
    const entries = [nodeFinished("a", VALUE)];
    await assert.rejects(store.runs.append(claim, entries, RUNNING), StoreFull);
    const behind = [1, 2].map((value) => store.runs.append(claim, [nodeFinished("n", { ...VALUE, value })], RUNNING));
    for (const append of behind) await assert.rejects(append, StoreFull);
    assert.equal((await store.runs.journal(TENANT, run.id)).length, 2);
    writer.exec("PRAGMA max_page_count = 1000000");
    await store.runs.append(claim, entries, RUNNING);
    await store.runs.append(claim, [finished()], SUCCEEDED);
    assert.deepEqual((await store.runs.journal(TENANT, run.id)).slice(2), [...entries, finished()]);
  }),
);

test(
  "an append behind one that fails is not written without it",
  withSmallStore(async ({ store, writer }) => {
    const run = newRun();
    const claim = await acceptRunning(store.runs, run);
    leaveRoom(writer, 0);
    const large = store.runs.append(claim, [nodeFinished("large", VALUE)], RUNNING);
    // It would fit.
    const small = store.runs.append(claim, [nodeFinished("small", 1)], RUNNING);
    await assert.rejects(large, StoreFull);
    await assert.rejects(small, StoreFull);
    assert.equal((await store.runs.journal(TENANT, run.id)).length, 2);
    await store.runs.append(claim, [nodeFinished("small", 1)], RUNNING);
    assert.equal((await store.runs.journal(TENANT, run.id)).length, 3);
  }),
);

test(
  "readiness says that the disk is full until something can be written again",
  withSmallStore(async ({ store, writer }) => {
    await store.check();
    leaveRoom(writer, 0);
    await assert.rejects(acceptEnded(store.runs, newRun(), VALUE), StoreFull);
    writer.exec("PRAGMA query_only = ON");
    await assert.rejects(store.check());
    writer.exec("PRAGMA query_only = OFF");
    await store.check();
  }),
);

test(
  "F1, F2, F3: a full disk gives up its reserve, accepts no run however small, lets runs end, and is over when the reserve is there again",
  withSmallStore(async ({ dataDir, store, writer, fatal }) => {
    const reserve = new Reserve(new DataDir(dataDir).reserve);
    await reserve.make();
    const claim = await acceptRunning(store.runs, newRun());
    leaveRoom(writer, 3);
    await assert.rejects(acceptEnded(store.runs, newRun(), VALUE), StoreFull);
    assert.ok(!existsSync(new DataDir(dataDir).reserve));
    await assert.rejects(acceptEnded(store.runs, newRun()), StoreFull, "it would fit");
    await store.runs.append(claim, [finished()], SUCCEEDED);
    writer.exec("PRAGMA max_page_count = 1000000");
    await store.check();
    assert.equal(statSync(new DataDir(dataDir).reserve).size, RESERVE_BYTES);
    await acceptEnded(store.runs, newRun(), VALUE);
    assert.deepEqual(fatal, []);
  }),
);

test(
  "F2: what is no run's finds the room of the reserve, even where it is the first that finds the disk full",
  withSmallStore(async ({ dataDir, store, writer }) => {
    const reserve = new Reserve(new DataDir(dataDir).reserve);
    await reserve.make();
    const run = newRun();
    await acceptEnded(store.runs, run);
    leaveRoom(writer, 0);
    // The room that it frees.
    store.upkeep.whenFull(() => leaveRoom(writer, existsSync(new DataDir(dataDir).reserve) ? 0 : 100));
    const { workflowId } = run;
    const result = { workflowId, runId: run.id, key: "0".repeat(64), at: 1, expiresAt: 3, result: JSON.stringify(VALUE) };
    await store.nodeResults.keep(TENANT, result);
    assert.equal((await store.nodeResults.find(TENANT, workflowId, result.key, 2))?.result, result.result);
    await assert.rejects(acceptEnded(store.runs, newRun()), StoreFull);
  }),
);

test(
  "whoever listens is told each time that the disk becomes full, once the reserve is given up",
  withSmallStore(async ({ dataDir, store, writer }) => {
    await new Reserve(new DataDir(dataDir).reserve).make();
    const reserveIsThere: boolean[] = [];
    const unlisten = store.upkeep.whenFull(() => void reserveIsThere.push(existsSync(new DataDir(dataDir).reserve)));
    const fill = async (): Promise<void> => {
      leaveRoom(writer, 3);
      await assert.rejects(acceptEnded(store.runs, newRun(), VALUE), StoreFull);
      await assert.rejects(acceptEnded(store.runs, newRun(), VALUE), StoreFull);
      writer.exec("PRAGMA max_page_count = 1000000");
      await store.check();
    };
    await fill();
    await fill();
    assert.deepEqual(reserveIsThere, [false, false]);
    unlisten();
    await fill();
    assert.equal(reserveIsThere.length, 2);
  }),
);

test(
  "after a failure of the disk nothing is written, what there is can be read, and the process is told to end",
  withSmallStore(async ({ store, fatal, released }) => {
    const run = newRun();
    const claim = await acceptRunning(store.runs, run);
    store.fail(new StoreFailed(new Error("EIO: i/o error, fsync")));
    await assert.rejects(acceptRunning(store.runs, newRun()), StoreFailed);
    await assert.rejects(store.runs.append(claim, [nodeFinished("a", 1)], RUNNING), StoreFailed);
    await assert.rejects(store.check(), StoreFailed);
    assert.equal((await store.runs.journal(TENANT, run.id)).length, 2);
    assert.equal(fatal.length, 1);
    await store.close();
    assert.deepEqual(released, [false], "the next start checks the database");
  }),
);

test(
  "after the loss of the thread that writes nothing is written, what there is can be read, and the process is told to end",
  withSmallStore(async ({ store, fatal, released }) => {
    const run = newRun();
    const claim = await acceptRunning(store.runs, run);
    const waiting = store.runs.append(claim, [nodeFinished("a", 1)], RUNNING);
    store.writerLost(new Error("out of memory"));
    await assert.rejects(waiting, StoreFailed);
    await assert.rejects(acceptRunning(store.runs, newRun()), StoreFailed);
    await assert.rejects(store.check(), StoreFailed);
    assert.equal((await store.runs.view(TENANT, null, run.id))?.status, "RUNNING");
    assert.equal(fatal.length, 1);
    await store.close();
    assert.deepEqual(released, [false]);
  }),
);
