import type { JsonObject } from "@millrace/contract";
import type { ToolsUse } from "@millrace/engine";
import Type from "typebox";

/** `collection/operation`, as a pattern of a whole text. */
const TOOL_NAME = "^[A-Za-z0-9_][A-Za-z0-9_-]*/\\S+$";

export const toolName = Type.String({
  pattern: TOOL_NAME,
  maxLength: 300,
  description: "collection/operation: an imported OpenAPI document or the connection to an MCP server, and what of it.",
});

/** The same, or the name of a collection alone: all that is in it. */
export const toolNames = Type.String({
  pattern: "^[A-Za-z0-9_][A-Za-z0-9_-]*(/\\S+)?$",
  maxLength: 300,
  description: "collection/operation, or a collection alone: an imported OpenAPI document or the connection to an MCP server.",
});

/** For specs whose config has a literal member `tool`. */
export function namedTools({ tool }: JsonObject): readonly ToolsUse[] {
  return typeof tool === "string" ? [{ collection: tool.split("/", 1)[0] ?? "", at: ["tool"] }] : [];
}
