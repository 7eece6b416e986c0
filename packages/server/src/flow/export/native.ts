import { isJsonObject, type Json, type JsonObject, toPointer } from "@millrace/contract";
import { SUCCESS_PORT } from "#flow/handles";
import { listOf, objectOf, textOf } from "#flow/json";

/** A native document on its way out: its graphs, outside before inside. */
export interface NativeDocument {
  readonly raw: JsonObject;
  readonly top: NativeGraph;
  readonly graphs: readonly NativeGraph[];
  /** Ids are unique in a document; of several nodes with one id the first. */
  readonly byId: Map<string, NativeNode>;
}

export interface NativeGraph {
  readonly container: NativeNode | null;
  readonly nodes: NativeNode[];
  readonly edges: NativeEdge[];
  /** What import kept of the graph: unknown members, ids of edges, edges that are never taken. */
  readonly flow: JsonObject;
}

export interface NativeNode {
  readonly id: string;
  readonly type: string;
  /** JSON pointer in the document; of a node that export adds, its container's. */
  readonly at: string;
  /** `loop/inner`. */
  readonly path: string;
  readonly graph: NativeGraph;
  /** What import kept of the node. */
  readonly flow: JsonObject;
  /** Its members, completed by what is understood without being said. */
  raw: JsonObject;
  body: NativeGraph | null;
  /** Its items are bare values: `item` is one, not an object with a member for each list. */
  bareItems: boolean;
}

export interface NativeEdge {
  readonly from: NativeNode;
  readonly port: string;
  readonly to: NativeNode;
  /** The edge as import kept it, where its handles follow from nothing. */
  readonly flow: JsonObject | null;
}

/** Told of what cannot be read, with its place. */
export type Refuse = (at: string, reason: string, node: NativeNode | null) => void;

/** Reads any draft: what has no sense is refused, and the rest read on. */
export function readNative(document: JsonObject, refuse: Refuse): NativeDocument {
  const graphs: NativeGraph[] = [];
  const byId = new Map<string, NativeNode>();
  const top = readGraph(document, "", null, objectOf(document["flow"]));
  graphs.push(top);
  // The list grows while it is walked.
  for (const graph of graphs) {
    for (const node of graph.nodes) {
      if (byId.has(node.id)) refuse(`${node.at}/id`, "another node has this id", node);
      else byId.set(node.id, node);
      if (node.body) graphs.push(node.body);
    }
  }
  return { raw: document, top, graphs, byId };

  function readGraph(raw: JsonObject, at: string, container: NativeNode | null, flow: JsonObject): NativeGraph {
    const graph: NativeGraph = { container, nodes: [], edges: [], flow };
    for (const [index, value] of listOf(raw["nodes"]).entries()) graph.nodes.push(readNode(value, `${at}/nodes/${index}`, graph));
    const known = new Map(graph.nodes.map((node) => [node.id, node]));
    for (const [index, value] of listOf(raw["edges"]).entries()) {
      const edge = readEdge(value, known);
      if (edge) graph.edges.push(edge);
      else refuse(`${at}/edges/${index}`, "the edge has no two nodes of this graph", container);
    }
    return graph;
  }

  function readNode(value: Json, at: string, graph: NativeGraph): NativeNode {
    const raw = objectOf(value);
    const id = textOf(raw["id"]);
    const path = graph.container ? `${graph.container.path}/${id}` : id;
    const flow = objectOf(raw["flow"]);
    const node: NativeNode = { id, type: textOf(raw["type"]), at, path, graph, flow, raw, body: null, bareItems: false };
    if (!isJsonObject(value) || id === "") refuse(at, "a node is a mapping with an id", node);
    if (isContainer(node)) node.body = readGraph(objectOf(raw["body"]), `${at}/body`, node, objectOf(flow["body"]));
    return node;
  }
}

export function isContainer({ type }: NativeNode): boolean {
  return type === "loop" || type === "batch";
}

const SHORT_EDGE = /^\s*([^\s.>]+)(?:\.([^\s>]+))?\s*->\s*([^\s.>]+)\s*$/;

function readEdge(value: Json, nodes: ReadonlyMap<string, NativeNode>): NativeEdge | null {
  const long = objectOf(value);
  const [, from, port, to] = (typeof value === "string" ? SHORT_EDGE.exec(value) : null) ?? [];
  const source = nodes.get(from ?? textOf(long["from"]));
  const target = nodes.get(to ?? textOf(long["to"]));
  if (!source || !target) return null;
  const flow = long["flow"];
  const kept = flow !== undefined && isJsonObject(flow) ? flow : null;
  return { from: source, port: port ?? textOf(long["port"] ?? SUCCESS_PORT), to: target, flow: kept };
}

/** The nearest containers around a graph, innermost first. */
export function containersOf(graph: NativeGraph): readonly NativeNode[] {
  const found: NativeNode[] = [];
  for (let { container } = graph; container; { container } = container.graph) found.push(container);
  return found;
}

export function pointerIn(node: NativeNode, ...steps: readonly (string | number)[]): string {
  return node.at + toPointer(steps);
}
