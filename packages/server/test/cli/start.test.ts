import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, test } from "node:test";
import { errorOf, Project, type Running, urlOf } from "./harness.ts";

const LINUX_ONLY = process.platform === "linux" ? false : "reads /proc, which only Linux has";

const ADMIN_KEY = `mr_${"A1b2".repeat(10)}`;

describe("millrace start", () => {
  let project: Project;
  beforeEach(() => {
    project = new Project();
  });
  afterEach(() => project.dispose());

  async function start(env: Record<string, string> = {}, args: readonly string[] = ["--port", "0"]): Promise<Running> {
    const running = project.start(["start", ...args], { env });
    await running.seen(/http:\/\/127\.0\.0\.1:\d+/);
    return running;
  }

  test("prints one line of JSON with its URL, at any log level, and writes no key", async () => {
    const server = await start({ MILLRACE_LOG_LEVEL: "silent" });
    const lines = server.stdout().trimEnd().split("\n");
    assert.equal(lines.length, 1);
    const line = JSON.parse(lines[0] ?? "") as { level: string; url: string; msg: string; pid: number };
    assert.deepEqual([line.level, line.url, line.pid], ["info", urlOf(server), server.pid]);
    assert.equal(server.stderr(), "");
    assert.deepEqual(
      readdirSync(project.path(".millrace")).filter((name) => name.endsWith(".key")),
      ["secret.key"],
    );
    assert.equal((await fetch(`${line.url}/healthz`)).status, 200);
  });

  test("S17 without its secret key, or with another one, it does not start, and makes no new one", async () => {
    await (await start()).end("SIGTERM");
    const file = project.path(".millrace/secret.key");
    const key = project.read(".millrace/secret.key").trim();
    rmSync(file);
    const gone = await project.run(["start", "--port", "0"]);
    assert.deepEqual([gone.status, gone.stdout, existsSync(file)], [3, "", false]);
    assert.match(gone.stderr, /^wrong_secret_key: the secret key is gone: .*secret\.key does not exist\nhint: put the file back/);
    const env = { MILLRACE_SECRET_KEY: Buffer.alloc(32, 9).toString("base64") };
    const wrong = await project.run(["start", "--port", "0"], { env });
    assert.deepEqual([wrong.status, wrong.stdout], [3, ""]);
    assert.match(wrong.stderr, /^wrong_secret_key: MILLRACE_SECRET_KEY is not the key that the data in .* is sealed with/);
    await start({ MILLRACE_SECRET_KEY: key });
  });

  test("starts the process of its sandbox by itself; a kill leaves nothing of it in the system's temporary folder", {
    skip: LINUX_ONLY,
  }, async (t) => {
    project.write("tmp/mine", "");
    const server = await start({ TMPDIR: project.path("tmp") });
    const children = () => readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, "utf8");
    const [child] = await t.waitFor(() => /\d+/.exec(children()) ?? assert.fail("no process yet"), { timeout: 30_000 });
    assert.match(readFileSync(`/proc/${child}/cmdline`, "utf8"), /--permission/);
    await server.end("SIGKILL");
    assert.deepEqual(readdirSync(project.path("tmp")), ["mine"]);
  });

  test("serves no example and looks at no ./flows", async () => {
    project.write("flows/x.yaml", "format: millrace/1");
    await start({ MILLRACE_ADMIN_KEY: ADMIN_KEY });
    const { status, stdout } = await project.run(["workflows", "list", "-o", "name"], { env: { MILLRACE_API_KEY: ADMIN_KEY } });
    assert.deepEqual([status, stdout], [0, ""]);
  });

  test("says how to get a key where there is none", async () => {
    const server = await start();
    await server.seen(/"level":"warn".*"msg":"no API key exists: set MILLRACE_ADMIN_KEY/);
  });

  test("takes the operator's admin key, once", async () => {
    const list = async () => {
      const { stdout } = await project.run(["keys", "list", "-o", "json"], { env: { MILLRACE_API_KEY: ADMIN_KEY } });
      return (JSON.parse(stdout) as { data: { scopes: string[] }[] }).data.map(({ scopes }) => scopes);
    };
    const first = await start({ MILLRACE_ADMIN_KEY: ADMIN_KEY });
    assert.deepEqual(await list(), [["admin"]]);
    await first.end();
    await start({ MILLRACE_ADMIN_KEY: ADMIN_KEY });
    assert.deepEqual(await list(), [["admin"]], "the second start adds none");
    for (const file of readdirSync(project.path(".millrace"), { withFileTypes: true }).filter((entry) => entry.isFile())) {
      assert.ok(!readFileSync(project.path(".millrace", file.name)).includes(ADMIN_KEY), `${file.name} does not hold the key`);
    }
  });

  test("L54: a key that was made is nowhere in the data, while the server runs and after it", async () => {
    const running = await start({ MILLRACE_ADMIN_KEY: ADMIN_KEY });
    const env = { MILLRACE_ENDPOINT: urlOf(running), MILLRACE_API_KEY: ADMIN_KEY };
    const made = await project.run(["keys", "create", "--scope", "admin", "--json"], { env });
    assert.equal(made.status, 0, made.stderr);
    const { key } = JSON.parse(made.stdout) as { key: string };
    assert.match(key, /^mr_[\w-]{40}$/);
    const used = await project.run(["workflows", "list"], { env: { ...env, MILLRACE_API_KEY: key } });
    assert.equal(used.status, 0, used.stderr);
    const found = () => project.bash(`grep -rlF -e "${key}" -e "${ADMIN_KEY}" . ; true`);
    assert.equal((await found()).stdout, "");
    assert.equal(await running.end("SIGTERM"), 0);
    assert.equal((await found()).stdout, "");
  });

  test("ends with 0 on SIGTERM and on Ctrl+C, and leaves no server.json", async () => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const server = await start();
      assert.ok(existsSync(project.path(".millrace/server.json")));
      assert.equal(await server.end(signal), 0, signal);
      assert.equal(existsSync(project.path(".millrace/server.json")), false);
    }
  });

  test("starts again after kill -9", async () => {
    await (await start()).end("SIGKILL");
    const server = await start();
    assert.equal((await fetch(`${urlOf(server)}/readyz`)).status, 200);
  });

  test("does not look for another port", async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port)),
    );
    const result = await project.run(["start", "--port", String(port), "--json"]);
    other.close();
    assert.deepEqual([result.status, result.stdout], [9, ""]);
    assert.equal(errorOf(result).type, "port_in_use");
  });

  test("one server a data directory", async () => {
    const first = await start();
    const second = await project.run(["start", "--port", "0"]);
    assert.deepEqual([second.status, second.stdout], [9, ""]);
    assert.ok(second.stderr.includes(urlOf(first)));
  });

  test("data of a newer release is left alone, exit 6", async () => {
    await (await start()).end();
    const database = new DatabaseSync(project.path(".millrace/millrace.db"));
    database.exec("PRAGMA user_version = 9999");
    database.close();
    const result = await project.run(["start", "--port", "0", "--json"]);
    assert.deepEqual([result.status, result.stdout], [6, ""]);
    assert.equal(errorOf(result).type, "schema_too_new");
  });

  test("warns of variables that nobody reads, in the log", async () => {
    const server = await start({ MILLRACE_PROT: "1" });
    assert.match(
      server.stdout(),
      /^\{"level":"warn","time":\d+,"msg":"unknown variable MILLRACE_PROT \(did you mean MILLRACE_PORT\?\)"\}$/m,
    );
  });
});
