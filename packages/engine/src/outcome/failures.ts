import { framesTo, nodeAt } from "#apply/spine";
import { parsePath } from "#path";
import type { RunState } from "#state";

/**
 * How often the containers around a node and the node itself have failed so far: "0.2". The same for an attempt and for the one that takes
 * over from it after a crash; another once a failure was recorded and the work begins anew.
 */
export function failuresTo(state: RunState, path: string): string {
  const parsed = parsePath(path);
  const ids = [...parsed.steps.map(({ id }) => id), parsed.id];
  const frames = framesTo(state.root, parsed);
  return frames.map((frame, depth) => nodeAt(frame, frame.graph.indexOf.get(ids[depth] ?? "") ?? -1).failures).join(".");
}
