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
import { echo } from "#testing/workflows";
import { openWorld } from "./harness.ts";

const KILLED_SERVER = fileURLToPath(new URL("./killed-server.ts", import.meta.url));

for (const [failpoint, sentBefore, sentInAll] of [
  ["webhook.beforeSend", 0, 1],
  ["webhook.afterSend.beforeRecord", 1, 2],
  ["webhook.afterRecord", 1, 1],
] as const) {
  test(`R5 a server that is killed at ${failpoint} delivers after its next start, under the same id`, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "millrace-killed-"));
    const receiver = await startReceiver();
    const child = spawn(process.execPath, [KILLED_SERVER, dataDir, receiver.url("/killed")], {
      env: { ...process.env, MILLRACE_FAILPOINTS: `${failpoint}:kill@1` },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const [, signal] = await once(child, "exit");
    assert.equal(signal, "SIGKILL");
    assert.equal(receiver.at("/killed").length, sentBefore);
    const server = await startTestServer({ dataDir, settings: { egressAllow: "127.0.0.0/8" } });
    try {
      const { webhooks } = server.app.store;
      await new Promise<void>((resolve) => {
        const look = async (): Promise<void> => {
          const [row] = await webhooks.list(DEFAULT_TENANT, { limit: 2 });
          if (row?.state === "delivered") resolve();
        };
        server.app.store.watch(() => void look());
        void look();
      });
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
