import assert from "node:assert/strict";
import { test } from "node:test";
import { credits, duration, integer, shortId, size, timeText } from "./format.js";
import { chooseLanguage, LANGUAGES } from "./language.js";
import { shellWord } from "./views/runs.js";

test("durations are cut, never rounded up to the next unit", () => {
  chooseLanguage("en");
  const shown = [-5, 0, 999, 1_000, 59_999, 60_000, 192_000, 3_599_999, 3_600_000, 7_500_000].map(duration);
  assert.deepEqual(shown, ["0 ms", "0 ms", "999 ms", "1 sec", "59.9 sec", "1 min", "3 min 12 sec", "59 min 59 sec", "1 hr", "2 hr 5 min"]);
});

test("credits keep the four places of the wire, sizes count in thousands", () => {
  chooseLanguage("en");
  assert.deepEqual([credits(0), credits(0.0001), credits(18.4021), credits(1204.5)], ["0", "0.0001", "18.4021", "1,204.5"]);
  assert.deepEqual([size(999), size(32_768), size(10_485_760)], ["999 byte", "32.8 kB", "10.5 MB"]);
  assert.equal(integer(734_440), "734,440");
});

test("a time of today is a clock time, another day has its date, another year its year", () => {
  chooseLanguage("en");
  const now = new Date(2026, 10, 21, 14, 3, 22).getTime();
  assert.equal(timeText(new Date(2026, 10, 21, 0, 0, 1).getTime(), now), "00:00:01");
  assert.equal(timeText(new Date(2026, 10, 20, 23, 59, 1).getTime(), now), "Nov 20, 23:59");
  assert.equal(timeText(new Date(2025, 10, 21, 14, 3, 22).getTime(), now), "Nov 21, 2025, 14:03");
});

test("every language formats numbers and times", () => {
  for (const language of LANGUAGES) {
    chooseLanguage(language);
    assert.match(duration(1_712), /^1\.7\s?\S+$/);
    assert.notEqual(timeText(0), "");
  }
  chooseLanguage("en");
});

test("short ids keep both ends", () => {
  assert.equal(shortId("0198f3c2-5b15-7cbf-999c-1b21893466b0"), "0198f3c2…66b0");
  assert.equal(shortId("0123456789abcdef"), "0123456789abcdef");
});

test("names in commands are one word of a shell", () => {
  assert.equal(shellWord("todayNews"), "todayNews");
  assert.equal(shellWord("a b"), "'a b'");
  assert.equal(shellWord("$(rm -rf ~)"), "'$(rm -rf ~)'");
  assert.equal(shellWord("it's"), "'it'\\''s'");
  assert.equal(shellWord("今日新闻"), "'今日新闻'");
  assert.equal(shellWord(""), "''");
});
