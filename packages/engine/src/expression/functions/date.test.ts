import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MAX_PATTERN_LENGTH } from "#expression/functions/date-pattern";
import { evaluate } from "#expression/testing/evaluate";
import { checkTable } from "#expression/testing/table";

const DATA = { t: 1_718_454_645_678, nothing: null, bad: true, list: [] };

test("parseDate reads ISO 8601 and RFC 2822", () =>
  checkTable(
    `
parseDate("1970-01-01") => 0
parseDate("2024-06-15T12:30:45.678Z") => 1718454645678
parseDate("2024-06-15 12:30:45") => 1718454645000
parseDate("2024-06-15T12:30") => 1718454600000
parseDate("2024-06-15T12:30:45+09:00") => 1718422245000
parseDate("2024-06-15T12:30:45-0530") => 1718474445000
parseDate("2024-06-15T12:30:45,5Z") => 1718454645500
parseDate("2024-06-15T12:30:45.123456789Z") => 1718454645123
parseDate(" 2024-06-15\\n") => 1718409600000
parseDate("2024-02-29") => 1709164800000
parseDate("0001-01-02") => -62135510400000
parseDate("9999-12-31") => 253402214400000
parseDate("9999-12-31T00:00:00.001") => !bad_argument
parseDate("0001-01-01T23:59:59.999") => !bad_argument
parseDate("Sat, 15 Jun 2024 12:30:45 GMT") => 1718454645000
parseDate("15 Jun 2024 12:30 +0900") => 1718422200000
parseDate("2024-06-15 12:30", nothing, "Asia/Tokyo") => 1718422200000
parseDate("2024-06-15T12:30Z", nothing, "Asia/Tokyo") => 1718454600000
parseDate(t) => 1718454645678
parseDate(nothing) => null
parseDate("2024-02-30") => !bad_input
parseDate("2024-13-01") => !bad_input
parseDate("2024-06-15T24:00") => !bad_input
parseDate("2024-06-15T12:60") => !bad_input
parseDate("2024-06-15T12:30:45+99:00") => !bad_input
parseDate("yesterday") => !bad_input
parseDate("") => !bad_input
parseDate("0000-01-01") => !bad_argument
parseDate(1.5) => !bad_argument
parseDate(1e300) => !bad_argument
parseDate(bad) => !bad_argument
parseDate(list) => !bad_argument
parseDate("2024-06-15", nothing, "Mars/Base") => !bad_argument
`.replaceAll("\\\\", "\\"),
    DATA,
  ));

test("parseDate reads a text by a pattern", () =>
  checkTable(
    `
parseDate("15.06.2024 12:30", "DD.MM.YYYY HH:mm") => 1718454600000
parseDate("6/5/24", "M/D/YY") => 1717545600000
parseDate("June 5, 2024 1:05 pm", "MMMM D, YYYY h:mm a") => 1717592700000
parseDate("12:00 AM 2024-06-15", "hh:mm A YYYY-MM-DD") => 1718409600000
parseDate("12:00 PM 2024-06-15", "hh:mm A YYYY-MM-DD") => 1718452800000
parseDate("Sat 15 Jun 2024", "ddd D MMM YYYY") => 1718409600000
parseDate("Saturday 15 Jun 2024", "dddd D MMM YYYY") => 1718409600000
parseDate("on 2024-06-15", "[on] YYYY-MM-DD") => 1718409600000
parseDate("20240615123045678", "YYYYMMDDHHmmssSSS") => 1718454645678
parseDate("2024-06-15T12:30+09:00", "YYYY-MM-DDTHH:mmZ") => 1718422200000
parseDate("2024-06-15 12:30 -0500", "YYYY-MM-DD HH:mm ZZ") => 1718472600000
parseDate("1718454645", "X") => 1718454645000
parseDate("1718454645678", "x") => 1718454645678
parseDate("2024-06-15", "DD.MM.YYYY") => !bad_input
parseDate("2024-06-15 extra", "YYYY-MM-DD") => !bad_input
parseDate("13:00 PM", "hh:mm A") => !bad_input
parseDate("2024 Foo", "YYYY MMM") => !bad_input
`,
    DATA,
  ));

