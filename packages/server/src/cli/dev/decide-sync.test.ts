import assert from "node:assert/strict";
import { test } from "node:test";
import { decideSync, type SyncStep } from "#cli/dev/decide-sync";

const CASES: readonly (readonly [
  what: string,
  file: string,
  draft: string | null,
  live: string | null,
  base: string | undefined,
  step: SyncStep,
])[] = [
  ["a new file", "a", null, null, undefined, "publish"],
  ["nothing changed", "a", "a", "a", "a", "none"],
  ["a draft that was written into its file, and not published", "b", "b", "a", "b", "none"],
  ["in step, but nothing is live", "a", "a", null, "a", "publish"],
  ["the file came to say what the draft says", "b", "b", "a", "a", "publish"],
  ["only the file changed", "b", "a", "a", "a", "publish"],
  ["only the draft changed", "a", "b", "a", "a", "write"],
  ["both changed", "b", "c", "a", "a", "conflict"],
  ["nobody knows what was, and the draft is live", "b", "a", "a", undefined, "publish"],
  ["nobody knows what was, and the draft was edited", "b", "c", "a", undefined, "conflict"],
];

for (const [what, file, draft, live, base, step] of CASES)
  test(`${what}: ${step}`, () => {
    assert.equal(decideSync({ file, draft, live, base }), step);
  });
