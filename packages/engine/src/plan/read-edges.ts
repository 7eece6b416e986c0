import { EdgeObject, say } from "@millrace/contract";
import { type GraphDraft, isStandIn, type NodeDraft } from "#plan/draft";
import type { Problems } from "#plan/problem";
import { checkSchema } from "#plan/schema-problems";
import { nearHint } from "#suggest";

const SHORT = /^\s*([^\s.>]+)(?:\.([^\s>]+))?\s*->\s*([^\s.>]+)\s*$/;

interface EdgeText {
  readonly from: string;
  readonly port: string;
  readonly to: string;
}

/** `a -> b`, `a.port -> b`, or the object form. */
export function readEdges(edges: readonly unknown[], graph: GraphDraft, problems: Problems): void {
  const seen = new Set<string>();
  for (const [position, value] of edges.entries()) {
    const at = `${graph.at}/edges/${position}`;
    const edge = parseEdge(value, at, problems);
    if (edge) addEdge(edge, at, graph, seen, problems);
  }
}

function parseEdge(value: unknown, at: string, problems: Problems): EdgeText | null {
  if (typeof value === "string") {
    const [, from, port = "out", to] = SHORT.exec(value) ?? [];
    if (from !== undefined && to !== undefined) return { from, port, to };
    problems.add("invalid_value", at, say`an edge is written "a -> b" or "a.port -> b"`);
    return null;
  }
  if (!checkSchema(EdgeObject, value, at, problems)) return null;
  const edge = value as { from: string; port?: string; to: string };
  return { from: edge.from, port: edge.port ?? "out", to: edge.to };
}

function addEdge(edge: EdgeText, at: string, graph: GraphDraft, seen: Set<string>, problems: Problems): void {
  const from = endpoint(edge.from, "from", at, graph, problems);
  const to = endpoint(edge.to, "to", at, graph, problems);
  if (!from || !to) return;
  if (from === to) {
    problems.add("self_edge", at, say`${from.id} cannot follow itself`, { nodeId: from.id });
    return;
  }
  if (!isStandIn(from) && !from.ports.includes(edge.port)) {
    unknownPort(from, edge.port, at, problems);
    return;
  }
  const key = `${from.index} ${edge.port} ${to.index}`;
  if (seen.has(key)) {
    problems.add("duplicate_edge", at, say`the edge ${from.id}.${edge.port} -> ${to.id} is there already`, {
      level: "warning",
      nodeId: from.id,
    });
    return;
  }
  seen.add(key);
  graph.edges.push({ from, port: edge.port, to, at });
}

function endpoint(id: string, end: "from" | "to", at: string, graph: GraphDraft, problems: Problems): NodeDraft | undefined {
  const node = graph.byId.get(id);
  if (!node) {
    const hint = nearHint(id, graph.byId.keys());
    problems.add("unknown_node", at, say`no node ${id} in this graph (${end})`, hint ? { hint } : {});
  }
  return node;
}

function unknownPort(from: NodeDraft, port: string, at: string, problems: Problems): void {
  if (from.ports.length === 0) {
    problems.add("no_successor", at, say`nothing can follow ${from.id} (${from.spec.type})`, { nodeId: from.id });
    return;
  }
  const hint = nearHint(port, from.ports) ?? say`its ports are ${from.ports.join(", ")}`;
  problems.add("unknown_port", at, say`${from.id} has no port ${port}`, { nodeId: from.id, hint });
}
