import assert from "node:assert/strict";
import { test } from "node:test";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import {
  AT,
  acceptEnded,
  accepted,
  acceptFailed,
  acceptRunning,
  finished,
  newRun,
  nodeFinished,
  RUNNING,
  SUCCEEDED,
} from "#store/testing/runs";
import { newVersion, newWorkflow } from "#store/testing/workflow.testsuite";

const onAndOn = async (): Promise<boolean> => true;

/** Behind the end of every run that began at AT. */
const LATER = AT + 60_000;

export function upkeepSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("runs that ended before are gone with all that belongs to them, of every tenant; the others stay", async ({ store, reopen }) => {
    const { runs, upkeep } = store;
    const old = [newRun(), newRun(), newRun()];
    for (const run of old) await acceptEnded(runs, run);
    const bad = newRun();
    await acceptFailed(runs, bad);
    const foreign = newRun();
    await runs.accept(OTHER_TENANT, foreign, [accepted(foreign), finished()], SUCCEEDED);
    const unfinished = newRun();
    await acceptRunning(runs, unfinished);
    const young = newRun({ acceptedAt: LATER });
    await runs.accept(TENANT, young, [accepted(young), finished({}, LATER)], { ...SUCCEEDED, startedAt: LATER, endedAt: LATER });
    assert.equal(await upkeep.prune(AT + 10, onAndOn), 0, "at that moment is not before it");
    assert.equal(await upkeep.prune(LATER, onAndOn), 5);
    assert.equal(await upkeep.prune(LATER, onAndOn), 0);
    for (const current of [async () => store, reopen]) {
      const { runs: now } = await current();
      for (const { id } of [...old, bad]) assert.deepEqual([await now.get(TENANT, null, id), await now.journal(TENANT, id)], [null, []]);
      assert.equal(await now.view(OTHER_TENANT, foreign.workflowId, foreign.id), null);
      assert.deepEqual(
        (await now.list(TENANT, { limit: 10 })).map(({ id }) => id),
        [young.id, unfinished.id],
      );
      assert.equal((await now.journal(TENANT, unfinished.id)).length, 2);
    }
  });

  check("a draft goes with the last of its runs, unless it was kept since", async ({ store: { workflows, runs, upkeep } }) => {
    const { id: workflowId } = await workflows.create(TENANT, newWorkflow());
    const kept = async (text: string, at: number) => workflows.keepDraft(TENANT, workflowId, newVersion({ text }, { at }));
    const [gone, used, again] = [await kept("gone", AT), await kept("used", AT), await kept("again", AT)];
    for (const version of [gone, gone, used, again]) await acceptEnded(runs, newRun({ workflowId, version }));
    const young = newRun({ workflowId, version: used, acceptedAt: LATER });
    await runs.accept(TENANT, young, [accepted(young)], RUNNING);
    await kept("again", LATER);
    assert.equal(await upkeep.prune(LATER, onAndOn), 4);
    const left = await Promise.all([gone, used, again].map((version) => workflows.version(TENANT, workflowId, version)));
    assert.deepEqual(
      left.map((draft) => draft?.version ?? null),
      [null, used, again],
    );
  });

  check("its Idempotency-Key is free again", async ({ store: { runs, upkeep } }) => {
    const run = newRun();
    const once = { keyId: "key-1", key: "order-1", requestHash: "aa", at: AT, forgottenAt: LATER + 1 };
    await runs.accept(TENANT, run, [accepted(run), finished()], SUCCEEDED, { once });
    assert.equal((await runs.acceptedUnder(TENANT, "key-1", "order-1", AT))?.runId, run.id);
    await upkeep.prune(LATER, onAndOn);
    assert.equal(await runs.acceptedUnder(TENANT, "key-1", "order-1", AT), null);
  });

  check("a run that ended late is kept from its end on, however early it began", async ({ store: { runs, upkeep } }) => {
    const run = newRun();
    const claim = await acceptRunning(runs, run);
    await runs.append(claim, [finished({}, LATER)], { ...SUCCEEDED, endedAt: LATER });
    assert.equal(await upkeep.prune(LATER, onAndOn), 0);
    assert.equal(await upkeep.prune(LATER + 1, onAndOn), 1);
  });

  check("it goes on when it may, and what was not deleted is deleted the next time", async ({ store: { runs, upkeep } }) => {
    const count = 1_200;
    await Promise.all(Array.from({ length: count }, () => acceptEnded(runs, newRun())));
    const first = await upkeep.prune(LATER, async () => false);
    assert.ok(first > 0 && first < count, `${first} in one slice`);
    const left = await runs.list(TENANT, { limit: count });
    assert.equal(left.length, count - first);
    let slices = 1;
    const counting = async () => {
      slices += 1;
      // Others write between two slices.
      await acceptRunning(runs, newRun());
      return true;
    };
    assert.equal(await upkeep.prune(LATER, counting), count - first);
    assert.equal(await runs.countUnfinished(), slices - 1);
  });

  check("a journal that is longer than a slice goes in several", async ({ store: { runs, upkeep } }) => {
    const run = newRun();
    const claim = await acceptRunning(runs, run);
    await Promise.all(Array.from({ length: 5_000 }, (_, index) => runs.append(claim, [nodeFinished(`n${index}`, "v")], RUNNING)));
    await runs.append(claim, [finished()], SUCCEEDED);
    assert.equal(await upkeep.prune(LATER, onAndOn), 1);
    assert.equal(await runs.get(TENANT, null, run.id), null);
    assert.equal(await upkeep.sweep(LATER, onAndOn), 0, "nothing is left of it");
    await upkeep.shrink(onAndOn);
  });
}
