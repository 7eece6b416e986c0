import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { openReader, openWriter } from "#store/sqlite/connections";
import { configureWriter, isOlder, MIN_SQLITE, pragma } from "#store/sqlite/pragmas";
import { inDirectory } from "#store/sqlite/testing/directory";

const EVERYWHERE = { busy_timeout: 5_000, mmap_size: 0, foreign_keys: 1, trusted_schema: 0, cell_size_check: 1, temp_store: 2 };
const OF_THE_WRITER = {
  ...EVERYWHERE,
  ...{ journal_mode: "wal", synchronous: 2, wal_autocheckpoint: 0, journal_size_limit: 67_108_864, auto_vacuum: 2, page_size: 8_192 },
};

test(
  "the connections run with the settings that the data's safety rests on",
  inDirectory(async (directory) => {
    const writer = openWriter(join(directory, "a.db"));
    for (const [name, value] of Object.entries(OF_THE_WRITER)) assert.equal(pragma(writer, name), value, name);
    const reader = openReader(join(directory, "a.db"));
    for (const [name, value] of Object.entries(EVERYWHERE)) assert.equal(pragma(reader, name), value, name);
    assert.throws(() => reader.exec("CREATE TABLE t (a)"), /readonly/);
    reader.close();
    writer.close();
  }),
);

test(
  "defensive mode is on, and no extension can be loaded",
  inDirectory(async (directory) => {
    const writer = openWriter(join(directory, "a.db"));
    writer.exec("CREATE TABLE t (a)");
    writer.exec("PRAGMA writable_schema = ON");
    assert.throws(() => writer.exec("UPDATE sqlite_schema SET sql = ''"), /may not be modified/);
    assert.throws(() => writer.loadExtension("any"), /not allowed/);
    assert.throws(() => writer.prepare("SELECT load_extension('any')").get());
    writer.close();
  }),
);

test(
  "a setting that does not take stops the start, and is named",
  inDirectory(async (directory) => {
    const database = new DatabaseSync(join(directory, "a.db"));
    database.exec("PRAGMA page_size = 4096; CREATE TABLE t (a)");
    assert.throws(() => configureWriter(database), /page_size = 4096 where 8192 was set/);
    database.close();
  }),
);

test(
  "on macOS a sync reaches the medium",
  inDirectory(async (directory) => {
    const database = new DatabaseSync(join(directory, "a.db"));
    configureWriter(database, "darwin");
    assert.equal(pragma(database, "fullfsync"), 1);
    assert.equal(pragma(database, "checkpoint_fullfsync"), 1);
    database.close();
  }),
);

test("releases before the fix of the WAL are older, the fix and later ones are not", () => {
  for (const version of ["3.7.0", "3.9.99", "3.50.7", "3.51.2"]) assert.ok(isOlder(version, MIN_SQLITE), version);
  for (const version of ["3.51.3", "3.51.10", "3.52.0", "3.53.4", "4.0.0"]) assert.ok(!isOlder(version, MIN_SQLITE), version);
});
