import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type JsonObject, LIMITS } from "@millrace/contract";
import { MovableClock } from "#testing/clock";
import { drivesItself, ofOwnClock } from "#testing/run-engine";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { EventStream } from "./event-stream.ts";

const clock = new MovableClock();
let dataDir: string;
let server: TestServer;
let key: string;

const open = () => startTestServer({ dataDir, surroundings: { clock } });

const paid = document(
  "paid",
  [
    start({}),
    { id: "paid", type: "signal", name: "Payment", signal: "paid", timeoutMs: 3_600_000, onError: { do: "branch" } },
    { id: "end", type: "end", output: { got: "{{ paid.value }}" } },
    { id: "late", type: "end", output: { got: "{{ paid.error.type }}" } },
  ],
  ["start -> paid", "paid -> end", "paid.error -> late"],
);

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "millrace-signal-"));
  server = await open();
  ({ key } = await server.publish(paid));
});
after(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const signal = (body: object) => server.call("POST", "/v1/workflow/run/signal", { key, body });

async function begin(): Promise<string> {
  return String((await server.invoke(key, { input: {}, isAsync: true })).json["workflowRunId"]);
}

async function until(runId: string, isSo: (json: JsonObject) => boolean): Promise<JsonObject> {
  for (;;) {
    const { json } = await server.query(key, runId);
    if (isSo(json)) return json;
  }
}

const waits = ({ waitingFor }: JsonObject) => waitingFor !== undefined;
const ended = ({ endTime }: JsonObject) => endTime !== undefined;

async function waiting(): Promise<string> {
  const runId = await begin();
  await until(runId, waits);
  return runId;
}

test("a run that waits for a signal says so, and goes on with its value", async () => {
  const workflowRunId = await waiting();
  const { waitingFor } = (await server.query(key, workflowRunId)).json;
  const { since, ...named } = waitingFor as JsonObject;
  assert.ok(Number(since) > 0);
  assert.deepEqual(named, { type: "signal", nodeId: "paid", nodeName: "Payment" });
  const answer = await signal({ workflowRunId, name: "paid", value: { amount: 42 } });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json["workflowRunId"], workflowRunId);
  const { status, output } = await until(workflowRunId, ended);
  assert.deepEqual([status, output], ["SUCCEED", { got: { amount: 42 } }]);
});

test("a signal that comes before the node is reached is not lost, over a restart and while the run sleeps", async () => {
  const workflowRunId = await waiting();
  assert.equal((await signal({ workflowRunId, name: "else", value: 1 })).json["status"], "RUNNING");
  // It may have been awake; then it falls asleep again. Where the Restate server drives it, it sleeps there, and the store knows nothing of it.
  while (drivesItself && !(await server.app.store.runs.asleep("default", workflowRunId))) await server.query(key, workflowRunId);
  await server.close();
  server = await open();
  await signal({ workflowRunId, name: "paid", value: 2 });
  assert.deepEqual((await until(workflowRunId, ended))["output"], { got: 2 });
});

test("many signals at once, one id: one of them counts", async () => {
  const workflowRunId = await waiting();
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => signal({ workflowRunId, name: "else", value: n, id: "one" })));
  assert.deepEqual(
    answers.map(({ status }) => status),
    answers.map(() => 200),
  );
  const received = (await server.app.store.runs.journal("default", workflowRunId)).filter(({ type }) => type === "signal-received");
  assert.equal(received.length, 20);
  await signal({ workflowRunId, name: "paid" });
  assert.deepEqual((await until(workflowRunId, ended))["output"], { got: null });
});

test("without a signal in time the error branch is taken", ofOwnClock, async () => {
  const workflowRunId = await waiting();
  clock.forward(3_600_000);
  assert.deepEqual((await until(workflowRunId, ended))["output"], { got: "node_timeout" });
});

test("the event stream tells of the wait", async () => {
  const workflowRunId = await waiting();
  const stream = await EventStream.open(server, workflowRunId, { key });
  const { data } = await stream.until(({ event }) => event === "run.waiting");
  const { at, ...told } = data;
  assert.ok(Number(at) > 0);
  assert.deepEqual(told, { nodeId: "paid", nodeName: "Payment", path: "paid", type: "signal", name: "paid" });
  await signal({ workflowRunId, name: "paid" });
  await stream.until(({ event }) => event === "run.finished");
  stream.cut();
});

test("refused: a run that has ended, one that is not known, and a body that says too little or too much", async () => {
  const workflowRunId = await waiting();
  await signal({ workflowRunId, name: "paid" });
  await until(workflowRunId, ended);
  const late = await signal({ workflowRunId, name: "paid" });
  assert.deepEqual([late.status, late.json["type"]], [409, "/errors/conflict"]);
  assert.equal((await signal({ workflowRunId: "unknown", name: "paid" })).status, 404);
  const long = (count: number) => "x".repeat(count);
  const { signalNameCharacters: name, signalIdCharacters: id } = LIMITS;
  const [target] = [await waiting()];
  const statusOf = async (body: object) => (await signal({ workflowRunId: target, ...body })).status;
  assert.deepEqual([await statusOf({ name: long(name.value) }), await statusOf({ name: long(name.value + 1) })], [200, 400]);
  assert.deepEqual([await statusOf({ name: "a", id: long(id.value) }), await statusOf({ name: "a", id: long(id.value + 1) })], [200, 400]);
  assert.deepEqual([await statusOf({}), await statusOf({ name: "" }), await statusOf({ name: 1 })], [400, 400, 400]);
});

test("a run keeps so many signals that nothing waits for, and no more", async () => {
  const workflowRunId = await waiting();
  const most = LIMITS.signalsKept.value;
  const answers = await Promise.all(Array.from({ length: most }, () => signal({ workflowRunId, name: "else" })));
  assert.ok(answers.every(({ status }) => status === 200));
  const refused = await signal({ workflowRunId, name: "else" });
  assert.deepEqual([refused.status, refused.json["message"]], [409, `The run keeps ${most} signals already that nothing has waited for.`]);
});
