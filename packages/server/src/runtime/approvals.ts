import type { ApprovalAbout, ApprovalStatus } from "@millrace/contract";
import { type Entry, nodeOfPath, type OpenQuestion, type RunState } from "@millrace/engine";
import { type ApprovalRow, approvalId } from "#store/approval-store";

/** The approvals that an entry opens, answers or closes, as they stand after it. */
export function approvalsChanged(before: RunState, after: RunState, entry: Entry): readonly ApprovalRow[] {
  if (before.active === after.active) return NONE;
  const left = after.active.filter(isQuestion);
  const known = before.active.filter(isQuestion);
  if (left.length === 0 && known.length === 0) return NONE;
  const closed = known.filter((one) => !left.some(({ seq }) => seq === one.seq));
  const changed = left.filter((one) => !known.includes(one));
  return [...closed.map((one) => closedRow(after, one, entry)), ...changed.map((one) => openRow(after, one))];
}

/** Has it an open question? */
export function asks({ active }: RunState): boolean {
  return active.some(isQuestion);
}

const NONE: readonly never[] = [];

function isQuestion(one: RunState["active"][number]): one is OpenQuestion {
  return one.active === "question";
}

function openRow(state: RunState, { path, seq, question, since, until, answers }: OpenQuestion): ApprovalRow {
  const { runId, workflow } = state.run;
  const node = nodeOfPath(state.plan.root, path);
  return {
    id: approvalId(runId, seq),
    runId,
    workflowId: workflow.id,
    workflowName: workflow.name,
    nodeId: node?.id ?? path,
    nodeName: node?.name ?? path,
    path,
    // Only the node's executor makes questions, and makes them so.
    about: question.about as unknown as ApprovalAbout,
    askedAt: since,
    until,
    answers,
    status: "OPEN",
    endedAt: null,
  };
}

function closedRow(state: RunState, open: OpenQuestion, entry: Entry): ApprovalRow {
  const row = { ...openRow(state, open), status: statusOf(open, entry), endedAt: state.at };
  if (row.status !== "DECIDED" || entry.type !== "question-answered") return row;
  return { ...row, answers: [...open.answers, { ...entry.answer, at: state.at }] };
}

/** Whatever else ended the wait took it away. */
function statusOf({ path }: OpenQuestion, entry: Entry): ApprovalStatus {
  if (entry.type === "question-answered" && entry.path === path) return "DECIDED";
  return entry.type === "timer-fired" && entry.timer === "answer" && entry.path === path ? "TIMED_OUT" : "CANCELLED";
}
