import assert from "node:assert/strict";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import type { Pool } from "pg";
import { CommitUnknown, StoreClosed, StoreUnreachable } from "#store/errors";
import { Committer } from "#store/postgres/committer";
import { openPostgresStore } from "#store/postgres/open";
import { openPool } from "#store/postgres/pool";
import { newDatabase } from "#store/postgres/testing/fixture";
import { number } from "#store/sql/rows";
import { change, last, one, run, type Steps } from "#store/sql/steps";
import { TENANT } from "#store/testing/fixture";
import { acceptRunning, finished, newRun, SUCCEEDED } from "#store/testing/runs";
import { hasPostgres, type PostgresServer, startPostgres } from "#testing/database-servers";

const SILENT = { warn: () => undefined };

/** Of a process whose other connections have broken. */
const PORTS = { committed: () => undefined, witness: async () => Number.POSITIVE_INFINITY };

function* add(key: string, value: number): Steps<void> {
  yield* run("INSERT INTO things (key, value) VALUES (?, ?)", key, value);
}

/** The same in a statement that is known to be the last. */
function* addLast(key: string, value: number): Steps<void> {
  yield last(change("INSERT INTO things (key, value) VALUES (?, ?)", key, value), false);
}

function* raise(key: string): Steps<number> {
  const before = number((yield* one("SELECT value FROM things WHERE key = ?", key)) ?? {}, "value");
  yield* run("UPDATE things SET value = ? WHERE key = ?", before + 1, key);
  return before + 1;
}

/** Only one of them may be the only one. */
function* addIfAlone(key: string): Steps<boolean> {
  const others = number((yield* one("SELECT count(*) AS count FROM things WHERE value = 7")) ?? {}, "count");
  if (others > 0) return false;
  yield* add(key, 7);
  return true;
}

/** As many as were there before it: whoever adds one changes what all others have looked at. */
function* addCounted(key: string, seconds = 0): Steps<number> {
  const before = number((yield* one("SELECT count(*) AS count FROM things")) ?? {}, "count");
  if (seconds > 0) yield* one("SELECT pg_sleep(?)", seconds);
  yield* add(key, before);
  return before;
}

function* failing(): Steps<void> {
  yield* add("never", 1);
  throw new TypeError("on purpose");
}

/** Of one connection: whether what was sent, or answered, is passed on, and whether its client goes when the database does. */
interface Look {
  sent(bytes: Buffer): boolean;
  answered?(): boolean;
  closes?(): boolean;
}

