/** What helps most against a failure: its connection, the field that says most of the node, or a value in its place. */
export type Remedy = "connection" | "field" | "pin";

const OF_CONNECTIONS: ReadonlySet<string> = new Set([
  "llm_auth",
  "llm_unavailable",
  "llm_rate_limited",
  "missing_reference",
  "database_denied",
]);
const OF_FIELDS =
  /^(expression_error|type_error|template_error|code_|llm_output_invalid|intent_unmatched|database_error|loop_limit|limit_exceeded|file_error|egress_denied|tool_error)/;

/** Of each kind of node what it refers to. */
const REFERENCES: Readonly<Record<string, string>> = { tool: "tool", workflow: "workflow", knowledge: "collections" };

/** Path of the member that a failure is about, where its type alone says it; the trace tells the member of an expression. */
export function memberOf(type: string, nodeType: string): readonly string[] | undefined {
  if (type === "missing_reference") return [REFERENCES[nodeType] ?? "connection"];
  if (type.startsWith("code_")) return ["code"];
  if (nodeType === "http" && /^(egress_denied|http_)/.test(type)) return ["request", "url"];
  if (/^llm_(auth|unavailable|rate_limited|error)$/.test(type)) return ["model"];
  return type.startsWith("database_") ? ["sql"] : undefined;
}

/** @param type of the error, as runs have it */
export function remedyOf(type: string): Remedy {
  if (OF_CONNECTIONS.has(type)) return "connection";
  return OF_FIELDS.test(type) ? "field" : "pin";
}
