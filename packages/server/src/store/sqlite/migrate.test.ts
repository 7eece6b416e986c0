import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { StoreTooNew } from "#store/errors";
import { openWriter } from "#store/sqlite/connections";
import { APPLICATION_ID, migrate } from "#store/sqlite/migrate";
import { MIGRATIONS } from "#store/sqlite/migrations";
import { pragma } from "#store/sqlite/pragmas";
import { inDirectory } from "#store/sqlite/testing/directory";

const GOLDEN = new URL("./schema.golden.sql", import.meta.url);

test(
  "the migrations make the schema of schema.golden.sql",
  inDirectory(async (directory) => {
    const database = openWriter(join(directory, "a.db"));
    migrate(database);
    const statements = database
      .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name")
      .all()
      .map((row) => `${row["sql"]};\n`);
    assert.equal(statements.join("\n"), readFileSync(GOLDEN, "utf8"), "copy the schema to schema.golden.sql if the change is meant");
    assert.deepEqual([pragma(database, "application_id"), pragma(database, "user_version")], [APPLICATION_ID, MIGRATIONS.at(-1)?.version]);
    database.close();
  }),
);

const NEWEST = MIGRATIONS.at(-1)?.version ?? 0;

test("migrations are numbered in order, and named by their number", () => {
  const versions = MIGRATIONS.map(({ version }) => version);
  assert.deepEqual(
    versions,
    [...new Set(versions)].sort((left, right) => left - right),
  );
  for (const { version, file } of MIGRATIONS) assert.match(file, new RegExp(`^${String(version).padStart(4, "0")}-[a-z-]+\\.sql$`));
});

test(
  "a second migration changes nothing",
  inDirectory(async (directory) => {
    const database = openWriter(join(directory, "a.db"));
    migrate(database);
    database.exec("INSERT INTO tenants (id, created_at) VALUES ('a', 1)");
    migrate(database);
    assert.equal(database.prepare("SELECT count(*) AS count FROM tenants").get()?.["count"], 1);
    database.close();
  }),
);

test(
  "a step that fails leaves the schema as it was",
  inDirectory(async (directory) => {
    const database = openWriter(join(directory, "a.db"));
    migrate(database);
    // The first step once more, as the last: its tables exist.
    const again = { version: NEWEST + 1, file: "0001-initial.sql" };
    assert.throws(() => migrate(database, [...MIGRATIONS, again]), /already exists/);
    assert.equal(pragma(database, "user_version"), NEWEST);
    assert.equal(database.isTransaction, false);
    database.close();
  }),
);

test(
  "a newer schema is refused, and the file is left as it is",
  inDirectory(async (directory) => {
    const path = join(directory, "a.db");
    const database = openWriter(path);
    migrate(database);
    database.exec(`PRAGMA user_version = ${NEWEST + 1}`);
    database.close();
    const before = readFileSync(path);
    assert.throws(() => openWriter(path), StoreTooNew);
    assert.deepEqual(readFileSync(path), before);
  }),
);

test(
  "another program's database is refused, and left as it is",
  inDirectory(async (directory) => {
    for (const [name, sql] of [
      ["tables", "CREATE TABLE t (a)"],
      ["id", "PRAGMA application_id = 7; CREATE TABLE t (a)"],
    ] as const) {
      const path = join(directory, name);
      const database = new DatabaseSync(path);
      database.exec(sql);
      database.close();
      const { mtimeMs, size } = statSync(path);
      assert.throws(() => openWriter(path), /another program/);
      assert.deepEqual([statSync(path).mtimeMs, statSync(path).size], [mtimeMs, size]);
    }
  }),
);
