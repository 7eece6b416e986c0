import type { Check } from "../frame/check.ts";
import { killLoopOnce } from "../harness/kill-loop-once.ts";
import { SERVER } from "../harness/server-process.ts";
import { simulateWorlds } from "../harness/simulation-figure.ts";

/** Not those of R10. */
const SEED_OFFSET = 2_000_000;

export const r3: Check = {
  id: "R3",
  property: "A recorded step is never executed again, and all attempts of one step carry one key",
  run: async (effort) => {
    const { kills, logicalSteps, recordedStepsRerun, unannouncedEffects, effectsPerStep } = await killLoopOnce(effort);
    const worlds = await simulateWorlds(SERVER, effort.seed + SEED_OFFSET, effort.long ? 5_000 : 300);
    const histogram = Object.entries(effectsPerStep).map(([times, steps]) => `${times}x ${steps}`);
    return {
      counts: [
        { what: "recorded steps executed again", failed: recordedStepsRerun, of: logicalSteps, tried: "steps" },
        { what: "with effects outside their attempts and key", failed: unannouncedEffects, of: logicalSteps, tried: "steps" },
        {
          what: "in which a recorded step ran again, or under another key",
          failed: worlds.failed,
          of: worlds.seeds,
          tried: "simulated worlds",
        },
      ],
      facts: {
        kills,
        "effects a step": histogram.join(", "),
        "simulated kills": worlds.crashes,
        "attempts repeated in them": worlds.repeated,
      },
      ...(worlds.first !== null && { failures: [worlds.first] }),
    };
  },
};
