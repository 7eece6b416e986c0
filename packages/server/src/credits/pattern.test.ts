import assert from "node:assert/strict";
import { test } from "node:test";
import { fits, saysOf } from "#credits/pattern";

test("a star stands for any characters, also none", () => {
  const cases: readonly (readonly [pattern: string, name: string, fits: boolean])[] = [
    ["gpt-4o", "gpt-4o", true],
    ["gpt-4o", "gpt-4o-mini", false],
    ["gpt-4o*", "gpt-4o", true],
    ["gpt-4o*", "gpt-4o-mini", true],
    ["*-mini", "gpt-4o-mini", true],
    ["*-mini", "-min", false],
    ["*opus*", "claude-opus-5", true],
    ["a*b*c", "a--b--c", true],
    ["a*b*c", "a--c--b", false],
    ["aa*aa", "aaa", false],
    ["*", "", true],
    ["a.c", "abc", false],
  ];
  for (const [pattern, name, expected] of cases) assert.equal(fits(pattern, name), expected, `${pattern} ${name}`);
});

test("many stars take no longer than the name is", () => {
  assert.equal(fits(`${"*a".repeat(500)}b`, "a".repeat(10_000)), false);
});

test("the whole name says most, then the longest pattern", () => {
  const sorted = ["openai/*", "*", "openai/gpt-4o", "openai/gpt-*"].toSorted((a, b) => saysOf(b) - saysOf(a));
  assert.deepEqual(sorted, ["openai/gpt-4o", "openai/gpt-*", "openai/*", "*"]);
});
