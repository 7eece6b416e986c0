import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { MAX_WAITING } from "#runs/refused-requests";
import { startTestServer, type TestServer } from "#testing/server";
import { todayNews } from "#testing/workflows";

let server: TestServer;
let admin: string;
before(async () => {
  server = await startTestServer();
  admin = (await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] })).key;
});
after(() => server.close());

async function listed(query = ""): Promise<readonly JsonObject[]> {
  const { json } = await server.call("GET", `/api/v1/requests?limit=100${query}`, { key: admin });
  return json["data"] as readonly JsonObject[];
}

test("what the run API refuses of a key that it knows is found by its requestId, with the reason; of a stranger nothing is", async () => {
  const { id, key } = await server.publish(todayNews);
  const refused = await server.invoke(key, { input: { topic: 1 } }, { "X-Request-Id": "req_refused" });
  assert.equal(refused.status, 400);
  await server.invoke("mr_unknown", { input: {} });
  await server.invoke(key, { input: { topic: "News" } });
  const rows = await listed();
  assert.equal(rows.length, 1);
  const { id: _, at: __, keyId: ___, ...row } = rows[0] ?? assert.fail();
  assert.deepEqual(row, {
    path: "/v1/workflow/invoke",
    status: 400,
    type: "invalid_input",
    message: refused.json["message"],
    requestId: "req_refused",
    workflowId: id,
  });
  assert.equal((await listed("&requestId=req_refused")).length, 1);
  assert.deepEqual(await listed("&requestId=req_other"), []);
  assert.equal((await listed("&workflow=todayNews")).length, 1);
});

test("of a flood of refusals a bounded part is written down", async () => {
  const { key } = await server.publish({ ...todayNews, name: "flood" });
  for (let count = 0; count <= MAX_WAITING; count++) await server.invoke(key, {}, { "X-Request-Id": "req_flood" });
  const { length } = await listed("&requestId=req_flood");
  assert.ok(length > 0 && length <= MAX_WAITING, String(length));
});

test("what is waiting to be written is written when the server stops", async () => {
  const dataDir = `${server.dataDir}-stopped`;
  const own = await startTestServer({ dataDir });
  const { key } = await own.publish(todayNews);
  await own.invoke(key, { input: {} }, { "X-Request-Id": "req_last" });
  await own.close();
  const again = await startTestServer({ dataDir });
  const { key: reader } = await again.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
  const { json } = await again.call("GET", "/api/v1/requests?requestId=req_last", { key: reader });
  assert.equal((json["data"] as unknown[]).length, 1);
  await again.close();
  rmSync(dataDir, { recursive: true });
});
