import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { OFFLINE_MODEL } from "@millrace/contract";
import { CLIENT_VARIABLES, VARIABLES } from "#config/variables";
import { dataOf, errorOf, Project } from "./harness.ts";

const SECRET = randomBytes(32).toString("base64");

type Name = keyof typeof VARIABLES | keyof typeof CLIENT_VARIABLES;

/** For each setting a value that it takes and one that it does not. */
const VALUES: { readonly [Setting in Name]: readonly [good: string, bad: string] } = {
  host: ["localhost", "192.0.2.1"],
  port: ["7999", "70000"],
  publicUrl: ["https://mill.example.com", "ftp://mill.example.com"],
  dataDir: ["./elsewhere", "/dev/null/data"],
  secretKey: [SECRET, "hunter2"],
  adminKey: [`mr_${"k".repeat(40)}`, "letmein"],
  engine: ["embedded", "temporal"],
  restateUrl: ["http://restate-1:8080,http://restate-2:8080", "http://restate/path"],
  restateAdminUrl: ["http://restate-1:9070", "restate-1:9070"],
  restatePrefix: ["Staging2", "two words"],
  restateIdentityKeys: ["publickeyv1_abc,publickeyv1_def", "abc"],
  workerHost: ["10.0.0.1", "two words"],
  workerPort: ["9080", "port"],
  workerUrl: ["http://workers:9080", "workers"],
  databaseUrl: ["postgres://u:p@127.0.0.1:1/m", "mysql://u:p@host/m"],
  role: ["worker", "boss"],
  syncHoldMs: ["1000", "soon"],
  stopGraceMs: ["60000", "60001"],
  egressAllow: ["10.0.0.0/8", "10.1.2.3/8"],
  sqliteDir: ["/srv/reports", "reports"],
  mcpCommands: ['{"files":["mcp-files"]}', '{"files":"mcp-files"}'],
  maxBodyBytes: ["2048", "1"],
  maxJsonDepth: ["20", "0"],
  maxOutputBytes: ["5000", "-1"],
  maxFileBytes: ["5000", "-1"],
  maxIterations: ["50", "1e3"],
  maxAttempts: ["7", "0"],
  maxRuns: ["7", "7.5"],
  runConcurrency: ["128", "0"],
  maxEventStreams: ["7", "many"],
  codeTimeoutMs: ["900", "999999999"],
  defaultModel: ["openai/gpt-5-mini", "gpt-5-mini"],
  retentionDays: ["7", "a week"],
  auditRetentionDays: ["90", "for ever"],
  runLinks: ["off", "sometimes"],
  smtpUrl: ["smtp://u:p@mail.example.com:587", "http://mail.example.com"],
  mailFrom: ["Ops <ops@example.com>", "nobody"],
  trustedProxies: ["10.0.0.0/8, ::1", "proxy.example.com"],
  metricsToken: ["metrics-token-0123", "short"],
  otlpEndpoint: ["http://127.0.0.1:4318", "http://user:password@collector"],
  otlpHeaders: ["authorization=Basic%20abc,x-team=a", "no-value"],
  otlpServiceName: ["mill-1", "x".repeat(256)],
  tracesSampler: ["always_off", "sometimes"],
  tracesSamplerShare: ["0.25", "2"],
  logLevel: ["warn", "loud"],
  endpoint: ["http://127.0.0.1:9", "localhost:9"],
  apiKey: [`mr_${"q".repeat(40)}`, "two words"],
  profile: ["default", "two words"],
  output: ["json", "xml"],
};

/** What a server finds out only when it starts. */
const FOUND_AT_START: readonly Name[] = ["host", "dataDir", "egressAllow"];

const ALL = { ...VARIABLES, ...CLIENT_VARIABLES };

interface Settings {
  readonly settings: readonly {
    readonly name: string;
    readonly variable: string;
    readonly value: string | number | null;
    readonly source: string;
  }[];
}

