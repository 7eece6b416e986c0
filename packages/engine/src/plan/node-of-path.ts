import { parsePath } from "#path";
import type { GraphPlan, NodePlan } from "#plan/plan-types";

/** The node that a structural path names (`each[3]/fetch`); null: none of this plan. */
export function nodeOfPath(root: GraphPlan, path: string): NodePlan | null {
  const { steps, id } = parsePath(path);
  let graph: GraphPlan | undefined = root;
  for (const step of steps) graph = graph && nodeIn(graph, step.id)?.container?.body;
  return (graph && nodeIn(graph, id)) ?? null;
}

function nodeIn(graph: GraphPlan, id: string): NodePlan | undefined {
  return graph.nodes[graph.indexOf.get(id) ?? -1];
}
