import { isJsonObject, type JsonObject, readEdge } from "@millrace/contract";
import type { NodeSpec, NodeSpecs } from "@millrace/engine";

// The part of a draft that a run of one node, or of all up to one, needs: a document of its own, in which every node keeps its id.

/** The end that such a part gets. */
const RESULT = "draft_result";

interface Graph {
  readonly nodes: readonly JsonObject[];
  readonly edges: readonly { readonly from: string; readonly port: string; readonly to: string }[];
}

/** Everything that leads to the node, and the node; of a container that it lies in, the same of its body. */
export function upTo(document: JsonObject, id: string, specs: NodeSpecs): JsonObject {
  const graph = graphOf(document);
  const last = nodeOrContainer(graph, id);
  const kept = [...ancestorsOf(graph, last)];
  const nodes = graph.nodes.filter((node) => kept.includes(idOf(node)) || isEntry(node, specs));
  const ids = new Set(nodes.map(idOf));
  const edges = graph.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)).map(edgeText);
  return {
    ...document,
    ...ending(
      nodes.map((node) => bodyUpTo(node, id)),
      edges,
      last,
      specs,
    ),
  };
}

/**
 * The node behind all that it may read, one after another: each of these is to be pinned. The Start node takes any input, because what is
 * read of it is pinned as well.
 */
export function only(
  document: JsonObject,
  id: string,
  specs: NodeSpecs,
): { readonly document: JsonObject; readonly around: readonly Around[] } {
  const around: Around[] = [];
  const graph = graphOf(document);
  const { nodes, edges } = chain(graph, id, specs, around);
  const entry = nodes.find((node) => isEntry(node, specs)) ?? graph.nodes.find((node) => isEntry(node, specs));
  const last = nodeOrContainer(graph, id);
  const whole = entry && !nodes.includes(entry) ? [entry, ...nodes] : nodes;
  return { document: { ...document, ...ending(whole.map(withoutRequired), edges, last, specs) }, around };
}

/** A level of nesting around the node, the document first: what may be read there. */
export interface Around {
  /** The container that the level is the body of; null: the document. */
  readonly container: JsonObject | null;
  readonly nodes: readonly JsonObject[];
}

function chain(graph: Graph, id: string, specs: NodeSpecs, around: Around[], container: JsonObject | null = null) {
  const last = nodeOrContainer(graph, id);
  const before = inOrder(graph, ancestorsOf(graph, last)).filter((node) => idOf(node) !== last && !isLeaving(node, specs));
  around.push({ container, nodes: before });
  const target = graph.nodes.filter((node) => idOf(node) === last).map((node) => bodyOnly(node, id, specs, around));
  const nodes = [...before, ...target];
  const edges = nodes.slice(1).map((node, at) => ({ from: idOf(nodes[at]), port: portsOf(nodes[at], specs)[0] ?? "out", to: idOf(node) }));
  return { nodes, edges: edges.map(edgeText) };
}

function bodyOnly(node: JsonObject, id: string, specs: NodeSpecs, around: Around[]): JsonObject {
  const { body, collect: _collect, ...rest } = node;
  if (idOf(node) === id || !isJsonObject(body)) return node;
  return { ...rest, body: { ...body, ...chain(graphOf(body), id, specs, around, node) } };
}

function bodyUpTo(node: JsonObject, id: string): JsonObject {
  const { body, collect: _collect, ...rest } = node;
  if (idOf(node) === id || !isJsonObject(body) || !holds(node, id)) return node;
  const graph = graphOf(body);
  const kept = ancestorsOf(graph, nodeOrContainer(graph, id));
  const nodes = graph.nodes.filter((one) => kept.has(idOf(one))).map((one) => bodyUpTo(one, id));
  return { ...rest, body: { ...body, nodes, edges: graph.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)).map(edgeText) } };
}

