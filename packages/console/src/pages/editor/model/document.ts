import {
  canonicalJson,
  type Edge,
  isJsonObject,
  type Json,
  type JsonObject,
  type WorkflowDocument,
  type WorkflowNode,
} from "@millrace/contract";
import type { NodeSpec } from "@millrace/engine";
import { nodeSpecs } from "@millrace/nodes/specs";

// A document as the editor reads it: never changed in place, so that what two of them have in common is the same object.

export interface EdgeParts {
  readonly from: string;
  readonly port: string;
  readonly to: string;
}

/** A place in the document: the containers around a graph, outermost first; [] is the document's own. */
export type Containers = readonly string[];

export interface GraphOf {
  readonly nodes: readonly WorkflowNode[];
  readonly edges: readonly Edge[];
}

export interface NodePlace {
  readonly node: WorkflowNode;
  readonly containers: Containers;
  /** JSON pointer of the node. */
  readonly pointer: string;
}

/** Whether they say the same, in whatever order their fields stand. */
export function isSame(left: WorkflowDocument, right: WorkflowDocument): boolean {
  return canonicalJson(left as unknown as Json) === canonicalJson(right as unknown as Json);
}

const SHORT = /^\s*([^\s.>]+)(?:\.([^\s>]+))?\s*->\s*([^\s.>]+)\s*$/;

/** null where the text is no edge: it stays in the document, and in the list of problems. */
export function edgeParts(edge: Edge): EdgeParts | null {
  if (typeof edge !== "string") return { from: edge.from, port: edge.port ?? "out", to: edge.to };
  const [, from, port = "out", to] = SHORT.exec(edge) ?? [];
  return from === undefined || to === undefined ? null : { from, port, to };
}

export function edgeOf({ from, port, to }: EdgeParts): Edge {
  return port === "out" ? `${from} -> ${to}` : `${from}.${port} -> ${to}`;
}

export function sameEdge(left: EdgeParts, right: EdgeParts): boolean {
  return left.from === right.from && left.port === right.port && left.to === right.to;
}

/** The name of an edge on the canvas. */
export function edgeKey({ from, port, to }: EdgeParts): string {
  return `${from}.${port}->${to}`;
}

export function bodyOf(node: WorkflowNode): GraphOf | null {
  const body = node["body"];
  if (!isJsonObject(body as Json)) return null;
  const { nodes, edges } = body as Partial<GraphOf>;
  return Array.isArray(nodes) && Array.isArray(edges) ? { nodes, edges } : null;
}

const places = new WeakMap<WorkflowDocument, ReadonlyMap<string, NodePlace>>();

/** Node id -> where it stands. Of two nodes with one id the first counts; the second is a problem. */
export function placesOf(document: WorkflowDocument): ReadonlyMap<string, NodePlace> {
  const known = places.get(document);
  if (known) return known;
  const found = new Map<string, NodePlace>();
  collect(document, [], "", found);
  places.set(document, found);
  return found;
}

function collect(graph: GraphOf, containers: Containers, at: string, found: Map<string, NodePlace>): void {
  for (const [index, node] of graph.nodes.entries()) {
    const pointer = `${at}/nodes/${index}`;
    if (!found.has(node.id)) found.set(node.id, { node, containers, pointer });
    const body = bodyOf(node);
    if (body) collect(body, [...containers, node.id], `${pointer}/body`, found);
  }
}

export function nodeOf(document: WorkflowDocument, id: string): WorkflowNode | null {
  return placesOf(document).get(id)?.node ?? null;
}

export function graphAt(document: WorkflowDocument, containers: Containers): GraphOf | null {
  const [id, ...rest] = containers;
  if (id === undefined) return document;
  return within(document, [id, ...rest]);
}

function within(graph: GraphOf, containers: Containers): GraphOf | null {
  const [id, ...rest] = containers;
  if (id === undefined) return graph;
  const node = graph.nodes.find((each) => each.id === id);
  const body = node ? bodyOf(node) : null;
  return body && within(body, rest);
}

/** The document with another graph at a place. The nodes beside the way there stay the same objects. */
export function withGraph(document: WorkflowDocument, containers: Containers, change: (graph: GraphOf) => GraphOf): WorkflowDocument {
  return changeGraph(document, containers, change) as WorkflowDocument;
}

function changeGraph(holder: GraphOf, containers: Containers, change: (graph: GraphOf) => GraphOf): GraphOf {
  const [id, ...rest] = containers;
  if (id === undefined) {
    const { nodes, edges } = change(holder);
    return replaced(replaced(holder, "nodes", nodes), "edges", edges);
  }
  const nodes = holder.nodes.map((node) => {
    const body = node.id === id ? bodyOf(node) : null;
    return body ? ({ ...node, body: changeGraph(node["body"] as GraphOf, rest, change) } as unknown as WorkflowNode) : node;
  });
  return replaced(holder, "nodes", nodes);
}

function replaced<T extends object, K extends keyof T>(holder: T, name: K, value: T[K]): T {
  return holder[name] === value ? holder : { ...holder, [name]: value };
}

/** The document with another node in the place of `id`. */
export function withNode(document: WorkflowDocument, id: string, change: (node: WorkflowNode) => WorkflowNode): WorkflowDocument {
  const place = placesOf(document).get(id);
  if (!place) return document;
  return withGraph(document, place.containers, ({ nodes, edges }) => ({
    nodes: nodes.map((node) => (node === place.node ? change(node) : node)),
    edges,
  }));
}

/** Nodes of the document, bodies included, in its order. */
export function allNodes(document: WorkflowDocument): readonly NodePlace[] {
  return [...placesOf(document).values()];
}

/** `loop/inner` for a node in a body: the name of its place in `layout`. */
export function nodePath(containers: Containers, id: string): string {
  return [...containers, id].join("/");
}

const ENVELOPE: ReadonlySet<string> = new Set([
  "id",
  "type",
  "name",
  "note",
  "inputs",
  "outputs",
  "timeoutMs",
  "retry",
  "onError",
  "cache",
  "skipIf",
  "concurrency",
  "flow",
]);

/** The members that are its type's own. */
export function configOf(node: WorkflowNode): JsonObject {
  const spec = nodeSpecs.get(node.type);
  const own = (spec?.config as { properties?: object } | undefined)?.properties ?? {};
  return Object.fromEntries(Object.entries(node).filter(([name]) => !ENVELOPE.has(name) || Object.hasOwn(own, name))) as JsonObject;
}

export function specOf(node: WorkflowNode): NodeSpec | null {
  return nodeSpecs.get(node.type) ?? null;
}

/** Names of the ports that a node has now. A config that cannot be read gives the one port of a plain step. */
export function portsOf(node: WorkflowNode): readonly string[] {
  const spec = specOf(node);
  if (!spec) return ["out"];
  const ports = portsOfSpec(spec, configOf(node));
  return node.onError?.do === "branch" ? [...ports, "error"] : ports;
}

function portsOfSpec(spec: NodeSpec, config: JsonObject): readonly string[] {
  try {
    return spec.ports(config);
  } catch {
    // Half a config on its way to a whole one: the plan names what is wrong with it.
    return ["out"];
  }
}
