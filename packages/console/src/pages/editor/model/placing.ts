import dagre from "@dagrejs/dagre";
import type { WorkflowDocument, WorkflowNode } from "@millrace/contract";
import { bodyOf, type Containers, edgeParts, type GraphOf, graphAt, nodePath, portsOf } from "#pages/editor/model/document.ts";

// Where nodes stand. From left to right, positions are the document's `layout`, by node path; those in a body are relative to its container. A node without one
// is laid out with the others of its graph. Downwards, as phones show a graph, nobody placed anything: all of it is laid out.

export type Flow = "right" | "down";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export const NODE_WIDTH = 232;
export const TITLE_HEIGHT = 76;
export const PORT_HEIGHT = 24;
const NOTE_SIZE = { width: 220, height: 110 };

export const GAP = 40;

/** Around the nodes of a body; above them stands the container's own title. */
const BODY_PADDING = { right: { top: 96, side: 32, bottom: 32 }, down: { top: 96, side: 16, bottom: 24 } };
const EMPTY_BODY = { right: { width: 300, height: 170 }, down: { width: NODE_WIDTH, height: 130 } };
/** Between nodes beside each other, and between one step and the next. */
const GAPS = { right: { nodesep: GAP, ranksep: GAP * 2 }, down: { nodesep: 20, ranksep: GAP } };

const GRID = 10;

export type Size = Pick<Box, "width" | "height">;

/** Node path -> position. */
export type Positions = Readonly<Record<string, Position>>;
type Position = readonly [x: number, y: number];

export interface Placed {
  readonly boxes: ReadonlyMap<string, Box>;
  /** Of the whole graph, from its top left. */
  readonly bounds: Box;
}

export function sizeOf(node: WorkflowNode, document: WorkflowDocument, containers: Containers, flow: Flow = "right"): Size {
  if (node.type === "comment") return NOTE_SIZE;
  if (bodyOf(node)) return containerSize(document, [...containers, node.id], flow);
  const ports = portsOf(node).length;
  if (ports < 2) return { width: NODE_WIDTH, height: TITLE_HEIGHT };
  return { width: NODE_WIDTH, height: TITLE_HEIGHT + PORT_HEIGHT * (flow === "right" ? ports : 1) };
}

function containerSize(document: WorkflowDocument, containers: Containers, flow: Flow): Size {
  const { bounds, boxes } = placedAt(document, containers, flow);
  const empty = EMPTY_BODY[flow];
  if (boxes.size === 0) return empty;
  const { side, bottom } = BODY_PADDING[flow];
  return {
    width: Math.max(empty.width, bounds.x + bounds.width + side),
    height: Math.max(empty.height, bounds.y + bounds.height + bottom),
  };
}

const known = new WeakMap<WorkflowDocument, Map<string, Placed>>();

/** The boxes of the nodes of one graph, by id. */
export function placedAt(document: WorkflowDocument, containers: Containers, flow: Flow = "right"): Placed {
  const graphs = known.get(document) ?? new Map<string, Placed>();
  known.set(document, graphs);
  const key = `${flow} ${containers.join("/")}`;
  const found = graphs.get(key);
  if (found) return found;
  const placed = flow === "right" ? place(document, containers) : placeDown(document, containers);
  graphs.set(key, placed);
  return placed;
}

/** A draft that was written elsewhere may hold anything: what is no place is as if there were none. */
export function isPlace(value: unknown): value is Position {
  return Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === "number");
}

/** Where the document says that it stands. */
export function writtenPlace(document: WorkflowDocument, path: string): Position | null {
  const at = document.layout?.[path];
  return isPlace(at) ? at : null;
}

