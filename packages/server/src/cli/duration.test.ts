import assert from "node:assert/strict";
import { test } from "node:test";
import { CliError } from "#cli/cli-error";
import { durationMs } from "#cli/duration";

test("durations in every unit; a number alone is seconds", () => {
  const cases = { "500ms": 500, "1.5s": 1_500, "30": 30_000, "30s": 30_000, "5m": 300_000, "2h": 7_200_000, "1d": 86_400_000, "0": 0 };
  for (const [text, ms] of Object.entries(cases)) assert.equal(durationMs("--wait", text), ms, text);
});

test("what is none, or longer than a timer counts, is a usage error that names the flag", () => {
  for (const text of ["", "soon", "-1s", "1 s", "1w", "1e3", "25d"]) {
    assert.throws(
      () => durationMs("--wait", text),
      (error) => error instanceof CliError && error.exitCode === 2 && error.message.startsWith("--wait: "),
      text,
    );
  }
  assert.equal(durationMs("--wait", "24d"), 24 * 86_400_000);
});
