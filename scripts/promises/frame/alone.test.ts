import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { runAlone } from "./alone.ts";
import type { Check } from "./check.ts";
import { runChecks } from "./run.ts";

const PROGRAM = new URL("../testing/lone-check.ts", import.meta.url).pathname;
const check = (id: string): Check => ({ id, property: `${id} holds`, run: async () => ({ counts: [] }) });
const CHANGE = { long: false, seed: 1 };

test("a check of a process of its own prints what it used of the processors, and so does the run", async () => {
  const printed: string[] = [];
  const results = await runChecks([check("kept")], CHANGE, (text) => printed.push(text), runAlone(PROGRAM));
  assert.equal(results[0]?.ok, true);
  assert.match(printed.join("\n"), /^ok {3}kept 0 lost of 1 things {2}\(0\.0 s, CPU 0\.0 s\)\n1 promises in \d+\.\d s, CPU 0\.0 s$/);
});

test("a check whose process ends without a result is broken", async () => {
  const { ok, faults } = await runAlone(PROGRAM)(check("dies"), CHANGE);
  assert.deepEqual([ok, faults], [false, ["its process ended before it did (3)"]]);
});

test("a check that never ends does at its limit", async () => {
  const { ok, faults } = await runAlone(PROGRAM, { change: 0.001, long: 1 })(check("hangs"), CHANGE);
  assert.deepEqual([ok, faults], [false, ["it had not ended after 0.001 minutes"]]);
});

test("who ends the run ends its checks, and what they have started", async () => {
  const frame = `import { runAlone } from ${JSON.stringify(new URL("./alone.ts", import.meta.url).href)};
    await runAlone(${JSON.stringify(PROGRAM)})({ id: "hangs", property: "" }, { long: false, seed: 1 });`;
  const run: ChildProcess = spawn(process.execPath, ["--input-type=module", "-e", frame], { stdio: ["ignore", "pipe", "inherit"] });
  const [started] = (await once(createInterface({ input: run.stdout ?? assert.fail() }), "line")) as [string];
  run.kill("SIGTERM");
  await once(run, "exit");
  await gone(Number(started));
});

/** Resolves when the process has ended: it was signalled before. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch (thrown) {
      assert.equal((thrown as NodeJS.ErrnoException).code, "ESRCH");
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
