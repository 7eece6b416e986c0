import { readFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

// In steps of the system's priorities, of which a higher one gives way to a lower. Code has what the server leaves of a core, not the other
// way round. The longer one call computes the more it gives way: a core whose loop is not far behind lets whoever wakes up wait for a
// slice of time. What counts is processor time, so that a call which others keep from computing does not fall back for that as well.

/** Of a process that answers soon: its callers wait as well as the server's. */
const BEHIND_THE_SERVER = 5;

/** From so much processor time on a call is so far behind the server: a tenth of a core is left to it where others want all of it, then a thirtieth. */
const AGES: readonly { readonly cpuMs: number; readonly behind: number }[] = [
  { cpuMs: 100, behind: 10 },
  { cpuMs: 1_000, behind: 15 },
];

const LEAST_PRIORITY = 19;

/** How far the process that runs code stands behind everything else. */
export class Priority {
  readonly #pid: number | undefined;
  /** Processor time of the process when its call was first looked at; null: no call goes on. */
  #since: number | null = null;
  /** Of its call, when it was last looked at. */
  #usedMs = 0;
  /** How many of the ages its call has reached. */
  #age = 0;

  constructor(pid: number | undefined) {
    this.#pid = pid;
    comeBehind(pid, BEHIND_THE_SERVER);
  }

  /** Its call goes on. */
  age(): void {
    const next = AGES[this.#age];
    if (next === undefined) return;
    const used = processorMs(this.#pid);
    this.#since ??= used;
    this.#usedMs = used - this.#since;
    if (this.#usedMs < next.cpuMs) return;
    this.#age += 1;
    comeBehind(this.#pid, next.behind);
  }

  /** In how many ms its call is old enough to fall back further, at the soonest: one that others keep from computing takes longer. */
  untilOlder(): number {
    const next = AGES[this.#age];
    return next === undefined ? Number.POSITIVE_INFINITY : next.cpuMs - this.#usedMs;
  }

  /** Its call is over. False where the system lets no process come forward again. */
  renew(): boolean {
    this.#since = null;
    this.#usedMs = 0;
    if (this.#age === 0) return true;
    this.#age = 0;
    return comeBehind(this.#pid, BEHIND_THE_SERVER);
  }
}

/** False where the system does not allow it, or the process has ended: it competes then, as everything else does. */
function comeBehind(pid: number | undefined, steps: number): boolean {
  if (pid === undefined) return false;
  try {
    setPriority(pid, Math.min(LEAST_PRIORITY, getPriority() + steps));
    return true;
  } catch {
    return false;
  }
}

/** Of a tick of /proc; fixed on Linux. */
const TICK_MS = 10;

/** Used by the process so far; 0 where the system does not say, and then no call ages. */
function processorMs(pid: number | undefined): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [user, system] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 13);
    return (Number(user) + Number(system)) * TICK_MS;
  } catch {
    return 0;
  }
}
