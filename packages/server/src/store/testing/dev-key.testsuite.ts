import assert from "node:assert/strict";
import { test } from "node:test";
import type { NewDevKey } from "#store/dev-key-store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import { AT } from "#store/testing/runs";

let made = 0;

function newDevKey(values: Partial<NewDevKey> = {}): NewDevKey {
  made += 1;
  const id = `dev${made}`;
  return { id, hash: `hash of ${id}`, name: id, createdAt: AT + made, expiresAt: null, ...values };
}

export function devKeySuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("a key is found by its hash, which nobody gets back, also after a restart", async ({ store, reopen }) => {
    const { hash, ...given } = newDevKey({ expiresAt: AT + 500 });
    const expected = { ...given, tenantId: TENANT, revokedAt: null };
    assert.deepEqual(await store.devKeys.create(TENANT, { ...given, hash }), expected);
    const { devKeys } = await reopen();
    assert.deepEqual(await devKeys.findByHash(hash), expected);
    assert.equal(await devKeys.findByHash("unknown"), null);
  });

  check("the list is newest first, revoked keys included, and one tenant's", async ({ store: { devKeys } }) => {
    const [first, second] = [newDevKey(), newDevKey()];
    for (const key of [first, second]) await devKeys.create(TENANT, key);
    await devKeys.create(OTHER_TENANT, newDevKey());
    assert.equal(await devKeys.revoke(TENANT, first.id, AT + 50), true);
    assert.deepEqual(
      (await devKeys.list(TENANT)).map(({ id, revokedAt }) => [id, revokedAt]),
      [
        [second.id, null],
        [first.id, AT + 50],
      ],
    );
  });

  check("a key is revoked once, and by its tenant alone", async ({ store: { devKeys } }) => {
    const key = newDevKey();
    await devKeys.create(TENANT, key);
    assert.equal(await devKeys.revoke(OTHER_TENANT, key.id, AT), false);
    assert.equal(await devKeys.revoke(TENANT, "unknown", AT), false);
    assert.equal((await devKeys.findByHash(key.hash))?.revokedAt, null);
    assert.equal(await devKeys.revoke(TENANT, key.id, AT + 1), true);
    assert.equal(await devKeys.revoke(TENANT, key.id, AT + 2), true);
    assert.equal((await devKeys.findByHash(key.hash))?.revokedAt, AT + 1);
  });

  check("a hash belongs to one key", async ({ store: { devKeys } }) => {
    const key = newDevKey();
    await devKeys.create(TENANT, key);
    await assert.rejects(devKeys.create(OTHER_TENANT, newDevKey({ hash: key.hash })));
    assert.deepEqual(await devKeys.list(OTHER_TENANT), []);
  });
}
