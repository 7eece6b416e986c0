import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { MovableClock } from "#testing/clock";
import { ofOwnClock } from "#testing/run-engine";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";

const HOUR_MS = 3_600_000;
const clock = new MovableClock();
let dataDir: string;
let server: TestServer;

/** Answers nothing: a run that asks it is under way until it is cancelled. */
const silent = createServer(() => undefined);

const open = () => startTestServer({ dataDir, settings: { egressAllow: "127.0.0.1" }, surroundings: { clock } });

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "millrace-concurrency-"));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  server = await open();
});
after(async () => {
  await server.close();
  silent.closeAllConnections();
  silent.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Holds its turn until it is cancelled. */
function limited(name: string, concurrency: JsonObject) {
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  const busy = { id: "busy", type: "http", request: { method: "GET", url }, timeoutMs: 86_400_000 };
  const nodes = [start({ group: { type: "string" } }), busy, { id: "end", type: "end", output: { group: "{{ start.group }}" } }];
  return { ...document(name, nodes, ["start -> busy", "busy -> end"]), concurrency };
}

async function begin(key: string, input: JsonObject = {}): Promise<string> {
  const answer = await server.invoke(key, { input, isAsync: true });
  assert.equal(answer.status, 200, answer.text);
  return String(answer.json["workflowRunId"]);
}

const cancel = (key: string, workflowRunId: string) => server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId } });

async function until(key: string, runId: string, isSo: (json: JsonObject) => boolean): Promise<JsonObject> {
  for (;;) {
    const { json } = await server.query(key, runId);
    if (isSo(json)) return json;
  }
}

const isRunning = ({ status }: JsonObject) => status === "RUNNING";
const placeOf = async (key: string, runId: string) => (await server.query(key, runId)).json["queuePosition"];
const ended = (answer: JsonObject) => answer["endTime"] !== undefined;

test("L1 L2 no more runs than the limit are under way; the others say their place, and the oldest is next", async () => {
  const { key } = await server.publish(limited("two", { limit: 2 }));
  const ids: string[] = [];
  for (let count = 0; count < 5; count++) ids.push(await begin(key));
  const [first = "", second = "", third = "", fourth = "", fifth = ""] = ids;
  await until(key, first, isRunning);
  await until(key, second, isRunning);
  const queued = (await server.query(key, third)).json;
  assert.deepEqual(Object.keys(queued).slice(4), ["input", "status", "queuePosition"]);
  assert.deepEqual([queued["status"], queued["queuePosition"]], ["PENDING", 1]);
  assert.deepEqual([await placeOf(key, fourth), await placeOf(key, fifth), await placeOf(key, first)], [2, 3, undefined]);
  // One that is cancelled in the line leaves it; nothing of it ever ran.
  const cancelled = await cancel(key, fourth);
  assert.equal((cancelled.json["error"] as JsonObject)["type"], "cancelled");
  assert.equal(await placeOf(key, fifth), 2);
  await cancel(key, second);
  await until(key, third, isRunning);
  assert.equal(await placeOf(key, fifth), 1);
  for (const id of [first, third]) await cancel(key, id);
  await until(key, fifth, isRunning);
  await cancel(key, fifth);
});

test("with a key each of its values has the limit", async () => {
  const { key } = await server.publish(limited("perGroup", { limit: 1, key: "{{ start.group }}" }));
  const [a, b, c] = [await begin(key, { group: "a" }), await begin(key, { group: "b" }), await begin(key, { group: "a" })];
  await until(key, a, isRunning);
  await until(key, b, isRunning);
  assert.equal(await placeOf(key, c), 1);
  await cancel(key, a);
  await until(key, c, isRunning);
  for (const id of [b, c]) await cancel(key, id);
});

test("O1 W32 W14 as many wait as the queue takes; one more is refused with 429, and there is no run of it", async () => {
  const { id, key } = await server.publish(limited("bounded", { limit: 1, queue: 2 }));
  const ids = [await begin(key), await begin(key), await begin(key)];
  const refused: Answer = await server.invoke(key, { input: {}, isAsync: true });
  assert.deepEqual([refused.status, refused.json["code"], refused.json["type"]], [429, 40008, "/errors/queue_full"], refused.text);
  assert.equal(refused.json["message"], "2 runs wait already for their turn; retry in 1 s.");
  assert.ok(Number(refused.headers["retry-after"]) >= 1);
  assert.equal((await server.app.store.runs.list("default", { limit: 10, workflowId: id })).length, 3);
  await cancel(key, ids[1] ?? "");
  ids.push(await begin(key));
  for (const one of ids) await cancel(key, one);
});

test("a run that waits for its turn too long ends FAILED with queue_expired", ofOwnClock, async () => {
  const { key } = await server.publish(limited("impatient", { limit: 1, queueTimeoutMs: HOUR_MS / 2 }));
  const [first, second] = [await begin(key), await begin(key)];
  assert.equal(await placeOf(key, second), 1);
  clock.forward(HOUR_MS / 2);
  const { status, error } = await until(key, second, ended);
  assert.deepEqual([status, (error as JsonObject)["type"], (error as JsonObject)["code"]], ["FAILED", "queue_expired", 504]);
  await cancel(key, first);
});

test("whoever only waits holds no turn, and asks for one when the wait is over", ofOwnClock, async () => {
  const nodes = [
    start({}),
    { id: "nap", type: "delay", forMs: HOUR_MS },
    { id: "end", type: "end", output: { firedAt: "{{ nap.firedAt }}" } },
  ];
  const { key } = await server.publish({ ...document("naps", nodes, ["start -> nap", "nap -> end"]), concurrency: { limit: 1 } });
  const ids = [await begin(key), await begin(key), await begin(key)];
  for (const id of ids) await until(key, id, ({ waitingFor }) => waitingFor !== undefined);
  clock.forward(HOUR_MS);
  for (const id of ids) assert.equal((await until(key, id, ended))["status"], "SUCCEED");
});

test("R1 R7 who waits for a turn does so after a restart, in the same order", async () => {
  const { key } = await server.publish(limited("kept", { limit: 1 }));
  const [first, second, third] = [await begin(key), await begin(key), await begin(key)];
  await until(key, first, isRunning);
  await server.close();
  server = await open();
  await until(key, first, isRunning);
  assert.deepEqual([await placeOf(key, second), await placeOf(key, third)], [1, 2]);
  await cancel(key, first);
  await until(key, second, isRunning);
  for (const id of [second, third]) await cancel(key, id);
});
