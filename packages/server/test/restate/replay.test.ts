import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { skip } from "./house.ts";
import { forcedReplay } from "./replays.ts";

// L3: the engine forgets each run at each of its waits. `npm run scale -- replay` is the long form.

const GRAPHS = 12;

describe("forced replay", { skip, timeout: 180_000 }, () => {
  test("L3 random graphs come to what the reference model says, and no life of a run differs from the one before", async (t) => {
    const first = Math.floor(Math.random() * 2 ** 31);
    t.diagnostic(`seeds from ${first} on`);
    const { lives, mismatches } = await forcedReplay(GRAPHS, first);
    t.diagnostic(`${GRAPHS} graphs in ${lives} lives, ${mismatches.length} mismatches`);
    assert.deepEqual(mismatches, []);
    assert.ok(lives > GRAPHS, "the engine forgot none of the runs");
  });
});
