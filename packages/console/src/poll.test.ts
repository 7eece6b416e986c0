import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, mock, test } from "node:test";
import { pauseMs, poll } from "./poll.js";

/** What poll sees of a document. */
class Page extends EventTarget {
  hidden = false;
  listeners = 0;

  override addEventListener(...given: Parameters<EventTarget["addEventListener"]>): void {
    this.listeners += 1;
    super.addEventListener(...given);
  }

  override removeEventListener(...given: Parameters<EventTarget["removeEventListener"]>): void {
    this.listeners -= 1;
    super.removeEventListener(...given);
  }

  turn(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

const page = new Page();
let ends: AbortController;

before(() => Object.defineProperty(globalThis, "document", { value: page, configurable: true }));
after(() => Reflect.deleteProperty(globalThis, "document"));
beforeEach(() => {
  ends = new AbortController();
  mock.timers.enable({ apis: ["setTimeout"] });
});
afterEach(() => {
  ends.abort();
  page.turn(false);
  mock.timers.reset();
});

/** Lets everything run that waits for no timer. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function pass(ms: number): Promise<void> {
  mock.timers.tick(ms);
  await settle();
}

/** Polls with the verdicts in turn; an error is thrown. */
function start(verdicts: readonly ("again" | "done" | Error)[]): { calls: number; failures: unknown[] } {
  const seen = { calls: 0, failures: [] as unknown[] };
  const work = async () => {
    const verdict = verdicts[Math.min(seen.calls, verdicts.length - 1)] ?? "done";
    seen.calls += 1;
    if (verdict instanceof Error) throw verdict;
    return verdict;
  };
  const failed = (error: unknown) => {
    seen.failures.push(error);
    return "again" as const;
  };
  void poll(work, { signal: ends.signal, failed });
  return seen;
}

test("works at once and then every 3 s until it is done", async () => {
  const seen = start(["again", "again", "done"]);
  await settle();
  assert.equal(seen.calls, 1);
  await pass(2_999);
  assert.equal(seen.calls, 1);
  await pass(60_000);
  assert.equal(seen.calls, 2);
  await pass(60_000);
  assert.equal(seen.calls, 3);
  await pass(60_000);
  assert.equal(seen.calls, 3);
});

test("rests while the page is hidden, and works as soon as it is seen again", async () => {
  const seen = start(["again"]);
  await settle();
  page.turn(true);
  await pass(60_000);
  assert.equal(seen.calls, 1);
  page.turn(false);
  await settle();
  assert.equal(seen.calls, 2);
});

test("a failure is told and tried again; patience that the server asks for is granted", async () => {
  const patience = Object.assign(new Error("later"), { retryAfterMs: 20_000 });
  const seen = start([patience, "again"]);
  await settle();
  assert.deepEqual(seen.failures, [patience]);
  await pass(19_999);
  assert.equal(seen.calls, 1);
  await pass(60_000);
  assert.equal(seen.calls, 2);
});

test("nothing happens after the end, and no listener is left", async () => {
  const seen = start(["again"]);
  await settle();
  page.turn(true);
  await pass(60_000);
  assert.equal(page.listeners, 1);
  ends.abort();
  page.turn(false);
  await pass(60_000);
  assert.equal(seen.calls, 1);
  assert.equal(page.listeners, 0);
});

test("pauses double with each failure in a row, up to 30 s", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 50].map(pauseMs), [3_000, 3_000, 6_000, 12_000, 24_000, 30_000, 30_000]);
});
