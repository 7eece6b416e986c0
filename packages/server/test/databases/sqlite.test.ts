import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { everyDatabase, TABLES } from "./cases.ts";
import { openWorld, type World } from "./harness.ts";

describe("SQLite files", () => {
  const root = mkdtempSync(join(tmpdir(), "millrace-sqlite-"));
  const directory = join(root, "data");
  let world: World;

  before(async () => {
    mkdirSync(directory);
    const file = new DatabaseSync(join(directory, "crm.db"));
    for (const sql of TABLES) file.exec(sql);
    file.close();
    new DatabaseSync(join(root, "outside.db")).close();
    symlinkSync(join(root, "outside.db"), join(directory, "link.db"));
    writeFileSync(join(directory, "no.db"), "this is no database at all, but it is long enough to be taken for one".repeat(20));
    world = await openWorld({ sqliteDir: directory });
    await world.connect("crm", { provider: "sqlite", baseUrl: "sqlite:crm.db" });
    await world.connect("own", { provider: "sqlite", baseUrl: "sqlite:crm.db", settings: { writable: true } });
  });
  after(async () => {
    await world.close();
    rmSync(root, { recursive: true });
  });

  everyDatabase(() => world, {
    typed: {
      sql: "SELECT 9007199254740991 AS safe, 9007199254740993 AS wide, 0.5 AS half, 9e999 AS infinite, x'00ff' AS bytes, NULL AS none, typeof(:n) AS n, typeof(:f) AS f, :yes AS yes, :o AS o",
      params: { n: 5, f: 0.5, yes: true, o: { a: [1] } },
      row: {
        safe: 9007199254740991,
        wide: "9007199254740993",
        half: 0.5,
        infinite: "Infinity",
        bytes: "AP8=",
        none: null,
        n: "integer",
        f: "real",
        yes: 1,
        o: '{"a":[1]}',
      },
    },
    text: ":value",
    changes: ["WITH a AS (SELECT 1) DELETE FROM members"],
    hasReturning: true,
    escapes: ["BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT a", "PRAGMA query_only = OFF"],
    refused: [
      `ATTACH DATABASE '${join(root, "outside.db")}' AS other`,
      "BEGIN",
      "SAVEPOINT a",
      "PRAGMA writable_schema = ON",
      "PRAGMA journal_mode = DELETE",
      `VACUUM INTO '${join(root, "copy.db")}'`,
      "SELECT load_extension('x')",
    ],
    numbers: "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < :n) SELECT n FROM c",
    endless: "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c",
    unknownTable: /no such table: nowhere/,
  });

  test("what comes after the statement may be a comment, and what is told of another one names it", async () => {
    const two = await world.refused({ connection: "own", sql: "SELECT 1; DELETE FROM members" });
    assert.deepEqual([two["type"], two["message"]], ["database_error", "The database refused the statement: there is more than one"]);
    await world.query({ connection: "crm", sql: "SELECT 1; /* and\nno */ -- more" });
    const { rows } = await world.query({ connection: "crm", sql: "SELECT name FROM pragma_table_info('members')" });
    assert.equal((rows as unknown[]).length, 3);
  });

  test("bytes are bounded", async () => {
    const heavy = await world.query({ connection: "crm", sql: "SELECT hex(zeroblob(1000000)) AS h FROM members" });
    assert.deepEqual([heavy["rowCount"], heavy["truncated"]], [2, true]);
  });

  test("files are those of the operator's directory", async () => {
    for (const baseUrl of [
      "sqlite:../outside.db",
      "sqlite:/etc/passwd",
      "sqlite:a/../../outside.db",
      "sqlite:",
      "sqlite:crm.db?mode=rw",
      "https://example.com",
    ]) {
      const { status, json } = await world.manage("PUT", "/connections/bad", { provider: "sqlite", baseUrl });
      assert.equal(status, 400, `${baseUrl} ${JSON.stringify(json)}`);
    }
    for (const [baseUrl, type] of [
      ["sqlite:link.db", "database_denied"],
      ["sqlite:%2e%2e/outside.db", "database_denied"],
      ["sqlite:absent.db", "missing_reference"],
      ["sqlite:no.db", "database_error"],
    ] as const) {
      await world.connect("odd", { provider: "sqlite", baseUrl });
      assert.equal((await world.refused({ connection: "odd", sql: "SELECT * FROM sqlite_schema" }))["type"], type, baseUrl);
    }
  });

  test("a connection is tested, and one that changed is opened anew", async () => {
    const tested = await world.manage("POST", "/connections/crm/test", {});
    assert.equal(tested.json["ok"], true, tested.text);
    await world.connect("moving", { provider: "sqlite", baseUrl: "sqlite:crm.db" });
    assert.equal((await world.refused({ connection: "moving", sql: "DELETE FROM written WHERE n = 99" }))["type"], "database_denied");
    await world.connect("moving", { provider: "sqlite", baseUrl: "sqlite:crm.db", settings: { writable: true } });
    assert.equal((await world.query({ connection: "moving", sql: "DELETE FROM written WHERE n = 99" }))["rowCount"], 0);
    const absent = await world.manage("PUT", "/connections/sq", { provider: "sqlit", baseUrl: "https://example.com" });
    assert.match(absent.text, /did you mean sqlite/);
  });

  test("a DATABASE node of a .flow binds what its statement names; without a database there is none", async () => {
    const place = { x: 0, y: 0 };
    const flow = (name: string, databaseIds: readonly string[]) =>
      JSON.stringify({
        formatVersion: "1.0",
        exportType: "WORKFLOW",
        name,
        botType: "Workflow",
        workflow: {
          workflowNodes: [
            { ...place, id: "s", name: "START", type: "START", outputs: [{ id: "city", name: "city", type: "STRING", required: true }] },
            {
              ...place,
              id: "d",
              name: "DB",
              type: "DATABASE",
              outputs: [{ id: "rows", name: "rows", type: "ARRAY_OBJECT" }],
              databaseParam: { sqlQuery: "SELECT name FROM members WHERE city = '{{city}}' ORDER BY name", databaseIds },
            },
            {
              ...place,
              id: "e",
              name: "END",
              type: "END",
              endParam: { outputType: "VARIABLE" },
              inputs: [{ name: "rows", type: "ARRAY_OBJECT", source: "NODE", value: "d#rows#rows" }],
            },
          ],
          workflowEdges: [
            { id: "1", sourceNodeID: "s", targetNodeID: "d", sourceHandle: "source-s", targetHandle: "target-d" },
            { id: "2", sourceNodeID: "d", targetNodeID: "e", sourceHandle: "source-d", targetHandle: "target-e" },
          ],
        },
      });
    const run = async (name: string, ids: readonly string[], city: string) => {
      const { status, json, text } = await world.manage("POST", "/import?publish=true", flow(name, ids));
      assert.equal(status, 200, text);
      const { key } = await world.server.app.apiKeys.create(DEFAULT_TENANT, {
        workflows: [String((json["workflows"] as JsonObject[])[0]?.["id"])],
      });
      return (await world.server.invoke(key, { input: { city } })).json;
    };
    await world.connect("db_77", { provider: "sqlite", baseUrl: "sqlite:crm.db" });
    for (const ids of [["crm"], ["77"]]) assert.deepEqual((await run("flow", ids, "London"))["output"], { rows: [{ name: "Ada" }] });
    assert.deepEqual((await run("flow", ["crm"], "' OR 1=1 --"))["output"], { rows: [] });
    assert.equal(((await run("flow", [], "London"))["error"] as JsonObject)["type"], "missing_reference");
    const two = await world.manage("POST", "/import?publish=true", flow("two", ["crm", "own"]));
    assert.equal(two.status, 400, two.text);
  });

  test("without a directory no file is opened", async () => {
    const other = await openWorld();
    try {
      await other.connect("crm", { provider: "sqlite", baseUrl: "sqlite:crm.db" });
      assert.match(String((await other.refused({ connection: "crm", sql: "SELECT 1" }))["message"]), /MILLRACE_SQLITE_DIR/);
    } finally {
      await other.close();
    }
  });
});
