import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Entry } from "@millrace/engine";
import { makeDeath } from "#testing/kept-data";
import { ofOwnClock } from "#testing/run-engine";
import { startTestServer } from "#testing/server";
import { standingClock } from "#testing/standing-clock";
import { document, start } from "#testing/workflows";

const WAITS_MS = [5_000, 10_000, 20_000];

test("what a retry waits for, and how many there are, is the same over deaths of the process", {
  ...ofOwnClock,
  timeout: 60_000,
}, async (t) => {
  let calls = 0;
  const receiver = createServer((request, response) => {
    calls += 1;
    request.resume();
    response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = receiver.address() as AddressInfo;
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-retry-"));
  const clock = standingClock(Date.UTC(2026, 5, 1));
  const open = () => startTestServer({ dataDir, settings: { egressAllow: `127.0.0.1:${port}` }, surroundings: { clock } });
  let server = await open();
  t.after(async () => {
    await server.close();
    receiver.close();
    receiver.closeAllConnections();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const retry = { maxAttempts: 4, initialMs: 5_000, factor: 2, jitter: false };
  const call = { id: "call", type: "http", request: { method: "POST", url: `http://127.0.0.1:${port}/` }, retry };
  const { key } = await server.publish(
    document("retrying", [start({}), call, { id: "end", type: "end", output: {} }], ["start -> call", "call -> end"]),
  );
  const runId = String((await server.invoke(key, { input: {}, isAsync: true })).json["workflowRunId"]);
  const journal = (): Promise<readonly Entry[]> => server.app.store.runs.journal("default", runId);
  const failures = async () => (await journal()).filter((entry) => entry.type === "node-failed");
  const failed = async (times: number): Promise<void> => {
    while ((await failures()).length < times) await new Promise((resolve) => setImmediate(resolve));
  };
  for (const [before, wait] of WAITS_MS.entries()) {
    await failed(before + 1);
    const failedAt = clock.now();
    clock.moveTo(failedAt + wait / 2);
    await server.close();
    await makeDeath(dataDir);
    server = await open();
    clock.moveTo(failedAt + wait);
  }
  await failed(WAITS_MS.length + 1);
  const noted = (await failures()).map(({ at, retryAt }) => [at, retryAt === undefined ? null : retryAt - at]);
  assert.deepEqual(
    noted.map(([, wait]) => wait),
    [...WAITS_MS, null],
  );
  const [first = 0] = noted.map(([at]) => at ?? 0);
  assert.deepEqual(
    noted.map(([at]) => (at ?? 0) - first),
    [0, 5_000, 15_000, 35_000],
  );
  assert.equal(calls, 4);
  while ((await server.query(key, runId)).json["endTime"] === undefined);
  assert.equal((await server.query(key, runId)).json["status"], "FAILED");
});
