import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Fenced, NameTaken, NotFound, StaleRevision, StoreClosed, StoreCorrupt, StoreFailed, StoreFull } from "#store/errors";
import { identityColumns, summaryColumns } from "#store/sql/run-columns";
import type { StoredWorkflow } from "#store/sql/workflow-row";
import { openReader, openWriter } from "#store/sqlite/connections";
import { migrate } from "#store/sqlite/migrate";
import { pragma } from "#store/sqlite/pragmas";
import { inDirectory } from "#store/sqlite/testing/directory";
import { startLocalWriteLoop } from "#store/sqlite/testing/write-loop";
import { MAX_BATCH_BYTES, MAX_BATCH_OPERATIONS } from "#store/sqlite/writer/committer";
import type { ToWriter } from "#store/sqlite/writer/protocol";
import { Writer } from "#store/sqlite/writer/writer";
import { TENANT } from "#store/testing/fixture";
import { newRun, RUNNING } from "#store/testing/runs";
import { newVersion } from "#store/testing/workflow.testsuite";

interface Bench {
  readonly path: string;
  /** The connection that writes. */
  readonly database: DatabaseSync;
  readonly writer: Writer;
  /** What the writer has sent so far. */
  readonly sent: readonly ToWriter[];
  readonly fatal: readonly Error[];
  /** Once for each operation that found no room. */
  readonly full: readonly true[];
  /** Ids of the workflows that another connection sees, in the order of writing. */
  ids(): readonly unknown[];
  create(id: string, name?: string, document?: string): Promise<void>;
}

/** A writer, and at the other end of its channel a write loop with a database. `receives`: messages reach it in their turn. */
function withWriter(body: (bench: Bench) => Promise<void>, { receives } = { receives: true }): () => Promise<void> {
  return inDirectory(async (directory) => {
    const path = join(directory, "a.db");
    const database = openWriter(path);
    migrate(database);
    const reader = openReader(path);
    const { channel, close } = startLocalWriteLoop(database);
    const sent: ToWriter[] = [];
    const fatal: Error[] = [];
    const full: true[] = [];
    const postMessage = (message: ToWriter): void => {
      sent.push(message);
      channel.postMessage(message);
    };
    const on = receives ? channel.on : () => undefined;
    const writer = new Writer(
      { ...channel, on, postMessage },
      {
        fatal: (error) => void fatal.push(error),
        warn: () => undefined,
        full: () => void full.push(true),
      },
    );
    const ids = reader.prepare("SELECT id FROM workflows ORDER BY rowid");
    try {
      await body({
        ...{ path, database, writer, sent, fatal, full },
        ids: () => ids.all().map((row) => row["id"]),
        create: (id, name = id, document = "{}") => writer.write("createWorkflow", [newRow(id, name, document)], document.length),
      });
    } finally {
      if (!sent.some((message) => message.do === "close")) channel.postMessage({ do: "close" });
      while (database.isOpen) await turn();
      close();
      reader.close();
    }
  });
}

function newRow(id: string, name: string, document: string): StoredWorkflow {
  const state = { revision: 1, liveVersion: null, apiEnabled: true, createdAt: 1, updatedAt: 1, deletedAt: null };
  return { tenantId: TENANT, id, name, document, ...state };
}

/** Writing the workflow `broken` fails as SQLite reports it. */
function breakDisk(database: DatabaseSync, errcode: number): void {
  database.function("broken", () => {
    throw Object.assign(new Error("as SQLite reports it"), { errcode });
  });
  database.exec("CREATE TEMP TRIGGER broken BEFORE INSERT ON workflows WHEN NEW.id = 'broken' BEGIN SELECT broken(); END");
}

const IO_ERROR = 10;
const CORRUPT = 11;

const reasonOf = (outcome: PromiseSettledResult<unknown> | undefined): unknown =>
  outcome?.status === "rejected" ? outcome.reason : assert.fail("it succeeded");

test(
  "each caller gets what its own operation said",
  withWriter(async ({ writer, create }) => {
    await writer.ready;
    const results = [
      create("a"),
      writer.write("saveDraft", [TENANT, "a", { name: "a", document: "{}", at: 2 }]),
      writer.write("publish", [TENANT, "a", newVersion({ a: 1 })]),
      writer.write("promote", [TENANT, "a", "1.0.0", 3]),
      writer.write("renew", ["nobody"]),
      writer.write("revokeKey", [TENANT, "none", 1]),
      writer.write("probe", []),
    ];
    const published = { version: "1.0.0", previousVersion: null, changed: true };
    assert.deepEqual(await Promise.all(results), [undefined, 2, published, "1.0.0", false, "unknown", undefined]);
  }),
);

test(
  "a promise resolves only when another connection sees what was written",
  withWriter(async ({ create, ids }) => {
    const pending = create("a");
    assert.deepEqual(ids(), [], "not in the turn of the call");
    await pending;
    assert.deepEqual(ids(), ["a"]);
  }),
);

