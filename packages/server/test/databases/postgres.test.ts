import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type DatabaseServer, hasPostgres, PASSWORD, startPostgres } from "#testing/database-servers";
import { everyDatabase, TABLES } from "./cases.ts";
import { openWorld, type World } from "./harness.ts";

describe("PostgreSQL", { skip: hasPostgres ? false : "no PostgreSQL on this machine: apt-get install postgresql" }, () => {
  let world: World;
  let database: DatabaseServer;

  const credential = (value = PASSWORD) => ({ type: "basic", username: "worker", value });
  const connection = (settings: object, more: object = {}) => ({
    provider: "postgres",
    baseUrl: `postgres://localhost:${database.port}/crm`,
    credential: credential(),
    settings,
    ...more,
  });
  /** Sessions of workers that do something at the moment. */
  const active = () => Number(database.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'worker' AND state = 'active'"));

  before(async () => {
    database = await startPostgres();
    database.sql(`CREATE ROLE worker LOGIN PASSWORD '${PASSWORD}'`);
    database.sql("CREATE DATABASE crm OWNER worker");
    world = await openWorld({ egressAllow: "localhost, 127.0.0.1" });
    await world.connect("crm", connection({ ca: database.ca }));
    await world.connect("own", connection({ ca: database.ca, writable: true }));
    for (const sql of TABLES) await world.query({ connection: "own", sql });
  });
  after(async () => {
    await world?.close();
    await database?.close();
  });

  everyDatabase(() => world, {
    typed: {
      sql: `SELECT 9007199254740991::bigint AS safe, 9007199254740993::bigint AS wide, 1.10::numeric AS exact, 0.5::float8 AS half,
        'NaN'::float8 AS nan, true AS yes, '\\x00ff'::bytea AS bytes, '{"a":[1]}'::jsonb AS json, NULL::text AS none,
        '2024-01-02'::date AS day, '2024-01-02 03:04:05.678901'::timestamp AS local, '2024-01-02 03:04:05.678+02'::timestamptz AS moment,
        '{1,NULL,2}'::bigint[] AS numbers, ARRAY[['a', 'b c'], [NULL, 'd']] AS texts, '1 day 02:00'::interval AS while,
        '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid AS id`,
      row: {
        safe: 9007199254740991,
        wide: "9007199254740993",
        exact: "1.10",
        half: 0.5,
        nan: "NaN",
        yes: true,
        bytes: "AP8=",
        json: { a: [1] },
        none: null,
        day: "2024-01-02",
        local: "2024-01-02T03:04:05.678901",
        moment: "2024-01-02T01:04:05.678Z",
        numbers: [1, null, 2],
        texts: [
          ["a", "b c"],
          [null, "d"],
        ],
        while: "P1DT2H",
        id: "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
      },
    },
    text: ":value::text",
    changes: ["WITH gone AS (DELETE FROM members RETURNING id) SELECT * FROM gone"],
    hasReturning: true,
    escapes: [
      "COMMIT",
      "ROLLBACK AND CHAIN",
      "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
      "SET TRANSACTION READ WRITE",
      "SELECT set_config('transaction_read_only', 'off', false)",
      "SELECT set_config('search_path', 'pg_catalog', false)",
      "SET default_transaction_read_only = off",
      "DO $$ BEGIN COMMIT; DELETE FROM members; END $$",
      "DO $$ BEGIN SET LOCAL transaction_read_only = off; DELETE FROM members; END $$",
    ],
    refused: ["COPY members FROM STDIN"],
    numbers: "SELECT n FROM generate_series(1, :n::int) n",
    endless: "SELECT pg_sleep(600)",
    active,
    unknownTable: /^The database refused the statement: relation "nowhere" does not exist \(SQLSTATE 42P01, at character 20\)$/,
  });

  test("what a version lets pass is undone with its transaction; a copy out leaves the session whole", async () => {
    await world.run({ connection: "crm", sql: "SELECT lo_create(4711)" });
    assert.equal((await world.query({ connection: "crm", sql: "SELECT 1 FROM pg_largeobject_metadata" }))["rowCount"], 0);
    await world.run({ connection: "own", sql: "COPY members TO STDOUT" });
    assert.equal((await world.query({ connection: "crm", sql: "SELECT 1 AS a" }))["rowCount"], 1);
  });

  test("no error has the password", async () => {
    const told = await world.refused({ connection: "own", sql: "SELECT :p::int AS p", params: { p: PASSWORD } });
    assert.equal(String(told["message"]).includes(PASSWORD), false, String(told["message"]));
    const wrong = await connect("wrong", { credential: credential("another password") });
    assert.equal(wrong["ok"], false);
    assert.doesNotMatch(JSON.stringify(wrong), /another password/);
    assert.equal((wrong["error"] as { type: string }).type, "database_denied");
  });

  test("bytes are bounded", async () => {
    const heavy = await world.query({ connection: "crm", sql: "SELECT repeat('x', 2000000) AS x FROM generate_series(1, 5)" });
    assert.deepEqual([heavy["rowCount"], heavy["truncated"]], [2, true]);
    const huge = await world.refused({ connection: "crm", sql: "SELECT repeat('x', 60000000) AS x", timeoutMs: 120_000 });
    assert.match(String(huge["message"]), /larger than/);
  });

  test("a run that is cancelled takes its statement along", async () => {
    const nodes = [
      { id: "start", type: "start", input: { type: "object" } },
      { id: "q", type: "database", connection: "crm", sql: "SELECT pg_sleep(600)", timeoutMs: 300_000 },
      { id: "end", type: "end", output: {} },
    ];
    const { key } = await world.server.publish({ format: "millrace/1", name: "sleeper", nodes, edges: ["start -> q", "q -> end"] });
    const { json } = await world.server.invoke(key, { input: {}, isAsync: true });
    while (active() === 0) await new Promise((resolve) => setImmediate(resolve));
    const cancelled = await world.server.call("POST", "/v1/workflow/run/cancel", { key, body: { workflowRunId: json["workflowRunId"] } });
    assert.ok(cancelled.status < 300, cancelled.text);
    while (active() > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test("more statements than connections wait in line", async () => {
    await world.connect("narrow", connection({ ca: database.ca, maxConnections: 1 }));
    const all = Array.from({ length: 5 }, (_, n) =>
      world.query({ connection: "narrow", sql: "SELECT :n::int AS n, pg_sleep(0.05)", params: { n } }),
    );
    const rows = (await Promise.all(all)).map((result) => (result["rows"] as { n: number }[])[0]?.n);
    assert.deepEqual(rows, [0, 1, 2, 3, 4]);
  });

  test("the certificate is checked, and hosts are those that the operator allows", async () => {
    assert.equal((await connect("crm", {}))["ok"], true);
    const untrusted = await connect("untrusted", { settings: {} });
    assert.match(JSON.stringify(untrusted), /self-signed certificate/);
    const misnamed = await connect("misnamed", { baseUrl: `postgres://127.0.0.1:${database.port}/crm` });
    assert.match(JSON.stringify(misnamed), /IP: 127.0.0.1 is not in the cert/);
    assert.equal((await connect("plain", { settings: { tls: "off" } }))["ok"], true);
    const { status, text } = await world.manage("PUT", "/connections/inner", connection({}, { baseUrl: "postgres://169.254.169.254/crm" }));
    assert.deepEqual([status, /MILLRACE_EGRESS_ALLOW/.test(text)], [400, true], text);
  });

  test("a credential goes nowhere that it was not given for", async () => {
    for (const more of [{ baseUrl: "postgres://db.example.com/crm" }, { hosts: ["db.example.com:5432"] }]) {
      const { credential: _, ...rest } = connection({ ca: database.ca }, more);
      assert.equal((await world.manage("PUT", "/connections/crm", rest)).status, 400);
    }
    const { status } = await world.manage(
      "PUT",
      "/connections/bearer",
      connection({}, { credential: { type: "bearer", value: "a token of it" } }),
    );
    assert.equal(status, 400);
  });

  /** Sets a connection and tests it. */
  async function connect(name: string, more: object) {
    await world.connect(name, connection({ ca: database.ca }, more));
    return (await world.manage("POST", `/connections/${name}/test`, {})).json;
  }
});
