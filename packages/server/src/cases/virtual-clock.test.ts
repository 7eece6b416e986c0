import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "#cases/virtual-clock";

test("V1: time stands still but for leaps, and while anything is at work there are none", async () => {
  const clock = new VirtualClock(1_000);
  const work = Promise.withResolvers<void>();
  const seen: number[] = [];
  const done = clock.during(work.promise);
  clock.soon(() => {
    seen.push(clock.now());
    clock.soon(() => work.resolve());
  });
  await clock.rest();
  await done;
  assert.deepEqual(seen, [1_000]);
  assert.equal(clock.now(), 1_000);
});

test("V2: who waits is called in the order of the moments, and what is taken back is not", async () => {
  const clock = new VirtualClock(0);
  const called: string[] = [];
  const note = (name: string) => () => called.push(`${name} ${clock.now()}`);
  clock.at(200, note("late"));
  clock.at(100, note("early"));
  clock.at(100, note("younger"));
  const stop = clock.at(150, note("never"));
  stop();
  while (await clock.leap());
  assert.deepEqual(called, ["early 100", "younger 100", "late 200"]);
  assert.equal(clock.now(), 200);
});

test("a moment that has passed is called without going back, and pace is told how long each leap is", async () => {
  const waits: number[] = [];
  const clock = new VirtualClock(500, async (ms) => void waits.push(ms));
  clock.at(100, () => undefined);
  clock.at(800, () => undefined);
  while (await clock.leap());
  assert.deepEqual([waits, clock.now()], [[0, 300], 800]);
});

test("a sleep ends in time, or with its signal", async () => {
  const clock = new VirtualClock(0);
  const dropped = new AbortController();
  const [slept, aborted] = [clock.sleep(10), assert.rejects(clock.sleep(10, dropped.signal), /dropped/)];
  dropped.abort(new Error("dropped"));
  await aborted;
  await clock.leap();
  await slept;
  assert.equal(await clock.leap(), false);
});
