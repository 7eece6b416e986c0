import assert from "node:assert/strict";
import { test } from "node:test";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";

const AT = 1_790_000_000_000;
const COLLECTION = { facts: { connection: "crm", count: 1 }, operations: [{ name: "get", method: "GET" }] };

export function toolSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("what is put is there, also after a restart; put again it is replaced, and keeps when it was made", async ({ store, reopen }) => {
    const row = { name: "crm", facts: COLLECTION.facts, createdAt: AT, updatedAt: AT };
    assert.deepEqual(await store.tools.put(TENANT, "crm", COLLECTION, AT), row);
    assert.deepEqual(await store.tools.list(TENANT), [row]);
    assert.deepEqual(await store.tools.get(TENANT, "crm"), { ...row, operations: COLLECTION.operations });
    const changed = { facts: { connection: "other", count: 0 }, operations: [] };
    const next = await store.tools.put(TENANT, "crm", changed, AT + 1);
    assert.deepEqual(next, { ...row, facts: changed.facts, updatedAt: AT + 1 });
    const after = (await reopen()).tools;
    assert.deepEqual([await after.list(TENANT), await after.get(TENANT, "crm")], [[next], { ...next, operations: [] }]);
  });

  check("lists go by name, and tools are one tenant's", async ({ store }) => {
    for (const name of ["b", "a"]) await store.tools.put(TENANT, name, COLLECTION, AT);
    assert.deepEqual(
      (await store.tools.list(TENANT)).map(({ name }) => name),
      ["a", "b"],
    );
    assert.deepEqual(await store.tools.list(OTHER_TENANT), []);
    assert.equal(await store.tools.get(OTHER_TENANT, "a"), null);
    assert.equal(await store.tools.delete(OTHER_TENANT, "a"), false);
    await store.tools.put(OTHER_TENANT, "a", { facts: {}, operations: [] }, AT);
    assert.deepEqual((await store.tools.get(TENANT, "a"))?.operations, COLLECTION.operations);
  });

  check("what is deleted is gone with its operations, and a second time there is nothing to delete", async ({ store }) => {
    await store.tools.put(TENANT, "a", COLLECTION, AT);
    assert.deepEqual([await store.tools.delete(TENANT, "a"), await store.tools.delete(TENANT, "a")], [true, false]);
    assert.deepEqual([await store.tools.list(TENANT), await store.tools.get(TENANT, "a")], [[], null]);
  });
}
