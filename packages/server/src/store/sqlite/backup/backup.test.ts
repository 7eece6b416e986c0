import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { BackupDamaged, DataDirInUse, NotFound, StoreTooNew, TargetNotEmpty } from "#store/errors";
import { verifyArchive, writeArchive } from "#store/sqlite/backup/archive";
import { backUp } from "#store/sqlite/backup/back-up";
import type { Manifest } from "#store/sqlite/backup/manifest";
import { restore } from "#store/sqlite/backup/restore";
import { startChild } from "#store/sqlite/testing/child";
import { inDirectory, openStore } from "#store/sqlite/testing/directory";
import type { RunContents, Store } from "#store/store";
import { OWNER, TENANT } from "#store/testing/fixture";
import { AT, acceptEnded, acceptRunning, newRun } from "#store/testing/runs";

const NOW = AT;

/** Is kept as a file of its own. */
const LARGE = "l".repeat(100_000);

const paths = (directory: string) => ({
  dataDir: join(directory, "data"),
  file: join(directory, "b.tgz"),
  target: join(directory, "restored"),
});

const make = (directory: string): Promise<Manifest> => {
  const { dataDir, file } = paths(directory);
  return backUp({ dataDir, file, version: "0.0.0-test", now: NOW });
};

const putBack = (directory: string, overwrite = false) => {
  const { file, target } = paths(directory);
  return restore({ file, target, overwrite, now: NOW });
};

const view = async (store: Store, id: string): Promise<RunContents> => {
  const found = await store.runs.view(TENANT, null, id);
  assert.ok(found);
  return found;
};

/** Two runs, one of them with a large value, in a store that is closed again. */
async function fill(dataDir: string): Promise<readonly RunContents[]> {
  const store = await openStore({ dataDir, owner: OWNER });
  const runs = [newRun(), newRun()];
  for (const [index, run] of runs.entries()) await acceptEnded(store.runs, run, { value: index === 0 ? LARGE : "small" });
  const contents = await Promise.all(runs.map(({ id }) => view(store, id)));
  await store.close();
  return contents;
}

test(
  "a backup of a store that is open and of one that is closed restores every run, its large values included",
  inDirectory(async (directory) => {
    const { dataDir, target } = paths(directory);
    const store = await openStore({ dataDir, owner: OWNER });
    const ended = newRun();
    await acceptEnded(store.runs, ended, { value: LARGE });
    const running = newRun();
    await acceptRunning(store.runs, running);
    const before = await Promise.all([ended, running].map(({ id }) => view(store, id)));
    const manifest = await make(directory);
    await acceptEnded(store.runs, newRun());
    await store.close();
    assert.deepEqual([manifest.rows["runs"], manifest.rows["journal"], manifest.files.length], [2, 2, 2]);
    assert.equal((await make(directory)).rows["runs"], 3);
    const { manifest: restored } = await putBack(directory);
    assert.equal(restored.rows["runs"], 3);
    const again = await openStore({ dataDir: target, owner: OWNER });
    assert.deepEqual(await Promise.all([ended, running].map(({ id }) => view(again, id))), before);
    assert.deepEqual(
      (await again.runs.takeOver(OWNER, 10)).map(({ run }) => run.id),
      [running.id],
    );
  }),
);