test(
  "operations of many batches are settled in the order in which they were asked for, those that fail in their places",
  withWriter(async ({ writer, create, ids }) => {
    const names = Array.from({ length: MAX_BATCH_OPERATIONS * 2 + 10 }, (_, index) => (index % 100 === 7 ? "taken" : `name ${index}`));
    const settled: number[] = [];
    const failed: number[] = [];
    const all = names.map((name, index) =>
      create(`${index}`, name).then(
        () => settled.push(index),
        () => failed.push(settled.push(index) - 1),
      ),
    );
    await Promise.all([...all, writer.write("probe", [])]);
    assert.deepEqual(settled, [...names.keys()]);
    assert.deepEqual(failed, [107, 207, 307, 407, 507], "the first one took the name");
    assert.equal(ids().length, names.length - failed.length);
  }),
);

test(
  "what one turn of the event loop asks for goes over in one message, and much of it before the turn is over",
  withWriter(async ({ sent, create }) => {
    const count = (): readonly number[] => sent.map((message) => (message.do === "operations" ? message.operations.length : 0));
    const first = [1, 2, 3].map((id) => create(`first ${id}`));
    assert.deepEqual(count(), []);
    await Promise.all(first);
    assert.deepEqual(count(), [3]);
    const second = Array.from({ length: 67 }, (_, id) => create(`second ${id}`));
    assert.deepEqual(count(), [3, 32, 32]);
    await Promise.all(second);
    assert.deepEqual(count(), [3, 32, 32, 3]);
  }),
);

test(
  "what came back meanwhile is answered when the next operations go over, before its own turn",
  withWriter(
    async ({ create, ids }) => {
      const settled: string[] = [];
      const start = (id: string, document = "{}"): Promise<unknown> => create(id, id, document).then(() => settled.push(id));
      // Each is a batch, so that each is answered by a message.
      const batches = ["a", "b"].map((id) => start(id, "x".repeat(MAX_BATCH_BYTES)));
      while (ids().length < 2) await turn();
      const next = start("c");
      assert.deepEqual(settled, []);
      await Promise.all(batches);
      while (ids().length < 3) await turn();
      assert.deepEqual(settled, ["a", "b"]);
      void start("d");
      await next;
      assert.deepEqual(settled, ["a", "b", "c"]);
    },
    { receives: false },
  ),
);

test(
  "an operation that fails, fails alone, and its error arrives as what it was",
  withWriter(async ({ writer, create, ids }) => {
    const run = newRun();
    const segment = [1, "{}"] as const;
    const accept = () => writer.write("accept", [TENANT, "owner-1", identityColumns(run), summaryColumns(RUNNING), segment]);
    const outcomes = await Promise.allSettled([
      create("a"),
      create("b", "a"),
      writer.write("saveDraft", [TENANT, "unknown", { name: "c", document: "{}", at: 2 }]),
      writer.write("saveDraft", [TENANT, "a", { name: "a", document: "{}", at: 2, ifRevision: 9 }]),
      accept(),
      accept(),
      writer.write("append", [TENANT, run.id, 2, summaryColumns(RUNNING), segment]),
      writer.write("append", [TENANT, run.id, 1, summaryColumns(RUNNING), segment]),
      create("d"),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status === "fulfilled"),
      [true, false, false, false, true, false, false, true, true],
    );
    const [, taken, unknown, stale, , twice, fenced] = outcomes.map((outcome) => (outcome.status === "rejected" ? outcome.reason : null));
    assert.ok(taken instanceof NameTaken && taken.workflowName === "a");
    assert.ok(unknown instanceof NotFound);
    assert.equal(unknown.message, "the workflow unknown does not exist");
    assert.ok(stale instanceof StaleRevision && stale.revision === 1);
    assert.ok(fenced instanceof Fenced);
    assert.match(twice.message, /UNIQUE/);
    assert.deepEqual(ids(), ["a", "d"]);
  }),
);

test(
  "a full disk refuses what was to be written, and says so each time, until something can be written again",
  withWriter(async ({ database, writer, create, ids, fatal, full }) => {
    await create("a");
    database.exec(`PRAGMA max_page_count = ${Number(pragma(database, "page_count"))}`);
    const outcomes = await Promise.allSettled([create("b"), create("c", "c", "x".repeat(100_000)), create("d")]);
    for (const outcome of outcomes) assert.ok(reasonOf(outcome) instanceof StoreFull);
    assert.deepEqual([full.length, writer.stopped, writer.hasFailed], [3, null, false]);
    database.exec("PRAGMA max_page_count = 1000000");
    await writer.write("probe", []);
    await create("e");
    assert.deepEqual([ids(), fatal, full.length], [["a", "e"], [], 3]);
  }),
);

