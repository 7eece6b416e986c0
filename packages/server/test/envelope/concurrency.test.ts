import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { inData } from "#testing/kept-data";
import { drivesItself } from "#testing/run-engine";
import { startTestServer, type TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { type Counter, startCounter } from "./harness.ts";

let dataDir: string;
let counter: Counter;
let server: TestServer;

const open = () => startTestServer({ dataDir, settings: { egressAllow: "127.0.0.1" } });

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "millrace-node-concurrency-"));
  counter = await startCounter();
  server = await open();
});
after(async () => {
  await server.close();
  counter.close();
  rmSync(dataDir, { recursive: true, force: true });
});
afterEach(async () => {
  while (counter.waiting.length > 0) counter.answerNext();
  counter.holds = false;
  counter.asked.length = 0;
});

/** Asks for each of its items, all at once, under the limit. */
function asking(name: string, concurrency: JsonObject): JsonObject {
  const ask = counter.node("ask", "/{{ item }}", { concurrency });
  const each = { id: "each", type: "batch", items: "{{ start.items }}", concurrency: 64, body: { nodes: [ask], edges: [] } };
  const end = { id: "end", type: "end", output: { count: "{{ each.count }}" } };
  return document(name, [start({ items: { type: "array" }, group: {} }), each, end], ["start -> each", "each -> end"]);
}

async function begin(key: string, input: JsonObject): Promise<string> {
  const answer = await server.invoke(key, { input, isAsync: true });
  assert.equal(answer.status, 200, answer.text);
  return String(answer.json["workflowRunId"]);
}

async function ended(key: string, runId: string): Promise<JsonObject> {
  for (;;) {
    const { json } = await server.query(key, runId);
    if (json["endTime"] !== undefined) return json;
  }
}

const cancel = (key: string, workflowRunId: string) => server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId } });

test("no more attempts than the limit are under way, over all runs of the workflow; runs are served by turns", async () => {
  counter.holds = true;
  const { key } = await server.publish(asking("turns", { limit: 2 }));
  const first = await begin(key, { items: ["a1", "a2", "a3", "a4", "a5"] });
  await counter.whenWaiting(2);
  const second = await begin(key, { items: ["b1", "b2"] });
  await untilInLine(second, 2);
  const order: string[] = [];
  while (order.length < 7) {
    await counter.whenWaiting(Math.min(2, 7 - order.length));
    order.push(counter.waiting[0] ?? "");
    counter.answerNext();
  }
  const expected = ["/a1", "/a2", "/a3", "/b1", "/a4", "/b2", "/a5"];
  // A Restate server calls for those attempts of one run that begin together in an order of its own.
  const shown = (asked: readonly string[]) => (drivesItself ? asked : asked.map(([, run]) => run));
  assert.deepEqual([shown(order), order.toSorted()], [shown(expected), expected.toSorted()]);
  for (const id of [first, second]) assert.equal((await ended(key, id))["status"], "SUCCEED");
});

/** In one process attempts are in the line once the journal says that they began; where processes share it, it is in the database. */
async function untilInLine(runId: string, attempts: number): Promise<void> {
  for (;;) {
    const journal = await server.app.store.runs.journal("default", runId);
    const begun = journal.filter((entry) => entry.type === "node-started" && entry.path.endsWith("ask")).length;
    if (begun === attempts && (await linedUp(runId)) === attempts) return;
    await new Promise(setImmediate);
  }

  async function linedUp(id: string): Promise<number> {
    return server.app.store.shared ? (await inData(server.dataDir, "SELECT path FROM node_turns WHERE run_id = ?", id)).length : attempts;
  }
}

test("with a key each of its values has the limit", async () => {
  counter.holds = true;
  const { key } = await server.publish(asking("keyed", { limit: 1, key: "{{ start.group }}" }));
  const ids = [await begin(key, { items: ["a"], group: 1 }), await begin(key, { items: ["b"], group: 2 })];
  await counter.whenWaiting(2);
  ids.push(await begin(key, { items: ["c"], group: 1 }));
  await untilInLine(ids[2] ?? "", 1);
  assert.deepEqual([...counter.waiting].sort(), ["/a", "/b"]);
  while (counter.waiting[0] !== "/a") counter.answerNext();
  counter.answerNext();
  await ended(key, ids[0] ?? "");
  while (!counter.asked.includes("/c")) await server.query(key, ids[2] ?? "");
  counter.holds = false;
  while (counter.waiting.length > 0) counter.answerNext();
  for (const id of ids) assert.equal((await ended(key, id))["status"], "SUCCEED");
});

test("a cancelled run gives back its turn, and leaves the line", async () => {
  counter.holds = true;
  const { key } = await server.publish(asking("cancelled", { limit: 1 }));
  const first = await begin(key, { items: ["a"] });
  // Of runs that begin together any may be the first.
  await counter.whenWaiting(1);
  const [second, third] = [await begin(key, { items: ["b"] }), await begin(key, { items: ["c"] })];
  for (const id of [second, third]) await untilInLine(id, 1);
  await cancel(key, second);
  await cancel(key, first);
  await ended(key, first);
  while (!counter.asked.includes("/c")) await server.query(key, third);
  assert.deepEqual(counter.asked, ["/a", "/c"]);
  await counter.whenWaiting(1);
  counter.answerNext();
  assert.equal((await ended(key, third))["status"], "SUCCEED");
});

test("after a restart the limit holds as before, and all that waited is done", async () => {
  counter.holds = true;
  const { key } = await server.publish(asking("restarted", { limit: 1 }));
  const ids = [await begin(key, { items: ["a", "b"] }), await begin(key, { items: ["c"] })];
  await counter.whenWaiting(1);
  await untilInLine(ids[1] ?? "", 1);
  await server.close();
  server = await open();
  await counter.whenWaiting(1);
  const most: number[] = [];
  while (most.length < 3) {
    await counter.whenWaiting(1);
    most.push(counter.waiting.length);
    counter.answerNext();
  }
  for (const id of ids) assert.equal((await ended(key, id))["status"], "SUCCEED");
});

test("a workflow that calls itself through a limited node does not wait for itself", async () => {
  const call = {
    id: "call",
    type: "workflow",
    workflow: "itself",
    input: { left: "{{ start.left - 1 }}" },
    concurrency: { limit: 1 },
    skipIf: "{{ start.left == 0 }}",
  };
  const nodes = [start({ left: { type: "integer" } }), call, { id: "end", type: "end", output: { runs: "{{ (call.runs ?? 0) + 1 }}" } }];
  const { key } = await server.publish(document("itself", nodes, ["start -> call", "call -> end", "start -> end"]));
  const { json, text } = await server.invoke(key, { input: { left: 3 } });
  assert.deepEqual(json["output"], { runs: 4 }, text);
});
