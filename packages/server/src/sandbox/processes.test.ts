import assert from "node:assert/strict";
import { createHook, executionAsyncResource } from "node:async_hooks";
import { type ChildProcess, spawn } from "node:child_process";
import { getPriority, setPriority, tmpdir } from "node:os";
import { after, describe, test } from "node:test";
import { TerminalError } from "@millrace/engine";
import { createSandbox, type SandboxOptions, type ServerSandbox } from "#sandbox/create-sandbox";
import { Job } from "#sandbox/job";
import { MAX_FAILED_STARTS } from "#sandbox/limits";
import { Pool } from "#sandbox/pool";
import { type ProcessOwner, SandboxProcess } from "#sandbox/sandbox-process";
import { spawnSandboxProcess } from "#sandbox/spawn-process";
import { failureOf, isAlive, runCode, until } from "#sandbox/testing/run-code";

const ENDLESS = "for (;;);";
/** The system's own. */
const LEAST_PRIORITY = 19;
const LINUX_ONLY = process.platform === "linux" ? false : "processor time is read from /proc, which only Linux has";
/** Keeps its process busy for a while and has a result. */
const BUSY = "const end = Date.now() + ms; while (Date.now() < end); return n";

function sandboxFor(options: SandboxOptions): ServerSandbox {
  const sandbox = createSandbox(options);
  after(() => sandbox.close());
  return sandbox;
}

/** Counts the timers of this process that fire from now on, until it is asked. */
function countTimers(): () => number {
  let fired = 0;
  const before = () => {
    if (executionAsyncResource().constructor.name === "Timeout") fired++;
  };
  const hook = createHook({ before }).enable();
  return () => {
    hook.disable();
    return fired;
  };
}

