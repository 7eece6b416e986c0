import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { DataDirInUse, StoreCorrupt, StoreTooNew } from "#store/errors";
import { damage, makeRuns } from "#store/sqlite/testing/damage";
import { inDirectory, openStore, recordingLogger } from "#store/sqlite/testing/directory";
import { OWNER, TENANT } from "#store/testing/fixture";
import { acceptRunning, newRun } from "#store/testing/runs";

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test(
  "the data directory is made where it is missing, for its owner alone",
  inDirectory(async (directory) => {
    const dataDir = join(directory, "deep", "data");
    const store = await openStore({ dataDir, owner: OWNER });
    assert.deepEqual([mode(dataDir), mode(join(dataDir, "blobs"))], ["700", "700"]);
    assert.deepEqual(readdirSync(dataDir).sort(), ["blobs", "lock.db", "millrace.db", "millrace.db-shm", "millrace.db-wal", "running"]);
    await store.close();
    assert.deepEqual(readdirSync(dataDir).sort(), ["blobs", "lock.db", "millrace.db"], "a clean stop leaves neither log nor mark");
  }),
);

test(
  "an empty directory, or our own, is closed to other users; a folder of other things is refused",
  inDirectory(async (directory) => {
    const empty = join(directory, "empty");
    mkdirSync(empty, { mode: 0o755 });
    chmodSync(empty, 0o755);
    await (await openStore({ dataDir: empty, owner: OWNER })).close();
    assert.equal(mode(empty), "700");
    chmodSync(empty, 0o750);
    await (await openStore({ dataDir: empty, owner: OWNER })).close();
    assert.equal(mode(empty), "700");
    const home = join(directory, "home");
    mkdirSync(home);
    chmodSync(home, 0o755);
    writeFileSync(join(home, "letter.txt"), "");
    await assert.rejects(openStore({ dataDir: home, owner: OWNER }), /choose a directory of its own, or chmod 700/);
    assert.deepEqual([mode(home), readdirSync(home)], ["755", ["letter.txt"]]);
    chmodSync(home, 0o700);
    await (await openStore({ dataDir: home, owner: OWNER })).close();
  }),
);

test(
  "a second store on the directory is refused, and the first one goes on",
  inDirectory(async (directory) => {
    const store = await openStore({ dataDir: directory, owner: OWNER });
    await assert.rejects(openStore({ dataDir: directory, owner: "another" }), DataDirInUse);
    await acceptRunning(store.runs, newRun());
    await store.close();
    await store.close();
    const next = await openStore({ dataDir: directory, owner: OWNER });
    assert.equal(await next.runs.countUnfinished(), 1);
    await next.close();
  }),
);

test(
  "what cannot be opened is named, and lets go of the directory",
  inDirectory(async (directory) => {
    const dataDir = join(directory, "data");
    await (await openStore({ dataDir, owner: OWNER })).close();
    const whole = readFileSync(join(dataDir, "millrace.db"));
    const tooNew = new DatabaseSync(join(dataDir, "millrace.db"));
    tooNew.exec("PRAGMA user_version = 1000");
    tooNew.close();
    await assert.rejects(openStore({ dataDir, owner: OWNER }), StoreTooNew);
    writeFileSync(join(dataDir, "millrace.db"), "not a database at all, but long enough to have a header ".repeat(20));
    await assert.rejects(openStore({ dataDir, owner: OWNER }), StoreCorrupt);
    assert.equal(existsSync(join(dataDir, "running")), false, "the next start has nothing to check");
    writeFileSync(join(dataDir, "millrace.db"), whole);
    await (await openStore({ dataDir, owner: OWNER })).close();
  }),
);

test(
  "where the thread that writes does not come up, the start is refused, and that is all",
  inDirectory(async (dataDir) => {
    const store = await openStore({ dataDir, owner: OWNER });
    await makeRuns(store);
    await store.close();
    // Segments are placed behind the last one, which the thread looks for when it starts.
    damage(dataDir, "UPDATE journal SET position = 9223372036854775807 WHERE position = (SELECT max(position) FROM journal)");
    const fatal: Error[] = [];
    await assert.rejects(openStore({ dataDir, owner: OWNER, onFatal: (error) => void fatal.push(error) }), StoreCorrupt);
    assert.deepEqual(fatal, [], "there is no store that could fail");
    damage(dataDir, "UPDATE journal SET position = 5 WHERE position = 9223372036854775807");
    const healed = await openStore({ dataDir, owner: OWNER });
    assert.equal((await healed.runs.list(TENANT, { limit: 10 })).length, 3);
  }),
);

test(
  "after an unclean stop the database is checked before it is served",
  inDirectory(async (directory) => {
    const { said, logger } = recordingLogger();
    const first = await openStore({ dataDir: directory, owner: OWNER, logger });
    for (let count = 0; count < 50; count++) await acceptRunning(first.runs, newRun(), { text: "t".repeat(5_000) });
    await first.close();
    assert.equal(said.length, 0, "a clean stop needs no check");
    writeFileSync(join(directory, "running"), "");
    await (await openStore({ dataDir: directory, owner: OWNER, logger })).close();
    assert.match(String(said[0]?.message), /checked after an unclean stop/);
    // A page in the middle, so that the file still opens.
    writeFileSync(join(directory, "running"), "");
    const bytes = readFileSync(join(directory, "millrace.db"));
    bytes.fill(0xaa, 8_192 * 20, 8_192 * 22);
    writeFileSync(join(directory, "millrace.db"), bytes);
    await assert.rejects(openStore({ dataDir: directory, owner: OWNER, logger }), StoreCorrupt);
    assert.ok(existsSync(join(directory, "running")), "the next start checks again");
  }),
);

test(
  "a log damaged before its end stops the start",
  inDirectory(async (directory) => {
    const live = join(directory, "live");
    const copy = join(directory, "copy");
    const store = await openStore({ dataDir: live, owner: OWNER });
    const runs = [];
    for (let count = 0; count < 10; count++) {
      const run = newRun();
      await acceptRunning(store.runs, run);
      runs.push(run);
    }
    mkdirSync(join(copy), { mode: 0o700 });
    for (const name of ["millrace.db", "millrace.db-wal", "running"]) writeFileSync(join(copy, name), readFileSync(join(live, name)));
    await store.close();
    const wal = readFileSync(join(copy, "millrace.db-wal"));
    const middle = Math.floor(wal.length / 2);
    const damaged = Buffer.from(wal);
    damaged.writeUInt8(damaged.readUInt8(middle) ^ 1, middle);
    writeFileSync(join(copy, "millrace.db-wal"), damaged);
    await assert.rejects(openStore({ dataDir: copy, owner: OWNER }), /write-ahead log/);
    writeFileSync(join(copy, "millrace.db-wal"), wal);
    const healed = await openStore({ dataDir: copy, owner: OWNER });
    for (const { id } of runs) assert.equal((await healed.runs.journal(TENANT, id)).length, 2);
    await healed.close();
  }),
);
