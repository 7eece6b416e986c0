import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { StoreBusy, StoreCorrupt, StoreFailed, StoreFull } from "#store/errors";
import { openReader, openWriter } from "#store/sqlite/connections";
import { pragma } from "#store/sqlite/pragmas";
import { inDirectory } from "#store/sqlite/testing/directory";
import { Committer, MAX_BATCH_BYTES, MAX_BATCH_OPERATIONS, type Outcome } from "#store/sqlite/writer/committer";

interface Bench {
  readonly path: string;
  readonly writer: DatabaseSync;
  readonly reader: DatabaseSync;
  readonly committer: Committer;
  /** Batches so far. */
  readonly batches: () => number;
  readonly fatal: readonly Error[];
  /** Called after each batch. */
  onTurned: () => void;
  /** What becomes of an operation. */
  write(run: () => unknown, bytes?: number): Promise<unknown>;
  insert(value: number | string, bytes?: number): Promise<unknown>;
  values(): readonly unknown[];
}

function withCommitter(body: (bench: Bench) => Promise<void>): () => Promise<void> {
  return inDirectory(async (directory) => {
    const path = join(directory, "a.db");
    const writer = openWriter(path);
    writer.exec("CREATE TABLE t (value UNIQUE)");
    const reader = openReader(path);
    let batches = 0;
    const fatal: Error[] = [];
    const committer = new Committer(writer, {
      turned: () => {
        batches += 1;
        bench.onTurned();
      },
      fatal: (error) => void fatal.push(error),
    });
    const write = (run: () => unknown, bytes = 0): Promise<unknown> =>
      new Promise((resolve, reject) => {
        committer.add({ run, bytes, settle: (outcome) => ("error" in outcome ? reject(outcome.error) : resolve(outcome.value)) });
      });
    const insert = writer.prepare("INSERT INTO t (value) VALUES (?)");
    const values = reader.prepare("SELECT value FROM t ORDER BY rowid");
    const bench: Bench = {
      ...{ path, writer, reader, committer, fatal, write, batches: () => batches, onTurned: () => undefined },
      insert: (value, bytes) => write(() => insert.run(value), bytes),
      values: () => values.all().map((row) => row["value"]),
    };
    await body(bench);
    reader.close();
    writer.close();
  });
}

test(
  "C1: an operation is settled only when another connection sees what was written",
  withCommitter(async ({ insert, values }) => {
    const pending = insert(1);
    assert.deepEqual(values(), [], "not in the turn of the call");
    await pending;
    assert.deepEqual(values(), [1]);
  }),
);

