import { getPriority, setPriority } from "node:os";

// Code has what the server leaves of a core, not the other way round. In steps of the system's priorities, of which a higher one gives way to a lower.

/** Of a process that waits for calls, or answers them at once: its callers wait as well. */
const BEHIND_THE_SERVER = 5;

/** Of a process whose call goes on and on: behind everything else on the machine. */
const BEHIND_ALL = 19;

/** A sandbox process comes after the server. False where the system does not allow it: it competes then, as everything else does. */
export function comeAfterServer(pid: number | undefined): boolean {
  return set(pid, Math.min(BEHIND_ALL, getPriority() + BEHIND_THE_SERVER));
}

/** What loops has the cores when nobody else wants them. */
export function comeLast(pid: number | undefined): void {
  set(pid, BEHIND_ALL);
}

function set(pid: number | undefined, priority: number): boolean {
  if (pid === undefined) return false;
  try {
    setPriority(pid, priority);
    return true;
  } catch {
    // It has ended already, or the system lets no process come forward again.
    return false;
  }
}
