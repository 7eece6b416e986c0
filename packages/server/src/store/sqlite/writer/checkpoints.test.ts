import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { openReader, openWriter } from "#store/sqlite/connections";
import { PAGE_BYTES, pragma } from "#store/sqlite/pragmas";
import { inDirectory, recordingLogger } from "#store/sqlite/testing/directory";
import { Checkpoints } from "#store/sqlite/writer/checkpoints";
import { LogCopier } from "#store/sqlite/writer/log-copier";

const FRAMES = 10;
const LIMITS = { passiveBytes: FRAMES * PAGE_BYTES, restartBytes: 40 * PAGE_BYTES, warnBytes: 80 * PAGE_BYTES };

interface Bench {
  readonly path: string;
  readonly writer: DatabaseSync;
  readonly checkpoints: Checkpoints;
  readonly said: readonly { readonly message: unknown }[];
  /** Writes so many frames, one commit each, and lets what follows run. */
  write(frames: number): Promise<void>;
  /** Frames of the log, and how many of them are in the database. */
  log(): readonly [frames: unknown, copied: unknown];
}

function withCheckpoints(
  body: (bench: Bench) => Promise<void>,
  copierOf: (path: string) => LogCopier | null = () => null,
): () => Promise<void> {
  return inDirectory(async (directory) => {
    const path = join(directory, "a.db");
    const writer = openWriter(path);
    writer.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, value); INSERT INTO t VALUES (1, 0)");
    writer.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    const { said, logger } = recordingLogger();
    const events = { warn: logger.warn, failed: fail };
    const checkpoints = new Checkpoints(writer, copierOf(path), events, LIMITS);
    const log = (): readonly [unknown, unknown] => {
      const row = writer.prepare("PRAGMA wal_checkpoint(NOOP)").get();
      return [row?.["log"], row?.["checkpointed"]];
    };
    const write = async (frames: number): Promise<void> => {
      for (let frame = 0; frame < frames; frame++) {
        writer.exec("UPDATE t SET value = value + 1");
        checkpoints.afterBatch();
      }
      await turn();
      await turn();
    };
    await body({ path, writer, checkpoints, said, write, log });
    if (writer.isOpen) writer.close();
  });
}

function fail(error: unknown): never {
  throw error;
}

test(
  "the log is copied from the limit on, and not below it",
  withCheckpoints(async ({ write, log }) => {
    await write(FRAMES - 1);
    assert.deepEqual(log(), [FRAMES - 1, 0]);
    await write(1);
    assert.deepEqual(log(), [FRAMES, FRAMES]);
    await write(1);
    assert.deepEqual(log(), [1, 0], "the log starts over");
  }),
);

test(
  "the copying does not happen in the turn of the batch",
  withCheckpoints(async ({ writer, checkpoints, log }) => {
    for (let frame = 0; frame < FRAMES; frame++) writer.exec("UPDATE t SET value = value + 1");
    checkpoints.afterBatch();
    assert.deepEqual(log(), [FRAMES, 0]);
    await turn();
    await turn();
    assert.deepEqual(log(), [FRAMES, FRAMES]);
  }),
);

test(
  "a reader in the way stops neither writing nor the thread, is reported, and the log starts over when it has gone",
  withCheckpoints(async (bench) => {
    const { path, writer, write, said, log } = bench;
    const reader = openReader(path);
    reader.exec("BEGIN");
    reader.prepare("SELECT * FROM t").all();
    await write(79);
    assert.equal(said.length, 0);
    await write(1);
    await write(1);
    assert.deepEqual(
      said.map(({ message }) => message),
      ["the write-ahead log grows: another program keeps the database open for reading"],
      "once",
    );
    assert.equal(pragma(writer, "busy_timeout"), 5_000);
    reader.exec("COMMIT");
    await write(1);
    await write(1);
    assert.deepEqual(log(), [1, 0]);
    reader.close();
  }),
);

test(
  "a clean stop leaves an empty log",
  withCheckpoints(async ({ path, checkpoints, write }) => {
    await write(5);
    checkpoints.finish();
    assert.equal(statSync(`${path}-wal`).size, 0);
  }),
);

test(
  "a database that was closed in the meantime is let be",
  withCheckpoints(async ({ writer, checkpoints }) => {
    for (let frame = 0; frame < FRAMES; frame++) writer.exec("UPDATE t SET value = value + 1");
    checkpoints.afterBatch();
    writer.close();
    await turn();
    await turn();
  }),
);

const PROGRAM = new URL("./thread.ts", import.meta.url);

test(
  "a copier takes what there is beside the writing, and the writer the rest",
  withCheckpoints(
    async ({ writer, checkpoints, log }) => {
      for (let frame = 0; frame < FRAMES; frame++) writer.exec("UPDATE t SET value = value + 1");
      checkpoints.afterBatch();
      writer.exec("UPDATE t SET value = value + 1");
      while (log()[1] !== FRAMES + 1) await turn();
      await checkpoints.stop();
    },
    (path) => new LogCopier(() => new Worker(PROGRAM, { workerData: { database: path, task: "copy" } })),
  ),
);

test(
  "a copier that cannot be started is reported, and the writer copies everything",
  withCheckpoints(
    async ({ write, log, said }) => {
      await write(FRAMES);
      assert.deepEqual(log(), [FRAMES, FRAMES]);
      assert.deepEqual(
        said.map(({ message }) => message),
        ["the write-ahead log could not be copied beside the writing"],
      );
    },
    () =>
      new LogCopier(() => {
        throw new Error("no more threads");
      }),
  ),
);
