import assert from "node:assert/strict";
import { test } from "node:test";
import { Fenced } from "#store/errors";
import type { SuspectedRun, SuspectStore } from "#store/store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import { accepted, acceptRunning, finished, newRun, nodeFinished, PENDING, RUNNING, SUCCEEDED } from "#store/testing/runs";

const ASIDE_FROM = 2;
const NONE_WAIT = { from: 5, below: 5 };

async function taken(runs: SuspectStore, owner: string): Promise<SuspectedRun> {
  const suspected = await runs.takeAside(owner, NONE_WAIT);
  return suspected && suspected !== "waiting" ? suspected : assert.fail(String(suspected));
}

export function suspectSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("a run is orphaned where its owner did not resign before", async ({ store, owner, reopen }) => {
    await acceptRunning(store.runs, newRun({ owner }));
    const second = await reopen();
    assert.deepEqual(
      (await second.runs.takeOver(owner, 10)).map(({ orphaned }) => orphaned),
      [true],
    );
    await second.runs.resign(owner);
    const third = await reopen();
    assert.deepEqual(
      (await third.runs.takeOver(owner, 10)).map(({ orphaned }) => orphaned),
      [false],
    );
  });

  check("an owner gives back what it has, under its newest claims, for no reason or as what it died of", async ({ store, owner }) => {
    const { runs } = store;
    const [ended, lost, died] = [newRun({ owner }), newRun({ owner }), newRun({ owner })];
    await runs.append(await acceptRunning(runs, ended), [finished()], SUCCEEDED);
    const claims = [await acceptRunning(runs, lost), await acceptRunning(runs, died)];
    const had = (await runs.owned(owner)).map(({ runId, fence }) => [runId, fence]);
    assert.deepEqual(had.sort(), [lost, died].map(({ id }) => [id, 1]).sort());
    await runs.giveBack(claims.slice(0, 1), { orphaned: false });
    await runs.giveBack(claims.slice(1), { orphaned: true });
    assert.deepEqual(await runs.owned(owner), []);
    const taken = new Map((await runs.takeOver(owner, 10)).map(({ run: { id }, orphaned }) => [id, orphaned]));
    assert.deepEqual([taken.get(lost.id), taken.get(died.id)], [false, true]);
    await runs.giveBack(claims, { orphaned: false });
    assert.equal((await runs.owned(owner)).length, 2, "the claims are not the newest any more");
  });

  check("a death that nobody has counted yet is counted once, after however many starts", async ({ store, owner, reopen }) => {
    await acceptRunning(store.runs, newRun({ owner }));
    await reopen();
    const later = await reopen();
    assert.deepEqual(
      (await later.runs.takeOver(owner, 10)).map(({ orphaned }) => orphaned),
      [true],
    );
  });

  check("deaths are counted in a row: another progress begins anew, and every run has a count of its own", async ({ store, owner }) => {
    const { runs } = store;
    const claim = await acceptRunning(runs, newRun({ owner }));
    const foreign = newRun({ owner });
    const other = await runs.accept(OTHER_TENANT, foreign, [accepted(foreign)], PENDING);
    assert.deepEqual(await runs.suspect([{ claim, progress: 2 }], 9), [1]);
    assert.deepEqual(
      await runs.suspect(
        [
          { claim, progress: 2 },
          { claim: other, progress: 2 },
        ],
        9,
      ),
      [2, 1],
    );
    assert.deepEqual(await runs.suspect([{ claim, progress: 3 }], 9), [1]);
    await runs.append(claim, [nodeFinished("a", 1)], RUNNING);
  });

  check(
    "what is set aside belongs to nobody, over restarts too, and is taken one by one, oldest first",
    async ({ store, owner, reopen }) => {
      const both = [newRun({ owner }), newRun({ owner })];
      const claims = [];
      for (const run of both) claims.push(await acceptRunning(store.runs, run));
      const suspects = claims.map((claim) => ({ claim, progress: 2 }));
      await store.runs.suspect(suspects, ASIDE_FROM);
      assert.equal(await store.runs.takeAside(owner, NONE_WAIT), null);
      await store.runs.suspect(suspects, ASIDE_FROM);
      const { runs } = await reopen();
      assert.deepEqual(await runs.takeOver(owner, 10), []);
      const first = await taken(runs, owner);
      assert.deepEqual([first.run.id, first.deaths, first.orphaned], [both[0]?.id, 2, false]);
      await runs.append(first.claim, [finished()], SUCCEEDED);
      const again = await taken((await reopen()).runs, owner);
      assert.equal(again.run.id, both[1]?.id);
    },
  );

  check("those with as many deaths as wait are left aside, whatever their age", async ({ store, owner }) => {
    const { runs } = store;
    const [patient, early, given] = [newRun({ owner }), newRun({ owner }), newRun({ owner })];
    const deaths = new Map([
      [patient, 3],
      [early, 2],
      [given, 5],
    ]);
    for (const [run, count] of deaths) {
      const claim = await acceptRunning(runs, run);
      for (let n = 1; n <= count; n++) await runs.suspect([{ claim, progress: 2 }], count);
    }
    const takenWhile = async (from: number) => {
      const taken = await runs.takeAside(owner, { from, below: 5 });
      return taken && taken !== "waiting" ? taken.run.id : taken;
    };
    assert.deepEqual(
      [await takenWhile(3), await takenWhile(3), await takenWhile(3), await takenWhile(4), await takenWhile(5)],
      [early.id, given.id, "waiting", patient.id, null],
    );
  });

  check("a run whose claim is not the newest is not set aside", async ({ store, owner, reopen }) => {
    const run = newRun({ owner });
    const claim = await acceptRunning(store.runs, run);
    const { runs } = await reopen();
    const [claimed] = await runs.takeOver(owner, 1);
    await assert.rejects(runs.suspect([{ claim, progress: 2 }], 1), Fenced);
    assert.equal(await runs.takeAside(owner, NONE_WAIT), null);
    await runs.append(claimed?.claim ?? assert.fail(), [finished()], SUCCEEDED);
    assert.equal((await runs.get(TENANT, null, run.id))?.status, "SUCCEED");
  });
}
