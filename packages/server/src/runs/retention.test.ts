import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "#clock";
import { Retention } from "#runs/retention";
import { StoreFull } from "#store/errors";
import { recordingLogger } from "#store/sqlite/testing/directory";
import { leaveRoom, withSmallStore } from "#store/sqlite/testing/small-store";
import { TENANT } from "#store/testing/fixture";
import { acceptEnded, newRun } from "#store/testing/runs";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const VALUE = { text: "v".repeat(50_000) };

/** A clock on which the hour of the deleting never comes. */
const clock = {
  now: () => systemClock.now() + 40 * DAY_MS,
  at: (wallMs: number, wake: () => void) =>
    wallMs - clock.now() < MINUTE_MS ? systemClock.at(wallMs - 40 * DAY_MS, wake) : () => undefined,
};

test(
  "a disk that becomes full has old runs deleted at once",
  withSmallStore(async ({ store, writer }) => {
    const { said, logger } = recordingLogger();
    const retention = new Retention({ upkeep: store.upkeep, clock, log: logger, days: 30 });
    retention.start();
    const old = newRun();
    await acceptEnded(store.runs, old, VALUE);
    leaveRoom(writer, 3);
    await assert.rejects(acceptEnded(store.runs, newRun(), VALUE), StoreFull);
    while (said.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    assert.deepEqual(said[0]?.fields, { runs: 1, days: 30 });
    assert.equal(await store.runs.get(TENANT, null, old.id), null);
    await retention.close();
  }),
);

test(
  "where runs are kept for ever, a full disk changes nothing about that",
  withSmallStore(async ({ store, writer }) => {
    const retention = new Retention({ upkeep: store.upkeep, clock, log: recordingLogger().logger, days: 0 });
    retention.start();
    const old = newRun();
    await acceptEnded(store.runs, old, VALUE);
    leaveRoom(writer, 3);
    await assert.rejects(acceptEnded(store.runs, newRun(), VALUE), StoreFull);
    await retention.close();
    assert.ok(await store.runs.get(TENANT, null, old.id));
  }),
);
