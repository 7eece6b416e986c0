import assert from "node:assert/strict";
import { test } from "node:test";
import { Bell } from "#runs/bell";
import { MovableClock } from "#testing/clock";

const HOUR_MS = 3_600_000;

test("a ring wakes whoever listens", async () => {
  const bell = new Bell();
  const heard = bell.heard(new MovableClock(), HOUR_MS);
  bell.ring();
  assert.equal(await heard, true);
});

test("rings while nobody listens are heard once; without one the wait is over when its time is", async () => {
  const clock = new MovableClock();
  const bell = new Bell();
  bell.ring();
  bell.ring();
  assert.equal(await bell.heard(clock, HOUR_MS), true);
  const quiet = bell.heard(clock, HOUR_MS);
  clock.forward(HOUR_MS);
  assert.equal(await quiet, false);
});
