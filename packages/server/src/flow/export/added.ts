import type { JsonObject } from "@millrace/contract";
import type { NativeEdge, NativeGraph, NativeNode } from "#flow/export/native";
import { textOf } from "#flow/json";
import { Names } from "#flow/names";

/** A node that a document need not have and a file must; what is wrong with it is wrong with the node that it is added for. */
export function addedNode(graph: NativeGraph, of: NativeNode, id: string, members: JsonObject & { readonly type: string }): NativeNode {
  const path = graph.container ? `${graph.container.path}/${id}` : id;
  return { id, type: members.type, at: of.at, path, graph, flow: {}, raw: { id, ...members }, body: null, bareItems: false };
}

export function addedEdge(from: NativeNode, port: string, to: NativeNode): NativeEdge {
  return { from, port, to, flow: null };
}

/** Gives names that no node of the graph has. */
export function namesIn(graph: NativeGraph): Names {
  return new Names(graph.nodes.map(nameOf), Number.POSITIVE_INFINITY);
}

export function nameOf({ raw, id }: NativeNode): string {
  return raw["name"] === undefined ? id : textOf(raw["name"]);
}
