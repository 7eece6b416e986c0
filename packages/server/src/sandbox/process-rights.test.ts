import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { isRoot, NOBODY } from "#nobody";
import { createSandbox } from "#sandbox/create-sandbox";
import { dropsPrivileges, processOptions } from "#sandbox/spawn-process";
import { isAlive, until } from "#sandbox/testing/run-code";

const directory = mkdtempSync(join(tmpdir(), "millrace-rights-"));
const canary = join(directory, "canary.txt");
writeFileSync(canary, "canary");
after(() => rmSync(directory, { recursive: true }));

/** What code of the host would have to do inside a sandbox process, if it ever got there. */
const ATTEMPTS: readonly string[] = [
  `require("fs").readFileSync(${JSON.stringify(canary)})`,
  `require("fs").readdirSync("/")`,
  `require("fs").writeFileSync(${JSON.stringify(join(directory, "new.txt"))}, "x")`,
  `require("fs").writeFileSync("new.txt", "x")`,
  `require("child_process").execFileSync(process.execPath, ["--version"])`,
  `new (require("worker_threads").Worker)("1", { eval: true })`,
  `process.dlopen({ exports: {} }, ${JSON.stringify(canary)})`,
  `new Function("return 1")()`,
  `eval("1")`,
];

describe("the operating system's process may do nothing beside its work", () => {
  for (const attempt of ATTEMPTS) {
    test(attempt.replace(directory, "…"), () => {
      const script = `try { ${attempt}; console.log("done") } catch (error) { console.log(error.code ?? error.name) }`;
      const { stdout, stderr } = spawnSync(process.execPath, [...processOptions(), "-e", script], {
        cwd: directory,
        env: {},
        encoding: "utf8",
      });
      assert.match(stdout, /^(ERR_ACCESS_DENIED|EvalError|ERR_DLOPEN_DISABLED)\n$/, stderr);
    });
  }

  test("the same attempts succeed without the options: the test can fail", () => {
    const { stdout } = spawnSync(process.execPath, ["-e", `${ATTEMPTS[0]}; ${ATTEMPTS[7]}; console.log("done")`], {
      cwd: directory,
      encoding: "utf8",
    });
    assert.equal(stdout, "done\n");
  });
});

const LINUX_ONLY = process.platform === "linux" ? false : "reads /proc, which only Linux has";

test("the process has no environment, an empty working directory and no other descriptors of the server", {
  skip: LINUX_ONLY,
}, async () => {
  process.env["MILLRACE_CANARY"] = "canary-value";
  const sandbox = createSandbox({ poolSize: 1 });
  after(() => sandbox.close());
  await sandbox.warm();
  const [pid = 0] = sandbox.pids();
  delete process.env["MILLRACE_CANARY"];
  assert.equal(readFileSync(`/proc/${pid}/environ`, "utf8"), "");
  const cwd = readlinkSync(`/proc/${pid}/cwd`);
  assert.deepEqual(readdirSync(cwd), []);
  const targets = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  assert.deepEqual(
    targets.filter((target) => !/^(socket:|anon_inode:|pipe:|\/dev\/null)/.test(target)),
    [],
  );
  await sandbox.close();
  assert.throws(() => readdirSync(cwd), /ENOENT/);
});

test("as root it becomes nobody, where nobody can read the program", {
  skip: isRoot() && dropsPrivileges() ? false : "not root, or the program is private",
}, async () => {
  const sandbox = createSandbox({ poolSize: 1 });
  after(() => sandbox.close());
  await sandbox.warm();
  const status = readFileSync(`/proc/${sandbox.pids()[0]}/status`, "utf8");
  assert.match(status, /^Uid:\t65534\t65534\t65534\t65534$/m);
  assert.match(status, /^Gid:\t65534\t65534\t65534\t65534$/m);
});

describe("processes and their server", () => {
  const server = fileURLToPath(new URL("./testing/idle-parent.ts", import.meta.url));

  test("an idle sandbox does not keep the server alive, and goes with it, with its directory", async () => {
    const left = readdirSync(directory);
    const { stdout, status } = spawnSync(process.execPath, [...process.execArgv, server, "end"], {
      encoding: "utf8",
      timeout: 30_000,
      env: { ...process.env, TMPDIR: directory, TEMP: directory },
    });
    assert.equal(status, 0);
    const pids: number[] = JSON.parse(stdout);
    assert.equal(pids.length, 2);
    assert.deepEqual(readdirSync(directory), left);
    await until(() => !pids.some(isAlive), "the processes end");
  });

  test("a server that has nothing else to do sees the end of closing", () => {
    const { stdout, status } = spawnSync(process.execPath, [...process.execArgv, server, "close"], { encoding: "utf8", timeout: 30_000 });
    assert.deepEqual([status, stdout.split("\n")[1]], [0, "closed"]);
  });

  test("of a server that may not bring processes forward, one that fell back for a long call is replaced", {
    skip: isRoot() && !dropsPrivileges() ? "the program is private" : LINUX_ONLY,
  }, () => {
    const options = { encoding: "utf8", timeout: 60_000, cwd: "/", ...(isRoot() && NOBODY) } as const;
    const { stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, server, "long"], options);
    const [first, then] = stdout.split("\n");
    assert.ok(first && then, stderr);
    const before: number[] = JSON.parse(first);
    const after: (readonly [pid: number, behind: number])[] = JSON.parse(then);
    assert.equal(after.filter(([pid]) => before.includes(pid)).length, 1);
    assert.deepEqual(
      after.map(([, behind]) => behind),
      after.map(() => 5),
    );
  });

  test("a killed server takes its processes with it", async () => {
    const child = spawn(process.execPath, [...process.execArgv, server, "wait"], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, TMPDIR: directory },
    });
    const pids = await new Promise<number[]>((resolve) =>
      child.stdout.once("data", (data: Buffer) => resolve(JSON.parse(data.toString()))),
    );
    assert.deepEqual(pids.map(isAlive), [true, true]);
    child.kill("SIGKILL");
    await until(() => pids.filter(isAlive).length < 2, "the idle process ends");
    // The other one runs a program without end: its own deadline ends it, as it ends every program. Not waited for here.
    for (const pid of pids.filter(isAlive)) process.kill(pid, "SIGKILL");
  });
});
