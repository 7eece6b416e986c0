import fc from "fast-check";
import type { FieldChange, WorkflowDiff } from "#diff/diff-types";
import { isJsonObject, type Json, type JsonObject } from "#json";
import { fromPointer } from "#pointer";

// Documents by chance, edits of them by chance, and what it means to do what a difference says.

const ids = fc.constantFrom("a", "b", "c", "d", "e", "f");
const values = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);
const members = fc.dictionary(fc.constantFrom("text", "name", "retry", "output", "__proto__"), values, { maxKeys: 4 });
const edges = fc.array(
  fc.tuple(ids, ids).map(([from, to]) => `${from} -> ${to}`),
  { maxLength: 4 },
);

/** Documents with bodies in bodies. */
export function documents(): fc.Arbitrary<JsonObject> {
  return graphs(2).map((graph) => ({ format: "millrace/1", ...graph }));
}

function graphs(depth: number): fc.Arbitrary<JsonObject> {
  const nodes = fc.uniqueArray(nodesOf(depth), { selector: ({ id }) => id as string, maxLength: 5 });
  return fc.tuple(nodes, edges, members).map(([list, links, rest]) => ({ ...rest, nodes: list, edges: links }));
}

function nodesOf(depth: number): fc.Arbitrary<JsonObject> {
  const plain = fc.tuple(ids, members).map(([id, rest]): JsonObject => ({ ...rest, id, type: "template" }));
  if (depth === 0) return plain;
  const container = fc.tuple(ids, members, graphs(depth - 1)).map(([id, rest, body]): JsonObject => ({ ...rest, id, type: "loop", body }));
  return fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: container });
}

/** A few small changes somewhere in the document: a member set, taken away or moved to the end, a list turned round. */
export function edited(document: JsonObject, random: Iterator<number>): JsonObject {
  const next = (below: number): number => (random.next().value as number) % below;
  const edit = (value: Json): Json => {
    if (Array.isArray(value)) return next(8) === 0 ? value.toReversed() : value.map(edit);
    if (!isJsonObject(value)) return next(6) === 0 ? "edited" : value;
    return Object.fromEntries(shuffledAFew(Object.entries(value), next).map(([key, item]) => [key, isFixed(key) ? item : edit(item)]));
  };
  return edit(document) as JsonObject;
}

/** What makes it a document. */
function isFixed(key: string): boolean {
  return key === "id" || key === "type" || key === "format";
}

function shuffledAFew(entries: [string, Json][], next: (below: number) => number): [string, Json][] {
  const at = next(entries.length * 4 + 1);
  const moved = entries[at];
  return moved === undefined ? entries : [...entries.slice(0, at), ...entries.slice(at + 1), moved];
}

/** The document with the difference done to it. What stands in no difference is taken from `target`: where new nodes and edges stand. */
export function patched(document: JsonObject, diff: WorkflowDiff, target: JsonObject): JsonObject {
  return patchedGraph(document, target, "", { ...diff, settings: diff.settings.filter(isValue("")) });
}

function patchedGraph(graph: JsonObject, target: JsonObject, at: string, diff: WorkflowDiff): JsonObject {
  const { nodes = [], edges: links = [], layout: _layout, ...rest } = graph as { readonly [key: string]: Json };
  const byPath = new Map((nodes as JsonObject[]).map((node) => [pathOf(node, at), node]));
  for (const { path, change, fields } of diff.nodes) {
    if (!isIn(path, at)) continue;
    if (change === "removed") byPath.delete(path);
    else byPath.set(path, withFields(byPath.get(path) ?? {}, fields.filter(isValue("/body"))));
  }
  const order = (target["nodes"] as JsonObject[]).map((node) => pathOf(node, at));
  const list = [...byPath].sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
  const inBodies = list.map(([path, node]) => {
    const there = (target["nodes"] as JsonObject[]).find((candidate) => pathOf(candidate, at) === path);
    return node["type"] === "loop"
      ? { ...node, body: patchedGraph(node["body"] as JsonObject, there?.["body"] as JsonObject, path, diff) }
      : node;
  });
  const settings = at === "" ? diff.settings : [];
  return { ...withFields(rest, settings), nodes: inBodies, edges: patchedEdges(links as Json[], target["edges"] as Json[], at, diff) };
}

function patchedEdges(before: readonly Json[], target: readonly Json[], at: string, { edges: change }: WorkflowDiff): Json[] {
  const list = [...before];
  for (const { container, edge } of change.removed) if (container === at) list.splice(list.indexOf(edge as Json), 1);
  const all = [...list, ...change.added.flatMap(({ container, edge }) => (container === at ? [edge as Json] : []))];
  const isTarget = JSON.stringify(all.map(String).sort()) === JSON.stringify(target.map(String).sort());
  return isTarget ? [...target] : all;
}

/** Not the order of a graph, which `target` gives. */
function isValue(body: string): (field: FieldChange) => boolean {
  return ({ path }) => path !== `${body}/nodes` && path !== `${body}/edges`;
}

function pathOf({ id }: JsonObject, at: string): string {
  return at === "" ? String(id) : `${at}/${String(id)}`;
}

function isIn(path: string, container: string): boolean {
  return path.slice(0, Math.max(0, path.lastIndexOf("/"))) === container;
}

function withFields(object: JsonObject, fields: readonly FieldChange[]): JsonObject {
  return fields.reduce((value: Json, { path, after }) => set(value, fromPointer(path), after as Json | undefined), object) as JsonObject;
}

function set(value: Json, [step = "", ...rest]: readonly string[], item: Json | undefined): Json {
  if (Array.isArray(value))
    return value.map((old: Json, index) => (String(index) === step ? (rest.length > 0 ? set(old, rest, item) : (item as Json)) : old));
  const entries = Object.entries(isJsonObject(value) ? value : {});
  const now = rest.length > 0 ? set(entries.find(([key]) => key === step)?.[1] ?? {}, rest, item) : item;
  if (now === undefined) return Object.fromEntries(entries.filter(([key]) => key !== step));
  const isNew = entries.every(([key]) => key !== step);
  return Object.fromEntries(isNew ? [...entries, [step, now]] : entries.map(([key, old]) => [key, key === step ? now : old]));
}
