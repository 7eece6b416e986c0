import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Callables } from "#called/callables";
import type { Caller } from "#keys/authenticate";
import { startTestServer, type TestServer } from "#testing/server";
import { echo } from "#testing/workflows";

// Which workflows a key may invoke, over more of them than one page has.

const COUNT = 105;

let server: TestServer;
let callables: Callables;
const ids: string[] = [];
before(async () => {
  server = await startTestServer();
  callables = new Callables(server.app.store.workflows);
  for (let n = 0; n < COUNT; n++) ids.push((await server.publish({ ...echo, name: `w${n}` })).id);
});
after(() => server.close());

const callerOf = (workflowIds: readonly string[] | null): Caller => ({
  kind: "key",
  tenantId: "default",
  keyId: "k",
  name: "k",
  role: null,
  sessionId: null,
  scopes: ["invoke"],
  workflowIds,
  rateLimit: null,
});

test("so many are looked at as are asked for, over as many pages as it takes, the newest first", async () => {
  for (const workflowIds of [null, ids]) {
    const caller = callerOf(workflowIds);
    for (const most of [1, 99, 100, 101, COUNT, COUNT + 1, 1_000]) {
      const found = await callables.all(caller, most);
      assert.equal(found.length, Math.min(most, COUNT), String(most));
      assert.equal(found[0]?.name, `w${COUNT - 1}`);
      assert.equal(new Set(found.map(({ id }) => id)).size, found.length);
    }
  }
});

test("those that are deleted, switched off or not published are not among them", async () => {
  const [first = "", second = ""] = ids;
  const { key } = await server.app.apiKeys.create("default", { scopes: ["admin"] });
  assert.equal((await server.call("PATCH", `/api/v1/workflows/${first}`, { key, body: { apiEnabled: false } })).status, 200);
  assert.equal((await server.call("DELETE", `/api/v1/workflows/${second}`, { key })).status, 204);
  await server.app.authoring.deploy("default", { ...echo, name: "draft" }, { publish: false });
  const found = await callables.all(callerOf(null), 1_000);
  assert.equal(found.length, COUNT - 2);
  for (const id of [first, second]) assert.ok(!found.some((one) => one.id === id));
  assert.deepEqual(
    (await callables.all(callerOf([first, ids[2] ?? ""]), 10)).map(({ id }) => id),
    [ids[2]],
  );
});
