import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "@millrace/engine";
import { Fenced } from "#store/errors";
import type { RunSummary } from "#store/store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import {
  AT,
  acceptEnded,
  accepted,
  acceptFailed,
  acceptRunning,
  FAILED,
  failed,
  finished,
  newRun,
  nodeFinished,
  PENDING,
  RUNNING,
  SUCCEEDED,
} from "#store/testing/runs";

export function runSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("an accepted run has its row, its contents and its journal, also after the store was opened again", async ({ store, reopen }) => {
    const run = newRun({ userId: "user-1", keyId: "key-1" });
    const { owner: _, ...identity } = run;
    const entries = [accepted(run, { topic: "AI" })];
    const claim = await store.runs.accept(TENANT, run, entries, PENDING);
    assert.deepEqual([claim.tenantId, claim.runId, claim.fence], [TENANT, run.id, 1]);
    for (const current of [async () => store, reopen]) {
      const { runs } = await current();
      assert.deepEqual(await runs.get(TENANT, null, run.id), { ...identity, ...PENDING });
      assert.deepEqual(await runs.view(TENANT, run.workflowId, run.id), {
        ...identity,
        ...PENDING,
        input: { topic: "AI" },
        output: null,
        error: null,
      });
      assert.deepEqual(await runs.journal(TENANT, run.id), entries);
      assert.equal(await runs.countUnfinished(), 1);
    }
  });

  check("a run that ended at once is one segment, and is read back whole", async ({ store: { runs } }) => {
    const run = newRun();
    const { owner: _, ...identity } = run;
    const output = { news: "none" };
    const entries: Entry[] = [accepted(run), { type: "run-started", at: AT + 1 }, nodeFinished("end", output), finished(output)];
    await runs.accept(TENANT, run, entries, SUCCEEDED);
    assert.deepEqual(await runs.view(TENANT, null, run.id), { ...identity, ...SUCCEEDED, input: { topic: "AI" }, output, error: null });
    assert.deepEqual(await runs.journal(TENANT, run.id), entries);
    assert.equal(await runs.countUnfinished(), 0);
  });

  check("a journal is read from any entry on, an append at a time", async ({ store: { runs } }) => {
    const run = newRun();
    const claim = await acceptRunning(runs, run);
    await runs.append(claim, [nodeFinished("a", 1), nodeFinished("b", "x".repeat(100_000)), nodeFinished("c", 3)], RUNNING);
    await runs.append(claim, [nodeFinished("d", 4)], RUNNING);
    const appends = [
      { seq: 0, end: 2 },
      { seq: 2, end: 5 },
      { seq: 5, end: 6 },
    ];
    const whole = await runs.journal(TENANT, run.id);
    for (let from = 0; from <= whole.length + 1; from++) {
      const parts = await collect(runs.journalFrom(TENANT, run.id, from));
      assert.deepEqual(
        parts.flatMap(({ entries }) => entries),
        whole.slice(from),
      );
      assert.deepEqual(
        parts.map(({ seq }) => seq),
        appends.filter((append) => append.end > from).map((append) => Math.max(append.seq, from)),
      );
    }
    assert.deepEqual(await collect(runs.journalFrom(OTHER_TENANT, run.id, 0)), []);
    assert.deepEqual(await collect(runs.journalFrom(TENANT, newRun().id, 0)), []);
  });

  check("appended entries follow in order, and the row follows the summary", async ({ store, reopen }) => {
    const run = newRun();
    const claim = await acceptRunning(store.runs, run);
    const parts: Entry[][] = [[nodeFinished("a", 1), nodeFinished("b", 2)], [nodeFinished("c", 3)], [failed()]];
    await store.runs.append(claim, parts[0] ?? [], { ...RUNNING, executionMs: 5, totalCost: 0.5, totalTokens: 7 });
    assert.deepEqual(
      [(await store.runs.get(TENANT, null, run.id))?.executionMs, (await store.runs.get(TENANT, null, run.id))?.totalCost],
      [5, 0.5],
    );
    await store.runs.append(claim, parts[1] ?? [], RUNNING);
    assert.equal(await store.runs.countUnfinished(), 1);
    await store.runs.append(claim, parts[2] ?? [], FAILED);
    for (const current of [async () => store, reopen]) {
      const { runs } = await current();
      assert.deepEqual(await runs.journal(TENANT, run.id), [accepted(run), { type: "run-started", at: AT + 1 }, ...parts.flat()]);
      const view = await runs.view(TENANT, null, run.id);
      assert.deepEqual(view?.input, { topic: "AI" });
      assert.equal(view?.output, null);
      assert.deepEqual(view?.error, { code: 502, type: "http_503", message: "The server is away.", nodeId: "fetch", nodeName: "Fetch" });
      assert.deepEqual([view?.status, view?.errorType, view?.endedAt], ["FAILED", "http_503", AT + 10]);
      assert.equal(await runs.countUnfinished(), 0);
    }
  });

  check("a run that has ended refuses every append and never changes", async ({ store: { runs } }) => {
    for (const accept of [acceptEnded, acceptFailed]) {
      const run = newRun();
      const claim = await accept(runs, run);
      const before = [await runs.view(TENANT, null, run.id), await runs.journal(TENANT, run.id)];
      await assert.rejects(runs.append(claim, [nodeFinished("late", 1)], RUNNING), Fenced);
      await assert.rejects(runs.append(claim, [finished({ other: true })], SUCCEEDED), Fenced);
      assert.deepEqual([await runs.view(TENANT, null, run.id), await runs.journal(TENANT, run.id)], before);
    }
  });

  check("a run that ended by an append refuses the next one", async ({ store: { runs } }) => {
    const run = newRun();
    const claim = await acceptRunning(runs, run);
    await runs.append(claim, [finished()], SUCCEEDED);
    await assert.rejects(runs.append(claim, [failed()], FAILED), Fenced);
    assert.equal((await runs.view(TENANT, null, run.id))?.status, "SUCCEED");
  });

  check("appends of one claim are written in the order of their calls", async ({ store: { runs } }) => {
    const run = newRun();
    const claim = await acceptRunning(runs, run);
    await Promise.all(Array.from({ length: 50 }, (_, index) => runs.append(claim, [nodeFinished("n", index)], RUNNING)));
    const outputs = (await runs.journal(TENANT, run.id)).flatMap((entry) => (entry.type === "node-finished" ? [entry.output] : []));
    assert.deepEqual(
      outputs,
      Array.from({ length: 50 }, (_, index) => index),
    );
  });

  check("many runs written at once do not mix", async ({ store: { runs } }) => {
    const all = Array.from({ length: 300 }, () => newRun());
    await Promise.all(
      all.map(async (run, index) => {
        const claim = await acceptRunning(runs, run, { index });
        await runs.append(claim, [nodeFinished("n", index)], RUNNING);
        if (index % 2 === 0) await runs.append(claim, [finished({ index })], SUCCEEDED);
      }),
    );
    for (const [index, run] of all.entries()) {
      const view = await runs.view(TENANT, null, run.id);
      assert.deepEqual(view?.input, { index });
      assert.deepEqual(view?.output, index % 2 === 0 ? { index } : null);
      assert.deepEqual((await runs.journal(TENANT, run.id)).at(2), nodeFinished("n", index));
    }
    assert.equal(await runs.countUnfinished(), 150);
  });

  check("an operation that fails, fails alone", async ({ store: { runs } }) => {
    const ended = newRun();
    const stale = await acceptEnded(runs, ended);
    const good = [newRun(), newRun(), newRun()];
    const [first, second, third] = good.map((run) => acceptRunning(runs, run));
    const late = runs.append(stale, [nodeFinished("late", 1)], RUNNING);
    const twice = acceptRunning(runs, ended);
    await Promise.all([assert.rejects(late, Fenced), assert.rejects(twice), first, second, third]);
    for (const run of good) assert.equal((await runs.journal(TENANT, run.id)).length, 2);
    assert.equal((await runs.journal(TENANT, ended.id)).length, 2);
  });

  check("a run exists once, and the second acceptance changes nothing", async ({ store: { runs } }) => {
    const run = newRun();
    await acceptRunning(runs, run, { first: true });
    await assert.rejects(acceptEnded(runs, run, { first: false }));
    const view = await runs.view(TENANT, null, run.id);
    assert.deepEqual([view?.status, view?.input], ["RUNNING", { first: true }]);
  });

  check("an entry and a summary that disagree are refused before anything is written", async ({ store: { runs } }) => {
    const run = newRun();
    const refuse = (entries: readonly Entry[], summary: RunSummary) =>
      assert.rejects(runs.accept(TENANT, run, entries, summary), TypeError);
    await refuse([], PENDING);
    await refuse([finished()], SUCCEEDED);
    await refuse([accepted(newRun())], PENDING);
    await refuse([accepted(run)], SUCCEEDED);
    await refuse([accepted(run), finished()], RUNNING);
    await refuse([accepted(run), finished()], FAILED);
    await refuse([accepted(run), finished()], { ...SUCCEEDED, endedAt: null });
    await refuse([accepted(run)], { ...PENDING, endedAt: AT });
    assert.equal(await runs.get(TENANT, null, run.id), null);
    const claim = await acceptRunning(runs, run);
    await assert.rejects(runs.append(claim, [], RUNNING), TypeError);
    await assert.rejects(runs.append(claim, [nodeFinished("a", 1)], SUCCEEDED), TypeError);
    await assert.rejects(runs.append({ tenantId: TENANT, runId: run.id, fence: 1 }, [nodeFinished("a", 1)], RUNNING), TypeError);
    assert.equal((await runs.journal(TENANT, run.id)).length, 2);
  });

  check("a workflow's run is unknown to another workflow, and to another tenant", async ({ store: { runs } }) => {
    const run = newRun();
    await acceptRunning(runs, run);
    assert.equal(await runs.get(TENANT, "another", run.id), null);
    assert.equal(await runs.view(TENANT, "another", run.id), null);
    assert.equal(await runs.get(OTHER_TENANT, null, run.id), null);
    assert.equal(await runs.view(OTHER_TENANT, run.workflowId, run.id), null);
    assert.deepEqual(await runs.journal(OTHER_TENANT, run.id), []);
    assert.deepEqual(await runs.list(OTHER_TENANT, { limit: 10 }), []);
    assert.equal(await runs.view(TENANT, null, "unknown"), null);
    assert.deepEqual(await runs.journal(TENANT, "unknown"), []);
  });

  check("repeated reads of an ended run are the same to the byte", async ({ store, reopen }) => {
    const run = newRun();
    await acceptEnded(store.runs, run, { b: 1, a: { z: [1, 2, { y: null }] } }, { second: 2, first: 1 });
    const texts = new Set<string>();
    const read = async ({ runs }: typeof store) =>
      texts.add(JSON.stringify([await runs.view(TENANT, null, run.id), await runs.journal(TENANT, run.id)]));
    for (let count = 0; count < 20; count++) await read(store);
    await read(await reopen());
    assert.equal(texts.size, 1);
  });
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}
