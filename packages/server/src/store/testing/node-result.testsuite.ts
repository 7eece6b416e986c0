import assert from "node:assert/strict";
import { test } from "node:test";
import { type NewNodeResult, NODE_RESULTS } from "#store/node-result-store";
import type { Store } from "#store/store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import { AT, acceptEnded, newRun } from "#store/testing/runs";
import { newWorkflow } from "#store/testing/workflow.testsuite";

const WORKFLOW = "0123456789abcdef01234567";
const HOUR_MS = 3_600_000;

function resultOf(key: string, more: Partial<NewNodeResult> = {}): NewNodeResult {
  const at = more.at ?? AT;
  return { workflowId: WORKFLOW, key, runId: "run-1", at, expiresAt: at + HOUR_MS, result: '{"port":"out","output":{}}', ...more };
}

const find = (store: Store, key: string, now = AT + 1) => store.nodeResults.find(TENANT, WORKFLOW, key, now);
const isThere = async (store: Store, key: string) => (await find(store, key)) !== null;

/** All at once: they are one commit, or a few. */
async function keepAll(store: Store, results: readonly NewNodeResult[]): Promise<void> {
  await Promise.all(results.map((result) => store.nodeResults.keep(TENANT, result)));
}

export function nodeResultSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("what is kept is found before it expires, also after a restart; kept again it is replaced", async ({ store, reopen }) => {
    assert.equal(await find(store, "a"), null);
    await store.nodeResults.keep(TENANT, resultOf("a"));
    assert.deepEqual(await find(store, "a", AT + HOUR_MS - 1), { runId: "run-1", at: AT, result: resultOf("a").result });
    assert.equal(await find(store, "a", AT + HOUR_MS), null);
    await store.nodeResults.keep(TENANT, resultOf("a", { runId: "run-2", at: AT + 5, result: '"other"' }));
    const expected = { runId: "run-2", at: AT + 5, result: '"other"' };
    assert.deepEqual([await find(store, "a"), await find(await reopen(), "a", AT + HOUR_MS)], [expected, expected]);
  });

  check("a result is one tenant's, and one workflow's", async ({ store }) => {
    await store.nodeResults.keep(TENANT, resultOf("a"));
    assert.equal(await store.nodeResults.find(OTHER_TENANT, WORKFLOW, "a", AT + 1), null);
    assert.equal(await store.nodeResults.find(TENANT, "another", "a", AT + 1), null);
    await store.nodeResults.keep(OTHER_TENANT, resultOf("a", { result: '"theirs"' }));
    assert.equal((await find(store, "a"))?.result, resultOf("a").result);
  });

  check("results go with the run that made them", async ({ store }) => {
    const [run, other] = [newRun(), newRun()];
    await acceptEnded(store.runs, run);
    await keepAll(store, [resultOf("a", { runId: run.id }), resultOf("b", { runId: run.id }), resultOf("c", { runId: other.id })]);
    assert.equal(await store.upkeep.prune(AT + HOUR_MS, async () => true), 1);
    assert.deepEqual([await isThere(store, "a"), await isThere(store, "b"), await isThere(store, "c")], [false, false, true]);
  });

  check("results go with their workflow", async ({ store }) => {
    const { id } = await store.workflows.create(TENANT, newWorkflow());
    await keepAll(store, [resultOf("a", { workflowId: id }), resultOf("a")]);
    await store.workflows.delete(TENANT, id, AT);
    assert.equal(await store.nodeResults.find(TENANT, id, "a", AT + 1), null);
    assert.equal(await isThere(store, "a"), true);
  });

  check("as many as a tenant may keep are all there; with one more the oldest make room, and another tenant's stay", async ({ store }) => {
    const most = NODE_RESULTS.count;
    const results = Array.from({ length: most }, (_, index) => resultOf(String(index), { at: AT + index }));
    await store.nodeResults.keep(OTHER_TENANT, resultOf("theirs", { at: 0, expiresAt: AT + HOUR_MS }));
    await keepAll(store, results);
    // Replaced, it counts once; and it is the youngest now.
    await store.nodeResults.keep(TENANT, resultOf("1", { at: AT + most }));
    assert.deepEqual([await isThere(store, "0"), await isThere(store, String(most - 1))], [true, true]);
    await store.nodeResults.keep(TENANT, resultOf("more", { at: AT + most + 1 }));
    const there = await Promise.all(["0", "2", "1", "more", String(most - 1)].map((key) => isThere(store, key)));
    assert.deepEqual(there, [false, false, true, true, true]);
    assert.equal((await store.nodeResults.find(OTHER_TENANT, WORKFLOW, "theirs", AT + 1))?.runId, "run-1");
  });

  check("their bytes are bounded too", async ({ store }) => {
    const large = JSON.stringify("x".repeat(NODE_RESULTS.bytesOfOne - 2));
    const most = NODE_RESULTS.bytes / NODE_RESULTS.bytesOfOne;
    for (let index = 0; index < most; index++)
      await store.nodeResults.keep(TENANT, resultOf(String(index), { at: AT + index, result: large }));
    assert.equal(await isThere(store, "0"), true);
    await store.nodeResults.keep(TENANT, resultOf("small", { at: AT + most }));
    assert.deepEqual(
      [await isThere(store, "0"), await isThere(store, String(most - 1)), await isThere(store, "small")],
      [false, true, true],
    );
  });
}
