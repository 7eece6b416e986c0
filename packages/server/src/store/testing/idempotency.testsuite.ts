import assert from "node:assert/strict";
import { test } from "node:test";
import { IdempotencyKeyTaken } from "#store/errors";
import type { Claim, IdempotencyKey, NewRun, RunStore } from "#store/store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import { AT, accepted, newRun, PENDING } from "#store/testing/runs";

const KEPT_MS = 86_400_000;

function once(more: Partial<IdempotencyKey> = {}): IdempotencyKey {
  const at = more.at ?? AT;
  return { keyId: "key-1", key: "order-1", requestHash: "aa", at, forgottenAt: at + KEPT_MS, ...more };
}

function acceptOnce(runs: RunStore, run: NewRun, under: IdempotencyKey, tenant = TENANT): Promise<Claim> {
  return runs.accept(tenant, run, [accepted(run)], PENDING, { once: under });
}

export function idempotencySuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("of runs that are accepted under one key at the same moment one is there, and the others name it", async ({ store, reopen }) => {
    const runs = Array.from({ length: 5 }, () => newRun());
    const outcomes = await Promise.allSettled(runs.map((run, i) => acceptOnce(store.runs, run, once({ requestHash: `a${i}` }))));
    const [first] = runs;
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason),
      [false, ...Array.from({ length: 4 }, () => new IdempotencyKeyTaken(first?.id ?? "", "a0"))],
    );
    for (const current of [async () => store, reopen]) {
      const { runs: kept } = await current();
      assert.deepEqual(
        (await kept.list(TENANT, { limit: 10 })).map(({ id }) => id),
        [first?.id],
      );
      assert.deepEqual(await kept.acceptedUnder(TENANT, "key-1", "order-1", AT), { runId: first?.id, requestHash: "a0" });
    }
  });

  check("another tenant, API key or text is another key", async ({ store: { runs } }) => {
    await acceptOnce(runs, newRun(), once());
    await acceptOnce(runs, newRun(), once(), OTHER_TENANT);
    await acceptOnce(runs, newRun(), once({ keyId: "key-2" }));
    await acceptOnce(runs, newRun(), once({ key: "Order-1" }));
    assert.equal((await runs.list(TENANT, { limit: 10 })).length, 3);
    assert.equal(await runs.acceptedUnder(TENANT, "key-2", "Order-1", AT), null);
  });

  check("a key is free again in the millisecond in which it is forgotten, and not before", async ({ store: { runs } }) => {
    const [first, second, third] = [newRun(), newRun(), newRun()];
    await acceptOnce(runs, first, once());
    assert.equal((await runs.acceptedUnder(TENANT, "key-1", "order-1", AT + KEPT_MS - 1))?.runId, first.id);
    await assert.rejects(acceptOnce(runs, second, once({ at: AT + KEPT_MS - 1 })), IdempotencyKeyTaken);
    assert.equal(await runs.acceptedUnder(TENANT, "key-1", "order-1", AT + KEPT_MS), null);
    await acceptOnce(runs, third, once({ at: AT + KEPT_MS, requestHash: "bb" }));
    assert.deepEqual(await runs.acceptedUnder(TENANT, "key-1", "order-1", AT + KEPT_MS), { runId: third.id, requestHash: "bb" });
  });

  check("a run that is not accepted does not take its key", async ({ store: { runs } }) => {
    const run = newRun();
    await acceptOnce(runs, run, once());
    await assert.rejects(acceptOnce(runs, run, once({ key: "order-2" })));
    assert.equal(await runs.acceptedUnder(TENANT, "key-1", "order-2", AT), null);
  });

  check("each new key takes two forgotten ones with it", async ({ store: { runs } }) => {
    const names = ["a", "b", "c", "d"];
    for (const key of names) await acceptOnce(runs, newRun(), once({ key }));
    const kept = async () => {
      const found = await Promise.all(names.map((key) => runs.acceptedUnder(TENANT, "key-1", key, AT)));
      return found.filter((one) => one !== null).length;
    };
    assert.equal(await kept(), 4);
    await acceptOnce(runs, newRun(), once({ key: "e", at: AT + KEPT_MS }));
    assert.equal(await kept(), 2);
    await acceptOnce(runs, newRun(), once({ key: "f", at: AT + KEPT_MS }));
    assert.equal(await kept(), 0);
  });
}
