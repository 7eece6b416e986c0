import { type Json, type NodeTrace, readEdge, type WorkflowDocument, type WorkflowNode } from "@millrace/contract";
import type { NodeState } from "#pages/editor/graph-view.tsx";
import { graphStates } from "#pages/run/graph-states.ts";
import { type ItemLabel, keyOf } from "#pages/run/spans.ts";

/** Iterations of one container that are drawn: more of them nobody reads in a picture. */
export const MAX_DRAWN = 30;

interface Expanded {
  /** Where a body ran several times, it is there as often. Its nodes are named by their places: the keys of the timeline's rows. */
  readonly document: WorkflowDocument;
  readonly states: ReadonlyMap<string, NodeState>;
}

type Graph = Pick<WorkflowDocument, "nodes" | "edges">;

/** The graph as it ran: one node an execution. */
export function expandedGraph(document: WorkflowDocument, traces: readonly NodeTrace[], itemLabel: ItemLabel): Expanded {
  const byKey = new Map(traces.map((trace) => [keyOf(trace), trace]));
  const graphAt = (graph: Graph, under: string, label: string | null): Graph => ({
    nodes: graph.nodes.map((node) => nodeAt(node, under, label)),
    edges: graph.edges.flatMap((edge) => {
      const parts = readEdge(edge);
      return parts ? [{ ...parts, from: under + parts.from, to: under + parts.to }] : [];
    }),
  });
  const nodeAt = (node: WorkflowNode, under: string, label: string | null): WorkflowNode => {
    const key = under + node.id;
    const named = { ...node, id: key, name: label === null ? (node.name ?? node.id) : `${node.name ?? node.id} · ${label}` };
    const body = node["body"] as Graph | undefined;
    const items = byKey.get(key)?.items?.slice(0, MAX_DRAWN) ?? [];
    if (!body || items.length === 0) return named;
    const graphs = items.map((item, index) => graphAt(body, `${key}[${index}]/`, itemLabel(index + 1, item.label ?? null)));
    const drawn = { nodes: graphs.flatMap(({ nodes }) => nodes), edges: graphs.flatMap(({ edges }) => edges) };
    return { ...named, body: drawn as unknown as Json };
  };
  // Where people put the nodes, there is no room for the copies.
  const { layout: _, ...rest } = document;
  return { document: { ...rest, ...graphAt(document, "", null) }, states: graphStates(traces, keyOf) };
}
