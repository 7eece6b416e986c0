import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { isStale } from "./stale.ts";

const folder = mkdtempSync(join(tmpdir(), "stale-"));
after(() => rmSync(folder, { recursive: true }));

test("what was made is stale where a source was changed, added or taken away since, and where one is gone", () => {
  const [made, sources, deep] = [join(folder, "made.js"), join(folder, "src"), join(folder, "src/deep")];
  mkdirSync(deep, { recursive: true });
  const files = [made, join(deep, "a.ts"), join(deep, "a.test.ts"), join(sources, "b.ts")];
  for (const file of files) writeFileSync(file, "");
  const all = [...files, deep, sources];
  /** Seconds of the clock: everything is old but what is named. */
  const isStaleAfter = (...changed: readonly string[]): boolean => {
    for (const path of all) utimesSync(path, 1_000, path === made ? 1_001 : changed.includes(path) ? 1_002 : 1_000);
    return isStale(made, [sources]);
  };
  assert.equal(isStaleAfter(), false);
  assert.equal(isStaleAfter(join(deep, "a.ts")), true);
  assert.equal(isStaleAfter(deep), true, "a file came or went");
  assert.equal(isStaleAfter(join(deep, "a.test.ts")), false, "a test is no source");
  assert.equal(isStale(made, [sources, join(folder, "gone")]), true);
  assert.equal(isStale(join(folder, "never-made.js"), [sources]), true);
});
