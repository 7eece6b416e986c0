import type { Json, JsonObject, WorkflowDocument, WorkflowNode } from "@millrace/contract";
import { renameNode } from "@millrace/engine";
import { nodeSpecs } from "@millrace/nodes/specs";
import {
  bodyOf,
  type Containers,
  type EdgeParts,
  edgeOf,
  edgeParts,
  graphAt,
  nodePath,
  placesOf,
  portsOf,
  sameEdge,
  withGraph,
  withNode,
} from "#pages/editor/model/document.ts";
import { idStem, initialConfig } from "#pages/editor/model/kinds.ts";
import { arranged, freePlace, onGrid, type Point, type Positions, placedAt, sizeOf, writtenPlace } from "#pages/editor/model/placing.ts";

// What people do to a document: each takes one and gives another. Nothing here is undone by code of its own: the stack keeps what changed.

export interface Added {
  readonly document: WorkflowDocument;
  /** The new nodes, to be selected. */
  readonly ids: readonly string[];
}

/** A name that no node of the document has: `llm`, then `llm2`, … */
export function freeId(document: WorkflowDocument, stem: string, taken: ReadonlySet<string> = new Set()): string {
  const places = placesOf(document);
  const isFree = (id: string) => !places.has(id) && !taken.has(id);
  if (isFree(stem)) return stem;
  const root = stem.replace(/(?<!\d)\d+$/, "") || stem;
  for (let number = 2; ; number += 1) if (isFree(`${root}${number}`)) return `${root}${number}`;
}

export interface NewNode {
  readonly type: string;
  readonly containers: Containers;
  /** Where it is wished to stand; it gets the nearest free place. */
  readonly near: Point;
  /** The node that it follows, or the edge that it goes into. */
  readonly after?: { readonly from: string; readonly port: string };
  readonly into?: EdgeParts;
}

export function addNode(document: WorkflowDocument, { type, containers, near, after, into }: NewNode): Added {
  const id = freeId(document, idStem(type));
  const node = { id, type, ...initialConfig(type) } as unknown as WorkflowNode;
  const size = sizeOf(node, document, containers);
  const { boxes } = placedAt(document, containers);
  const wished = into ? between(boxes, into, size.width) : near;
  const place = freePlace(boxes, wished, size);
  const before = after && !into ? [edgeOf({ ...after, to: id })] : [];
  const withIt = withGraph(document, containers, ({ nodes, edges }) => ({ nodes: [...nodes, node], edges: [...edges, ...before] }));
  const placed = withPositions(withIt, { ...unwritten(document, containers), [nodePath(containers, id)]: [place.x, place.y] });
  return { document: into ? split(placed, containers, into, node) : placed, ids: [id] };
}

function between(boxes: ReadonlyMap<string, { x: number; y: number; width: number }>, { from, to }: EdgeParts, width: number): Point {
  const left = boxes.get(from) ?? { x: 0, y: 0, width: 0 };
  const right = boxes.get(to) ?? left;
  return { x: (left.x + left.width + right.x - width) / 2, y: (left.y + right.y) / 2 };
}

/** The edge leads to the node, and the node's first port to where the edge led. A node that nothing follows ends the way. */
function split(document: WorkflowDocument, containers: Containers, edge: EdgeParts, node: WorkflowNode): WorkflowDocument {
  const [port] = portsOf(node);
  const next = [
    { from: edge.from, port: edge.port, to: node.id },
    ...(port === undefined ? [] : [{ from: node.id, port, to: edge.to }]),
  ].map(edgeOf);
  return withGraph(document, containers, ({ nodes, edges }) => ({
    nodes,
    edges: edges.flatMap((each) => {
      const parts = edgeParts(each);
      return parts && sameEdge(parts, edge) ? next : [each];
    }),
  }));
}

export function connect(document: WorkflowDocument, containers: Containers, edge: EdgeParts): WorkflowDocument {
  return withGraph(document, containers, ({ nodes, edges }) => {
    const isThere = edges.some((each) => {
      const parts = edgeParts(each);
      return parts && sameEdge(parts, edge);
    });
    return { nodes, edges: isThere ? edges : [...edges, edgeOf(edge)] };
  });
}

export function disconnect(document: WorkflowDocument, containers: Containers, edge: EdgeParts): WorkflowDocument {
  return withGraph(document, containers, ({ nodes, edges }) => ({
    nodes,
    edges: edges.filter((each) => {
      const parts = edgeParts(each);
      return !parts || !sameEdge(parts, edge);
    }),
  }));
}

/** The nodes, with what they hold, their edges and their places. What read them is left to the list of problems. */
export function removeNodes(document: WorkflowDocument, ids: readonly string[]): WorkflowDocument {
  return ids.reduce(removeNode, document);
}

function removeNode(document: WorkflowDocument, id: string): WorkflowDocument {
  const place = placesOf(document).get(id);
  if (!place) return document;
  const path = nodePath(place.containers, id);
  const without = withGraph(document, place.containers, ({ nodes, edges }) => ({
    nodes: nodes.filter((node) => node !== place.node),
    edges: edges.filter((edge) => {
      const parts = edgeParts(edge);
      return !parts || (parts.from !== id && parts.to !== id);
    }),
  }));
  return mapLayout(without, (name) => (name === path || name.startsWith(`${path}/`) ? null : name));
}

