import type { Json } from "@millrace/contract";
import { frameAt, JournalMismatch } from "#apply/spine";
import type { NodeFinished } from "#journal";
import { declaredOutput } from "#outcome/outcome";
import type { RunState } from "#state";

/** The entry that ends a wait: its timer fired at `at`, or a signal came with a value. */
export function finishWait(state: RunState, path: string, at: number, value: Json | undefined): NodeFinished {
  const { frame, index } = frameAt(state.root, path);
  const node = frame.graph.nodes[index];
  if (!node) throw new JournalMismatch(`no node at ${path}`);
  const result = value === undefined ? { firedAt: at } : { value, receivedAt: at };
  return { type: "node-finished", path, port: "out", output: declaredOutput(state, path, node, result) };
}
