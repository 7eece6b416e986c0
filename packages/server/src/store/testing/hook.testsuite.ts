import assert from "node:assert/strict";
import { test } from "node:test";
import { NotFound } from "#store/errors";
import type { HookRow } from "#store/hook-store";
import type { Store } from "#store/store";
import { type OpenStore, OTHER_TENANT, TENANT, withStore } from "#store/testing/fixture";
import { AT } from "#store/testing/runs";
import { newWorkflow } from "#store/testing/workflow.testsuite";

let made = 0;

function newHook(workflowId: string, values: Partial<HookRow> = {}): HookRow {
  made += 1;
  const settings = { name: "", version: null, methods: ["POST"], headers: [], input: null, respond: "accepted" } as const;
  const limits = { maxBodyBytes: 1_024, rateLimit: { requests: 1, windowS: 1 }, verification: { kind: "none", header: null } } as const;
  const token = { tokenHint: "mrh_aa…bbbb", previousUntil: null, secret: null };
  const times = { createdAt: AT, updatedAt: AT };
  return {
    ...settings,
    ...limits,
    ...token,
    ...times,
    enabled: true,
    id: `6${made.toString(16).padStart(23, "0")}`,
    workflowId,
    ...values,
  };
}

export function hookSuite(open: OpenStore): void {
  const check = (name: string, body: (store: Store, workflowId: string) => Promise<void>) =>
    test(
      name,
      withStore(open, async ({ store }) => {
        const { id } = await store.workflows.create(TENANT, newWorkflow());
        await body(store, id);
      }),
    );

  check("a hook is read as it was made and changed, by its tenant alone, and is gone once deleted", async ({ hooks }, workflowId) => {
    const row = newHook(workflowId, {
      name: "n",
      input: { a: "{{ body }}" },
      secret: "sealed",
      verification: { kind: "hmac", header: "x" },
    });
    await hooks.create(TENANT, row, "hash-1");
    assert.deepEqual(await hooks.get(TENANT, row.id), row);
    await hooks.update(TENANT, row.id, { ...row, enabled: false, secret: null, methods: ["GET"] }, AT + 1);
    assert.deepEqual(await hooks.get(TENANT, row.id), { ...row, enabled: false, secret: null, methods: ["GET"], updatedAt: AT + 1 });
    assert.equal(await hooks.get(OTHER_TENANT, row.id), null);
    assert.deepEqual(await hooks.list(OTHER_TENANT, { limit: 9 }), []);
    await assert.rejects(hooks.update(OTHER_TENANT, row.id, row, AT), NotFound);
    await assert.rejects(hooks.rotate(OTHER_TENANT, row.id, { hash: "h", hint: "" }, AT, AT), NotFound);
    await assert.rejects(hooks.create(OTHER_TENANT, newHook(workflowId), "hash-2"), NotFound);
    assert.equal(await hooks.delete(OTHER_TENANT, row.id), false);
    assert.deepEqual([await hooks.delete(TENANT, row.id), await hooks.delete(TENANT, row.id)], [true, false]);
    assert.equal(await hooks.findByToken("hash-1", AT), null);
  });

  check(
    "a token is found by its hash; one that was replaced until its time is over, one before it no more",
    async ({ hooks }, workflowId) => {
      const row = newHook(workflowId);
      await hooks.create(TENANT, row, "first");
      assert.deepEqual(await hooks.findByToken("first", AT), { ...row, tenantId: TENANT });
      await hooks.rotate(TENANT, row.id, { hash: "second", hint: "mrh_2" }, AT + 100, AT);
      const found = async (hash: string, at: number) => (await hooks.findByToken(hash, at))?.id ?? null;
      assert.deepEqual([await found("second", AT), await found("first", AT + 99), await found("first", AT + 100)], [row.id, row.id, null]);
      await hooks.rotate(TENANT, row.id, { hash: "third", hint: "mrh_3" }, AT + 200, AT);
      assert.deepEqual([await found("third", AT), await found("second", AT), await found("first", AT)], [row.id, row.id, null]);
      assert.equal((await hooks.get(TENANT, row.id))?.tokenHint, "mrh_3");
    },
  );

  check("lists are newest first, of one workflow or of all", async ({ hooks, workflows }, workflowId) => {
    const { id: other } = await workflows.create(TENANT, newWorkflow());
    const rows = [newHook(workflowId), newHook(other), newHook(workflowId)];
    for (const row of rows) await hooks.create(TENANT, row, `hash of ${row.id}`);
    const ids = async (filter: Parameters<typeof hooks.list>[1]) => (await hooks.list(TENANT, filter)).map(({ id }) => id);
    const [first, second, third] = rows.map(({ id }) => id);
    assert.deepEqual(await ids({ limit: 2 }), [third, second]);
    assert.deepEqual(await ids({ limit: 2, before: second ?? "" }), [first]);
    assert.deepEqual(await ids({ limit: 9, workflowId }), [third, first]);
  });
}
