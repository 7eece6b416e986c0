import assert from "node:assert/strict";
import { test } from "node:test";
import type { NewAuditEntry } from "#deed";
import type { AuditFilter } from "#store/audit-store";
import type { Store } from "#store/store";
import { type OpenStore, OTHER_TENANT, TENANT, withStore } from "#store/testing/fixture";
import { AT } from "#store/testing/runs";

function newEntry(at: number, values: Partial<NewAuditEntry> = {}): NewAuditEntry {
  const actor = { kind: "member", id: "m1", name: "ada@example.com" } as const;
  const targets = { workflow: "greet", version: "1.0.0" };
  return { at, actor, action: "publish", targets, address: "192.0.2.1", status: 200, result: "done", requestId: "req_1", ...values };
}

export function auditSuite(open: OpenStore): void {
  const check = (name: string, body: (store: Store) => Promise<void>) =>
    test(
      name,
      withStore(open, ({ store }) => body(store)),
    );

  check("entries come back as they were written, newest first, page by page, each tenant's own", async ({ audit }) => {
    const system = { actor: { kind: "system", id: null, name: null }, address: null, status: null, requestId: null } as const;
    const entries = [newEntry(AT), newEntry(AT + 1, system), newEntry(AT + 2, { targets: {} })];
    for (const entry of entries) await audit.append(TENANT, entry);
    await audit.append(OTHER_TENANT, newEntry(AT + 3));
    const rows = await audit.list(TENANT, { limit: 10 });
    assert.deepEqual(
      rows.map(({ position: _, ...entry }) => entry),
      entries.toReversed(),
    );
    const [newest, middle] = rows;
    assert.deepEqual(await audit.list(TENANT, { limit: 1, before: newest?.position ?? 0 }), [middle]);
    assert.equal((await audit.list(OTHER_TENANT, { limit: 10 })).length, 1);
  });

  check("each filter alone, and all together", async ({ audit }) => {
    await audit.append(TENANT, newEntry(AT));
    await audit.append(TENANT, newEntry(AT + 1, { actor: { kind: "key", id: "k1", name: "ci" }, result: "refused" }));
    await audit.append(TENANT, newEntry(AT + 2, { action: "revokeKey", targets: { key: "k9" } }));
    const times = async (filter: Omit<AuditFilter, "limit">) =>
      (await audit.list(TENANT, { limit: 10, ...filter })).map(({ at }) => at - AT);
    assert.deepEqual(await times({ actorId: "k1" }), [1]);
    assert.deepEqual(await times({ action: "publish" }), [1, 0]);
    assert.deepEqual(await times({ target: "k9" }), [2]);
    assert.deepEqual(await times({ target: "greet" }), [1, 0]);
    assert.deepEqual(await times({ target: "gre" }), []);
    assert.deepEqual(await times({ result: "refused" }), [1]);
    assert.deepEqual(await times({ since: AT + 1 }), [2, 1]);
    assert.deepEqual(await times({ until: AT + 1 }), [0]);
    assert.deepEqual(await times({ actorId: "m1", action: "publish", target: "1.0.0", result: "done", since: AT, until: AT + 9 }), [0]);
  });

  check("retention takes the oldest, in slices, and stops at the first that is young", async ({ audit }) => {
    for (let n = 0; n < 1_100; n++) void audit.append(TENANT, newEntry(AT + n));
    await audit.append(TENANT, newEntry(AT + 2_000));
    await audit.append(TENANT, newEntry(AT));
    const slices = [];
    do slices.push(await audit.prune(AT + 1_100));
    while (slices.at(-1));
    assert.deepEqual(slices, [true, true, false]);
    assert.deepEqual(
      (await audit.list(TENANT, { limit: 10 })).map(({ at }) => at - AT),
      [0, 2_000],
    );
  });
}
