import type { Active, RunState } from "#state";

/** What bounds a node that has no attempt under way: a body, a wait. */
export function deadlineOf(state: RunState, path: string, timeoutMs: number | null): Extract<Active, { active: "timer" }> | null {
  if (timeoutMs === null) return null;
  return { active: "timer", path, timer: "deadline", until: state.at + timeoutMs, since: state.at };
}
