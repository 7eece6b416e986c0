import { FORM } from "../forms/forms.ts";
import { type Check, type Effort, type Outcome, together } from "../frame/check.ts";
import { killLoopOnce } from "../harness/kill-loop-once.ts";
import { straceProblem } from "../harness/strace.ts";
import { sweepKills } from "../kill-sweep/kill-sweep.ts";
import { powerCuts } from "../power-cut/outcome.ts";

export const r1: Check = {
  id: "R1",
  property: "An acknowledged run survives a kill of the server and a power cut at any moment, and ends without help",
  run: async (effort) => together(...(await Promise.all([kills(effort), ...cuts(effort)]))),
};

/** Kills at a system call, and power cuts: of the file, which only servers on SQLite have. */
function cuts(effort: Effort): (Outcome | Promise<Outcome>)[] {
  if (FORM !== "sqlite") return [];
  const problem = straceProblem();
  if (problem !== null) return [{ counts: [], facts: { "power cuts and kills at system calls": `skipped: ${problem}` } }];
  return [sweepKills(effort), powerCuts(effort)];
}

async function kills(effort: Effort): Promise<Outcome> {
  const { kills: times, acknowledged, lost, failed, firstError, resumeMs } = await killLoopOnce(effort);
  return {
    counts: [
      { what: "lost", failed: lost, of: acknowledged, tried: "acknowledged runs" },
      { what: "failed", failed, of: acknowledged, tried: "acknowledged runs" },
    ],
    facts: { kills: times, "ms until it takes requests again, median": resumeMs.p50, highest: resumeMs.max },
    ...(firstError !== null && { failures: [JSON.stringify(firstError)] }),
  };
}
