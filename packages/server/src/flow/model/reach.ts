import { Bits } from "#flow/model/bits";

/** Who comes before and after whom. */
export interface Reach {
  /** Nodes with a path to the node at this place. */
  readonly ancestors: readonly Bits[];
  /** Nodes that the node at this place has a path to. */
  readonly descendants: readonly Bits[];
  /** Nodes that every path from START to the node at this place passes, itself included. */
  readonly dominators: readonly Bits[];
  /** Edges of the longest path that leads here. */
  readonly depth: readonly number[];
}

export const NO_REACH: Reach = { ancestors: [], descendants: [], dominators: [], depth: [] };

/** An edge between two places. */
interface Link {
  readonly source: { readonly index: number };
  readonly target: { readonly index: number };
}

/** One pass along the edges and one against them; the graph has no cycle. `size`: the number of its nodes. */
export function computeReach(size: number, edges: readonly Link[]): Reach {
  const outgoing = adjacency(size, edges);
  const sets = () => Array.from({ length: size }, () => new Bits(size));
  const reach = { ancestors: sets(), descendants: sets(), dominators: sets(), depth: new Array<number>(size).fill(0) };
  const order = topologicalOrder(outgoing);
  const reached = new Set<number>();
  for (const source of order) {
    reach.dominators[source]?.add(source);
    for (const target of outgoing[source] ?? []) passOn(source, target, reached, reach);
  }
  for (const source of order.toReversed()) {
    for (const target of outgoing[source] ?? []) include(reach.descendants, source, target);
  }
  return reach;
}

function passOn(source: number, target: number, reached: Set<number>, { ancestors, dominators, depth }: Reach & { depth: number[] }): void {
  include(ancestors, target, source);
  depth[target] = Math.max(depth[target] ?? 0, (depth[source] ?? 0) + 1);
  const over = dominators[source];
  if (over === undefined) return;
  if (reached.has(target)) dominators[target]?.keepOnly(over);
  else dominators[target]?.addAll(over);
  reached.add(target);
}

/** Adds `member`, and all that its own set holds, to the set of `place`. */
function include(sets: readonly Bits[], place: number, member: number): void {
  const [set, more] = [sets[place], sets[member]];
  if (set === undefined || more === undefined) return;
  set.addAll(more);
  set.add(member);
}

/** Successors by place, each once: a file may have many edges between the same two nodes. */
function adjacency(size: number, edges: readonly Link[]): readonly ReadonlySet<number>[] {
  const outgoing = Array.from({ length: size }, () => new Set<number>());
  for (const { source, target } of edges) outgoing[source.index]?.add(target.index);
  return outgoing;
}

function topologicalOrder(outgoing: readonly ReadonlySet<number>[]): readonly number[] {
  const waiting = outgoing.map(() => 0);
  for (const targets of outgoing) for (const target of targets) waiting[target] = (waiting[target] ?? 0) + 1;
  const order = waiting.flatMap((count, index) => (count === 0 ? [index] : []));
  // The list grows while it is walked.
  for (const source of order) {
    for (const target of outgoing[source] ?? []) {
      const left = (waiting[target] ?? 0) - 1;
      waiting[target] = left;
      if (left === 0) order.push(target);
    }
  }
  return order;
}
