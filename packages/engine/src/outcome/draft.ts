import { frameAt, nodeAt } from "#apply/spine";
import type { ExecuteCommand } from "#decide";
import type { EntryBody } from "#journal";
import type { RunState } from "#state";

/** The wait before a node is tried again that was made to fail: long enough to be seen. */
const FAIL_ONCE_RETRY_MS = 1_000;

/** What a run of a draft answers in place of the node's executor; null: nothing, the node runs. */
export function draftAnswer(state: RunState, { path, node, attempt, begun }: ExecuteCommand, now: number): EntryBody | null {
  const { pins = {}, failOnce } = state.run.draft ?? {};
  const pin = Object.hasOwn(pins, node.id) ? pins[node.id] : undefined;
  if (pin && "iterate" in pin) return { type: "node-started", path, attempt, iterate: pin.iterate };
  if (pin) return { type: "node-finished", path, port: pin.port, output: pin.output };
  if (node.id !== failOnce || begun || attempt > 1 || failuresAt(state, path) > 0) return null;
  const message = "The node was made to fail once, as was asked for.";
  const error = { type: "made_to_fail", code: 503, message, retryable: true, nodeId: node.id, nodeName: node.name } as const;
  return { type: "node-failed", path, attempt, error, retryAt: Math.max(now, state.at) + FAIL_ONCE_RETRY_MS };
}

function failuresAt(state: RunState, path: string): number {
  const { frame, index } = frameAt(state.root, path);
  return nodeAt(frame, index).failures;
}