/** Tried on a process of its own: one that fell back may have to stay there. */
function mayComeForward(): boolean {
  const child = spawn(process.execPath, ["--eval", "setTimeout(() => {}, 60_000)"], { stdio: "ignore" });
  const pid = child.pid ?? 0;
  try {
    setPriority(pid, getPriority() + 1);
    setPriority(pid, getPriority());
    return true;
  } catch {
    return false;
  } finally {
    child.kill("SIGKILL");
  }
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

describe("starting", () => {
  test("nothing is started before the first call, and a lone caller needs one process", async () => {
    const sandbox = sandboxFor({ poolSize: 2 });
    assert.deepEqual(sandbox.pids(), []);
    for (const n of numbers(20)) assert.equal((await runCode(sandbox, "return n", { n })).value, n);
    assert.equal(sandbox.pids().length, 1);
  });

  test("calls at once start as many as the pool may have, and each gets its own answer", async () => {
    const sandbox = sandboxFor({ poolSize: 2 });
    const results = await Promise.all(numbers(2_000).map((n) => runCode(sandbox, `return [n, ${n % 90}]`, { n })));
    assert.deepEqual(
      results.map(({ value }) => value),
      numbers(2_000).map((n) => [n, n % 90]),
    );
    assert.equal(sandbox.pids().length, 2);
  });

  test("warm starts the first", async () => {
    const sandbox = sandboxFor({});
    await sandbox.warm();
    assert.equal(sandbox.pids().length, 1);
  });

  test("more programs than a process knows", async () => {
    const sandbox = sandboxFor({ poolSize: 1 });
    for (const round of numbers(3)) {
      const results = await Promise.all(numbers(150).map((n) => runCode(sandbox, `return ${n} * n`, { n: round })));
      assert.deepEqual(
        results.map(({ value }) => value),
        numbers(150).map((n) => n * round),
      );
    }
  });
});

describe("where no sandbox can be started, code is refused and never runs elsewhere", () => {
  const spawned = (program: string, options: string[]) => () => spawn(program, options, { stdio: ["ignore", "ignore", "pipe", "pipe"] });
  const cases: readonly [string, () => ChildProcess, RegExp][] = [
    ["no such program", spawned("/nonexistent/program", []), /ENOENT/],
    ["it ends at once", spawned(process.execPath, ["-e", "console.error('no room here'); process.exit(1)"]), /no room here/],
    [
      "nothing can be spawned",
      () => {
        throw new Error("no more files");
      },
      /no more files/,
    ],
  ];

  for (const [name, start, reason] of cases) {
    test(name, async () => {
      const warnings: string[] = [];
      let starts = 0;
      const startProcess = (owner: ProcessOwner) => {
        starts++;
        return new SandboxProcess(start(), owner);
      };
      const pool = new Pool(2, startProcess, (message) => warnings.push(message));
      const refusal = () =>
        new Promise<Error>((resolve, reject) => {
          const request = { program: { text: "(function(){})" }, inputs: "{}", inputBytes: 2, timeoutMs: 1_000, memoryBytes: 1_000_000 };
          pool.add(new Job(request, { resolve: () => reject(new Error("it ran")), reject: resolve }, undefined));
        });
      for (const round of [1, 2]) {
        const error = await refusal();
        assert.ok(error instanceof TerminalError);
        assert.equal(error.type, "unsupported");
        assert.match(error.message, /^no sandbox can be started on this server, and code never runs outside of one/);
        assert.doesNotMatch(error.message, reason);
        assert.deepEqual([starts, warnings.length], [round * MAX_FAILED_STARTS, round]);
        assert.match(warnings[round - 1] ?? "", reason);
      }
      await pool.close();
    });
  }
});

test("where processes worked and can no longer be started, an idle sandbox does not try for ever", async () => {
  let starts = 0;
  const broken = () => spawn("/nonexistent/program", [], { stdio: ["ignore", "ignore", "pipe", "pipe"] });
  const startProcess = (owner: ProcessOwner) => new SandboxProcess(++starts === 1 ? spawnSandboxProcess(tmpdir()) : broken(), owner);
  const pool = new Pool(1, startProcess, () => {});
  const request = { program: { text: "(function(){return 1})" }, inputs: "{}", inputBytes: 2, timeoutMs: 1_000, memoryBytes: 1e7 };
  const run = () => new Promise((resolve, reject) => pool.add(new Job(request, { resolve, reject }, undefined)));
  assert.deepEqual(await run(), { value: 1, logs: [] });
  process.kill(pool.pids()[0] ?? 0, "SIGKILL");
  await until(() => starts === 1 + MAX_FAILED_STARTS, "it gives up");
  await assert.rejects(run(), { type: "unsupported" });
  assert.equal(starts, 1 + 2 * MAX_FAILED_STARTS);
  await pool.close();
});

describe("a process that is killed from outside", () => {
  test("loses no call: waiting ones and the running one are done by another process", async () => {
    const sandbox = sandboxFor({ poolSize: 2 });
    await Promise.all(numbers(50).map((n) => runCode(sandbox, "return n", { n })));
    const before = sandbox.pids();
    const calls = numbers(40).map((n) => runCode(sandbox, BUSY, { n, ms: 10 }));
    await new Promise((resolve) => setImmediate(resolve));
    for (const pid of before) process.kill(pid, "SIGKILL");
    const results = await Promise.all(calls);
    assert.deepEqual(
      results.map(({ value }) => value),
      numbers(40),
    );
    assert.ok(before.every((pid) => !sandbox.pids().includes(pid)));
  });

  test("while it runs the same call twice: that call fails and says so", async () => {
    const warnings: string[] = [];
    const sandbox = sandboxFor({ poolSize: 1, logger: { warn: (message) => warnings.push(message) } });
    const failure = failureOf(runCode(sandbox, ENDLESS, {}, { timeoutMs: 60_000 }));
    for (const round of numbers(2)) {
      // Nothing tells from outside that the call has begun: two calls behind it have been moved away by then.
      await until(async () => sandbox.pids().length > 0 && (await runCode(sandbox, "return 1")).value === 1, `start ${round}`);
      const [pid = 0] = sandbox.pids();
      process.kill(pid, "SIGKILL");
      await until(() => !sandbox.pids().includes(pid), "its end is seen");
    }
    const { type, message } = await failure;
    assert.deepEqual(
      [type, message],
      ["code_error", "the sandbox process ended while it ran this code, and again when it was tried once more"],
    );
    assert.ok(warnings.some((warning) => /ended by itself/.test(warning)));
    assert.equal((await runCode(sandbox, "return 1")).value, 1);
  });
});

describe("a call without end", () => {
  for (const poolSize of [1, 2]) {
    test(`delays nobody: ${poolSize} of them in a pool of ${poolSize}`, async () => {
      const sandbox = sandboxFor({ poolSize });
      await sandbox.warm();
      const endless = numbers(poolSize).map(() => failureOf(runCode(sandbox, ENDLESS, {}, { timeoutMs: 3_000 })));
      let isOver = false;
      void Promise.race(endless).then(() => (isOver = true));
      const results = await Promise.all(numbers(300).map((n) => runCode(sandbox, "return n", { n })));
      assert.equal(isOver, false, "the others had to wait for its end");
      assert.deepEqual(
        results.map(({ value }) => value),
        numbers(300),
      );
      for (const failure of await Promise.all(endless)) assert.equal(failure.type, "code_timeout");
      await until(() => sandbox.pids().length <= poolSize, "the additional processes end");
    });
  }

  test("falls back behind everything else when it computes for long, and the call after it does not", { skip: LINUX_ONLY }, async () => {
    const sandbox = sandboxFor({ poolSize: 1 });
    await sandbox.warm();
    const [pid = 0] = sandbox.pids();
    const usual = getPriority() + 5;
    assert.equal(getPriority(pid), usual);
    const controller = new AbortController();
    const endless = failureOf(runCode(sandbox, ENDLESS, {}, { signal: controller.signal, timeoutMs: 60_000 }));
    const seen = new Set<number>();
    await until(() => seen.add(getPriority(pid)).has(LEAST_PRIORITY), "it has fallen back");
    controller.abort();
    // Timers of the same time fire in the order in which they were set.
    await new Promise((resolve) => setTimeout(resolve, 1));
    assert.ok(!sandbox.pids().includes(pid), "its process ends at once, and not when the clock is looked at the next time");
    assert.equal((await endless).type, "cancelled");
    assert.deepEqual([...seen], [usual, LEAST_PRIORITY]);
    assert.equal((await runCode(sandbox, "return 1")).value, 1);
    assert.deepEqual(sandbox.pids().map(getPriority), [usual]);
  });

  test("is looked at when there is something to see, and does not take the server's time for the rest of its own", async () => {
    const sandbox = sandboxFor({ poolSize: 1 });
    await sandbox.warm();
    const fired = countTimers();
    assert.equal((await failureOf(runCode(sandbox, ENDLESS, {}, { timeoutMs: 2_000 }))).type, "code_timeout");
    assert.ok(fired() <= 30, `${fired()} looks in two seconds`);
  });

  test("in a native function, which asks no clock, ends by the kill of its process", async () => {
    const sandbox = sandboxFor({ poolSize: 1 });
    await sandbox.warm();
    const [pid = 0] = sandbox.pids();
    const failure = await failureOf(runCode(sandbox, "const a = []; a[4294967294] = 1; return a.join('').length", {}, { timeoutMs: 200 }));
    assert.equal(failure.type, "code_timeout");
    await until(() => !isAlive(pid), "the process ends");
    assert.equal((await runCode(sandbox, "return 1")).value, 1);
  });
});

test("a long call that ends is followed by calls of the usual priority", { skip: LINUX_ONLY }, async () => {
  const sandbox = sandboxFor({ poolSize: 1 });
  await sandbox.warm();
  const [pid = 0] = sandbox.pids();
  const usual = getPriority(pid);
  const long = runCode(sandbox, BUSY, { n: 7, ms: 3_000 }, { timeoutMs: 60_000 });
  await until(() => getPriority(pid) > usual, "it has fallen back");
  assert.equal((await long).value, 7);
  assert.equal((await runCode(sandbox, "return 1")).value, 1);
  assert.deepEqual(sandbox.pids().map(getPriority), [usual]);
});

test("another process starts behind everything else, and at the usual priority as soon as a call waits for it", {
  skip: LINUX_ONLY || (mayComeForward() ? false : "the system lets no process come forward again"),
}, async () => {
  const sandbox = sandboxFor({ poolSize: 1 });
  await sandbox.warm();
  const [pid = 0] = sandbox.pids();
  const usual = getPriority(pid);
  const replaced = async (): Promise<number> => {
    const others = () => sandbox.pids().filter((each) => each !== pid);
    await until(() => others().length > 0, "another process starts");
    return others()[0] ?? 0;
  };
  const controller = new AbortController();
  const endless = failureOf(runCode(sandbox, ENDLESS, {}, { signal: controller.signal, timeoutMs: 60_000 }));
  const spare = await replaced();
  assert.equal(getPriority(spare), LEAST_PRIORITY);
  const quick = runCode(sandbox, "return 1");
  await new Promise(process.nextTick);
  assert.equal(getPriority(spare), usual);
  assert.equal((await quick).value, 1);
  controller.abort();
  assert.equal((await endless).type, "cancelled");
});

describe("cancelling", () => {
  test("before the call", async () => {
    const sandbox = sandboxFor({});
    const failure = await failureOf(runCode(sandbox, "return 1", {}, { signal: AbortSignal.abort() }));
    assert.deepEqual([failure.type, sandbox.pids()], ["cancelled", []]);
  });

  test("a running call: it fails at once, its process is ended, the next call finds another", async () => {
    const sandbox = sandboxFor({ poolSize: 1 });
    await sandbox.warm();
    const [pid = 0] = sandbox.pids();
    const controller = new AbortController();
    const failure = failureOf(runCode(sandbox, ENDLESS, {}, { signal: controller.signal, timeoutMs: 60_000 }));
    await runCode(sandbox, "return 1");
    controller.abort();
    assert.equal((await failure).type, "cancelled");
    await until(() => !isAlive(pid), "the process ends");
    assert.equal((await runCode(sandbox, "return 2")).value, 2);
  });

  test("one of many waiting calls: only that one fails", async () => {
    const sandbox = sandboxFor({ poolSize: 1 });
    const controller = new AbortController();
    const calls = numbers(30).map((n) =>
      runCode(sandbox, BUSY, { n, ms: 1 }, n === 20 ? { signal: controller.signal } : {}).catch((error) => error.type),
    );
    controller.abort();
    const ends = await Promise.all(calls);
    assert.deepEqual(
      ends.map((end) => (typeof end === "string" ? end : end.value)),
      numbers(30).map((n) => (n === 20 ? "cancelled" : n)),
    );
  });
});

describe("replacing", () => {
  test("a process has its number of calls, and no call is lost when it goes", async () => {
    const sandbox = sandboxFor({ poolSize: 1, callsPerProcess: 25 });
    const seen = new Set<number>();
    for (const n of numbers(120)) {
      assert.equal((await runCode(sandbox, "return n", { n })).value, n);
      for (const pid of sandbox.pids()) seen.add(pid);
    }
    assert.ok(seen.size >= 5, `${seen.size} processes for 120 calls`);
    const results = await Promise.all(numbers(200).map((n) => runCode(sandbox, "return n", { n })));
    assert.deepEqual(
      results.map(({ value }) => value),
      numbers(200),
    );
  });

  /** Source -> whether the process stays; the limit of time where it is what ends the call. */
  const CASES: readonly (readonly [string, boolean, timeoutMs?: number])[] = [
    ["return 1", true],
    ["throw new Error('x')", true],
    ["return new Uint8Array(5e6).fill(1).length", true],
    ["let a = 1; for (let i = 0; i < 101; i++) a = [a]; return a", true],
    ["return 'x'.repeat(2e6)", false],
    ["const f = () => f(); f()", false],
    ["return new Uint8Array(40e6).fill(1).length", false],
    ["return new Uint8Array(99e6).length", false],
    ["for (;;);", false, 300],
    ["await new Promise(() => {})", false, 300],
    ["for (;;) console.log('x'.repeat(9999))", false],
  ];

  for (const [code, stays, timeoutMs = 2_000] of CASES) {
    test(`${code} ${stays ? "keeps" : "ends"} the process`, async () => {
      const sandbox = sandboxFor({ poolSize: 1 });
      await sandbox.warm();
      const [pid = 0] = sandbox.pids();
      await runCode(sandbox, code, {}, { timeoutMs }).catch(() => undefined);
      assert.equal((await runCode(sandbox, "return 1")).value, 1);
      assert.equal(sandbox.pids().includes(pid), stays);
    });
  }
});

describe("closing", () => {
  test("ends every process, fails what has no answer, and refuses what comes later", async () => {
    const sandbox = createSandbox({ poolSize: 2 });
    await Promise.all(numbers(50).map((n) => runCode(sandbox, "return n", { n })));
    const pids = sandbox.pids();
    const open = [ENDLESS, ENDLESS, ENDLESS, "return 1"].map((code) => failureOf(runCode(sandbox, code)));
    await sandbox.close();
    for (const failure of await Promise.all(open)) assert.deepEqual([failure.type, failure.message], ["internal", "the sandbox is closed"]);
    assert.deepEqual(
      pids.map(isAlive),
      pids.map(() => false),
    );
    assert.equal((await failureOf(runCode(sandbox, "return 1"))).message, "the sandbox is closed");
    await sandbox.close();
  });

  test("a sandbox that was never used has nothing to close", async () => {
    const sandbox = createSandbox();
    await sandbox.close();
    assert.deepEqual(sandbox.pids(), []);
  });
});
