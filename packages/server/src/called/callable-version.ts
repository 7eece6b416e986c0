import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { type ChatFit, chatFit } from "#called/chat/chat-fit";
import { outputSchema } from "#called/output-schema";

/** What other programs must know of a version to call it. */
export interface CallableVersion {
  /** null: nobody wrote one. */
  readonly description: string | null;
  /** JSON Schemas of Start and End, both of objects. */
  readonly input: JsonObject;
  readonly output: JsonObject;
  /** null: it cannot be chatted with. */
  readonly chat: ChatFit | null;
}

/** Of a document that was published, and so has a Start and an End. */
export function callableVersion(document: JsonObject): CallableVersion {
  const nodes = (Array.isArray(document["nodes"]) ? document["nodes"] : []).filter((node: Json) => isJsonObject(node)) as JsonObject[];
  const schema = nodes.find(({ type }) => type === "start")?.["input"];
  const input = { ...(isJsonObject(schema) ? schema : {}), type: "object" };
  const ends = nodes.filter(({ type }) => type === "end");
  const { description } = document;
  return {
    description: typeof description === "string" && description.trim() !== "" ? description : null,
    input,
    output: outputSchema(ends, input),
    chat: chatFit(input, nodes, ends),
  };
}