/** Another id: every reference, edge and place follows. null: the id is taken, or no name that expressions can read. */
export function renameId(document: WorkflowDocument, from: string, to: string): WorkflowDocument | null {
  const renamed = renameNode(document as unknown as JsonObject, nodeSpecs, from, to);
  return renamed && (renamed.document as unknown as WorkflowDocument);
}

function mapLayout(document: WorkflowDocument, rename: (path: string) => string | null): WorkflowDocument {
  const { layout } = document;
  if (!layout) return document;
  const entries = Object.entries(layout);
  const next = entries.flatMap(([path, at]) => {
    const name = rename(path);
    return name === null ? [] : [[name, at] as const];
  });
  const isSame = next.length === entries.length && next.every(([name], index) => name === entries[index]?.[0]);
  return isSame ? document : { ...document, layout: Object.fromEntries(next) };
}

export function withPositions(document: WorkflowDocument, positions: Positions): WorkflowDocument {
  const layout = document.layout ?? {};
  return Object.keys(positions).length === 0 ? document : { ...document, layout: { ...layout, ...positions } };
}

/** The nodes by a distance. */
export function moveNodes(document: WorkflowDocument, ids: readonly string[], distance: Point): WorkflowDocument {
  const places = placesOf(document);
  const points = ids.flatMap((id): [string, Point][] => {
    const place = places.get(id);
    const box = place && placedAt(document, place.containers).boxes.get(id);
    if (!box || ids.some((other) => place.containers.includes(other))) return [];
    return [[id, { x: box.x + distance.x, y: box.y + distance.y }]];
  });
  return placeNodes(document, new Map(points));
}

/** The nodes to places. Where a graph was laid out by itself, all its places are written down, so that nothing else moves. */
export function placeNodes(document: WorkflowDocument, points: ReadonlyMap<string, Point>): WorkflowDocument {
  const places = placesOf(document);
  const positions: Record<string, readonly [number, number]> = {};
  for (const id of points.keys()) {
    const place = places.get(id);
    if (place) Object.assign(positions, unwritten(document, place.containers));
  }
  for (const [id, point] of points) {
    const place = places.get(id);
    if (place) positions[nodePath(place.containers, id)] = [onGrid(point.x), onGrid(point.y)];
  }
  return withPositions(document, positions);
}

/** Places of a graph that nobody has written down yet: what laid itself out stays where it was seen when something joins it. */
export function unwritten(document: WorkflowDocument, containers: Containers): Positions {
  const missing = [...placedAt(document, containers).boxes].filter(([id]) => writtenPlace(document, nodePath(containers, id)) === null);
  return Object.fromEntries(missing.map(([id, { x, y }]) => [nodePath(containers, id), [x, y] as const]));
}

/** All graphs from left to right, the innermost first, since a container is as large as what it holds. Notes keep their places. */
export function tidyUp(document: WorkflowDocument): WorkflowDocument {
  const graphs = [...placesOf(document).values()]
    .filter(({ node }) => bodyOf(node))
    .map(({ node, containers }): Containers => [...containers, node.id])
    .toSorted((left, right) => right.length - left.length);
  return [...graphs, []].reduce(tidyGraph, document);
}

function tidyGraph(document: WorkflowDocument, containers: Containers): WorkflowDocument {
  const graph = graphAt(document, containers);
  if (!graph || graph.nodes.length === 0) return document;
  const positions = [...arranged(graph, document, containers)].map(([id, { x, y }]): [string, readonly [number, number]] => [
    nodePath(containers, id),
    [x, y],
  ]);
  return withPositions(document, Object.fromEntries(positions));
}

/** One member of a node; undefined takes it away. Members keep their order. */
export function setMember(
  document: WorkflowDocument,
  id: string,
  path: readonly (string | number)[],
  value: Json | undefined,
): WorkflowDocument {
  return withNode(document, id, (node) => withValue(node as unknown as JsonObject, path, value) as unknown as WorkflowNode);
}

/** One member of the document's own. */
export function setSetting(document: WorkflowDocument, path: readonly string[], value: Json | undefined): WorkflowDocument {
  return withValue(document as unknown as JsonObject, path, value) as unknown as WorkflowDocument;
}

function withValue(holder: Json, path: readonly (string | number)[], value: Json | undefined): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value ?? null;
  if (Array.isArray(holder)) {
    const index = Number(step);
    if (rest.length === 0 && value === undefined) return holder.toSpliced(index, 1);
    return index < holder.length
      ? holder.map((item, at) => (at === index ? withValue(item, rest, value) : item))
      : [...holder, withValue(null, rest, value)];
  }
  const object: JsonObject = typeof holder === "object" && holder !== null ? (holder as JsonObject) : {};
  if (rest.length === 0 && value === undefined) return Object.fromEntries(Object.entries(object).filter(([name]) => name !== step));
  return { ...object, [step]: withValue(object[step] ?? null, rest, value) };
}
