import type { Json, JsonObject, WorkflowDocument } from "@millrace/contract";
import { listOf, objectOf } from "#flow/json";

/** The vendor's file again, from nothing but what a document keeps: proof that import loses nothing. Without `exportTime`. */
export function rebuild(document: WorkflowDocument): JsonObject {
  const whole = JSON.parse(JSON.stringify(document)) as JsonObject;
  const flow = objectOf(whole["flow"]);
  return { ...objectOf(flow["file"]), workflow: rebuildGraph(whole, flow, "", objectOf(whole["layout"])) };
}

function rebuildGraph(graph: JsonObject, flow: JsonObject, prefix: string, layout: JsonObject): JsonObject {
  const nodes = listOf(graph["nodes"]).map(objectOf);
  const byId = new Map(nodes.map((node) => [String(node["id"]), objectOf(node["flow"])]));
  const edges = listOf(graph["edges"]).map((edge) =>
    typeof edge === "string" ? rebuildEdge(edge, flow, byId) : (objectOf(edge)["flow"] ?? null),
  );
  for (const ignored of listOf(flow["ignoredEdges"]).map(objectOf)) edges.splice(Number(ignored["at"]), 0, ignored["edge"] ?? null);
  return { ...objectOf(flow["graph"]), workflowNodes: nodes.map((node) => rebuildNode(node, prefix, layout)), workflowEdges: edges };
}

function rebuildNode(node: JsonObject, prefix: string, layout: JsonObject): JsonObject {
  const flow = objectOf(node["flow"]);
  const path = `${prefix}${String(node["id"])}`;
  const [x, y] = listOf(layout[path]);
  const position = x === undefined || y === undefined ? {} : { x, y };
  const body =
    flow["body"] === undefined ? {} : { subWorkflow: rebuildGraph(objectOf(node["body"]), objectOf(flow["body"]), `${path}/`, layout) };
  return { ...objectOf(flow["node"]), ...position, ...body };
}

function rebuildEdge(text: string, flow: JsonObject, byId: ReadonlyMap<string, JsonObject>): Json {
  const [source = "", target = ""] = text.split(" -> ");
  const [from = "", port] = source.split(".");
  const [sourceFlow, targetFlow] = [byId.get(from) ?? {}, byId.get(target) ?? {}];
  const sourceNodeID = String(objectOf(sourceFlow["node"])["id"]);
  const targetNodeID = String(objectOf(targetFlow["node"])["id"]);
  const handle = port === undefined ? `source-${sourceNodeID}` : (objectOf(sourceFlow["ports"])[port] ?? `source-${sourceNodeID}-${port}`);
  const id = objectOf(flow["edges"])[text] ?? null;
  return { id, sourceNodeID, targetNodeID, sourceHandle: handle, targetHandle: `target-${targetNodeID}` };
}
