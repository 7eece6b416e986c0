import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { openWriter } from "#store/sqlite/connections";
import { PAGE_BYTES } from "#store/sqlite/pragmas";
import { inDirectory } from "#store/sqlite/testing/directory";
import { findWalDamage } from "#store/sqlite/wal-damage";

const HEADER_BYTES = 32;
const FRAME_BYTES = 24 + PAGE_BYTES;

const NO_INDEX = Buffer.alloc(0);

/** The log of ten commits, after a log of an earlier generation that was longer. */
function makeWal(directory: string): Buffer {
  return makeLog(directory).wal;
}

/** The same, with its index as it was before the last commit and after it. */
function makeLog(directory: string): { wal: Buffer; earlier: Buffer; index: Buffer } {
  const database = openWriter(join(directory, "a.db"));
  database.exec("CREATE TABLE t (value)");
  for (let commit = 0; commit < 100; commit++) database.exec(`INSERT INTO t VALUES (${commit})`);
  database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  let earlier = NO_INDEX;
  for (let commit = 0; commit < 10; commit++) {
    earlier = readFileSync(join(directory, "a.db-shm"));
    database.exec(`INSERT INTO t VALUES ('${"x".repeat(9_000)}')`);
  }
  const [wal, index] = ["wal", "shm"].map((name) => readFileSync(join(directory, `a.db-${name}`))) as [Buffer, Buffer];
  database.close();
  return { wal, earlier, index };
}

/** The frames of the current generation, and which of them end a transaction. */
function framesOf(wal: Buffer): { readonly count: number; readonly ends: readonly number[] } {
  const ends: number[] = [];
  let count = 0;
  for (
    let at = HEADER_BYTES;
    at + FRAME_BYTES <= wal.length && wal.subarray(at + 8, at + 16).equals(wal.subarray(16, 24));
    at += FRAME_BYTES
  ) {
    if (wal.readUInt32BE(at + 4) !== 0) ends.push(count);
    count += 1;
  }
  return { count, ends };
}

function flipped(wal: Buffer, offset: number): Buffer {
  const copy = Buffer.from(wal);
  copy.writeUInt8(copy.readUInt8(offset) ^ 0x10, offset);
  return copy;
}

test(
  "a log that is whole, and one that is empty, are not damaged",
  inDirectory(async (directory) => {
    const wal = makeWal(directory);
    const { count, ends } = framesOf(wal);
    assert.ok(ends.length === 10 && wal.length > HEADER_BYTES + count * FRAME_BYTES, "leftovers of the earlier generation lie behind");
    assert.equal(findWalDamage(wal, NO_INDEX), null);
    assert.equal(findWalDamage(wal.subarray(0, HEADER_BYTES + count * FRAME_BYTES), NO_INDEX), null);
    assert.equal(findWalDamage(Buffer.alloc(0), NO_INDEX), null);
    assert.equal(findWalDamage(wal.subarray(0, HEADER_BYTES), NO_INDEX), null);
  }),
);

test(
  "a log that was cut off anywhere is the log of an interrupted commit",
  inDirectory(async (directory) => {
    const wal = makeWal(directory);
    const { count } = framesOf(wal);
    const end = HEADER_BYTES + count * FRAME_BYTES;
    for (let length = 0; length < end; length += 997)
      assert.equal(findWalDamage(wal.subarray(0, length), NO_INDEX), null, `cut at ${length}`);
  }),
);

test(
  "any byte of the header, or of a frame with a later commit behind it, is missed",
  inDirectory(async (directory) => {
    const wal = makeWal(directory);
    const { ends } = framesOf(wal);
    // The last two transactions: a flip there may look like the end of an interrupted commit.
    const protectedEnd = HEADER_BYTES + ((ends.at(-3) ?? 0) + 1) * FRAME_BYTES;
    let tried = 0;
    for (let offset = 0; offset < HEADER_BYTES; offset++) assert.ok(findWalDamage(flipped(wal, offset), NO_INDEX), `header byte ${offset}`);
    for (let offset = HEADER_BYTES; offset < protectedEnd; offset += 1 + (tried++ % 61) * 7) {
      assert.ok(
        findWalDamage(flipped(wal, offset), NO_INDEX),
        `byte ${offset}, byte ${(offset - HEADER_BYTES) % FRAME_BYTES} of its frame`,
      );
    }
    assert.ok(tried > 500);
  }),
);

