import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { StoreCorrupt } from "#store/errors";
import { openWriter } from "#store/sqlite/connections";
import { startIntegrityCheck } from "#store/sqlite/integrity";
import { inDirectory } from "#store/sqlite/testing/directory";

const SILENT = { info: () => undefined };

function makeDatabase(path: string): void {
  const database = openWriter(path);
  database.exec("CREATE TABLE t (value)");
  for (let row = 0; row < 50; row++) database.exec(`INSERT INTO t VALUES ('${"x".repeat(3_000)}')`);
  database.close();
}

test(
  "a whole database passes; the budget says whether the result was waited for",
  inDirectory(async (directory) => {
    const path = join(directory, "a.db");
    makeDatabase(path);
    const patient = startIntegrityCheck(path, SILENT);
    assert.equal(await patient.withinBudget, true);
    await patient.done;
    const hurried = startIntegrityCheck(path, SILENT, 0);
    assert.equal(await hurried.withinBudget, false);
    await hurried.done;
  }),
);

test(
  "damage is reported within the budget and after it",
  inDirectory(async (directory) => {
    const path = join(directory, "a.db");
    makeDatabase(path);
    const bytes = readFileSync(path);
    bytes.fill(0x55, 8_192 * 5, 8_192 * 6);
    writeFileSync(path, bytes);
    await assert.rejects(startIntegrityCheck(path, SILENT).withinBudget, StoreCorrupt);
    const hurried = startIntegrityCheck(path, SILENT, 0);
    assert.equal(await hurried.withinBudget, false);
    await assert.rejects(hurried.done, StoreCorrupt);
  }),
);

test(
  "a check that cannot be made is no success",
  inDirectory(async (directory) => {
    await assert.rejects(startIntegrityCheck(join(directory, "missing.db"), SILENT).withinBudget, /unable to open/);
  }),
);

test(
  "a check that is stopped says nothing any more",
  inDirectory(async (directory) => {
    const path = join(directory, "a.db");
    makeDatabase(path);
    const check = startIntegrityCheck(path, SILENT, 0);
    await check.stop();
    const outcome = await Promise.race([
      check.done.then(
        () => "done",
        () => "failed",
      ),
      new Promise((resolve) => setImmediate(() => resolve("silent"))),
    ]);
    assert.notEqual(outcome, "failed");
  }),
);
