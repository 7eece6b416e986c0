import assert from "node:assert/strict";
import { test } from "node:test";
import { beginWalk, sees, until } from "./walk.ts";

test("a step prints its second, its title, the time that it took and what was seen; one that fails is the end", async () => {
  const lines: string[] = [];
  const walk = beginWalk((line) => lines.push(line));
  await walk.step(25, "paste", async () => "SUCCEED");
  await assert.rejects(
    walk.step(45, "break it", async () => sees("HTTP 200", /HTTP 400/)[0]),
    /does not show \/HTTP 400\/:\nHTTP 200/,
  );
  assert.match(lines[0] ?? "", /^ok {5}25 s {2}paste +\d+\.\d\d s {3}SUCCEED$/);
  assert.match(lines[1] ?? "", /^FAIL {3}45 s {2}break it/);
  assert.ok(walk.seconds >= 0);
});

test("what acts by itself is asked until it holds, or for so long", async () => {
  let asked = 0;
  assert.ok((await until("the third time", 10_000, () => ++asked === 3)) >= 0);
  assert.equal(asked, 3);
  await assert.rejects(
    until("never", 0, () => false),
    /never: not within 0 ms/,
  );
});
