import assert from "node:assert/strict";
import { test } from "node:test";
import type { BulkJobRow, BulkProgress } from "#store/bulk-store";
import type { Store } from "#store/store";
import { type OpenStore, OTHER_TENANT, TENANT, withStore } from "#store/testing/fixture";
import { AT } from "#store/testing/runs";

let made = 0;

function newJob(values: Partial<BulkJobRow> = {}): BulkJobRow {
  made += 1;
  const definition = { action: "replay", filter: { status: "FAILED", workflowId: "w" }, from: "failed", version: "same" } as const;
  const counts = { matched: 9, done: 0, failed: 0, lastError: null };
  const id = `7${made.toString(16).padStart(23, "0")}`;
  return { ...definition, ...counts, id, state: "running", beforeRun: "run-9", createdAt: AT + made, updatedAt: AT, ...values };
}

const progress: BulkProgress = { beforeRun: "run-5", done: 3, failed: 1, lastError: "no", isDone: false, at: AT + 5 };

export function bulkSuite(open: OpenStore): void {
  const check = (name: string, body: (store: Store) => Promise<void>) =>
    test(
      name,
      withStore(open, ({ store }) => body(store)),
    );

  check("a job is read as it was made, and as far as it is, by its tenant alone", async ({ jobs }) => {
    const job = newJob();
    await jobs.create(TENANT, job);
    assert.deepEqual(await jobs.get(TENANT, job.id), job);
    assert.deepEqual(await jobs.running(), [{ ...job, tenantId: TENANT }]);
    await jobs.advance(TENANT, job.id, progress);
    const { isDone: _, at: updatedAt, ...counts } = progress;
    assert.deepEqual(await jobs.get(TENANT, job.id), { ...job, ...counts, updatedAt });
    await jobs.advance(TENANT, job.id, { ...progress, isDone: true });
    assert.deepEqual([(await jobs.get(TENANT, job.id))?.state, await jobs.running()], ["done", []]);
    assert.deepEqual([await jobs.get(OTHER_TENANT, job.id), await jobs.stop(OTHER_TENANT, job.id, AT)], [null, false]);
    await jobs.advance(OTHER_TENANT, job.id, progress);
  });

  check("one that is stopped stays so, what it had begun is still counted; one that has ended stays as it is", async ({ jobs }) => {
    const [stopped, done] = [newJob(), newJob()];
    for (const job of [stopped, done]) await jobs.create(TENANT, job);
    assert.equal(await jobs.stop(TENANT, stopped.id, AT + 1), true);
    await jobs.advance(TENANT, stopped.id, { ...progress, isDone: true });
    const row = await jobs.get(TENANT, stopped.id);
    assert.deepEqual([row?.state, row?.done], ["stopped", 3]);
    await jobs.advance(TENANT, done.id, { ...progress, isDone: true });
    assert.equal(await jobs.stop(TENANT, done.id, AT + 9), true);
    assert.equal((await jobs.get(TENANT, done.id))?.state, "done");
  });

  check("the newest hundred of those that ended are kept, and all that run", async ({ jobs }) => {
    const running = newJob();
    await jobs.create(TENANT, running);
    const ended = Array.from({ length: 101 }, () => newJob({ state: "done" }));
    for (const job of ended) await jobs.create(TENANT, job);
    assert.equal(await jobs.get(TENANT, ended[0]?.id ?? ""), null);
    const listed = await jobs.list(TENANT, { limit: 200 });
    assert.deepEqual([listed.length, listed[0]?.id, listed.at(-1)?.id], [101, ended.at(-1)?.id, running.id]);
    assert.deepEqual(await jobs.list(TENANT, { limit: 1, before: ended[50]?.id ?? "" }), [ended[49]]);
    assert.deepEqual(await jobs.list(OTHER_TENANT, { limit: 9 }), []);
  });
}
