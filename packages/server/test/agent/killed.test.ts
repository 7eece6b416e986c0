import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "@millrace/contract";
import { startModelServer } from "#testing/model-server";
import { startTestServer, type TestServer } from "#testing/server";
import { serveUntilKilled, untilEnded } from "../models/killed-server.ts";
import { startToolServer, USAGE, using } from "./harness.ts";

// An agent that was killed goes on with the step after the last that is in the journal.

const PROGRAM = fileURLToPath(new URL("./killed-agent.ts", import.meta.url));

/** Where the process dies; how often the model is called in each turn, and each tool used, in all. */
const DEATHS: readonly (readonly [failpoint: string, turns: readonly [number, number, number], uses: readonly [number, number]])[] = [
  // The answer came, and nobody wrote it down: it was never recorded.
  ["step.beforeRecord[1]:kill", [2, 1, 1], [1, 1]],
  ["step.afterRecord[1]:kill", [1, 1, 1], [1, 1]],
  ["step.beforeRecord[1.1]:kill", [1, 1, 1], [2, 1]],
  ["step.afterRecord[1.1]:kill", [1, 1, 1], [1, 1]],
  ["step.afterRecord[2]:kill", [1, 1, 1], [1, 1]],
  ["step.beforeRecord[3]:kill", [1, 1, 2], [1, 1]],
  ["step.afterRecord[3]:kill", [1, 1, 1], [1, 1]],
  ["effect.afterReply.beforeRecord:kill", [1, 1, 1], [1, 1]],
  ["finish.beforeRecord:kill", [1, 1, 1], [1, 1]],
];

for (const [failpoint, turns, uses] of DEATHS) {
  test(`killed at ${failpoint}: no recorded step of an agent is repeated, and what is repeated has the same key`, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "millrace-agent-"));
    const [models, tools] = await Promise.all([startModelServer(), startToolServer()]);
    models.onTurn(0, "go", using(["charge", { what: "ann" }]));
    models.onTurn(1, "go", using(["mail", { what: "ann" }]));
    models.onTurn(2, "go", { content: "Done.", usage: USAGE });
    let server: TestServer | null = null;
    try {
      const [key = "", runId = ""] = await serveUntilKilled(PROGRAM, failpoint, [dataDir, models.url, tools.url]);
      server = await startTestServer({ dataDir, settings: { egressAllow: `${new URL(models.url).host},${new URL(tools.url).host}` } });
      const ended = await untilEnded(server, key, runId);
      assert.equal(ended["status"], "SUCCEED", JSON.stringify(ended));
      assert.equal(((ended["output"] as JsonObject)["result"] as JsonObject)["text"], "Done.");
      const asked = models.getRequests().map(({ body }) => (body as { messages: { role: string }[] }).messages);
      const turnsAsked = asked.map((messages) => messages.filter(({ role }) => role === "assistant").length);
      assert.deepEqual(
        [0, 1, 2].map((turn) => turnsAsked.filter((one) => one === turn).length),
        turns,
      );
      assert.deepEqual(
        ["/charge", "/mail"].map((url) => tools.asked.filter((one) => one.url === url).length),
        uses,
      );
      const keys = new Map(tools.asked.map(({ url, key: sent }) => [url, sent]));
      assert.deepEqual([...keys.values()], [`${runId}:agent:1.1`, `${runId}:agent:2.1`]);
      for (const { url, key: sent } of tools.asked) assert.equal(sent, keys.get(url));
      assert.equal(ended["totalTokens"], 33);
    } finally {
      await server?.close();
      tools.close();
      await models.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
}
