import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreClosed } from "#store/errors";
import type { Change } from "#store/store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import { newKey } from "#store/testing/key.testsuite";
import { AT, acceptRunning, newRun, nodeFinished, RUNNING } from "#store/testing/runs";
import { newVersion, newWorkflow } from "#store/testing/workflow.testsuite";

export function storeWideSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("a watcher is told of every change of a workflow or a key, when it can be read, and of nothing else", async ({ store }) => {
    const changes: Change[] = [];
    const stop = store.watch((change) => changes.push(change));
    const told = (kind: Change["kind"], id: string): void => assert.deepEqual(changes.splice(0), [{ kind, id }]);
    const { id } = await store.workflows.create(TENANT, newWorkflow());
    told("workflow", id);
    await store.workflows.saveDraft(TENANT, id, { name: "renamed", document: {}, at: AT });
    told("workflow", id);
    await store.workflows.publish(TENANT, id, newVersion({ a: 1 }));
    told("workflow", id);
    await store.workflows.publish(TENANT, id, newVersion({ a: 1 }));
    assert.deepEqual(changes, [], "the same document changes nothing");
    await store.workflows.promote(TENANT, id, "1.0.0", AT);
    told("workflow", id);
    await store.workflows.setApiEnabled(TENANT, id, true, AT);
    told("workflow", id);
    await assert.rejects(store.workflows.delete(OTHER_TENANT, id, AT));
    assert.deepEqual(changes, [], "a refusal changes nothing");
    const key = newKey({ id: "k", workflowIds: null });
    await store.keys.create(TENANT, key);
    told("key", "k");
    await store.keys.touch([{ id: "k", at: AT, from: "10.0.0.4" }]);
    await acceptRunning(store.runs, newRun());
    assert.deepEqual(changes, [], "nothing to forget");
    await store.keys.revoke(TENANT, "k", AT);
    told("key", "k");
    await store.keys.revoke(TENANT, "k", AT);
    assert.deepEqual(changes, []);
    await store.workflows.delete(TENANT, id, AT);
    told("workflow", id);
    stop();
    await store.workflows.create(TENANT, newWorkflow());
    assert.deepEqual(changes, [], "no longer told");
  });

  check("a watcher that throws harms neither the change nor the other watchers", async ({ store }) => {
    const changes: Change[] = [];
    store.watch(() => {
      throw new Error("from a watcher");
    });
    store.watch((change) => changes.push(change));
    await store.workflows.create(TENANT, newWorkflow());
    assert.equal(changes.length, 1);
  });

  check("a healthy store takes writes", async ({ store }) => {
    await store.check();
  });

  check("what was queued when the store closes is written; what comes later is refused", async ({ store, reopen }) => {
    const run = newRun();
    const claim = await acceptRunning(store.runs, run);
    const last = store.runs.append(claim, [nodeFinished("last", 1)], RUNNING);
    const reopened = reopen();
    await last;
    await assert.rejects(store.runs.append(claim, [nodeFinished("late", 1)], RUNNING), StoreClosed);
    await assert.rejects(store.check(), StoreClosed);
    const later = await reopened;
    await assert.rejects(store.runs.get(TENANT, null, run.id), StoreClosed);
    await assert.rejects(store.runs.list(TENANT, { limit: 1 }), StoreClosed);
    assert.equal((await later.runs.journal(TENANT, run.id)).length, 3);
  });
}