test(
  "an archive is a tar.gz like any other, for its owner alone, and nothing is left beside it",
  inDirectory(async (directory) => {
    const { dataDir, file } = paths(directory);
    await fill(dataDir);
    const { files } = await make(directory);
    const names = execFileSync("tar", ["-tzf", file], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    assert.deepEqual(names.trim().split("\n"), ["manifest.json", ...files.map(({ name }) => name)]);
    assert.equal(statSync(file).mode & 0o077, 0);
    assert.deepEqual(readdirSync(directory).sort(), ["b.tgz", "data"]);
  }),
);

test(
  "a byte that is flipped anywhere, and a file that is cut anywhere, is refused before anything is written",
  inDirectory(async (directory) => {
    const { dataDir, file, target } = paths(directory);
    await fill(dataDir);
    await make(directory);
    const intact = readFileSync(file);
    const step = Math.max(1, Math.floor(intact.length / 100));
    const places = [...Array(20).keys(), ...Array.from({ length: 100 }, (_, index) => index * step)];
    places.push(...Array.from({ length: 120 }, (_, index) => intact.length - 1 - index));
    for (const at of places) {
      const damaged = Buffer.from(intact);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(file, damaged);
      await assert.rejects(putBack(directory), BackupDamaged, `byte ${at}`);
      writeFileSync(file, intact.subarray(0, at));
      await assert.rejects(putBack(directory), BackupDamaged, `cut at ${at}`);
    }
    assert.equal(existsSync(target), false);
    writeFileSync(file, Buffer.concat([intact, Buffer.from([0])]));
    await assert.rejects(putBack(directory), BackupDamaged);
  }),
);

test(
  "an archive that somebody else made and sealed leads nowhere outside its target",
  inDirectory(async (directory) => {
    const { file, target } = paths(directory);
    const content = Buffer.from("x");
    const sha256 = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    const database = { name: "millrace.db", bytes: 1, sha256 };
    const forged = (files: Manifest["files"], more: Partial<Manifest> = {}): Promise<void> =>
      writeArchive(
        file,
        { format: "millrace-backup/1", version: "x", createdAt: 1, schema: 1, rows: {}, files, ...more },
        async function* () {
          yield content;
        },
      );
    for (const name of ["../x", "/x", "blobs/../../x", `blobs/2d/../${sha256}`, "secret.key", "millrace.db"]) {
      await forged([database, { name, bytes: 1, sha256 }]);
      await assert.rejects(putBack(directory), BackupDamaged, name);
    }
    await forged([{ ...database, sha256: "0".repeat(64) }]);
    await assert.rejects(putBack(directory), BackupDamaged);
    await forged([database], { schema: 9999 });
    await assert.rejects(putBack(directory), StoreTooNew);
    assert.equal(existsSync(target), false);
    await forged([database]);
    await assert.rejects(putBack(directory), BackupDamaged);
    assert.equal(existsSync(join(target, "millrace.db")), false);
  }),
);

test(
  "a target that holds something is refused; with leave to overwrite, the database that was there is kept aside",
  inDirectory(async (directory) => {
    const { dataDir, target } = paths(directory);
    const [first] = await fill(dataDir);
    await make(directory);
    const [old] = await fill(target);
    await assert.rejects(putBack(directory), TargetNotEmpty);
    const open = await openStore({ dataDir: target, owner: OWNER });
    await assert.rejects(putBack(directory, true), DataDirInUse);
    await open.close();
    const { aside } = await putBack(directory, true);
    const store = await openStore({ dataDir: target, owner: OWNER });
    assert.deepEqual(await view(store, first?.id ?? ""), first);
    assert.equal(await store.runs.get(TENANT, null, old?.id ?? ""), null);
    await store.close();
    assert.ok(aside);
    const kept = await openStore({ dataDir: aside, owner: OWNER });
    assert.equal((await kept.runs.get(TENANT, null, old?.id ?? ""))?.id, old?.id);
  }),
);

test(
  "without a database there is nothing to back up; a missing large value is no backup",
  inDirectory(async (directory) => {
    const { dataDir, file } = paths(directory);
    await assert.rejects(make(directory), NotFound);
    await fill(dataDir);
    rmSync(join(dataDir, "blobs"), { recursive: true });
    await assert.rejects(make(directory), BackupDamaged);
    assert.equal(existsSync(file), false);
  }),
);

test(
  "a backup that is killed before its last step leaves the one before it, and the next one is made all the same",
  inDirectory(async (directory) => {
    const { dataDir, file } = paths(directory);
    await fill(dataDir);
    await make(directory);
    const before = readFileSync(file);
    const child = startChild(directory, "back up", "backup.beforeRename:kill@1");
    assert.equal(await child.ended, "SIGKILL");
    assert.deepEqual(readFileSync(file), before);
    await make(directory);
    await verifyArchive(file);
    assert.deepEqual(readdirSync(directory).sort(), ["b.tgz", "data"]);
  }),
);

test(
  "a restore that is killed before its last step leaves the database that was there",
  inDirectory(async (directory) => {
    const { dataDir, target } = paths(directory);
    await fill(dataDir);
    await make(directory);
    const [old] = await fill(target);
    const child = startChild(directory, "restore", "restore.beforeRename:kill@1");
    assert.equal(await child.ended, "SIGKILL");
    const store = await openStore({ dataDir: target, owner: OWNER });
    assert.deepEqual(await view(store, old?.id ?? ""), old);
    await store.close();
    await putBack(directory, true);
  }),
);
