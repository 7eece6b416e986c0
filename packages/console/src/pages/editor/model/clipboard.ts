import { isJsonObject, type Json, type JsonObject, type WorkflowDocument, type WorkflowNode } from "@millrace/contract";
import { renameInTemplate } from "@millrace/engine";
import { type Added, freeId, unwritten, withPositions } from "#pages/editor/model/commands.ts";
import { bodyOf, type Containers, edgeOf, edgeParts, graphAt, placesOf, withGraph } from "#pages/editor/model/document.ts";
import { boundsOf, freePlace, isPlace, type Point, placedAt } from "#pages/editor/model/placing.ts";
import { rewriteNodes } from "#pages/editor/model/references.ts";

// Copied nodes are plain JSON, a piece of a workflow document: they go into any workflow of any server, and into a mail.

const FORMAT = "millrace/1";

export interface Fragment {
  readonly format: typeof FORMAT;
  readonly nodes: readonly WorkflowNode[];
  readonly edges: readonly string[];
  readonly layout: Readonly<Record<string, readonly [number, number]>>;
}

/** The nodes of one graph with the edges between them, or null where none of the ids is in it. */
export function copyNodes(document: WorkflowDocument, ids: readonly string[]): Fragment | null {
  const places = placesOf(document);
  const first = ids.map((id) => places.get(id)).find((place) => place !== undefined);
  const graph = first && graphAt(document, first.containers);
  if (!first || !graph) return null;
  const wanted = new Set(ids);
  const nodes = graph.nodes.filter(({ id }) => wanted.has(id));
  const kept = new Set(nodes.map(({ id }) => id));
  const edges = graph.edges.flatMap((edge) => {
    const parts = edgeParts(edge);
    return parts && kept.has(parts.from) && kept.has(parts.to) ? [edgeOf(parts) as string] : [];
  });
  return { format: FORMAT, nodes, edges, layout: placesToCopy(document, first.containers, kept) };
}

function placesToCopy(document: WorkflowDocument, containers: Containers, kept: ReadonlySet<string>): Fragment["layout"] {
  const prefix = containers.length === 0 ? "" : `${containers.join("/")}/`;
  const own = [...placedAt(document, containers).boxes].filter(([id]) => kept.has(id));
  const inside = Object.entries(document.layout ?? {}).flatMap(([path, at]) => {
    const rest = path.startsWith(prefix) ? path.slice(prefix.length) : "";
    return rest.includes("/") && kept.has(rest.split("/")[0] ?? "") ? [[rest, at] as const] : [];
  });
  return Object.fromEntries([...own.map(([id, box]) => [id, [box.x, box.y] as const] as const), ...inside]);
}

/** A fragment, or a whole document as it lies in a file; null for any other text. */
export function readFragment(text: string): Fragment | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isJsonObject(value as Json)) return null;
  const { format, nodes, edges, layout } = value as JsonObject;
  if (format !== FORMAT || !Array.isArray(nodes) || nodes.length === 0 || !nodes.every(isNode)) return null;
  const places = isJsonObject(layout) ? Object.entries(layout).filter(([, at]) => isPlace(at)) : [];
  return {
    format: FORMAT,
    nodes: nodes as unknown as readonly WorkflowNode[],
    edges: (Array.isArray(edges) ? edges : []).filter((edge): edge is string => typeof edge === "string"),
    layout: Object.fromEntries(places) as Fragment["layout"],
  };
}

function isNode(value: Json): boolean {
  return isJsonObject(value) && typeof value["id"] === "string" && typeof value["type"] === "string";
}

/**
 * The fragment's nodes under names that are free here, reading each other under these. What they read of nodes that were not copied stays
 * as it is written: where no node of that name runs before them, it is in the list of problems.
 */
