import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { MovableClock } from "#testing/clock";
import { drivesItself, ofOwnClock } from "#testing/run-engine";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

const HOUR_MS = 3_600_000;

const clock = new MovableClock();
let dataDir: string;
let server: TestServer;

/** A Restate server calls for a run before that waits. */
const HELD_MS = drivesItself ? 20 : 3_000;

const open = () => startTestServer({ dataDir, settings: { syncHoldMs: String(HELD_MS) }, surroundings: { clock } });

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "millrace-delay-"));
  server = await open();
});
after(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const pause = { id: "pause", type: "delay", name: "Cool down" };
const end = { id: "end", type: "end", output: { firedAt: "{{ pause.firedAt }}" } };
const edges = ["start -> pause", "pause -> end"];
const forAnHour = document("forAnHour", [start({}), { ...pause, forMs: HOUR_MS }, end], edges);

/** Asks until the run is as it should be. */
async function queried(key: string, runId: unknown, isSo: (answer: Answer) => boolean): Promise<Answer> {
  for (;;) {
    const answer = await server.query(key, runId);
    if (isSo(answer)) return answer;
  }
}

const ended = (answer: Answer) => answer.json["endTime"] !== undefined;
const paused = (answer: Answer) => answer.json["waitingFor"] !== undefined;

async function begun(key: string): Promise<string> {
  const { json } = await server.invoke(key, { input: {}, isAsync: true });
  await queried(key, json["workflowRunId"], paused);
  return String(json["workflowRunId"]);
}

test("a run that waits is RUNNING with waitingFor as its last member, held or queried; nothing of it is under way", async () => {
  const { key } = await server.publish(forAnHour);
  const held = await server.invoke(key, { input: {} });
  assert.deepEqual(Object.keys(held.json).slice(4), ["status", "waitingFor"]);
  const answer = await server.query(key, held.json["workflowRunId"]);
  assert.deepEqual(Object.keys(answer.json).slice(4), ["input", "status", "startTime", "waitingFor"]);
  assert.equal(answer.json["status"], "RUNNING");
  assert.deepEqual(answer.json["waitingFor"], held.json["waitingFor"]);
  const { since, until, ...named } = answer.json["waitingFor"] as { since: number; until: number };
  assert.deepEqual(named, { type: "timer", nodeId: "pause", nodeName: "Cool down" });
  assert.equal(until, since + HOUR_MS);
  const entries = await server.app.store.runs.journal("default", String(held.json["workflowRunId"]));
  assert.deepEqual(
    entries.map(({ type }) => type),
    ["run-accepted", "run-started", "node-finished", "timer-set"],
  );
});

test("W9 a wait ends at its moment and is no execution time", ofOwnClock, async () => {
  const { key } = await server.publish(forAnHour);
  const runId = await begun(key);
  const waiting = (await server.query(key, runId)).json["waitingFor"] as { until: number };
  clock.forward(HOUR_MS);
  const { json } = await queried(key, runId, ended);
  assert.equal(json["status"], "SUCCEED");
  assert.ok(Number((json["output"] as JsonObject)["firedAt"]) >= waiting.until);
  const took = Number(json["endTime"]) - Number(json["startTime"]);
  assert.ok(took >= HOUR_MS);
  const executing = Number(json["workflowExecutionTime"]);
  assert.ok(executing >= 0 && executing <= took - HOUR_MS, `${executing} of ${took}`);
});

test("R8 a moment that passes while the server is down is answered at the next start, once", ofOwnClock, async () => {
  const { key } = await server.publish(forAnHour);
  const runId = await begun(key);
  const waiting = (await server.query(key, runId)).json["waitingFor"] as { until: number };
  await server.close();
  clock.forward(2 * HOUR_MS);
  server = await open();
  const { json } = await queried(key, runId, ended);
  assert.equal(json["status"], "SUCCEED");
  assert.ok(Number((json["output"] as JsonObject)["firedAt"]) >= waiting.until + HOUR_MS);
  const entries = await server.app.store.runs.journal("default", runId);
  assert.equal(entries.filter(({ type }) => type === "timer-set").length, 1);
  assert.equal(entries.filter(({ type }) => type === "timer-fired").length, 1);
});

test("R8 a restart before the moment changes nothing about it", ofOwnClock, async () => {
  const { key } = await server.publish(forAnHour);
  const runId = await begun(key);
  const before = (await server.query(key, runId)).json["waitingFor"];
  await server.close();
  clock.forward(HOUR_MS / 2);
  server = await open();
  assert.deepEqual((await queried(key, runId, paused)).json["waitingFor"], before);
  clock.forward(HOUR_MS / 2);
  assert.equal((await queried(key, runId, ended)).json["status"], "SUCCEED");
});

test("R14 a run that waits is cancelled at once", async () => {
  const { key } = await server.publish(forAnHour);
  const runId = await begun(key);
  assert.equal(await server.app.runtime.cancel("default", runId), true);
  const { json } = await server.query(key, runId);
  assert.equal((json["error"] as JsonObject)["type"], "cancelled");
  assert.equal(json["waitingFor"], undefined);
});

test("items wait beside one another, and a deadline of the node is its failure", ofOwnClock, async () => {
  const body = {
    nodes: [
      { id: "pause", type: "delay", forMs: "{{ item }}", timeoutMs: HOUR_MS, onError: { do: "branch" } },
      { id: "late", type: "template", text: "{{ pause.error.type }}" },
    ],
    edges: ["pause.error -> late"],
  };
  const each = { id: "each", type: "batch", items: [HOUR_MS, 0, 2 * HOUR_MS], collect: "{{ late.text ?? 'in time' }}", body };
  const last = { id: "end", type: "end", output: { items: "{{ each.items }}" } };
  const { key } = await server.publish(document("items", [start({}), each, last], ["start -> each", "each -> end"]));
  const runId = await begun(key);
  clock.forward(HOUR_MS);
  assert.deepEqual((await queried(key, runId, ended)).json["output"], { items: ["in time", "in time", "node_timeout"] });
});