/** Passes on to the port, and back, whatever is looked at and let through. */
async function proxyTo(port: number, lookAt: (client: Socket, upstream: Socket) => Look): Promise<Server> {
  const proxy = createServer((client) => {
    const upstream = connect({ port, host: "127.0.0.1" });
    const { sent, answered = () => true, closes = () => true } = lookAt(client, upstream);
    client.on("data", (bytes) => sent(bytes) && upstream.write(bytes));
    upstream.on("data", (bytes) => answered() && client.write(bytes));
    upstream.on("error", () => undefined).on("close", () => closes() && client.destroy());
    client.on("error", () => undefined).on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return proxy;
}

/** Passes everything on to the port, and counts the pieces that say something new of `things`. */
async function countingPieces(port: number): Promise<{ readonly proxy: Server; readonly pieces: string[] }> {
  const pieces: string[] = [];
  const sent = (bytes: Buffer): boolean => {
    if (bytes.includes("INSERT INTO things")) pieces.push(bytes.toString("latin1"));
    return true;
  };
  return { proxy: await proxyTo(port, () => ({ sent })), pieces };
}

/** Passes everything on to the port, but breaks the connection at its first COMMIT: before it is passed on, or once it was answered. */
function breakingAtCommit(port: number, when: "before" | "after"): Promise<Server> {
  let isBroken = false;
  return proxyTo(port, (_, upstream) => {
    let breaks = false;
    const isLetThrough = (): boolean => {
      if (breaks) upstream.destroy();
      return !breaks;
    };
    const sent = (bytes: Buffer): boolean => {
      breaks = !isBroken && bytes.includes("COMMIT");
      isBroken ||= breaks;
      return when === "after" || isLetThrough();
    };
    return { sent, answered: isLetThrough };
  });
}

/** Passes everything on to the port, but the first COMMIT after `hold`, which resolves when it has that; its connection breaks when the proxy is told to. */
async function holdingCommit(port: number): Promise<{ proxy: Server; hold(): Promise<void>; breakOff(): void }> {
  const { promise: held, resolve } = Promise.withResolvers<void>();
  let holder: Socket | null = null;
  let isArmed = false;
  const proxy = await proxyTo(port, (client) => {
    const isOther = (): boolean => client !== holder;
    const sent = (bytes: Buffer): boolean => {
      if (holder || !isArmed || !bytes.includes("COMMIT")) return true;
      holder = client;
      resolve();
      return false;
    };
    return { sent, answered: isOther, closes: isOther };
  });
  const hold = (): Promise<void> => {
    isArmed = true;
    return held;
  };
  return { proxy, hold, breakOff: () => holder?.destroy() };
}

describe("groups of writes", { skip: hasPostgres ? false : "no PostgreSQL on this machine" }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.close());

  /** Two processes, as far as the database can tell. */
  async function withTwo(body: (one: Committer, other: Committer, pool: Pool, groups: number[]) => Promise<void>): Promise<void> {
    const pool = openPool(newDatabase(server), SILENT, 4);
    const groups: number[] = [];
    const ports = { ...PORTS, committed: (operations: number) => void groups.push(operations) };
    const [one, other] = [1, 2].map(() => new Committer(pool, "SERIALIZABLE", ports, { gate: "turns" })) as [Committer, Committer];
    try {
      await pool.query("CREATE TABLE things (key TEXT PRIMARY KEY, value BIGINT NOT NULL); CREATE TABLE turns (turn BIGINT)");
      await body(one, other, pool, groups);
    } finally {
      await Promise.all([one.close(), other.close()]);
      await pool.end();
    }
  }

  test("C4 a row that all of them change is changed by each in its turn, however many there are", async () => {
    const pool = openPool(newDatabase(server), SILENT, 8);
    const committers = Array.from({ length: 6 }, () => new Committer(pool, "REPEATABLE READ", PORTS, { contended: ["things"] }));
    try {
      await pool.query("CREATE TABLE things (key TEXT PRIMARY KEY, value BIGINT NOT NULL)");
      await pool.query("INSERT INTO things VALUES ('hot', 0)");
      const raised = committers.flatMap((committer) => Array.from({ length: 100 }, () => committer.write(() => raise("hot"))));
      assert.deepEqual(
        (await Promise.all(raised)).sort((left, right) => left - right),
        Array.from({ length: 600 }, (_, n) => n + 1),
      );
    } finally {
      await Promise.all(committers.map((committer) => committer.close()));
      await pool.end();
    }
  });

  test("C4 one that takes its time has its turn, however many are quicker than it", () =>
    withTwo(async (slow, quick) => {
      let isDone = false;
      const added = slow
        .write(() => addCounted("slow", 0.05))
        .finally(() => {
          isDone = true;
        });
      const counted: number[] = [];
      while (!isDone) counted.push(await quick.write(() => addCounted(`quick ${counted.length}`)));
      counted.push(await added);
      assert.deepEqual(
        counted.sort((left, right) => left - right),
        Array.from({ length: counted.length }, (_, n) => n),
      );
    }));

  const keys = async (pool: Pool): Promise<readonly string[]> =>
    (await pool.query<{ key: string }>("SELECT key FROM things ORDER BY key")).rows.map(({ key }) => key);

  test("C1 C3 what one turn asks for is one group, done in its order, and there when it is settled", () =>
    withTwo(async (one, _, pool, groups) => {
      await one.write(() => add("a", 0));
      const raised = await Promise.all([1, 2, 3].map(() => one.write(() => raise("a"))));
      assert.deepEqual(
        [raised, groups],
        [
          [1, 2, 3],
          [1, 3],
        ],
      );
      assert.deepEqual((await pool.query("SELECT value FROM things")).rows, [{ value: 3 }]);
    }));

  test("C3 operations of one statement each wait for no answer of one another, and come in their order", async () => {
    const url = new URL(newDatabase(server));
    const { proxy, pieces } = await countingPieces(server.port);
    url.port = String((proxy.address() as AddressInfo).port);
    const pool = openPool(url.href, SILENT, 2);
    const committer = new Committer(pool, "REPEATABLE READ", PORTS);
    try {
      await pool.query("CREATE TABLE things (key TEXT PRIMARY KEY, value BIGINT NOT NULL, place SERIAL)");
      const names = Array.from({ length: 30 }, (_, n) => `thing ${n}`);
      await Promise.all(names.map((name) => committer.write(() => addLast(name, 1))));
      const { rows } = await pool.query<{ key: string }>("SELECT key FROM things ORDER BY place");
      assert.deepEqual(
        rows.map(({ key }) => key),
        names,
      );
      assert.equal(pieces.length, 1);
    } finally {
      await committer.close();
      await pool.end();
      proxy.close();
    }
  });

  test("C3 one that says several things is waited for, by those that do not", () =>
    withTwo(async (one, _, pool, groups) => {
      const done = await Promise.all([
        one.write(() => addLast("a", 0)),
        one.write(() => raise("a")),
        one.write(() => addLast("b", 5)),
        one.write(() => raise("a")),
        one.write(() => raise("b")),
      ]);
      assert.deepEqual([done, groups], [[undefined, 1, undefined, 2, 6], [5]]);
      assert.deepEqual(await keys(pool), ["a", "b"]);
    }));

  test("C2 nor do those fail that were said behind it before it had failed", () =>
    withTwo(async (one, _, pool) => {
      await one.write(() => addLast("a", 1));
      const settled = await Promise.allSettled([
        one.write(() => addLast("b", 1)),
        one.write(() => addLast("a", 2)),
        one.write(() => addLast("c", 1)),
        one.write(failing),
        one.write(() => addLast("d", 1)),
      ]);
      assert.deepEqual(
        settled.map(({ status }) => status),
        ["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled"],
      );
      assert.deepEqual(await keys(pool), ["a", "b", "c", "d"]);
    }));

  test("C2 an operation that fails, fails alone and leaves nothing", () =>
    withTwo(async (one, _, pool) => {
      const settled = await Promise.allSettled([
        one.write(() => add("a", 1)),
        one.write(failing),
        one.write(() => add("a", 2)),
        one.write(() => add("b", 1)),
      ]);
      assert.deepEqual(
        settled.map(({ status }) => status),
        ["fulfilled", "rejected", "rejected", "fulfilled"],
      );
      assert.deepEqual(await keys(pool), ["a", "b"]);
      await assert.rejects(one.write(failing), TypeError);
    }));

  test("C4 processes that change the same row lose nothing of each other", () =>
    withTwo(async (one, other, pool) => {
      await one.write(() => add("a", 0));
      for (let round = 0; round < 20; round++) await Promise.all([one, other].map((committer) => committer.write(() => raise("a"))));
      assert.deepEqual((await pool.query("SELECT value FROM things")).rows, [{ value: 40 }]);
    }));

  test("C4 what both looked at before they wrote holds for both", () =>
    withTwo(async (one, other, pool) => {
      for (let round = 0; round < 20; round++) {
        const added = await Promise.all([one.write(() => addIfAlone("one")), other.write(() => addIfAlone("other"))]);
        assert.equal(added.filter(Boolean).length, 1);
        await pool.query("DELETE FROM things");
      }
    }));

  for (const when of ["before", "after"] as const)
    test(`C5 a connection that breaks ${when} the database has the COMMIT: whoever wrote is told what became of it`, async () => {
      const url = new URL(newDatabase(server));
      const direct = openPool(url.href, SILENT, 1);
      const proxy = await breakingAtCommit(server.port, when);
      url.port = String((proxy.address() as AddressInfo).port);
      const pool = openPool(url.href, SILENT, 2);
      // One of its other connections stood all the time.
      const committer = new Committer(pool, "SERIALIZABLE", { ...PORTS, witness: async () => 0 });
      try {
        await direct.query("CREATE TABLE things (key TEXT PRIMARY KEY, value BIGINT NOT NULL)");
        const written = committer.write(() => add("a", 1));
        if (when === "after") await written;
        else await assert.rejects(written, StoreUnreachable);
        assert.deepEqual(await keys(direct), when === "after" ? ["a"] : []);
        await committer.write(() => add("b", 1));
      } finally {
        await committer.close();
        await Promise.all([pool.end(), direct.end()]);
        proxy.close();
      }
    });

  test("C5 where the connection breaks before the COMMIT is sent there is no doubt, and the database is not asked what became of it", async () => {
    const url = new URL(newDatabase(server));
    const asked: string[] = [];
    const sent = (bytes: Buffer): boolean => asked.push(bytes.toString("latin1")) > 0;
    const proxy = await proxyTo(server.port, () => ({ sent }));
    url.port = String((proxy.address() as AddressInfo).port);
    const pool = openPool(url.href, SILENT, 2);
    const committer = new Committer(pool, "SERIALIZABLE", PORTS);
    try {
      await pool.query("CREATE TABLE things (key TEXT PRIMARY KEY, value BIGINT NOT NULL)");
      let broken: () => void = () => undefined;
      pool.once("acquire", ({ connection }) => {
        broken = () => void connection.stream.emit("error", Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
      });
      function* breaking(): Steps<void> {
        yield* add("a", 1);
        broken();
      }
      await assert.rejects(committer.write(breaking), StoreUnreachable);
      await committer.write(() => add("b", 1));
      assert.deepEqual(await keys(pool), ["b"]);
      assert.ok(!asked.some((piece) => piece.includes("pg_xact_status")));
    } finally {
      await committer.close();
      await pool.end();
      proxy.close();
    }
  });

  test("C5 a database that died before the COMMIT, and gave the transaction's number to another one: nobody is told that it was kept", async () => {
    const url = new URL(newDatabase(server));
    const direct = openPool(url.href, SILENT, 1);
    const { proxy, hold, breakOff } = await holdingCommit(server.port);
    url.port = String((proxy.address() as AddressInfo).port);
    const pool = openPool(url.href, SILENT, 2);
    const committer = new Committer(pool, "SERIALIZABLE", PORTS);
    try {
      await direct.query("CREATE TABLE things (key TEXT PRIMARY KEY, value BIGINT NOT NULL)");
      const held = hold();
      const written = committer.write(() => add("a", 1));
      const refused = assert.rejects(written, (error) => error instanceof CommitUnknown || error instanceof StoreUnreachable);
      await held;
      await server.kill();
      await server.start();
      for (let others = 0; others < 10; others++) await direct.query("INSERT INTO things VALUES ($1, 0)", [`other ${others}`]);
      breakOff();
      await refused;
      assert.ok(!(await keys(direct)).includes("a"));
    } finally {
      await committer.close();
      await Promise.all([pool.end(), direct.end()]);
      proxy.close();
    }
  });

  test("C6 a run whose acceptance such a database has lost is accepted all the same, once", async () => {
    const url = new URL(newDatabase(server));
    const direct = openPool(url.href, SILENT, 1);
    const { proxy, hold, breakOff } = await holdingCommit(server.port);
    url.port = String((proxy.address() as AddressInfo).port);
    const store = await openPostgresStore({ url: url.href, owner: "one", connections: 2 });
    try {
      const run = newRun();
      const held = hold();
      const accepting = acceptRunning(store.runs, run);
      await held;
      await server.kill();
      await server.start();
      for (let others = 0; others < 10; others++) await direct.query("SELECT pg_current_xact_id()");
      breakOff();
      const claim = await accepting;
      await store.runs.append(claim, [finished()], SUCCEEDED);
      assert.deepEqual((await store.runs.journal(TENANT, run.id)).at(-1), finished());
    } finally {
      await store.close();
      await direct.end();
      proxy.close();
    }
  });

  test("what was asked for is settled before it closes; what comes later is refused", () =>
    withTwo(async (one, _, pool) => {
      const last = one.write(() => add("a", 1));
      const closing = one.close();
      await assert.rejects(
        one.write(() => add("b", 1)),
        StoreClosed,
      );
      await Promise.all([last, closing]);
      assert.deepEqual(await keys(pool), ["a"]);
    }));
});
