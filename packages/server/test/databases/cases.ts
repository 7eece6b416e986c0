import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { INJECTIONS, type World } from "./harness.ts";

// What a database node does, whichever database it is: one table of cases, and a dialect for each.

/** What there is before the cases: a file's, or a database's that the connection `own` has made. */
export const TABLES: readonly string[] = [
  "CREATE TABLE members (id bigint PRIMARY KEY, name varchar(100), city varchar(100))",
  "INSERT INTO members VALUES (1, 'Ada', 'London'), (2, 'Grace', 'New York'), (3, '林', '台北')",
  "CREATE TABLE vault (secret varchar(100))",
  "INSERT INTO vault VALUES ('do not tell')",
  "CREATE TABLE written (n int, t varchar(100))",
];

/** The words of one database. Connections: `crm` reads, `own` may write. */
export interface Dialect {
  /** One row of every type, and what comes of it. */
  readonly typed: { readonly prepare?: readonly string[]; readonly sql: string; readonly params?: JsonObject; readonly row: JsonObject };
  /** A bound text as a column. */
  readonly text: string;
  /** Changes that `crm` is denied, beside those that are the same everywhere. */
  readonly changes: readonly string[];
  readonly hasReturning: boolean;
  /** What would end its transaction or change its session, and let the next statement write. */
  readonly escapes: readonly string[];
  /** Not one statement, or none that a node may say. */
  readonly refused: readonly string[];
  /** So many rows: `:n`. */
  readonly numbers: string;
  /** A statement without end, or nearly. */
  readonly endless: string;
  /** Statements under way in the database; absent: it has no other sessions. */
  readonly active?: () => number;
  /** What is said of `SELECT absent FROM nowhere`. */
  readonly unknownTable: RegExp;
}

export function everyDatabase(current: () => World, dialect: Dialect): void {
  const query = (node: object, input?: JsonObject) => current().query(node, input);
  const refused = (node: object, input?: JsonObject) => current().refused(node, input);
  const members = async () => (await query({ connection: "crm", sql: "SELECT id FROM members" }))["rowCount"];

  test("rows come by the names of their columns; lists stand for their elements, 1,000 at most", async () => {
    const sql = "SELECT id, name FROM members WHERE city IN (:cities) ORDER BY id";
    const node = { connection: "crm", sql, params: { cities: "{{ start.cities }}" } };
    const rows = [
      { id: 1, name: "Ada" },
      { id: 3, name: "林" },
    ];
    const found = { rows, rowCount: 2, columns: ["id", "name"], truncated: false };
    assert.deepEqual(await query(node, { cities: ["台北", "London"] }), found);
    assert.equal((await query(node, { cities: [] }))["rowCount"], 0);
    const ids = (count: number) => ({
      connection: "crm",
      sql: "SELECT id FROM members WHERE id IN (:ids)",
      params: { ids: Array.from({ length: count }, (_, n) => n) },
    });
    assert.equal((await query(ids(1_000)))["rowCount"], 3);
    assert.equal((await refused(ids(1_001)))["type"], "limit_exceeded");
  });

  test("values of every type are as JSON says them best", async () => {
    const { prepare = [], sql, params, row } = dialect.typed;
    for (const statement of prepare) await query({ connection: "own", sql: statement });
    assert.deepEqual((await query({ connection: "crm", sql, ...(params && { params }) }))["rows"], [row]);
  });

  test("what is bound never becomes a part of the statement", async () => {
    const params = { value: "{{ start.value }}" };
    for (const value of INJECTIONS) {
      const counts = "(SELECT count(*) FROM members) AS members, (SELECT count(*) FROM members WHERE name = :value) AS found";
      const sql = `SELECT ${dialect.text} AS value, ${counts} FROM members WHERE name <> :value LIMIT 1`;
      assert.deepEqual((await query({ connection: "own", sql, params }, { value }))["rows"], [{ value, members: 3, found: 0 }], value);
    }
  });

  test("nothing is changed unless the connection allows it and the node does not forbid it", async () => {
    const change = { sql: "INSERT INTO written VALUES (:n, 'x')", params: { n: 1 } };
    const everywhere = ["CREATE TABLE x (a int)", "DROP TABLE members"];
    for (const node of [
      { connection: "crm", ...change },
      { connection: "own", write: false, ...change },
      { connection: "crm", write: true, sql: "SELECT 1" },
      ...[...everywhere, ...dialect.changes].map((sql) => ({ connection: "crm", sql })),
    ]) {
      const { type, message } = await refused(node);
      assert.equal(type, "database_denied", JSON.stringify([node, message]));
    }
    assert.deepEqual(await query({ connection: "own", ...change }), { rows: [], rowCount: 1, columns: [], truncated: false });
    if (dialect.hasReturning) {
      const returning = await query({ connection: "own", sql: "UPDATE written SET t = 'x' RETURNING n, t" });
      assert.deepEqual(returning["rows"], [{ n: 1, t: "x" }]);
    }
    assert.deepEqual((await query({ connection: "crm", sql: "SELECT * FROM written" }))["rows"], [{ n: 1, t: "x" }]);
  });

  test("a statement that would end its transaction or change its session brings the next one nothing", async () => {
    for (const sql of dialect.escapes) {
      await current().run({ connection: "crm", sql });
      assert.equal((await refused({ connection: "crm", sql: "DELETE FROM members" }))["type"], "database_denied", sql);
    }
    assert.equal(await members(), 3);
  });

  test("one statement only, and none that reads or writes what is no table", async () => {
    for (const sql of ["SELECT 1; DELETE FROM members", ...dialect.refused])
      assert.match(String((await refused({ connection: "own", sql }))["type"]), /^database_(denied|error)$/, sql);
    for (const sql of ["SELECT 1 AS a;", "SELECT 1 AS a -- one"]) assert.equal((await query({ connection: "crm", sql }))["rowCount"], 1);
    assert.equal(await members(), 3);
  });

  test("rows are bounded, on both sides", async () => {
    for (const [n, maxRows, truncated] of [
      [1_000, undefined, false],
      [1_001, undefined, true],
      [899, 899, false],
      [900, 899, true],
    ] as const) {
      const node = { connection: "crm", sql: dialect.numbers, params: { n }, ...(maxRows !== undefined && { maxRows }) };
      const result = await query(node);
      assert.deepEqual([result["rowCount"], result["truncated"]], [Math.min(n, maxRows ?? 1_000), truncated], JSON.stringify(node));
    }
  });

  test("a statement that takes too long is stopped in the database, and the next one is served", async () => {
    const { type, message } = await refused({ connection: "crm", sql: dialect.endless, timeoutMs: 700 });
    assert.match(`${type} ${message}`, /^(database_error .*longer than|node_timeout)/);
    while ((dialect.active?.() ?? 0) > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await query({ connection: "crm", sql: "SELECT 1 AS one" }))["rowCount"], 1);
  });

  test("the database's own words come with their code", async () => {
    const { type, message } = await refused({ connection: "crm", sql: "SELECT absent FROM nowhere" });
    assert.equal(type, "database_error");
    assert.match(String(message), dialect.unknownTable);
  });
}
