import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Answer, startTestServer, type TestServer } from "#testing/server";
import { echo, slow, todayNews } from "#testing/workflows";

let dataDir: string;
let server: TestServer;
before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "millrace-once-"));
  // Of several servers each would name itself otherwise.
  server = await startTestServer({ dataDir, settings: { publicUrl: "https://mill.example.com" } });
});
after(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const under = (name: string) => ({ "Idempotency-Key": name });
const runId = (answer: Answer) => String(answer.json["workflowRunId"]);
const replayed = (answer: Answer) => answer.headers["idempotent-replayed"];

async function runCount(workflowId: string): Promise<number> {
  return (await server.app.store.runs.list("default", { limit: 100, workflowId })).length;
}

test("the same key and body answer the same run, whatever the order of members and the white space", async () => {
  const { id, key } = await server.publish(echo);
  const first = await server.invoke(key, '{"userId":"u","input":{"value":{"a":1,"b":[2]}}}', under("same"));
  assert.equal(first.json["status"], "SUCCEED", first.text);
  assert.equal(replayed(first), undefined);
  const second = await server.invoke(key, '{ "input": {"value": {"b": [2.0], "a": 1e0}}, "isAsync": false, "userId": "u" }', under("same"));
  assert.equal(second.text, first.text);
  assert.equal(replayed(second), "true");
  assert.equal(second.headers["x-run-url"], first.headers["x-run-url"]);
  assert.equal(await runCount(id), 1);
});

test("W30 L35 callers at once under one key get one run, and wait for it", async () => {
  const { id, key } = await server.publish(slow);
  const answers = await Promise.all(Array.from({ length: 50 }, () => server.invoke(key, { input: { ms: 100 } }, under("at once"))));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
  assert.equal(answers[0]?.json["status"], "SUCCEED");
  assert.equal(answers.filter((answer) => replayed(answer) === "true").length, 49);
  assert.equal(await runCount(id), 1);
});

test("L35: another body under the same key is refused, and nothing runs", async () => {
  const { id, key } = await server.publish({ ...todayNews, name: "mismatch" });
  await server.invoke(key, { input: { topic: "AI" } }, under("mismatch"));
  for (const body of [{ input: { topic: "ai" } }, { input: { topic: "AI" }, userId: "u" }, { input: { topic: "AI" }, isAsync: true }]) {
    const answer = await server.invoke(key, body, under("mismatch"));
    assert.deepEqual([answer.status, answer.json["code"], answer.json["type"]], [422, 422, "/errors/idempotency_mismatch"]);
  }
  assert.equal(await runCount(id), 1);
});

test("another version under the same key is another request", async () => {
  const { key, version } = await server.publish({ ...todayNews, name: "versions" });
  await server.invoke(key, { input: { topic: "AI" } }, under("version"));
  const answer = await server.invoke(key, { input: { topic: "AI" } }, { ...under("version"), "Millrace-Version": version });
  assert.equal(answer.status, 422);
});

test("L35: another key, and the same text of another caller, is another run", async () => {
  const { id, key } = await server.publish({ ...todayNews, name: "others" });
  const { key: other } = await server.app.apiKeys.create("default", { workflows: [id] });
  const calls = [
    server.invoke(key, { input: { topic: "AI" } }, under("one")),
    server.invoke(key, { input: { topic: "AI" } }, under("two")),
  ];
  const answers = await Promise.all([...calls, server.invoke(other, { input: { topic: "AI" } }, under("one"))]);
  assert.equal(new Set(answers.map(runId)).size, 3);
});

test("a repeated asynchronous call is acknowledged with the status that the run has", async () => {
  const { key } = await server.publish({ ...slow, name: "slowly" });
  const body = { input: { ms: 50 }, isAsync: true };
  const first = await server.invoke(key, body, under("async"));
  assert.equal(first.json["status"], "PENDING");
  const again = await server.invoke(key, body, under("async"));
  assert.deepEqual(Object.keys(again.json), Object.keys(first.json));
  assert.deepEqual([runId(again), replayed(again)], [runId(first), "true"]);
  while ((await server.query(key, runId(first))).json["status"] !== "SUCCEED");
  assert.equal((await server.invoke(key, body, under("async"))).json["status"], "SUCCEED");
});

test("a request that is refused does not use up its key", async () => {
  const { key } = await server.publish({ ...todayNews, name: "refused" });
  const refused = await server.invoke(key, { input: {} }, under("refused"));
  assert.equal(refused.status, 400);
  const answer = await server.invoke(key, { input: { topic: "AI" } }, under("refused"));
  assert.equal(answer.json["status"], "SUCCEED");
  assert.equal(replayed(answer), undefined);
});

test("a key has 1 to 255 printable characters", async () => {
  const { key } = await server.publish({ ...todayNews, name: "lengths" });
  const call = (name: string) => server.invoke(key, { input: { topic: "AI" } }, under(name));
  assert.equal((await call("~".repeat(255))).status, 200);
  for (const name of ["~".repeat(256), "", "ü", "a\tb"]) {
    const answer = await call(name);
    assert.equal(answer.status, 400, name);
    assert.equal(answer.json["message"], "Idempotency-Key must be 1 to 255 printable ASCII characters.");
  }
});

test("the run is found under its key after a restart, ended or not", async () => {
  const { key } = await server.publish({ ...slow, name: "restarted" });
  const ended = await server.invoke(key, { input: { ms: 1 } }, under("ended"));
  const body = { input: { ms: 300 }, isAsync: true };
  const open = await server.invoke(key, body, under("open"));
  await server.close();
  server = await startTestServer({ dataDir });
  assert.equal((await server.invoke(key, { input: { ms: 1 } }, under("ended"))).text, ended.text);
  assert.equal(runId(await server.invoke(key, body, under("open"))), runId(open));
});
