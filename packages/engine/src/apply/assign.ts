import type { Json, JsonObject } from "@millrace/contract";
import { editFrame, frameAt, JournalMismatch, nodeAt, withNode } from "#apply/spine";
import { containerOf, prefixOf } from "#path";
import type { RunState } from "#state";
import { ANY, type ValueType } from "#value/types";

/** Sets loop variables, each in the nearest enclosing loop that declares it. */
export function assign(state: RunState, path: string, values: JsonObject): RunState {
  return Object.entries(values).reduce((current, [name, value]) => assignOne(current, loopOf(current, path, name), name, value), state);
}

/** The declared type of a loop variable, seen from the node at `path`. */
export function loopVariable(state: RunState, path: string, name: string): ValueType {
  const { frame, index } = frameAt(state.root, loopOf(state, path, name));
  return frame.graph.nodes[index]?.container?.variables[name] ?? ANY;
}

/** Path of the nearest loop around `path` that declares the variable. */
function loopOf(state: RunState, path: string, name: string): string {
  for (let container = containerOf(prefixOf(path)); container; container = containerOf(prefixOf(container.path))) {
    const { frame, index } = frameAt(state.root, container.path);
    if (Object.hasOwn(frame.graph.nodes[index]?.container?.variables ?? {}, name)) return container.path;
  }
  throw new JournalMismatch(`no loop around ${path} declares the variable ${name}`);
}

function assignOne(state: RunState, loop: string, name: string, value: Json): RunState {
  const root = editFrame(state.root, loop, (frame, index) => {
    const node = nodeAt(frame, index);
    if (!node.iteration) throw new JournalMismatch(`${loop} is not iterating`);
    return withNode(frame, index, { ...node, iteration: { ...node.iteration, variables: { ...node.iteration.variables, [name]: value } } });
  });
  return { ...state, root };
}