describe("settings", () => {
  test("the default model is the built-in one", () => {
    assert.equal(VARIABLES.defaultModel.fallback, OFFLINE_MODEL);
  });

  let project: Project;
  before(() => {
    project = new Project();
  });
  after(() => project.dispose());

  const whoami = async (env: Record<string, string>, args: readonly string[] = ["-o", "json"]) => {
    const { settings } = dataOf<Settings>(await project.run(["whoami", ...args], { env }));
    return (name: string) => settings.find((setting) => setting.name === name);
  };

  for (const [name, [good, bad]] of Object.entries(VALUES) as [Name, readonly [string, string]][]) {
    const { name: variable, secret } = ALL[name];

    test(`L14 ${variable}: a value that it does not take ends with 2 and is named`, async () => {
      const command = FOUND_AT_START.includes(name) ? ["start", "--port", "0"] : ["whoami"];
      const result = await project.run([...command, ...(name === "output" ? [] : ["--json"])], { env: { [variable]: bad } });
      assert.deepEqual([result.status, result.stdout], [2, ""], result.stderr);
      const message = name === "output" ? result.stderr : errorOf(result).message;
      assert.ok(message.includes(variable), message);
      assert.equal(message.includes(bad), !secret, message);
      assert.match(message, /expected \w+/);
    });

    test(`L14 ${variable}_FILE names a file with the value`, async () => {
      project.write("value.txt", `${good}\n`);
      const setting = (await whoami({ [`${variable}_FILE`]: project.path("value.txt") }, name === "output" ? [] : undefined))(name);
      assert.equal(setting?.source, "environment");
      if (secret) assert.ok(!String(setting?.value).includes(good), "masked");
      else assert.ok(String(setting?.value).endsWith(good.replace("./", "")), String(setting?.value));
    });
  }

  test("a file that cannot be read is named", async () => {
    const result = await project.run(["whoami", "--json"], { env: { MILLRACE_PORT_FILE: "/nowhere" } });
    assert.equal(result.status, 2);
    assert.match(errorOf(result).message, /MILLRACE_PORT_FILE: "\/nowhere" .*ENOENT/);
  });

  test("L14: unknown variables are told with the nearest name, and harm nothing", async () => {
    const { status, stderr } = await project.run(["whoami"], { env: { MILLRACE_PROT: "1", MILLRACE_SOMETHING_ELSE: "1" } });
    assert.equal(status, 0);
    assert.match(stderr, /^warning: unknown variable MILLRACE_PROT \(did you mean MILLRACE_PORT\?\)$/m);
    assert.match(stderr, /^warning: unknown variable MILLRACE_SOMETHING_ELSE$/m);
  });

  test("L13: for each setting, flag over environment over project file over profile over default, and whoami says which", async () => {
    const own = new Project();
    const names: readonly Name[] = (Object.keys(VALUES) as Name[]).filter((name) => name !== "apiKey");
    const inFiles = names.filter((name) => !ALL[name].secret);
    // The profile that is in use is chosen beside the profiles, not in one.
    const inProfile = Object.fromEntries(inFiles.filter((name) => name !== "profile").map((name) => [name, VALUES[name][0]]));
    const env = Object.fromEntries(names.map((name) => [ALL[name].name, VALUES[name][0]]));
    const home = join(own.dir, "home", ".config", "millrace", "config.toml");
    mkdirSync(dirname(home), { recursive: true });
    const table = Object.entries(inProfile).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
    const sourcesOf = async (environment: Record<string, string>, args: readonly string[] = []) => {
      // A form of output that comes from elsewhere is JSON too.
      const { settings } = dataOf<Settings>(await own.run(["whoami", ...args], { env: environment }));
      const rows = settings.filter(({ name }) => name !== "apiKey");
      assert.deepEqual(rows.map(({ name }) => name).toSorted(), names.toSorted());
      return (name: Name) => rows.find((row) => row.name === name);
    };
    const assertSources = (found: Awaited<ReturnType<typeof sourcesOf>>, expected: (name: Name) => string) => {
      for (const name of names) assert.equal(found(name)?.source, expected(name), name);
    };

    own.write("millrace.config.json", Object.fromEntries(inFiles.map((name) => [name, VALUES[name][0]])));
    writeFileSync(home, `profile = "default"\n[profiles.default]\n${table.join("")}`);
    const flags: readonly Name[] = ["endpoint", "profile", "output"];
    const byFlag = await sourcesOf(env, ["--endpoint", "http://127.0.0.1:8", "--profile", "default", "-o", "json"]);
    assertSources(byFlag, (name) => (flags.includes(name) ? "flag" : "environment"));
    assert.equal(byFlag("endpoint")?.value, "http://127.0.0.1:8");
    assertSources(await sourcesOf(env), () => "environment");
    assertSources(await sourcesOf({}), (name) => (inFiles.includes(name) ? "file" : "default"));
    own.write("millrace.config.json", {});
    assertSources(await sourcesOf({}), (name) => (inFiles.includes(name) ? "profile" : "default"));
    writeFileSync(home, "");
    assert.ok(!(await own.run(["whoami"])).stdout.includes("***"), "a secret that is not set is not masked either");
    assertSources(await sourcesOf({}, ["-o", "json"]), (name) => (name === "output" ? "flag" : "default"));
    assert.match((await own.run(["whoami", "-o", "text"], { env: { MILLRACE_OUTPUT: "" } })).stdout, /^output\ttext\tflag$/m);
    await own.dispose();
  });

  test("L13: a flag of the server is over its environment", async () => {
    const own = new Project();
    own.write("millrace.config.json", { port: 7_001 });
    const started = own.start(["start", "--port", "0"], { env: { MILLRACE_PORT: "7002" } });
    const [, port] = await started.seen(/http:\/\/127\.0\.0\.1:(\d+)/);
    assert.ok(Number(port) !== 7_001 && Number(port) !== 7_002, port);
    await started.end();
    await own.dispose();
  });

  test("the endpoint: flag over environment over project file over running server over default", async () => {
    project.write("millrace.config.json", { $schema: "x", endpoint: "http://file:1", port: 7777, logLevel: "warn", output: "json" });
    const env = { MILLRACE_ENDPOINT: "http://environment:1", MILLRACE_PORT: "6666" };
    const flag = await whoami(env, ["--json", "--endpoint", "http://flag:1/"]);
    assert.deepEqual([flag("endpoint")?.value, flag("endpoint")?.source], ["http://flag:1", "flag"]);
    const fromEnvironment = await whoami(env);
    assert.deepEqual([fromEnvironment("endpoint")?.value, fromEnvironment("endpoint")?.source], ["http://environment:1", "environment"]);
    assert.deepEqual([fromEnvironment("port")?.value, fromEnvironment("port")?.source], [6666, "environment"]);
    const fromFile = await whoami({});
    assert.deepEqual([fromFile("endpoint")?.value, fromFile("endpoint")?.source], ["http://file:1", "file"]);
    assert.deepEqual([fromFile("port")?.value, fromFile("port")?.source], [7777, "file"]);
    assert.deepEqual((await whoami({}, []))("output")?.source, "file");
    project.write("millrace.config.json", {});
    const nothing = await whoami({});
    assert.deepEqual([nothing("endpoint")?.value, nothing("endpoint")?.source], ["http://127.0.0.1:7788", "default"]);
    const dev = await project.dev();
    const { url } = JSON.parse(project.read(".millrace/server.json")) as { url: string };
    const running = await whoami({});
    assert.deepEqual(
      [running("endpoint")?.value, running("endpoint")?.source, running("apiKey")?.source],
      [url, "server.json", "admin.key"],
    );
    await dev.end();
  });

  test("the project file takes no secret and no unknown setting", async () => {
    const other = new Project();
    other.write("millrace.config.json", { adminKey: `mr_${"s".repeat(40)}` });
    const secret = await other.run(["whoami", "--json"]);
    assert.equal(secret.status, 2);
    assert.match(errorOf(secret).message, /millrace\.config\.json: adminKey.*committed/);
    assert.ok(!secret.stderr.includes("ssss"));
    other.write("millrace.config.json", { prot: 1 });
    assert.match((await other.run(["whoami"])).stderr, /millrace\.config\.json: prot/);
    other.write("millrace.config.json", "[1]");
    assert.equal((await other.run(["whoami"])).status, 2);
    await other.dispose();
  });

  test("the key: stdin over environment over the data directory, and never shown to a server elsewhere", async () => {
    project.write(".millrace/admin.key", `mr_${"d".repeat(40)}\n`);
    const source = async (env: Record<string, string>, args: readonly string[] = [], input = "") => {
      const { settings } = dataOf<Settings>(await project.run(["whoami", "-o", "json", ...args], { env, input }));
      return settings.find(({ name }) => name === "apiKey")?.source;
    };
    const local = { MILLRACE_ENDPOINT: "http://127.0.0.1:1" };
    assert.equal(await source(local), "admin.key");
    assert.equal(await source({ ...local, MILLRACE_API_KEY: "mr_x" }), "environment");
    assert.equal(await source({ ...local, MILLRACE_API_KEY: "mr_x" }, ["--api-key-stdin"], "mr_y\n"), "stdin");
    assert.equal(await source({ MILLRACE_ENDPOINT: "http://mill.invalid" }), "none");
    assert.equal((await project.run(["whoami", "--api-key-stdin"], { input: "\n" })).status, 2);
  });
});
