import type { ApprovalAnswer, ApprovalView } from "@millrace/contract";
import { type Decider, isTheirs } from "#approvals/decider";
import type { ApprovalRow, StoredAnswer } from "#store/approval-store";

/** An approval as this reader sees it. */
export function approvalView(row: ApprovalRow, reader: Decider): ApprovalView {
  const { id, status, workflowId, workflowName, runId, nodeId, nodeName, path, about, askedAt, until, endedAt } = row;
  const answers = row.answers.map(answerView);
  const last = answers.at(-1);
  return {
    id,
    status,
    workflowId,
    workflowName,
    workflowRunId: runId,
    nodeId,
    nodeName,
    path,
    ...about,
    askedAt,
    ...(until !== null && { until }),
    answers,
    ...(status === "DECIDED" && last && { decision: last }),
    ...(endedAt !== null && { endedAt }),
    mine: isTheirs(row, reader),
  };
}

function answerView({ action, by, at, form, comment }: StoredAnswer): ApprovalAnswer {
  return { action, by, at, form, ...(comment !== null && { comment }) };
}
