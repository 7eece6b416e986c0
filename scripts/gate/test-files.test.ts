import assert from "node:assert/strict";
import { test } from "node:test";
import { parseArguments } from "./arguments.ts";
import { selectTestFiles } from "./test-files.ts";

const FILES = ["packages/engine/src/plan/plan.test.ts", "packages/engine/src/retry.test.ts", "scripts/lock/problems.test.ts"];

test("without a pattern every file is chosen", () => {
  assert.deepEqual(selectTestFiles(FILES, []), FILES);
});

test("a pattern is a path, a folder, a glob or a part of the path", () => {
  assert.deepEqual(selectTestFiles(FILES, ["scripts/lock/problems.test.ts"]), [FILES[2]]);
  assert.deepEqual(selectTestFiles(FILES, ["./packages/engine/src/plan"]), [FILES[0]]);
  assert.deepEqual(selectTestFiles(FILES, ["packages/*/src/**/*.test.ts"]), FILES.slice(0, 2));
  assert.deepEqual(selectTestFiles(FILES, ["retry"]), [FILES[1]]);
  assert.deepEqual(selectTestFiles(FILES, ["packages\\engine\\src\\retry"]), [FILES[1]]);
});

test("several patterns add up, in the order of the files and without repetition", () => {
  assert.deepEqual(selectTestFiles(FILES, ["lock", "plan", "lock"]), [FILES[0], FILES[2]]);
});

test("a pattern that names nothing is an error, not a green run of no tests", () => {
  assert.throws(() => selectTestFiles(FILES, ["plan", "nothing-here"]), /no test file matches "nothing-here"/);
});

test("options go to node, patterns do not, and unknown options are refused", () => {
  assert.deepEqual(parseArguments(["plan", "--test-name-pattern=fold"]), {
    staticOnly: false,
    patterns: ["plan"],
    nodeOptions: ["--test-name-pattern=fold"],
  });
  assert.deepEqual(parseArguments(["--static"]), { staticOnly: true, patterns: [], nodeOptions: [] });
  assert.throws(() => parseArguments(["--watch"]), /unknown option --watch/);
});
