import { deadlineOf } from "#apply/deadline";
import { editFrame, JournalMismatch, nodeAt, withNode } from "#apply/spine";
import type { QuestionAnswered, QuestionAsked } from "#journal";
import type { Active, OpenQuestion, RunState } from "#state";

// Q1. A question has at most one outcome: whatever settles it takes it out of what is active, and later answers find nothing.
// Q2. Nobody's answer counts twice.
// Q3. An answer counts once as many different people gave it as it needs; those who gave others are outvoted.

/** The node does nothing until enough people have answered. `seq`: the number of the entry. */
export function ask(state: RunState, { path, question, until }: QuestionAsked, seq: number): RunState {
  let timeoutMs: number | null = null;
  const root = editFrame(state.root, path, (frame, index) => {
    const node = nodeAt(frame, index);
    timeoutMs = frame.graph.nodes[index]?.timeoutMs ?? null;
    return withNode(frame, index, { ...node, status: "sleeping", attempt: node.attempt + 1 });
  });
  const since = state.at;
  const open: Active[] = [{ active: "question", path, seq, question, since, until: until ?? null, answers: [] }];
  if (until !== undefined) open.unshift({ active: "timer", path, timer: "answer", until, since });
  const deadline = deadlineOf(state, path, timeoutMs);
  if (deadline && (until === undefined || deadline.until < until)) open.unshift(deadline);
  return { ...state, root, active: [...state.active, ...open] };
}

export function questionAnswered(state: RunState, { path, answer }: QuestionAnswered): RunState {
  const open = questionAt(state, path);
  if (!open || open.answers.some(({ person }) => person === answer.person)) throw new JournalMismatch(`an answer at ${path}`);
  const needed = open.question.needs[answer.action];
  if (needed === undefined) throw new JournalMismatch(`the answer ${answer.action} at ${path}`);
  const answers = [...open.answers, { ...answer, at: state.at }];
  const agreed = answers.filter(({ action }) => action === answer.action).length;
  if (agreed < needed) return { ...state, active: state.active.map((one) => (one === open ? { ...open, answers } : one)) };
  return { ...withoutQuestion(state, path), due: [...state.due, { due: "decide", path, at: state.at, answers }] };
}

/** Its time is over. */
export function expire(state: RunState, path: string): RunState {
  return { ...withoutQuestion(state, path), due: [...state.due, { due: "decide", path, at: state.at, answers: [] }] };
}

/** Nor is any timer of the node left. */
export function withoutQuestion(state: RunState, path: string): RunState {
  return { ...state, active: state.active.filter((one) => one.path !== path) };
}

function questionAt(state: RunState, path: string): OpenQuestion | undefined {
  return state.active.find((one): one is OpenQuestion => one.active === "question" && one.path === path);
}
