import assert from "node:assert/strict";
import { test } from "node:test";
import { readFrames } from "#sandbox/frames";
import { MAX_FRAMES } from "#sandbox/limits";

test("keeps the frames of the author's source and counts lines as the author does", () => {
  const stack =
    "    at helper (code.js:4:9)\n    at map (native)\n    at <anonymous> (code.js:2:1)\n    at <anonymous> (code.js:1:30)\n    at invoke (sandbox.js:101:24)\n";
  assert.deepEqual(readFrames(stack), ["at helper (3:9)", "at <anonymous> (1:1)"]);
});

test("a place without a function is the top", () => assert.deepEqual(readFrames("    at code.js:3:5\n"), ["at <top> (2:5)"]));

test("keeps as many frames as the limit allows", () => {
  const frames = (count: number) => readFrames("    at f (code.js:9:1)\n".repeat(count)).length;
  assert.deepEqual([frames(MAX_FRAMES - 1), frames(MAX_FRAMES), frames(MAX_FRAMES + 1)], [MAX_FRAMES - 1, MAX_FRAMES, MAX_FRAMES]);
});

test("a name that looks like a frame is part of the name", () => {
  assert.deepEqual(readFrames("    at evil (code.js:1:1) (code.js:5:2)"), ["at evil (code.js:1:1) (4:2)"]);
});
