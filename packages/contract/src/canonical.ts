import { compareCodePoints, membersText } from "#canonical-json";
import { edgeText } from "#edge";
import { isJsonObject, type Json, type JsonObject } from "#json";
import { CONTAINER_TYPES } from "#workflow";

/** Order of the members that every document, node and body may have; a node's config members follow its envelope. */
export const DOCUMENT_ORDER = [
  "format",
  "name",
  "description",
  "tags",
  "env",
  "strictInput",
  "concurrency",
  "nodes",
  "edges",
  "flow",
] as const;
export const NODE_ORDER = ["id", "type", "name", "note", "inputs", "outputs", "timeoutMs", "retry", "onError", "flow"] as const;
export const BODY_ORDER = ["nodes", "edges"] as const;

/**
 * The text that a version is stored as, and its hash taken of: without `layout`, edges in their short form where they have one, the
 * members of the document, of nodes and of bodies in one fixed order. Inside a member the order stays as written: it is the order
 * in which an End node's output, a request's faults and a code node's arguments come out.
 */
export function canonicalText(document: JsonObject): string {
  const { layout: _layout, ...meaning } = document;
  return objectText(meaning, DOCUMENT_ORDER, graphMember);
}

type MemberText = (key: string, value: Json) => string | null;

/** `special` writes the members that have a form of their own; null: plain JSON. */
function objectText(object: JsonObject, order: readonly string[], special: MemberText): string {
  const keys = Object.keys(object).filter((key) => object[key] !== undefined);
  const first = order.filter((key) => keys.includes(key));
  const rest = keys.filter((key) => !order.includes(key)).sort(compareCodePoints);
  return membersText([...first, ...rest].map((key) => [key, special(key, object[key] ?? null) ?? JSON.stringify(object[key] ?? null)]));
}

function graphMember(key: string, value: Json): string | null {
  if (!Array.isArray(value)) return null;
  if (key === "nodes") return listText(value, nodeText);
  return key === "edges" ? listText(value, edgeText) : null;
}

const listText = (list: readonly Json[], text: (item: Json) => string): string => `[${list.map((item) => text(item)).join(",")}]`;

function nodeText(node: Json): string {
  if (!isJsonObject(node)) return JSON.stringify(node);
  const isContainer = CONTAINER_TYPES.some((type) => type === node["type"]);
  return objectText(node, NODE_ORDER, (key, value) =>
    isContainer && key === "body" && isJsonObject(value) ? objectText(value, BODY_ORDER, graphMember) : null,
  );
}
