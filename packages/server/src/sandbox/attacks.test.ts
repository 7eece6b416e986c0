import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { TerminalError } from "@millrace/engine";
import type { SandboxResult } from "@millrace/nodes";
import { createSandbox } from "#sandbox/create-sandbox";
import { type Ending, violation } from "#sandbox/testing/must";
import { PROBE } from "#sandbox/testing/probe";

interface Attack {
  readonly name: string;
  readonly code: string;
  readonly must: string;
}

const ATTACKS: readonly Attack[] = JSON.parse(readFileSync(new URL("./testing/javascript-attacks.json", import.meta.url), "utf8"));

/** Short, because a third of the attacks uses all of it. */
const TIMEOUT_MS = 250;
/** Enough for an attack on the memory to reach its limit on a slow machine. */
const MEMORY_TIMEOUT_MS = 10_000;
/** The promise is 250 ms; a test machine that does other things as well gets more. */
const OVERSHOOT_MS = 1_000;

const INTRINSICS = [Object, Array, Function, String, Number, Promise, Error, JSON, Math, Reflect].flatMap((value) => [
  value,
  Object(value).prototype ?? value,
]);

function intrinsicKeys(): string {
  return JSON.stringify(INTRINSICS.map((value) => Reflect.ownKeys(value).map(String)));
}

describe("every attack of the list ends as it must and leaves nothing behind", () => {
  const sandbox = createSandbox({ poolSize: 1 });
  const directory = mkdtempSync(join(tmpdir(), "millrace-canary-"));
  const canaryFile = join(directory, "canary.txt");
  const canary = `canary-${randomUUID()}`;
  const keys = intrinsicKeys();
  const { pid } = process;
  let expected: SandboxResult;
  let worstMs = 0;

  before(async () => {
    process.env["MILLRACE_CANARY"] = canary;
    writeFileSync(canaryFile, canary);
    expected = await sandbox.run(PROBE);
  });

  after(async (context) => {
    delete process.env["MILLRACE_CANARY"];
    await sandbox.close();
    rmSync(directory, { recursive: true });
    if ("diagnostic" in context) context.diagnostic(`${ATTACKS.length} attacks, worst time over a limit ${worstMs.toFixed(0)} ms`);
  });

  test("the list has 95 entries", () => assert.equal(ATTACKS.length, 95));

  for (const { name, code, must } of ATTACKS) {
    test(name, async () => {
      const timeoutMs = must.includes("limit:time") ? TIMEOUT_MS : MEMORY_TIMEOUT_MS;
      const written = statSync(canaryFile).mtimeMs;
      const start = performance.now();
      const ending = await endingOf(sandbox.run({ language: "javascript", code, inputs: {}, timeoutMs }));
      const overshoot = performance.now() - start - timeoutMs;
      worstMs = Math.max(worstMs, overshoot);

      assert.equal(violation(must, ending), undefined, JSON.stringify(ending).slice(0, 300));
      assert.ok(overshoot < OVERSHOOT_MS, `${overshoot} ms over the limit`);
      assert.ok(!JSON.stringify(ending).includes(canary));
      assert.deepEqual(await sandbox.run(PROBE), expected, "the next run is not clean");
      assert.equal(process.pid, pid);
      assert.equal(intrinsicKeys(), keys);
      assert.equal(readFileSync(canaryFile, "utf8"), canary);
      assert.equal(statSync(canaryFile).mtimeMs, written);
    });
  }
});

async function endingOf(call: Promise<SandboxResult>): Promise<Ending> {
  try {
    return { value: (await call).value };
  } catch (error) {
    assert.ok(error instanceof TerminalError, String(error));
    return { type: error.type, message: error.message };
  }
}
