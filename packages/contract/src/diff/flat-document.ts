import { edgeText } from "#edge";
import { isJsonObject, type Json, type JsonObject } from "#json";
import { CONTAINER_TYPES } from "#workflow";

/** A document with its bodies laid open: every node and every edge once, under the path of the container that it is in. */
export interface FlatDocument {
  /** Members of the document but its graph and its layout. */
  readonly settings: JsonObject;
  readonly layout: JsonObject;
  /** By node path, `loop/inner`. */
  readonly nodes: ReadonlyMap<string, FlatNode>;
  /** Path of the container, "" of the document itself → its graph. */
  readonly graphs: ReadonlyMap<string, FlatGraph>;
}

export interface FlatNode {
  /** All but a body that is laid open. */
  readonly members: JsonObject;
  /** What is no graph in a body that is laid open; null: there is none. */
  readonly body: JsonObject | null;
}

export interface FlatGraph {
  /** Node paths, as they stand in the document. */
  readonly nodes: readonly string[];
  /** Canonical JSON text of each edge, as they stand in the document. */
  readonly edges: readonly string[];
}

/** Takes any JSON: what is no list of nodes with ids of their own, or no list of edges, stays an ordinary member. */
export function flattenDocument(document: JsonObject): FlatDocument {
  const nodes = new Map<string, FlatNode>();
  const graphs = new Map<string, FlatGraph>();
  const { layout, ...settings } = openGraph(document, "", { nodes, graphs });
  if (layout === undefined || isJsonObject(layout)) return { settings, layout: layout ?? {}, nodes, graphs };
  return { settings: { ...settings, layout }, layout: {}, nodes, graphs };
}

interface Opened {
  readonly nodes: Map<string, FlatNode>;
  readonly graphs: Map<string, FlatGraph>;
}

/** Its members that are no graph; the graph itself is added to what is opened. */
function openGraph(object: JsonObject, path: string, opened: Opened): JsonObject & { readonly layout?: Json } {
  const { nodes = [], edges = [], ...rest } = object as { readonly [key: string]: Json };
  const hasNodes = isListOfNodes(nodes);
  const hasEdges = Array.isArray(edges);
  opened.graphs.set(path, {
    nodes: hasNodes ? nodes.map((node) => openNode(node, path, opened)) : [],
    edges: hasEdges ? edges.map(edgeText) : [],
  });
  return { ...rest, ...(!hasNodes && { nodes }), ...(!hasEdges && { edges }) };
}

/** Its path. */
function openNode(node: NodeWithId, container: string, opened: Opened): string {
  const path = container === "" ? node.id : `${container}/${node.id}`;
  opened.nodes.set(path, { members: node, body: null });
  const { body, ...members } = node as { readonly [key: string]: Json };
  if (body !== undefined && isJsonObject(body) && isContainer(node))
    opened.nodes.set(path, { members, body: openGraph(body, path, opened) });
  return path;
}

function isContainer({ type }: JsonObject): boolean {
  return CONTAINER_TYPES.some((container) => container === type);
}

type NodeWithId = JsonObject & { readonly id: string };

function isListOfNodes(list: Json): list is readonly NodeWithId[] {
  return Array.isArray(list) && list.every(isNodeWithId) && new Set(list.map(({ id }) => id)).size === list.length;
}

function isNodeWithId(node: Json): node is NodeWithId {
  if (!isJsonObject(node)) return false;
  const { id } = node;
  return typeof id === "string" && id !== "" && !id.includes("/");
}
