import { readFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

// In steps of the system's priorities, of which a higher one gives way to a lower. Code has what the server leaves of a core, not the other
// way round. A call that computes for long comes as far behind as can be: a core whose loop is not lets whoever wakes up wait for a slice of
// time. What counts is processor time, so that a call which others keep from computing does not fall back for that as well. A process that is
// started for calls to come starts as far behind: nobody waits for it yet.

/** Of a process that answers soon: its callers wait as well as the server's. */
const BEHIND_THE_SERVER = 5;

/** Of processor time; from then on a seventieth of a core is left to the call where others want all of it. */
const AGED_MS = 100;

const LEAST_PRIORITY = 19;

/** How far the process that runs code stands behind everything else. */
export class Priority {
  readonly #pid: number | undefined;
  /** Processor time of the process when its call was first looked at; null: no call goes on. */
  #since: number | null = null;
  /** Of its call, when it was last looked at. */
  #usedMs = 0;
  #isLast = false;

  constructor(pid: number | undefined) {
    this.#pid = pid;
    comeBehind(pid, BEHIND_THE_SERVER);
  }

  /** It is started before anybody needs it. */
  giveWay(): void {
    if (mayComeForward()) this.#comeLast();
  }

  /** Its call goes on. */
  age(): void {
    if (this.#isAged) return;
    const used = processorMs(this.#pid);
    this.#since ??= used;
    this.#usedMs = used - this.#since;
    if (this.#isAged) this.#comeLast();
  }

  /** In how many ms its call is old enough to fall back, at the soonest: one that others keep from computing takes longer. */
  untilOlder(): number {
    return this.#isAged ? Number.POSITIVE_INFINITY : AGED_MS - this.#usedMs;
  }

  /** Its call is over, or somebody needs it. False where the system lets no process come forward again. */
  renew(): boolean {
    this.#since = null;
    this.#usedMs = 0;
    if (this.#isLast) this.#isLast = !comeBehind(this.#pid, BEHIND_THE_SERVER);
    return !this.#isLast;
  }

  #comeLast(): void {
    this.#isLast = true;
    comeBehind(this.#pid, LEAST_PRIORITY);
  }

  get #isAged(): boolean {
    return this.#usedMs >= AGED_MS;
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

/** The capability that it takes, as a bit of the set that the process has. */
const CAP_SYS_NICE = 1n << 23n;

/** Whether the system lets this process bring another one forward again: containers usually may not, root or not. */
function mayComeForward(): boolean {
  try {
    const [, capabilities] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "latin1")) ?? [];
    return capabilities !== undefined && (BigInt(`0x${capabilities}`) & CAP_SYS_NICE) !== 0n;
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
