import { isJsonObject, type Json, type JsonObject, toPointer } from "@millrace/contract";
import { renameInTemplate } from "#expression/rename";
import { isReservedName } from "#expression/reserved";
import { hasExpression } from "#expression/template";
import type { NodeSpecs } from "#node-spec";
import { GIVEN_NAMES } from "#plan/scope-names";

/** A place in a document that reads a node. */
export interface NodeUsage {
  /** The node that reads; null: the document itself. */
  readonly nodeId: string | null;
  /** JSON pointer in the document. */
  readonly path: string;
}

export interface RenamedNode {
  readonly document: JsonObject;
  /** How many expressions read it. */
  readonly usages: number;
}

/**
 * Gives a node another id, with its edges, its place in the layout and every expression that reads it; texts that cannot be read as
 * expressions stay as they are. null: the new id is no identifier, has a meaning of its own, or is taken.
 */
export function renameNode(document: JsonObject, specs: NodeSpecs, from: string, to: string): RenamedNode | null {
  if (!isFreeName(document, to) || !hasNode(document, from)) return null;
  const walk = new Rewriter(specs, { from: [from], to });
  const { layout, concurrency, ...rest } = document;
  const renamed: JsonObject = {
    ...walk.graph(rest, "", (id) => (id === from ? to : id)),
    ...(concurrency !== undefined && { concurrency: walk.value(concurrency, "/concurrency", null) }),
    ...(layout !== undefined && { layout: renamedLayout(layout, from, to) }),
  };
  const order = Object.keys(document);
  return { document: Object.fromEntries(order.map((key) => [key, renamed[key] as Json])), usages: walk.usages.length };
}

/** Where expressions read the node. */
export function usagesOfNode(document: JsonObject, specs: NodeSpecs, id: string): readonly NodeUsage[] {
  const walk = new Rewriter(specs, { from: [id], to: `${id}_` });
  walk.graph(document, "", (one) => one);
  if (document["concurrency"] !== undefined) walk.value(document["concurrency"], "/concurrency", null);
  return walk.usages;
}

function isFreeName(document: JsonObject, name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name) && !isReservedName(name) && !GIVEN_NAMES.has(name) && !hasNode(document, name);
}

type Renamed = (id: string) => string;

/** Members that are no node's config, and have no expressions. */
const PLAIN_MEMBERS: ReadonlySet<string> = new Set(["id", "type", "name", "note", "timeoutMs", "retry", "flow"]);

class Rewriter {
  readonly usages: NodeUsage[] = [];
  readonly #specs: NodeSpecs;
  readonly #renaming: { readonly from: readonly string[]; readonly to: string };

  constructor(specs: NodeSpecs, renaming: { readonly from: readonly string[]; readonly to: string }) {
    this.#specs = specs;
    this.#renaming = renaming;
  }

  graph(source: JsonObject, at: string, renamed: Renamed): JsonObject {
    const { nodes, edges } = source;
    return {
      ...source,
      ...(Array.isArray(nodes) && { nodes: nodes.map((node, index) => this.#node(node, `${at}/nodes/${index}`, renamed)) }),
      ...(Array.isArray(edges) && { edges: edges.map((edge) => renamedEdge(edge, renamed)) }),
    };
  }

  value(value: Json, at: string, nodeId: string | null): Json {
    if (typeof value === "string") return this.#text(value, at, nodeId);
    if (Array.isArray(value)) return value.map((item, index) => this.value(item, `${at}/${index}`, nodeId));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.value(inner, at + toPointer([key]), nodeId)]));
  }

  #node(node: Json, at: string, renamed: Renamed): Json {
    if (!isJsonObject(node)) return node;
    const id = typeof node["id"] === "string" ? node["id"] : "";
    const modes = this.#specs.get(String(node["type"]))?.members ?? {};
    const members = Object.entries(node).map(([member, value]): [string, Json] => {
      const here = at + toPointer([member]);
      if (member === "id") return [member, renamed(id)];
      if (modes[member] === "graph" && isJsonObject(value)) return [member, this.graph(value, here, renamed)];
      if (PLAIN_MEMBERS.has(member) || modes[member] === "literal") return [member, value];
      return [member, this.value(value, here, id)];
    });
    return Object.fromEntries(members);
  }

  #text(text: string, at: string, nodeId: string | null): string {
    if (!hasExpression(text) && at !== "/concurrency/key") return text;
    const result = renameInTemplate(text, this.#renaming);
    if (!result.ok || result.count === 0) return text;
    this.usages.push({ nodeId, path: at });
    return result.text;
  }
}

const SHORT_EDGE = /^(\s*)([^\s.>]+)((?:\.[^\s>]+)?\s*->\s*)([^\s.>]+)(\s*)$/;

function renamedEdge(edge: Json, renamed: Renamed): Json {
  if (typeof edge === "string") {
    return edge.replace(SHORT_EDGE, (_, before: string, from: string, arrow: string, to: string, after: string) => {
      return before + renamed(from) + arrow + renamed(to) + after;
    });
  }
  if (!isJsonObject(edge)) return edge;
  const { from, to } = edge;
  return { ...edge, ...(typeof from === "string" && { from: renamed(from) }), ...(typeof to === "string" && { to: renamed(to) }) };
}

/** Keys are paths of nodes: `loop/inner`. */
function renamedLayout(layout: Json, from: string, to: string): Json {
  if (!isJsonObject(layout)) return layout;
  const step = (id: string): string => (id === from ? to : id);
  return Object.fromEntries(Object.entries(layout).map(([path, place]) => [path.split("/").map(step).join("/"), place]));
}

function hasNode(graph: JsonObject, id: string): boolean {
  const { nodes } = graph;
  return (
    Array.isArray(nodes) &&
    nodes.some((node) => isJsonObject(node) && (node["id"] === id || (isJsonObject(node["body"]) && hasNode(node["body"], id))))
  );
}
