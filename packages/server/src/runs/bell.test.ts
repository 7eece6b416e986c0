import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "#clock";
import { Bell } from "#runs/bell";

/** Time stands still until a test moves it. */
function handClock() {
  const alarms = new Set<() => void>();
  const clock: Clock = {
    now: () => 0,
    mono: () => 0,
    at: (_wallMs, wake) => {
      alarms.add(wake);
      return () => void alarms.delete(wake);
    },
    soon: (wake) => setImmediate(wake),
  };
  return { clock, alarms };
}

test("a ring wakes whoever listens, and leaves no alarm behind", async () => {
  const { clock, alarms } = handClock();
  const bell = new Bell();
  const heard = bell.heard(clock, 1_000);
  assert.equal(alarms.size, 1);
  bell.ring();
  assert.equal(await heard, true);
  assert.equal(alarms.size, 0);
});

test("rings while nobody listens are heard once", async () => {
  const { clock, alarms } = handClock();
  const bell = new Bell();
  bell.ring();
  bell.ring();
  assert.equal(await bell.heard(clock, 1_000), true);
  const quiet = bell.heard(clock, 1_000);
  for (const alarm of alarms) alarm();
  assert.equal(await quiet, false);
});
