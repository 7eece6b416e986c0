import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { NODE_RESULTS } from "#store/node-result-store";
import { MovableClock } from "#testing/clock";
import { keptTexts } from "#testing/kept-data";
import { KEY, startModelServer } from "#testing/model-server";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { type Counter, startCounter } from "./harness.ts";

const HOUR_MS = 3_600_000;
const SECRET = "s3cret-value-of-the-test";

let dataDir: string;
let clock: MovableClock;
let counter: Counter;
let server: TestServer;

const open = () => startTestServer({ dataDir, settings: { egressAllow: "127.0.0.1" }, surroundings: { clock } });

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "millrace-cache-"));
  clock = new MovableClock();
  counter = await startCounter();
  server = await open();
});
after(async () => {
  await server.close();
  counter.close();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(() => {
  counter.asked.length = 0;
  counter.status = 200;
});

/** Asks for the path that it is given. */
function asking(name: string, cache: JsonObject, more: JsonObject = {}): JsonObject {
  const ask = counter.node("ask", "/{{ start.q }}", { cache, ...more });
  const end = { id: "end", type: "end", output: { count: "{{ ask.body.count }}" } };
  return document(name, [start({ q: { type: "string" }, other: {} }), ask, end], ["start -> ask", "ask -> end"]);
}

async function countOf(key: string, q: string, more: JsonObject = {}): Promise<Json | undefined> {
  const { json } = await server.invoke(key, { input: { q, ...more } });
  return (json["output"] as JsonObject | undefined)?.["count"];
}

test("K1 the same question is asked once, in any run and after a restart; another question is another", async () => {
  const { key } = await server.publish(asking("same", { ttlMs: HOUR_MS }));
  assert.deepEqual([await countOf(key, "a"), await countOf(key, "a"), await countOf(key, "b"), await countOf(key, "a")], [1, 1, 2, 1]);
  await server.close();
  server = await open();
  assert.equal(await countOf(key, "a"), 1);
  assert.deepEqual(counter.asked, ["/a", "/b"]);
});

test("a result is as good as new until its time is over", async () => {
  const { key } = await server.publish(asking("time", { ttlMs: HOUR_MS }));
  await countOf(key, "a");
  clock.forward(HOUR_MS - 60_000);
  assert.equal(await countOf(key, "a"), 1);
  clock.forward(60_000);
  assert.equal(await countOf(key, "a"), 2);
});

test("with a key, what the key gives is all that counts", async () => {
  const { key } = await server.publish(asking("keyed", { ttlMs: HOUR_MS, key: "{{ start.other }}" }));
  const asked = [
    await countOf(key, "a", { other: { n: 1 } }),
    await countOf(key, "b", { other: { n: 1 } }),
    await countOf(key, "a", { other: { n: 2 } }),
  ];
  assert.deepEqual(asked, [1, 1, 2]);
});

test("a new version of the workflow has the results of a node that is as it was, and none of one that was changed", async () => {
  for (const cache of [{ ttlMs: HOUR_MS }, { ttlMs: HOUR_MS, key: "{{ start.q }}" }]) {
    const name = `versions${Object.keys(cache).length}`;
    counter.asked.length = 0;
    const { key } = await server.publish(asking(name, cache));
    await countOf(key, "a");
    await server.publish({ ...asking(name, cache, { name: "Another name", timeoutMs: 5_000 }), description: "changed" });
    assert.equal(await countOf(key, "a"), 1);
    await server.publish(
      asking(name, cache, { request: { ...(counter.node("x", "/{{ start.q }}")["request"] as JsonObject), query: { x: "1" } } }),
    );
    assert.equal(await countOf(key, "a"), 2);
  }
});

test("outputs are made anew of what was kept", async () => {
  const shown = (field: string) => asking("outputs", { ttlMs: HOUR_MS }, { outputs: { body: { value: { count: `{{ ${field} }}` } } } });
  const { key } = await server.publish(shown("result.body.count"));
  await countOf(key, "a");
  await server.publish(shown("result.body.path"));
  assert.equal(await countOf(key, "a"), "/a");
});

test("K1 a failure is never kept", async () => {
  const { key } = await server.publish(asking("failing", { ttlMs: HOUR_MS }));
  counter.status = 503;
  assert.equal(await countOf(key, "a"), undefined);
  counter.status = 200;
  assert.deepEqual([await countOf(key, "a"), await countOf(key, "a")], [2, 2]);
});

test("K2 two workflows with the same node share nothing, and results go with their workflow", async () => {
  const one = await server.publish(asking("one", { ttlMs: HOUR_MS }));
  const other = await server.publish(asking("other", { ttlMs: HOUR_MS }));
  assert.deepEqual([await countOf(one.key, "a"), await countOf(other.key, "a")], [1, 2]);
});

test("K2 what is kept of a workflow with secrets shows none", async () => {
  const { key: admin } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
  const put = await server.call("PUT", "/api/v1/secrets/TOKEN", { key: admin, body: { value: SECRET } });
  assert.equal(put.status, 200, put.text);
  const plain = counter.node("x", "/{{ start.q }}")["request"] as JsonObject;
  const request = { ...plain, headers: { Authorization: "Bearer {{ secrets.TOKEN }}" } };
  const { key } = await server.publish(asking("sealed", { ttlMs: HOUR_MS }, { request }));
  assert.deepEqual([await countOf(key, "a"), await countOf(key, "a"), await countOf(key, "b")], [1, 1, 2]);
  const holding = (await keptTexts(dataDir)).filter(({ text }) => text.includes(SECRET));
  assert.deepEqual(
    holding.map(({ where }) => where),
    [],
  );
});

test("whoever follows the run, or reads its trace, sees where the result is from", async () => {
  const { id, key } = await server.publish(asking("told", { ttlMs: HOUR_MS }));
  const first = await server.invoke(key, { input: { q: "a" } });
  const second = await server.invoke(key, { input: { q: "a" } });
  const journal = await server.app.store.runs.journal(DEFAULT_TENANT, String(second.json["workflowRunId"]));
  const finished = journal.find((entry) => entry.type === "node-finished" && entry.path === "ask");
  assert.ok(finished?.type === "node-finished" && finished.cached);
  assert.equal(finished.cached.runId, first.json["workflowRunId"]);
  const events = await server.call("GET", `/v1/workflow/run/${String(second.json["workflowRunId"])}/events`, { key });
  assert.match(events.text, /event: node.finished\ndata: .*"nodeId":"ask".*"cached":\{"runId":"/);
  assert.ok(id);
});

test("one larger than the limit is not kept", async () => {
  const { key } = await server.publish(asking("sizes", { ttlMs: HOUR_MS }));
  const most = NODE_RESULTS.bytesOfOne;
  // With the headers of the answer around them.
  counter.padding = most - 1_000;
  assert.deepEqual([await countOf(key, "a"), await countOf(key, "a")], [1, 1]);
  counter.padding = most;
  assert.deepEqual([await countOf(key, "b"), await countOf(key, "b")], [2, 3]);
  counter.padding = 0;
});

test("what a model was paid for once is not paid for again, and the ledger tells of both", async (context) => {
  const provider = await startModelServer();
  context.after(() => provider.stop());
  provider.onMessage(/./, { content: "The river.", usage: { prompt_tokens: 1_000, completion_tokens: 500, total_tokens: 1_500 } });
  const own = await startTestServer({ settings: { egressAllow: new URL(provider.url).host, defaultModel: "work/gpt-4o-mini" } });
  context.after(() => own.close());
  const { key: admin } = await own.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
  const connection = { provider: "openai", baseUrl: provider.url, credential: { type: "key", value: KEY } };
  assert.equal((await own.call("PUT", "/api/v1/connections/work", { key: admin, body: connection })).status, 200);
  const nodes = [
    start({ q: { type: "string" } }),
    { id: "ask", type: "llm", prompt: "What carries the {{ start.q }}?", cache: { ttlMs: HOUR_MS } },
    { id: "end", type: "end", output: { text: "{{ ask.text }}" } },
  ];
  const { key } = await own.publish(document("cachedModel", nodes, ["start -> ask", "ask -> end"]));
  const ask = async (q: string) => (await own.invoke(key, { input: { q } })).json;
  const paid = await ask("mill");
  const free = await ask("mill");
  assert.deepEqual([paid["output"], paid["totalTokens"]], [{ text: "The river." }, 1_500]);
  assert.deepEqual([free["output"], free["totalTokens"], free["totalCost"]], [{ text: "The river." }, 0, 0]);
  const rows = await own.app.store.usage.ofRun(DEFAULT_TENANT, String(free["workflowRunId"]));
  assert.deepEqual(
    rows.map(({ kind, model, credits, cached }) => [kind, model, credits, cached]),
    [["chat", "work/gpt-4o-mini", 0n, true]],
  );
  const usage = await own.app.store.usage.sums(DEFAULT_TENANT, "tenant", { from: 0, to: 4_000_000_000_000 });
  assert.equal(usage[0]?.requests, 1);
});

test("a key that cannot be evaluated fails the node", async () => {
  const { key } = await server.publish(asking("broken", { ttlMs: HOUR_MS, key: "{{ start.other.split(',') }}" }));
  const { json } = await server.invoke(key, { input: { q: "a", other: 5 } });
  assert.equal((json["error"] as JsonObject)["type"], "expression_error");
  assert.deepEqual(counter.asked, []);
});
