import type { WorkflowDocument, WorkflowNode } from "@millrace/contract";
import { allNodes, bodyOf, edgeKey, edgeParts } from "#pages/editor/model/document.ts";

/** One line of what differs between two documents, a node each; edges and places are one line together. */
export interface Difference {
  readonly kind: "added" | "removed" | "changed" | "edges" | "settings" | "layout";
  readonly name: string;
  /** Members that differ. */
  readonly fields: readonly string[];
}

export function differences(before: WorkflowDocument, after: WorkflowDocument): readonly Difference[] {
  const left = nodesOf(before);
  const right = nodesOf(after);
  const nodes = [
    ...[...right].flatMap(([id, node]) => nodeDifference(left.get(id), node)),
    ...[...left].flatMap(([id, node]): Difference[] => (right.has(id) ? [] : [{ kind: "removed", name: nameOf(node), fields: [] }])),
  ];
  return [...nodes, ...settings(before, after), ...edges(before, after), ...layout(before, after)];
}

function nodesOf(document: WorkflowDocument): ReadonlyMap<string, WorkflowNode> {
  return new Map(allNodes(document).map(({ node }) => [node.id, node]));
}

function nameOf(node: WorkflowNode): string {
  return node.name ?? node.id;
}

function nodeDifference(before: WorkflowNode | undefined, after: WorkflowNode): Difference[] {
  if (!before) return [{ kind: "added", name: nameOf(after), fields: [] }];
  const fields = changedMembers(before, after, new Set(["body"]));
  return fields.length === 0 ? [] : [{ kind: "changed", name: nameOf(after), fields }];
}

function changedMembers(before: object, after: object, apart: ReadonlySet<string>): readonly string[] {
  const left = before as Record<string, unknown>;
  const right = after as Record<string, unknown>;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].filter(
    (name) => !apart.has(name) && JSON.stringify(left[name]) !== JSON.stringify(right[name]),
  );
}

function settings(before: WorkflowDocument, after: WorkflowDocument): Difference[] {
  const fields = changedMembers(before, after, new Set(["nodes", "edges", "layout"]));
  return fields.length === 0 ? [] : [{ kind: "settings", name: "", fields }];
}

function edges(before: WorkflowDocument, after: WorkflowDocument): Difference[] {
  const left = edgesOf(before);
  const right = edgesOf(after);
  const changed = [...left.symmetricDifference(right)];
  return changed.length === 0 ? [] : [{ kind: "edges", name: "", fields: changed }];
}

function edgesOf(document: WorkflowDocument): ReadonlySet<string> & Set<string> {
  const graphs = [document, ...allNodes(document).flatMap(({ node }) => bodyOf(node) ?? [])];
  return new Set(graphs.flatMap((graph) => graph.edges.flatMap((edge) => edgeParts(edge) ?? [])).map(edgeKey));
}

function layout({ layout: before = {} }: WorkflowDocument, { layout: after = {} }: WorkflowDocument): Difference[] {
  return changedMembers(before, after, new Set()).length === 0 ? [] : [{ kind: "layout", name: "", fields: [] }];
}
