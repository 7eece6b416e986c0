import assert from "node:assert/strict";
import { test } from "node:test";
import { asOne } from "./as-one.ts";
import { settingsFor, withDataDir } from "./millrace.ts";
import { startProcess } from "./server-process.ts";

test("a lone process is itself, whether it answers or not; of several one has to", async () => {
  await withDataDir(async (dataDir) => {
    const one = await startProcess(settingsFor(dataDir));
    try {
      assert.equal(await asOne([one], [one]), one);
      assert.equal(await asOne([one], []), one);
      await assert.rejects(asOne([one, one], []), /no process answers/);
    } finally {
      await one.end("SIGTERM");
    }
  });
});
