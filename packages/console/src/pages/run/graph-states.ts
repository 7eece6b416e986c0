import type { NodeTrace } from "@millrace/contract";
import type { NodeState } from "#pages/editor/graph-view.tsx";
import type { Status } from "#ui/status.tsx";

/** Of several executions of one node, what the graph shows is the first of these that there is. */
const WORST_FIRST: readonly Status[] = ["FAILED", "RUNNING", "WAITING", "SUCCEED", "SKIPPED"];

/** Of what is not over nobody knows yet how long it takes, and what was skipped took none. */
const TOOK_TIME: ReadonlySet<Status> = new Set(["FAILED", "SUCCEED"]);

/** What a run did, node by node: executions of a loop's body are one, with their number. */
export function graphStates(traces: readonly NodeTrace[], nameOf = ({ nodeId }: NodeTrace) => nodeId): Map<string, NodeState> {
  const groups = Map.groupBy(traces, nameOf);
  return new Map([...groups].map(([nodeId, group]) => [nodeId, stateOf(group)]));
}

function stateOf(group: readonly NodeTrace[]): NodeState {
  const status = WORST_FIRST.find((one) => group.some((trace) => trace.status === one)) ?? "SKIPPED";
  const shown = group.filter((trace) => trace.status === status);
  const { attempts = 0, error } = shown.at(-1) ?? {};
  return {
    status,
    ...(TOOK_TIME.has(status) && { durationMs: group.reduce((sum, trace) => sum + durationOf(trace), 0) }),
    attempts,
    ...(error && { error: { type: error.type, message: error.message } }),
    ...(group.length > 1 && { count: shown.length, of: group.length }),
  };
}

function durationOf({ startedAt, endedAt }: NodeTrace): number {
  return startedAt !== undefined && endedAt !== undefined ? endedAt - startedAt : 0;
}
