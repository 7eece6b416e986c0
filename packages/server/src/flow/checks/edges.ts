import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import type { CheckedNode } from "#flow/checks/checked-node";
import { isBlank, textOf } from "#flow/json";
import { type FlowProblems, quote } from "#flow/problems";

/** An edge whose two ends exist; only such edges count for degrees, handles and cycles. */
export interface Link {
  readonly source: string;
  readonly target: string;
  readonly handle: string;
}

const ENDPOINT_FIELDS = ["sourceNodeID", "targetNodeID", "sourceHandle", "targetHandle"] as const;

export function checkEdges(
  edges: readonly Json[],
  graphAt: string,
  nodes: readonly CheckedNode[],
  problems: FlowProblems,
): readonly Link[] {
  const nodeIds = new Set(nodes.map((node) => node.id).filter((id) => id !== ""));
  const edgeIds = new Set<string>();
  const links: Link[] = [];
  for (const [index, edge] of edges.entries()) {
    const at = `${graphAt}.workflowEdges[${index}]`;
    if (!isJsonObject(edge)) {
      problems.add("WF_EDGE_OBJ", at, "An edge is an object.");
      continue;
    }
    checkEdgeId(edge["id"], at, edgeIds, problems);
    const link = checkEnds(edge, at, nodeIds, problems);
    if (link) links.push(link);
  }
  return links;
}

function checkEdgeId(value: Json | undefined, at: string, seen: Set<string>, problems: FlowProblems): void {
  if (isBlank(value)) {
    problems.add("WF_EDGE_ID", `${at}.id`, "The edge has no id.");
    return;
  }
  const id = textOf(value);
  if (seen.has(id)) problems.add("WF_EDGE_ID_DUP", `${at}.id`, `The id ${quote(id)} is taken by an earlier edge of the graph.`);
  seen.add(id);
}

function checkEnds(edge: JsonObject, at: string, nodeIds: ReadonlySet<string>, problems: FlowProblems): Link | null {
  for (const field of ENDPOINT_FIELDS) {
    if (isBlank(edge[field])) problems.add("WF_EDGE_FIELD", `${at}.${field}`, `The edge has no ${field}.`);
  }
  const source = isBlank(edge["sourceNodeID"]) ? null : textOf(edge["sourceNodeID"]);
  const target = isBlank(edge["targetNodeID"]) ? null : textOf(edge["targetNodeID"]);
  if (source !== null && source === target) problems.add("WF_EDGE_SELF", at, `The edge leads from ${quote(source)} to itself.`);
  const known = [
    isKnown(source, nodeIds, "WF_EDGE_SRC", `${at}.sourceNodeID`, problems),
    isKnown(target, nodeIds, "WF_EDGE_TGT", `${at}.targetNodeID`, problems),
  ];
  if (source === null || target === null || known.includes(false)) return null;
  return { source, target, handle: textOf(edge["sourceHandle"]) };
}

function isKnown(
  id: string | null,
  nodeIds: ReadonlySet<string>,
  code: "WF_EDGE_SRC" | "WF_EDGE_TGT",
  at: string,
  problems: FlowProblems,
): boolean {
  if (id === null || nodeIds.has(id)) return true;
  problems.add(code, at, `The graph has no node ${quote(id)}.`);
  return false;
}
