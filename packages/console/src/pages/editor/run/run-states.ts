import { fromPointer, type Json, type NodeTrace, type RunDetail } from "@millrace/contract";
import type { Samples } from "#pages/editor/model/samples.ts";
import type { NodeFailure, NodeState, NodeStates } from "#pages/editor/node-state.ts";
import type { Status } from "#ui/status.tsx";

/** Of the iterations of one node the one that says most. */
const ORDER: readonly Status[] = ["FAILED", "CANCELLED", "RUNNING", "RETRYING", "WAITING", "SUCCEED", "PENDING", "SKIPPED"];

/** What a run did, node by node; iterations of a body's node are one state with their number. */
export function statesOf(run: Pick<RunDetail, "nodes" | "endedAt">, now: number): NodeStates {
  const byNode = Map.groupBy(run.nodes, ({ nodeId }) => nodeId);
  return new Map([...byNode].map(([id, traces]) => [id, stateOf(traces, run.endedAt !== undefined, now)]));
}

function stateOf(traces: readonly NodeTrace[], ended: boolean, now: number): NodeState {
  const statuses = traces.map((trace) => statusOfTrace(trace, ended));
  const status = ORDER.find((each) => statuses.includes(each)) ?? "PENDING";
  const telling = traces[statuses.indexOf(status)];
  const error = telling?.status === "FAILED" || status === "RETRYING" ? telling?.error : undefined;
  const durationMs = traces.reduce((sum, { startedAt, endedAt }) => sum + (startedAt === undefined ? 0 : (endedAt ?? now) - startedAt), 0);
  return {
    status,
    ...(telling?.startedAt !== undefined && { durationMs }),
    attempts: Math.max(...traces.map(({ attempts }) => attempts)),
    ...(error && telling && { error: failureOf(error, telling) }),
    ...(telling?.iteration && { count: traces.length }),
  };
}

function failureOf({ type, message }: NonNullable<NodeTrace["error"]>, { errorField, inputValue }: NodeTrace): NodeFailure {
  return {
    type,
    message,
    ...(errorField !== undefined && { field: fromPointer(errorField) }),
    ...(inputValue !== undefined && { given: inputValue }),
  };
}

/** A failed attempt that another follows is a retry; what was under way when the run ended was cancelled. */
function statusOfTrace({ status, error }: NodeTrace, ended: boolean): Status {
  if (status === "WAITING" && error) return ended ? "CANCELLED" : "RETRYING";
  return ended && (status === "RUNNING" || status === "WAITING") ? "CANCELLED" : status;
}

/** What the nodes gave: of iterations the last. */
export function samplesOf(run: Pick<RunDetail, "nodes">): Samples {
  return new Map(run.nodes.flatMap(({ nodeId, output }) => (output === undefined ? [] : [[nodeId, output as Json] as const])));
}
