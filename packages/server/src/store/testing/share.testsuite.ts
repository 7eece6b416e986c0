import assert from "node:assert/strict";
import { test } from "node:test";
import type { NewShare } from "#store/share-store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import { AT, acceptEnded, newRun } from "#store/testing/runs";

let made = 0;

function newShare(runId: string, values: Partial<NewShare> = {}): NewShare {
  made += 1;
  const id = `share${made}`;
  const by = { createdBy: "ada@example.com", hint: "mrs_aa…bbbb" };
  return { id, runId, hash: `hash of ${id}`, ...by, createdAt: AT + made, expiresAt: AT + 1_000, ...values };
}

export function shareSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("a link is found by its hash, which nobody gets back, also after a restart", async ({ store, reopen }) => {
    const { hash, ...given } = newShare("run");
    await store.shares.create(TENANT, { ...given, hash });
    const { shares } = await reopen();
    assert.deepEqual(await shares.findByHash(hash), { ...given, tenantId: TENANT });
    assert.deepEqual(await shares.list(TENANT, "run"), [given]);
    assert.equal(await shares.findByHash("unknown"), null);
  });

  check("the list is newest first, and of one run of one tenant", async ({ store: { shares } }) => {
    const [first, second, other] = [newShare("run"), newShare("run"), newShare("other")];
    for (const share of [first, second, other]) await shares.create(TENANT, share);
    await shares.create(OTHER_TENANT, newShare("run"));
    const ids = (await shares.list(TENANT, "run")).map(({ id }) => id);
    assert.deepEqual(ids, [second.id, first.id]);
  });

  check("a link is deleted by its tenant and its run alone, and a hash belongs to one", async ({ store: { shares } }) => {
    const share = newShare("run");
    await shares.create(TENANT, share);
    await assert.rejects(shares.create(OTHER_TENANT, newShare("run", { hash: share.hash })));
    assert.equal(await shares.delete(OTHER_TENANT, "run", share.id), false);
    assert.equal(await shares.delete(TENANT, "other", share.id), false);
    assert.equal((await shares.findByHash(share.hash))?.id, share.id);
    assert.equal(await shares.delete(TENANT, "run", share.id), true);
    assert.equal(await shares.delete(TENANT, "run", share.id), false);
    assert.equal(await shares.findByHash(share.hash), null);
  });

  check("a link goes with its run", async ({ store: { shares, runs, upkeep } }) => {
    const run = newRun();
    await acceptEnded(runs, run);
    const share = newShare(run.id);
    await shares.create(TENANT, share);
    assert.equal(await upkeep.prune(AT + 100, async () => true), 1);
    assert.equal(await shares.findByHash(share.hash), null);
  });
}
