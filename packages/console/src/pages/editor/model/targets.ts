import type { WorkflowDocument, WorkflowNode } from "@millrace/contract";
import { edgeParts, graphAt, placesOf, portsOf, specOf } from "#pages/editor/model/document.ts";

/** Why an edge cannot be: the words are in the folder's texts. */
export type Refusal = "itself" | "cycle" | "container" | "entry" | "there" | "none";

/** null: the edge may be drawn. */
export function refusal(document: WorkflowDocument, from: string, port: string, to: string): Refusal | null {
  if (from === to) return "itself";
  const places = placesOf(document);
  const left = places.get(from);
  const right = places.get(to);
  if (!left || !right) return "none";
  if (left.containers.join("/") !== right.containers.join("/")) return "container";
  const role = specOf(right.node)?.role;
  if (role === "entry" || role === "note") return "entry";
  if (!portsOf(left.node).includes(port)) return "none";
  const edges = (graphAt(document, left.containers)?.edges ?? []).flatMap((edge) => edgeParts(edge) ?? []);
  if (edges.some((edge) => edge.from === from && edge.port === port && edge.to === to)) return "there";
  return reaches(edges, to, from) ? "cycle" : null;
}

function reaches(edges: readonly { readonly from: string; readonly to: string }[], from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const id of seen) {
    if (id === to) return true;
    for (const edge of edges) if (edge.from === id) seen.add(edge.to);
  }
  return false;
}

/** The nodes that an edge from this port may lead to. */
export function legalTargets(document: WorkflowDocument, from: string, port: string): readonly WorkflowNode[] {
  const place = placesOf(document).get(from);
  const graph = place && graphAt(document, place.containers);
  return graph ? graph.nodes.filter(({ id }) => refusal(document, from, port, id) === null) : [];
}
