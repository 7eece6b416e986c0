import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import pg from "pg";
import pino from "pino";
import { Check } from "typebox/schema";
import { DEFAULT_TENANT, moveData } from "#app";
import { OUTPUT_SCHEMAS } from "#cli/output-schemas";
import { loadSettings } from "#config/load-settings";
import { newDatabase } from "#store/postgres/testing/fixture";
import type { MoveStep } from "#store/sql/move";
import { MOVED_TABLES } from "#store/sql/moved-tables";
import { openReader } from "#store/sqlite/connections";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";
import { startReceiver } from "#testing/receiver";
import { startTestServer, type TestServer } from "#testing/server";
import { echo, failing } from "#testing/workflows";
import { asking } from "../approvals/harness.ts";
import { dataOf, errorOf, Project, type Result } from "../cli/harness.ts";

/** More than a batch of rows. */
const RUNS = 620;

/** Tables that are made anew, or belong to the processes of one store. */
const NOT_MOVED = {
  sqlite: /^(workers|moves|knowledge_words(_\w+)?)$/,
  postgres:
    /^(workers|moves|schema_version|knowledge_(words|lengths|length_sums|embeddings)|run_controls|run_values|turns|node_turns|hosted_lives|key_quotas|budget_holds)$/,
};

interface Moved {
  readonly from: string;
  readonly to: string;
  readonly resumed: boolean;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly digest: string }[];
}

