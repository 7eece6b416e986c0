import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dayText, isTimeZone, windowOf } from "#usage/windows";

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
const window = (period: "day" | "month" | "total", zone: string, at: string) => {
  const { from, resetsAt } = windowOf(period, zone, Date.parse(at));
  return [iso(from), iso(resetsAt)];
};

test("a day and a month begin at midnight where the budget is", () => {
  assert.deepEqual(window("day", "UTC", "2026-11-27T23:59:59.999Z"), ["2026-11-27T00:00:00.000Z", "2026-11-28T00:00:00.000Z"]);
  assert.deepEqual(window("day", "Asia/Tokyo", "2026-11-27T15:00:00Z"), ["2026-11-27T15:00:00.000Z", "2026-11-28T15:00:00.000Z"]);
  assert.deepEqual(window("day", "Asia/Kathmandu", "2026-11-27T18:14:59Z"), ["2026-11-26T18:15:00.000Z", "2026-11-27T18:15:00.000Z"]);
  assert.deepEqual(window("month", "America/New_York", "2026-12-01T04:59:59Z"), ["2026-11-01T04:00:00.000Z", "2026-12-01T05:00:00.000Z"]);
  assert.deepEqual(window("month", "UTC", "2026-12-31T12:00:00Z"), ["2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"]);
  assert.deepEqual(window("total", "UTC", "2026-12-31T12:00:00Z"), ["1970-01-01T00:00:00.000Z", null]);
});

test("where the clock is put forward at midnight the day begins at one; where it is put back, at the midnight that stays", () => {
  assert.deepEqual(window("day", "America/Santiago", "2025-09-07T12:00:00Z"), ["2025-09-07T04:00:00.000Z", "2025-09-08T03:00:00.000Z"]);
  assert.deepEqual(window("day", "America/Havana", "2025-03-09T12:00:00Z"), ["2025-03-09T05:00:00.000Z", "2025-03-10T04:00:00.000Z"]);
  assert.deepEqual(window("day", "America/Santiago", "2025-04-06T12:00:00Z"), ["2025-04-06T04:00:00.000Z", "2025-04-07T04:00:00.000Z"]);
});

test("every moment lies in its window, which begins and ends with days of the zone, on a quarter of an hour", () => {
  const zone = fc.constantFrom(
    "UTC",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "America/Sao_Paulo",
    "Africa/Cairo",
  );
  const at = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) });
  fc.assert(
    fc.property(zone, at, fc.constantFrom("day" as const, "month" as const), (timeZone, now, period) => {
      const { from, resetsAt } = windowOf(period, timeZone, now);
      assert.ok(resetsAt !== null && from <= now && now < resetsAt);
      assert.equal(from % 900_000, 0);
      assert.notEqual(dayText(timeZone, from), dayText(timeZone, from - 1));
      assert.deepEqual(windowOf(period, timeZone, resetsAt - 1), { from, resetsAt });
      assert.equal(windowOf(period, timeZone, resetsAt).from, resetsAt);
      if (period === "day") assert.equal(dayText(timeZone, from), dayText(timeZone, now));
      else assert.ok(dayText(timeZone, from).endsWith("-01"));
    }),
  );
});

test("a zone that is none is told apart", () => {
  assert.deepEqual(["UTC", "Asia/Tokyo", "Europe/Atlantis", ""].map(isTimeZone), [true, true, false, false]);
});
