import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyNotRotatable, NameTaken, NotFound } from "#store/errors";
import type { NewKey } from "#store/key-store";
import type { Store } from "#store/store";
import { type OpenStore, OTHER_TENANT, TENANT, withStore } from "#store/testing/fixture";
import { AT } from "#store/testing/runs";
import { newVersion, newWorkflow } from "#store/testing/workflow.testsuite";

let made = 0;

export function newKey(values: Partial<NewKey> = {}): NewKey {
  made += 1;
  const id = `key${made}`;
  return {
    id,
    hash: `hash of ${id}`,
    hint: "mr_9hK…4f2x",
    name: id,
    scopes: ["run"],
    workflowIds: null,
    createdAt: AT + made,
    expiresAt: null,
    rateLimit: null,
    role: null,
    ...values,
  };
}

export function keySuite(open: OpenStore): void {
  const check = (name: string, body: (store: Store) => Promise<void>) =>
    test(
      name,
      withStore(open, ({ store }) => body(store)),
    );

  check("a key is found by its hash, which nobody gets back", async ({ keys }) => {
    const { hash, ...given } = newKey({ scopes: ["run", "admin"], expiresAt: AT + 5, rateLimit: { requests: 5, windowS: 60 } });
    const expected = { ...given, tenantId: TENANT, revokedAt: null, lastUsedAt: null, lastUsedFrom: null, replacedBy: null };
    assert.deepEqual(await keys.create(TENANT, { ...given, hash }), expected);
    assert.deepEqual(await keys.findByHash(hash), expected);
    assert.equal(await keys.findByHash("unknown"), null);
  });

  check("a key reaches all workflows, some, or none", async ({ keys, workflows }) => {
    const ids = [];
    for (const workflow of [newWorkflow(), newWorkflow()]) ids.push((await workflows.create(TENANT, workflow)).id);
    const reach = async (workflowIds: readonly string[] | null) => {
      const key = newKey({ workflowIds });
      await keys.create(TENANT, key);
      return (await keys.findByHash(key.hash))?.workflowIds;
    };
    assert.deepEqual(await reach(null), null);
    assert.deepEqual(await reach([]), []);
    assert.deepEqual(await reach(ids), ids);
    assert.deepEqual(await reach([...ids, ...ids].toReversed()), ids, "each once");
  });

  check("a key for a workflow that its tenant has not is refused, and nothing of it stays", async ({ keys, workflows }) => {
    const foreign = await workflows.create(OTHER_TENANT, newWorkflow());
    const own = await workflows.create(TENANT, newWorkflow());
    const key = newKey({ workflowIds: [own.id, foreign.id] });
    await assert.rejects(keys.create(TENANT, key), NotFound);
    assert.equal(await keys.findByHash(key.hash), null);
    assert.deepEqual(await keys.list(TENANT), []);
  });

  check("a workflow and its key are made in one step: both are there, or neither", async ({ keys, workflows }) => {
    const both = newWorkflow();
    const key = newKey({ workflowIds: [both.id] });
    await workflows.create(TENANT, { ...both, key, version: newVersion(both.document) });
    assert.deepEqual((await keys.findByHash(key.hash))?.workflowIds, [both.id]);
    for (const refused of [newKey({ hash: key.hash, workflowIds: [] }), newKey({ workflowIds: ["0".repeat(24)] })]) {
      const other = newWorkflow();
      await assert.rejects(workflows.create(TENANT, { ...other, key: refused }));
      assert.equal(await workflows.get(TENANT, other.id), null);
      assert.equal(await keys.get(TENANT, refused.id), null);
    }
    const taken = { ...newWorkflow({ name: both.name }), key: newKey({ workflowIds: [] }) };
    await assert.rejects(workflows.create(TENANT, taken), NameTaken);
    assert.equal(await keys.get(TENANT, taken.key.id), null);
  });

  check("the list is newest first, revoked keys included", async ({ keys }) => {
    const [first, second] = [newKey(), newKey()];
    await keys.create(TENANT, first);
    await keys.create(TENANT, second);
    await keys.create(OTHER_TENANT, newKey());
    assert.equal(await keys.revoke(TENANT, first.id, AT + 50), true);
    assert.deepEqual(
      (await keys.list(TENANT)).map(({ id, revokedAt }) => [id, revokedAt]),
      [
        [second.id, null],
        [first.id, AT + 50],
      ],
    );
  });

  check("a key is revoked once; its revocation is found with it", async ({ keys }) => {
    const key = newKey();
    await keys.create(TENANT, key);
    assert.equal(await keys.revoke(TENANT, key.id, AT + 1), true);
    assert.equal(await keys.revoke(TENANT, key.id, AT + 2), true);
    assert.equal((await keys.findByHash(key.hash))?.revokedAt, AT + 1);
    assert.equal(await keys.revoke(TENANT, "unknown", AT), false);
  });

  check("the last use is the latest one, in whatever order uses are noted", async ({ keys }) => {
    const [first, second] = [newKey(), newKey()];
    await keys.create(TENANT, first);
    await keys.create(OTHER_TENANT, second);
    await keys.touch([]);
    await keys.touch([
      { id: first.id, at: AT + 9, from: "10.0.0.4" },
      { id: second.id, at: AT + 3, from: "::1" },
      { id: "unknown", at: AT, from: "::1" },
    ]);
    await keys.touch([{ id: first.id, at: AT + 4, from: "10.0.0.5" }]);
    const used = async ({ hash }: typeof first) => {
      const row = await keys.findByHash(hash);
      return [row?.lastUsedAt, row?.lastUsedFrom];
    };
    assert.deepEqual(await used(first), [AT + 9, "10.0.0.4"]);
    assert.deepEqual(await used(second), [AT + 3, "::1"]);
  });

  check("a rotated key gives way to one that may do the same, and goes on until then or until its own end", async ({ keys, workflows }) => {
    const { id: workflowId } = await workflows.create(TENANT, newWorkflow());
    const limits = { scopes: ["query"], workflowIds: [workflowId], rateLimit: { requests: 5, windowS: 60 }, role: "viewer" as const };
    for (const [expiresAt, expected] of [
      [null, AT + 900],
      [AT + 5_000, AT + 900],
      [AT + 700, AT + 700],
    ] as const) {
      const old = newKey({ ...limits, createdAt: AT, expiresAt });
      await keys.create(TENANT, old);
      const replacement = { ...newKey(), createdAt: AT + 500 };
      const { id, hash, hint, createdAt } = replacement;
      const made = await keys.rotate(TENANT, old.id, { id, hash, hint, createdAt }, AT + 900);
      assert.deepEqual(made, { ...(await keys.get(TENANT, id)), lastUsedAt: null, lastUsedFrom: null });
      assert.deepEqual([made.name, made.expiresAt, made.replacedBy], [old.name, expiresAt, null]);
      for (const [name, value] of Object.entries(limits)) assert.deepEqual(made[name as keyof typeof limits], value, name);
      const ending = await keys.findByHash(old.hash);
      assert.deepEqual([ending?.expiresAt, ending?.replacedBy, ending?.revokedAt], [expected, id, null]);
      assert.equal((await keys.findByHash(hash))?.id, id);
    }
  });

  check("a key is rotated once, while it works, by its tenant; a refusal changes nothing", async ({ keys }) => {
    const [once, revoked, expired, foreign] = [newKey(), newKey(), newKey({ expiresAt: AT + 500 }), newKey()];
    for (const key of [once, revoked, expired]) await keys.create(TENANT, key);
    await keys.create(OTHER_TENANT, foreign);
    await keys.revoke(TENANT, revoked.id, AT);
    const rotate = (id: string) => keys.rotate(TENANT, id, { ...newKey(), createdAt: AT + 500 }, AT + 900);
    await rotate(once.id);
    const before = await keys.list(TENANT);
    for (const { id } of [once, revoked, expired]) await assert.rejects(rotate(id), KeyNotRotatable);
    for (const id of [foreign.id, "unknown"]) await assert.rejects(rotate(id), NotFound);
    assert.deepEqual(await keys.list(TENANT), before);
    assert.equal(await keys.get(OTHER_TENANT, once.id), null);
  });

  check("another tenant sees and revokes nothing", async ({ keys }) => {
    const key = newKey();
    await keys.create(TENANT, key);
    assert.deepEqual(await keys.list(OTHER_TENANT), []);
    assert.equal(await keys.revoke(OTHER_TENANT, key.id, AT), false);
    assert.equal((await keys.findByHash(key.hash))?.revokedAt, null);
  });

  check("ids and hashes are unique over all tenants", async ({ keys }) => {
    const key = newKey();
    await keys.create(TENANT, key);
    await assert.rejects(keys.create(OTHER_TENANT, newKey({ id: key.id })));
    await assert.rejects(keys.create(OTHER_TENANT, newKey({ hash: key.hash })));
    assert.deepEqual(await keys.list(OTHER_TENANT), []);
  });
}
