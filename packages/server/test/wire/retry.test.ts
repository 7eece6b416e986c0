import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { startTestServer, type TestServer } from "#testing/server";
import { serversTogether } from "#testing/store-database";
import { document, echo, start } from "#testing/workflows";

// POST /v1/workflow/run/retry: what is run again is what the receiver of the effects sees.

let server: TestServer;
let receiver: Server;
let port: number;
/** Paths of the nodes that called, in order; those that are to fail. */
let called: string[] = [];
let broken: ReadonlySet<string> = new Set();
/** Called for each effect; the path of one that is to get no answer. */
let stalled: (path: string) => void = () => undefined;
let silent: string | null = null;

before(async () => {
  receiver = createServer((request, response) => {
    request.resume();
    const [, path = ""] = String(request.headers["idempotency-key"]).split(":");
    called.push(path);
    if (path === silent) return stalled(path);
    response.writeHead(broken.has(path) ? 500 : 200, { "Content-Type": "application/json" }).end(JSON.stringify({ from: path }));
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  port = (receiver.address() as AddressInfo).port;
  server = await startTestServer({ settings: { egressAllow: `127.0.0.1:${port}` } });
});
after(async () => {
  await server.close();
  receiver.closeAllConnections();
  receiver.close();
});

const call = (id: string, more: JsonObject = {}) => ({
  id,
  type: "http",
  request: { method: "POST", url: `http://127.0.0.1:${port}/`, body: { json: {} } },
  ...more,
});

const flow = (name: string, nodes: readonly JsonObject[], output: JsonObject) => {
  const all = [start({ who: { type: "string" } }), ...nodes, { id: "end", type: "end", output }];
  return document(
    name,
    all,
    all.slice(1).map(({ id }, i) => `${String(all[i]?.["id"])} -> ${String(id)}`),
  );
};

const retry = (key: string, workflowRunId: unknown, more: object = {}) =>
  server.call("POST", "/v1/workflow/run/retry", { key, body: { workflowRunId, ...more } });

/** A run that fails while these nodes are broken; then they are mended. */
async function failedRun(key: string, nodes: readonly string[], input: object = {}): Promise<string> {
  broken = new Set(nodes);
  const failed = await server.invoke(key, { userId: "u-1", input });
  assert.equal(failed.json["status"], "FAILED", failed.text);
  broken = new Set();
  called = [];
  return String(failed.json["workflowRunId"]);
}

/** The end of the run, from its event stream: no questions asked twice. */
async function ended(key: string, runId: unknown) {
  await server.call("GET", `/v1/workflow/run/${String(runId)}/events`, { key });
  return server.query(key, runId);
}

const three = (name: string) => flow(name, [call("one"), call("two"), call("three")], { last: "{{ three.body.from }}" });

test("a retry goes on where the run failed, is acknowledged with five members, and leaves the failed run as it was", async () => {
  const { key } = await server.publish(three("onwards"));
  const source = await failedRun(key, ["two"], { who: "Ada", more: 1 });
  const before = await server.query(key, source);
  const accepted = await retry(key, source);
  assert.equal(accepted.status, 200, accepted.text);
  assert.deepEqual(Object.keys(accepted.json), ["workflowId", "workflowName", "workflowVersion", "workflowRunId", "status"]);
  assert.equal(accepted.json["status"], "PENDING");
  assert.notEqual(accepted.json["workflowRunId"], source);
  assert.match(String(accepted.headers["x-run-url"]), new RegExp(String(accepted.json["workflowRunId"])));
  const run = await ended(key, accepted.json["workflowRunId"]);
  assert.deepEqual(run.json["output"], { last: "three" }, run.text);
  assert.deepEqual(run.json["input"], { who: "Ada", more: 1 });
  assert.deepEqual(called, ["two", "three"]);
  assert.equal((await server.query(key, source)).text, before.text);
});

test("the new run's journal is its own: it names the run it retries and marks what it took over", async () => {
  const { key } = await server.publish(three("marked"));
  const source = await failedRun(key, ["three"]);
  const { json } = await retry(key, source);
  await ended(key, json["workflowRunId"]);
  const runId = String(json["workflowRunId"]);
  const [accepted, ...rest] = await server.app.store.runs.journal("default", runId);
  assert.equal(accepted?.type === "run-accepted" && accepted.retryOf, source);
  const reused = rest.flatMap((entry) => (entry.reused && "path" in entry ? [`${entry.type} ${entry.path}`] : []));
  assert.deepEqual(reused, ["node-finished start", "node-finished one", "node-finished two"]);
  const { key: admin } = await server.app.apiKeys.create("default", { workflows: [], scopes: ["admin"] });
  const detail = (await server.call("GET", `/api/v1/runs/${runId}`, { key: admin })).json;
  assert.equal(detail["retryOf"], source);
  const traces = detail["nodes"] as { nodeId: string; attempts: number; reused?: boolean }[];
  assert.deepEqual(
    traces.map(({ nodeId, attempts, reused }) => [nodeId, attempts, reused ?? false]),
    [
      ["start", 0, true],
      ["one", 0, true],
      ["two", 0, true],
      ["three", 1, false],
      ["end", 1, false],
    ],
  );
});

test("from the start everything runs again, in the same version or in the live one", async () => {
  const { key } = await server.publish(three("again"));
  const source = await failedRun(key, ["three"]);
  const same = await retry(key, source, { from: "start" });
  assert.equal((await ended(key, same.json["workflowRunId"])).json["status"], "SUCCEED");
  assert.deepEqual(called, ["one", "two", "three"]);
  const { version } = await server.publish(flow("again", [call("mended")], { by: "{{ mended.body.from }}" }));
  const live = await retry(key, source, { from: "start", version: "live" });
  assert.equal(live.json["workflowVersion"], version);
  assert.deepEqual((await ended(key, live.json["workflowRunId"])).json["output"], { by: "mended" });
  called = [];
  const old = await retry(key, source);
  assert.equal(old.json["workflowVersion"], "1.0.0");
  assert.equal((await ended(key, old.json["workflowRunId"])).json["status"], "SUCCEED");
  assert.deepEqual(called, ["three"]);
});

test("items that finished keep their results, the failed one runs again from where it failed", async () => {
  const body = { nodes: [call("a"), call("b")], edges: ["a -> b"] };
  const each = { id: "each", type: "batch", items: [0, 1, 2], concurrency: 1, onItemError: "fail", body, collect: "{{ b.body.from }}" };
  const { key } = await server.publish(flow("items", [each], { all: "{{ each.items }}" }));
  const source = await failedRun(key, ["each[1]/b"]);
  const { json } = await retry(key, source);
  const run = await ended(key, json["workflowRunId"]);
  assert.deepEqual(run.json["output"], { all: ["each[0]/b", "each[1]/b", "each[2]/b"] }, run.text);
  assert.deepEqual(called, ["each[1]/b", "each[2]/a", "each[2]/b"]);
});

test("an error that was handled stays handled; a cancelled run goes on with what was under way", async () => {
  const { key } = await server.publish(
    flow("handled", [call("first", { onError: { do: "continue" } }), call("second"), call("third")], { last: "{{ third.body.from }}" }),
  );
  broken = new Set(["first"]);
  silent = "second";
  called = [];
  const reached = new Promise<string>((resolve) => {
    stalled = resolve;
  });
  const accepted = await server.invoke(key, { input: {}, isAsync: true });
  await reached;
  const cancelled = await server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId: accepted.json["workflowRunId"] } });
  assert.equal(cancelled.status, 200);
  silent = null;
  broken = new Set();
  called = [];
  const { json } = await retry(key, accepted.json["workflowRunId"]);
  assert.equal((await ended(key, json["workflowRunId"])).json["status"], "SUCCEED");
  assert.deepEqual(called, ["second", "third"]);
});

