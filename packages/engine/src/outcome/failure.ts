import { frameAt, nodeAt } from "#apply/spine";
import type { Usage } from "#directive";
import type { NodeError } from "#errors";
import type { LocatedError, NodeFailed } from "#journal";
import { retryAt } from "#retry";
import type { RunState } from "#state";

/** The entry of an attempt that failed at `at`: with the time of the next one, where the node's policy grants it. */
export function failureOf(
  state: RunState,
  path: string,
  attempt: number,
  error: NodeError | LocatedError,
  at: number,
  usage: readonly Usage[] = [],
): NodeFailed {
  const { frame, index } = frameAt(state.root, path);
  const node = frame.graph.nodes[index];
  if (!node) throw new Error(`no node at ${path}`);
  const failures = nodeAt(frame, index).failures + 1;
  const next = retryAt(node.retry, error, failures, at, state.run.seed, path);
  // An error that comes from inside a body keeps naming the inner node.
  const located: LocatedError = { nodeId: node.id, nodeName: node.name, ...error };
  return {
    type: "node-failed",
    path,
    attempt,
    error: located,
    ...(next !== null && { retryAt: next }),
    ...(usage.length > 0 && { usage }),
  };
}
