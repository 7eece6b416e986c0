import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { inData } from "#testing/kept-data";
import { drivesItself, ofOwnDriver } from "#testing/run-engine";
import { startTestServer, type TestServer } from "#testing/server";
import { ofOneProcess, ofOneServer } from "#testing/store-database";
import { document, echo, failing, start } from "#testing/workflows";

// POST /v1/workflow/run/cancel, with effects that wait for as long as a test wants.

let server: TestServer;
let receiver: Server;
let port: number;
/** Effects that wait for their answer, by the run that made them. */
const waiting = new Map<string, ServerResponse>();
let arrived: (runId: string) => void = () => undefined;
let effects = 0;

before(async () => {
  receiver = createServer((request, response) => {
    request.resume();
    effects += 1;
    const [runId = ""] = String(request.headers["idempotency-key"]).split(":");
    waiting.set(runId, response);
    arrived(runId);
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  port = (receiver.address() as AddressInfo).port;
  server = await startTestServer({ settings: { egressAllow: `127.0.0.1:${port}`, codeTimeoutMs: "600000" } });
});
after(async () => {
  await server.close();
  receiver.closeAllConnections();
  receiver.close();
});

const call = (id: string) => ({ id, type: "http", request: { method: "POST", url: `http://127.0.0.1:${port}/`, body: { json: {} } } });

const calling = (name: string) =>
  document(
    name,
    [start({}), call("first"), call("second"), { id: "end", type: "end", output: { done: true } }],
    ["start -> first", "first -> second", "second -> end"],
  );

const one = (name: string) =>
  document(name, [start({}), call("only"), { id: "end", type: "end", output: { done: true } }], ["start -> only", "only -> end"]);

const cancel = (key: string, workflowRunId: unknown) => server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId } });

/** A run whose first effect waits. */
async function stalled(key: string): Promise<string> {
  const effect = new Promise<string>((resolve) => {
    arrived = resolve;
  });
  const accepted = await server.invoke(key, { input: {}, isAsync: true });
  assert.equal(await effect, accepted.json["workflowRunId"]);
  return String(accepted.json["workflowRunId"]);
}

function answer(runId: string): void {
  waiting.get(runId)?.writeHead(200, { "Content-Type": "application/json" }).end("{}");
}

async function endings(runId: string): Promise<number> {
  const journal = await server.app.store.runs.journal("default", runId);
  return journal.filter(({ type }) => type === "run-finished").length;
}

test("R14 a cancelled run is FAILED with B(run), the same bytes each time, and its effect's socket is closed", async () => {
  const { key } = await server.publish(calling("cancelled"));
  const runId = await stalled(key);
  const closed = new Promise((resolve) => waiting.get(runId)?.once("close", resolve));
  const before = effects;
  const cancelled = await cancel(key, runId);
  assert.equal(cancelled.status, 200, cancelled.text);
  assert.equal(cancelled.json["status"], "FAILED");
  assert.deepEqual(cancelled.json["error"], { code: 499, type: "cancelled", message: "The run was cancelled." });
  assert.match(String(cancelled.headers["x-run-url"]), new RegExp(`/runs/${runId}$`));
  await closed;
  assert.equal((await server.query(key, runId)).text, cancelled.text);
  assert.equal((await cancel(key, runId)).text, cancelled.text);
  assert.equal(await endings(runId), 1);
  assert.equal(effects, before, "no attempt starts after the acknowledgement");
});

test("R14 the sandboxes of cancelled runs are free again at once", async () => {
  const endless = document(
    "endless",
    [start({}), { id: "spin", type: "code", code: "while (true);" }, { id: "end", type: "end", output: {} }],
    ["start -> spin", "spin -> end"],
  );
  const { key } = await server.publish(endless);
  // More than there are sandboxes: where one went on, the code below would wait for its ten minutes.
  const accepted = await Promise.all(Array.from({ length: 6 }, () => server.invoke(key, { input: {}, isAsync: true })));
  for (const { json } of accepted) assert.equal((await cancel(key, json["workflowRunId"])).status, 200);
  const { key: code } = await server.publish(failing);
  assert.equal(((await server.invoke(code, { input: {} })).json["error"] as { type: string }).type, "code_error");
});

test("two cancellations at once are one, and both are answered with it", async () => {
  const { key } = await server.publish(one("twice"));
  const runId = await stalled(key);
  const [a, b] = await Promise.all([cancel(key, runId), cancel(key, runId)]);
  assert.deepEqual([a.status, b.status], [200, 200]);
  assert.equal(a.text, b.text);
  assert.equal(await endings(runId), 1);
});

