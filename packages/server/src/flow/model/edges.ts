import type { JsonObject } from "@millrace/contract";
import { ERROR_PORT, errorHandle, SUCCESS_PORT } from "#flow/handles";
import { listOf, objectOf, textOf } from "#flow/json";
import type { FlowEdge, FlowGraph, FlowNode } from "#flow/model/graph";
import type { FlowProblems } from "#flow/problems";
import { isControl } from "#flow/vendor";

/** The edges of a graph with the native ports that they leave; only CONDITION and INTENT tell handles apart. */
export function readEdges(graph: FlowGraph, problems: FlowProblems): readonly FlowEdge[] {
  const edges: FlowEdge[] = [];
  const seen = new Set<string>();
  for (const [index, value] of listOf(graph.raw["workflowEdges"]).entries()) {
    const raw = objectOf(value);
    const source = graph.byId.get(textOf(raw["sourceNodeID"]));
    const target = graph.byId.get(textOf(raw["targetNodeID"]));
    if (!source || !target) throw new TypeError("Only a graph without faults has a model.");
    const at = `${graph.at}.workflowEdges[${index}]`;
    const handle = textOf(raw["sourceHandle"]);
    edges.push({ raw, at, index, source, target, handle, port: once(portOf(source, handle, at, problems), source, target, seen) });
  }
  return edges;
}

function portOf(source: FlowNode, handle: string, at: string, problems: FlowProblems): string | null {
  if (isControl(source.type)) {
    problems.add("MR_CONTROL_OUT", at, `Nothing follows a ${source.type} node; the edge is ignored.`, source.id);
    return null;
  }
  if (handle === errorHandle(source.id) && branchesOnError(source.raw)) return ERROR_PORT;
  if (source.ports === null) return SUCCESS_PORT;
  const port = source.ports.byHandle.get(handle);
  if (port !== undefined) return port;
  problems.add(
    "MR_EDGE_HANDLE",
    `${at}.sourceHandle`,
    "The handle belongs to no branch of the node, so the edge is never taken.",
    source.id,
  );
  return null;
}

function branchesOnError(node: JsonObject): boolean {
  return objectOf(objectOf(node["millrace"])["onError"])["do"] === "branch";
}

/** A second edge from one port to the same node changes nothing. */
function once(port: string | null, source: FlowNode, target: FlowNode, seen: Set<string>): string | null {
  if (port === null) return null;
  const key = `${source.index}.${port} ${target.index}`;
  if (seen.has(key)) return null;
  seen.add(key);
  return port;
}
