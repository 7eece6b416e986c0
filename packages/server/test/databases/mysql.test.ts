import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type DatabaseServer, hasMysql, PASSWORD, startMysql } from "#testing/database-servers";
import { INJECTIONS, openWorld, type World } from "./harness.ts";

describe("MySQL, as MariaDB speaks it", { skip: hasMysql ? false : "no MariaDB on this machine: apt-get install mariadb-server" }, () => {
  let world: World;
  let database: DatabaseServer;

  const connection = (settings: object, more: object = {}) => ({
    provider: "mysql",
    baseUrl: `mysql://localhost:${database.port}/crm`,
    credential: { type: "basic", username: "worker", value: PASSWORD },
    settings,
    ...more,
  });
  /** Statements of workers that are under way. */
  const active = () =>
    Number(database.sql("SELECT count(*) FROM information_schema.processlist WHERE user = 'worker' AND command = 'Execute'"));

  before(async () => {
    database = await startMysql();
    database.sql(`CREATE DATABASE crm; CREATE USER worker IDENTIFIED BY '${PASSWORD}'; GRANT ALL ON crm.* TO worker`);
    world = await openWorld({ egressAllow: "localhost, 127.0.0.1" });
    await world.connect("crm", connection({ ca: database.ca }));
    await world.connect("own", connection({ ca: database.ca, writable: true }));
    await world.query({
      connection: "own",
      sql: "CREATE TABLE members (id bigint PRIMARY KEY, name varchar(100), city varchar(100)) CHARSET utf8mb4",
    });
    await world.query({
      connection: "own",
      sql: "INSERT INTO members VALUES (1, 'Ada', 'London'), (2, 'Grace', 'New York'), (3, '林', '台北')",
    });
    await world.query({ connection: "own", sql: "CREATE TABLE vault (secret text)" });
    await world.query({ connection: "own", sql: "CREATE TABLE written (n int, t text)" });
  });
  after(async () => {
    await world?.close();
    await database?.close();
  });

  test("rows come by the names of their columns; lists stand for their elements", async () => {
    const sql = "SELECT id, name FROM members WHERE city IN (:cities) ORDER BY id";
    const node = { connection: "crm", sql, params: { cities: "{{ start.cities }}" } };
    const rows = [
      { id: 1, name: "Ada" },
      { id: 3, name: "林" },
    ];
    assert.deepEqual(await world.query(node, { cities: ["台北", "London"] }), {
      rows,
      rowCount: 2,
      columns: ["id", "name"],
      truncated: false,
    });
    assert.equal((await world.query(node, { cities: [] }))["rowCount"], 0);
  });

  test("values of every type are as JSON says them best", async () => {
    await world.query({
      connection: "own",
      sql: "CREATE TABLE typed (safe bigint, wide bigint unsigned, exact decimal(10,2), half double, bytes blob, none text, day date, local datetime(3), moment timestamp, bits bit(9))",
    });
    await world.query({
      connection: "own",
      sql: "INSERT INTO typed VALUES (9007199254740991, 18446744073709551615, 1.10, 0.5, x'00ff', NULL, '2024-01-02', '2024-01-02 03:04:05.678', '2024-01-02 03:04:05', b'100000001')",
    });
    const { rows } = await world.query({ connection: "crm", sql: "SELECT * FROM typed" });
    assert.deepEqual(rows, [
      {
        safe: 9007199254740991,
        wide: "18446744073709551615",
        exact: "1.10",
        half: 0.5,
        bytes: "AP8=",
        none: null,
        day: "2024-01-02",
        local: "2024-01-02T03:04:05.678",
        moment: "2024-01-02T03:04:05Z",
        bits: 257,
      },
    ]);
  });

  test("what is bound never becomes a part of the statement", async () => {
    for (const value of INJECTIONS) {
      const sql = "SELECT :value AS value, (SELECT count(*) FROM members) AS members FROM members WHERE name <> :value LIMIT 1";
      const { rows } = await world.query({ connection: "own", sql, params: { value: "{{ start.value }}" } }, { value });
      assert.deepEqual(rows, [{ value, members: 3 }], value);
    }
  });

  test("nothing is changed unless the connection allows it and the node does not forbid it", async () => {
    const change = { sql: "INSERT INTO written VALUES (:n, 'x')", params: { n: 1 } };
    for (const node of [
      { connection: "crm", ...change },
      { connection: "own", write: false, ...change },
      { connection: "crm", sql: "CREATE TABLE x (a int)" },
      { connection: "crm", sql: "DROP TABLE members" },
      { connection: "crm", sql: "TRUNCATE members" },
    ]) {
      const { type, message } = await world.refused(node);
      assert.equal(type, "database_denied", JSON.stringify([node, message]));
    }
    assert.deepEqual(await world.query({ connection: "own", ...change }), { rows: [], rowCount: 1, columns: [], truncated: false });
    assert.deepEqual((await world.query({ connection: "crm", sql: "SELECT * FROM written" }))["rows"], [{ n: 1, t: "x" }]);
  });

  test("a statement that would end its transaction or change its session brings the next one nothing", async () => {
    for (const sql of [
      "COMMIT",
      "START TRANSACTION READ WRITE",
      "SET SESSION TRANSACTION READ WRITE",
      "SET autocommit = 1",
      "SET SESSION sql_mode = ''",
      "SET STATEMENT tx_read_only = 0 FOR DELETE FROM members",
      "BEGIN NOT ATOMIC COMMIT; SET SESSION TRANSACTION READ WRITE; DELETE FROM members; END",
      "BEGIN NOT ATOMIC COMMIT; SET TRANSACTION READ WRITE; DELETE FROM members; END",
      "BEGIN NOT ATOMIC COMMIT; START TRANSACTION READ WRITE; DELETE FROM members; COMMIT; END",
      "EXECUTE IMMEDIATE 'COMMIT'",
    ]) {
      await world.run({ connection: "crm", sql });
      assert.equal((await world.refused({ connection: "crm", sql: "DELETE FROM members" }))["type"], "database_denied", sql);
    }
    assert.deepEqual((await world.query({ connection: "crm", sql: "SELECT count(*) AS c FROM members" }))["rows"], [{ c: 3 }]);
  });

  test("one statement only, and nothing of this machine is read", async () => {
    for (const sql of ["SELECT 1; DELETE FROM members", "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE vault"])
      assert.match(String((await world.refused({ connection: "own", sql }))["type"]), /^database_/, sql);
    assert.equal((await world.query({ connection: "crm", sql: "SELECT * FROM vault" }))["rowCount"], 0);
  });

  test("rows are bounded on both sides; a statement that takes too long is stopped in the database", async () => {
    const sql = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < :n) SELECT n FROM c";
    for (const [n, maxRows, truncated] of [
      [1_000, 1_000, false],
      [900, 899, true],
    ] as const) {
      const result = await world.query({ connection: "crm", sql, params: { n }, maxRows });
      assert.deepEqual([result["rowCount"], result["truncated"]], [Math.min(n, maxRows), truncated]);
    }
    const { type, message } = await world.refused({ connection: "crm", sql: "SELECT sleep(600)", timeoutMs: 700 });
    assert.match(`${type} ${message}`, /longer than|node_timeout/);
    while (active() > 0);
    assert.equal((await world.query({ connection: "crm", sql: "SELECT 1 AS one" }))["rowCount"], 1);
  });

  test("errors have their number, and never the password; the certificate is checked", async () => {
    const { type, message } = await world.refused({ connection: "crm", sql: "SELECT nothing FROM nowhere" });
    assert.equal(type, "database_error");
    assert.match(String(message), /nowhere.*\(MySQL 1146, SQLSTATE 42S02\)/);
    for (const [more, words] of [
      [{ credential: { type: "basic", username: "worker", value: "another password" } }, /database_denied.*Access denied/],
      [{ settings: {} }, /self-signed certificate/],
      [{ baseUrl: `mysql://127.0.0.1:${database.port}/crm` }, /IP: 127.0.0.1 is not in the cert/],
    ] as const) {
      await world.connect("odd", connection({ ca: database.ca }, more));
      const { text } = await world.manage("POST", "/connections/odd/test", {});
      assert.match(text, words);
      assert.doesNotMatch(text, /another password/);
    }
    await world.connect("odd", connection({ tls: "off" }));
    assert.equal((await world.manage("POST", "/connections/odd/test", {})).json["ok"], true);
  });
});