test(
  "C2: an operation that fails leaves nothing behind, and the others of its batch are written once",
  withCommitter(async ({ write, insert, values, writer }) => {
    await insert(1);
    const half = write(() => {
      writer.exec("INSERT INTO t (value) VALUES ('half')");
      throw new Error("after a first statement");
    });
    const outcomes = await Promise.allSettled([insert(2), insert(1), half, insert(3), write(() => "read")]);
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
  withCommitter(async ({ write, insert, values, writer }) => {
    await assert.rejects(
      write(() => {
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
  withCommitter(async ({ write, insert, values, fatal }) => {
    const damaged = write(() => {
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
    assert.deepEqual([values(), committer.failure, fatal], [[1], null, []]);
    await insert(4);
    writer.exec("PRAGMA max_page_count = 1000000");
    await insert("x".repeat(100_000));
    assert.deepEqual(values().length, 3);
  }),
);

test(
  "C4: after a failure of the disk everything is refused with its reason, and it is told once",
  withCommitter(async ({ committer, write, insert, values, fatal }) => {
    await insert(1);
    const ioError = Object.assign(new Error("disk I/O error"), { errcode: 10 | (4 << 8) });
    const failing = write(() => {
      throw ioError;
    });
    const outcomes = await Promise.allSettled([insert(2), failing, insert(3)]);
    for (const outcome of outcomes) assert.ok(outcome.status === "rejected" && outcome.reason instanceof StoreFailed);
    await assert.rejects(insert(4), StoreFailed);
    assert.ok(committer.failure instanceof StoreFailed);
    assert.deepEqual(values(), [1]);
    committer.fail(new Error("a second one"));
    assert.equal(fatal.length, 1);
  }),
);

test(
  "C4: what waits for a later batch is refused as well",
  withCommitter(async ({ write, insert, values }) => {
    const failing = write(() => {
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
  withCommitter(async ({ batches, insert }) => {
    await insert("alone");
    assert.equal(batches(), 1);
    await Promise.all(Array.from({ length: MAX_BATCH_OPERATIONS }, (_, index) => insert(index)));
    assert.equal(batches(), 2);
  }),
);

test(
  "a batch ends at its limits, and the next one follows",
  withCommitter(async ({ batches, insert, values }) => {
    await Promise.all(Array.from({ length: MAX_BATCH_OPERATIONS + 1 }, (_, index) => insert(index)));
    assert.equal(batches(), 2);
    await Promise.all([insert("a", MAX_BATCH_BYTES - 1), insert("b", 1)]);
    assert.equal(batches(), 3);
    await Promise.all([insert("c", MAX_BATCH_BYTES), insert("d", 1), insert("e", MAX_BATCH_BYTES * 2)]);
    assert.equal(batches(), 6);
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
    assert.equal(committer.failure, null);
    other.exec("ROLLBACK");
    other.close();
    await insert(2);
    assert.deepEqual(values(), [2]);
  }),
);

/** Operations for more than two batches, the first of which is made apart; the order in which they are settled, and how. */
function addMany({ committer, writer }: Bench) {
  const count = MAX_BATCH_OPERATIONS * 2 + 10;
  const settled: number[] = [];
  const failed: number[] = [];
  const insert = writer.prepare("INSERT INTO t (value) VALUES (?)");
  for (let index = 0; index < count; index++) {
    const run = (): unknown => insert.run(index === 7 ? 6 : index);
    const settle = (outcome: Outcome): void => {
      settled.push(index);
      if ("error" in outcome) failed.push(index);
    };
    committer.add({ run, bytes: 0, settle });
  }
  return { settled, failed, all: Array.from({ length: count }, (_, index) => index) };
}

test(
  "C6: operations are settled in the order in which they came",
  withCommitter(async (bench) => {
    const { settled, failed, all } = addMany(bench);
    await bench.insert("last");
    assert.deepEqual(settled, all);
    assert.deepEqual(failed, [7], "one fails alone, in its place");
    assert.deepEqual(bench.values(), [...all.filter((index) => index !== 7), "last"]);
  }),
);

test(
  "C6: also when the committer fails in between",
  withCommitter(async (bench) => {
    const { settled, failed, all } = addMany(bench);
    bench.onTurned = () => bench.committer.fail(new StoreFailed("found elsewhere"));
    await assert.rejects(bench.insert("last"), /found elsewhere/);
    assert.deepEqual(settled, all);
    const [written, refused] = [all.slice(0, MAX_BATCH_OPERATIONS), all.slice(MAX_BATCH_OPERATIONS)];
    assert.deepEqual(failed, [7, ...refused]);
    assert.deepEqual(
      bench.values(),
      written.filter((index) => index !== 7),
    );
    assert.equal(bench.fatal.length, 1);
  }),
);

test(
  "C6: a failure while operations wait refuses each in its turn, and not before those that came earlier",
  withCommitter(async (bench) => {
    const { settled, failed, all } = addMany(bench);
    bench.committer.fail(new StoreFailed("found elsewhere"));
    assert.deepEqual(settled, []);
    await assert.rejects(bench.insert("last"), /found elsewhere/);
    assert.deepEqual([settled, failed, bench.values()], [all, all, []]);
  }),
);

test(
  "it is idle when nothing waits, and when the last batch is settled",
  withCommitter(async (bench) => {
    const { committer, insert } = bench;
    assert.equal(committer.isIdle, true);
    const idle: boolean[] = [];
    bench.onTurned = () => void idle.push(committer.isIdle);
    const all = Array.from({ length: MAX_BATCH_OPERATIONS + 1 }, (_, index) => insert(index));
    assert.equal(committer.isIdle, false);
    await Promise.all(all);
    assert.deepEqual(idle, [false, true]);
  }),
);
