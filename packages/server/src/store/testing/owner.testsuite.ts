import assert from "node:assert/strict";
import { test } from "node:test";
import { Fenced, LeaseLost } from "#store/errors";
import { HANDED } from "#store/handed-runs";
import { BEAT_MS, LEASE_MS } from "#store/lease";
import type { Claim, NewRun } from "#store/store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import { AT, acceptEnded, accepted, acceptRunning, finished, newRun, nodeFinished, PENDING, RUNNING, SUCCEEDED } from "#store/testing/runs";

const RIVAL = "rival";
const DAY_MS = 86_400_000;

export function ownerSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check(
    "what no process drives and what has not begun is told, without those that sleep or have ended",
    async ({ store: { runs }, owner }) => {
      assert.deepEqual(await runs.backlog(), { undriven: 0, unstartedSince: null });
      const [begun, waits, lost, sleeps] = [newRun({ owner }), newRun({ owner }), newRun({ owner: "gone" }), newRun({ owner })];
      await acceptRunning(runs, begun);
      await acceptEnded(runs, newRun({ owner }));
      await runs.sleep(await runs.accept(TENANT, sleeps, [accepted(sleeps)], PENDING), { until: AT + 1_000, pause: null });
      assert.deepEqual(await runs.backlog(), { undriven: 0, unstartedSince: null });
      for (const run of [waits, lost]) await runs.accept(TENANT, run, [accepted(run)], PENDING);
      assert.deepEqual(await runs.backlog(), { undriven: 1, unstartedSince: Math.min(waits.acceptedAt, lost.acceptedAt) });
    },
  );

  check("after a restart the unfinished runs are taken over, oldest first, with all that was written", async ({ store, owner, reopen }) => {
    const runs = [newRun({ owner }), newRun({ owner }), newRun({ owner })];
    for (const run of runs)
      await store.runs.append(await acceptRunning(store.runs, run, { id: run.id }), [nodeFinished("a", run.id)], RUNNING);
    await acceptEnded(store.runs, newRun({ owner }));
    const foreign = newRun({ owner });
    await store.runs.accept(OTHER_TENANT, foreign, [accepted(foreign)], PENDING);
    const later = await reopen();
    const first = await later.runs.takeOver(owner, 2);
    const second = await later.runs.takeOver(owner, 10);
    const claimed = [...first, ...second];
    assert.deepEqual(
      claimed.map(({ run }) => run.id),
      [...runs, foreign].map(({ id }) => id),
    );
    assert.equal(first.length, 2);
    assert.deepEqual(
      claimed.map(({ claim }) => [claim.fence, claim.tenantId]),
      [
        [2, TENANT],
        [2, TENANT],
        [2, TENANT],
        [2, OTHER_TENANT],
      ],
    );
    for (const { run, entries } of claimed.slice(0, 3)) {
      assert.deepEqual(entries, [
        ...[accepted({ ...run, owner }, { id: run.id }), { type: "run-started", at: AT + 1 }],
        nodeFinished("a", run.id),
      ]);
      assert.equal(run.status, "RUNNING");
    }
    assert.deepEqual(await later.runs.takeOver(owner, 10), []);
  });

  check("a run that was handed over waits for whoever asks for such runs, and is no dead process's", async ({ store: { runs }, owner }) => {
    const handed = [newRun({ owner: HANDED }), newRun({ owner: HANDED })];
    for (const run of handed) await runs.accept(TENANT, run, [accepted(run)], PENDING);
    assert.deepEqual(await runs.takeOver(owner, 10), []);
    assert.deepEqual(await runs.takeHanded(owner, 0), []);
    const taken = [...(await runs.takeHanded(owner, 1)), ...(await runs.takeHanded(RIVAL, 9))];
    assert.deepEqual(
      taken.map(({ run, claim, orphaned }) => [run.id, claim.fence, orphaned]),
      handed.map(({ id }) => [id, 2, false]),
    );
    assert.deepEqual(await runs.takeHanded(owner, 9), []);
  });

  check("a run that was taken over goes on where its journal ends", async ({ store, owner, reopen }) => {
    const run = newRun({ owner });
    await acceptRunning(store.runs, run);
    const { runs } = await reopen();
    const [claimed] = await runs.takeOver(owner, 1);
    assert.ok(claimed);
    await runs.append(claimed.claim, [nodeFinished("a", 1)], RUNNING);
    await runs.append(claimed.claim, [finished({ done: true })], SUCCEEDED);
    const view = await runs.view(TENANT, null, run.id);
    assert.deepEqual([view?.status, view?.output], ["SUCCEED", { done: true }]);
    assert.equal((await runs.journal(TENANT, run.id)).length, 4);
  });

  check("what is appended beside a take-over is in what is taken over, or refused", async ({ store, owner, reopen }) => {
    const runs = Array.from({ length: 64 }, () => newRun({ owner }));
    const stale = new Map<string, Claim>();
    for (const run of runs) stale.set(run.id, await acceptRunning(store.runs, run));
    const later = (await reopen()).runs;
    // Each a moment later than the one before it: one of them meets the take-over half-way.
    const append = async ({ id }: NewRun, moments: number): Promise<boolean> => {
      for (let n = 0; n < moments; n++) await new Promise((resolve) => setImmediate(resolve));
      return later.append(stale.get(id) ?? assert.fail(), [nodeFinished("late", 1)], RUNNING).then(
        () => true,
        (error: unknown) => !(error instanceof Fenced) && assert.fail(String(error)),
      );
    };
    const [claimed, ...appended] = await Promise.all([later.takeOver(owner, runs.length), ...runs.map(append)]);
    const taken = new Map(claimed.map(({ run: { id }, entries }) => [id, entries.some(({ type }) => type === "node-finished")]));
    assert.deepEqual(
      appended,
      runs.map(({ id }) => taken.get(id)),
    );
  });

  check("an owner that lives keeps its runs", async ({ store: { runs }, owner, advance }) => {
    await acceptRunning(runs, newRun({ owner }));
    for (let beats = 0; beats < 10; beats++) {
      assert.deepEqual(await runs.takeOver(RIVAL, 10), []);
      advance(BEAT_MS);
      await runs.renew(owner);
    }
  });

  check("an owner that is silent for the lease loses its runs, and is told so", async ({ store: { runs }, owner, advance }) => {
    const run = newRun({ owner });
    const stale = await acceptRunning(runs, run);
    await runs.renew(owner);
    assert.deepEqual(await runs.takeOver(RIVAL, 10), []);
    advance(LEASE_MS - 1);
    assert.deepEqual(await runs.takeOver(RIVAL, 10), []);
    advance(1);
    const [claimed] = await runs.takeOver(RIVAL, 10);
    assert.equal(claimed?.claim.fence, 2);
    await assert.rejects(runs.renew(owner), LeaseLost);
    await assert.rejects(runs.append(stale, [nodeFinished("late", 1)], RUNNING), Fenced);
    await assert.rejects(runs.append(stale, [finished({ late: true })], SUCCEEDED), Fenced);
    await runs.append(claimed?.claim ?? assert.fail(), [finished({ good: true })], SUCCEEDED);
    assert.deepEqual((await runs.view(TENANT, null, run.id))?.output, { good: true });
    assert.equal((await runs.journal(TENANT, run.id)).length, 3);
  });

  check("a wall clock that is set expires no lease, and keeps none", async ({ store: { runs }, owner, advance, setClock }) => {
    await acceptRunning(runs, newRun({ owner }));
    await runs.renew(owner);
    for (const jump of [0, DAY_MS, -2 * DAY_MS]) {
      setClock(jump);
      assert.deepEqual(await runs.takeOver(RIVAL, 10), []);
    }
    advance(LEASE_MS);
    assert.equal((await runs.takeOver(RIVAL, 10)).length, 1);
  });

  check("appends that wait behind a fenced one write nothing", async ({ store: { runs }, owner, advance }) => {
    const run = newRun({ owner });
    const stale = await acceptRunning(runs, run);
    await runs.takeOver(RIVAL, 1);
    advance(LEASE_MS);
    assert.equal((await runs.takeOver(RIVAL, 1)).length, 1);
    const late = [1, 2, 3].map((value) => runs.append(stale, [nodeFinished("late", value)], RUNNING));
    for (const append of late) await assert.rejects(append, Fenced);
    assert.equal((await runs.journal(TENANT, run.id)).length, 2);
  });

  check(
    "an append and a take-over at the same moment: either it is in the journal that was taken over, or it is refused",
    async (fixture) => {
      const { store, owner, advance } = fixture;
      await store.runs.takeOver(RIVAL, 1);
      for (let round = 0; round < 40; round++) {
        const run = newRun({ owner });
        const claim = await acceptRunning(store.runs, run);
        await store.runs.takeOver(RIVAL, 1);
        advance(LEASE_MS);
        const appending = () =>
          store.runs.append(claim, [nodeFinished("a", round)], RUNNING).then(
            () => true,
            () => false,
          );
        const taking = () => store.runs.takeOver(RIVAL, 1);
        const [appended, claimed] =
          round % 2 === 0 ? await Promise.all([appending(), taking()]) : (await Promise.all([taking(), appending()])).toReversed();
        assert.ok(Array.isArray(claimed));
        assert.equal(claimed[0]?.entries.length, appended ? 3 : 2);
        assert.equal((await store.runs.journal(TENANT, run.id)).length, appended ? 3 : 2);
        // Ends it, so that the next round has one run to take over; the owner comes back to life.
        await store.runs.append(claimed[0]?.claim ?? assert.fail(), [finished()], SUCCEEDED);
        await store.runs.takeOver(owner, 1);
      }
    },
  );

  check("an unknown owner has nothing to renew", async ({ store: { runs } }) => {
    await assert.rejects(runs.renew("unknown"), LeaseLost);
  });
}
