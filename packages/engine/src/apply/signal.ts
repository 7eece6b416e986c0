import { deadlineOf } from "#apply/deadline";
import { editFrame, nodeAt, withNode } from "#apply/spine";
import type { SignalAwaited, SignalReceived } from "#journal";
import type { Active, RunState } from "#state";

/** The node does nothing until a signal of that name comes; one that is kept is taken. */
export function awaitSignal(state: RunState, { path, name }: SignalAwaited): RunState {
  let timeoutMs: number | null = null;
  const root = editFrame(state.root, path, (frame, index) => {
    const node = nodeAt(frame, index);
    timeoutMs = frame.graph.nodes[index]?.timeoutMs ?? null;
    return withNode(frame, index, { ...node, status: "sleeping", attempt: node.attempt + 1 });
  });
  const waiting = { ...state, root };
  const kept = state.signals.kept.findIndex((one) => one.name === name);
  const signal = state.signals.kept[kept];
  if (signal) {
    const signals = { ...state.signals, kept: state.signals.kept.toSpliced(kept, 1) };
    return { ...waiting, signals, due: [...state.due, { due: "wake", path, at: state.at, value: signal.value }] };
  }
  const deadline = deadlineOf(state, path, timeoutMs);
  const wait: Active = { active: "signal", path, name, since: state.at };
  return { ...waiting, active: [...state.active, ...(deadline ? [deadline] : []), wait] };
}

/** To whoever has waited longest for it; while nobody does, it is kept. */
export function signalReceived(state: RunState, { name, value, id }: SignalReceived): RunState {
  const { kept, ids } = state.signals;
  if (id !== undefined && ids.includes(id)) return state;
  const known = id === undefined ? ids : [...ids, id];
  const waiting = state.active.find((one) => one.active === "signal" && one.name === name);
  if (!waiting) return { ...state, signals: { kept: [...kept, { name, value }], ids: known } };
  const { path } = waiting;
  return {
    ...state,
    signals: { kept, ids: known },
    active: state.active.filter((one) => one !== waiting),
    due: [...state.due, { due: "wake", path, at: state.at, value }],
  };
}
