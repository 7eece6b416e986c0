import type { Json } from "@millrace/contract";
import { assign } from "#apply/assign";
import { closeItem, openItem, startIteration } from "#apply/item";
import { ask, questionAnswered } from "#apply/question";
import { ReadyNodes } from "#apply/ready-nodes";
import { dropFrame, type Effects, failFrame, noEffects, settle, within } from "#apply/settle";
import { awaitSignal, signalReceived } from "#apply/signal";
import { editFrame, frameAt, JournalMismatch, nodeAt, withNode } from "#apply/spine";
import { stepRecorded } from "#apply/step";
import { setTimer, timerFired } from "#apply/timer";
import { runError } from "#errors";
import type { Entry, NodeFailed, NodeFinished, NodeStarted, RunAccepted, TimerKind } from "#journal";
import { containerOf, prefixOf } from "#path";
import { isPaused, isRunDeadline } from "#pause";
import type { Plan } from "#plan/plan-types";
import { type Active, entriesOf, NO_SIGNALS, openFrame, type RunState } from "#state";
import { addUsage, NO_TOTALS } from "#totals";

// The reducer: state is entries folded, nothing else.
// A1. apply never mutates its arguments and reads no clock, chance or network.
// A2. apply(state, entry) is total over the entries that decide and outcome make for that state; anything else is JournalMismatch.
// A3. A node whose node-finished entry was applied is never ready again in the same frame.
// A4. A closed or failed frame leaves nothing behind: no ready node, attempt, timer or due entry under its prefix.

/** The state of a run that has just been accepted. */
export function begin(plan: Plan, entry: RunAccepted & { at: number }): RunState {
  return {
    plan,
    run: entry,
    acceptedAt: entry.at,
    startedAt: null,
    at: entry.at,
    seq: 1,
    root: openFrame(plan.root, "", null, 0),
    due: [],
    ready: ReadyNodes.NONE,
    active: entry.startAt === undefined ? [] : [startTimer(entry.startAt, entry.at)],
    signals: NO_SIGNALS,
    failure: null,
    totals: NO_TOTALS,
    pausedMs: 0,
    finished: null,
  };
}

function startTimer(until: number, since: number): Active {
  return { active: "timer", path: "", timer: "start", until, since };
}

export function replay(plan: Plan, entries: readonly Entry[]): RunState {
  const [first, ...rest] = entries;
  if (first?.type !== "run-accepted") throw new Error("a journal begins with run-accepted");
  return rest.reduce(apply, begin(plan, first));
}

export function apply(state: RunState, entry: Entry): RunState {
  const at = Math.max(state.at, entry.at);
  const waited = state.startedAt !== null && at > state.at && isPaused(state) ? at - state.at : 0;
  const rested = waited === 0 ? state : rest(state, waited);
  const totals = entry.abandoned ? entry.abandoned.reduce((sum, { usage }) => addUsage(sum, usage), state.totals) : state.totals;
  const next = { ...rested, at, seq: state.seq + 1, due: answered(state, entry), totals };
  switch (entry.type) {
    case "run-accepted":
      throw new Error("a run is accepted once");
    case "run-started":
      return start(next);
    case "node-started":
      return nodeStarted(next, entry);
    case "node-finished":
      return nodeFinished(next, entry);
    case "node-failed":
      return nodeFailed(next, entry);
    case "node-skipped":
      return settleNode(forget(next, entry.path), entry.path, { status: "skipped", error: null, steps: null }, []);
    case "step-recorded":
      return stepRecorded(next, entry);
    case "item-opened":
      return openItem(next, entry);
    case "item-closed":
      return closeItem(next, entry);
    case "timer-set":
      return setTimer(forget(next, entry.path), entry);
    case "timer-fired":
      return entry.path === "" ? runTimer(next, entry.timer) : timerFired(next, entry);
    case "signal-awaited":
      return awaitSignal(forget(next, entry.path), entry);
    case "signal-received":
      return signalReceived(next, entry);
    case "question-asked":
      return ask(forget(next, entry.path), entry, state.seq);
    case "question-answered":
      return questionAnswered(next, entry);
    case "run-cancelled":
      return failFrame(next, "", runError(entry.cause ?? "cancelled", entry.reason ?? "The run was cancelled."));
    case "run-finished":
      return { ...next, finished: entry, due: [], ready: ReadyNodes.NONE, active: [] };
    default:
      return entry satisfies never;
  }
}

/** The time that a run waits is none of the time that it may take. */
function rest(state: RunState, waited: number): RunState {
  const active = state.active.map((one) => (isRunDeadline(one) ? { ...one, until: one.until + waited } : one));
  return { ...state, active, pausedMs: state.pausedMs + waited };
}

/** A derived entry answers the first due consequence; any other entry leaves the queue alone. */
function answered(state: RunState, entry: Entry): RunState["due"] {
  const head = state.due[0];
  if (!head || head.due === "end") return state.due;
  const path = "path" in entry ? entry.path : "";
  return head.path === path ? state.due.slice(1) : state.due;
}

function start(state: RunState): RunState {
  const until = state.at + state.plan.runTimeoutMs;
  const active: Active[] = [{ active: "timer", path: "", timer: "deadline", until, since: state.at }];
  const due: RunState["due"] = state.root.unsettled === 0 ? [{ due: "end" }] : [];
  return { ...state, startedAt: state.at, ready: ReadyNodes.NONE.with(entriesOf(state.root)), active, due };
}