test(
  "a torn commit at the end of the log is no damage, in whatever order its frames reached the disk",
  inDirectory(async (directory) => {
    const wal = makeWal(directory);
    const { count, ends } = framesOf(wal);
    const first = (ends.at(-2) ?? 0) + 1;
    assert.ok(count - first >= 2, "the last transaction has several frames");
    // Each subset of the last transaction's frames may be there; elsewhere the leftover of an earlier generation, or zeroes.
    const stale = wal.subarray(HEADER_BYTES + count * FRAME_BYTES, HEADER_BYTES + (count + 1) * FRAME_BYTES);
    for (const filler of [stale, Buffer.alloc(FRAME_BYTES)]) {
      for (let subset = 0; subset < 2 ** (count - first); subset++) {
        const torn = Buffer.from(wal);
        for (let frame = first; frame < count; frame++) {
          if ((subset & (1 << (frame - first))) === 0) filler.copy(torn, HEADER_BYTES + frame * FRAME_BYTES);
        }
        assert.equal(findWalDamage(torn, NO_INDEX), null, `frames ${subset.toString(2)}`);
      }
    }
  }),
);

test(
  "a log that starts over and is torn in its header is no damage",
  inDirectory(async (directory) => {
    const wal = makeWal(directory);
    const torn = Buffer.from(wal);
    // New salts and checksums, the last bytes of which never reached the disk.
    Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).copy(torn, 16);
    assert.equal(findWalDamage(torn, NO_INDEX), null);
  }),
);

test(
  "SQLite itself would forget the commits behind the damage without a word",
  inDirectory(async (directory) => {
    const database = openWriter(join(directory, "a.db"));
    database.exec("CREATE TABLE t (value)");
    for (let commit = 0; commit < 10; commit++) database.exec(`INSERT INTO t VALUES (${commit})`);
    copyFileSync(join(directory, "a.db"), join(directory, "b.db"));
    const wal = readFileSync(join(directory, "a.db-wal"));
    database.close();
    const damaged = flipped(wal, HEADER_BYTES + 5 * FRAME_BYTES + 100);
    writeFileSync(join(directory, "b.db-wal"), damaged);
    const copy = new DatabaseSync(join(directory, "b.db"));
    const { count } = copy.prepare("SELECT count(*) AS count FROM t").get() ?? {};
    assert.ok(Number(count) < 10);
    assert.ok(findWalDamage(damaged, NO_INDEX));
    copy.close();
  }),
);

test(
  "with its index any byte of the log is missed, in its last commit too; and so is what was cut off",
  inDirectory(async (directory) => {
    const { wal, index } = makeLog(directory);
    const { count } = framesOf(wal);
    const end = HEADER_BYTES + count * FRAME_BYTES;
    assert.equal(findWalDamage(wal, index), null);
    assert.equal(findWalDamage(wal.subarray(0, end), index), null);
    for (let offset = 0; offset < end; offset += 1 + (offset % 37) * 7)
      assert.ok(findWalDamage(flipped(wal, offset), index), `byte ${offset}`);
    for (let length = HEADER_BYTES; length < end; length += 997)
      assert.ok(findWalDamage(wal.subarray(0, length), index), `cut at ${length}`);
  }),
);

test(
  "an index tells nothing of a commit that it does not count, of another log, or where it is damaged itself",
  inDirectory(async (directory) => {
    const { wal, earlier, index } = makeLog(directory);
    const { ends } = framesOf(wal);
    const interrupted = wal.subarray(0, HEADER_BYTES + ((ends.at(-2) ?? 0) + 2) * FRAME_BYTES);
    assert.ok(findWalDamage(interrupted, index), "its commit was durable");
    assert.equal(findWalDamage(interrupted, earlier), null);
    for (let offset = 0; offset < 96; offset++) assert.equal(findWalDamage(interrupted, flipped(index, offset)), null, `byte ${offset}`);
    const other = makeLog(mkdtempSync(join(directory, "other-")));
    assert.equal(findWalDamage(interrupted, other.index), null);
  }),
);
