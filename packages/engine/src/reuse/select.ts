import type { Entry } from "#journal";
import { type PathStep, parsePath } from "#path";
import type { GraphPlan, Plan } from "#plan/plan-types";
import type { Comparison } from "#reuse/compare";

/** From where on a run is to run again, and in which version. */
export interface Selection {
  /** Id of the node that runs again, with all that follows it; null: only what has no result. */
  readonly from: string | null;
  /** null: the version of the run. */
  readonly comparison: Comparison | null;
}

/** The entries of a run whose results `reuse` may take over. What follows a node that runs again is never reached, and may stay. */
export function selectEntries(plan: Plan, source: readonly Entry[], { from, comparison }: Selection): readonly Entry[] {
  const around = new Set(from === null ? [] : containersAround(plan.root, from));
  return source.filter((entry) => {
    if (!("path" in entry)) return true;
    const { steps, id } = parsePath(entry.path);
    if (id === from || steps.some((step) => step.id === from)) return false;
    // Done only when the node is, which is open again.
    if (around.has(id) && !isBeginning(entry)) return false;
    return comparison === null || holds(comparison, entry, steps, id);
  });
}

function holds({ whole, begun }: Comparison, entry: Entry, steps: readonly PathStep[], id: string): boolean {
  const isItem = (container: string, index: number): boolean => {
    return whole.has(container) || begun.get(container) === "parallel" || (begun.has(container) && index === 0);
  };
  if (!steps.every((step) => isItem(step.id, step.index))) return false;
  if (whole.has(id)) return true;
  return entry.type === "item-opened" ? isItem(id, entry.index) : begun.has(id) && isBeginning(entry);
}

function isBeginning(entry: Entry): boolean {
  return entry.type === "item-opened" || (entry.type === "node-started" && entry.iterate !== undefined);
}

/** Ids of the containers around the node, the outermost first; null: there is no such node. */
export function containersAround(graph: GraphPlan, id: string): readonly string[] | null {
  if (graph.indexOf.has(id)) return [];
  for (const { id: container, container: inner } of graph.nodes) {
    const found = inner && containersAround(inner.body, id);
    if (found) return [container, ...found];
  }
  return null;
}
