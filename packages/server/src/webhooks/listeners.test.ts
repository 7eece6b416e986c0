import assert from "node:assert/strict";
import { test } from "node:test";
import { standingClock } from "#testing/standing-clock";
import { type Heard, Listeners, MAX_WAITING, MAX_WAITING_CHARS, type Overheard } from "#webhooks/listeners";

const clock = standingClock(0);

function delivery(id: string, body: string | null = null): Overheard {
  const run = { id: "run", workflowId: "workflow", status: "SUCCEED" } as const;
  return { id, run, method: "POST", url: null, query: null, headers: {}, body };
}

function open(listeners: Listeners, tenant = "a", quietMs = 15_000) {
  const stop = new AbortController();
  const heard = listeners.listen(tenant, { clock, quietMs, signal: stop.signal })[Symbol.asyncIterator]();
  const next = async (): Promise<Heard | null | undefined> => {
    const { value, done } = await heard.next();
    return done ? undefined : value;
  };
  return { next, stop };
}

test("a listener hears what is told from its first moment, of its own tenant", async () => {
  const listeners = new Listeners();
  const [one, other] = [open(listeners), open(listeners, "b")];
  listeners.tell("a", () => delivery("first"));
  listeners.tell("b", () => delivery("foreign"));
  listeners.tell("a", () => delivery("second"));
  assert.deepEqual([await one.next(), await one.next()], [{ delivery: delivery("first") }, { delivery: delivery("second") }]);
  assert.deepEqual(await other.next(), { delivery: delivery("foreign") });
});

test("nothing is made where nobody listens, or nobody listens any more", async () => {
  const listeners = new Listeners();
  const made = (): Overheard => assert.fail("made for nobody");
  listeners.tell("a", made);
  const one = open(listeners);
  const waiting = one.next();
  one.stop.abort();
  assert.equal(await waiting, undefined);
  assert.equal(listeners.count("a"), 0);
  listeners.tell("a", made);
});

test("a quiet stream gives a sign of life", async () => {
  const one = open(new Listeners(), "a", 1_000);
  const waiting = one.next();
  // The listener waits from its next turn on.
  await new Promise((resolve) => setImmediate(resolve));
  clock.moveTo(clock.now() + 1_000);
  assert.equal(await waiting, null);
});

for (const [bound, fits, body] of [
  ["so many deliveries", MAX_WAITING, "x"],
  ["so many characters", 2, "x".repeat(MAX_WAITING_CHARS / 2)],
] as const) {
  test(`for a listener that is slow ${bound} are kept; how many it missed is told where they were`, async () => {
    const listeners = new Listeners();
    const one = open(listeners);
    for (let i = 0; i < fits + 2; i++) listeners.tell("a", () => delivery(String(i), body));
    const kept: (Heard | null | undefined)[] = [];
    for (let i = 0; i < fits; i++) kept.push(await one.next());
    assert.deepEqual(kept.at(-1), { delivery: delivery(String(fits - 1), body) });
    assert.deepEqual(await one.next(), { missed: 2 });
    listeners.tell("a", () => delivery("after", body));
    assert.deepEqual(await one.next(), { delivery: delivery("after", body) });
  });
}
