import assert from "node:assert/strict";
import { test } from "node:test";
import { daysSpanOf, spanOf } from "#pages/usage/span.ts";

const HOUR_MS = 3_600_000;
const midnight = (day: number) => new Date(2026, 10, day).getTime();
const counted = { from: midnight(22) + 14 * HOUR_MS, to: midnight(29) + 14 * HOUR_MS };

test("the time of a picture ends where the server stopped to count: no empty day follows", () => {
  assert.deepEqual(spanOf({ ...counted }), counted);
});

test("days are seen whole, and none follows the last", () => {
  const days = [22, 23, 28, 29].map(midnight);
  assert.deepEqual(daysSpanOf(counted, days), { from: midnight(22), to: midnight(30) });
  assert.deepEqual(daysSpanOf(counted, [midnight(24)]), counted);
  assert.deepEqual(daysSpanOf(counted, []), counted);
});