test("a retry that a stop interrupted goes on at the next start", async (t) => {
  const settings = { egressAllow: `127.0.0.1:${port}` };
  const first = await startTestServer({ dataDir: `${server.dataDir}/retried`, settings });
  const { key } = await first.publish(three("interrupted"));
  broken = new Set(["two"]);
  const failed = await first.invoke(key, { input: {} });
  broken = new Set();
  silent = "three";
  called = [];
  const reached = new Promise<string>((resolve) => {
    stalled = resolve;
  });
  const { json } = await first.call("POST", "/v1/workflow/run/retry", { key, body: { workflowRunId: failed.json["workflowRunId"] } });
  await reached;
  await first.close();
  silent = null;
  const second = await startTestServer({ dataDir: first.dataDir, settings });
  t.after(() => second.close());
  await second.call("GET", `/v1/workflow/run/${String(json["workflowRunId"])}/events`, { key });
  assert.deepEqual((await second.query(key, json["workflowRunId"])).json["output"], { last: "three" });
  const [two, ...others] = called;
  assert.deepEqual([two, ...new Set(others)], ["two", "three"]);
  // Of several servers each that is stopped hands the run to those that are not stopped yet: it may be called by each.
  assert.ok(others.length >= 2 && others.length <= 1 + serversTogether(), `${others.length} calls`);
});

test("only a failed run is retried, only from the start in another version, and only by those who know it", async () => {
  const { key } = await server.publish(echo);
  const done = await server.invoke(key, { input: {} });
  const refused = await retry(key, done.json["workflowRunId"]);
  assert.equal(refused.status, 409, refused.text);
  assert.equal(refused.json["message"], "Only a failed run can be retried.");
  const { key: other } = await server.publish(three("mine"));
  const source = await failedRun(other, ["one"]);
  for (const id of [source, "01a0c450-6c64-7b21-9f0e-5d2c8a6b4e10", "no such thing"])
    assert.deepEqual([(await retry(key, id)).status, (await retry(key, id)).json["code"]], [404, 40348]);
  for (const [more, path] of [
    [{ version: "live" }, "/version"],
    [{ from: "middle" }, "/from"],
    [{ from: "start", version: 1 }, "/version"],
  ] as const) {
    const faulty = await retry(other, source, more);
    assert.equal(faulty.status, 400, faulty.text);
    assert.equal((faulty.json["errors"] as { path: string }[])[0]?.path, path);
  }
});
