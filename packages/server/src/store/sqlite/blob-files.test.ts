import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { type Blob, blobOf } from "#store/journal/content";
import { BlobDamaged } from "#store/sql/blobs";
import { BlobFiles } from "#store/sqlite/blob-files";
import { inDirectory } from "#store/sqlite/testing/directory";

const CLOCK = { now: () => Date.UTC(2026, 0, 1) };
const TEXT = "é😀".repeat(500_000);

function pathOf(directory: string, { sha256 }: Blob): string {
  return join(directory, sha256.slice(0, 2), sha256);
}

test(
  "a content is a private file under its hash, and is read back",
  inDirectory(async (directory) => {
    const blobs = new BlobFiles(directory, CLOCK);
    const blob = blobOf(TEXT);
    await blobs.keep(blob);
    assert.ok(readFileSync(pathOf(directory, blob)).equals(Buffer.from(TEXT)));
    assert.equal((statSync(pathOf(directory, blob)).mode & 0o777).toString(8), "600");
    assert.ok((await blobs.read(blob)) === TEXT);
    assert.deepEqual(readdirSync(dirname(pathOf(directory, blob))), [blob.sha256], "no temporary file stays");
  }),
);

test(
  "a content is written once, also by many at the same time",
  inDirectory(async (directory) => {
    const blobs = new BlobFiles(directory, CLOCK);
    const blob = blobOf(TEXT);
    await Promise.all(Array.from({ length: 10 }, () => blobs.keep(blob)));
    const { ino, mtimeMs } = statSync(pathOf(directory, blob));
    await blobs.keep(blob);
    await new BlobFiles(directory, CLOCK).keep(blob);
    const later = statSync(pathOf(directory, blob));
    assert.deepEqual([later.ino, later.mtimeMs], [ino, mtimeMs]);
  }),
);

test(
  "a leftover of a crash is written over",
  inDirectory(async (directory) => {
    const blob = blobOf(TEXT);
    mkdirSync(dirname(pathOf(directory, blob)));
    writeFileSync(`${pathOf(directory, blob)}.tmp`, "x".repeat(10_000_000));
    const blobs = new BlobFiles(directory, CLOCK);
    await blobs.keep(blob);
    assert.ok((await blobs.read(blob)) === TEXT);
  }),
);

test(
  "a damaged file is not served, and is not referred to again without being mended",
  inDirectory(async (directory) => {
    const blob = blobOf(TEXT);
    await new BlobFiles(directory, CLOCK).keep(blob);
    const whole = readFileSync(pathOf(directory, blob));
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(flipped.readUInt8(1_000_000) ^ 4, 1_000_000);
    for (const damaged of [flipped, whole.subarray(0, -1), Buffer.concat([whole, Buffer.from("x")]), Buffer.alloc(0)]) {
      writeFileSync(pathOf(directory, blob), damaged);
      const blobs = new BlobFiles(directory, CLOCK);
      await assert.rejects(blobs.read(blob), BlobDamaged);
      await blobs.keep(blob);
      assert.ok((await blobs.read(blob)) === TEXT);
    }
    rmSync(pathOf(directory, blob));
    await assert.rejects(new BlobFiles(directory, CLOCK).read(blob), /is missing/);
  }),
);

test(
  "a write that fails is not remembered as done",
  inDirectory(async (directory) => {
    const blob = blobOf(TEXT);
    const blobs = new BlobFiles(directory, CLOCK);
    // A file where the folder should be.
    writeFileSync(dirname(pathOf(directory, blob)), "");
    await assert.rejects(blobs.keep(blob), /EEXIST|ENOTDIR/);
    rmSync(dirname(pathOf(directory, blob)));
    await blobs.keep(blob);
    assert.ok((await blobs.read(blob)) === TEXT);
  }),
);
