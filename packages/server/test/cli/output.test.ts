import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { Check } from "typebox/schema";
import { COMMANDS, type CommandName } from "#cli/command-table";
import { OUTPUT_SCHEMAS } from "#cli/output-schemas";
import { type Receiver, startReceiver } from "#testing/receiver";
import { document, failing, slow, start, todayNews } from "#testing/workflows";
import { webhookId } from "#webhooks/webhook-id";
import { dataOf, Project, type Running, type RunOptions } from "./harness.ts";

const ESCAPE = "\u001b";

/** Waits for a signal that nobody sends. */
const asking = document(
  "asking",
  [
    start({}),
    { id: "ask", type: "approval", title: "Pay?", form: { properties: { amount: { type: "number" } }, required: ["amount"] } },
    { id: "end", type: "end", output: {} },
  ],
  ["start -> ask", "ask.approve -> end", "ask.reject -> end"],
);

const waiting = document(
  "waiting",
  [start({}), { id: "go", type: "signal", signal: "go" }, { id: "end", type: "end", output: { value: "{{ go.value }}" } }],
  ["start -> go", "go -> end"],
);
const PASSWORD: RunOptions = { input: "a long sentence of a test\n" };

/** They print an object a line. */
const LINES: readonly CommandName[] = ["runs follow", "logs"];

