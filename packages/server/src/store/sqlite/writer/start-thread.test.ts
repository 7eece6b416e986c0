import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { NameTaken, StoreFailed } from "#store/errors";
import { openReader, openWriter } from "#store/sqlite/connections";
import { migrate } from "#store/sqlite/migrate";
import { inDirectory } from "#store/sqlite/testing/directory";
import { WriterFigures } from "#store/sqlite/writer/figures";
import { startWriterThread, type WriterThread } from "#store/sqlite/writer/start-thread";
import { Writer } from "#store/sqlite/writer/writer";
import { TENANT } from "#store/testing/fixture";

function newDatabase(directory: string): string {
  const path = join(directory, "a.db");
  const database = openWriter(path);
  migrate(database);
  database.close();
  return path;
}

function writerOf(thread: WriterThread) {
  const fatal: Error[] = [];
  const warnings: string[] = [];
  const writer = new Writer(thread.channel, {
    fatal: (error) => void fatal.push(error),
    warn: (_, message) => void warnings.push(message),
    full: () => undefined,
  });
  thread.onLost((error) => writer.lost(error));
  const create = (id: string, name = id): Promise<void> => {
    const state = { revision: 1, liveVersion: null, apiEnabled: true, createdAt: 1, updatedAt: 1, deletedAt: null };
    return writer.write("createWorkflow", [{ tenantId: TENANT, id, name, document: "{}", ...state }]);
  };
  return { writer, create, fatal, warnings };
}

test(
  "a thread of its own writes, and answers what it could and could not",
  inDirectory(async (directory) => {
    const path = newDatabase(directory);
    const thread = startWriterThread(path, new WriterFigures(), Number.POSITIVE_INFINITY);
    const { writer, create, fatal } = writerOf(thread);
    await writer.ready;
    const settled: number[] = [];
    const all = Array.from({ length: 1_000 }, (_, index) => create(`${index}`).then(() => settled.push(index)));
    await Promise.all(all);
    assert.deepEqual(settled, [...all.keys()]);
    await assert.rejects(create("again", "1"), (error) => error instanceof NameTaken && error.workflowName === "1");
    await writer.close();
    await thread.stop();
    const reader = openReader(path);
    assert.equal(reader.prepare("SELECT count(*) AS count FROM workflows").get()?.["count"], all.length);
    reader.close();
    assert.deepEqual(fatal, [], "a thread that is stopped is not lost");
  }),
);

test(
  "a thread that gives back what its start has left writes on",
  inDirectory(async (directory) => {
    const thread = startWriterThread(newDatabase(directory), new WriterFigures(), Number.POSITIVE_INFINITY);
    const { writer, create, fatal, warnings } = writerOf(thread);
    await writer.ready;
    writer.forgetStart();
    await Promise.all(Array.from({ length: 100 }, (_, index) => create(`${index}`)));
    await writer.close();
    await thread.stop();
    assert.deepEqual([fatal, warnings], [[], []]);
  }),
);

test(
  "a thread that cannot open the database is lost, and says why",
  inDirectory(async (directory) => {
    const thread = startWriterThread(join(directory, "missing", "a.db"), new WriterFigures(), Number.POSITIVE_INFINITY);
    const { writer, create } = writerOf(thread);
    await assert.rejects(writer.ready, /unable to open database file/);
    await assert.rejects(create("a"), StoreFailed);
    await writer.close();
    await thread.stop();
  }),
);
