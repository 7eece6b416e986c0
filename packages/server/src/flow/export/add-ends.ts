import { addedEdge, addedNode, namesIn } from "#flow/export/added";
import type { NativeGraph, NativeNode } from "#flow/export/native";
import { ERROR_PORT, SUCCESS_PORT } from "#flow/handles";
import { listOf, objectOf, textOf } from "#flow/json";
import type { Names } from "#flow/names";

const ENDS_ITERATION: ReadonlySet<string> = new Set(["next", "continue", "break", "end"]);

/** A body begins with a START, and something follows each way through it. */
export function addEnds(graph: NativeGraph, container: NativeNode, ids: Names): void {
  const names = namesIn(graph);
  const add = (type: string, name: string): NativeNode =>
    addedNode(graph, container, ids.take(`${container.id}_${type}`), { type, name: names.take(name) });
  const nodes = graph.nodes.filter(({ type }) => type !== "comment");
  if (!nodes.some(({ type }) => type === "start")) {
    const start = add("start", "Start");
    const followed = new Set(graph.edges.map(({ to }) => to));
    const first = nodes.filter((node) => !followed.has(node));
    graph.nodes.unshift(start);
    graph.edges.unshift(...first.map((to) => addedEdge(start, SUCCESS_PORT, to)));
  }
  const taken = new Map(graph.nodes.map((node) => [node, new Set<string>()]));
  for (const { from, port } of graph.edges) taken.get(from)?.add(port);
  const open = graph.nodes.flatMap((node) => openPorts(node, taken.get(node) ?? new Set()).map((port) => ({ node, port })));
  if (open.length === 0) return;
  const next = add("next", "Next");
  graph.nodes.push(next);
  graph.edges.push(...open.map(({ node, port }) => addedEdge(node, port, next)));
}

/** Ports that the vendor's format wants something behind, and that nothing follows. */
function openPorts(node: NativeNode, taken: Set<string>): readonly string[] {
  if (ENDS_ITERATION.has(node.type) || node.type === "comment") return [];
  const branches = branchesOf(node);
  if (branches !== null) return branches.filter((port) => !taken.has(port));
  taken.delete(ERROR_PORT);
  return taken.size === 0 ? [SUCCESS_PORT] : [];
}

/** The ports of a condition or an intent node; null: the node does not choose. */
function branchesOf({ type, raw }: NativeNode): readonly string[] | null {
  const ports = (member: string) => listOf(raw[member]).map((branch) => textOf(objectOf(branch)["port"]));
  if (type === "condition") return [...ports("cases"), "else"];
  return type === "intent" ? ports("intents") : null;
}
