import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startTestServer, type TestServer } from "#testing/server";
import { ofOneDriver, ofOneServer } from "#testing/store-database";
import { slow } from "#testing/workflows";

let server: TestServer;
before(async () => {
  server = await startTestServer({ settings: { maxRuns: "1" } });
});
after(() => server.close());

test("W32 W14 beyond its capacity the server says 503 and when to come back, and no run exists", ofOneDriver, async () => {
  const { key } = await server.publish(slow);
  const first = await server.invoke(key, { input: { ms: 500 }, isAsync: true });
  assert.equal(first.status, 200);
  const refused = await server.invoke(key, { input: {} });
  assert.equal(refused.status, 503, refused.text);
  assert.equal(refused.json["code"], 50000);
  assert.equal(refused.json["type"], "/errors/overloaded");
  assert.equal(refused.json["message"], "The server is at capacity; retry in 1 s.");
  assert.ok(Number(refused.headers["retry-after"]) >= 1);
  assert.equal((await server.app.store.runs.list("default", { limit: 10 })).length, 1);
  let answer = await server.query(key, first.json["workflowRunId"]);
  while (answer.json["status"] === "RUNNING") answer = await server.query(key, first.json["workflowRunId"]);
  assert.equal((await server.invoke(key, { input: { ms: 1 } })).json["status"], "SUCCEED");
});

test("W32 a server that shuts down is not ready", ofOneServer, async () => {
  assert.equal((await server.call("GET", "/readyz")).status, 200);
  await server.app.runtime.drain();
  const { key } = await server.publish({ ...slow, name: "late" });
  const refused = await server.invoke(key, { input: {} });
  assert.equal(refused.status, 503);
  assert.equal(refused.json["type"], "/errors/draining");
  assert.ok(Number(refused.headers["retry-after"]) >= 1);
});