/** What of a text is secret by its form: keys of all kinds, secrets of webhooks, tokens that sign in. */
function secretsIn(text: string): readonly string[] {
  return text.match(/\bmr[dh]?_[\w-]{40}|\bwhsec_[\w+/=-]+|(?<=#link=|[?&/]token=)[\w-]{40}/g) ?? [];
}

describe("output", () => {
  let project: Project;
  let dev: Running;
  /** By every command below, traced. */
  const printed: { readonly stdout: string; readonly stderr: string }[] = [];
  let runId: string;
  let failedId: string;
  let budgetId: string;
  let alertId: string;
  let goneAlertId: string;
  let keyId: string;
  let cancelledId: string;
  let waitingId: string;
  let deliveryId: string;
  let receiver: Receiver;
  let scheduleId: string;
  let jobId: string;
  let deletedId: string;
  let shareId: string;
  let devKey: string;
  let hookId: string;
  let goneHookId: string;
  let approvalIds: readonly string[];
  before(async () => {
    project = new Project();
    project.write("flows/news.json", todayNews);
    project.write("flows/todayNews.test.yaml", "workflow: todayNews\ncases: [{ name: runs, input: { topic: a } }]\n");
    project.write("flows/failing.json", failing);
    project.write("flows/slow.json", slow);
    project.write("flows/waiting.json", waiting);
    project.write("flows/asking.json", asking);
    for (const email of ["ada@example.com", "grace@example.com"])
      dataOf(await project.run(["members", "create-owner", email, "--password-stdin", "--json"], PASSWORD));
    receiver = await startReceiver();
    dev = await project.dev(undefined, { env: { MILLRACE_EGRESS_ALLOW: "127.0.0.1", MILLRACE_LOG_LEVEL: "debug" } });
    runId = (await project.run(["invoke", "todayNews", "-i", "topic=a", "-o", "name"])).stdout.trim();
    const slowId = (await project.run(["invoke", "slow", "-i", "ms=8000", "--async", "-o", "name"])).stdout.trim();
    assert.equal((await project.run(["runs", "cancel", slowId])).stdout, `  ${slowId}   cancelled\n`);
    cancelledId = slowId;
    failedId = (await project.run(["invoke", "failing", "--async", "-o", "name"])).stdout.trim();
    assert.equal((await project.run(["runs", "wait", failedId])).status, 3);
    waitingId = (await project.run(["invoke", "waiting", "--async", "-o", "name"])).stdout.trim();
    const notified = await project.run(["invoke", "todayNews", "-i", "topic=a", "--async", "--webhook", receiver.url("/"), "-o", "name"]);
    deliveryId = webhookId(notified.stdout.trim(), 0);
    assert.equal((await project.run(["runs", "wait", notified.stdout.trim()])).status, 0);
    const schedule = ["schedules", "create", "todayNews", "--cron", "0 0 29 2 *", "--input", '{"topic":"a"}', "-o", "name"];
    scheduleId = (await project.run(schedule)).stdout.trim();
    deletedId = (await project.run(schedule)).stdout.trim();
    jobId = (await project.run(["runs", "cancel", "--workflow", "failing", "--yes", "-o", "name"])).stdout.trim();
    shareId = (await project.run(["runs", "share", runId, "-o", "name"])).stdout.trim();
    devKey = (await project.run(["dev-keys", "create", "-o", "name"])).stdout.trim();
    hookId = (await project.run(["hooks", "create", "todayNews", "-o", "name"])).stdout.trim();
    goneHookId = (await project.run(["hooks", "create", "todayNews", "-o", "name"])).stdout.trim();
    for (let count = 0; count < 4; count++) await project.run(["invoke", "asking", "--async"]);
    do approvalIds = (await project.run(["approvals", "list", "-o", "name"])).stdout.trim().split("\n");
    while (approvalIds.length < 4);
    for (const base of ["handbook", "emptied"]) await project.run(["knowledge", "create", base]);
    project.write("gone.md", "# Gone");
    project.write("members.json", JSON.stringify({ openapi: "3.0.3", paths: { "/members": { get: {} } } }));
    await project.run(["knowledge", "add", "handbook", "gone.md"]);
    budgetId = (await project.run(["budgets", "set", "500", "--user", "ada", "-o", "name"])).stdout.trim();
    alertId = (await project.run(["alerts", "create", "no_activity", receiver.url("/ops"), "-o", "name"])).stdout.trim();
    goneAlertId = (await project.run(["alerts", "create", "budget", receiver.url("/ops"), "--slack", "-o", "name"])).stdout.trim();
    keyId = (await project.run(["keys", "create", "--workflow", "todayNews", "-o", "name"])).stdout.trim();
  });
  after(async () => {
    await project.dispose();
    receiver.close();
  });

  /** What a call needs beside its arguments: a data directory that no server uses, a key on stdin. */
  const optionsOf = (name: CommandName): RunOptions => {
    if (name === "members create-owner") return { ...PASSWORD, env: { MILLRACE_DATA_DIR: "elsewhere" } };
    return { input: name === "login" ? project.read(".millrace/admin.key") : "the value of it\n" };
  };

  /** A call of each command that prints data; the ids come from the set-up. */
  const CALLS = (): { readonly [Name in CommandName]: readonly string[] | null } => ({
    init: ["begun"],
    "templates list": [],
    dev: null,
    start: null,
    invoke: ["todayNews", "-i", "topic=a"],
    "workflows list": [],
    "workflows get": ["todayNews"],
    "workflows delete": ["failing", "--yes"],
    "runs list": [],
    "runs get": [runId],
    "runs follow": [runId],
    "runs wait": [runId],
    "runs signal": [waitingId, "note", "--value", "1"],
    "runs cancel": [cancelledId],
    "runs share": [runId, "--expires", "2d"],
    "runs shares": [runId],
    "runs unshare": [runId, shareId],
    "runs replay": [cancelledId],
    logs: [failedId],
    validate: [],
    test: ["flows/todayNews.test.yaml"],
    fmt: [],
    types: [],
    diff: [],
    pull: [],
    export: ["todayNews"],
    deploy: ["flows/news.json", "--publish"],
    "versions list": ["todayNews"],
    "versions show": ["todayNews"],
    "versions promote": ["todayNews", "1.0.0"],
    "versions rollback": ["todayNews", "1.0.0"],
    "jobs list": [],
    "jobs stop": [jobId],
    "schedules create": ["todayNews", "--cron", "0 6 * * *", "--input", '{"topic":"a"}'],
    "schedules list": [],
    "schedules pause": [scheduleId],
    "schedules resume": [scheduleId],
    "schedules run": [scheduleId],
    "schedules delete": [deletedId],
    "hooks create": ["todayNews", "--verify", "github", "--input", '{"topic":"{{ body.ref }}"}'],
    "hooks list": [],
    "hooks rotate": [hookId],
    "hooks delete": [goneHookId],
    "approvals list": [],
    "approvals show": [approvalIds[0] ?? ""],
    "approvals link": [approvalIds[3] ?? "", "--for", "ann@example.com", "--expires", "2d"],
    "approvals approve": [approvalIds[0] ?? "", "-f", "amount=3", "--comment", "Fine."],
    "approvals reject": [approvalIds[1] ?? ""],
    "approvals decide": [approvalIds[2] ?? "", "reject"],
    "keys create": ["--workflow", "todayNews"],
    "keys list": [],
    "keys rotate": [keyId, "--overlap", "1h"],
    "keys revoke": [keyId],
    "dev-keys create": ["--name", "publishing", "--expires", "90d"],
    "dev-keys list": [],
    "dev-keys revoke": [devKey],
    // It goes on for ever; its own test looks at its lines.
    "webhooks listen": null,
    "webhooks trigger": ["todayNews", receiver.url("/test")],
    "webhooks deliveries list": [],
    "webhooks deliveries get": [deliveryId],
    "webhooks deliveries resend": [deliveryId],
    "webhooks deliveries recover": ["--since", "1h"],
    "webhooks secret show": ["todayNews"],
    "webhooks secret rotate": ["todayNews", "--yes"],
    "members list": [],
    "members invite": ["alan@example.com", "--role", "editor"],
    "members set-role": ["grace@example.com", "viewer"],
    "members disable": ["grace@example.com"],
    "members enable": ["grace@example.com"],
    "members remove": ["grace@example.com", "--yes"],
    "members create-owner": ["ada@example.com", "--password-stdin"],
    "audit list": ["--since", "1h"],
    open: [runId],
    login: ["--profile", "kept"],
    "profiles list": [],
    "profiles use": ["default"],
    "profiles delete": ["kept", "--yes"],
    "knowledge create": ["notes"],
    "knowledge list": [],
    "knowledge add": ["handbook", "flows/news.json"],
    "knowledge status": ["handbook"],
    "knowledge search": ["handbook", "topic"],
    "knowledge remove": ["handbook", "gone.md"],
    "knowledge delete": ["emptied", "--yes"],
    "secrets set": ["API_TOKEN"],
    "secrets list": [],
    "secrets delete": ["API_TOKEN", "--yes"],
    "connections set": ["crm", "--base-url", receiver.url("/")],
    "connections list": [],
    "connections test": ["crm"],
    "connections delete": ["crm", "--yes"],
    "models list": [],
    "models test": [],
    "prices set": ["local/*", "0", "0"],
    "prices list": [],
    "prices remove": ["local/*", "--yes"],
    usage: ["--by", "workflow", "--from", "7d"],
    "budgets list": [],
    "budgets set": ["12.5", "--workflow", "todayNews", "--period", "day", "--time-zone", "Asia/Tokyo"],
    "budgets remove": [budgetId],
    "alerts list": [],
    "alerts create": ["error_count", receiver.url("/ops"), "--workflow", "todayNews", "--threshold", "5", "--window", "15m"],
    "alerts test": [alertId],
    "alerts delete": [goneAlertId],
    "tools import": ["members", "members.json"],
    "tools list": [],
    "tools show": ["members"],
    "tools remove": ["members", "--yes"],
    import: ["flows/news.json"],
    backup: ["backup.tgz"],
    restore: ["backup.tgz", "--to", "restored"],
    migrate: ["--dry-run"],
    // Its data is validated where it has a database to move it to: test/postgres/move.test.ts.
    "migrate-store": null,
    doctor: [],
    whoami: [],
    completion: ["bash"],
    help: [],
    version: [],
  });

  for (const { name } of COMMANDS) {
    test(`L11 ${name}: -o json fits its published schema`, async () => {
      const args = CALLS()[name];
      const schema = OUTPUT_SCHEMAS[name];
      if (name !== "webhooks listen" && name !== "migrate-store")
        assert.equal(args === null, schema === undefined, "a command that prints data has a schema");
      if (args === null || schema === undefined) return;
      const { status, stdout, stderr } = await project.run([...name.split(" "), ...args, "-o", "json", "-v"], optionsOf(name));
      assert.equal(status, 0, stderr);
      // Beside the trace of its requests it says nothing.
      assert.match(stderr, /^(?:[<>] .*\n)*$/);
      printed.push({ stdout, stderr });
      const documents = LINES.includes(name) ? stdout.trimEnd().split("\n") : [stdout];
      for (const text of documents) assert.ok(Check(schema, JSON.parse(text)), text);
    });
  }

  const ID = /^([0-9a-f]{24}|[0-9a-f-]{36})$/;

  test("L11: -o name prints ids, one a line, and nothing else", async () => {
    for (const name of ["workflows list", "runs list", "keys list", "invoke", "deploy"] as const) {
      const { stdout } = await project.run([...name.split(" "), ...(CALLS()[name] ?? []), "-o", "name"]);
      const lines = stdout.trimEnd().split("\n");
      for (const line of lines) assert.match(line, ID, name);
    }
  });

  test("-o text is tab-separated values, -o yaml is YAML, MILLRACE_OUTPUT chooses too", async () => {
    const text = await project.run(["workflows", "list", "-o", "text"]);
    assert.match(text.stdout, /^todayNews\t[0-9a-f]{24}\t1\.0\.0\t/m);
    const yaml = await project.run(["version", "-o", "yaml"]);
    assert.match(yaml.stdout, /^name: millrace\nversion: 0\.1\.0\n/);
    const chosen = await project.run(["version"], { env: { MILLRACE_OUTPUT: "name" } });
    assert.equal(chosen.stdout, "0.1.0\n");
  });

  test("global flags may stand before and behind the command", async () => {
    for (const args of [
      ["-o", "json", "workflows", "list"],
      ["workflows", "-o", "json", "list"],
      ["workflows", "list", "--json"],
      ["--output=json", "workflows", "list"],
    ]) {
      const { status, stdout } = await project.run(args);
      assert.equal(status, 0, args.join(" "));
      assert.ok(Array.isArray((JSON.parse(stdout) as { data: unknown[] }).data));
    }
  });

  test("a page of a search that is empty is not the last one", async () => {
    const pages = [{ data: [], nextCursor: "b" }, { data: [{ id: "run-1", acceptedAt: 0 }], nextCursor: "c" }, { data: [] }];
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(new URL(request.url ?? "", "http://x").searchParams.get("cursor") ?? "");
      response.end(JSON.stringify(pages[asked.length - 1]));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { stdout } = await project.run(["runs", "list", "--q", "input.a = 1", "--limit", "0", "-o", "name", "--endpoint", endpoint]);
    server.close();
    assert.deepEqual([stdout, asked], ["run-1\n", ["", "b", "c"]]);
  });

  test("L12: whoever reads only the first line ends nothing badly", async () => {
    for (const line of ["millrace runs list | head -1", "millrace help --json | head -1", "millrace help --json | true"]) {
      const { status, stderr } = await project.bash(line);
      assert.deepEqual([status, stderr], [0, ""], line);
    }
  });

  test("L17: no escape codes without a terminal, with NO_COLOR and with --no-color; FORCE_COLOR brings them", async () => {
    const told = async (env: Record<string, string>, ...args: string[]) => {
      const { stdout, stderr } = await project.run(["invoke", "nope", ...args], { env });
      assert.match(stderr, /not_found:/);
      return stdout + stderr;
    };
    assert.ok(!(await told({})).includes(ESCAPE));
    assert.ok((await told({ FORCE_COLOR: "1" })).includes(ESCAPE));
    assert.ok(!(await told({ FORCE_COLOR: "1", NO_COLOR: "1" })).includes(ESCAPE));
    assert.ok(!(await told({ FORCE_COLOR: "1" }, "--no-color")).includes(ESCAPE));
    assert.ok(!(await told({ FORCE_COLOR: "0" })).includes(ESCAPE));
  });

  test("L10: an error has type, hint, request and ids, for people and for programs", async () => {
    const people = await project.run(["workflows", "get", "todayNew"]);
    assert.deepEqual([people.status, people.stdout], [5, ""]);
    const masked = people.stderr.replaceAll(/:\d{4,5}/g, ":PORT").replace(/req_\w+/, "req_ID");
    assert.equal(
      masked,
      `not_found: workflow "todayNew" does not exist on http://127.0.0.1:PORT
hint: did you mean todayNews?   millrace workflows list
request: GET http://127.0.0.1:PORT/api/v1/workflows/todayNew
http_status: 404   code: 40348   request_id: req_ID
`,
    );
    const programs = await project.run(["workflows", "get", "todayNew", "--json"]);
    const { error } = JSON.parse(programs.stderr) as { error: Record<string, unknown> };
    assert.deepEqual(Object.keys(error), ["type", "code", "message", "hint", "httpStatus", "requestId"]);
    assert.deepEqual([error["type"], error["code"], error["httpStatus"]], ["not_found", 40348, 404]);
  });

  test("L15: neither the traces of all commands, nor the log of the server that they were for, has a key or a secret of any", () => {
    const shown = printed.flatMap(({ stdout }) => secretsIn(stdout));
    const kinds = new Set(shown.map((secret) => /^(mr[dh]?_|whsec_|)/.exec(secret)?.[0]));
    assert.deepEqual(kinds, new Set(["mr_", "mrd_", "mrh_", "whsec_", ""]), "each was printed once, for whoever asked for it");
    const kept = ["admin.key", "dev.key", "secret.key"].map((file) => project.read(`.millrace/${file}`).trim());
    const secrets = [...shown, ...kept, "the value of it", "a long sentence of a test"];
    const traces = printed.map(({ stderr }) => stderr).join("");
    assert.ok(traces.split("\n").length > 100 && dev.stderr().split("\n").length > 50, dev.stderr());
    for (const [name, text] of Object.entries({ traces, log: dev.stderr() })) {
      assert.deepEqual(secretsIn(text), [], name);
      for (const secret of secrets) assert.ok(!text.includes(secret), `${name}: ${secret}`);
    }
  });

  test("L15: -v traces the requests, and neither it nor anything else shows the key", async () => {
    const { status, stderr, stdout } = await project.run(["invoke", "todayNews", "-i", "topic=a", "-v"]);
    assert.equal(status, 0);
    assert.match(stderr, /^> POST http:\/\/127\.0\.0\.1:\d+\/v1\/workflow\/invoke\n< 200 {2}req_/m);
    const key = project.read(".millrace/admin.key").trim();
    assert.ok(!(stdout + stderr).includes(key));
    assert.ok(!(await project.run(["whoami", "-v", "-o", "json"])).stdout.includes(key));
  });
});
