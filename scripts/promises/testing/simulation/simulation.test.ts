import assert from "node:assert/strict";
import { test } from "node:test";
import { FairPlaces } from "../../../../packages/server/src/runtime/attempts/fair-places.ts";
import { EmbeddedRuntime } from "../../../../packages/server/src/runtime/embedded/embedded-runtime.ts";
import * as errors from "../../../../packages/server/src/store/errors.ts";
import { chance } from "../../harness/chance.ts";
import { simulate } from "./simulation.ts";

/** Worlds in which something went wrong once. */
const SEEDS: readonly (readonly [seed: number, what: string])[] = [
  [6, "a start on a disk that is full"],
  [109, "an answer that comes in the moment in which its item fails"],
  [1225, "a timer that fires in the moment in which its item fails"],
  [12_995, "a run that comes back to a process which had lost it"],
  [982_678_481, "an attempt in the moment in which a run comes back to a process that knows neither of its loss nor of that"],
];

for (const [seed, what] of SEEDS) {
  test(`seed ${seed}: ${what}`, async () => {
    const subject = { EmbeddedRuntime, FairPlaces, errors };
    const result = await simulate(subject, seed, chance(seed));
    assert.deepEqual(result.failures, []);
    assert.ok(result.runs > 0 && result.steps > 100);
    assert.equal((await simulate(subject, seed, chance(seed))).trace, result.trace);
  });
}