export function pasteFragment(document: WorkflowDocument, containers: Containers, fragment: Fragment, near: Point | null): Added {
  const renames = namesFor(document, fragment.nodes);
  const nodes = rewriteNodes(fragment.nodes, (text) => renamed(text, renames)).map((node) => withIds(node, renames));
  const offset = offsetFor(document, containers, fragment, near);
  const positions = Object.entries(fragment.layout).map(([path, [x, y]]): [string, readonly [number, number]] => {
    const steps = path.split("/").map((id) => renames.get(id) ?? id);
    const moved: readonly [number, number] = steps.length === 1 ? [x + offset.x, y + offset.y] : [x, y];
    return [[...containers, ...steps].join("/"), moved];
  });
  const edges = fragment.edges.map((edge) => renamedEdge(edge, renames));
  const pasted = withGraph(document, containers, (graph) => ({ nodes: [...graph.nodes, ...nodes], edges: [...graph.edges, ...edges] }));
  return {
    document: withPositions(pasted, { ...unwritten(document, containers), ...Object.fromEntries(positions) }),
    ids: nodes.map(({ id }) => id),
  };
}

function namesFor(document: WorkflowDocument, nodes: readonly WorkflowNode[]): ReadonlyMap<string, string> {
  const renames = new Map<string, string>();
  const taken = new Set<string>();
  const visit = (list: readonly WorkflowNode[]) => {
    for (const node of list) {
      const name = freeId(document, node.id, taken);
      taken.add(name);
      renames.set(node.id, name);
      const body = bodyOf(node);
      if (body) visit(body.nodes);
    }
  };
  visit(nodes);
  return renames;
}

/** One name after the other through names that nobody has, so that a swap of two is one. */
function renamed(text: string, renames: ReadonlyMap<string, string>): string {
  const moves = [...renames].filter(([from, to]) => from !== to && text.includes(from));
  const steps = [
    ...moves.map(([from], index) => ({ from, to: `__moving_${index}__` })),
    ...moves.map(([, to], index) => ({ from: `__moving_${index}__`, to })),
  ];
  return steps.reduce((current, { from, to }) => {
    const result = renameInTemplate(current, { from: [from], to });
    return result.ok ? result.text : current;
  }, text);
}

function withIds(node: WorkflowNode, renames: ReadonlyMap<string, string>): WorkflowNode {
  const own = { ...node, id: renames.get(node.id) ?? node.id };
  const body = bodyOf(node);
  if (!body) return own;
  const edges = body.edges.map((edge) => (typeof edge === "string" ? renamedEdge(edge, renames) : edge));
  return {
    ...own,
    body: { ...(node["body"] as object), nodes: body.nodes.map((inner) => withIds(inner, renames)), edges },
  } as WorkflowNode;
}

function renamedEdge(edge: string, renames: ReadonlyMap<string, string>): string {
  const parts = edgeParts(edge);
  if (!parts) return edge;
  return edgeOf({ ...parts, from: renames.get(parts.from) ?? parts.from, to: renames.get(parts.to) ?? parts.to }) as string;
}

/** By how much all of it moves so that it covers nothing, at the pointer or a little beside where it was. */
function offsetFor(document: WorkflowDocument, containers: Containers, fragment: Fragment, near: Point | null): Point {
  const { boxes } = placedAt(document, containers);
  const alone = { ...document, nodes: fragment.nodes, edges: fragment.edges, layout: fragment.layout };
  const bounds = boundsOf([...placedAt(alone, []).boxes.values()]);
  const place = freePlace(boxes, near ?? { x: bounds.x, y: bounds.y }, bounds);
  return { x: place.x - bounds.x, y: place.y - bounds.y };
}

export function duplicate(document: WorkflowDocument, ids: readonly string[]): Added {
  const fragment = copyNodes(document, ids);
  const containers = ids.map((id) => placesOf(document).get(id)?.containers).find((each) => each !== undefined) ?? [];
  return fragment ? pasteFragment(document, containers, fragment, null) : { document, ids: [] };
}
