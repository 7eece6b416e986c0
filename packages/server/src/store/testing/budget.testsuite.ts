import assert from "node:assert/strict";
import { test } from "node:test";
import type { NewBudget } from "#store/budget-store";
import type { Change } from "#store/store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";

const AT = 1_790_000_000_000;
const ID = "0123456789abcdef01234567";
const OTHER_ID = "0123456789abcdef01234568";
const BUDGET: NewBudget = {
  id: ID,
  of: { dimension: "user", value: "ada" },
  period: "month",
  timeZone: "Asia/Tokyo",
  credits: 9_007_199_254_740_993_000_000_000_001n,
  at: AT,
};

export function budgetSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("a budget is kept exactly; set again for its subject and period it keeps its id", async ({ store, reopen }) => {
    const { at: _, ...members } = BUDGET;
    const row = { ...members, createdAt: AT, updatedAt: AT };
    assert.deepEqual(await store.budgets.put(TENANT, BUDGET), row);
    const changed = { ...row, credits: 5n, timeZone: "UTC", updatedAt: AT + 9 };
    assert.deepEqual(await store.budgets.put(TENANT, { ...BUDGET, id: OTHER_ID, credits: 5n, timeZone: "UTC", at: AT + 9 }), changed);
    await store.budgets.put(TENANT, { ...BUDGET, id: OTHER_ID, period: "day", at: AT + 10 });
    const reopened = await reopen();
    assert.deepEqual(
      (await reopened.budgets.list(TENANT)).map(({ id, period }) => [id, period]),
      [
        [ID, "month"],
        [OTHER_ID, "day"],
      ],
    );
    assert.deepEqual((await reopened.budgets.list(TENANT))[0], changed);
  });

  check("a budget is one tenant's; all of them are for whoever drives runs", async ({ store }) => {
    await store.budgets.put(TENANT, BUDGET);
    await store.budgets.put(OTHER_TENANT, BUDGET);
    assert.equal(await store.budgets.delete(OTHER_TENANT, OTHER_ID), false);
    assert.deepEqual(
      (await store.budgets.all()).map(({ tenantId, id }) => [tenantId, id]),
      [
        [TENANT, ID],
        [OTHER_TENANT, ID],
      ],
    );
    assert.equal(await store.budgets.delete(TENANT, ID), true);
    assert.equal(await store.budgets.delete(TENANT, ID), false);
    assert.deepEqual(await store.budgets.list(TENANT), []);
    assert.equal((await store.budgets.list(OTHER_TENANT)).length, 1);
  });

  check("whoever watches is told of what is set and removed", async ({ store }) => {
    const changes: Change[] = [];
    store.watch((change) => changes.push(change));
    await store.budgets.put(TENANT, BUDGET);
    await store.budgets.delete(TENANT, OTHER_ID);
    await store.budgets.delete(TENANT, ID);
    assert.deepEqual(changes, [
      { kind: "budget", id: ID },
      { kind: "budget", id: ID },
    ]);
  });
}