test("formatDate writes every token", () =>
  checkTable(
    `
formatDate(t) => "2024-06-15T12:30:45.678Z"
formatDate(t, nothing, "Asia/Tokyo") => "2024-06-15T21:30:45.678+09:00"
formatDate(t, "YYYY-MM-DD HH:mm:ss") => "2024-06-15 12:30:45"
formatDate(t, "YY M D H h m s") => "24 6 15 12 12 30 45"
formatDate(t, "MMMM MMM dddd ddd") => "June Jun Saturday Sat"
formatDate(t, "hh A a SSS") => "12 PM pm 678"
formatDate(t, "Z ZZ X x") => "+00:00 +0000 1718454645 1718454645678"
formatDate(t, "[Today: YYYY] YYYY") => "Today: YYYY 2024"
formatDate(t, "") => ""
formatDate(t, "日本 YYYY年M月D日") => "日本 2024年6月15日"
formatDate(0, "hh:mm a") => "12:00 am"
formatDate("2024-06-15", "DD/MM/YYYY") => "15/06/2024"
formatDate(t, "YYYY-MM-DD HH:mm Z", "America/New_York") => "2024-06-15 08:30 -04:00"
formatDate(t, "HH:mm Z", "Asia/Kolkata") => "18:00 +05:30"
formatDate(t, "HH:mm ZZ", "-03:30") => "09:00 -0330"
formatDate("2024-06-15 00:30", "YYYY-MM-DD HH:mm", "Asia/Tokyo") => "2024-06-15 00:30"
formatDate(nothing) => null
formatDate("no date") => !bad_input
formatDate(bad) => !bad_argument
formatDate(t, "YYYY", "Mars/Base") => !bad_argument
formatDate(t, "YYYY", "") => !bad_argument
formatDate(1e300, "YYYY") => !bad_argument
`,
    DATA,
  ));

test("clock changes: a time that is skipped uses the offset before it, one that comes twice is the first", () =>
  checkTable(
    `
formatDate(parseDate("2024-03-10 02:30", nothing, "America/New_York"), "YYYY-MM-DD HH:mm Z", "America/New_York") => "2024-03-10 03:30 -04:00"
formatDate(parseDate("2024-11-03 01:30", nothing, "America/New_York"), "YYYY-MM-DD HH:mm Z", "America/New_York") => "2024-11-03 01:30 -04:00"
formatDate(parseDate("2024-11-03 02:00", nothing, "America/New_York"), "YYYY-MM-DD HH:mm Z", "America/New_York") => "2024-11-03 02:00 -05:00"
`,
    DATA,
  ));

test("a pattern has at most so many characters", () => {
  const data = { fits: "[".repeat(MAX_PATTERN_LENGTH), long: "[".repeat(MAX_PATTERN_LENGTH + 1), t: 0 };
  assert.equal(evaluate("formatDate(t, fits)", data), data.fits);
  assert.throws(() => evaluate("formatDate(t, long)", data), /at most 100 characters/);
});

test("what is formatted is parsed back, in any zone", () => {
  const zone = fc.constantFrom("UTC", "Asia/Tokyo", "Asia/Kolkata", "America/St_Johns", "+05:45", "-11:00");
  const time = fc.integer({ min: -62_135_510_400_000, max: 253_402_214_400_000 });
  fc.assert(
    fc.property(time, zone, (t, z) => {
      assert.equal(evaluate("parseDate(formatDate(t, p, z), p)", { t, z, p: "YYYY-MM-DD HH:mm:ss.SSS x" }), t);
      assert.equal(evaluate('formatDate(t, "YYYY-MM-DD[T]HH:mm:ss.SSS[Z]")', { t }), new Date(t).toISOString());
    }),
  );
});

test("now is the time of the evaluation", () => {
  assert.equal(evaluate("now()", {}, { now: 42 }), 42);
  assert.equal(evaluate("[now(), now()].unique().length", {}, { now: 42 }), 1);
});
