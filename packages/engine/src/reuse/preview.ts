import type { GraphPlan, NodePlan, Plan } from "#plan/plan-types";
import type { Reused } from "#reuse";
import type { Frame, NodeState } from "#state";

/** What a retry takes over, and what it will do: each node in plan order, bodies included. */
export interface ReusePreview {
  readonly reused: readonly ReusedNode[];
  /** Nodes that run again where the run comes by them. */
  readonly again: readonly NodePlan[];
}

export interface ReusedNode {
  readonly node: NodePlan;
  /** How many: a node in a body has one an item. */
  readonly results: number;
}

export function previewReuse(plan: Plan, { entries, state }: Reused): ReusePreview {
  const results = new Map<string, number>();
  for (const entry of entries) {
    if (!entry.reused || (entry.type !== "node-finished" && entry.type !== "node-failed")) continue;
    const id = entry.path.slice(entry.path.lastIndexOf("/") + 1);
    results.set(id, (results.get(id) ?? 0) + 1);
  }
  const reused: ReusedNode[] = [];
  const again: NodePlan[] = [];
  visit(plan.root, [state.root], false, (node, isOpen) => {
    const count = results.get(node.id);
    if (count !== undefined) reused.push({ node, results: count });
    if (isOpen) again.push(node);
  });
  return { reused, again };
}

/** `more`: frames of this graph may open yet. */
function visit(graph: GraphPlan, frames: readonly Frame[], more: boolean, see: (node: NodePlan, isOpen: boolean) => void): void {
  for (const node of graph.nodes) {
    if (node.spec.role === "note") continue;
    const states = frames.flatMap((frame) => frame.nodes.at(node.index) ?? []);
    see(node, more || states.some((state) => !isSettled(state)));
    if (!node.container) continue;
    const inner = states.flatMap(({ iteration }) => iteration?.open ?? []);
    visit(node.container.body, inner, more || states.some(opensMore), see);
  }
}

function isSettled({ status }: NodeState): boolean {
  return status === "finished" || status === "failed" || status === "skipped";
}

function opensMore(state: NodeState): boolean {
  if (isSettled(state)) return false;
  const { iteration } = state;
  return iteration === null || iteration.directive.count === null || iteration.next < iteration.directive.count;
}
