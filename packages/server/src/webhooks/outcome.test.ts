import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "#webhooks/outcome";
import { retryAfterMs } from "#webhooks/retry-after";
import { WAITS_MS, waitAfter } from "#webhooks/schedule";

const NOW = Date.UTC(2026, 0, 1);
const DAY = 24 * 60 * 60 * 1_000;
const tried = { tries: 1, endedAt: NOW, chance: 0 };
const answer = (status: number, headers = {}) => ({ status, headers });

test("W25 the schedule has ten attempts over 75 h 35 min 5 s, and jitter adds up to a tenth", () => {
  assert.equal(WAITS_MS.length, 10);
  assert.equal(
    WAITS_MS.reduce<number>((sum, wait) => sum + wait, 0),
    ((75 * 60 + 35) * 60 + 5) * 1_000,
  );
  for (const [attempts, wait] of WAITS_MS.entries()) {
    assert.equal(waitAfter(attempts, 0), wait);
    const longest = waitAfter(attempts, 1 - 2 ** -32);
    assert.ok(longest !== null && longest >= wait && longest <= wait * 1.1);
  }
  assert.equal(waitAfter(10, 0), null);
});

test("W25 any 2xx has arrived, 410 is gone, everything else is tried again until the schedule ends", () => {
  for (const status of [200, 201, 204, 299]) assert.deepEqual(outcomeOf(answer(status), tried), { state: "delivered" });
  assert.deepEqual(outcomeOf(answer(410), { ...tried, tries: 10 }), { state: "gone" });
  for (const failure of [null, answer(199), answer(302, { location: "/" }), answer(404), answer(500)]) {
    assert.deepEqual(outcomeOf(failure, tried), { state: "due", dueAt: NOW + 5_000 });
    assert.deepEqual(outcomeOf(failure, { ...tried, tries: 10 }), { state: "failed" });
  }
});

test("W25 Retry-After delays, and never hastens", () => {
  const next = (value: string) => outcomeOf(answer(503, { "retry-after": value }), tried);
  assert.deepEqual(next("120"), { state: "due", dueAt: NOW + 120_000 });
  assert.deepEqual(next("1"), { state: "due", dueAt: NOW + 5_000 });
  assert.deepEqual(next("999999999"), { state: "due", dueAt: NOW + DAY });
});

test("Retry-After is seconds or a date; anything else asks for nothing", () => {
  assert.equal(retryAfterMs(" 7 ", NOW), 7_000);
  assert.equal(retryAfterMs(new Date(NOW + 9_000).toUTCString(), NOW), 9_000);
  assert.equal(retryAfterMs(new Date(NOW - 9_000).toUTCString(), NOW), 0);
  assert.equal(retryAfterMs("Fri, 31 Dec 9999 23:59:59 GMT", NOW), DAY);
  for (const value of [undefined, "", "soon", "1e9", "-5"]) assert.equal(retryAfterMs(value, NOW), 0, value);
});
