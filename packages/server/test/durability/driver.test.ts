import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { inData } from "#testing/kept-data";
import { drivesItself, ofOwnDriver } from "#testing/run-engine";
import { startTestServer, type TestServer } from "#testing/server";
import { ofTheFile, serversTogether } from "#testing/store-database";
import { document, slow, start } from "#testing/workflows";

// The invariants of runtime/embedded/driver.ts, on a real store and through a real socket.

/** Called for each request that an HTTP node makes, while the node waits. */
let onEffect: (key: string) => Promise<void> = async () => undefined;
let receiver: Server;
let port: number;
let dataDir: string;
let server: TestServer;

const open = () => startTestServer({ dataDir, settings: { egressAllow: `127.0.0.1:${port}` } });

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "millrace-driver-"));
  receiver = createServer((request, response) => {
    request.resume();
    void onEffect(String(request.headers["idempotency-key"])).then(
      () => response.writeHead(200, { "Content-Type": "application/json" }).end('{"done":true}'),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  port = (receiver.address() as AddressInfo).port;
  server = await open();
});
after(async () => {
  await server.close();
  receiver.close();
  receiver.closeAllConnections();
  rmSync(dataDir, { recursive: true, force: true });
});

const post = (id: string) => ({ id, type: "http", request: { method: "POST", url: `http://127.0.0.1:${port}/`, body: { json: {} } } });

function calling(name: string, count: number) {
  const calls = Array.from({ length: count }, (_, i) => post(`call${i}`));
  const chain = ["start", ...calls.map(({ id }) => id), "end"];
  const edges = chain.slice(1).map((id, i) => `${chain[i]} -> ${id}`);
  return document(name, [start({}), ...calls, { id: "end", type: "end", output: { done: `{{ call${count - 1}.body.done }}` } }], edges);
}

test("D1 an effect happens only after its node-started entry is durable", async () => {
  const { key } = await server.publish(calling("d1", 3));
  const seen: string[] = [];
  onEffect = async (idempotencyKey) => {
    const [runId = "", path = ""] = idempotencyKey.split(":");
    const entries = await server.app.store.runs.journal("default", runId);
    const last = entries.at(-1);
    assert.equal(last?.type, "node-started");
    assert.equal(last?.type === "node-started" && last.path, path);
    seen.push(path);
  };
  const answer = await server.invoke(key, { input: {} });
  assert.equal(answer.json["status"], "SUCCEED", answer.text);
  assert.deepEqual(seen, ["call0", "call1", "call2"]);
});

test("an attempt is announced once, whatever its siblings do while the announcement is written", async () => {
  const gets = Array.from({ length: 60 }, (_, i) => ({ ...post(`get${i}`), name: `get ${i}` }));
  const edges = gets.flatMap(({ id }) => [`start -> ${id}`, `${id} -> end`]);
  const { key } = await server.publish(document("siblings", [start({}), ...gets, { id: "end", type: "end", output: {} }], edges));
  // Answers spread over many turns of the event loop, so that some come while others are announced.
  let waiting = 0;
  onEffect = async () => {
    for (let turns = (waiting++ % 20) + 1; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
  };
  const answer = await server.invoke(key, { input: {} });
  assert.equal(answer.json["status"], "SUCCEED", answer.text);
  const entries = await server.app.store.runs.journal("default", String(answer.json["workflowRunId"]));
  const announced = entries.flatMap((entry) => (entry.type === "node-started" ? [`${entry.path}#${entry.attempt}`] : []));
  assert.deepEqual(announced.sort(), gets.map(({ id }) => `${id}#1`).sort());
});

test("D2 an acknowledgement and an answer come after what they tell of is durable", async () => {
  const { key } = await server.publish(calling("d2", 1));
  onEffect = async () => undefined;
  const accepted = await server.invoke(key, { input: {}, isAsync: true });
  const [first] = await server.app.store.runs.journal("default", String(accepted.json["workflowRunId"]));
  assert.equal(first?.type, "run-accepted");
  const answer = await server.invoke(key, { input: {} });
  assert.equal((await server.app.store.runs.journal("default", String(answer.json["workflowRunId"]))).at(-1)?.type, "run-finished");
});

/** Starts the workflow and resolves once its first effect waits; the effect is answered by `answer`. */
async function stalled(key: string) {
  const begun = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const effects: string[] = [];
  onEffect = (idempotencyKey) => {
    effects.push(idempotencyKey);
    begun.resolve();
    return answered.promise;
  };
  const accepted = await server.invoke(key, { input: {}, isAsync: true });
  await begun.promise;
  return { runId: String(accepted.json["workflowRunId"]), effects, answer: () => answered.resolve() };
}

test("D3 a run whose fence was raised is neither written nor driven any further", ofOwnDriver, async () => {
  const { key } = await server.publish(calling("d3", 2));
  const { runId, effects, answer } = await stalled(key);
  assert.equal((await inData(dataDir, "UPDATE runs SET fence = fence + 1 WHERE id = ? RETURNING fence", runId)).length, 1);
  answer();
  // A run of the same shape, begun after: when it has ended, whatever the first was going to do is done.
  onEffect = async (idempotencyKey) => void effects.push(idempotencyKey);
  assert.equal((await server.invoke(key, { input: {} })).json["status"], "SUCCEED");
  const entries = await server.app.store.runs.journal("default", runId);
  assert.deepEqual(entries.at(-1)?.type, "node-started");
  assert.deepEqual(
    effects.filter((effect) => effect.startsWith(runId)),
    [`${runId}:call0`],
  );
  assert.equal(await server.app.runtime.cancel("default", runId), false);
});

test(
  "D4 while another holds the store runs are refused, those under way wait, whoever waits for them is told so, and nothing is lost",
  ofTheFile,
  async () => {
    const { key } = await server.publish(calling("d4", 1));
    const { runId, effects, answer } = await stalled(key);
    const held = server.invoke(key, { input: {} });
    while (effects.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const holder = new DatabaseSync(join(dataDir, "millrace.db"));
    holder.exec("BEGIN IMMEDIATE");
    answer();
    // Each waits for the store as long as it is willing to; the second comes after whatever the effect's answer brought about.
    for (let i = 0; i < 2; i++) {
      const refused = await server.invoke(key, { input: {} });
      assert.equal(refused.status, 503, refused.text);
      assert.ok(Number(refused.headers["retry-after"]) >= 1);
    }
    assert.equal((await server.app.store.runs.journal("default", runId)).at(-1)?.type, "node-started");
    const told = await held;
    assert.deepEqual([told.status, told.json["status"]], [200, "RUNNING"], told.text);
    holder.exec("ROLLBACK");
    holder.close();
    for (const id of [runId, String(told.json["workflowRunId"])]) {
      let last = await server.query(key, id);
      for (let i = 0; i < 200 && last.json["status"] === "RUNNING"; i++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        last = await server.query(key, id);
      }
      assert.deepEqual(last.json["output"], { done: true }, last.text);
    }
  },
);

test("D5 a run of many pure steps lets others pass", async () => {
  const body = { nodes: [{ id: "one", type: "template", text: "{{ item }}" }], edges: [] };
  const many = document(
    "many",
    [
      start({ items: { type: "array" } }),
      { id: "each", type: "batch", items: "{{ start.items }}", body },
      { id: "end", type: "end", output: { n: "{{ each.count }}" } },
    ],
    ["start -> each", "each -> end"],
  );
  const { key } = await server.publish(many);
  const { key: small } = await server.publish(document("small", [start({}), { id: "end", type: "end", output: {} }], ["start -> end"]));
  const order: string[] = [];
  const long = server.invoke(key, { input: { items: Array.from({ length: 10_000 }, (_, i) => i) } }).then((answer) => {
    order.push("long");
    return answer;
  });
  await server.invoke(key, { input: { items: [] } });
  for (let i = 0; i < 3; i++) {
    await server.invoke(small, { input: {} });
    order.push("small");
  }
  assert.deepEqual((await long).json["output"], { n: 10_000 });
  assert.deepEqual(order, ["small", "small", "small", "long"]);
});

test("a run that a stop interrupted goes on at the next start, and repeats nothing that was recorded", async () => {
  const { key } = await server.publish(calling("resumed", 4));
  const effects: string[] = [];
  const stalled = Promise.withResolvers<void>();
  onEffect = (idempotencyKey) => {
    effects.push(idempotencyKey.split(":")[1] ?? "");
    if (effects.length < 3) return Promise.resolve();
    stalled.resolve();
    return new Promise(() => undefined);
  };
  const accepted = await server.invoke(key, { input: {}, isAsync: true });
  await stalled.promise;
  await server.close();
  const keys = new Map<string, number>();
  const runId = accepted.json["workflowRunId"];
  // The run of D3, which nobody drove any more, goes on now as well.
  onEffect = async (idempotencyKey) => {
    if (idempotencyKey.startsWith(`${runId}:`)) keys.set(idempotencyKey, (keys.get(idempotencyKey) ?? 0) + 1);
  };
  server = await open();
  let answer = await server.query(key, runId);
  while (answer.json["status"] === "RUNNING") answer = await server.query(key, runId);
  assert.equal(answer.json["status"], "SUCCEED", answer.text);
  assert.deepEqual(effects, ["call0", "call1", "call2"]);
  assert.deepEqual(
    [...keys],
    [
      [`${runId}:call2`, 1],
      [`${runId}:call3`, 1],
    ],
  );
  const entries = await server.app.store.runs.journal("default", String(runId));
  const attempts = entries.flatMap((entry) => (entry.type === "node-started" ? [`${entry.path}#${entry.attempt}`] : []));
  // The Restate server has the attempt that was under way carried out again.
  assert.deepEqual(attempts, ["call0#1", "call1#1", "call2#1", drivesItself ? "call2#2" : "call2#1", "call3#1"]);
});

test("L48: a stop answers held calls with RUNNING, and their runs end after the next start", async () => {
  const { key } = await server.publish(slow);
  const held = server.invoke(key, { input: { ms: 1_500 } });
  while ((await server.app.store.runs.list("default", { limit: 1, status: "RUNNING" })).length === 0) await new Promise(setImmediate);
  const [closing, answer] = await Promise.all([server.close(), held]);
  assert.equal(closing, undefined);
  assert.equal(answer.json["status"], "RUNNING");
  server = await open();
  let later = await server.query(key, answer.json["workflowRunId"]);
  while (later.json["status"] === "RUNNING") later = await server.query(key, answer.json["workflowRunId"]);
  assert.deepEqual(later.json["output"], { waited: 1_500 });
});

test("a cancelled run ends FAILED, once, and its effect is told to stop", async () => {
  const { key } = await server.publish(calling("cancelled", 1));
  const begun = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  receiver.once("request", (request) => request.socket.once("close", () => gone.resolve()));
  onEffect = () => {
    begun.resolve();
    return new Promise(() => undefined);
  };
  const accepted = await server.invoke(key, { input: {}, isAsync: true });
  await begun.promise;
  const runId = String(accepted.json["workflowRunId"]);
  const answers = await Promise.all([server.app.runtime.cancel("default", runId), server.app.runtime.cancel("default", runId)]);
  // On its way to a Restate server, or to another process, one may overtake the other.
  const inOrder = drivesItself && serversTogether() === 1;
  assert.deepEqual(inOrder ? answers : answers.toSorted().reverse(), [true, false]);
  await gone.promise;
  const answer = await server.query(key, runId);
  assert.equal(answer.json["status"], "FAILED");
  assert.equal((answer.json["error"] as { type: string; code: number }).type, "cancelled");
  assert.equal(await server.app.runtime.cancel("default", runId), false);
});

test("retries wait as their policy says, with one key, and end in success or in the last error", async () => {
  const retrying = (name: string) =>
    document(
      name,
      [
        start({}),
        { ...post("call"), retry: { maxAttempts: 3, initialMs: 20, factor: 1, jitter: false } },
        { id: "end", type: "end", output: { done: "{{ call.body.done }}" } },
      ],
      ["start -> call", "call -> end"],
    );
  const { key } = await server.publish(retrying("retrying"));
  const keys: string[] = [];
  onEffect = async (idempotencyKey) => {
    keys.push(idempotencyKey);
    if (keys.length < 3) throw new Error("cut");
  };
  const answer = await server.invoke(key, { input: {} });
  assert.deepEqual(answer.json["output"], { done: true }, answer.text);
  assert.equal(keys.length, 3);
  assert.equal(new Set(keys).size, 1);
  onEffect = () => Promise.reject(new Error("cut"));
  const failed = await server.invoke(key, { input: {} });
  assert.equal((failed.json["error"] as { type: string }).type, "http_network");
});

test("a branch on an error, a default and a deadline", async () => {
  onEffect = () => new Promise(() => undefined);
  const nodes = [
    start({}),
    { ...post("late"), timeoutMs: 50, onError: { do: "branch" } },
    { id: "told", type: "template", text: "{{ late.error.type }} after {{ late.error.attempt }}" },
    { id: "boom", type: "code", code: "throw new Error('x')", onError: { do: "default", output: { v: 7 } } },
    { id: "end", type: "end", output: { told: "{{ told.text }}", v: "{{ boom.v }}" } },
  ];
  const { key } = await server.publish(document("handled", nodes, ["start -> late", "late.error -> told", "told -> boom", "boom -> end"]));
  const answer = await server.invoke(key, { input: {} });
  assert.deepEqual(answer.json["output"], { told: "http_timeout after 1", v: 7 }, answer.text);
});
