import { deadlineOf } from "#apply/deadline";
import { expire, withoutQuestion } from "#apply/question";
import { editFrame, frameAt, JournalMismatch, nodeAt, withNode } from "#apply/spine";
import { runError } from "#errors";
import type { TimerFired, TimerSet } from "#journal";
import type { Active, RunState } from "#state";

/** The node does nothing until its moment has come: no attempt is under way meanwhile. */
export function setTimer(state: RunState, { path, until }: TimerSet): RunState {
  let timeoutMs: number | null = null;
  const root = editFrame(state.root, path, (frame, index) => {
    const node = nodeAt(frame, index);
    timeoutMs = frame.graph.nodes[index]?.timeoutMs ?? null;
    return withNode(frame, index, { ...node, status: "sleeping", attempt: node.attempt + 1 });
  });
  const wait: Active = { active: "timer", path, timer: "wait", until, since: state.at };
  const deadline = deadlineOf(state, path, timeoutMs);
  // A deadline that comes no sooner than the moment itself would have nothing to cut short, however late both are noticed.
  const timers = deadline === null || deadline.until >= until ? [wait] : [deadline, wait];
  return { ...state, root, active: [...state.active, ...timers] };
}

/** What the timer was set for becomes ready or due. The run's own deadline is not among it: it ends everything. */
export function timerFired(state: RunState, { path, timer }: TimerFired): RunState {
  const active = state.active.filter((one) => !(one.active === "timer" && one.path === path && one.timer === timer));
  const fired = { ...state, active };
  switch (timer) {
    case "retry":
      return readyAgain(fired, path);
    case "wait":
      return { ...fired, due: [...fired.due, { due: "wake", path, at: fired.at }] };
    case "answer":
      return expire(fired, path);
    case "start":
    case "queue":
      throw new JournalMismatch(`a timer of the run at ${path}`);
    case "deadline":
      return { ...withoutQuestion(fired, path), due: [...fired.due, { due: "fail", path, error: timeout(fired, path) }] };
    default:
      return timer satisfies never;
  }
}

function readyAgain(state: RunState, path: string): RunState {
  const { frame, index } = frameAt(state.root, path);
  const plan = frame.graph.nodes[index];
  if (!plan) throw new Error(`no node at ${path}`);
  const root = editFrame(state.root, path, (at, i) => withNode(at, i, { ...nodeAt(at, i), status: "ready" }));
  return { ...state, root, ready: state.ready.with([{ path, order: plan.order }]) };
}

function timeout(state: RunState, path: string) {
  const { frame, index } = frameAt(state.root, path);
  return runError("node_timeout", `The node took longer than ${frame.graph.nodes[index]?.timeoutMs} ms.`);
}
