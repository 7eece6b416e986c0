import { frameAt } from "#apply/spine";
import type { Active, RunState } from "#state";

/**
 * A run is paused while all that is open in it are waits: nothing is ready, due or under way, and no node is between two attempts.
 * Deadlines only watch and do not count. Time spent so is no execution time.
 */
export function isPaused(state: RunState): boolean {
  if (!state.ready.isEmpty || state.due.length > 0) return false;
  let waits = false;
  for (const one of state.active) {
    if (one.active === "attempt" || (one.active === "timer" && one.timer === "retry")) return false;
    if (isWait(one)) waits = true;
  }
  return waits;
}

/** A wait, as whoever asks after the run sees it. */
export interface Pause {
  readonly type: "timer" | "signal" | "human";
  readonly nodeId: string;
  readonly nodeName: string;
  readonly since: number;
  /** null: whenever the signal, or the answer, comes. */
  readonly until: number | null;
  /** Of a question: the number of the entry that asked it. */
  readonly question?: number;
}

/** What a paused run waits for: of several waits the one that ends first. null: it is not paused, or has not begun. */
export function pauseOf(state: RunState): Pause | null {
  if (state.startedAt === null || !isPaused(state)) return null;
  const [next] = state.active.filter(isWait).sort((a, b) => endOf(a) - endOf(b));
  if (!next) return null;
  const { frame, index } = frameAt(state.root, next.path);
  const node = frame.graph.nodes[index];
  if (!node) return null;
  const until = next.active === "signal" ? null : next.until;
  const type = next.active === "question" ? "human" : next.active;
  const question = next.active === "question" ? { question: next.seq } : {};
  return { type, nodeId: node.id, nodeName: node.name, since: next.since, until, ...question };
}

type Timer = Extract<Active, { active: "timer" }>;

/** The timers that run: the run's own deadline stands still while it is paused. */
export function armedTimers(state: RunState): readonly Timer[] {
  const timers = state.active.filter((one) => one.active === "timer");
  return timers.some(isRunDeadline) && isPaused(state) ? timers.filter((one) => !isRunDeadline(one)) : timers;
}

export function isRunDeadline(one: Active): one is Timer {
  return one.active === "timer" && one.path === "" && one.timer === "deadline";
}

/** When the first timer of the run fires; null: none is set. */
export function nextTimerAt(state: RunState): number | null {
  const times = armedTimers(state).map(({ until }) => until);
  return times.length === 0 ? null : Math.min(...times);
}

type Wait = Extract<Active, { active: "timer" | "signal" | "question" }>;

function isWait(one: Active): one is Wait {
  return (
    one.active === "signal" || one.active === "question" || (one.active === "timer" && (one.timer === "wait" || one.timer === "start"))
  );
}

function endOf(wait: Wait): number {
  return (wait.active === "signal" ? null : wait.until) ?? Number.POSITIVE_INFINITY;
}
