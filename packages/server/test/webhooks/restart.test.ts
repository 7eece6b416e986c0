import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { DEFAULT_TENANT } from "#app";
import { startReceiver } from "#testing/receiver";
import { startTestServer } from "#testing/server";
import { standingClock } from "#testing/standing-clock";
import { echo } from "#testing/workflows";
import { WAITS_MS } from "#webhooks/schedule";
import { openWorld, untilDelivery } from "./harness.ts";

const KILLED_SERVER = fileURLToPath(new URL("./killed-server.ts", import.meta.url));

for (const [failpoint, sentBefore, sentInAll] of [
  ["webhook.beforeSend", 0, 1],
  ["webhook.afterSend.beforeRecord", 1, 2],
  ["webhook.afterRecord", 1, 1],
] as const) {
  test(`R5 a server that is killed at ${failpoint} delivers after its next start, under the same id`, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "millrace-killed-"));
    const receiver = await startReceiver();
    await serveUntilKilled(failpoint, [dataDir, String(Date.now()), receiver.url("/killed")]);
    assert.equal(receiver.at("/killed").length, sentBefore);
    const server = await startTestServer({ dataDir, settings: { egressAllow: "127.0.0.0/8" } });
    try {
      const [row] = await server.app.store.webhooks.list(DEFAULT_TENANT, { limit: 2 });
      assert.ok(row);
      await untilDelivery(server, row, ({ state }) => state === "delivered");
      const received = receiver.at("/killed");
      assert.equal(received.length, sentInAll);
      assert.equal(new Set(received.map(({ headers }) => headers["webhook-id"])).size, 1);
      assert.equal(new Set(received.map(({ body }) => body)).size, 1);
    } finally {
      await server.close();
      receiver.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
}

async function serveUntilKilled(failpoint: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [KILLED_SERVER, ...args], {
    env: { ...process.env, MILLRACE_FAILPOINTS: `${failpoint}:kill@1` },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [, signal] = await once(child, "exit");
  assert.equal(signal, "SIGKILL");
}

test("L46 a receiver that fails three times and then answers: four attempts, though the server is killed after each", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "millrace-killed-"));
  const receiver = await startReceiver();
  receiver.answer("/thrice", (response, nth) => response.writeHead(nth < 3 ? 500 : 200).end());
  let now = Date.now();
  for (const [life, wait] of WAITS_MS.slice(0, 3).entries()) {
    // The longest that jitter makes of it.
    now += wait * 1.1;
    await serveUntilKilled("webhook.afterRecord", [dataDir, String(now), ...(life === 0 ? [receiver.url("/thrice")] : [])]);
    assert.equal(receiver.at("/thrice").length, life + 1);
  }
  const clock = standingClock(now + (WAITS_MS[3] ?? 0) * 1.1);
  const server = await startTestServer({ dataDir, settings: { egressAllow: "127.0.0.0/8" }, surroundings: { clock } });
  try {
    const [row] = await server.app.store.webhooks.list(DEFAULT_TENANT, { limit: 2 });
    assert.ok(row);
    const delivered = await untilDelivery(server, row, ({ state }) => state === "delivered");
    assert.equal(delivered.attempts, 4);
    const received = receiver.at("/thrice");
    assert.equal(received.length, 4);
    assert.equal(new Set(received.map(({ headers }) => headers["webhook-id"])).size, 1);
    assert.equal(new Set(received.map(({ body }) => body)).size, 1);
  } finally {
    await server.close();
    receiver.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test("R5 closing gives up an attempt under way, and the next start repeats it; what waits for its time goes on waiting", async () => {
  const world = await openWorld();
  try {
    const { key } = await world.server.publish(echo);
    const begun = Promise.withResolvers<void>();
    world.receiver.answer("/hangs", (response, nth) => (nth === 0 ? begun.resolve() : void response.end()));
    world.receiver.answer("/fails", (response, nth) => response.writeHead(nth === 0 ? 500 : 200).end());
    const waits = await world.start(key, [{ method: "POST", url: world.receiver.url("/fails") }]);
    const { dueAt } = await world.until(waits, 0, ({ attempts }) => attempts === 1);
    const hangs = await world.start(key, [{ method: "POST", url: world.receiver.url("/hangs") }]);
    await begun.promise;
    await world.reopen();
    const { attempts } = await world.until(hangs, 0, ({ state }) => state === "delivered");
    assert.equal(attempts, 1, "the one that was given up is not counted");
    const ids = world.receiver.at("/hangs").map(({ headers }) => headers["webhook-id"]);
    assert.deepEqual([ids.length, new Set(ids).size], [2, 1]);
    assert.equal(world.receiver.at("/fails").length, 1);
    world.clock.moveTo(dueAt ?? 0);
    await world.until(waits, 0, ({ state }) => state === "delivered");
  } finally {
    await world.close();
  }
});
