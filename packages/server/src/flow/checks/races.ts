import { findTarget } from "#flow/assignments";
import { listOf, objectOf } from "#flow/json";
import { MAX_RACE_PAIRS } from "#flow/limits";
import { Bits } from "#flow/model/bits";
import type { FlowGraph, FlowNode } from "#flow/model/graph";
import type { LoopVariable } from "#flow/model/loop-variable";
import { type FlowProblems, quote } from "#flow/problems";
import { isBranching } from "#flow/vendor";

/** Two assignments of one variable that can run side by side: which of them comes last is left to chance. */
export function checkRaces(graphs: readonly FlowGraph[], problems: FlowProblems): void {
  let pairs = 0;
  for (const [variable, nodes] of assignersOf(graphs)) {
    for (const [index, later] of nodes.entries()) {
      for (const earlier of nodes.slice(0, index)) {
        if (++pairs > MAX_RACE_PAIRS) return;
        if (!sideBySide(earlier, later)) continue;
        problems.add(
          "MR_SIV_RACE",
          later.at,
          `${quote(variable.name)} is also set by ${quote(earlier.name)}, which can run at the same time.`,
          later.id,
        );
        break;
      }
    }
  }
}

function assignersOf(graphs: readonly FlowGraph[]): ReadonlyMap<LoopVariable, readonly FlowNode[]> {
  const assigners = new Map<LoopVariable, FlowNode[]>();
  for (const node of graphs.flatMap((graph) => graph.nodes)) {
    if (node.type !== "SET_INTERMEDIATE_VARIABLE" || node.dead) continue;
    const targets = listOf(node.param["assignments"]).map((assignment) => findTarget(objectOf(assignment)["leftValue"], node));
    for (const variable of new Set(targets.flatMap((target) => ("variable" in target ? [target.variable] : [])))) {
      const known = assigners.get(variable);
      if (known) known.push(node);
      else assigners.set(variable, [node]);
    }
  }
  return assigners;
}

/** Seen from the innermost graph that holds both: neither comes before the other, and no branch keeps them apart. */
function sideBySide(left: FlowNode, right: FlowNode): boolean {
  const outer = new Map<FlowGraph, FlowNode>();
  for (let node: FlowNode | null = left; node; node = node.graph.container) outer.set(node.graph, node);
  for (let b: FlowNode | null = right; b; b = b.graph.container) {
    const a = outer.get(b.graph);
    if (a) return a !== b && !isBefore(a, b) && !isBefore(b, a) && !areApart(a, b);
  }
  return false;
}

function isBefore(a: FlowNode, b: FlowNode): boolean {
  return b.graph.reach.ancestors[b.index]?.has(a.index) ?? false;
}

/** Is there a branching node that both must pass, and that leads to each by other ports? */
function areApart(a: FlowNode, b: FlowNode): boolean {
  const { nodes, reach } = a.graph;
  return nodes.some((branching) => {
    const passed = reach.dominators[a.index]?.has(branching.index) && reach.dominators[b.index]?.has(branching.index);
    if (!passed || !isBranching(branching.type)) return false;
    return ![...reachByPort(branching).values()].some((reached) => reached.has(a.index) && reached.has(b.index));
  });
}

const REACH_BY_PORT = new WeakMap<FlowNode, ReadonlyMap<string, Bits>>();

function reachByPort(node: FlowNode): ReadonlyMap<string, Bits> {
  const known = REACH_BY_PORT.get(node);
  if (known) return known;
  const byPort = new Map<string, Bits>();
  for (const { source, port, target } of node.graph.edges) {
    if (source !== node || port === null) continue;
    const reached = byPort.get(port) ?? new Bits(node.graph.nodes.length);
    byPort.set(port, reached);
    reached.add(target.index);
    const after = node.graph.reach.descendants[target.index];
    if (after) reached.addAll(after);
  }
  REACH_BY_PORT.set(node, byPort);
  return byPort;
}
