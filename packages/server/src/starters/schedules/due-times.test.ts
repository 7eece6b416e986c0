import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { DueTimes, InvalidSchedule } from "#starters/schedules/due-times";

const iso = (times: readonly number[]) => times.map((time) => new Date(time).toISOString().slice(0, 16));
const after = (cron: string, timeZone: string, from: string, count: number) =>
  iso(new DueTimes(cron, timeZone).next(count, Date.parse(`${from}Z`)));

describe("due times by the clock of a zone", () => {
  const cases: readonly (readonly [string, string, string, string, readonly string[]])[] = [
    [
      "a fixed time in the gap is due at the first moment after it",
      "30 2 * * *",
      "Europe/Berlin",
      "2026-03-28T12:00",
      ["2026-03-29T01:00", "2026-03-30T00:30"],
    ],
    [
      "a fixed time that comes twice is due the first time",
      "30 2 * * *",
      "Europe/Berlin",
      "2026-10-24T12:00",
      ["2026-10-25T00:30", "2026-10-26T01:30"],
    ],
    ["a list of hours is fixed times too", "0 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-30T00:00"]],
    ["a step is never due in the gap", "*/30 * * * *", "Europe/Berlin", "2026-03-29T00:10", ["2026-03-29T00:30", "2026-03-29T01:00"]],
    [
      "a step is due in both hours of the same name",
      "30 */1 * * *",
      "Europe/Berlin",
      "2026-10-25T00:10",
      ["2026-10-25T00:30", "2026-10-25T01:30"],
    ],
    ["the other half of the world", "30 2 * * *", "America/New_York", "2026-03-07T12:00", ["2026-03-08T07:00", "2026-03-09T06:30"]],
    ["half an hour of daylight saving", "15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00", ["2026-10-03T15:30", "2026-10-04T15:15"]],
    ["a leap day", "0 0 29 2 *", "UTC", "2026-06-01T00:00", ["2028-02-29T00:00", "2032-02-29T00:00"]],
    ["beyond 2038", "0 0 1 1 *", "UTC", "2037-06-01T00:00", ["2038-01-01T00:00", "2039-01-01T00:00"]],
  ];
  for (const [name, cron, zone, from, expected] of cases) test(name, () => assert.deepEqual(after(cron, zone, from, 2), expected));

  test("an expression that never falls due has no times", () => assert.equal(new DueTimes("0 0 30 2 *", "UTC").after(0), null));
});

test("what is due between two moments is what falls due one after another from the first on", () => {
  const minute = fc.constantFrom("0", "30", "*/20", "5,50", "59");
  const hour = fc.constantFrom("*", "2", "1,2,3", "*/6", "0");
  const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu");
  const from = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 1) });
  const days = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(minute, hour, zone, from, days, fc.integer({ min: 1, max: 60 }), (minutes, hours, timeZone, at, length, most) => {
      const times = new DueTimes(`${minutes} ${hours} * * *`, timeZone);
      const first = times.after(at) ?? 0;
      const until = first + length * 86_400_000;
      const forward: number[] = [];
      for (let time: number | null = first; time !== null && time <= until; time = times.after(time)) forward.push(time);
      assert.deepEqual(times.between(first, until, most), forward.slice(-most));
    }),
    { numRuns: 150 },
  );
});

test("what cannot be read is refused by the name of what is wrong", () => {
  const refused = (cron: string, zone: string) => {
    try {
      return new DueTimes(cron, zone).after(0);
    } catch (error) {
      return error instanceof InvalidSchedule ? error.member : error;
    }
  };
  for (const cron of ["", "x", "* * * *", "* * * * * *", "61 * * * *", "0 0 32 * *", "0 0 * * XYZ"])
    assert.equal(refused(cron, "UTC"), "cron", cron);
  for (const zone of ["", "Nowhere", "Europe/Atlantis"]) assert.equal(refused("0 0 * * *", zone), "timeZone", zone);
});
