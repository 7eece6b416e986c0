import assert from "node:assert/strict";
import { test } from "node:test";
import { shortCredits } from "@millrace/engine";
import { NO_USAGE } from "#store/usage-totals";
import { usageCsv } from "#usage/csv";

const line = (value: string, name: string | null = null) =>
  usageCsv("user", [{ ...NO_USAGE, value, name, credits: 12_500_000_000n }]).split("\r\n")[1];

test("a table has a head, and a line a row", () => {
  const head = "user,name,requests,input_tokens,output_tokens,cached_tokens,reasoning_tokens,credits";
  assert.equal(usageCsv("user", []), `${head}\r\n`);
  assert.equal(line("ada", "Ada"), "ada,Ada,0,0,0,0,0,0.0125");
});

test("what a spreadsheet would calculate is text, and what would break the line is quoted", () => {
  for (const value of ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"]) assert.equal(line(value), `'${value},,0,0,0,0,0,0.0125`);
  assert.equal(line('=HYPERLINK("http://x","y")'), `"'=HYPERLINK(""http://x"",""y"")",,0,0,0,0,0,0.0125`);
  assert.equal(line('a "b", c'), '"a ""b"", c",,0,0,0,0,0,0.0125');
});

test("credits are written as short as they are exact", () => {
  assert.deepEqual([0n, 1n, 500n * 10n ** 12n, -3_500_000_000_000n].map(shortCredits), ["0", "0.000000000001", "500", "-3.5"]);
});
