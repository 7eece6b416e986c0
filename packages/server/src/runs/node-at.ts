import type { GraphPlan, NodePlan } from "@millrace/engine";

/** The node that a structural path names (`each[3]/fetch`); null: none of this plan. */
export function nodeAt(root: GraphPlan, path: string): NodePlan | null {
  let graph: GraphPlan | undefined = root;
  let node: NodePlan | null = null;
  for (const step of path.split("/")) {
    const bracket = step.indexOf("[");
    node = graph?.nodes[graph.indexOf.get(bracket < 0 ? step : step.slice(0, bracket)) ?? -1] ?? null;
    if (!node) return null;
    graph = node.container?.body;
  }
  return node;
}
