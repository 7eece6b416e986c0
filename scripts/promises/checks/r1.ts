import type { Check } from "../frame/check.ts";
import { killLoopOnce } from "../harness/kill-loop-once.ts";

export const r1: Check = {
  id: "R1",
  property: "An acknowledged run survives a kill of the server at any moment, and ends without help",
  run: async (effort) => {
    const { kills, acknowledged, lost, failed, firstError, resumeMs } = await killLoopOnce(effort);
    return {
      counts: [
        { what: "lost", failed: lost, of: acknowledged, tried: "acknowledged runs" },
        { what: "failed", failed, of: acknowledged, tried: "acknowledged runs" },
      ],
      facts: { kills, "ms until it takes requests again, median": resumeMs.p50, highest: resumeMs.max },
      ...(firstError !== null && { failures: [JSON.stringify(firstError)] }),
    };
  },
};
