import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startModelServer } from "#testing/model-server";
import { drivesItself } from "#testing/run-engine";
import { startTestServer, type TestServer } from "#testing/server";
import { serveUntilKilled, untilEnded } from "./killed-server.ts";

// A run that was killed goes on from its journal: what a model has answered is not asked again.

const PROGRAM = fileURLToPath(new URL("./killed-models.ts", import.meta.url));

const USAGE = { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 };

/** Where the process dies, and how often each of the three calls is then made in all. */
const DEATHS: readonly (readonly [failpoint: string, calls: readonly [number, number, number]])[] = [
  ["effect.beforeSend[third]:kill", [1, 1, 1]],
  // A process that drives runs itself records the last answer along with the end; the Restate server has recorded it before.
  ["finish.beforeRecord:kill", [1, 1, drivesItself ? 2 : 1]],
  // The answer came, and nobody wrote it down: a call whose answer is not in the journal was never recorded.
  ["effect.afterReply.beforeRecord:kill@2", [1, 2, 1]],
];

for (const [failpoint, calls] of DEATHS) {
  test(`killed at ${failpoint}: no recorded call of a model is repeated`, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "millrace-models-"));
    const models = await startModelServer();
    for (const word of ["one", "two", "three"]) models.onMessage(`call ${word}`, { content: `${word}!`, usage: USAGE });
    let server: TestServer | null = null;
    try {
      const [key = "", runId] = await serveUntilKilled(PROGRAM, failpoint, [dataDir, models.url]);
      server = await startTestServer({ dataDir, settings: { egressAllow: new URL(models.url).host } });
      const ended = await untilEnded(server, key, runId);
      assert.deepEqual(ended["output"], { output: "three!" }, JSON.stringify(ended));
      const asked = models.getRequests().map(({ body }) => JSON.stringify(body));
      assert.deepEqual(
        ["one", "two", "three"].map((word) => asked.filter((text) => text.includes(`call ${word}`)).length),
        calls,
      );
      assert.equal(ended["totalTokens"], 33);
    } finally {
      await server?.close();
      await models.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
}
