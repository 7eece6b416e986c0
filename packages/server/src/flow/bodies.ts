import type { Edge, Json, JsonObject } from "@millrace/contract";
import { SUCCESS_PORT } from "#flow/handles";
import { omit, record, textOf } from "#flow/json";
import type { FlowEdge, FlowGraph } from "#flow/model/graph";
import { isBranching } from "#flow/vendor";

/** A graph as a native one; `flow` holds what export needs of it beside its nodes. */
export interface TranslatedGraph {
  readonly nodes: readonly JsonObject[];
  readonly edges: readonly Json[];
  readonly flow: JsonObject;
}

export type TranslateGraph = (graph: FlowGraph) => TranslatedGraph;

const GRAPH_MEMBERS: ReadonlySet<string> = new Set(["workflowNodes", "workflowEdges"]);
const EDGE_MEMBERS: ReadonlySet<string> = new Set(["id", "sourceNodeID", "targetNodeID", "sourceHandle", "targetHandle"]);

/**
 * The edges of a graph, and what its `flow` keeps: `edges` (ids of those whose other members follow from the native edge, by its text),
 * `ignoredEdges` (those that are never taken, with their places), `graph` (members of the graph that the format does not know).
 */
export function translateEdges(graph: FlowGraph): Omit<TranslatedGraph, "nodes"> {
  const edges: Json[] = [];
  const ids: (readonly [string, string])[] = [];
  const ignored: Json[] = [];
  for (const edge of graph.edges) {
    if (edge.port === null) ignored.push({ at: edge.index, edge: normalised(edge) });
    else if (follows(edge)) {
      const text = shortForm(edge);
      edges.push(text);
      ids.push([text, textOf(edge.raw["id"])]);
    } else edges.push(longForm(edge) satisfies Edge);
  }
  const unknown = omit(graph.raw, GRAPH_MEMBERS);
  const flow = {
    ...(Object.keys(unknown).length > 0 ? { graph: unknown } : {}),
    edges: record(ids),
    ...(ignored.length > 0 ? { ignoredEdges: ignored } : {}),
  };
  return { edges, flow };
}

function shortForm({ source, port, target }: FlowEdge): string {
  return `${source.nativeId}${port === SUCCESS_PORT ? "" : `.${port}`} -> ${target.nativeId}`;
}

function longForm(edge: FlowEdge) {
  const { source, port, target } = edge;
  return {
    from: source.nativeId,
    ...(port === SUCCESS_PORT || port === null ? {} : { port }),
    to: target.nativeId,
    flow: normalised(edge),
  };
}

/** Can everything but the id be told from the native edge? */
function follows({ raw, source, target, port }: FlowEdge): boolean {
  const handle = isBranching(source.type) || port === "error" ? textOf(raw["sourceHandle"]) : `source-${source.id}`;
  const plain = raw["sourceHandle"] === handle && raw["targetHandle"] === `target-${target.id}`;
  return plain && Object.keys(raw).every((name) => EDGE_MEMBERS.has(name));
}

/** The edge as read, with ids as text. */
function normalised({ raw }: FlowEdge): JsonObject {
  const { id, sourceNodeID, targetNodeID } = raw;
  return { ...raw, id: textOf(id), sourceNodeID: textOf(sourceNodeID), targetNodeID: textOf(targetNodeID) };
}
