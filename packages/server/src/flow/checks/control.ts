import { Bits } from "#flow/model/bits";
import type { FlowGraph, FlowNode } from "#flow/model/graph";
import type { FlowProblems } from "#flow/problems";
import { isControl } from "#flow/vendor";

/**
 * Where one handle leads to several nodes, they run side by side; a node that ends the iteration must then end all of these paths,
 * or some would be cut off while they run.
 */
export function checkControl(graph: FlowGraph, problems: FlowProblems): void {
  const controls = graph.nodes.filter((node) => isControl(node.type) && !node.dead);
  if (!graph.container || controls.length === 0) return;
  const partial = new Set<FlowNode>();
  for (const targets of forks(graph)) {
    const reached = targets.map((target) => reachedFrom(target, graph));
    for (const control of controls) {
      const count = reached.filter((bits) => bits.has(control.index)).length;
      if (count > 0 && count < reached.length) partial.add(control);
    }
  }
  for (const node of partial) {
    problems.add("MR_CONTROL_PARALLEL", node.at, `This ${node.type} ends only some of the paths that run side by side here.`, node.id);
  }
}

/** The targets of each port that has more than one. */
function forks(graph: FlowGraph): readonly (readonly FlowNode[])[] {
  const targets = new Map<string, FlowNode[]>();
  for (const { source, port, target } of graph.edges) {
    if (port === null) continue;
    const key = `${source.index}.${port}`;
    const known = targets.get(key);
    if (known) known.push(target);
    else targets.set(key, [target]);
  }
  return [...targets.values()].filter((nodes) => nodes.length > 1);
}

function reachedFrom(node: FlowNode, graph: FlowGraph): Bits {
  const reached = new Bits(graph.nodes.length);
  reached.add(node.index);
  const after = graph.reach.descendants[node.index];
  if (after) reached.addAll(after);
  return reached;
}