describe("millrace migrate-store", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  const secretKey = randomBytes(32).toString("base64");
  const project = new Project();
  const dataDir = project.path("data");
  let postgres: PostgresServer;
  let databaseUrl: string;
  /** What a server on the data directory answers, by what it is asked. */
  let answers: ReadonlyMap<string, string>;
  let keys: { readonly admin: string; readonly echo: string };
  let waitingRun: string;
  let approval: string;

  before(async () => {
    postgres = await startPostgres();
    databaseUrl = newDatabase(postgres);
    const server = await open({});
    await fill(server);
    answers = await ask(server);
    await server.close();
  });
  after(async () => {
    await project.dispose();
    await postgres.close();
  });

  const open = (where: { readonly databaseUrl?: string; readonly dataDir?: string }): Promise<TestServer> =>
    startTestServer({
      dataDir: where.dataDir ?? dataDir,
      settings: { secretKey, egressAllow: "127.0.0.1", ...(where.databaseUrl !== undefined && { databaseUrl: where.databaseUrl }) },
    });

  /** Something of everything. */
  async function fill(server: TestServer): Promise<void> {
    const { key: admin } = await server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
    const [echoed, failed, asked] = [await server.publish(echo), await server.publish(failing), await server.publish(asking("asking"))];
    keys = { admin, echo: echoed.key };
    const manage = (method: string, path: string, body: unknown) =>
      server.call(method, `/api/v1${path}`, { key: admin, headers: { "Content-Type": "application/json" }, body });
    for (let n = 0; n < RUNS; n += 20)
      await Promise.all(Array.from({ length: 20 }, (_, at) => server.invoke(echoed.key, { input: { value: n + at }, userId: `u${at}` })));
    await server.invoke(echoed.key, { input: { value: "0123456789".repeat(20_000) } }, { "Idempotency-Key": "large" });
    assert.equal((await server.invoke(failed.key, { input: {} })).json["status"], "FAILED");
    const receiver = await startReceiver();
    const told = new Promise<void>((resolve) => receiver.answer("/", (response) => resolve(void response.end("ok"))));
    await server.invoke(echoed.key, { input: { value: "told" }, isAsync: true, webhook: [{ method: "POST", url: receiver.url("/") }] });
    await told;
    receiver.close();
    waitingRun = String((await server.invoke(asked.key, { input: { order: "B-1" }, isAsync: true })).json["workflowRunId"]);
    do approval = String((await manage("GET", "/approvals", undefined)).json["data"]?.[0 as never]?.["id" as never]);
    while (approval === "undefined");
    for (const [path, body] of [
      ["/knowledge", { name: "handbook" }],
      ["/schedules", { workflow: "echo", cron: "0 0 29 2 *", input: { value: 1 } }],
      ["/hooks", { workflow: "echo" }],
      ["/alerts", { kind: "no_activity", channel: { kind: "webhook", url: "http://127.0.0.1:9/" } }],
    ] as const) {
      const made = await manage("POST", path, body);
      assert.ok(made.status < 400, `${path}: ${made.text}`);
    }
    assert.equal((await manage("PUT", "/secrets/TOKEN", { value: "hush-hush" })).status, 200);
    const added = await manage("POST", "/knowledge/handbook/documents", {
      name: "trips.md",
      text: "# Trips\n\nWho travels by train is paid the second class.\n\n# Meals\n\nMeals are paid with receipts.",
    });
    assert.equal(added.status, 202, added.text);
    for (let state: unknown = "waiting"; state === "waiting"; )
      state = (await manage("GET", `/knowledge/handbook/documents/${added.json["id"]}`, undefined)).json["state"];
  }

  async function ask(server: TestServer): Promise<ReadonlyMap<string, string>> {
    const told = new Map<string, string>();
    const get = async (path: string) => {
      const { status, text } = await server.call("GET", `/api/v1${path}`, { key: keys.admin });
      assert.equal(status, 200, `${path}: ${text}`);
      told.set(path, text);
    };
    const { data } = (await server.call("GET", "/api/v1/runs?limit=100", { key: keys.admin })).json as {
      data: readonly { id: string; workflowName: string }[];
    };
    for (const { id } of data.slice(0, 40)) await get(`/runs/${id}`);
    for (const path of ["/runs?limit=100", "/workflows", "/approvals", "/schedules", "/hooks", "/secrets", "/knowledge"]) await get(path);
    for (const path of ["/knowledge/handbook/documents", "/webhooks/deliveries", "/audit?limit=100"]) await get(path);
    const found = await server.call("POST", "/api/v1/knowledge/handbook/search", {
      key: keys.admin,
      headers: { "Content-Type": "application/json" },
      body: { query: "which class is paid for trains?" },
    });
    assert.ok(found.text.includes("second class"), found.text);
    told.set("search", found.text);
    for (const { id } of data.filter(({ workflowName }) => workflowName === "echo"))
      told.set(`query ${id}`, (await server.query(keys.echo, id)).text);
    return told;
  }

  async function assertSame(server: TestServer): Promise<void> {
    const told = await ask(server);
    assert.deepEqual([...told.keys()], [...answers.keys()]);
    for (const [path, body] of told) assert.ok(body === answers.get(path), `${path}: ${body.slice(0, 1_000)}`);
  }

  const move = (from: string, to: string, env: Record<string, string> = {}): Promise<Result> =>
    project.run(["migrate-store", "--from", from, "--to", to, "-o", "json"], {
      env: { MILLRACE_DATABASE_URL: databaseUrl, MILLRACE_DATA_DIR: dataDir, MILLRACE_SECRET_KEY: secretKey, ...env },
    });

  test("every table of both stores is moved, or said to be none of the data", async () => {
    const url = newDatabase(postgres);
    const server = await open({ databaseUrl: url, dataDir: project.path("other") });
    await server.close();
    const moved = new Set(MOVED_TABLES.map(({ name }) => name));
    const unknown = (names: readonly string[], notMoved: RegExp) => names.filter((name) => !moved.has(name) && !notMoved.test(name));
    using database = openReader(join(dataDir, "millrace.db"));
    const inFile = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
    assert.deepEqual(
      unknown(
        inFile.map((row) => String(row["name"])),
        NOT_MOVED.sqlite,
      ),
      [],
    );
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'");
    await client.end();
    assert.deepEqual(
      unknown(
        rows.map(({ name }) => name),
        NOT_MOVED.postgres,
      ),
      [],
    );
  });

  test("V1 killed at any table it goes on; no server starts on what is not whole; then all is there", async () => {
    for (const table of ["large_values", "journal", "runs", "knowledge_passages"]) {
      const killed = await move("sqlite", "postgres", { MILLRACE_FAILPOINTS: `move.afterBatch[${table}]:kill@1` });
      assert.deepEqual([killed.status, killed.stdout], [null, ""], killed.stderr);
    }
    const refused = await project.run(["start", "--port", "0", "--json"], {
      env: { MILLRACE_DATABASE_URL: databaseUrl, MILLRACE_DATA_DIR: project.path("fresh"), MILLRACE_SECRET_KEY: secretKey },
    });
    assert.deepEqual([refused.status, errorOf(refused).type], [9, "move_unfinished"]);
    const done = dataOf<Moved>(await move("sqlite", "postgres"));
    assert.equal(Check(OUTPUT_SCHEMAS["migrate-store"] ?? {}, done), true);
    assert.equal(done.resumed, true);
    assert.equal(done.tables.find(({ table }) => table === "runs")?.rows, RUNS + 4);
    assert.doesNotMatch(JSON.stringify(done), /horse/, "no password is printed");
  });

  test("V2 L51 back again, killed on the way: the same rows, byte for byte, in every table", async () => {
    const back = project.path("back");
    const env = { MILLRACE_DATA_DIR: back };
    const killed = await move("postgres", "sqlite", { ...env, MILLRACE_FAILPOINTS: "move.afterBatch[journal]:kill@1" });
    assert.equal(killed.status, null, killed.stderr);
    const refused = await project.run(["start", "--port", "0", "--json"], { env });
    assert.deepEqual([refused.status, errorOf(refused).type], [9, "move_unfinished"]);
    const home = dataOf<Moved>(await move("postgres", "sqlite", env));
    const there = dataOf<Moved>(await move("sqlite", "postgres", { ...env, MILLRACE_DATABASE_URL: newDatabase(postgres) }));
    assert.deepEqual(home.tables, there.tables);
    const server = await open({ dataDir: back });
    await assertSame(server);
    await server.close();
  });

  test("V3 a store that has data is not moved into, one that a server uses is not moved", async () => {
    const full = await move("sqlite", "postgres");
    assert.deepEqual([full.status, errorOf(full).type], [9, "target_not_empty"]);
    const other = newDatabase(postgres);
    const here = (dir: string, progress = (_step: MoveStep): void => undefined) => {
      const { settings } = loadSettings({}, { dataDir: dir, secretKey }, "0.0.0-test");
      return moveData({ settings, databaseUrl: other, to: "postgres", log: pino({ level: "silent" }), progress });
    };
    const stop = ({ table }: MoveStep) => {
      if (table === "workflows") throw new Error("enough");
    };
    await assert.rejects(here(dataDir, stop), /enough/);
    await assert.rejects(here(project.path("back")), { name: "MoveFromElsewhere" });
    await assert.rejects(here(project.path("nowhere")), { name: "NotFound" });
    const server = await open({});
    await assert.rejects(here(dataDir), { name: "DataDirInUse" });
    await server.publish({ ...echo, description: "Another one, while it was moved." });
    await server.close();
    const changed = await move("sqlite", "postgres", { MILLRACE_DATABASE_URL: other });
    assert.deepEqual([changed.status, errorOf(changed).type], [3, "move_differs"]);
  });

  test("a server on PostgreSQL answers what the one on the data directory answered, and goes on with what waits", async () => {
    const server = await open({ databaseUrl, dataDir: project.path("on-postgres") });
    await assertSame(server);
    const running = await move("postgres", "sqlite", { MILLRACE_DATA_DIR: project.path("refused") });
    assert.deepEqual([running.status, errorOf(running).type], [9, "database_in_use"]);
    const again = await server.invoke(keys.echo, { input: { value: "0123456789".repeat(20_000) } }, { "Idempotency-Key": "large" });
    assert.equal(again.headers["idempotent-replayed"], "true", "the keys of requests are known");
    assert.equal((await server.invoke(keys.echo, { input: { value: "new" } })).json["status"], "SUCCEED");
    const decided = await server.call("POST", `/api/v1/approvals/${approval}/decide`, {
      key: keys.admin,
      headers: { "Content-Type": "application/json" },
      body: { action: "approve" },
    });
    assert.equal(decided.status, 200, decided.text);
    for (let status: unknown = "RUNNING"; status !== "SUCCEED"; ) {
      const run = await server.call("GET", `/api/v1/runs/${waitingRun}`, { key: keys.admin });
      status = run.json["status"];
    }
    await server.close();
  });

  test("what is said wrongly ends with 2 and what is missing", async () => {
    const nothing = await project.run(["migrate-store", "--json"], { env: { MILLRACE_DATABASE_URL: databaseUrl } });
    assert.deepEqual([nothing.status, errorOf(nothing).message], [2, "migrate-store: --from and --to are missing"]);
  });
});
