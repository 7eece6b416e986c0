import { diffMembers } from "#diff/diff-fields";
import type { EdgeChange, FieldChange, NodeChange, WorkflowDiff } from "#diff/diff-types";
import { type FlatDocument, type FlatNode, flattenDocument } from "#diff/flat-document";
import type { Json, JsonObject } from "#json";
import { fromPointer } from "#pointer";

/**
 * What has to be changed in one document to have the other. Any JSON object is a document here; a draft may be faulty.
 * No node, edge or setting in it: the two have the same canonical text, where an absent list is an empty one.
 */
export function diffWorkflows(before: JsonObject, after: JsonObject): WorkflowDiff {
  const old = flattenDocument(before);
  const now = flattenDocument(after);
  const reordered = reorderedGraphs(old, now);
  return {
    nodes: diffNodes(old, now, reordered),
    edges: { added: edgesOnlyIn(now, old), removed: edgesOnlyIn(old, now) },
    settings: [...diffMembers(old.settings, now.settings), ...(reordered.get("") ?? [])],
    layout: { moved: movedNodes(old, now) },
  };
}

/** Do they differ in more than their layout? */
export function hasChanges({ nodes, edges, settings }: WorkflowDiff): boolean {
  return nodes.length + edges.added.length + edges.removed.length + settings.length > 0;
}

/* ---- nodes ---- */

function diffNodes(old: FlatDocument, now: FlatDocument, reordered: ReadonlyMap<string, readonly FieldChange[]>): NodeChange[] {
  const gone = [...old.nodes].filter(([path]) => !now.nodes.has(path));
  const here = [...now.nodes].flatMap(([path, node]) => {
    const previous = old.nodes.get(path);
    if (previous === undefined) return [nodeChange(path, node, "added", diffNode(NO_NODE, node))];
    const fields = [...diffNode(previous, node), ...(reordered.get(path) ?? [])];
    return fields.length === 0 ? [] : [nodeChange(path, node, isRename(fields) ? "renamed" : "changed", fields)];
  });
  return [...gone.map(([path, node]) => nodeChange(path, node, "removed", diffNode(node, NO_NODE))), ...here];
}

const NO_NODE: FlatNode = { members: {}, body: null };

function diffNode(old: FlatNode, now: FlatNode): FieldChange[] {
  if (old.body !== null && now.body !== null)
    return [...diffMembers(old.members, now.members), ...diffMembers(old.body, now.body, ["body"])];
  return diffMembers(withBody(old), withBody(now));
}

function withBody({ members, body }: FlatNode): JsonObject {
  return body === null ? members : { ...members, body };
}

function nodeChange(path: string, { members }: FlatNode, change: NodeChange["change"], fields: FieldChange[]): NodeChange {
  const { id, name } = members;
  return { path, id: String(id), name: typeof name === "string" && name !== "" ? name : String(id), change, fields };
}

function isRename(fields: readonly FieldChange[]): boolean {
  return fields.every(({ path }) => path === "/name");
}

/* ---- edges ---- */

function edgesOnlyIn(one: FlatDocument, other: FlatDocument): EdgeChange[] {
  return [...one.graphs].flatMap(([container, { edges }]) => {
    const isCommon = takerOf(other.graphs.get(container)?.edges ?? []);
    return edges.filter((edge) => !isCommon(edge)).map((edge) => ({ container, edge: JSON.parse(edge) as Json }));
  });
}

/* ---- order ---- */

/** Container path → what of its graph stands in another order: it is the order in which nodes that are due at once begin. */
function reorderedGraphs(old: FlatDocument, now: FlatDocument): Map<string, FieldChange[]> {
  const changes = new Map<string, FieldChange[]>();
  for (const [container, graph] of now.graphs) {
    const previous = old.graphs.get(container);
    if (previous === undefined) continue;
    const body = container === "" ? "" : "/body";
    const found = [...reordered(`${body}/nodes`, previous.nodes, graph.nodes), ...reordered(`${body}/edges`, previous.edges, graph.edges)];
    if (found.length > 0) changes.set(container, found);
  }
  return changes;
}

function reordered(path: string, before: readonly string[], after: readonly string[]): FieldChange[] {
  const [old, now] = [commonTo(before, after), commonTo(after, before)];
  return old.every((item, index) => item === now[index]) ? [] : [{ path, before: old, after: now }];
}

function commonTo(list: readonly string[], other: readonly string[]): string[] {
  return list.filter(takerOf(other));
}

/** Takes an item out of the list, as often as it is in it. */
function takerOf(list: readonly string[]): (item: string) => boolean {
  const left = new Map<string, number>();
  for (const item of list) left.set(item, (left.get(item) ?? 0) + 1);
  return (item) => {
    const count = left.get(item) ?? 0;
    left.set(item, count - 1);
    return count > 0;
  };
}

/* ---- layout ---- */

function movedNodes(old: FlatDocument, now: FlatDocument): number {
  const places = diffMembers(old.layout, now.layout).map(({ path }) => fromPointer(path)[0] ?? "");
  return new Set(places.filter((path) => old.nodes.has(path) === now.nodes.has(path))).size;
}
