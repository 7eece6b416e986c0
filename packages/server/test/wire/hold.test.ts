import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { drivesItself } from "#testing/run-engine";
import { startTestServer, type TestServer } from "#testing/server";
import { slow } from "#testing/workflows";

let server: TestServer;
before(async () => {
  server = await startTestServer({ settings: { syncHoldMs: "50" } });
});
after(() => server.close());

test("W17 L34 a run that outlasts the hold is answered RUNNING and ends all the same", async () => {
  const { key } = await server.publish(slow);
  const held = await server.invoke(key, { input: { ms: 400 } });
  assert.equal(held.status, 200);
  assert.deepEqual(Object.keys(held.json), ["workflowId", "workflowName", "workflowVersion", "workflowRunId", "status"]);
  // One that an engine outside drives may not have begun by then.
  assert.match(String(held.json["status"]), drivesItself ? /^RUNNING$/ : /^(PENDING|RUNNING)$/);
  let answer = await server.query(key, held.json["workflowRunId"]);
  while (answer.json["endTime"] === undefined) answer = await server.query(key, held.json["workflowRunId"]);
  assert.equal(answer.json["status"], "SUCCEED");
  assert.deepEqual(answer.json["output"], { waited: 400 });
});
