import { type ChildProcess, fork } from "node:child_process";
import { performance } from "node:perf_hooks";
import type { Attempt, Result } from "./run.ts";

// Each check in a process of its own: what it uses of the processors is its own, and one that hangs ends at its limit with all that it started.

/** A check that has not ended after so many minutes never does. */
const LIMIT_MINUTES = { change: 15, long: 90 } as const;

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) endGroup(child);
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));

interface Limits {
  readonly change: number;
  readonly long: number;
}

/** Runs `program`, which sends the result of the check to its parent, with `variables` beside those of this process. */
export function runAlone(program: string, limits: Limits = LIMIT_MINUTES, variables: NodeJS.ProcessEnv = {}): Attempt {
  return ({ id, property }, effort) => {
    const began = performance.now();
    const minutes = effort.long ? limits.long : limits.change;
    const broken = (fault: string): Result => {
      const durationMs = Math.round(performance.now() - began);
      return { id, property, ok: false, text: "the check broke", figure: null, faults: [fault], durationMs };
    };
    const child = fork(program, [id, JSON.stringify(effort)], {
      detached: true,
      execArgv: ["--disable-warning=ExperimentalWarning"],
      env: { ...process.env, ...variables },
    });
    running.add(child);
    return new Promise((resolve) => {
      const limit = setTimeout(() => over(broken(`it had not ended after ${minutes} minutes`)), minutes * 60_000);
      const over = (result: Result): void => {
        clearTimeout(limit);
        running.delete(child);
        endGroup(child);
        resolve(result);
      };
      child.once("message", (result) => over(result as Result));
      child.once("exit", (code, signal) => over(broken(`its process ended before it did (${signal ?? code})`)));
    });
  };
}

/** What a check leaves behind, too: its servers are in the group that it leads. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ESRCH") throw thrown;
  }
}
