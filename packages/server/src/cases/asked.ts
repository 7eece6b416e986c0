import { createHash } from "node:crypto";
import { canonicalJson, isJsonObject, type JsonObject } from "@millrace/contract";
import type { GraphPlan } from "@millrace/engine";
import { allNodes } from "#cases/mocks";

/** Of a hash, as much as tells two configs apart. */
const HASH_CHARACTERS = 16;

/** What a node asks for, as recordings remember it: of its evaluated config, with `written` in place of members that may hold secrets. */
export function askedHash(config: JsonObject, written: JsonObject = {}): string {
  const text = canonicalJson({ ...config, ...written });
  return createHash("sha256").update(text).digest("hex").slice(0, HASH_CHARACTERS);
}

/**
 * Of nodes that read secrets, by their ids: the members in which they may, as the document has them. Only a recording knows the values, so
 * evaluated they are never what they are in later runs.
 */
export function secretMembers(graph: GraphPlan, document: JsonObject): ReadonlyMap<string, JsonObject> {
  const written = new Map(nodesIn(document).map((node) => [String(node["id"]), node]));
  const readers = allNodes(graph).filter(({ secrets }) => secrets.length > 0);
  return new Map(readers.map(({ id, spec }) => [id, membersOf(written.get(id) ?? {}, spec.secretFields ?? [])]));
}

function membersOf(node: JsonObject, pointers: readonly string[]): JsonObject {
  const names = pointers.map((pointer) => pointer.split("/")[1] ?? "");
  return Object.fromEntries(names.flatMap((name) => (name in node ? [[name, node[name]]] : []))) as JsonObject;
}

/** Of the document and of the bodies in it. */
function nodesIn(graph: JsonObject): readonly JsonObject[] {
  const nodes = Array.isArray(graph["nodes"]) ? graph["nodes"].filter(isJsonObject) : [];
  return nodes.flatMap((node) => [node, ...(isJsonObject(node["body"]) ? nodesIn(node["body"]) : [])]);
}
