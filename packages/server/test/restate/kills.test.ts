import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import type { TestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { Project, type Running } from "../cli/harness.ts";
import { ended, healthy, RestateHouse, skip } from "./house.ts";

// L2: whatever dies, no run is lost, each outcome is recorded once, and what is carried out again is so under the same key.

const RUNS = Number(process.env["MILLRACE_KILL_RUNS"] ?? 12);
const EFFECTS = 5;
describe("kills", { skip, timeout: 120_000 + RUNS * 5_000 }, () => {
  const house = new RestateHouse();
  const project = new Project();
  let receiver: Receiver;
  /** Answers, and hosts nothing. */
  let api: TestServer;
  let worker: Running;
  const workerPort = 19_080 + (process.pid % 900);

  before(async () => {
    [receiver] = await Promise.all([openReceiver(), house.open()]);
    worker = startWorker();
    api = await house.server({ role: "api" });
    await healthy(api);
  });
  after(async () => {
    await worker?.end("SIGKILL");
    await receiver?.close();
    await house.close();
    await project.dispose();
  });

  function startWorker(): Running {
    return project.start(["start", "--role", "worker", "--port", "0"], {
      env: house.workerVariables(workerPort),
    });
  }

  test("L2 the worker and the engine are killed under load: no run is lost", async (t) => {
    const { key } = await api.publish(chain());
    const runIds: string[] = [];
    for (let count = 0; count < RUNS; count++) {
      const { json, text } = await api.invoke(key, { input: {}, isAsync: true });
      assert.equal(typeof json["workflowRunId"], "string", text);
      runIds.push(String(json["workflowRunId"]));
    }
    await receiver.asked(RUNS);
    await worker.end("SIGKILL");
    worker = startWorker();
    await receiver.asked(2 * RUNS);
    await house.restate.kill();
    await house.restate.start();
    for (const runId of runIds) {
      const { json } = await ended(api, key, runId);
      assert.deepEqual([json["status"], json["output"]], ["SUCCEED", { last: `${runId}:e${EFFECTS}` }]);
      const entries = await api.app.store.runs.journal("default", runId);
      const finished = entries.flatMap((entry) => (entry.type === "node-finished" ? [entry.path] : []));
      assert.equal(new Set(finished).size, finished.length, "an outcome is recorded once");
    }
    const keys = new Set(receiver.keys);
    t.diagnostic(`${RUNS} runs, 0 lost; ${receiver.keys.length} calls of ${keys.size} effects`);
    assert.equal(keys.size, RUNS * EFFECTS);
  });

  function chain(): JsonObject {
    const request = { method: "POST", url: receiver.url, body: { json: {} } };
    const effects = Array.from({ length: EFFECTS }, (_, index) => ({ id: `e${index + 1}`, type: "http", request }));
    const nodes = [start({}), ...effects, { id: "end", type: "end", output: { last: `{{ e${EFFECTS}.body.key }}` } }];
    const edges = nodes.slice(1).map(({ id }, index) => `${nodes[index]?.["id"]} -> ${id}`);
    return document("effects", nodes, edges);
  }
});

interface Receiver {
  readonly url: string;
  /** Idempotency keys, as they came. */
  readonly keys: string[];
  /** Resolves once so many requests have come. */
  asked(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Answers each with its key, after a moment. */
async function openReceiver(): Promise<Receiver> {
  const keys: string[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const server: Server = createServer((request, response) => {
    request.resume();
    const key = String(request.headers["idempotency-key"]);
    keys.push(key);
    for (const { count, resolve } of waiting) if (keys.length >= count) resolve();
    setTimeout(() => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ key })), 20);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    keys,
    asked: (count) => (keys.length >= count ? Promise.resolve() : new Promise((resolve) => void waiting.push({ count, resolve }))),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
