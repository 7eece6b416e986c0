import type { CheckedNode } from "#flow/checks/checked-node";
import type { Link } from "#flow/checks/edges";
import type { FlowProblems } from "#flow/problems";

/** Takes away nodes without incoming edges until none is left; what remains holds a cycle. */
export function checkCycle(nodes: readonly CheckedNode[], links: readonly Link[], at: string, problems: FlowProblems): void {
  const waiting = new Map<string, number>(nodes.map((node) => [node.id, 0]));
  const targets = new Map<string, string[]>(nodes.map((node) => [node.id, []]));
  for (const { source, target } of links) {
    waiting.set(target, (waiting.get(target) ?? 0) + 1);
    targets.get(source)?.push(target);
  }
  const free = [...waiting.keys()].filter((id) => waiting.get(id) === 0);
  let taken = 0;
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    taken++;
    for (const target of targets.get(id) ?? []) {
      const left = (waiting.get(target) ?? 0) - 1;
      waiting.set(target, left);
      if (left === 0) free.push(target);
    }
  }
  if (taken < waiting.size) problems.add("WF_CYCLE", at, "The edges form a cycle; repeat with a LOOP node instead.");
}
