import type { WaitingFor } from "@millrace/contract";
import type { Pause } from "@millrace/engine";
import { approvalRef } from "#runs/approval-ref";
import type { Moment } from "#runtime/runtime";
import type { RunContents, RunRow } from "#store/store";

// The wire's words (SUCCEED, workflowRunId, totalCost) live here and in the contract, and nowhere else.

/** B(run): the body that query/result, a synchronous call and a webhook carry, key order included. */
export function presentRun(run: RunContents, moment: Moment | null = null): string {
  const body: Record<string, unknown> = { ...head(run), input: run.input };
  if (run.output) body["output"] = run.output;
  if (run.endedAt !== null) body["workflowExecutionTime"] = run.executionMs;
  body["status"] = run.status;
  if (run.endedAt !== null) {
    body["totalCost"] = run.totalCost;
    body["totalTokens"] = run.totalTokens;
  }
  if (run.startedAt !== null) body["startTime"] = run.startedAt;
  if (run.endedAt !== null) body["endTime"] = run.endedAt;
  if (run.error) body["error"] = run.error;
  if (moment && run.endedAt === null) Object.assign(body, presentMoment(run.id, moment));
  return JSON.stringify(body);
}

/** The five members of an acknowledgement. An accepted run is PENDING to its caller, however far it is by now. */
export function presentAcknowledgement(run: RunRow, status: RunRow["status"] = "PENDING"): string {
  return JSON.stringify({ ...head(run), status });
}

/** What a synchronous caller is told of a run that outlasts the hold. */
export function presentHeld(run: RunRow, moment: Moment | null): string {
  const status = run.startedAt === null ? "PENDING" : "RUNNING";
  return JSON.stringify({ ...head(run), status, ...(moment && presentMoment(run.id, moment)) });
}

/** What keeps a run from going on. */
export function presentMoment(runId: string, { pause, queuePosition }: Moment) {
  return { ...(pause && { waitingFor: waitingFor(runId, pause) }), ...(queuePosition !== null && { queuePosition }) };
}

function waitingFor(runId: string, { type, nodeId, nodeName, since, until, question }: Pause): WaitingFor {
  return { type, nodeId, nodeName, since, ...(until !== null && { until }), ...(question !== undefined && approvalRef(runId, question)) };
}

/** The data of run.started. */
export function presentStart(run: RunRow, at: number): string {
  return JSON.stringify({ ...head(run), at });
}

function head(run: RunRow) {
  return { workflowId: run.workflowId, workflowName: run.workflowName, workflowVersion: run.version, workflowRunId: run.id };
}
