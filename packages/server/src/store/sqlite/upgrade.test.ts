import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { NoRoomToMigrate, NotFound } from "#store/errors";
import { verifyArchive } from "#store/sqlite/backup/archive";
import { restore } from "#store/sqlite/backup/restore";
import { openWriter } from "#store/sqlite/connections";
import { DataDir } from "#store/sqlite/data-dir";
import { schemaVersion } from "#store/sqlite/migrate";
import { MIGRATIONS } from "#store/sqlite/migrations";
import { pragma } from "#store/sqlite/pragmas";
import { inDirectory, openStore } from "#store/sqlite/testing/directory";
import { TEST_MIGRATIONS } from "#store/sqlite/testing/migrations";
import { planUpgrade, type UpgradeOptions, upgrade } from "#store/sqlite/upgrade";
import { OWNER, TENANT } from "#store/testing/fixture";
import { AT, acceptRunning, newRun } from "#store/testing/runs";

const CHILD = fileURLToPath(new URL("./testing/upgrade-child.ts", import.meta.url));
const NEWEST = MIGRATIONS.at(-1)?.version ?? 0;

/** A store of this release, with a run under way. */
async function make(path: string): Promise<string> {
  const store = await openStore({ dataDir: path, owner: OWNER });
  const run = newRun();
  await acceptRunning(store.runs, run);
  await store.close();
  return run.id;
}

async function upgradeTo(path: string, options: Partial<UpgradeOptions> = {}): Promise<void> {
  const dataDir = new DataDir(path);
  const database = openWriter(dataDir.database);
  try {
    const log = { info: () => undefined };
    await upgrade({ dataDir, database, version: "0.0.0-test", now: AT, log, migrations: TEST_MIGRATIONS, ...options });
  } finally {
    database.close();
  }
}

/** The writer of this release refuses a newer schema: read without it. */
function schemaOf(path: string): number {
  const database = openWriterOfAny(path);
  assert.equal(pragma(database, "integrity_check"), "ok");
  const version = schemaVersion(database);
  database.close();
  return version;
}

function openWriterOfAny(path: string) {
  return new DatabaseSync(new DataDir(path).database);
}

const backupsIn = (path: string): readonly string[] => {
  const folder = join(path, "backups");
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".tgz")) : [];
};

test(
  "an older store is backed up, then brought up to date; its runs are in both",
  inDirectory(async (path) => {
    const id = await make(path);
    assert.deepEqual(planUpgrade(path).steps, []);
    await upgradeTo(path);
    assert.equal(schemaOf(path), NEWEST + 1);
    const [backup = ""] = backupsIn(path);
    assert.equal(backup, `20260101T000000Z-schema-${NEWEST}.tgz`);
    assert.equal((await verifyArchive(join(path, "backups", backup))).schema, NEWEST);
    const target = join(path, "before");
    await restore({ file: join(path, "backups", backup), target, overwrite: false, now: AT });
    const store = await openStore({ dataDir: target, owner: OWNER });
    assert.equal((await store.runs.get(TENANT, null, id))?.status, "RUNNING");
  }),
);

test(
  "a new store and one that is up to date are not backed up",
  inDirectory(async (path) => {
    assert.throws(() => planUpgrade(join(path, "nowhere")), NotFound);
    await make(path);
    await upgradeTo(path, { migrations: MIGRATIONS });
    assert.deepEqual(backupsIn(path), []);
  }),
);

test(
  "without room for the backup nothing is changed",
  inDirectory(async (path) => {
    await make(path);
    await assert.rejects(upgradeTo(path, { freeBytes: () => 100_000 }), NoRoomToMigrate);
    assert.deepEqual([schemaOf(path), backupsIn(path)], [NEWEST, []]);
  }),
);

test(
  "the last three backups stay",
  inDirectory(async (path) => {
    await make(path);
    for (let day = 1; day <= 5; day++) {
      await upgradeTo(path, { now: AT + day * 86_400_000 });
      const database = openWriterOfAny(path);
      database.exec(`DROP TABLE upgraded; PRAGMA user_version = ${NEWEST}`);
      database.close();
    }
    assert.deepEqual(
      backupsIn(path).map((name) => name.slice(0, 8)),
      ["20260104", "20260105", "20260106"],
    );
  }),
);

for (const [failpoint, schema, backups] of [
  ["backup.beforeRename", NEWEST, 0],
  ["migrate.afterStep", NEWEST, 1],
] as const) {
  test(
    `killed at ${failpoint}: the old data, and ${backups} backups; the next start goes through`,
    inDirectory(async (path) => {
      const id = await make(path);
      const env = { ...process.env, MILLRACE_FAILPOINTS: `${failpoint}:kill@1` };
      assert.equal(spawnSync(process.execPath, [CHILD, path], { env }).signal, "SIGKILL");
      assert.deepEqual([schemaOf(path), backupsIn(path).length], [schema, backups]);
      const store = await openStore({ dataDir: path, owner: OWNER });
      assert.equal((await store.runs.get(TENANT, null, id))?.id, id);
      await store.close();
      await upgradeTo(path);
      assert.equal(schemaOf(path), NEWEST + 1);
    }),
  );
}
