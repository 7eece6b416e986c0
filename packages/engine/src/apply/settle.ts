import { JournalMismatch, nodeAt } from "#apply/spine";
import type { LocatedError } from "#journal";
import { containerOf } from "#path";
import type { Due, Frame, NodeState, ReadyNode, RunState } from "#state";

/** What settling a node brings about, collected while the spine is copied. */
export interface Effects {
  readonly due: Due[];
  readonly ready: ReadyNode[];
}

export function noEffects(): Effects {
  return { due: [], ready: [] };
}

/** The node is done for good: its edges are settled, and its frame with it when nothing is left. */
export function settle(frame: Frame, index: number, node: NodeState, taken: readonly string[], effects: Effects): Frame {
  const plan = frame.graph.nodes[index];
  if (!plan) throw new JournalMismatch(`no node ${index} in frame "${frame.prefix}"`);
  const before = nodeAt(frame, index);
  if (before.status === "finished" || before.status === "skipped")
    throw new JournalMismatch(`${frame.prefix}${plan.id} is settled already`);
  const nodes = frame.nodes.slice();
  nodes[index] = node;
  for (const [port, targets] of plan.targets) {
    const live = taken.includes(port);
    for (const target of targets) settleEdge(frame, nodes, target, live, effects);
  }
  const unsettled = frame.unsettled - 1;
  if (unsettled === 0) effects.due.push(completion(frame.prefix));
  return { ...frame, nodes, unsettled };
}

function settleEdge(frame: Frame, nodes: NodeState[], target: number, live: boolean, effects: Effects): void {
  const node = nodes[target];
  const plan = frame.graph.nodes[target];
  if (!node || !plan) throw new JournalMismatch(`no node ${target} in frame "${frame.prefix}"`);
  const pending = node.pending - 1;
  const taken = node.taken + (live ? 1 : 0);
  const ready = pending === 0 && taken > 0;
  nodes[target] = { ...node, pending, taken, status: ready ? "ready" : node.status };
  const path = frame.prefix + plan.id;
  if (ready) effects.ready.push({ path, order: plan.order });
  else if (pending === 0) effects.due.push({ due: "skip", path });
}

function completion(prefix: string): Due {
  const container = containerOf(prefix);
  return container ? { due: "close", ...container, how: "completed" } : { due: "end" };
}

/** An unhandled failure: of the document's frame, the run fails; of an item's frame, the item. Everything inside is dropped. */
export function failFrame(state: RunState, prefix: string, error: LocatedError): RunState {
  const container = containerOf(prefix);
  if (!container) return { ...state, failure: error, ready: [], active: [], due: [{ due: "end" }] };
  const dropped = dropFrame(state, prefix);
  return { ...dropped, due: [...dropped.due, { due: "close", ...container, how: "failed", error }] };
}

/** Nothing under the prefix is ready, under way or due any more, its own closing included. */
export function dropFrame(state: RunState, prefix: string): RunState {
  const inside = (path: string) => path.startsWith(prefix);
  const closing = (due: Due) => due.due === "close" && `${due.path}[${due.index}]/` === prefix;
  return {
    ...state,
    ready: state.ready.filter((one) => !inside(one.path)),
    active: state.active.filter((one) => !inside(one.path)),
    due: state.due.filter((one) => one.due === "end" || !(inside(one.path) || closing(one))),
  };
}

/** Is `path` inside one of the items of the container at `outer`? */
export function within(path: string, outer: string): boolean {
  return path.length > outer.length && path.charCodeAt(outer.length) === 91 && path.startsWith(outer);
}

/** Plan order, and among equals the order in which they became ready. */
export function insertReady(ready: readonly ReadyNode[], added: readonly ReadyNode[]): readonly ReadyNode[] {
  if (added.length === 0) return ready;
  if (ready.length === 0 && added.length === 1) return added;
  const all = [...ready, ...added];
  return all.every((one, i) => i === 0 || (all[i - 1]?.order ?? 0) <= one.order) ? all : all.sort((a, b) => a.order - b.order);
}
