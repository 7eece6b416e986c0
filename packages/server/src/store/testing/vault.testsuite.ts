import assert from "node:assert/strict";
import { test } from "node:test";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";

const AT = 1_790_000_000_000;
const CONTENTS = { facts: { provider: "openai", hosts: ["api.openai.com"] }, sealed: "c2VhbGVk" };
const AGAIN = { facts: {}, sealed: null };

export function vaultSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("what is put is there, also after a restart; put again it keeps when it was made and used", async ({ store, reopen }) => {
    const row = { name: "API_KEY", ...CONTENTS, createdAt: AT, updatedAt: AT, lastUsedAt: null };
    assert.deepEqual(await store.vault.put(TENANT, "secret", "API_KEY", CONTENTS, AT), row);
    assert.deepEqual(await store.vault.get(TENANT, "secret", "API_KEY"), row);
    await store.vault.touch(TENANT, "secret", "API_KEY", AT + 5);
    await store.vault.touch(TENANT, "secret", "API_KEY", AT + 4);
    const changed = { ...row, ...AGAIN, updatedAt: AT + 9, lastUsedAt: AT + 5 };
    assert.deepEqual(await store.vault.put(TENANT, "secret", "API_KEY", AGAIN, AT + 9), changed);
    assert.deepEqual(await (await reopen()).vault.get(TENANT, "secret", "API_KEY"), changed);
  });

  check("a name is one tenant's, and one kind's", async ({ store }) => {
    await store.vault.put(TENANT, "secret", "openai", CONTENTS, AT);
    assert.equal(await store.vault.get(OTHER_TENANT, "secret", "openai"), null);
    assert.equal(await store.vault.get(TENANT, "connection", "openai"), null);
    assert.equal(await store.vault.delete(OTHER_TENANT, "secret", "openai"), false);
    await store.vault.touch(OTHER_TENANT, "secret", "openai", AT + 1);
    await store.vault.put(OTHER_TENANT, "secret", "openai", AGAIN, AT + 1);
    assert.deepEqual(
      (await store.vault.list(TENANT, "secret")).map(({ sealed, lastUsedAt }) => [sealed, lastUsedAt]),
      [[CONTENTS.sealed, null]],
    );
  });

  check("lists go by name", async ({ store }) => {
    for (const name of ["b", "a", "C"]) await store.vault.put(TENANT, "connection", name, CONTENTS, AT);
    assert.deepEqual(
      (await store.vault.list(TENANT, "connection")).map(({ name }) => name),
      ["C", "a", "b"],
    );
    assert.deepEqual(await store.vault.list(TENANT, "secret"), []);
  });

  check("what is deleted is gone, and a second time there is nothing to delete", async ({ store }) => {
    await store.vault.put(TENANT, "secret", "a", CONTENTS, AT);
    assert.equal(await store.vault.delete(TENANT, "secret", "a"), true);
    assert.equal(await store.vault.delete(TENANT, "secret", "a"), false);
    assert.equal(await store.vault.get(TENANT, "secret", "a"), null);
  });

  check("the first fingerprint of a key is kept", async ({ store, reopen }) => {
    assert.equal(await store.vault.keyFingerprint(), null);
    assert.equal(await store.vault.keepKeyFingerprint("one"), "one");
    assert.equal(await store.vault.keepKeyFingerprint("two"), "one");
    assert.equal(await (await reopen()).vault.keyFingerprint(), "one");
  });
}
