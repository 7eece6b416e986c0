import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { LEASE_MS } from "#store/lease";
import { hasPostgres } from "#testing/database-servers";
import type { TestServer } from "#testing/server";
import { document, start, todayNews } from "#testing/workflows";
import { Project, urlOf } from "../cli/harness.ts";
import { ended, type Gate, openGate, Processes } from "./harness.ts";

const DAY_S = 86_400;

/** Asks the outside, at most `limit` runs at once for each `group`. */
function narrow(gate: Gate, limits: JsonObject, more: JsonObject = {}): JsonObject {
  return document(
    "narrow",
    [
      start({ group: { type: "string", default: "" } }),
      { id: "ask", type: "http", request: { method: "POST", url: gate.url }, ...more },
      { id: "end", type: "end", output: {} },
    ],
    ["start -> ask", "ask -> end"],
    { concurrency: { key: "{{ start.group }}", ...limits } },
  );
}

describe("limits hold over all processes on one PostgreSQL", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  const processes = new Processes();
  let gate: Gate;
  let all: readonly TestServer[];
  let a: TestServer;
  let b: TestServer;
  before(async () => {
    await processes.begin();
    processes.newDatabase();
    all = [await processes.open(), await processes.open(), await processes.open()];
    [a, b] = all as [TestServer, TestServer];
  });
  after(async () => {
    await processes.close();
    await processes.end();
  });
  beforeEach(async () => {
    gate = await openGate();
  });
  afterEach(() => gate.close());

  const invoke = (server: TestServer, key: string, group = "") => server.invoke(key, { input: { group }, isAsync: true });
  const isDone = async (server: TestServer, key: string, runId: unknown) => (await ended(server, key, runId))["status"];

  test("a key is let through as often as its limit says, whichever of them it asks, and at the same moment too", async () => {
    const { id } = await a.publish(todayNews);
    const { key } = await a.app.apiKeys.create(DEFAULT_TENANT, { workflows: [id], rateLimit: { requests: 5, windowS: DAY_S } });
    const ask = (n: number) => (all[n % 3] as TestServer).invoke(key, { input: { topic: "AI" } });
    const first = await ask(0);
    assert.deepEqual(first.headers["ratelimit"], `"key";r=4;t=${DAY_S / 5}`);
    const rest = await Promise.all(Array.from({ length: 10 }, (_, n) => ask(n)));
    const statuses = rest.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [200, 200, 200, 200, 429, 429, 429, 429, 429, 429]);
    const refused = await ask(1);
    assert.equal(refused.status, 429, refused.text);
    const again = Number(refused.headers["retry-after"]);
    assert.ok(again > DAY_S / 10 && again <= DAY_S / 5, `${again}`);
  });

  test("runs under a limit take turns, the oldest first, and each process tells their places", async () => {
    const { key } = await a.publish(narrow(gate, { limit: 1, queue: 2 }));
    const runs: unknown[] = [];
    for (const server of all) runs.push((await invoke(server, key)).json["workflowRunId"]);
    const place = async (server: TestServer, n: number) => (await server.query(key, runs[n])).json["queuePosition"];
    assert.deepEqual([await place(a, 1), await place(b, 2), await place(b, 1), await place(a, 0)], [1, 2, 1, undefined]);
    const refused = await invoke(a, key);
    assert.equal(refused.status, 429, refused.text);
    assert.equal((await invoke(b, key, "another")).status, 200, "another key has a line of its own");
    for (let n = 0; n < 4; n++) (await gate.asked()).answer("ok");
    for (const run of runs) assert.equal(await isDone(a, key, run), "SUCCEED");
  });

  test("never are more of them under way than the limit says", async () => {
    const { key } = await a.publish(narrow(gate, { limit: 2, queue: 100 }));
    const accepted = await Promise.all(Array.from({ length: 12 }, (_, n) => invoke(all[n % 3] as TestServer, key)));
    for (let done = 0; done < 12; done++) {
      const asked = await gate.asked();
      assert.ok(gate.count - done <= 2, `${gate.count} asked, ${done} answered`);
      asked.answer("ok");
    }
    for (const { json } of accepted) assert.equal(await isDone(b, key, json["workflowRunId"]), "SUCCEED");
  });

  test("never are more attempts of a node under way than its limit says, whichever of them the runs are in", async () => {
    const ask = { id: "ask", type: "http", concurrency: { limit: 2 }, request: { method: "POST", url: gate.url } };
    const each = { id: "each", type: "batch", items: "{{ range(3) }}", body: { nodes: [ask], edges: [] } };
    const nodes = [start({}), each, { id: "end", type: "end", output: { count: "{{ each.count }}" } }];
    const { key } = await a.publish(document("patient", nodes, ["start -> each", "each -> end"]));
    const accepted = await Promise.all(all.map((server) => server.invoke(key, { input: {}, isAsync: true })));
    for (let done = 0; done < 9; done++) {
      const asked = await gate.asked();
      assert.ok(gate.count - done <= 2, `${gate.count} asked, ${done} answered`);
      asked.answer("ok");
    }
    for (const { json } of accepted) assert.equal(await isDone(b, key, json["workflowRunId"]), "SUCCEED");
  });

  test("the turn of a process that died is that of its run, and free when that has ended; the turn of its node is free at once", async () => {
    const project = new Project();
    try {
      const { key } = await a.publish(narrow(gate, { limit: 1, queue: 10 }, { concurrency: { limit: 1 } }));
      const doomed = project.start(["start", "--port", "0"], { env: processes.env });
      await doomed.seen(/http:\/\/127\.0\.0\.1:\d+/);
      await fetch(`${urlOf(doomed)}/v1/workflow/invoke`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ input: {}, isAsync: true }),
      });
      await gate.asked();
      const waiting = (await invoke(a, key)).json["workflowRunId"];
      await doomed.end("SIGKILL");
      await b.app.runtime.lookAround();
      processes.ahead += LEASE_MS;
      await b.app.runtime.lookAround();
      const again = await gate.asked();
      assert.equal((await a.query(key, waiting)).json["queuePosition"], 1);
      again.answer("ok");
      (await gate.asked()).answer("ok");
      assert.equal(await isDone(a, key, waiting), "SUCCEED");
      assert.equal(gate.count, 3);
    } finally {
      await project.dispose();
    }
  });
});
