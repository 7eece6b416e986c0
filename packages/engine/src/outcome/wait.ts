import { frameAt, JournalMismatch } from "#apply/spine";
import type { NodeFinished } from "#journal";
import { declaredOutput } from "#outcome/outcome";
import type { RunState } from "#state";

/** The entry that ends a wait whose timer fired at `firedAt`. */
export function finishWait(state: RunState, path: string, firedAt: number): NodeFinished {
  const { frame, index } = frameAt(state.root, path);
  const node = frame.graph.nodes[index];
  if (!node) throw new JournalMismatch(`no node at ${path}`);
  return { type: "node-finished", path, port: "out", output: declaredOutput(state, path, node, { firedAt }) };
}
