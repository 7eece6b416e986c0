import type { Json } from "@millrace/contract";
import { frameAt, JournalMismatch, nodeAt } from "#apply/spine";
import type { NodeFinished } from "#journal";
import { declaredOutput } from "#outcome/outcome";
import type { ItemResult, Iteration, RunState } from "#state";

/** The entry that ends a container: `items` in item order, `count` of iterations begun, and each loop variable by name. */
export function finishContainer(state: RunState, path: string): NodeFinished {
  const { frame, index } = frameAt(state.root, path);
  const node = frame.graph.nodes[index];
  const iteration = nodeAt(frame, index).iteration;
  if (!node || !iteration) throw new JournalMismatch(`${path} is not iterating`);
  const result = { ...iteration.variables, items: itemsOf(iteration.results), count: begun(iteration) };
  return { type: "node-finished", path, port: "out", output: declaredOutput(state, path, node, result) };
}

/** A `while` loop schedules one item ahead: the one that its condition then refuses was never begun. */
function begun(iteration: Iteration): number {
  return iteration.next - iteration.busy;
}

function itemsOf(newest: ItemResult | null): Json[] {
  const results: ItemResult[] = [];
  for (let one = newest; one; one = one.before) results.push(one);
  return results.sort((a, b) => a.index - b.index).map((one) => one.value);
}
