import { isJsonObject, type Json, type JsonObject, toPointer } from "@millrace/contract";
import type { NodeSpecs } from "#node-spec";

/** What is made of each text that may hold an expression. `nodeId` null: the text is the document's own. */
export type VisitText = (text: string, nodeId: string | null, path: string) => string;

/** Members of a node that have no expressions, whatever its type. */
const PLAIN_MEMBERS: ReadonlySet<string> = new Set(["id", "type", "name", "note", "timeoutMs", "retry", "flow"]);

/** Goes through every text of a document in which an expression may stand, those of bodies included; `renamed` gives nodes other ids. */
export class DocumentTexts {
  readonly #specs: NodeSpecs;
  readonly #visit: VisitText;
  readonly #renamed: (id: string) => string;

  constructor(specs: NodeSpecs, visit: VisitText, renamed: (id: string) => string = (id) => id) {
    this.#specs = specs;
    this.#visit = visit;
    this.#renamed = renamed;
  }

  document(source: JsonObject): JsonObject {
    const { concurrency } = source;
    const graph = this.#graph(source, "");
    return concurrency === undefined ? graph : { ...graph, concurrency: this.#value(concurrency, "/concurrency", null) };
  }

  #graph(source: JsonObject, at: string): JsonObject {
    const { nodes, edges } = source;
    return {
      ...source,
      ...(Array.isArray(nodes) && { nodes: nodes.map((node, index) => this.#node(node, `${at}/nodes/${index}`)) }),
      ...(Array.isArray(edges) && { edges: edges.map((edge) => renamedEdge(edge, this.#renamed)) }),
    };
  }

  #node(node: Json, at: string): Json {
    if (!isJsonObject(node)) return node;
    const id = typeof node["id"] === "string" ? node["id"] : "";
    const modes = this.#specs.get(String(node["type"]))?.members ?? {};
    const members = Object.entries(node).map(([member, value]): [string, Json] => {
      const here = at + toPointer([member]);
      if (member === "id") return [member, this.#renamed(id)];
      if (modes[member] === "graph" && isJsonObject(value)) return [member, this.#graph(value, here)];
      if (PLAIN_MEMBERS.has(member) || modes[member] === "literal") return [member, value];
      return [member, this.#value(value, here, id)];
    });
    return Object.fromEntries(members);
  }

  #value(value: Json, at: string, nodeId: string | null): Json {
    if (typeof value === "string") return this.#visit(value, nodeId, at);
    if (Array.isArray(value)) return value.map((item, index) => this.#value(item, `${at}/${index}`, nodeId));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#value(inner, at + toPointer([key]), nodeId)]));
  }
}

const SHORT_EDGE = /^(\s*)([^\s.>]+)((?:\.[^\s>]+)?\s*->\s*)([^\s.>]+)(\s*)$/;

function renamedEdge(edge: Json, renamed: (id: string) => string): Json {
  if (typeof edge === "string") {
    return edge.replace(SHORT_EDGE, (_, before: string, from: string, arrow: string, to: string, after: string) => {
      return before + renamed(from) + arrow + renamed(to) + after;
    });
  }
  if (!isJsonObject(edge)) return edge;
  const { from, to } = edge;
  return { ...edge, ...(typeof from === "string" && { from: renamed(from) }), ...(typeof to === "string" && { to: renamed(to) }) };
}
