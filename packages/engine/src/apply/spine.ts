import { type ParsedPath, parsePath } from "#path";
import type { Frame, NodeState } from "#state";

/** What an entry asks for does not fit the state: the journal is damaged, or belongs to another plan. */
export class JournalMismatch extends Error {
  constructor(message: string) {
    super(message);
    this.name = "JournalMismatch";
  }
}

export function nodeAt(frame: Frame, index: number): NodeState {
  const node = frame.nodes[index];
  if (!node) throw new JournalMismatch(`no node ${index} in frame "${frame.prefix}"`);
  return node;
}

export function withNode(frame: Frame, index: number, node: NodeState): Frame {
  const nodes = frame.nodes.slice();
  nodes[index] = node;
  return { ...frame, nodes };
}

/** The frame that a path lies in, and the node's place there. */
export function frameAt(root: Frame, path: string): { frame: Frame; index: number } {
  const { steps, id } = parsePath(path);
  let frame = root;
  for (const step of steps) frame = openFrameOf(frame, step.id, step.index);
  return { frame, index: indexIn(frame, id) };
}

/** The frames from the document's down to the one that the path lies in: the scope chain. */
export function framesTo(root: Frame, path: ParsedPath): Frame[] {
  const frames = [root];
  let frame = root;
  for (const step of path.steps) {
    frame = openFrameOf(frame, step.id, step.index);
    frames.push(frame);
  }
  return frames;
}

/** Copies the spine from the root to the frame of `path` and replaces that frame by what `edit` makes of it. */
export function editFrame(root: Frame, path: string, edit: (frame: Frame, index: number) => Frame): Frame {
  const parsed = parsePath(path);
  return editAt(root, parsed, 0, edit);
}

function editAt(frame: Frame, path: ParsedPath, depth: number, edit: (frame: Frame, index: number) => Frame): Frame {
  const step = path.steps[depth];
  if (!step) return edit(frame, indexIn(frame, path.id));
  const index = indexIn(frame, step.id);
  const node = nodeAt(frame, index);
  const iteration = node.iteration;
  if (!iteration) throw new JournalMismatch(`${frame.prefix}${step.id} is not iterating`);
  const child = openFrameOf(frame, step.id, step.index);
  const edited = editAt(child, path, depth + 1, edit);
  const open = iteration.open.map((one) => (one === child ? edited : one));
  return withNode(frame, index, { ...node, iteration: { ...iteration, open } });
}

function openFrameOf(frame: Frame, id: string, item: number): Frame {
  const child = nodeAt(frame, indexIn(frame, id)).iteration?.open.find((one) => one.index === item);
  if (!child) throw new JournalMismatch(`item ${item} of ${frame.prefix}${id} is not open`);
  return child;
}

function indexIn(frame: Frame, id: string): number {
  const index = frame.graph.indexOf.get(id);
  if (index === undefined) throw new JournalMismatch(`no node "${id}" in frame "${frame.prefix}"`);
  return index;
}
