import { say } from "@millrace/contract";
import { type GraphDraft, isStandIn, type NodeDraft } from "#plan/draft";
import type { Problems } from "#plan/problem";

/** The rules of each node's place, and the order of the graph; fills `ancestors`. Bodies are checked by the same rules. */
export function checkRules(graph: GraphDraft, problems: Problems): void {
  checkCounts(graph, problems);
  for (const node of graph.nodes) checkPlace(node, problems);
  checkDegrees(graph, problems);
  orderNodes(graph, problems);
  for (const node of graph.nodes) if (node.body) checkRules(node.body, problems);
}

function checkCounts(graph: GraphDraft, problems: Problems): void {
  const starts = graph.nodes.filter((node) => node.spec.role === "entry");
  for (const extra of starts.slice(1)) problems.add("many_starts", extra.at, say`a graph has one start node`, { nodeId: extra.id });
  if (graph.parent) return;
  if (starts.length === 0) problems.add("no_start", `${graph.at}/nodes`, say`a workflow needs a start node`);
  if (!graph.nodes.some((node) => node.spec.role === "end")) problems.add("no_end", `${graph.at}/nodes`, say`a workflow needs an end node`);
}

function checkPlace(node: NodeDraft, problems: Problems): void {
  const { spec, graph, id } = node;
  if (spec.role === "leave" && !graph.parent)
    problems.add("outside_body", node.at, say`${spec.type} stands only in the body of a loop or batch`, { nodeId: id });
  if (spec.role === "end" && graph.parent)
    problems.add("end_in_body", node.at, say`an end node ends the whole workflow; end an iteration with next`, { nodeId: id });
  if (spec.allowedInBatch === false && graph.parent?.spec.container?.mode === "parallel") {
    problems.add("not_in_batch", node.at, say`${spec.type} cannot stand in a batch: its items run side by side`, { nodeId: id });
  }
  for (const name of spec.assigns?.(node.config) ?? []) checkTarget(node, name, problems);
}

/** A set node's variable belongs to an enclosing loop, with no batch in between. */
function checkTarget(node: NodeDraft, name: string, problems: Problems): void {
  for (let container = node.graph.parent; container; container = container.graph.parent) {
    if (Object.hasOwn(container.variables, name)) return;
    if (container.spec.container?.mode === "parallel") break;
  }
  problems.add("unknown_loop_variable", `${node.at}/assign`, say`no enclosing loop declares the variable ${name}`, { nodeId: node.id });
}

function checkDegrees(graph: GraphDraft, problems: Problems): void {
  const incoming = new Set(graph.edges.map((edge) => edge.to));
  const outgoing = new Set(graph.edges.map((edge) => edge.from));
  for (const node of graph.nodes) {
    const { role, type } = node.spec;
    const at = { nodeId: node.id };
    if (role === "note" || role === "entry") {
      if (incoming.has(node)) problems.add("no_predecessor", node.at, say`nothing can lead to ${node.id} (${type})`, at);
    } else if (!incoming.has(node) && !graph.parent) {
      problems.add("unreachable", node.at, say`no edge leads to ${node.id}`, at);
    }
    if (!isStandIn(node) && node.ports.length > 0 && !outgoing.has(node) && !graph.parent) {
      problems.add("dead_end", node.at, say`nothing follows ${node.id}`, at);
    }
    if (node.envelope.onError?.do === "branch") checkErrorBranch(node, graph, problems);
    if (node.envelope.skipIf !== undefined) checkSkip(node, graph, problems);
  }
}

function checkErrorBranch(node: NodeDraft, graph: GraphDraft, problems: Problems): void {
  if (graph.edges.some((edge) => edge.from === node && edge.port === "error")) return;
  problems.add("error_not_connected", `${node.at}/onError`, say`${node.id} branches on an error, and no edge leaves its port error`, {
    nodeId: node.id,
    level: "warning",
  });
}

/** A run that skipped its start, or the only end that it has, could come to nothing but a failure. */
function checkSkip(node: NodeDraft, graph: GraphDraft, problems: Problems): void {
  const { role, type } = node.spec;
  const isOnly = role === "end" && graph.nodes.filter(({ spec }) => spec.role === "end").length === 1;
  if (role !== "entry" && !isOnly) return;
  const message = say`${isOnly ? say`the only end of a workflow` : type} cannot be skipped: a run would come to no end`;
  problems.add("skip_not_allowed", `${node.at}/skipIf`, message, { nodeId: node.id });
}

/** Kahn's order: what is left over lies on a cycle, or behind one. */
function orderNodes(graph: GraphDraft, problems: Problems): void {
  const waiting = graph.nodes.map(() => 0);
  for (const edge of graph.edges) waiting[edge.to.index] = (waiting[edge.to.index] ?? 0) + 1;
  const leaving = Map.groupBy(graph.edges, ({ from }) => from);
  const queue = graph.nodes.filter((node) => waiting[node.index] === 0);
  let ordered = 0;
  for (const node of queue) {
    ordered += 1;
    for (const { to: next } of leaving.get(node) ?? []) {
      next.ancestors = next.ancestors.union(node.ancestors).add(node.index);
      const left = (waiting[next.index] ?? 0) - 1;
      waiting[next.index] = left;
      if (left === 0) queue.push(next);
    }
  }
  if (ordered === graph.nodes.length) return;
  const names = graph.nodes.filter((node) => (waiting[node.index] ?? 0) > 0).map((node) => node.id);
  problems.add("cycle", `${graph.at}/edges`, say`a cycle runs through ${names.slice(0, 10).join(", ")}${names.length > 10 ? ", …" : ""}`);
}
