import { isJsonObject, type Json } from "@millrace/contract";
import { addedEdge, addedNode, nameOf, namesIn } from "#flow/export/added";
import type { NativeEdge, NativeGraph, NativeNode } from "#flow/export/native";
import { piecesOf } from "#flow/export/values";
import { SUCCESS_PORT } from "#flow/handles";
import { record } from "#flow/json";
import type { Names } from "#flow/names";

/** Members, by the type of their node, whose values are one value or a literal in the vendor's format; `inputs` are so in every node. */
const VALUES: { readonly [type: string]: readonly string[] } = {
  end: ["output"],
  condition: ["cases"],
  aggregate: ["groups"],
  set: ["assign"],
  tool: ["input"],
  loop: ["variables"],
};

/**
 * A text with values in it, where the vendor has a place for one value, becomes a text node right before its node: it runs when that node
 * would, and sees what that node sees.
 */
export function addTexts(graph: NativeGraph, document: { readonly byId: Map<string, NativeNode> }, ids: Names): void {
  const names = namesIn(graph);
  const before = new Map<NativeNode, readonly NativeNode[]>();
  for (const node of graph.nodes) {
    const texts: NativeNode[] = [];
    const add = (text: string): NativeNode => {
      const members = { type: "template", name: names.take(`${nameOf(node)} text`), text };
      const added = addedNode(graph, node, ids.take(`${node.id}_text`), members);
      document.byId.set(added.id, added);
      texts.push(added);
      return added;
    };
    for (const member of ["inputs", ...(VALUES[node.type] ?? [])]) {
      const value = node.raw[member];
      if (value !== undefined) node.raw = { ...node.raw, [member]: withoutTexts(value, graph, add) };
    }
    if (texts.length > 0) before.set(node, texts);
  }
  if (before.size > 0) insert(graph, before);
}

/** The value with the texts of added nodes in place of its texts with values in them. */
function withoutTexts(value: Json, graph: NativeGraph, add: (text: string) => NativeNode): Json {
  if (typeof value === "string") return piecesOf(value, graph).length < 2 ? value : `{{ ${add(value).id}.text }}`;
  if (value === null || typeof value !== "object") return value;
  if (isJsonObject(value)) return record(Object.entries(value).map(([name, item]) => [name, withoutTexts(item, graph, add)]));
  return (value as readonly Json[]).map((item) => withoutTexts(item, graph, add));
}

/** Puts nodes before others, one after another: what led to a node leads to the first of them. */
function insert(graph: NativeGraph, before: ReadonlyMap<NativeNode, readonly NativeNode[]>): void {
  const nodes = graph.nodes.flatMap((node) => [...(before.get(node) ?? []), node]);
  const led = graph.edges.map((edge): NativeEdge => {
    const [first] = before.get(edge.to) ?? [];
    return first ? { ...edge, to: first, flow: null } : edge;
  });
  const chained = [...before].flatMap(([node, texts]) =>
    texts.map((text, index) => addedEdge(text, SUCCESS_PORT, texts[index + 1] ?? node)),
  );
  graph.nodes.splice(0, graph.nodes.length, ...nodes);
  graph.edges.splice(0, graph.edges.length, ...led, ...chained);
}