for (const [errcode, kind] of [
  [IO_ERROR, StoreFailed],
  [CORRUPT, StoreCorrupt],
] as const) {
  test(
    `after a ${kind.name} of the thread that writes everything is refused with its reason, and it is told once`,
    withWriter(async ({ path, database, writer, create, ids, fatal }) => {
      await create("a");
      breakDisk(database, errcode);
      const outcomes = await Promise.allSettled([create("b"), create("broken"), create("c")]);
      for (const outcome of outcomes) assert.ok(reasonOf(outcome) instanceof kind);
      assert.ok(writer.stopped instanceof kind);
      assert.equal(writer.hasFailed, true);
      await assert.rejects(create("d"), (error) => error === writer.stopped);
      writer.fail(new Error("a second one"));
      assert.deepEqual([ids(), fatal], [["a"], [writer.stopped]]);
      await writer.close();
      assert.equal(database.isOpen, false);
      assert.ok(statSync(`${path}-wal`).size > 0, "what is on the disk is for the next start to find out");
    }),
  );
}

test(
  "damage that was found elsewhere refuses what waits and what comes, and is told once",
  withWriter(async ({ writer, create, ids, fatal }) => {
    await create("a");
    const found = new StoreCorrupt("found by the check");
    const waiting = create("b");
    writer.fail(found);
    writer.fail(new StoreCorrupt("found again"));
    await assert.rejects(create("c"), (error) => error === found);
    await assert.rejects(waiting, StoreCorrupt);
    assert.deepEqual([writer.stopped, writer.hasFailed, fatal, ids()], [found, true, [found], ["a"]]);
    await writer.close();
    assert.equal(fatal.length, 1);
  }),
);

test(
  "where the thread is lost, what waits is refused, sent or not, and it is told once",
  withWriter(async ({ writer, create, fatal }) => {
    await writer.ready;
    const sent = Array.from({ length: 16 }, (_, id) => create(`sent ${id}`));
    const unsent = create("not sent");
    writer.lost(new Error("the thread is gone"));
    for (const outcome of await Promise.allSettled([...sent, unsent, create("later")])) {
      const reason = reasonOf(outcome);
      assert.ok(reason instanceof StoreFailed);
      assert.match(reason.message, /the thread is gone/);
    }
    assert.deepEqual([writer.hasFailed, fatal], [true, [writer.stopped]]);
    writer.lost(new Error("again"));
    writer.fail(new Error("and again"));
    await writer.close();
    assert.equal(fatal.length, 1);
  }),
);

test(
  "where the thread does not come up, nobody waits for it",
  withWriter(async ({ writer, create }) => {
    const lost = new Error("the thread did not come up");
    writer.lost(lost);
    await assert.rejects(writer.ready, (error) => error === lost);
    await assert.rejects(create("a"), StoreFailed);
    await writer.close();
  }),
);

test(
  "where the thread is lost while it closes, what waits is refused as what may be written or not",
  withWriter(async ({ writer, create, fatal }) => {
    await writer.ready;
    const waiting = create("a");
    const closed = writer.close();
    writer.lost(new Error("the thread is gone"));
    await assert.rejects(waiting, StoreFailed);
    await closed;
    assert.deepEqual([writer.hasFailed, fatal.length], [true, 1]);
    await assert.rejects(create("later"), StoreClosed);
  }),
);

test(
  "closing settles what waits, in as many batches as it needs, and refuses what comes later",
  withWriter(async ({ path, database, writer, create, ids, fatal }) => {
    const count = MAX_BATCH_OPERATIONS * 2 + 1;
    const waiting = Array.from({ length: count }, (_, id) => create(`${id}`));
    const closed = writer.close();
    await assert.rejects(create("late"), StoreClosed);
    await closed;
    await Promise.all(waiting);
    assert.equal(ids().length, count);
    assert.equal(database.isOpen, false);
    assert.equal(statSync(`${path}-wal`).size, 0, "all of the log is copied");
    assert.ok(writer.stopped instanceof StoreClosed);
    assert.deepEqual([writer.hasFailed, fatal], [false, []]);
  }),
);

test(
  "closing settles what was refused, too",
  withWriter(async ({ writer, create, ids }) => {
    const outcomes = Promise.allSettled([create("a"), create("b", "a"), create("c")]);
    await writer.close();
    assert.ok(reasonOf((await outcomes)[1]) instanceof NameTaken);
    assert.deepEqual(ids(), ["a", "c"]);
  }),
);

test(
  "a failure while it closes is a failure",
  withWriter(async ({ path, database, writer, create, fatal }) => {
    await create("a");
    breakDisk(database, IO_ERROR);
    const failing = create("broken");
    const closed = writer.close();
    await assert.rejects(failing, StoreFailed);
    await closed;
    assert.deepEqual([writer.hasFailed, fatal.length], [true, 1]);
    await assert.rejects(create("b"), StoreClosed);
    assert.ok(statSync(`${path}-wal`).size > 0, "the log is left as it is");
  }),
);