function nodeStarted(state: RunState, entry: NodeStarted): RunState {
  const running = forget(state, entry.path);
  const attempt: Active = { active: "attempt", path: entry.path, attempt: entry.attempt };
  const root = editFrame(running.root, entry.path, (frame, index) =>
    withNode(frame, index, { ...nodeAt(frame, index), status: "started", attempt: entry.attempt }),
  );
  const started = { ...running, root, active: [...running.active, attempt] };
  return entry.iterate ? startIteration(forget(started, entry.path), entry.path, entry.iterate) : started;
}

function nodeFinished(state: RunState, entry: NodeFinished): RunState {
  const counted = entry.usage ? { ...state, totals: addUsage(state.totals, entry.usage) } : state;
  const cleared = forget(counted, entry.path);
  const assigned = entry.assign ? assign(cleared, entry.path, entry.assign) : cleared;
  const ports = entry.port === null ? [] : [entry.port];
  return settleNode(assigned, entry.path, { status: "finished", output: entry.output, iteration: null, steps: null }, ports, entry);
}

function nodeFailed(state: RunState, entry: NodeFailed): RunState {
  const counted = forget({ ...state, totals: addUsage(state.totals, entry.usage) }, entry.path);
  const { frame, index } = frameAt(counted.root, entry.path);
  const status = entry.retryAt === undefined ? ("failed" as const) : ("retrying" as const);
  const failed = { ...nodeAt(frame, index), status, attempt: entry.attempt, error: entry.error, iteration: null };
  const noted = {
    ...counted,
    root: editFrame(counted.root, entry.path, (at, i) => withNode(at, i, { ...failed, failures: failed.failures + 1 })),
  };
  if (entry.retryAt !== undefined) {
    const wait: Active = { active: "timer", path: entry.path, timer: "retry", until: entry.retryAt, since: noted.at };
    return { ...noted, active: [...noted.active, wait] };
  }
  return unhandled(noted, entry);
}

/** The last attempt failed: the node's `onError` decides. */
function unhandled(state: RunState, entry: NodeFailed): RunState {
  const { frame, index } = frameAt(state.root, entry.path);
  const plan = frame.graph.nodes[index];
  if (!plan) throw new Error(`no node at ${entry.path}`);
  const regular = plan.ports.filter((port) => port !== "error");
  switch (plan.onError.do) {
    case "fail":
      return failFrame(state, frame.prefix, entry.error);
    case "branch":
      return settleNode(state, entry.path, { status: "failed", steps: null }, ["error"]);
    case "continue":
      return settleNode(state, entry.path, { status: "failed", output: {}, steps: null }, regular);
    case "default":
      return settleNode(state, entry.path, { status: "failed", output: plan.onError.output as Json, steps: null }, regular);
    default:
      return plan.onError satisfies never;
  }
}

/** A timer of the run itself. All but the one that lets it begin end it. */
function runTimer(state: RunState, timer: TimerKind): RunState {
  if (timer === "start") return { ...state, active: [] };
  if (timer === "queue") return failFrame(state, "", runError("queue_expired", "The run waited for its turn too long."));
  return failFrame(state, "", runError("run_timeout", `The run took longer than ${state.plan.runTimeoutMs} ms.`));
}

/** Nothing of this node, nor of anything inside it, is ready, under way or due any more. */
function forget(state: RunState, path: string): RunState {
  const { frame, index } = frameAt(state.root, path);
  const node = frame.graph.nodes[index];
  if (!node) throw new JournalMismatch(`no node at ${path}`);
  const gone = (other: string) => other === path || (node.container !== null && within(other, path));
  const ready = node.container ? state.ready.withoutAll(gone) : state.ready.without(path, node.order);
  const active = withoutActive(state.active, gone);
  const isDue = state.due.some((one) => one.due !== "end" && gone(one.path));
  const due = isDue ? state.due.filter((one) => one.due === "end" || !gone(one.path)) : state.due;
  return ready === state.ready && active === state.active && due === state.due ? state : { ...state, ready, active, due };
}

/** Mostly there is one, or none. */
function withoutActive(active: readonly Active[], gone: (path: string) => boolean): readonly Active[] {
  const first = active.findIndex((one) => gone(one.path));
  if (first < 0) return active;
  const left = active.toSpliced(first, 1);
  return left.some((one) => gone(one.path)) ? left.filter((one) => !gone(one.path)) : left;
}

function settleNode(
  state: RunState,
  path: string,
  change: { status: "finished" | "failed" | "skipped"; output?: Json; error?: null; iteration?: null; steps?: null },
  ports: readonly string[],
  finished?: NodeFinished,
): RunState {
  const effects: Effects = noEffects();
  const leave = finished?.leave;
  const root = editFrame(state.root, path, (frame, index) => {
    const node = { ...nodeAt(frame, index), ...change };
    const isResult = leave === "next" && frame.result === undefined && finished !== undefined;
    return settle(isResult ? { ...frame, result: finished.output } : frame, index, node, ports, effects);
  });
  const settled = {
    ...state,
    root,
    ready: state.ready.with(effects.ready),
    due: effects.due.length > 0 ? [...state.due, ...effects.due] : state.due,
  };
  return leave === "continue" || leave === "break" ? abandon(settled, prefixOf(path), leave) : settled;
}

/** `continue` and `break` end the iteration at once; whatever else runs in it is dropped. */
function abandon(state: RunState, prefix: string, how: "continue" | "break"): RunState {
  const container = containerOf(prefix);
  if (!container) throw new Error(`${how} outside a body`);
  const dropped = dropFrame(state, prefix);
  return { ...dropped, due: [...dropped.due, { due: "close", ...container, how }] };
}
