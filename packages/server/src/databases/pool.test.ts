import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SessionPool } from "#databases/pool";
import type { Session } from "#databases/session";

const { signal } = new AbortController();

/** Sessions that do nothing, and are counted. */
function opened() {
  const sessions: (Session & { isUsable: boolean; isClosed: boolean })[] = [];
  const open = async () => {
    const session = {
      isUsable: true,
      isClosed: false,
      run: () => Promise.reject(new Error("nothing to run")),
      close: () => {
        session.isClosed = true;
      },
    };
    sessions.push(session);
    return session;
  };
  return { sessions, open };
}

/** A piece of work that goes on until it is let go. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, letGo: resolve };
}

describe("pools of sessions", () => {
  test("a session serves one after the other, and no more are open than allowed", async () => {
    const { sessions, open } = opened();
    const pool = new SessionPool({ most: 2, idleMs: 60_000, open });
    const [first, second] = [held(), held()];
    const order: number[] = [];
    const all = [
      pool.use(signal, first.work),
      pool.use(signal, second.work),
      pool.use(signal, async () => void order.push(3)),
      pool.use(signal, async () => void order.push(4)),
    ];
    first.letGo();
    await all[3];
    second.letGo();
    await Promise.all(all);
    assert.deepEqual([sessions.length, order], [2, [3, 4]]);
    pool.close();
    assert.ok(sessions.every(({ isClosed }) => isClosed));
    assert.ok(pool.isEmpty);
  });

  test("one that broke is replaced; one that could not be opened leaves its place to the next", async () => {
    const { sessions, open } = opened();
    let fails = false;
    const pool = new SessionPool({ most: 1, idleMs: 60_000, open: () => (fails ? Promise.reject(new Error("no")) : open()) });
    await pool.use(signal, async (session) => {
      (session as { isUsable: boolean }).isUsable = false;
    });
    assert.equal(sessions[0]?.isClosed, true);
    fails = true;
    const [one, two] = [pool.use(signal, async () => 1), pool.use(signal, async () => 2)];
    await assert.rejects(one, /no/);
    await assert.rejects(two, /no/);
    fails = false;
    assert.equal(await pool.use(signal, async () => 3), 3);
    pool.close();
  });

  test("who waits may give up; what is in use is closed when it comes back to a closed pool", async () => {
    const { sessions, open } = opened();
    const pool = new SessionPool({ most: 1, idleMs: 60_000, open });
    const first = held();
    const using = pool.use(signal, first.work);
    const patience = new AbortController();
    const waiting = pool.use(patience.signal, async () => undefined);
    patience.abort(new Error("enough"));
    await assert.rejects(waiting, /enough/);
    pool.close();
    assert.equal(sessions[0]?.isClosed, false);
    first.letGo();
    await using;
    assert.deepEqual([sessions[0]?.isClosed, pool.isEmpty], [true, true]);
  });
});
