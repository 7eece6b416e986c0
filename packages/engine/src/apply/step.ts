import { editFrame, frameAt, JournalMismatch, nodeAt, withNode } from "#apply/spine";
import type { StepRecorded } from "#journal";
import type { RecordedStep, RunState } from "#state";
import { addUsage } from "#totals";

// S1. A step is recorded once, by the attempt that is under way; a second one of the same name is a journal that does not fit.
// S2. What was recorded holds for every later attempt of the node in its frame, and is forgotten once the node is done.

export function stepRecorded(state: RunState, { path, attempt, step, output, usage = NONE }: StepRecorded): RunState {
  const isUnderWay = state.active.some((one) => one.active === "attempt" && one.path === path && one.attempt === attempt);
  if (!isUnderWay || recordedStep(state, path, step)) throw new JournalMismatch(`the step ${step} of ${path}`);
  const root = editFrame(state.root, path, (frame, index) => {
    const node = nodeAt(frame, index);
    return withNode(frame, index, { ...node, steps: [...(node.steps ?? NONE), { step, output, usage }] });
  });
  return { ...state, root, totals: addUsage(state.totals, usage) };
}

/** undefined: no attempt of the node has done it. */
export function recordedStep(state: RunState, path: string, step: string): RecordedStep | undefined {
  const { frame, index } = frameAt(state.root, path);
  return nodeAt(frame, index).steps?.find((one) => one.step === step);
}

const NONE: readonly never[] = [];
