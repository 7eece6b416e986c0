import { deadlineOf } from "#apply/deadline";
import { editFrame, JournalMismatch, nodeAt, withNode } from "#apply/spine";
import type { IterateDirective } from "#directive";
import type { ItemClosed, ItemOpened } from "#journal";
import { itemPrefix } from "#path";
import { type Due, entriesOf, type Iteration, openFrame, type RunState } from "#state";

/** The container's body runs from here on; its first items are due. */
export function startIteration(state: RunState, path: string, directive: IterateDirective): RunState {
  const width = directive.mode === "parallel" ? directive.concurrency : 1;
  const first = Math.min(width, directive.count ?? 1);
  const due: Due[] =
    first === 0 ? [{ due: "complete", path }] : Array.from({ length: first }, (_, index) => ({ due: "open", path, index }));
  const iteration: Iteration = { directive, next: first, open: [], busy: first, results: null, variables: directive.variables };
  let timeoutMs: number | null = null;
  const root = editFrame(state.root, path, (frame, index) => {
    timeoutMs = frame.graph.nodes[index]?.timeoutMs ?? null;
    return withNode(frame, index, { ...nodeAt(frame, index), status: "iterating", iteration });
  });
  const deadline = deadlineOf(state, path, timeoutMs);
  const active = deadline === null ? state.active : [...state.active, deadline];
  return { ...state, root, active, due: [...state.due, ...due] };
}

export function openItem(state: RunState, entry: ItemOpened): RunState {
  let opened: ReturnType<typeof openFrame> | undefined;
  const root = editFrame(state.root, entry.path, (frame, index) => {
    const node = nodeAt(frame, index);
    const body = frame.graph.nodes[index]?.container?.body;
    if (!node.iteration || !body) throw new JournalMismatch(`${entry.path} is not iterating`);
    const item = node.iteration.directive.items?.[entry.index] ?? null;
    opened = openFrame(body, itemPrefix(entry.path, entry.index), item, entry.index);
    return withNode(frame, index, { ...node, iteration: { ...node.iteration, open: [...node.iteration.open, opened] } });
  });
  if (!opened) throw new JournalMismatch(`item ${entry.index} of ${entry.path} did not open`);
  const empty: Due[] = opened.unsettled === 0 ? [{ due: "close", path: entry.path, index: entry.index, how: "completed" }] : [];
  return { ...state, root, ready: state.ready.with(entriesOf(opened)), due: [...state.due, ...empty] };
}

export function closeItem(state: RunState, entry: ItemClosed): RunState {
  const due: Due[] = [];
  const root = editFrame(state.root, entry.path, (frame, index) => {
    const node = nodeAt(frame, index);
    if (!node.iteration) throw new JournalMismatch(`${entry.path} is not iterating`);
    const iteration = withResult(node.iteration, entry);
    const next = after(iteration, entry);
    if (next !== null) due.push(next);
    const opening = next?.due === "open";
    return withNode(frame, index, {
      ...node,
      iteration: opening ? { ...iteration, next: iteration.next + 1, busy: iteration.busy + 1 } : iteration,
    });
  });
  return { ...state, root, due: [...state.due, ...due] };
}

function withResult(iteration: Iteration, entry: ItemClosed): Iteration {
  const value = resultOf(iteration.directive, entry);
  const results = value === undefined ? iteration.results : { index: entry.index, value, before: iteration.results };
  return { ...iteration, open: iteration.open.filter((one) => one.index !== entry.index), busy: iteration.busy - 1, results };
}

/** The item's place in the results: in a loop only completed iterations have one; in a batch every item, unless it is dropped. */
function resultOf(directive: IterateDirective, entry: ItemClosed) {
  if (entry.how === "completed") return entry.output ?? null;
  if (directive.mode === "sequential") return undefined;
  if (entry.how === "failed" && directive.onItemError === "drop") return undefined;
  return null;
}

/** What the end of an item makes due in its container; null while other items are busy. */
function after(iteration: Iteration, entry: ItemClosed): Due | null {
  const { path } = entry;
  if (entry.how === "failed" && iteration.directive.onItemError === "fail") {
    if (!entry.error) throw new JournalMismatch(`failed item of ${path} without its error`);
    return { due: "fail", path, error: entry.error };
  }
  if (entry.how === "break") return { due: "complete", path };
  const more = iteration.directive.count === null || iteration.next < iteration.directive.count;
  if (more) return { due: "open", path, index: iteration.next };
  return iteration.busy === 0 ? { due: "complete", path } : null;
}
