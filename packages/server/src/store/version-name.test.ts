import assert from "node:assert/strict";
import { test } from "node:test";
import { nextVersionName } from "#store/version-name";

const CASES: readonly (readonly [newestFirst: readonly string[], next: string])[] = [
  [[], "1.0.0"],
  [["1.0.0"], "1.0.1"],
  [["1.0.9", "1.0.8"], "1.0.10"],
  [["2.5"], "2.6"],
  [["7"], "8"],
  [["release", "v12"], "1.0.0"],
  [["release", "1.2.3"], "1.2.4"],
  [["1.0.0", "1.0.1"], "1.0.2"],
  [["a.b.09"], "a.b.10"],
  [["1.9007199254740993"], "1.9007199254740994"],
  [["line\nbreak.4"], "line\nbreak.5"],
];

for (const [newestFirst, next] of CASES) {
  test(`after ${JSON.stringify(newestFirst)} comes ${next}`, () => assert.equal(nextVersionName(newestFirst), next));
}
