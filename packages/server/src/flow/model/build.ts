import type { JsonObject } from "@millrace/contract";
import { conditionPorts, intentPorts, type Ports } from "#flow/handles";
import { listOf, objectOf, textOf } from "#flow/json";
import { readEdges } from "#flow/model/edges";
import { NO_FIELDS } from "#flow/model/field";
import { frameFields, outputFields } from "#flow/model/fields";
import type { FlowEdge, FlowGraph, FlowNode } from "#flow/model/graph";
import { assignIds } from "#flow/model/ids";
import { NO_LOOP_VARIABLES } from "#flow/model/loop-variable";
import { readLoopVariables } from "#flow/model/loop-variables";
import { computeReach, NO_REACH } from "#flow/model/reach";
import { readNamedVariables } from "#flow/model/variable";
import type { Names } from "#flow/names";
import type { ImportOptions } from "#flow/options";
import type { FlowProblems } from "#flow/problems";
import { stripNode } from "#flow/strip-node";
import { isContainer, isFlowNodeType, paramNameOf } from "#flow/vendor";

/** A file without faults, ready to be translated. */
export interface FlowModel {
  readonly top: FlowGraph;
  /** All graphs, outside before inside. */
  readonly graphs: readonly FlowGraph[];
  readonly names: Names;
}

export function buildModel(workflow: JsonObject, problems: FlowProblems, options: ImportOptions): FlowModel {
  const context = { problems, options };
  const top = readGraph(workflow, "$.workflow", null, context);
  const graphs = [top];
  // The list grows while it is walked.
  for (const graph of graphs) {
    for (const node of graph.nodes) {
      node.loop = readLoopVariables(node, { id: node.id, problems });
      if (!isContainer(node.type)) continue;
      node.body = readGraph(objectOf(node.raw["subWorkflow"]), `${node.at}.subWorkflow`, node, context);
      graphs.push(node.body);
    }
  }
  const names = assignIds(graphs.flatMap((graph) => graph.nodes));
  for (const node of graphs.flatMap((graph) => graph.nodes)) {
    node.fields = outputFields(node);
    node.frame = frameFields(node, node.loop.items, node.loop.variables);
  }
  return { top, graphs, names };
}

interface Context {
  readonly problems: FlowProblems;
  readonly options: ImportOptions;
}

function readGraph(raw: JsonObject, at: string, container: FlowNode | null, context: Context): FlowGraph {
  const nodes: FlowNode[] = [];
  const edges: FlowEdge[] = [];
  const byId = new Map<string, FlowNode>();
  const byName = new Map<string, FlowNode>();
  const graph: FlowGraph = { raw, at, container, nodes, byId, byName, edges, reach: NO_REACH, upstream: [] };
  for (const [index, value] of listOf(raw["workflowNodes"]).entries()) {
    const node = readNode(objectOf(value), index, graph, context);
    nodes.push(node);
    byId.set(node.id, node);
    byName.set(node.name, node);
  }
  for (const edge of readEdges(graph, context.problems)) edges.push(edge);
  settleReach(graph);
  return graph;
}

function readNode(value: JsonObject, index: number, graph: FlowGraph, { problems, options }: Context): FlowNode {
  const { type } = value;
  if (!isFlowNodeType(type)) throw new TypeError("Only a graph without faults has a model.");
  const at = `${graph.at}.workflowNodes[${index}]`;
  const id = textOf(value["id"]);
  const owner = { id, problems };
  const raw = stripNode(value, { at, nodeId: id, problems, options });
  const paramName = paramNameOf(type);
  const inputs = readNamedVariables(raw["inputs"], `${at}.inputs`, owner);
  const node = {
    raw,
    at,
    graph,
    index,
    id,
    type,
    name: textOf(raw["name"]),
    param: paramName === null ? {} : objectOf(raw[paramName]),
    paramAt: paramName === null ? at : `${at}.${paramName}`,
    inputs,
    inputsByName: new Map(inputs.map((input) => [input.name, input])),
    outputs: readNamedVariables(raw["outputs"], `${at}.outputs`, owner),
    loop: NO_LOOP_VARIABLES,
    body: null,
    nativeId: "",
    dead: false,
    fields: NO_FIELDS,
    frame: NO_FIELDS,
  };
  return { ...node, ports: portsOf(node, owner) };
}

function portsOf(
  { type, param, paramAt }: Pick<FlowNode, "type" | "param" | "paramAt">,
  owner: { id: string; problems: FlowProblems },
): Ports | null {
  if (type === "CONDITION") return conditionPorts(param, paramAt, owner);
  return type === "INTENT" ? intentPorts(param, paramAt, owner) : null;
}

/** Finds the nodes that can never run: every way to them needs an edge that is never taken. Their own edges are never taken either. */
function settleReach(graph: FlowGraph): void {
  graph.upstream = computeReach(graph.nodes.length, graph.edges).ancestors;
  const taken = () => graph.edges.filter((edge) => edge.port !== null);
  graph.reach = computeReach(graph.nodes.length, taken());
  const start = graph.nodes.findIndex((node) => node.type === "START");
  const dead = graph.nodes.filter(({ type, index }) => type !== "START" && type !== "COMMENT" && !graph.reach.ancestors[index]?.has(start));
  if (dead.length === 0) return;
  for (const node of dead) node.dead = true;
  for (const edge of graph.edges) if (edge.source.dead) edge.port = null;
  graph.reach = computeReach(graph.nodes.length, taken());
}
