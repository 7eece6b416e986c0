import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunFilter } from "#store/run-filter";
import type { NewRun, RunStore } from "#store/store";
import { type OpenStore, OTHER_TENANT, TENANT, withStore } from "#store/testing/fixture";
import { AT, acceptEnded, accepted, acceptFailed, acceptRunning, newRun, PENDING } from "#store/testing/runs";

const OTHER_WORKFLOW = "fedcba9876543210fedcba98";
const HOUR_MS = 3_600_000;

export function listSuite(open: OpenStore): void {
  const check = (name: string, body: (runs: RunStore) => Promise<void>) =>
    test(
      name,
      withStore(open, ({ store }) => body(store.runs)),
    );

  check("the list is newest first, in pages, each going on before the last run seen", async (runs) => {
    const all = Array.from({ length: 25 }, () => newRun());
    for (const run of all) await acceptEnded(runs, run);
    const foreign = newRun();
    await runs.accept(OTHER_TENANT, foreign, [accepted(foreign)], PENDING);
    const seen: string[] = [];
    for (let page = await runs.list(TENANT, { limit: 10 }); page.length > 0; ) {
      seen.push(...page.map(({ id }) => id));
      page = await runs.list(TENANT, { limit: 10, before: seen.at(-1) ?? "" });
    }
    assert.deepEqual(seen, all.map(({ id }) => id).toReversed());
  });

  check("runs are listed by what began them, with what else is asked for, and counted up to a limit", async (runs) => {
    const byHand = newRun();
    const scheduled = newRun({ origin: { trigger: "schedule", id: "s1" } });
    const others = newRun({ origin: { trigger: "schedule", id: "s2" }, workflowId: OTHER_WORKFLOW });
    const manual = newRun({ origin: { trigger: "manual", id: null } });
    const draft = newRun({ origin: { trigger: "draft", id: null }, version: "draft-0123456789abcdef" });
    for (const run of [byHand, scheduled, others, manual, draft]) await acceptEnded(runs, run);
    const listed = async (filter: Omit<RunFilter, "limit">) => (await runs.list(TENANT, { limit: 10, ...filter })).map(({ id }) => id);
    assert.deepEqual(await listed({ trigger: "api" }), [byHand.id]);
    assert.deepEqual(await listed({ trigger: "schedule" }), [others.id, scheduled.id]);
    assert.deepEqual(await listed({ trigger: "schedule", workflowId: OTHER_WORKFLOW }), [others.id]);
    assert.deepEqual(await listed({ starterId: "s1" }), [scheduled.id]);
    assert.deepEqual([await listed({ trigger: "manual" }), await listed({ trigger: "draft" })], [[manual.id], [draft.id]]);
    assert.deepEqual((await runs.get(TENANT, null, draft.id))?.origin, { trigger: "draft", id: null });
    assert.deepEqual(await listed({ trigger: "manual", status: "FAILED" }), []);
    assert.deepEqual((await runs.get(TENANT, null, manual.id))?.origin, { trigger: "manual", id: null });
    assert.deepEqual([await runs.count(TENANT, { limit: 3 }), await runs.count(TENANT, { limit: 9, trigger: "schedule" })], [3, 2]);
    assert.equal(await runs.count(OTHER_TENANT, { limit: 9 }), 0);
  });

  check("runs are listed up to a moment, and counted by workflow and duration, without drafts and other tenants", async (runs) => {
    const early = newRun({ acceptedAt: AT });
    const late = newRun({ acceptedAt: AT + HOUR_MS });
    const draft = newRun({ acceptedAt: AT, origin: { trigger: "draft", id: null }, version: "draft-0123456789abcdef" });
    for (const run of [early, late, draft]) await acceptEnded(runs, run);
    const foreign = newRun({ acceptedAt: AT });
    await runs.accept(OTHER_TENANT, foreign, [accepted(foreign)], PENDING);
    const listed = async (until: number) =>
      (await runs.list(TENANT, { limit: 10, until, workflowId: early.workflowId })).map(({ id }) => id);
    assert.ok(!(await listed(AT + HOUR_MS)).includes(late.id) && (await listed(AT + HOUR_MS + 1)).includes(late.id));
    const day = 24 * HOUR_MS;
    const tallies = await runs.tallies(TENANT, AT - day, AT + day);
    assert.equal(
      tallies.reduce((sum, tally) => sum + tally.runs, 0),
      2,
    );
    assert.ok(
      tallies.every(({ workflowId, runs: all, ended, failed }) => workflowId === early.workflowId && ended === all && failed === 0),
    );
    assert.deepEqual([...new Set(tallies.map(({ keyId }) => keyId))], [early.keyId]);
    assert.deepEqual(await runs.tallies(TENANT, AT + 2 * day, AT + 3 * day), []);
  });

  check("every combination of filters gives the runs that it names", async (runs) => {
    const made = await madeOfEveryKind(runs);
    const workflowIds = [undefined, OTHER_WORKFLOW];
    const statuses = [undefined, "PENDING", "RUNNING", "SUCCEED", "FAILED"] as const;
    const users = [undefined, "user-1"];
    const sinces = [undefined, AT + HOUR_MS];
    const befores = [undefined, made[20]?.id];
    let tried = 0;
    for (const workflowId of workflowIds)
      for (const status of statuses)
        for (const userId of users)
          for (const since of sinces)
            for (const before of befores) {
              const filter: RunFilter = {
                limit: 7,
                ...(workflowId && { workflowId }),
                ...(status && { status }),
                ...(userId && { userId }),
                ...(since && { since }),
                ...(before && { before }),
              };
              const expected = made
                .filter((run) => matches(run, filter))
                .map(({ id }) => id)
                .toReversed()
                .slice(0, 7);
              assert.deepEqual(
                (await runs.list(TENANT, filter)).map(({ id }) => id),
                expected,
                JSON.stringify(filter),
              );
              tried += 1;
            }
    assert.equal(tried, 80);
  });

  check("a run whose clock was off by a few hours is still found by the time of its acceptance", async (runs) => {
    const early = newRun({ id: newRun({ acceptedAt: AT - 5 * HOUR_MS }).id, acceptedAt: AT });
    await acceptEnded(runs, early);
    assert.deepEqual(
      (await runs.list(TENANT, { limit: 5, since: AT })).map(({ id }) => id),
      [early.id],
    );
    assert.deepEqual(await runs.list(TENANT, { limit: 5, since: AT + 1 }), []);
  });
}