/** What a part ends with: the node itself where it is an end, else an end that shows what it gave. */
function ending(nodes: readonly JsonObject[], edges: readonly string[], last: string, specs: NodeSpecs) {
  const target = nodes.find((node) => idOf(node) === last);
  const leads = target && !isEntry(target, specs) && !edges.some((edge) => readEdge(edge)?.to === last);
  const entry = nodes.find((node) => isEntry(node, specs));
  const connected = leads && entry ? [...edges, `${idOf(entry)} -> ${last}`] : edges;
  if (!target || specOf(target, specs)?.role === "end") return { nodes: [...nodes], edges: [...connected] };
  const result = freeId(nodes);
  const ports = portsOf(target, specs);
  return {
    nodes: [...nodes, { id: result, type: "end", output: { [last]: `{{ ${last} }}` } }],
    edges: [...connected, ...ports.map((port) => edgeText({ from: last, port, to: result }))],
  };
}

function freeId(nodes: readonly JsonObject[]): string {
  const taken = new Set(nodes.map(idOf));
  for (let number = 1; ; number++) {
    const id = number === 1 ? RESULT : `${RESULT}_${number}`;
    if (!taken.has(id)) return id;
  }
}

function withoutRequired(node: JsonObject): JsonObject {
  const { input } = node;
  if (node["type"] !== "start" || !isJsonObject(input)) return node;
  const { required: _required, ...schema } = input;
  return { ...node, input: schema };
}

function graphOf(source: JsonObject): Graph {
  const { nodes, edges } = source;
  return {
    nodes: Array.isArray(nodes) ? nodes.filter(isJsonObject) : [],
    edges: (Array.isArray(edges) ? edges : []).flatMap((edge) => readEdge(edge) ?? []),
  };
}

export function idOf(node: JsonObject | undefined): string {
  return String(node?.["id"] ?? "");
}

/** The node of this level that is the node, or holds it. */
function nodeOrContainer(graph: Graph, id: string): string {
  return idOf(graph.nodes.find((node) => idOf(node) === id || holds(node, id)));
}

function holds({ body }: JsonObject, id: string): boolean {
  return isJsonObject(body) && graphOf(body).nodes.some((node) => idOf(node) === id || holds(node, id));
}

export function hasNode(document: JsonObject, id: string): boolean {
  return graphOf(document).nodes.some((node) => idOf(node) === id || holds(node, id));
}

/** Ids of all that leads to the node, and its own. */
function ancestorsOf({ edges }: Graph, id: string): ReadonlySet<string> {
  const found = new Set([id]);
  for (const at of found) for (const { from, to } of edges) if (to === at) found.add(from);
  return found;
}

/** Each after all that leads to it; what lies on a cycle is left out. */
function inOrder({ nodes, edges }: Graph, among: ReadonlySet<string>): JsonObject[] {
  const left = nodes.filter((node) => among.has(idOf(node)));
  const ordered: JsonObject[] = [];
  const done = new Set<string>();
  for (;;) {
    const next = left.find(
      (node) => !done.has(idOf(node)) && edges.every(({ from, to }) => to !== idOf(node) || done.has(from) || !among.has(from)),
    );
    if (!next) return ordered;
    done.add(idOf(next));
    ordered.push(next);
  }
}

function edgeText({ from, port, to }: { readonly from: string; readonly port: string; readonly to: string }): string {
  return port === "out" ? `${from} -> ${to}` : `${from}.${port} -> ${to}`;
}

function specOf(node: JsonObject, specs: NodeSpecs): NodeSpec | undefined {
  return specs.get(String(node["type"]));
}

function isEntry(node: JsonObject, specs: NodeSpecs): boolean {
  return specOf(node, specs)?.role === "entry";
}

function isLeaving(node: JsonObject, specs: NodeSpecs): boolean {
  return specOf(node, specs)?.role === "leave";
}

/** Ports of a node whose config may have faults, which the plan then tells of. */
export function portsOf(node: JsonObject | undefined, specs: NodeSpecs): readonly string[] {
  if (!node) return [];
  try {
    const ports = specOf(node, specs)?.ports(node) ?? ["out"];
    const { onError } = node;
    return isJsonObject(onError) && onError["do"] === "branch" ? [...ports, "error"] : ports;
  } catch {
    return ["out"];
  }
}
