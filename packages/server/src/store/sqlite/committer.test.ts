import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { StoreBusy, StoreClosed, StoreCorrupt, StoreFailed, StoreFull } from "#store/errors";
import { Committer, type CommitterEvents, MAX_BATCH_BYTES, MAX_BATCH_OPERATIONS } from "#store/sqlite/committer";
import { openReader, openWriter } from "#store/sqlite/connections";
import { pragma } from "#store/sqlite/pragmas";
import { inDirectory } from "#store/sqlite/testing/directory";

interface Bench {
  readonly path: string;
  readonly writer: DatabaseSync;
  readonly reader: DatabaseSync;
  readonly committer: Committer;
  /** Batches so far. */
  readonly commits: () => number;
  readonly fatal: readonly Error[];
  insert(value: number | string, bytes?: number): Promise<unknown>;
  values(): readonly unknown[];
}

function withCommitter(body: (bench: Bench) => Promise<void>): () => Promise<void> {
  return inDirectory(async (directory) => {
    const path = join(directory, "a.db");
    const writer = openWriter(path);
    writer.exec("CREATE TABLE t (value UNIQUE)");
    const reader = openReader(path);
    let commits = 0;
    const fatal: Error[] = [];
    const events: CommitterEvents = {
      committed: () => {
        commits += 1;
      },
      fatal: (error) => void fatal.push(error),
    };
    const committer = new Committer(writer, events);
    const insert = writer.prepare("INSERT INTO t (value) VALUES (?)");
    const values = reader.prepare("SELECT value FROM t ORDER BY rowid");
    await body({
      ...{ path, writer, reader, committer, fatal, commits: () => commits },
      insert: (value, bytes) => committer.write(() => insert.run(value), bytes),
      values: () => values.all().map((row) => row["value"]),
    });
    reader.close();
    writer.close();
  });
}

test(
  "C1: a promise resolves only when another connection sees what was written",
  withCommitter(async ({ insert, values }) => {
    const pending = insert(1);
    assert.deepEqual(values(), [], "not in the turn of the call");
    await pending;
    assert.deepEqual(values(), [1]);
  }),
);

test(
  "C2: an operation that fails leaves nothing behind, and the others of its batch are written once",
  withCommitter(async ({ committer, insert, values, writer }) => {
    await insert(1);
    const half = committer.write(() => {
      writer.exec("INSERT INTO t (value) VALUES ('half')");
      throw new Error("after a first statement");
    });
    const outcomes = await Promise.allSettled([insert(2), insert(1), half, insert(3), committer.write(() => "read")]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "rejected", "rejected", "fulfilled", "fulfilled"],
    );
    assert.deepEqual(outcomes.at(-1), { status: "fulfilled", value: "read" });
    assert.deepEqual(values(), [1, 2, 3]);
  }),
);

test(
  "C2: an operation that fails alone leaves nothing behind",
  withCommitter(async ({ committer, insert, values, writer }) => {
    await assert.rejects(
      committer.write(() => {
        writer.exec("INSERT INTO t (value) VALUES (1)");
        throw new RangeError("its own error");
      }),
      RangeError,
    );
    await insert(2);
    assert.deepEqual(values(), [2]);
  }),
);

test(
  "C2: an operation's own report of damage is its own, too",
  withCommitter(async ({ committer, insert, values, fatal }) => {
    const damaged = committer.write(() => {
      throw new StoreCorrupt("one row");
    });
    const beside = insert(1);
    await assert.rejects(damaged, StoreCorrupt);
    await beside;
    assert.deepEqual([values(), fatal], [[1], []]);
  }),
);

test(
  "C3: a full disk refuses the whole batch, and writing works again when there is room",
  withCommitter(async ({ committer, insert, values, writer, fatal }) => {
    await insert(1);
    writer.exec(`PRAGMA max_page_count = ${Number(pragma(writer, "page_count")) + 2}`);
    const outcomes = await Promise.allSettled([insert(2), insert("x".repeat(100_000)), insert(3)]);
    for (const outcome of outcomes) assert.ok(outcome.status === "rejected" && outcome.reason instanceof StoreFull);
    assert.deepEqual([values(), committer.isFull, fatal], [[1], true, []]);
    await insert(4);
    assert.equal(committer.isFull, false);
    writer.exec("PRAGMA max_page_count = 1000000");
    await insert("x".repeat(100_000));
    assert.deepEqual(values().length, 3);
  }),
);