interface Made extends NewRun {
  readonly status: string;
}

async function madeOfEveryKind(runs: RunStore): Promise<readonly Made[]> {
  const made: Made[] = [];
  for (let index = 0; index < 32; index++) {
    const run = newRun({
      acceptedAt: AT + (index < 16 ? 0 : HOUR_MS),
      ...(index % 2 === 1 && { workflowId: OTHER_WORKFLOW }),
      userId: index % 8 < 4 ? "user-1" : null,
    });
    const status = (["PENDING", "RUNNING", "SUCCEED", "FAILED"] as const)[Math.floor(index / 2) % 4] ?? "PENDING";
    if (status === "PENDING") await runs.accept(TENANT, run, [accepted(run)], PENDING);
    else await { RUNNING: acceptRunning, SUCCEED: acceptEnded, FAILED: acceptFailed }[status](runs, run);
    made.push({ ...run, status });
  }
  return made;
}

function matches(run: Made, { workflowId, status, userId, since, before }: RunFilter): boolean {
  return (
    (workflowId === undefined || run.workflowId === workflowId) &&
    (status === undefined || run.status === status) &&
    (userId === undefined || run.userId === userId) &&
    (since === undefined || run.acceptedAt >= since) &&
    (before === undefined || run.id < before)
  );
}