function place(document: WorkflowDocument, containers: Containers): Placed {
  const graph = graphAt(document, containers) ?? { nodes: [], edges: [] };
  const sized = graph.nodes.map((node) => ({
    ...{ node, size: sizeOf(node, document, containers) },
    at: writtenPlace(document, nodePath(containers, node.id)),
  }));
  const boxes = new Map<string, Box>();
  const missing = sized.some(({ at }) => at === null);
  const automatic = missing ? arranged(graph, document, containers) : null;
  for (const { node, size, at } of sized) {
    const wished = at ? { x: at[0], y: at[1] } : (automatic?.get(node.id) ?? { x: 0, y: 0 });
    boxes.set(node.id, { ...(at ? wished : freePlace(boxes, wished, size)), ...size });
  }
  return { boxes, bounds: boundsOf([...boxes.values()]) };
}

/** Notes are for whoever edits. */
function placeDown(document: WorkflowDocument, containers: Containers): Placed {
  const graph = graphAt(document, containers) ?? { nodes: [], edges: [] };
  const places = arranged(graph, document, containers, "down");
  const boxes = new Map<string, Box>();
  for (const node of graph.nodes) {
    const place = places.get(node.id);
    if (place) boxes.set(node.id, { ...place, ...sizeOf(node, document, containers, "down") });
  }
  return { boxes, bounds: boundsOf([...boxes.values()]) };
}

export function boundsOf(boxes: readonly Box[]): Box {
  if (boxes.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  return {
    x,
    y,
    width: Math.max(...boxes.map((box) => box.x + box.width)) - x,
    height: Math.max(...boxes.map((box) => box.y + box.height)) - y,
  };
}

/** Positions of the nodes of one graph, one step after the other; notes stay out of it. */
export function arranged(
  graph: GraphOf,
  document: WorkflowDocument,
  containers: Containers,
  flow: Flow = "right",
): ReadonlyMap<string, Point> {
  const drawing = new dagre.graphlib.Graph({ multigraph: true });
  drawing.setGraph({ rankdir: flow === "right" ? "LR" : "TB", ...GAPS[flow], marginx: 0, marginy: 0 });
  drawing.setDefaultEdgeLabel(() => ({}));
  const steps = graph.nodes.filter(({ type }) => type !== "comment");
  const ids = new Set(steps.map(({ id }) => id));
  for (const node of steps) drawing.setNode(node.id, { ...sizeOf(node, document, containers, flow) });
  for (const [index, edge] of graph.edges.entries()) {
    const parts = edgeParts(edge);
    if (parts && ids.has(parts.from) && ids.has(parts.to) && parts.from !== parts.to)
      drawing.setEdge(parts.from, parts.to, {}, String(index));
  }
  dagre.layout(drawing);
  const { side, top } = BODY_PADDING[flow];
  const inner = containers.length === 0 ? { x: 0, y: 0 } : { x: side, y: top };
  return new Map(
    steps.map(({ id }) => {
      const { x, y, width, height } = drawing.node(id) as Box;
      return [id, { x: onGrid(x - width / 2 + inner.x), y: onGrid(y - height / 2 + inner.y) }];
    }),
  );
}

export function onGrid(value: number): number {
  return Math.round(value / GRID) * GRID;
}

function overlaps(left: Box, right: Box): boolean {
  const apart = GAP / 2;
  return (
    left.x < right.x + right.width + apart &&
    right.x < left.x + left.width + apart &&
    left.y < right.y + right.height + apart &&
    right.y < left.y + left.height + apart
  );
}

/** The wished place, or the nearest one below, above or further right where nothing stands. */
export function freePlace(boxes: ReadonlyMap<string, Box>, wished: Point, size: Size): Point {
  const taken = [...boxes.values()];
  const isFree = (point: Point) => !taken.some((box) => overlaps(box, { ...point, ...size }));
  const start = { x: onGrid(wished.x), y: onGrid(wished.y) };
  for (let ring = 0; ring < 200; ring += 1) {
    const down = { x: start.x, y: start.y + ring * GAP };
    if (isFree(down)) return down;
    const up = { x: start.x, y: start.y - ring * GAP };
    if (isFree(up)) return up;
    const right = { x: start.x + ring * GAP, y: start.y };
    if (isFree(right)) return right;
  }
  const bounds = boundsOf(taken);
  return { x: start.x, y: onGrid(bounds.y + bounds.height + GAP) };
}
