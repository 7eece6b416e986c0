import assert from "node:assert/strict";
import { test } from "node:test";
import { killLoop } from "./kill-loop.ts";

// W15, R1 and R3 in small; `npm run crash` is the long form.
test("L6: no acknowledged run is lost and no recorded step runs again, whenever the server is killed", async (t) => {
  const figure = await killLoop({ kills: 4, runs: 60, seed: 20_261_121 });
  t.diagnostic(
    `${figure.kills} kills, ${figure.acknowledged} acknowledged runs, ${figure.lost} lost, ${figure.logicalSteps} steps, ${figure.recordedStepsRerun} run again`,
  );
  assert.ok(figure.acknowledged >= 60, "too few runs were acknowledged to prove anything");
  assert.deepEqual([figure.lost, figure.failed, figure.recordedStepsRerun, figure.unannouncedEffects], [0, 0, 0, 0]);
});
