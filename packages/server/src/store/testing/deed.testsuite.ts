import assert from "node:assert/strict";
import { test } from "node:test";
import { Deed, type Describe, noteAnswer, noteTarget } from "#deed";
import type { NewDevKey } from "#store/dev-key-store";
import type { Store } from "#store/store";
import { type OpenStore, TENANT, withStore } from "#store/testing/fixture";
import { AT } from "#store/testing/runs";
import { newVersion, newWorkflow } from "#store/testing/workflow.testsuite";

const newKey = (id: string): NewDevKey => ({ id, hash: `hash of ${id}`, name: id, createdAt: AT, expiresAt: null });

const describe: Describe = ({ targets }) => ({
  tenantId: TENANT,
  entry: {
    at: AT,
    actor: { kind: "system", id: null, name: null },
    action: "test",
    targets,
    address: null,
    status: null,
    result: "done",
    requestId: null,
  },
});

/** What a store makes of a deed under way; whoever opens a store of its own kind runs it. */
export function deedSuite(open: OpenStore): void {
  const check = (name: string, body: (store: Store) => Promise<void>) =>
    test(
      name,
      withStore(open, ({ store }) => body(store)),
    );
  const told = async ({ audit }: Store) => (await audit.list(TENANT, { limit: 9 })).map(({ targets }) => targets);

  check("the first change of a deed has its row with it; the ones after it, and changes of nobody, have none", async (store) => {
    await store.devKeys.create(TENANT, newKey("before"));
    const deed = new Deed(describe);
    await deed.carryOut(async () => {
      noteTarget("devKey", "k1");
      await store.devKeys.create(TENANT, newKey("k1"));
      noteTarget("devKey", "k2");
      await store.devKeys.create(TENANT, newKey("k2"));
    });
    assert.deepEqual([await deed.close(), await told(store)], [true, [{ devKey: "k1" }]]);
  });

  check("what changes nothing, or fails, has no row, and leaves it to what comes after", async (store) => {
    await store.devKeys.create(TENANT, newKey("k1"));
    const deed = new Deed(describe);
    await deed.carryOut(async () => {
      assert.equal(await store.devKeys.revoke(TENANT, "absent", AT), false);
      await assert.rejects(store.devKeys.create(TENANT, newKey("k1")));
      assert.deepEqual(await told(store), []);
      assert.equal(await store.devKeys.revoke(TENANT, "k1", AT), true);
    });
    assert.deepEqual([await deed.close(), await told(store)], [true, [{}]]);
  });

  check("of changes at once, one has the row", async (store) => {
    const deed = new Deed(describe);
    await deed.carryOut(() => Promise.all([1, 2, 3].map((n) => store.devKeys.create(TENANT, newKey(`k${n}`)))));
    assert.deepEqual([await deed.close(), (await told(store)).length], [true, 1]);
  });

  check("a change that several deeds ask for has a row of each", async (store) => {
    const deeds = ["k1", "k2"].map((devKey) => {
      const deed = new Deed(describe);
      deed.noteTarget("devKey", devKey);
      return deed;
    });
    await Deed.carryOutAll(deeds, () => store.devKeys.create(TENANT, newKey("k1")));
    assert.deepEqual(await Promise.all(deeds.map((deed) => deed.close())), [true, true]);
    assert.deepEqual((await told(store)).reverse(), [{ devKey: "k1" }, { devKey: "k2" }]);
  });

  check("a deed that is closed is told of by nothing that it still brings about", async (store) => {
    const deed = new Deed(describe);
    assert.equal(await deed.close(), false);
    await deed.carryOut(() => store.devKeys.create(TENANT, newKey("late")));
    assert.deepEqual(await told(store), []);
  });

  check("the name that the store gives is in the row", async (store) => {
    const { id } = await store.workflows.create(TENANT, newWorkflow());
    const copied = newVersion({ a: 1 });
    await store.workflows.publish(TENANT, id, copied);
    const deed = new Deed(describe);
    const copy = { source: "1.0.0", name: null, live: false, note: "", at: AT };
    const version = await deed.carryOut(() => {
      noteAnswer({ is: "target", kind: "version" });
      return store.workflows.copyVersion(TENANT, id, copy);
    });
    assert.deepEqual([await deed.close(), await told(store)], [true, [{ version }]]);
  });
}
