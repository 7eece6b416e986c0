import assert from "node:assert/strict";
import { existsSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RESERVE_BYTES, Reserve } from "#store/sqlite/reserve";
import { inDirectory } from "#store/sqlite/testing/directory";

test(
  "the reserve is made once, given up, and made again in the same size",
  inDirectory(async (folder) => {
    const path = join(folder, "reserve");
    // What an interrupted start left.
    writeFileSync(`${path}.new`, "half");
    const reserve = new Reserve(path);
    await reserve.make();
    assert.equal(statSync(path).size, RESERVE_BYTES);
    assert.ok(!existsSync(`${path}.new`));
    assert.ok(reserve.hasRoom);
    reserve.release();
    assert.ok(!existsSync(path));
    assert.equal(await reserve.make(), true);
    assert.equal(statSync(path).size, RESERVE_BYTES);
  }),
);

test(
  "a smaller one, from a disk that had little room, stays as it is",
  inDirectory(async (folder) => {
    const path = join(folder, "reserve");
    assert.equal(new Reserve(path).logBytes, RESERVE_BYTES);
    await new Reserve(path).make();
    truncateSync(path, RESERVE_BYTES / 4);
    const reserve = new Reserve(path);
    await reserve.make();
    reserve.release();
    await reserve.make();
    assert.equal(statSync(path).size, RESERVE_BYTES / 4);
    assert.equal(reserve.logBytes, RESERVE_BYTES / 8);
  }),
);
