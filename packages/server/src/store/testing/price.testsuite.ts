import assert from "node:assert/strict";
import { test } from "node:test";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";

const AT = 1_790_000_000_000;
const PRICE = { input: "15", output: "60.5" };

export function priceSuite(open: OpenStore): void {
  const check = (name: string, body: (fixture: StoreFixture) => Promise<void>) => test(name, withStore(open, body));

  check("what is put is there, also after a restart; put again it is replaced", async ({ store, reopen }) => {
    const row = { models: "openai/gpt-4o", price: PRICE, updatedAt: AT };
    assert.deepEqual(await store.prices.put(TENANT, "openai/gpt-4o", PRICE, AT), row);
    assert.deepEqual(await store.prices.list(TENANT), [row]);
    const changed = { ...row, price: { input: "0", output: "0" }, updatedAt: AT + 1 };
    await store.prices.put(TENANT, "openai/gpt-4o", changed.price, AT + 1);
    assert.deepEqual(await (await reopen()).prices.list(TENANT), [changed]);
  });

  check("lists go by the names of the models, and a price is one tenant's", async ({ store }) => {
    for (const models of ["b/*", "a/x", "B/y"]) await store.prices.put(TENANT, models, PRICE, AT);
    assert.deepEqual(
      (await store.prices.list(TENANT)).map(({ models }) => models),
      ["B/y", "a/x", "b/*"],
    );
    assert.deepEqual(await store.prices.list(OTHER_TENANT), []);
    assert.equal(await store.prices.delete(OTHER_TENANT, "a/x"), false);
    await store.prices.put(OTHER_TENANT, "a/x", { input: "1", output: "1" }, AT);
    assert.deepEqual((await store.prices.list(TENANT))[1]?.price, PRICE);
  });

  check("what is deleted is gone, and a second time there is nothing to delete", async ({ store }) => {
    await store.prices.put(TENANT, "a/x", PRICE, AT);
    assert.equal(await store.prices.delete(TENANT, "a/x"), true);
    assert.equal(await store.prices.delete(TENANT, "a/x"), false);
    assert.deepEqual(await store.prices.list(TENANT), []);
  });
}
