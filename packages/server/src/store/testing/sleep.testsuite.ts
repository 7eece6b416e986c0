import assert from "node:assert/strict";
import { test } from "node:test";
import { Fenced } from "#store/errors";
import type { Claim, NewRun, RunStore, Sleep } from "#store/store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import { AT, acceptEnded, accepted, acceptRunning, finished, newRun, nodeFinished, PENDING, RUNNING, SUCCEEDED } from "#store/testing/runs";

const PAUSE = { type: "timer" as const, nodeId: "pause", nodeName: "Cool down", since: AT, until: AT + 1_000 };

function sleepUntil(until: number): Sleep {
  return { until, pause: { ...PAUSE, until } };
}

async function fallAsleep(runs: RunStore, run: NewRun, until: number): Promise<Claim> {
  const claim = await acceptRunning(runs, run);
  await runs.append(claim, [nodeFinished("before", 1)], RUNNING);
  await runs.sleep(claim, sleepUntil(until));
  return claim;
}

export function sleepSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("a run that sleeps is nobody's and says how, also after the store was opened again", async (fixture) => {
    const { store, reopen } = fixture;
    const [late, early] = [newRun(), newRun()];
    await fallAsleep(store.runs, late, AT + 2_000);
    await store.runs.sleep(await store.runs.accept(TENANT, early, [accepted(early)], PENDING), { until: AT + 1_000, pause: null });
    for (const current of [async () => store, reopen]) {
      const { runs } = await current();
      assert.deepEqual(await runs.asleep(TENANT, late.id), sleepUntil(AT + 2_000));
      assert.deepEqual(await runs.asleep(TENANT, early.id), { until: AT + 1_000, pause: null });
      assert.equal(await runs.asleep(OTHER_TENANT, late.id), null);
      assert.equal(await runs.nextWakeAt(), AT + 1_000);
      assert.equal(await runs.countUnfinished(), 2);
      // Nobody's it is not: a start takes over what was under way, and lets sleepers sleep.
      assert.deepEqual(await runs.takeOver(fixture.owner, 10), []);
    }
  });

  check("who sleeps is woken once its time has come, soonest first, by one owner, with a new fence", async ({ store: { runs }, owner }) => {
    const times = [5, 1, 4, 2, 3].map((second) => AT + second * 1_000);
    const asleep = times.map((until) => ({ run: newRun(), until }));
    for (const { run, until } of asleep) await fallAsleep(runs, run, until);
    assert.deepEqual(await runs.wake(owner, AT + 999, 10), []);
    const first = await runs.wake(owner, AT + 3_000, 2);
    const rest = await runs.wake(owner, AT + 3_000, 10);
    const byTime = [...asleep].sort((a, b) => a.until - b.until).map(({ run }) => run.id);
    assert.deepEqual(
      [...first, ...rest].map(({ run }) => run.id),
      byTime.slice(0, 3),
    );
    for (const { claim, entries } of [...first, ...rest]) {
      assert.equal(claim.fence, 2);
      assert.equal(entries.length, 3);
      assert.equal(await runs.asleep(TENANT, claim.runId), null);
      await runs.append(claim, [finished()], SUCCEEDED);
    }
    assert.equal(await runs.nextWakeAt(), AT + 4_000);
    assert.deepEqual(await runs.wake(owner, AT + 3_000, 10), []);
  });

  check("a run that sleeps without end is woken by whoever asks for it, and by no time", async ({ store: { runs }, owner }) => {
    const run = newRun();
    await runs.sleep(await acceptRunning(runs, run), { until: null, pause: { ...PAUSE, type: "signal", until: null } });
    assert.equal(await runs.nextWakeAt(), null);
    assert.deepEqual(await runs.wake(owner, Number.MAX_SAFE_INTEGER, 10), []);
    assert.deepEqual(await runs.asleep(TENANT, run.id), { until: null, pause: { ...PAUSE, type: "signal", until: null } });
    assert.equal((await runs.wakeOne(owner, TENANT, run.id))?.run.id, run.id);
  });

  check("one run is woken before its time", async ({ store: { runs }, owner }) => {
    const run = newRun();
    await fallAsleep(runs, run, AT + 1_000_000);
    assert.equal(await runs.wakeOne(owner, OTHER_TENANT, run.id), null);
    assert.equal(await runs.wakeOne(owner, TENANT, newRun().id), null);
    const woken = await runs.wakeOne(owner, TENANT, run.id);
    assert.equal(woken?.claim.fence, 2);
    assert.equal(await runs.wakeOne(owner, TENANT, run.id), null);
    assert.equal(await runs.nextWakeAt(), null);
  });

  check("with its sleep the claim on a run ends, and falling asleep again is another one", async ({ store: { runs }, owner }) => {
    const run = newRun();
    const before = await fallAsleep(runs, run, AT + 1_000);
    await assert.rejects(runs.append(before, [nodeFinished("late", 1)], RUNNING), Fenced);
    const [woken] = await runs.wake(owner, AT + 1_000, 1);
    assert.ok(woken);
    await assert.rejects(runs.append(before, [nodeFinished("late", 1)], RUNNING), Fenced);
    await assert.rejects(runs.sleep(before, sleepUntil(AT + 9_000)), Fenced);
    await runs.append(woken.claim, [nodeFinished("awake", 1)], RUNNING);
    await runs.sleep(woken.claim, sleepUntil(AT + 9_000));
    await assert.rejects(runs.sleep(woken.claim, sleepUntil(AT + 9_000)), Fenced);
    await assert.rejects(runs.append(woken.claim, [nodeFinished("late", 1)], RUNNING), Fenced);
    assert.deepEqual(await runs.asleep(TENANT, run.id), sleepUntil(AT + 9_000));
    assert.deepEqual(
      (await runs.journal(TENANT, run.id)).flatMap((entry) => ("path" in entry ? [entry.path] : [])),
      ["before", "awake"],
    );
  });

  check("a run that has ended does not fall asleep", async ({ store: { runs } }) => {
    const claim = await acceptEnded(runs, newRun());
    await assert.rejects(runs.sleep(claim, sleepUntil(AT + 1_000)), Fenced);
    assert.equal(await runs.nextWakeAt(), null);
  });

  check("a run whose owner died after it woke is taken over like any other", async ({ store, reopen, owner }) => {
    const run = newRun();
    await fallAsleep(store.runs, run, AT + 1_000);
    await store.runs.wake(owner, AT + 1_000, 1);
    const { runs } = await reopen();
    const [claimed] = await runs.takeOver(owner, 10);
    assert.deepEqual([claimed?.run.id, claimed?.claim.fence], [run.id, 3]);
    assert.equal(await runs.nextWakeAt(), null);
  });
}
