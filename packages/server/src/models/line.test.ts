import assert from "node:assert/strict";
import { test } from "node:test";
import { RetryableError } from "@millrace/engine";
import { type Leave, Line, type LineLimits } from "#models/line";
import { standingClock } from "#testing/standing-clock";

const START = 1_790_000_000_000;
const FREE: LineLimits = { concurrency: null, requestsPerMinute: null, tokensPerMinute: null };

function open(limits: Partial<LineLimits>) {
  const clock = standingClock(START);
  const line = new Line("openai", clock, { ...FREE, ...limits });
  const entered: string[] = [];
  const enter = async (name: string, { group = name, signal = new AbortController().signal, timeoutMs = 600_000 } = {}): Promise<Leave> => {
    const leave = await line.enter({ group, signal, timeoutMs });
    entered.push(name);
    return leave;
  };
  return { clock, line, entered, enter };
}

/** Until all that is settled by now has been heard of. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test("so many at once, and the next when one has ended", async () => {
  const { line, entered, enter } = open({ concurrency: 2 });
  const [first] = await Promise.all([enter("a"), enter("b")]);
  const third = enter("c");
  await settled();
  assert.deepEqual(entered, ["a", "b"]);
  first?.(10);
  first?.(10);
  (await third)(0);
  assert.deepEqual(entered, ["a", "b", "c"]);
  void enter("d");
  await settled();
  assert.deepEqual([entered.at(-1), line.isIdle], ["d", false], "leaving twice gives back one place");
});

test("those who wait are let in by turns, run by run", async () => {
  const { entered, enter } = open({ concurrency: 1 });
  const first = await enter("first");
  const waiting = ["many-1", "many-2", "many-3"].map((name) => enter(name, { group: "many" }));
  const other = enter("other");
  first(0);
  (await waiting[0])?.(0);
  (await other)(0);
  (await waiting[1])?.(0);
  (await waiting[2])?.(0);
  assert.deepEqual(entered, ["first", "many-1", "other", "many-2", "many-3"]);
});

test("so many begin within a minute", async () => {
  const { clock, entered, enter } = open({ requestsPerMinute: 2 });
  await Promise.all([enter("a"), enter("b")]);
  const third = enter("c");
  clock.moveTo(START + 60_000);
  await settled();
  assert.deepEqual(entered, ["a", "b"]);
  clock.moveTo(START + 61_000);
  await third;
  assert.deepEqual(entered, ["a", "b", "c"]);
});

test("none begins while the tokens of the last minute are used up", async () => {
  const { clock, entered, enter } = open({ tokensPerMinute: 100 });
  (await enter("a"))(99);
  (await enter("b"))(500);
  const third = enter("c");
  await settled();
  assert.deepEqual(entered, ["a", "b"]);
  clock.moveTo(START + 61_000);
  await third;
});

test("who is aborted leaves the line, and nobody waits behind who has left", async () => {
  const { entered, enter } = open({ concurrency: 1 });
  const first = await enter("first");
  const aborting = new AbortController();
  const gone = enter("gone", { signal: aborting.signal });
  const next = enter("next");
  const reason = new Error("cancelled");
  aborting.abort(reason);
  await assert.rejects(gone, reason);
  first(0);
  await next;
  assert.deepEqual(entered, ["first", "next"]);
  await assert.rejects(enter("late", { signal: aborting.signal }), reason);
});

test("nobody waits longer than he may", async () => {
  const { clock, enter, entered } = open({ concurrency: 1 });
  const first = await enter("first");
  const waiting = enter("second", { timeoutMs: 5_000 });
  const rejected = assert.rejects(waiting, (error) => error instanceof RetryableError && error.type === "llm_rate_limited");
  clock.moveTo(START + 5_000);
  await rejected;
  first(0);
  await settled();
  assert.deepEqual(entered, ["first"]);
});

test("new limits hold at once, and an idle line can be forgotten", async () => {
  const { clock, line, entered, enter } = open({ concurrency: 1 });
  const first = await enter("first");
  const second = enter("second");
  line.limits = FREE;
  const leave = await second;
  assert.deepEqual(entered, ["first", "second"]);
  for (const end of [first, leave]) end(1);
  assert.equal(line.isIdle, false);
  clock.moveTo(START + 61_000);
  assert.equal(line.isIdle, true);
});
