import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type DatabaseServer, hasMysql, PASSWORD, startMysql } from "#testing/database-servers";
import { everyDatabase, TABLES } from "./cases.ts";
import { openWorld, type World } from "./harness.ts";

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
    database.sql(`CREATE DATABASE crm CHARACTER SET utf8mb4; CREATE USER worker IDENTIFIED BY '${PASSWORD}'; GRANT ALL ON crm.* TO worker`);
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
      prepare: [
        "CREATE TABLE typed (safe bigint, wide bigint unsigned, exact decimal(10,2), half double, bytes blob, none text, day date, local datetime(3), moment timestamp, bits bit(9))",
        "INSERT INTO typed VALUES (9007199254740991, 18446744073709551615, 1.10, 0.5, x'00ff', NULL, '2024-01-02', '2024-01-02 03:04:05.678', '2024-01-02 03:04:05', b'100000001')",
      ],
      sql: "SELECT * FROM typed",
      row: {
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
    },
    text: ":value",
    changes: ["TRUNCATE members"],
    hasReturning: false,
    escapes: [
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
    ],
    refused: ["LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE vault"],
    numbers: "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < :n) SELECT n FROM c",
    endless: "SELECT sleep(600)",
    active,
    unknownTable: /nowhere.*\(MySQL 1146, SQLSTATE 42S02\)/,
  });

  test("nothing of this machine is read", async () => {
    assert.deepEqual((await world.query({ connection: "crm", sql: "SELECT * FROM vault" }))["rows"], [{ secret: "do not tell" }]);
  });

  test("no error has the password; the certificate is checked", async () => {
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