test("a synchronous caller of a cancelled run gets the same body", async () => {
  const { key } = await server.publish(one("held"));
  const effect = new Promise<string>((resolve) => {
    arrived = resolve;
  });
  const held = server.invoke(key, { input: {} });
  const cancelled = await cancel(key, await effect);
  assert.equal((await held).text, cancelled.text);
});

test("a run that ended otherwise is a conflict, and stays as it is", async () => {
  const { key: echoKey } = await server.publish(echo);
  const { key: failingKey } = await server.publish(failing);
  for (const key of [echoKey, failingKey]) {
    const ended = await server.invoke(key, { input: {} });
    const refused = await cancel(key, ended.json["workflowRunId"]);
    assert.equal(refused.status, 409, refused.text);
    assert.equal(refused.json["type"], "/errors/conflict");
    assert.equal((await server.query(key, ended.json["workflowRunId"])).text, ended.text);
  }
});

test("W13 unknown, random and foreign runs are one and the same 404; a body without an id is a 400", async () => {
  const { key } = await server.publish(one("mine"));
  const { key: echoKey } = await server.publish(echo);
  const runId = await stalled(key);
  for (const id of [runId, "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10", "no such thing"]) {
    const { status, json } = await cancel(echoKey, id);
    assert.deepEqual([status, json["code"], json["message"]], [404, 40348, "No such run."]);
  }
  assert.equal((await cancel(key, undefined)).status, 400);
  const { key: reading } = await server.app.apiKeys.create("default", { workflows: ["mine"], scopes: ["query"] });
  assert.equal((await cancel(reading, runId)).status, 403);
  assert.equal((await server.query(key, runId)).json["status"], "RUNNING");
  assert.equal((await cancel(key, runId)).status, 200);
});

/** Other work of the event loop goes first, this many times. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
}

test("W40 cancel and completion race: one end wins, and the answer agrees with it", async (t) => {
  const { key } = await server.publish(one("race"));
  const won = { cancel: 0, completion: 0 };
  /** A Restate server hears of a cancellation later than of an answer, in ms: by as much as makes either of them win. */
  let heardLater = 0;
  for (let lead = -30; lead < 30; lead++) {
    const runId = await stalled(key);
    const [reply] = await Promise.all([
      turns(Math.max(0, lead)).then(() => cancel(key, runId)),
      turns(Math.max(0, -lead))
        .then(() => (drivesItself ? undefined : setTimeout(heardLater)))
        .then(() => answer(runId)),
    ]);
    heardLater = reply.status === 200 ? heardLater / 2 : heardLater * 2 + 1;
    const run = await server.query(key, runId);
    if (reply.status === 200) assert.equal(run.text, reply.text);
    else assert.deepEqual([reply.status, run.json["status"]], [409, "SUCCEED"], reply.text);
    assert.equal(await endings(runId), 1);
    won[reply.status === 200 ? "cancel" : "completion"] += 1;
  }
  t.diagnostic(`cancel won ${won.cancel} times, completion ${won.completion}`);
  if (!drivesItself) assert.ok(won.cancel > 0 && won.completion > 0);
});

test("a run that another owner has taken is not cancelled here, and nobody is told that it was", {
  skip: ofOwnDriver.skip || ofOneProcess.skip,
}, async () => {
  const { key } = await server.publish(one("taken"));
  const runId = await stalled(key);
  await inData(server.dataDir, "UPDATE runs SET fence = fence + 1 WHERE id = ?", runId);
  const refused = await cancel(key, runId);
  assert.equal(refused.status, 503, refused.text);
  assert.equal(refused.json["message"], "No server drives this run at the moment; retry in 1 s.");
  assert.equal((await server.query(key, runId)).json["status"], "RUNNING");
});

test("while the server shuts down a run cannot be cancelled; it goes on later", ofOneServer, async () => {
  const { key } = await server.publish(one("draining"));
  const runId = await stalled(key);
  await server.app.runtime.drain();
  const refused = await cancel(key, runId);
  assert.equal(refused.status, 503, refused.text);
  assert.equal(refused.json["type"], "/errors/draining");
  assert.ok(Number(refused.headers["retry-after"]) >= 1);
  assert.equal((await server.query(key, runId)).json["status"], "RUNNING");
});
