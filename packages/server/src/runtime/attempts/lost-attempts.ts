import { decide, type EntryBody, type ExecuteCommand, type RunState } from "@millrace/engine";

// What every runtime makes of the deaths of processes: which attempts may be to blame, how they are begun again, and when it is given up.

/** How suspects with so many deaths are resumed. */
export interface Stage {
  readonly deaths: number;
  /** How long their process has lived by then. The runs wait that much longer; to be blamed for what others do is worse. */
  readonly afterMs: number;
  /** How many are under way at once: a culprit is found in a few deaths, and thousands of innocents do not wait for each other. */
  readonly atOnce: number;
}

/** From the first number of deaths that sets a run aside to the last before it is given up. */
export const STAGES: readonly Stage[] = [
  { deaths: 2, afterMs: 2_000, atOnce: 64 },
  { deaths: 3, afterMs: 6_000, atOnce: 8 },
  { deaths: 4, afterMs: 18_000, atOnce: 1 },
];

/** From so many deaths on, a suspect is set aside until its stage. */
export const ASIDE_FROM = 2;

/** With so many deaths in a row, a run is given up. */
export const GIVE_UP_AT = 5;

/** A suspect that has neither come further nor killed the process by then no longer holds up the next one. */
export const PATIENCE_MS = 60_000;

/** Those that the process may have died of. One that waits for another run does nothing that could kill, and that run may be set aside itself. */
export function lostAttempts(state: RunState): ExecuteCommand[] {
  return decide(state).flatMap((command) => (command.do === "execute" && command.begun && mayKill(command) ? [command] : []));
}

export function mayKill({ node }: ExecuteCommand): boolean {
  return node.type !== "workflow";
}

export function givenUp(deaths: number, lost: readonly ExecuteCommand[]): EntryBody {
  const nodes = lost.map(({ path }) => path).join(", ");
  return {
    type: "run-cancelled",
    cause: "crash_loop",
    reason: `The server died ${deaths} times in a row while this run was at the same place: ${nodes}.`,
  };
}
