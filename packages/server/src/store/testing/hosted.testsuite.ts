import assert from "node:assert/strict";
import { test } from "node:test";
import { Fenced } from "#store/errors";
import { HOSTED } from "#store/hosted-runs";
import type { NewRun, RunStore } from "#store/store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import { AT, acceptEnded, accepted, acceptRunning, finished, newRun, nodeFinished, PENDING, RUNNING, SUCCEEDED } from "#store/testing/runs";

const accept = (runs: RunStore, run: NewRun, tenantId = TENANT) => runs.accept(tenantId, run, [accepted(run)], PENDING);

export function hostedSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("each life takes the run with all that was written, and the one before it writes nothing any more", async ({ store: { runs } }) => {
    const run = newRun({ owner: HOSTED });
    await accept(runs, run);
    const first = await runs.takeHosted(TENANT, run.id);
    assert.ok(first);
    await runs.append(first.claim, [{ type: "run-started", at: AT + 1 }], RUNNING);
    const second = await runs.takeHosted(TENANT, run.id);
    assert.ok(second);
    assert.deepEqual(second.entries, [accepted(run), { type: "run-started", at: AT + 1 }]);
    assert.deepEqual([first.claim.fence, second.claim.fence], [2, 3]);
    await assert.rejects(runs.append(first.claim, [nodeFinished("late", 1)], RUNNING), Fenced);
    await runs.append(second.claim, [finished()], SUCCEEDED);
    assert.equal((await runs.journal(TENANT, run.id)).length, 3);
  });

  check("what has ended, what another tenant has, and what a process drives is not taken", async ({ store: { runs } }) => {
    const [ended, foreign, driven] = [newRun({ owner: HOSTED }), newRun({ owner: HOSTED }), newRun()];
    await acceptEnded(runs, ended);
    await accept(runs, foreign, OTHER_TENANT);
    const claim = await acceptRunning(runs, driven);
    for (const run of [ended, foreign, driven]) assert.equal(await runs.takeHosted(TENANT, run.id), null);
    await runs.append(claim, [finished()], SUCCEEDED);
  });

  check("no process takes them over that drives runs itself", async ({ store: { runs }, owner }) => {
    const [hosted, abandoned] = [newRun({ owner: HOSTED }), newRun({ owner: "gone" })];
    await accept(runs, hosted);
    await accept(runs, abandoned);
    assert.deepEqual(
      (await runs.takeOver(owner, 10)).map(({ run }) => run.id),
      [abandoned.id],
    );
  });

  check("they count as driven, and those that have not begun as late", async ({ store: { runs } }) => {
    await accept(runs, newRun({ owner: HOSTED, acceptedAt: AT }));
    assert.deepEqual(await runs.backlog(), { undriven: 0, unstartedSince: AT });
  });

  check("those that no life ever had are told, oldest first, once they are old enough", async ({ store: { runs } }) => {
    const [young, old, oldest, taken, driven] = [AT + 10, AT + 5, AT, AT, AT].map((acceptedAt) => newRun({ owner: HOSTED, acceptedAt }));
    assert.ok(young && old && oldest && taken && driven);
    for (const run of [young, old, oldest, taken]) await accept(runs, run);
    await acceptRunning(runs, { ...driven, owner: "owner-1" });
    await runs.takeHosted(TENANT, taken.id);
    const told = [oldest, old].map(({ id, acceptedAt }) => ({ tenantId: TENANT, runId: id, acceptedAt, entries: 1 }));
    assert.deepEqual(await runs.unstartedHosted(AT + 10, 10), told);
    assert.deepEqual(await runs.unstartedHosted(AT + 10, 1), told.slice(0, 1));
  });

  check("those are told that were called by a run that has ended, or is gone", async ({ store: { runs } }) => {
    const calledBy = (id: string) => newRun({ owner: HOSTED, origin: { trigger: "workflow", id } });
    const [ended, open] = [newRun({ owner: HOSTED }), newRun({ owner: HOSTED })];
    await acceptEnded(runs, ended);
    await accept(runs, open);
    const [left, wanted, gone, foreign, over] = [ended.id, open.id, "unknown", open.id, ended.id].map(calledBy);
    assert.ok(left && wanted && gone && foreign && over);
    for (const run of [left, wanted, gone]) await accept(runs, run);
    await accept(runs, foreign, OTHER_TENANT);
    await acceptEnded(runs, over);
    // What was retried, or answered to, is nobody's to end.
    await accept(runs, newRun({ owner: HOSTED, origin: { trigger: "retry", id: ended.id } }));
    const told = [left, gone].map(({ id }) => ({ tenantId: TENANT, runId: id }));
    assert.deepEqual(await runs.leftHosted(10), [...told, { tenantId: OTHER_TENANT, runId: foreign.id }]);
    assert.deepEqual(await runs.leftHosted(1), told.slice(0, 1));
  });
}
