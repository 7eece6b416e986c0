import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "#clock";

const HOUR_MS = 3_600_000;

test("R8 a wait ends by the wall clock: a minute late at most where it was put forward, never early where it was put back", (t) => {
  let wall = 0;
  t.mock.method(Date, "now", () => wall);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const woken: string[] = [];
  systemClock.at(HOUR_MS, () => woken.push("hour"));
  systemClock.at(2 * HOUR_MS, () => woken.push("two hours"));
  wall = HOUR_MS;
  t.mock.timers.tick(60_000);
  t.mock.timers.tick(1);
  assert.deepEqual(woken, ["hour"]);
  wall = HOUR_MS / 2;
  for (let minute = 0; minute < 120; minute++) t.mock.timers.tick(60_000);
  assert.deepEqual(woken, ["hour"]);
  wall = 2 * HOUR_MS;
  t.mock.timers.tick(60_000);
  t.mock.timers.tick(1);
  assert.deepEqual(woken, ["hour", "two hours"]);
});

test("a wait that is taken back calls nobody, however often it was continued", (t) => {
  t.mock.method(Date, "now", () => 0);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const stop = systemClock.at(HOUR_MS, () => assert.fail("called back"));
  t.mock.timers.tick(60_000);
  stop();
  t.mock.method(Date, "now", () => HOUR_MS);
  t.mock.timers.tick(60_000);
  t.mock.timers.tick(1);
});
