import assert from "node:assert/strict";
import { chmodSync, mkdirSync, openSync, rmSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, test } from "node:test";
import { dataOf, Project } from "./harness.ts";

interface Verdict {
  readonly check: string;
  readonly verdict: string;
  readonly problem: string | null;
  readonly fix: string | null;
}

describe("millrace doctor", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
  });
  afterEach(() => project.dispose());

  /** A free port: the default one may be somebody's. */
  const doctor = (env: Record<string, string> = {}, args: readonly string[] = []) =>
    project.run(["doctor", ...args], { env: { MILLRACE_PORT: "0", ...env } });

  async function assertFault(check: string, problem: RegExp, env: Record<string, string> = {}): Promise<void> {
    const people = await doctor(env);
    assert.deepEqual([people.status, people.stdout], [3, ""], people.stderr);
    const lines = people.stderr.trimEnd().split("\n");
    assert.equal(lines.length, 1, people.stderr);
    assert.match(lines[0] ?? "", new RegExp(`^ {2}${check}: .* → .+`));
    assert.match(lines[0] ?? "", problem);
    const programs = await doctor(env, ["--json"]);
    assert.deepEqual([programs.status, programs.stdout], [3, ""]);
    const { error } = JSON.parse(programs.stderr) as { error: { type: string; errors: Verdict[] } };
    assert.equal(error.type, "unhealthy");
    assert.deepEqual(
      error.errors.filter(({ verdict }) => verdict !== "ok").map((verdict) => verdict.check),
      [check],
    );
  }

  test("L49: is silent where all is well: before the first start, while a server runs, after it", async () => {
    const silent = async (when: string) => {
      const { status, stdout, stderr } = await doctor();
      assert.deepEqual([status, stdout, stderr], [0, "", ""], when);
    };
    await silent("before");
    const dev = await project.dev();
    await silent("while it runs");
    const { checks } = dataOf<{ checks: Verdict[] }>(await doctor({}, ["--json"]));
    assert.deepEqual(
      checks.map(({ check }) => check),
      ["node", "data", "disk", "server", "database", "engine", "keys", "secretKey", "port", "egress", "defaultModel", "clock"],
    );
    assert.ok(checks.every(({ verdict, problem }) => verdict === "ok" && problem === null));
    await dev.end();
    await silent("after");
  });

  test("a default model whose connection is not there", async () => {
    await (await project.dev()).end();
    await assertFault("defaultModel", /the default model work\/gpt-5 is of a connection that does not exist/, {
      MILLRACE_DEFAULT_MODEL: "work/gpt-5",
    });
    await assertFault("defaultModel", /there is no built-in model offline\/other/, { MILLRACE_DEFAULT_MODEL: "offline/other" });
  });

  test("a secret key that is gone, or another one", async () => {
    await (await project.dev()).end();
    const file = project.path(".millrace/secret.key");
    const key = project.read(".millrace/secret.key");
    rmSync(file);
    await assertFault("secretKey", /the secret key is gone/);
    writeFileSync(file, `${Buffer.alloc(32, 7).toString("base64")}\n`, { mode: 0o600 });
    await assertFault("secretKey", /is not the key that the data in .* is sealed with/);
    await assertFault("secretKey", /MILLRACE_SECRET_KEY is not the key/, { MILLRACE_SECRET_KEY: Buffer.alloc(32, 8).toString("base64") });
    assert.equal((await doctor({ MILLRACE_SECRET_KEY: key.trim() })).status, 0);
  });

  test("a data directory that is a file", async () => {
    project.write("data", "x");
    await assertFault("data", /\.\/data is not a directory/, { MILLRACE_DATA_DIR: "./data" });
  });

  test("a damaged database", async () => {
    await (await project.dev()).end();
    const file = openSync(project.path(".millrace/millrace.db"), "r+");
    // The second page says which page belongs to what.
    writeSync(file, Buffer.alloc(3_000, 0x5a), 0, 3_000, 8_192);
    await assertFault("database", /the database (is damaged|cannot be read)/);
  });

  test("key files that others can read", async () => {
    await (await project.dev()).end();
    chmodSync(project.path(".millrace/dev.key"), 0o644);
    await assertFault("keys", /\.\/\.millrace\/dev\.key can be read by other users → chmod 600 \.\/\.millrace\/dev\.key/);
  });

  test("a port that another program has", async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port)),
    );
    await assertFault("port", new RegExp(`port ${port} of 127\\.0\\.0\\.1 is taken`), { MILLRACE_PORT: String(port) });
    other.close();
  });

  test("egress entries that cannot be read", async () => {
    await assertFault("egress", /"10\.1\.2\.3\/8"/, { MILLRACE_EGRESS_ALLOW: "10.1.2.3/8" });
  });

  test("a clock behind the data", async () => {
    mkdirSync(project.path(".millrace"), { mode: 0o700 });
    await (await project.dev()).end();
    const future = Date.now() / 1_000 + 86_400;
    utimesSync(project.path(".millrace/millrace.db"), future, future);
    await assertFault("clock", /the database was written at .* → set the clock/);
  });

  test("what cannot be found out ends with 1", async () => {
    mkdirSync(project.path(".millrace"));
    writeFileSync(project.path(".millrace/server.json"), JSON.stringify({ url: "http://127.0.0.1:1", pid: process.pid, startedAt: 1 }));
    const { status, stderr } = await doctor();
    assert.deepEqual([status, stderr.split("\n").length], [1, 2], stderr);
    assert.match(stderr, /^ {2}server: could not be checked: /);
  });
});
