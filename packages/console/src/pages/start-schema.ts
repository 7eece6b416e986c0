import { isJsonObject, type JsonObject } from "@millrace/contract";

/** The node of this type at the top of a document; null: there is none. */
function topNode(document: object, type: string): JsonObject | null {
  const nodes: unknown = (document as JsonObject)["nodes"];
  if (!Array.isArray(nodes)) return null;
  return nodes.filter(isJsonObject).find((node) => node["type"] === type) ?? null;
}

/** JSON Schema of what a workflow takes; an empty one where its Start node says nothing. */
export function startSchema(document: object): JsonObject {
  const input = topNode(document, "start")?.["input"];
  return isJsonObject(input) ? input : {};
}

/** Names of what a workflow answers: the members of its End node's output. */
export function outputNames(document: object): readonly string[] {
  const output = topNode(document, "end")?.["output"];
  return isJsonObject(output) ? Object.keys(output) : [];
}
