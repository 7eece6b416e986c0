import type { Check } from "../frame/check.ts";
import { killLoopOnce } from "../harness/kill-loop-once.ts";

export const r3: Check = {
  id: "R3",
  property: "A recorded step is never executed again, and all attempts of one step carry one key",
  run: async (effort) => {
    const { kills, logicalSteps, recordedStepsRerun, unannouncedEffects, effectsPerStep } = await killLoopOnce(effort);
    const histogram = Object.entries(effectsPerStep).map(([times, steps]) => `${times}x ${steps}`);
    return {
      counts: [
        { what: "recorded steps executed again", failed: recordedStepsRerun, of: logicalSteps, tried: "steps" },
        { what: "with effects outside their attempts and key", failed: unannouncedEffects, of: logicalSteps, tried: "steps" },
      ],
      facts: { kills, "effects a step": histogram.join(", ") },
    };
  },
};