test(
  "C4: after a failure of the disk everything is refused with its reason, and it is told once",
  withCommitter(async ({ committer, insert, values, fatal }) => {
    await insert(1);
    const ioError = Object.assign(new Error("disk I/O error"), { errcode: 10 | (4 << 8) });
    const failing = committer.write(() => {
      throw ioError;
    });
    const outcomes = await Promise.allSettled([insert(2), failing, insert(3)]);
    for (const outcome of outcomes) assert.ok(outcome.status === "rejected" && outcome.reason instanceof StoreFailed);
    await assert.rejects(insert(4), StoreFailed);
    assert.ok(committer.stopped instanceof StoreFailed);
    assert.deepEqual(values(), [1]);
    committer.fail(new Error("a second one"));
    assert.equal(fatal.length, 1);
  }),
);

test(
  "C4: what waits for a later batch is refused as well",
  withCommitter(async ({ committer, insert, values }) => {
    const failing = committer.write(() => {
      throw Object.assign(new Error("database disk image is malformed"), { errcode: 11 });
    }, MAX_BATCH_BYTES);
    const later = insert(1);
    await assert.rejects(failing, StoreCorrupt);
    await assert.rejects(later, StoreCorrupt);
    assert.deepEqual(values(), []);
  }),
);

test(
  "C5: what one turn of the event loop brings is one batch",
  withCommitter(async ({ commits, insert }) => {
    await insert("alone");
    assert.equal(commits(), 1);
    await Promise.all(Array.from({ length: MAX_BATCH_OPERATIONS }, (_, index) => insert(index)));
    assert.equal(commits(), 2);
  }),
);

test(
  "a batch ends at its limits, and the next one follows",
  withCommitter(async ({ commits, insert, values }) => {
    await Promise.all(Array.from({ length: MAX_BATCH_OPERATIONS + 1 }, (_, index) => insert(index)));
    assert.equal(commits(), 2);
    await Promise.all([insert("a", MAX_BATCH_BYTES - 1), insert("b", 1)]);
    assert.equal(commits(), 3);
    await Promise.all([insert("c", MAX_BATCH_BYTES), insert("d", 1), insert("e", MAX_BATCH_BYTES * 2)]);
    assert.equal(commits(), 6);
    assert.deepEqual(values().slice(-5), ["a", "b", "c", "d", "e"]);
  }),
);

test(
  "a lock that another program holds refuses the batch; later ones are written",
  withCommitter(async ({ path, insert, values, writer, committer }) => {
    writer.exec("PRAGMA busy_timeout = 0");
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    await assert.rejects(insert(1), StoreBusy);
    assert.equal(committer.stopped, null);
    other.exec("ROLLBACK");
    other.close();
    await insert(2);
    assert.deepEqual(values(), [2]);
  }),
);

test(
  "closing writes what waits, in as many batches as it needs, and refuses what comes later",
  withCommitter(async ({ committer, insert, values, commits }) => {
    const waiting = Array.from({ length: MAX_BATCH_OPERATIONS * 2 + 1 }, (_, index) => insert(index));
    const closed = committer.close();
    await assert.rejects(insert("late"), StoreClosed);
    await closed;
    await Promise.all(waiting);
    assert.equal(values().length, MAX_BATCH_OPERATIONS * 2 + 1);
    assert.equal(commits(), 0, "no checkpoint is asked for any more");
  }),
);

test(
  "a failure while the store closes is a failure",
  withCommitter(async ({ committer, insert, fatal }) => {
    const failing = committer.write(() => {
      throw Object.assign(new Error("disk I/O error"), { errcode: 10 });
    });
    const closed = committer.close();
    await assert.rejects(failing, StoreFailed);
    await closed;
    assert.equal(committer.hasFailed, true);
    assert.equal(fatal.length, 1);
    await assert.rejects(insert(1), StoreClosed);
  }),
);
