import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type JsonObject, LIMITS } from "@millrace/contract";
import { MovableClock } from "#testing/clock";
import { ofOwnClock } from "#testing/run-engine";
import { startTestServer, type TestServer } from "#testing/server";
import { todayNews } from "#testing/workflows";

const HOUR_MS = 3_600_000;
const clock = new MovableClock();
let server: TestServer;
let key: string;

before(async () => {
  server = await startTestServer({ surroundings: { clock } });
  ({ key } = await server.publish(todayNews));
});
after(() => server.close());

const startAt = (at: string, body: object = { isAsync: true }) =>
  server.invoke(key, { input: { topic: "AI" }, ...body }, { "Millrace-Start-At": at });

async function ended(runId: unknown): Promise<JsonObject> {
  for (;;) {
    const { json } = await server.query(key, runId);
    if (json["endTime"] !== undefined) return json;
  }
}

test("R8 a run that is asked for later is PENDING until then, and begins no earlier", ofOwnClock, async () => {
  const at = clock.now() + HOUR_MS;
  for (const text of [String(at), new Date(at).toISOString()]) {
    const { status, json } = await startAt(text);
    assert.deepEqual([status, json["status"]], [200, "PENDING"]);
    const waiting = (await server.query(key, json["workflowRunId"])).json;
    assert.deepEqual(Object.keys(waiting).slice(4), ["input", "status"]);
    assert.equal(waiting["status"], "PENDING");
  }
  const runs = await server.app.store.runs.list("default", { limit: 2 });
  clock.forward(HOUR_MS);
  for (const { id } of runs) {
    const { status, startTime, workflowExecutionTime, endTime } = await ended(id);
    assert.equal(status, "SUCCEED");
    assert.ok(Number(startTime) >= at);
    assert.ok(Number(workflowExecutionTime) <= Number(endTime) - Number(startTime));
  }
});

test("a moment that has passed is now", async () => {
  const { json } = await startAt("2020-01-01T00:00:00Z");
  assert.equal((await ended(json["workflowRunId"]))["status"], "SUCCEED");
});

test("R14 a run that has not begun is cancelled at once", async () => {
  const { json } = await startAt(String(clock.now() + HOUR_MS));
  const { workflowRunId } = json;
  const cancelled = await server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId } });
  assert.equal((cancelled.json["error"] as JsonObject)["type"], "cancelled");
});

test("refused: no moment, one too far ahead, and a synchronous call", async () => {
  const most = LIMITS.startDelay.value;
  assert.equal(
    (await startAt("tomorrow")).json["message"],
    "Millrace-Start-At must be a date with its zone, or ms since 1970, 365 days ahead at most.",
  );
  assert.equal((await startAt(String(clock.now() + most + 60_000))).status, 400);
  const furthest = await startAt(String(clock.now() + most));
  assert.equal(furthest.status, 200);
  const sync = await startAt(String(clock.now() + HOUR_MS), {});
  assert.equal(sync.json["message"], "Only an asynchronous run can begin later: send isAsync: true with Millrace-Start-At.");
  await server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId: furthest.json["workflowRunId"] } });
});
